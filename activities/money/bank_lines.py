"""What the bank told and finance has not confirmed: on an order, or asked about at the desk; and what it may be for (R53)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, or_, select, text, type_coerce

from activities.facts.pending_facts import InboxState
from activities.orders.recording.receipts import holder_in
from activities.store.database import reading
from activities.store.faults import named_faults
from models.facts.order_numbers import order_numbers_in
from models.facts.webhook_events import Remittance, SenderTable, remittance_in
from models.messages.envelope import Envelope, read_content
from models.messages.money_contents import PaymentReceived
from models.money.matching import BankLine, Candidate, OpenOrder, alike, candidates, words_in
from models.reports.desk_steps import ANOTHER_ORDER
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.receipts import folded, receipt_key
from models.values.vocabulary import PaymentMethod, Words

RECEIVED = "payment_received"
MOST_LINES = 50
_GONE = Words("这笔来款已经有人办过了：{what}", "somebody has dealt with this sum already: {what}")
_ON_ORDER = Words("凭证 {reference} 已记在订单 {order}", "reference {reference} counts for order {order}")
_SETTLED = Words("待办已办结", "the step is done")
Senders = Mapping[str, SenderTable]
"""What each sender's events mean, by its name."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One sum, and what it may be for, the surest first."""

    line: BankLine
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """What is to be confirmed, the oldest first, and how much there is of it in all."""

    lines: list[Incoming]
    total: int


def incoming(engine: Engine, senders: Senders) -> IncomingPage:
    """Every sum that waits for finance, beside what is open."""
    with reading(engine) as connection:
        at_desk = _at_the_desk(connection, senders)
        total = connection.scalar(_told().with_only_columns(func.count(), maintain_column_froms=True)) or 0
        first = [*_on_orders(connection, senders, MOST_LINES), *at_desk]
        shown = sorted(first, key=_paid_first)[:MOST_LINES]
        orders = open_orders_for(connection, shown)
    return IncomingPage([Incoming(line, candidates(line, orders)) for line in shown], total + len(at_desk))


def line_of(engine: Engine, senders: Senders, key: str) -> BankLine:
    """One of these sums. Raises Refusal(already_decided) where somebody has dealt with it meanwhile, with what became of it."""
    with reading(engine) as connection:
        found = next((each for each in bank_lines(connection, senders) if each.key == key), None)
        if found is not None:
            return found
        holder = holder_in(connection, f"bank:{folded(key.rpartition('/')[2])}")
    what = _ON_ORDER.filled(reference=key.rpartition("/")[2], order=holder) if holder else _SETTLED
    raise Refusal(Code.ALREADY_DECIDED, _GONE.filled(what=what), where=key, rule="R53")


def bank_lines(connection: Connection, senders: Senders) -> list[BankLine]:
    """What waits on orders and at the desk, who was paid first before others."""
    found = _on_orders(connection, senders) + _at_the_desk(connection, senders)
    return sorted(found, key=_paid_first)


def _paid_first(line: BankLine) -> tuple[datetime, str]:
    return line.paid_at, line.key


# --- told to an order ------------------------------------------------------------------------------------------------


def _on_orders(connection: Connection, senders: Senders, most: int | None = None) -> list[BankLine]:
    """Those that were told to orders, or the first of them, who was paid first."""
    payments = table("payments")
    query = _told().order_by(payments.c.paid_at, payments.c.order_number, payments.c.reference).limit(most)
    rows = connection.execute(query).all()
    said = _said_on(connection, {row.order_number for row in rows}, senders)
    return [_line_on(row, said.get((row.order_number, folded(row.reference)), Remittance())) for row in rows]


def _told() -> Select[Any]:
    """Payments of living orders that were told and are not confirmed as real; not those that count elsewhere."""
    orders, payments, receipts = table("orders"), table("payments"), table("payment_receipts")
    return (
        select(payments)
        .join(orders, orders.c.number == payments.c.order_number)
        .outerjoin(
            receipts,
            (receipts.c.order_number == payments.c.order_number)
            & (receipts.c.reference == payments.c.reference),
        )
        .where(
            text("not payments.confirmed"),
            payments.c.bounced.is_(False),
            orders.c.ending.is_(None),
            func.coalesce(receipts.c.elsewhere, False).is_(False),
        )
    )


def _line_on(row: Row[Any], said: Remittance) -> BankLine:
    return BankLine(
        key=f"order/{row.order_number}/{row.reference}",
        reference=row.reference,
        amount=row.amount,
        paid_at=row.paid_at,
        order=row.order_number,
        payer=said.payer,
        text=said.text,
    )


def _said_on(
    connection: Connection, orders: Iterable[str], senders: Senders
) -> dict[tuple[str, str], Remittance]:
    """Who paid and what they wrote, by order and folded reference, from the events as they came."""
    inbox = table("inbox")
    query = select(inbox.c.order_number, inbox.c.envelope, inbox.c.event).where(
        inbox.c.order_number.in_(sorted(orders)), inbox.c.event.is_not(None)
    )
    found: dict[tuple[str, str], str] = {}
    for order, envelope, event in connection.execute(query):
        if envelope.get("kind") == RECEIVED:
            found[order, folded(str(envelope.get("content", {}).get("reference", "")))] = event
    events = _events(connection, found.values(), senders)
    return {key: events.get(event, Remittance()) for key, event in found.items()}


