"""Which order a receipt counts for, and the halves of money that is moved: decided with the burst, in its transaction (R53).

A claim is one insert that does nothing where the receipt is taken; so of two workers at the same instant one has it, on
SQLite and on PostgreSQL. What an order's rows say is what it holds: a claim that was lost with a restored backup comes
back with them, and one of money that bounced or was corrected is given up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, Select, bindparam, delete, exists, or_, select, update

from activities.facts import pending_facts
from activities.facts.desk_steps import open_step
from activities.invoices.invoice_numbers import hold_numbers, is_an_invoice, is_own_number
from activities.money.receipt_parts import give_as_asked, is_a_part, is_own_part, settle_parts
from activities.money.receipt_store import keep_credit
from activities.orders.views.order_views import Recorded
from activities.store.database import reading, writing
from activities.store.upsert import Insert, insert_in
from models.dossier.records.recording import Burst
from models.facts.fact_envelope import fact_envelope
from models.reports.desk_steps import DeskStepKind, desk_step
from models.scheduling.bookings import are_hours
from models.tables.registry import table
from models.values.money import ZERO, as_text
from models.values.receipts import PART, folded, half_id, receipt_key, reference_in
from models.values.vocabulary import PaymentMethod, Role, Way
from models.writing.written_numbers import Manner

_ASKED_FOR = "这笔款另一张订单也报了，财务转过去 · told for another order too, and finance moves it there"

_NOTHING_MORE = {
    "corrected": False,
    "elsewhere": False,
    "reason": "",
    "moved": Decimal(0),
    "asked_transfer": "",
    "asked_by": "",
}


def settle_receipts(connection: Connection, burst: Burst) -> list[str]:
    """Bring receipts and transfers to what the burst's rows say, then answer its claims: those that another order has."""
    tables = ("payments", "payment_receipts")
    told = sorted({str(row.key["reference"]) for row in burst.rows if row.table in tables})
    if told:
        claims = _claims_of(connection, burst.order, told)
        settle_parts(connection, burst.order, [each for each in claims if is_a_part(each)], _moment_of(burst))
        _hold(connection, burst.order, [each for each in claims if not is_a_part(each)])
    hold_numbers(connection, burst)
    if any(row.table == "orders" and _is_credited(row.values) for row in burst.rows):
        keep_credit(connection, burst.order, _moment_of(burst))
    if any(row.table == "transfers" for row in burst.rows):
        tell_receivers(connection, burst.order)
    asked = sorted(
        (claim.key, claim.fact_id) for claim in burst.claims if not claim.message and not are_hours(claim.key)
    )
    return [key for key, fact_id in asked if not _is_this_orders(connection, burst.order, key, fact_id)]


def _moment_of(burst: Burst) -> datetime:
    """When the order said so: the clock of its last entry."""
    return burst.entries[-1].recorded_at if burst.entries else datetime.now(UTC)


def _is_credited(values: Mapping[str, Any]) -> bool:
    return Decimal(str(values.get("credited") or ZERO)) > ZERO


def _is_this_orders(connection: Connection, order: str, key: str, fact_id: str) -> bool:
    if is_an_invoice(key):
        return is_own_number(connection, order, key, fact_id)
    if is_a_part(key):
        return is_own_part(connection, order, key)
    return is_had(connection, order, key, fact_id)


def _claims_of(connection: Connection, order: str, references: Sequence[str]) -> list[str]:
    """The receipts of these payments; a payment of which the order says no more than its row has the plain one."""
    found: set[str] = set()
    for reference in references:
        one = {"of_order": order, "of_reference": reference}
        row = connection.execute(_payment(), one).mappings().first()
        if row is not None:
            plain = {
                "order_number": order,
                "reference": row["reference"],
                "claim": receipt_key(row["reference"], _method(row), row["taken_by"]),
                "paid_at": row["paid_at"],
                "bounced": row["bounced"],
                **_NOTHING_MORE,
            }
            connection.execute(_telling(connection.dialect.name), plain)
        found.update(connection.scalars(_claim_of(), one))
    return sorted(found)


@lru_cache(maxsize=1)
def _payment() -> Select[tuple[Any, ...]]:
    payments = table("payments")
    return select(payments).where(
        payments.c.order_number == bindparam("of_order"), payments.c.reference == bindparam("of_reference")
    )


@lru_cache(maxsize=2)
def _telling(dialect: str) -> Insert:
    statement = insert_in(dialect, table("payment_receipts"))
    now = {name: statement.excluded[name] for name in ("paid_at", "bounced")}
    return statement.on_conflict_do_update(index_elements=["order_number", "reference"], set_=now)


@lru_cache(maxsize=1)
def _claim_of() -> Select[tuple[Any, ...]]:
    told = table("payment_receipts")
    return select(told.c.claim).where(
        told.c.order_number == bindparam("of_order"),
        told.c.reference == bindparam("of_reference"),
        told.c.claim != "",
    )


def _method(row: RowMapping) -> PaymentMethod:
    """Cash or not: that is all that a receipt's key asks, and no stored value stops the recorder."""
    return PaymentMethod.CASH if row["method"] == PaymentMethod.CASH.value else PaymentMethod.BANK


