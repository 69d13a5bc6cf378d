"""What was recorded of a customer's orders, as far as it moves the account: goods, money, decisions about money (R45, R53, R84)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from activities.reports.shipped_goods import Shipped, shipped_of
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.reports.order_movements import Delivered, Moved, MovementKind, Received, RecordedOrder, Settled
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.money import ZERO, line_amount
from models.values.quantity import NOTHING
from models.values.receipts import PART, folded
from models.values.vocabulary import Ending, Fulfilment, Way

_AT_ONCE = 300
_FALLS = ("payment_bounced", "payment_corrected")
_OFF_THE_BILL = ("exception_resolved", "delivery_receipt")
_ABOUT_MONEY = (Subject.DEPOSIT_SETTLEMENT, Subject.OVERPAYMENT, Subject.CANCELLATION)
Rows = dict[str, list[RowMapping]]


def recorded_orders(connection: Connection, customer: str) -> list[RecordedOrder]:
    """Every order of the customer that was recorded, by number."""
    orders = table("orders")
    query = (
        select(orders).where(orders.c.customer == customer, orders.c.sequence > 0).order_by(orders.c.number)
    )
    rows, found = connection.execute(query).mappings().all(), list[RecordedOrder]()
    for first in range(0, len(rows), _AT_ONCE):
        found += _together(connection, rows[first : first + _AT_ONCE])
    return found


def _together(connection: Connection, orders: Sequence[RowMapping]) -> list[RecordedOrder]:
    numbers = [row["number"] for row in orders]
    shipped = shipped_of(connection, numbers)
    told = {
        name: _by_order(connection, name, numbers)
        for name in (
            "order_lines", "payments", "payment_receipts", "transfers", "credit_notes", "case_refunds", "sample_credits",
        )
    }  # fmt: skip
    facts, decided = _facts(connection, numbers), _decisions(connection, numbers)
    refunds, fees = _refunds(connection, numbers), _delivery_fees(connection, numbers)
    without_rest = _rest_cancelled(connection, numbers)
    found = []
    for row in orders:
        number, known = row["number"], shipped.get(row["number"], Shipped())
        rest_is_cancelled = number in without_rest
        left, with_rest = _priced(
            told["order_lines"][number], known, sends_more=row["ending"] is None and not rest_is_cancelled
        )
        fee = fees.get(number, ZERO)
        left, with_rest = (amount + fee if amount else amount for amount in (left, with_rest))
        afterwards = tuple(
            _after_sales(told["credit_notes"][number], told["case_refunds"][number], row["ended_at"])
        )
        off = [each["happened_at"] for each in facts[number] if each["subject"] in _OFF_THE_BILL]
        found.append(
            RecordedOrder(
                number,
                bill=row["bill"] or ZERO,
                paid=row["paid"] or ZERO,
                open_balance=row["open_balance"] or ZERO,
                left=left,
                left_or_here=with_rest,
                deliveries=tuple(_delivered(known)),
                taken_off_on=business_date(max(off)) if off else None,
                payments=tuple(_payments(number, told, facts[number])),
                moved=tuple(_moved(told["transfers"][number])),
                settled=(
                    *_settled(decided[number], rest_is_cancelled=rest_is_cancelled),
                    *_went_back(refunds[number]),
                    *afterwards,
                ),
                paid_back=sum(
                    (each.amount for each in afterwards if each.kind is MovementKind.REFUNDED), ZERO
                ),
                service_on=_service_on(row, known),
                sample_credit=min(
                    sum((each["amount"] for each in told["sample_credits"][number]), ZERO),
                    row["bill"] or row["total"] or ZERO,
                ),
                placed_on=business_date(row["placed_at"]),
                ended_on=business_date(row["ended_at"]) if row["ended_at"] else None,
                claims_nothing=row["ending"] not in (None, Ending.SETTLED.value),
            )
        )
    return found


def _by_order(connection: Connection, name: str, numbers: Sequence[str]) -> Rows:
    rows = table(name)
    found: Rows = defaultdict(list)
    for row in connection.execute(select(rows).where(rows.c.order_number.in_(numbers))).mappings():
        found[row["order_number"]].append(row)
    return found


# --- goods -------------------------------------------------------------------------------------------------------


def _service_on(row: RowMapping, shipped: Shipped) -> date | None:
    """R87: what was completed and sent nothing was a service."""
    done = row["completed_at"] if not shipped.shipments and row["bill"] else None
    return business_date(done) if done is not None else None


def _priced(lines: Iterable[RowMapping], shipped: Shipped, *, sends_more: bool) -> tuple[Decimal, Decimal]:
    """What left, and what left or lies here to be sent, each line rounded once (R45)."""
    left = with_rest = ZERO
    for line in lines:
        priced = shipped.lines.get(line["line"])
        if line["dropped"] or priced is None:
            continue
        gone, entered = priced.billed(line["shipped"]), priced.billed(line["entered"])
        here = max(entered - gone, NOTHING) if sends_more else NOTHING
        left += line_amount(gone, priced.unit_price)
        with_rest += line_amount(gone + here, priced.unit_price)
    return left, with_rest


def _delivered(shipped: Shipped) -> Iterable[Delivered]:
    for each in shipped.shipments:
        back = shipped.sent[each.shipment] - shipped.kept[each.shipment]
        on = business_date(each.returned_at) if each.returned_at is not None else None
        yield Delivered(
            each.shipment,
            business_date(each.shipped_at),
            shipped.sent[each.shipment],
            back if on is not None else ZERO,
            on,
        )


def _rest_cancelled(connection: Connection, numbers: Sequence[str]) -> set[str]:
    outbox = table("outbox")
    query = select(outbox.c.order_number).where(
        outbox.c.order_number.in_(numbers), outbox.c.paper == Paper.REST_CANCELLED.value
    )
    return set(connection.scalars(query))


# --- money -------------------------------------------------------------------------------------------------------


def _facts(connection: Connection, numbers: Sequence[str]) -> Rows:
    journal = table("journal")
    query = (
        select(journal.c.order_number, journal.c.subject, journal.c.happened_at, journal.c.data)
        .where(
            journal.c.order_number.in_(numbers),
            journal.c.kind == EntryKind.FACT.value,
            journal.c.subject.in_((*_FALLS, *_OFF_THE_BILL)),
        )
        .order_by(journal.c.order_number, journal.c.epoch, journal.c.sequence)
    )
    found: Rows = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["order_number"]].append(row)
    return found


def _refunds(connection: Connection, numbers: Sequence[str]) -> Rows:
    """R123: what went back by the payment provider, or by hand where that failed."""
    journal = table("journal")
    query = (
        select(journal.c.order_number, journal.c.happened_at, journal.c.data)
        .where(journal.c.order_number.in_(numbers), journal.c.kind == EntryKind.REFUNDED.value)
        .order_by(journal.c.order_number, journal.c.epoch, journal.c.sequence)
    )
    found: Rows = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["order_number"]].append(row)
    return found


def _delivery_fees(connection: Connection, numbers: Sequence[str]) -> dict[str, Decimal]:
    """R65: what delivery costs of orders of the shop, as they were placed; orders without a fee are left out."""
    journal = table("journal")
    query = select(journal.c.order_number, journal.c.data).where(
        journal.c.order_number.in_(numbers), journal.c.kind == EntryKind.PLACED.value
    )
    found: dict[str, Decimal] = {}
    for number, data in connection.execute(query):
        request = data.get("request", {})
        if request.get("fulfilment") == Fulfilment.SHOP.value:
            found[number] = _figure((request.get("shop") or {}).get("delivery_fee"))
    return found


def _went_back(entries: Iterable[RowMapping]) -> Iterable[Settled]:
    for row in entries:
        said = row["data"]
        day, amount = business_date(row["happened_at"]), _figure(said.get("amount"))
        yield Settled(day, MovementKind.REFUNDED, amount, str(said.get("reference", "")))


def _payments(number: str, told: dict[str, Rows], facts: Sequence[RowMapping]) -> Iterable[Received]:
    receipts = {row["reference"]: row for row in told["payment_receipts"][number]}
    coming = {
        (folded(row["reference"]), row["amount"]): row["at"]
        for row in told["transfers"][number]
        if row["way"] == Way.IN.value
    }
    falls: dict[str, list[datetime]] = defaultdict(list)
    for fact in facts:
        if fact["subject"] in _FALLS:
            falls[_alike(str(fact["data"].get("content", {}).get("reference", "")))].append(
                fact["happened_at"]
            )
    for row in sorted(told["payments"][number], key=lambda each: (each["paid_at"], each["reference"])):
        receipt = receipts.get(row["reference"])
        elsewhere = receipt is not None and receipt["elsewhere"]
        moved_in = receipt is not None and not receipt["claim"]
        moment = coming.get((_alike(row["reference"]), row["amount"])) if moved_in else None
        day = business_date(moment or row["paid_at"])
        yield Received(
            row["reference"],
            row["amount"],
            day,
            counts=row["confirmed"] and not elsewhere,
            fell_on=_fell(falls[_alike(row["reference"])], day) if row["bounced"] else None,
            corrected=receipt is not None and receipt["corrected"],
            moved_in=moved_in,
            moved_on=receipt["moved"] if receipt is not None else ZERO,
            of_receipt=receipt is not None and receipt["claim"].startswith(PART),
        )


def _alike(reference: str) -> str:
    """The reference without which telling of it this is."""
    plain, apart, attempt = reference.rpartition(" · ")
    return folded(plain if apart and attempt.isdecimal() else reference)


def _fell(falls: list[datetime], paid: date) -> date:
    """The day on which it fell: each telling of a reference falls once; the day of payment where no fact says it."""
    return business_date(falls.pop(0)) if falls else paid


def _moved(transfers: Iterable[RowMapping]) -> Iterable[Moved]:
    for row in sorted(transfers, key=lambda each: (each["at"], each["transfer"])):
        way = Way.OUT if row["way"] == Way.OUT.value else Way.IN
        yield Moved(row["reference"], row["amount"], business_date(row["at"]), way, row["to"])


def _decisions(connection: Connection, numbers: Sequence[str]) -> Rows:
    decisions = table("decisions")
    query = (
        select(decisions)
        .where(
            decisions.c.order_number.in_(numbers),
            decisions.c.subject.in_([subject.value for subject in _ABOUT_MONEY]),
            decisions.c.outcome.is_not(None),
        )
        .order_by(decisions.c.order_number, decisions.c.decided_at)
    )
    found: Rows = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["order_number"]].append(row)
    return found


def _settled(decisions: Iterable[RowMapping], *, rest_is_cancelled: bool) -> Iterable[Settled]:
    kind = MovementKind
    for row in decisions:
        detail: dict[str, Any] = row["answers"][-1].get("detail", {}) if row["answers"] else {}
        day, reference = business_date(row["decided_at"]), str(detail.get("reference", ""))
        if row["subject"] == Subject.OVERPAYMENT.value:
            surplus = _figure(row["about"].get("surplus"))
            credited = row["outcome"] == Outcome.CREDIT.value
            yield Settled(day, kind.CREDITED if credited else kind.REFUNDED, surplus, reference)
        elif row["subject"] == Subject.DEPOSIT_SETTLEMENT.value:
            yield Settled(day, kind.REFUNDED, _figure(detail.get("refunded")), reference)
            if not rest_is_cancelled:
                yield Settled(day, kind.COST, _figure(detail.get("kept")), reference)
        elif rest_is_cancelled and row["outcome"] == Outcome.APPROVE.value:
            yield Settled(day, kind.COST, _figure(detail.get("cost")), reference)


def _after_sales(
    notes: Iterable[RowMapping], refunds: Iterable[RowMapping], ended_at: datetime | None
) -> Iterable[Settled]:
    """R142, R164: what cases pay back. Of an order that goes on the bill fell with its credit note; the bill of one that had
    ended stays as it was, and what a case takes off it stands by itself."""
    kind = MovementKind
    for note in notes:
        if note["paid_back"]:
            yield Settled(business_date(note["at"]), kind.REFUNDED, note["paid_back"], note["case_number"])
    for row in refunds:
        if ended_at is not None and row["credited"] and row["counted_at"] >= ended_at:
            day, case = business_date(row["counted_at"]), row["case_number"]
            yield Settled(day, kind.TAKEN_OFF, -row["value"], case)
            yield Settled(day, kind.REFUNDED, row["payable"], case)


def _figure(text: Any) -> Decimal:
    return Decimal(str(text)) if text not in (None, "") else ZERO
