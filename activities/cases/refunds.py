"""What goods that came back are worth: worked out where all cases of an order are known, once for each remedy (R142)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, func, select
from temporalio import activity

from activities.cases.received_goods import fee_of, hold_cases_of, order_row, received_of
from activities.facts import pending_facts
from activities.invoices.after_the_end import ask_for_red_letters
from activities.store.database import writing
from models.cases.contents import RefundCounted
from models.cases.replacement import RefundAsked
from models.cases.returns import at_most, refund_of
from models.documents.credit_note import note_number
from models.dossier.errands import ErrandDone
from models.facts.fact_envelope import fact_envelope
from models.invoices.contents import CreditNoted
from models.tables.registry import table
from models.values.fingerprint import lasting
from models.values.money import ZERO
from models.values.quantity import NOTHING
from models.values.vocabulary import Role
from models.writing.written_numbers import Manner


class Refunds:
    """Works out refunds in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # An exception thrown into the thread in the middle of a commit would leave the database locked.
    @activity.defn(name="count_refund", no_thread_cancel_exception=True)
    def count_refund(self, asked: RefundAsked) -> ErrandDone:
        """The fact that tells the case. Raises Refusal where the database cannot be used: it is tried again."""
        counted = count_refund(self._engine, asked, datetime.now(UTC))
        return ErrandDone(kind="refund_counted", content=lasting(counted))


def count_refund(engine: Engine, asked: RefundAsked, now: datetime) -> RefundCounted:
    """Work it out and keep it in one transaction; asked again it is the same.

    Two cases of one order wait for each other: of 130 sheets 65 come back twice, one is 2.51 and the other 2.50.
    """
    with writing(engine) as connection:
        hold_cases_of(connection, asked.order)
        return _known(connection, asked) or _counted(connection, asked, now)


def _known(connection: Connection, asked: RefundAsked) -> RefundCounted | None:
    refunds = table("case_refunds")
    names = ("kept_before", "kept_after", "value", "payable")
    query = select(*(refunds.c[name] for name in names)).where(
        refunds.c.case_number == asked.case, refunds.c.round == asked.round
    )
    row = connection.execute(query).mappings().first()
    return RefundCounted.model_validate(dict(row)) if row is not None else None


def _counted(connection: Connection, asked: RefundAsked, now: datetime) -> RefundCounted:
    refunds = table("case_refunds")
    of_order = refunds.c.order_number == asked.order
    money: Decimal = order_row(connection, asked.order)["paid"] or ZERO
    paid_back: Decimal | None = connection.scalar(select(func.sum(refunds.c.payable)).where(of_order))
    left = money - (paid_back or ZERO) if asked.is_paid else ZERO
    kept = NOTHING
    if asked.line is not None:
        back = connection.scalar(
            select(func.sum(refunds.c.quantity)).where(of_order, refunds.c.line == asked.line)
        )
        kept = received_of(connection, asked.order, asked.line).quantity - (back or NOTHING)
    quantity = min(asked.quantity, max(kept, NOTHING))
    if asked.amount is not None:
        value, after, payable = asked.amount, kept, at_most(asked.amount, left)
    else:
        figures = refund_of(asked.unit_price, kept, quantity, left)
        value = figures.value + _fee_back(connection, asked, quantity)
        after, payable = figures.kept_after, at_most(value, left)
    connection.execute(
        refunds.insert().values(
            case_number=asked.case,
            round=asked.round,
            order_number=asked.order,
            line=asked.line,
            quantity=quantity if asked.amount is None else NOTHING,
            kept_before=kept,
            kept_after=after,
            value=value,
            payable=payable,
            counted_at=now,
            credited=asked.is_credited,
        )
    )
    if asked.is_credited and value > ZERO:
        _credit(connection, asked, value, payable, now)
    return RefundCounted(kept_before=kept, kept_after=after, value=value, payable=payable)


def _fee_back(connection: Connection, asked: RefundAsked, quantity: Decimal) -> Decimal:
    """R65, R142: the delivery fee of a shop order goes back once: when all of its goods have, or with the first that do by our
    fault. Goods that were exchanged are still the customer's."""
    fee = fee_of(order_row(connection, asked.order)["start"].get("request", {}))
    if not fee or not quantity or not asked.is_credited:
        return ZERO
    refunds, cases, lines = table("case_refunds"), table("order_cases"), table("order_lines")
    for_good = (refunds.c.order_number == asked.order) & refunds.c.credited & (refunds.c.quantity > NOTHING)
    by_our_fault = select(refunds.c.case_number).join(cases, cases.c.case_number == refunds.c.case_number)
    if connection.execute(by_our_fault.where(for_good, cases.c.our_fault.is_(True)).limit(1)).first():
        return ZERO
    if asked.our_fault:
        return fee
    query = select(refunds.c.line, func.sum(refunds.c.quantity)).where(for_good).group_by(refunds.c.line)
    back: dict[int | None, Decimal] = {row[0]: row[1] for row in connection.execute(query)}
    back[asked.line] = back.get(asked.line, NOTHING) + quantity
    ordered = connection.scalars(select(lines.c.line).where(lines.c.order_number == asked.order))
    kept = (received_of(connection, asked.order, line).quantity - back.get(line, NOTHING) for line in ordered)
    return fee if all(each <= NOTHING for each in kept) else ZERO


def _credit(
    connection: Connection, asked: RefundAsked, value: Decimal, payable: Decimal, now: datetime
) -> None:
    """R164: an order that goes on hears what is taken off its bill; of one that has ended its invoices are looked at."""
    if order_row(connection, asked.order)["ended_at"] is not None:
        ask_for_red_letters(connection, asked.order, now)
        return
    content = CreditNoted(
        case=asked.case,
        credit_note=note_number(asked.case, asked.round + 1),
        line=asked.line or 0,
        value=value,
        paid_back=payable,
    )
    envelope = fact_envelope(
        f"credit-note/{asked.case}/{asked.round}",
        "credit_noted",
        lasting(content),
        by="system",
        role=Role.SYSTEM,
        happened_at=now,
        manner=Manner.KEPT,
    )
    pending_facts.enter(connection, asked.order, envelope, now, "")