def is_had(connection: Connection, order: str, key: str, fact_id: str) -> bool:
    """Whether the order (or receipt of the house) has the claim, now that it has asked for it; asking again changes nothing."""
    holder = _take(connection, order, key, fact_id)
    if holder == order:
        # Its row may have been lost with a restored backup: then whoever counts it has it.
        other = _who_counts(connection, key, besides=order)
        if other is not None:
            _give(connection, key, other, order)
        return other is None
    if _gave_up(connection, holder, key):
        return _give(connection, key, order, holder)
    return False


def _take(connection: Connection, order: str, key: str, fact_id: str = "") -> str:
    """Enter the claim where nobody has it; who has it then."""
    row = {"claim": key, "order_number": order, "fact_id": fact_id, "claimed_at": datetime.now(UTC)}
    connection.execute(_taking(connection.dialect.name), row)
    return str(connection.scalar(_holder_of(), {"of_claim": key}))


# What every payment asks is made once.


@lru_cache(maxsize=2)
def _taking(dialect: str) -> Insert:
    return insert_in(dialect, table("bank_receipts")).on_conflict_do_nothing()


@lru_cache(maxsize=1)
def _holder_of() -> Select[tuple[Any, ...]]:
    receipts = table("bank_receipts")
    return select(receipts.c.order_number).where(receipts.c.claim == bindparam("of_claim"))


def _give(connection: Connection, key: str, to: str, holder: str) -> bool:
    """From one order to another, if that one still has it; whether it did."""
    receipts = table("bank_receipts")
    of_holder = (receipts.c.claim == key) & (receipts.c.order_number == holder)
    return bool(connection.execute(update(receipts).where(of_holder).values(order_number=to)).rowcount)


def _who_counts(connection: Connection, key: str, besides: str) -> str | None:
    found: str | None = connection.scalar(_counting(), {"of_claim": key, "besides": besides})
    return found


@lru_cache(maxsize=1)
def _counting() -> Select[tuple[Any, ...]]:
    told = table("payment_receipts")
    query = select(told.c.order_number).where(
        told.c.claim == bindparam("of_claim"),
        told.c.order_number != bindparam("besides"),
        told.c.bounced.is_(False),
        told.c.elsewhere.is_(False),
    )
    return query.order_by(told.c.paid_at, told.c.order_number).limit(1)


def _gave_up(connection: Connection, holder: str, key: str) -> bool:
    """An order that ended in the moment between asking and taking holds what it never counted."""
    orders = table("orders")
    ended = connection.scalar(select(orders.c.ended_at).where(orders.c.number == holder)) is not None
    return ended and not _counts(connection, holder, key)


def _counts(connection: Connection, order: str, key: str) -> bool:
    return bool(connection.scalar(_does_count(), {"of_order": order, "of_claim": key}))


@lru_cache(maxsize=1)
def _does_count() -> Select[tuple[Any, ...]]:
    told = table("payment_receipts")
    counted = exists().where(
        told.c.order_number == bindparam("of_order"),
        told.c.claim == bindparam("of_claim"),
        told.c.bounced.is_(False),
        told.c.elsewhere.is_(False),
    )
    return select(counted)


def _hold(connection: Connection, order: str, keys: Sequence[str]) -> None:
    """What the order's payments say of these receipts: held, given up, or asked of the order that has it."""
    for key in keys:
        if _counts(connection, order, key):
            holder = _take(connection, order, key)
            if holder != order:
                _counted_twice(connection, key, order, holder)
        else:
            receipts = table("bank_receipts")
            own = (receipts.c.claim == key) & (receipts.c.order_number == order)
            connection.execute(delete(receipts).where(own))
    for row in (
        connection.execute(_asked_of_others(), {"of_order": order, "of_claims": list(keys)}).mappings().all()
    ):
        _ask_holder(connection, order, row)


@lru_cache(maxsize=1)
def _asked_of_others() -> Select[tuple[Any, ...]]:
    told = table("payment_receipts")
    return select(told).where(
        told.c.order_number == bindparam("of_order"),
        told.c.claim.in_(bindparam("of_claims", expanding=True)),
        told.c.elsewhere.is_(True),
        told.c.bounced.is_(False),
        told.c.asked_transfer != "",
    )


def _counted_twice(connection: Connection, key: str, order: str, holder: str) -> None:
    """A run of before this rule, or a restored backup: two orders count one receipt, and finance is asked."""
    step = desk_step(
        DeskStepKind.COUNTED_TWICE,
        f"{key}/{order}",
        datetime.now(UTC),
        rule="R53",
        roles=(Role.FINANCE,),
        reference=reference_in(key),
        given=order,
        other=holder,
    )
    open_step(connection, step)


