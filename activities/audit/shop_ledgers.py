"""What orders were told of money at payment providers, beside what their ledgers have of it (R47, R123)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, exists, select

from activities.audit.one_state import reading_one_state
from activities.facts.pending_facts import InboxState
from activities.shop.intent_store import tell_order
from activities.store.database import writing
from models.messages.reply import Status
from models.shop.shares import Share
from models.tables.registry import table
from models.values.vocabulary import PaymentMethod

_AT_ONCE = 500
_HEARD = (Status.ACCEPTED.value, Status.KNOWN.value)


class WrongLedger(NamedTuple):
    """Money of an order that provider and ledger have differently: as what the order knows it, and what each of both says, in CNY."""

    order: str
    reference: str
    ledger: str = ""
    provider: str = ""
    never_told: bool = False
    """Nobody keeps the fact that would tell it to this order, which is open: it can be told now."""


def wrong_ledgers(engine: Engine) -> list[WrongLedger]:
    """Shares that the ledger has not, or otherwise, and money of a provider that the provider's books have not, in one state.

    What waits in the inbox, or was told and is not recorded yet, is on its way; what was refused, or came after the order's
    end, is somebody's step or goes back.
    """
    with reading_one_state(engine) as connection:
        return [*_of_shares(connection), *_without_share(connection)]


def tell_untold(engine: Engine, wrong: Sequence[WrongLedger], now: datetime) -> list[WrongLedger]:
    """Tell open orders what nobody told them; told twice it is the same fact. Those that are left."""
    shares, payments = table("intent_shares"), table("intent_payments")
    of_it = (shares.c.provider == payments.c.provider) & (shares.c.payment == payments.c.payment)
    for each in wrong:
        if not each.never_told:
            continue
        provider, _, payment = each.reference.partition(":")
        query = (
            select(shares.c.amount, shares.c.place, payments.c.paid_at)
            .join(payments, of_it)
            .where(
                shares.c.provider == provider,
                shares.c.payment == payment,
                shares.c.order_number == each.order,
            )
        )
        with writing(engine) as connection:
            row = connection.execute(query).one_or_none()
            if row is not None:
                share = Share(each.order, row.amount)
                tell_order(connection, provider, payment, share, row.place, row.paid_at, now)
    left = {(each.order, each.reference) for each in wrong_ledgers(engine)}
    return [each for each in wrong if (each.order, each.reference) in left]


def _of_shares(connection: Connection) -> Iterator[WrongLedger]:
    shares, ledger, orders = table("intent_shares"), table("payments"), table("orders")
    gone = table("erased_journal")
    reference = shares.c.provider + ":" + shares.c.payment
    query = (
        select(
            shares.c.order_number,
            reference.label("reference"),
            shares.c.provider,
            shares.c.payment,
            shares.c.amount,
            ledger.c.amount.label("booked"),
            orders.c.sequence,
            orders.c.ending,
        )
        .outerjoin(
            ledger, (ledger.c.order_number == shares.c.order_number) & (ledger.c.reference == reference)
        )
        .outerjoin(orders, orders.c.number == shares.c.order_number)
        .where(
            ledger.c.amount.is_(None) | (ledger.c.amount != shares.c.amount),
            ~exists().where(gone.c.order_number == shares.c.order_number),
        )
        .order_by(shares.c.order_number, shares.c.provider, shares.c.payment)
    )
    for row in connection.execute(query).mappings().all():
        said = f"{row['amount']}"
        if row["booked"] is not None:
            yield WrongLedger(row["order_number"], row["reference"], f"{row['booked']}", said)
            continue
        told = _told(connection, row)
        if told is None and not _goes_back(connection, row):
            is_open = row["sequence"] is not None and row["ending"] is None
            yield WrongLedger(row["order_number"], row["reference"], "", said, never_told=is_open)
        elif told is not None and _is_recorded(told, row):
            yield WrongLedger(row["order_number"], row["reference"], "", said)


def _told(connection: Connection, row: RowMapping) -> RowMapping | None:
    """The fact that tells the order its share, as it is kept; an order may have got another number since."""
    inbox = table("inbox")
    query = select(inbox.c.state, inbox.c.answer).where(
        inbox.c.order_number == row["order_number"],
        inbox.c.fact_id.startswith(f"{row['reference']}:", autoescape=True),
    )
    return connection.execute(query.order_by(inbox.c.number).limit(1)).mappings().first()


def _is_recorded(told: RowMapping, row: RowMapping) -> bool:
    """Whether the order has taken it, and recorded more than that since: it must be in its ledger then."""
    answer: dict[str, Any] = told["answer"] or {}
    if told["state"] != InboxState.TOLD.value or answer.get("status") not in _HEARD:
        return False
    return row["sequence"] is not None and row["sequence"] >= int(answer.get("sequence") or 0)


def _goes_back(connection: Connection, row: RowMapping) -> bool:
    """Whether it came after the order's end, and went back."""
    refunds = table("intent_refunds")
    query = select(refunds.c.refund).where(
        refunds.c.provider == row["provider"],
        refunds.c.payment == row["payment"],
        refunds.c.order_number == row["order_number"],
    )
    return connection.execute(query.limit(1)).first() is not None


def _without_share(connection: Connection) -> Iterator[WrongLedger]:
    """Payments by a provider of the shop in ledgers, of which the provider's books know no share. What came from another
    order is no payment of its own."""
    ledger, receipts, shares = table("payments"), table("payment_receipts"), table("intent_shares")
    paid = table("intent_payments")
    of_it = (shares.c.order_number == ledger.c.order_number) & (
        shares.c.provider + ":" + shares.c.payment == ledger.c.reference
    )
    query = (
        select(ledger.c.order_number, ledger.c.reference, ledger.c.amount)
        .join(
            receipts,
            (receipts.c.order_number == ledger.c.order_number) & (receipts.c.reference == ledger.c.reference),
        )
        .where(
            ledger.c.method == PaymentMethod.ONLINE.value,
            ledger.c.reference.contains(":"),
            receipts.c.claim != "",
            ~exists().where(of_it),
        )
        .order_by(ledger.c.order_number, ledger.c.reference)
    )
    rows = connection.execute(query).mappings().all()
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        names = {row["reference"].partition(":")[2] for row in some}
        known = {
            f"{each.provider}:{each.payment}"
            for each in connection.execute(
                select(paid.c.provider, paid.c.payment).where(paid.c.payment.in_(names))
            )
        }
        for row in some:
            if row["reference"] in known:
                yield WrongLedger(row["order_number"], row["reference"], f"{row['amount']}", "")