def _events(connection: Connection, events: Iterable[str], senders: Senders) -> dict[str, Remittance]:
    webhooks = table("webhooks")
    ids = sorted({event.partition("/")[2] for event in events})
    query = select(webhooks).where(webhooks.c.message_id.in_(ids), webhooks.c.body.is_not(None))
    return {
        f"{row['sender']}/{row['message_id']}": remittance_in(senders[row["sender"]], row["body"])
        for row in connection.execute(query).mappings()
        if row["sender"] in senders
    }


# --- asked about at the desk -----------------------------------------------------------------------------------------


def _at_the_desk(connection: Connection, senders: Senders) -> list[BankLine]:
    """Sums of which nobody knows the order, kept until a person says it. One that cannot be read stays a step of the desk."""
    steps, inbox = table("desk_steps"), table("inbox")
    asked = select(steps.c.key, steps.c.about).where(
        steps.c.closed_at.is_(None), steps.c.kind.in_([kind.value for kind in ANOTHER_ORDER])
    )
    keys = {
        (row.about.get("fact_id"), row.about.get("digest")): row.key
        for row in connection.execute(asked)
        if row.about.get("fact") == RECEIVED
    }
    kept = select(inbox).where(inbox.c.state == InboxState.UNPLACED.value)
    rows = [
        row
        for row in connection.execute(kept).mappings()
        if (row["fact_id"], row["digest"]) in keys and row["envelope"].get("kind") == RECEIVED
    ]
    events = _events(connection, [row["event"] or "" for row in rows], senders)
    found: list[BankLine] = []
    for row in rows:
        said = events.get(row["event"] or "", Remittance(text=row["order_number"]))
        line = _line_at(keys[row["fact_id"], row["digest"]], row["envelope"], said)
        if line is not None:
            found.append(line)
    return found


def _line_at(step: str, kept: Mapping[str, Any], said: Remittance) -> BankLine | None:
    try:
        with named_faults(step):
            envelope = Envelope.model_validate(kept)
            content = read_content(PaymentReceived, envelope.content, inside="content")
    except Refusal:
        return None
    return BankLine(
        key=f"desk/{step}",
        reference=content.reference,
        amount=content.amount,
        paid_at=content.paid_at or envelope.happened_at,
        payer=said.payer,
        text=said.text,
        step=step,
        currency=content.currency,
    )


# --- what they may be for --------------------------------------------------------------------------------------------


def open_orders_for(connection: Connection, lines: Sequence[BankLine]) -> list[OpenOrder]:
    """Living orders that a number, an amount or a payer of these sums points at; no other is read."""
    if not lines:
        return []
    orders = table("orders")
    numbers = {number for line in lines for number in (line.order, *order_numbers_in(line.text))}
    amounts = sorted({line.amount for line in lines})
    own = sorted({word for line in lines for word in words_in(line.text)})
    missing = type_coerce(
        func.coalesce(orders.c.deposit_due, ZERO) - func.coalesce(orders.c.paid, ZERO), orders.c.paid.type
    )
    query = (
        select(orders)
        .where(
            orders.c.ending.is_(None),
            or_(
                orders.c.number.in_(sorted(numbers)),
                orders.c.open_balance.in_(amounts),
                missing.in_(amounts),
                orders.c.customer.in_(_payers(connection, lines)),
                func.lower(orders.c.customer_order_number).in_(own),
            ),
        )
        .order_by(orders.c.number)
    )
    return [_open_order(dict(row)) for row in connection.execute(query).mappings()]


def _payers(connection: Connection, lines: Sequence[BankLine]) -> list[str]:
    """Customers whose name is like that of a payer."""
    payers = {line.payer for line in lines if line.payer}
    customers = table("customers")
    known = connection.execute(select(customers.c.customer, customers.c.name)).all() if payers else []
    return [row.customer for row in known if any(alike(payer, row.name) for payer in payers)]


def _open_order(row: Mapping[str, Any]) -> OpenOrder:
    missing = (row["deposit_due"] or ZERO) - (row["paid"] or ZERO)
    return OpenOrder(
        number=row["number"],
        customer=row["customer"],
        customer_name=row["customer_name"],
        open_balance=row["open_balance"] if row["open_balance"] is not None else ZERO,
        deposit_missing=max(missing, ZERO),
        customer_order_number=row["customer_order_number"] or "",
    )


def open_order(engine: Engine, number: str) -> OpenOrder | None:
    """A living order; None where there is none of this number."""
    orders = table("orders")
    query = select(orders).where(orders.c.number == number, orders.c.ending.is_(None))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _open_order(dict(row))


def other_holder(engine: Engine, line: BankLine, order: str) -> str | None:
    """Another order than this one that has the receipt already (R53)."""
    with reading(engine) as connection:
        holder = holder_in(connection, receipt_key(line.reference, PaymentMethod.BANK, ""))
    return None if holder == order else holder