def _ask_holder(connection: Connection, order: str, row: RowMapping) -> None:
    """Finance said that money told here belongs here: the order that has it is told to give it."""
    holder = holder_in(connection, row["claim"])
    if holder is None or holder == order or give_as_asked(connection, holder, order, row):
        return
    envelope = fact_envelope(
        half_id(row["asked_transfer"], Way.OUT),
        "money_transferred_out",
        {
            "reference": reference_in(row["claim"]),
            "amount": as_text(row["asked"]),
            "wrong_order": True,
            "reason": _ASKED_FOR,
            "transfer": row["asked_transfer"],
        },
        by=row["asked_by"],
        role=Role.FINANCE,
        happened_at=row["asked_at"],
        manner=Manner.KEPT,
    )
    pending_facts.enter(connection, holder, envelope, datetime.now(UTC), "")


def tell_receivers(connection: Connection, order: str) -> None:
    """The second half of what this order gave: kept for the receiving order with the first, and told until it is heard."""
    transfers, told = table("transfers"), table("payment_receipts")
    given = select(transfers).where(transfers.c.order_number == order, transfers.c.way == Way.OUT.value)
    for row in connection.execute(given).mappings().all():
        asked_by = select(told.c.order_number).where(told.c.asked_transfer == row["transfer"])
        receiver = row["to"] or connection.scalar(asked_by)
        if receiver is None:
            continue
        envelope = fact_envelope(
            half_id(row["transfer"], Way.IN),
            "money_transferred_in",
            {
                "reference": row["reference"],
                "amount": as_text(row["amount"]),
                "method": row["method"],
                "paid_at": row["paid_at"].isoformat(),
                "wrong_order": row["wrong_order"],
                "reason": row["reason"],
                "transfer": row["transfer"],
            },
            by=row["by"],
            role=Role.SYSTEM,
            happened_at=row["at"],
            manner=Manner.KEPT,
        )
        pending_facts.enter(connection, receiver, envelope, datetime.now(UTC), "")


# --- for finance -------------------------------------------------------------------------------------------------


def holder_in(connection: Connection, key: str) -> str | None:
    """The order for which a receipt counts."""
    receipts = table("bank_receipts")
    return connection.scalar(select(receipts.c.order_number).where(receipts.c.claim == key))


def is_had_by_another(engine: Engine, order: str, key: str) -> bool:
    """Whether a receipt counts for another order than this one (R53)."""
    with reading(engine) as connection:
        return holder_in(connection, key) not in (None, order)


def holders_of(engine: Engine, order: str) -> dict[str, str]:
    """For each payment of this order that counts elsewhere, by its voucher: for which order. For finance alone (R53)."""
    told, receipts = table("payment_receipts"), table("bank_receipts")
    query = (
        select(told.c.reference, receipts.c.order_number)
        .join(receipts, receipts.c.claim == told.c.claim)
        .where(
            told.c.order_number == order,
            told.c.elsewhere.is_(True),
            told.c.bounced.is_(False),
            receipts.c.order_number != order,
        )
    )
    with reading(engine) as connection:
        return {row.reference: row.order_number for row in connection.execute(query)}


def missing_claims(engine: Engine) -> list[tuple[str, str]]:
    """Claims that are missing and the order whose payment counts: who was paid first before others."""
    with reading(engine) as connection:
        return _missing_claims(connection)


def _missing_claims(connection: Connection) -> list[tuple[str, str]]:
    told, receipts = table("payment_receipts"), table("bank_receipts")
    query = (
        select(told.c.claim, told.c.order_number)
        .outerjoin(receipts, receipts.c.claim == told.c.claim)
        .where(
            receipts.c.claim.is_(None),
            told.c.claim != "",
            ~told.c.claim.startswith(PART),
            told.c.bounced.is_(False),
            told.c.elsewhere.is_(False),
        )
        .order_by(told.c.paid_at, told.c.order_number)
    )
    first: dict[str, str] = {}
    for row in connection.execute(query):
        first.setdefault(row.claim, row.order_number)
    return list(first.items())


def restore_receipts(engine: Engine) -> int:
    """Claims that are missing, from the payments that count, who was paid first before others; how many there were."""
    with writing(engine) as connection:
        missing = _missing_claims(connection)
        for claim, order in missing:
            _take(connection, order, claim)
        return len(missing)


class ToldReceipt(BaseModel):
    """A receipt as an order was told of it, for finance."""

    order_number: str
    reference: str
    amount: Recorded
    bounced: bool
    corrected: bool
    elsewhere: bool
    moved: Recorded


def receipts_named(engine: Engine, reference: str) -> list[ToldReceipt]:
    """Every telling of a reference in the company, however it was written, who was paid first before others (R53)."""
    told, payments = table("payment_receipts"), table("payments")
    text = folded(reference)
    same = or_(
        told.c.claim == f"bank:{text}",
        told.c.claim.startswith(f"bank:{text} · ", autoescape=True),
        told.c.claim.startswith("cash:") & told.c.claim.endswith(f":{text}", autoescape=True),
    )
    query = (
        select(told, payments.c.amount)
        .join(
            payments,
            (payments.c.order_number == told.c.order_number) & (payments.c.reference == told.c.reference),
        )
        .where(same)
        .order_by(told.c.paid_at, told.c.order_number)
    )
    with reading(engine) as connection:
        return [ToldReceipt.model_validate(dict(row)) for row in connection.execute(query).mappings()]
