"""The checkout in the order database: seen, numbered, reserved and asked for in one transaction, once for each id (R122)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from activities.notices.outbox import enter_row
from activities.orders.requests import open_request_in, start_of
from activities.shop.accounts import destination_in, invoice_data_in
from activities.shop.carts import Holder, empty_in, look_in
from activities.shop.intents import open_intent
from activities.stock.stock_book import answer_stock
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from models.dossier.papers_due import Paper
from models.dossier.records.shared_books import SharedBook, SharedQuestion
from models.policy import Policy
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.shop.accounts import BUYS, Shopper, require_right
from models.shop.cart import CartView, not_enough
from models.shop.checkout import (
    SPACE,
    CheckoutForm,
    allocations,
    another_content,
    requests_of,
    require_as_seen,
    require_invoice_data,
    sums,
)
from models.shop.confirmation import Ordered, confirmation_words, ordered
from models.stock.stock_questions import StockLine, StockQuestion
from models.stock.stock_words import StockAct, StockState
from models.tables.registry import table
from models.values.calendar import business_date, hours_of
from models.values.fingerprint import digest_of_model, lasting
from models.values.vocabulary import Fulfilment, Role

_KEY = "checkout"
IntentDesk = Callable[[Connection, str, Mapping[str, Decimal]], str]
"""Opens the one intent of a checkout over its orders, or finds it: by order what is asked for it, in CNY (R123)."""


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """What came of a checkout: what to show, the orders to begin, and where it is paid; `new` where it was not known."""

    done: Ordered
    starts: tuple[OrderStart, ...]
    intent: str
    new: bool


def check_out(
    engine: Engine,
    shopper: Shopper,
    form: CheckoutForm,
    now: datetime,
    policy: Policy,
    intents: IntentDesk = open_intent,
) -> CheckedOut:
    """Carry a checkout out, or find what the same one became: sent twice it is one.

    The cart is held, looked at anew and compared with what was seen; then the orders are numbered, the stock is reserved
    and the intent opened, all of it or nothing. Raises Refusal: wrong_role, price_changed, stale_version, missing_field,
    unknown_place, not_enough_stock, request_conflict, and as `activities.orders.requests.open_request`.
    """
    require_right(shopper, BUYS)
    digest = digest_of_model(form)
    try:
        with writing(engine) as connection:
            view = look_in(
                connection, _holder(shopper), policy.sample.free_pieces, now, to_write=True
            )  # who sends it twice at once waits here
            known = _known(connection, shopper, form.checkout, digest)
            if known is None:
                return _carried_out(connection, shopper, form, digest, view, now, policy, intents)
    except IntegrityError:
        with reading(engine) as connection:
            known = _known(connection, shopper, form.checkout, digest)
        if known is None:
            raise
    done, intent = known
    starts = tuple(start_of(engine, part.order) for part in done.parts)
    return CheckedOut(done, starts, intent, new=False)


def ordered_at(engine: Engine, shopper: Shopper, checkout: str) -> tuple[Ordered, str] | None:
    """What a checkout of this account became, and its intent; None for another's as for one that never was."""
    rows = table("checkouts")
    query = select(rows.c.content, rows.c.intent).where(
        rows.c.checkout == checkout, rows.c.account == shopper.account
    )
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return (Ordered.model_validate(row.content), row.intent) if row is not None else None


def _holder(shopper: Shopper) -> Holder:
    return Holder(account=shopper.account, customer=shopper.customer)


def _known(
    connection: Connection, shopper: Shopper, checkout: str, digest: str
) -> tuple[Ordered, str] | None:
    rows = table("checkouts")
    row = connection.execute(select(rows).where(rows.c.checkout == checkout)).mappings().one_or_none()
    if row is None:
        return None
    if (row["account"], row["digest"]) != (shopper.account, digest):
        raise another_content()
    return Ordered.model_validate(row["content"]), row["intent"]


def _carried_out(
    connection: Connection,
    shopper: Shopper,
    form: CheckoutForm,
    digest: str,
    view: CartView,
    now: datetime,
    policy: Policy,
    intents: IntentDesk,
) -> CheckedOut:
    now_it_is = sums(view, form.method, policy.shop.delivery)
    require_as_seen(form, view, now_it_is)
    to = destination_in(connection, shopper.account, form.address)
    invoice = invoice_data_in(connection, shopper)
    require_invoice_data(form, invoice)
    requests = requests_of(form, view, now_it_is, shopper, to, invoice)
    starts = []
    for request in requests:
        start, _ = open_request_in(connection, request, now, policy, space=SPACE)
        starts.append(start)
        if request.fulfilment is Fulfilment.SHOP:
            _reserve(connection, start, view, policy)
    numbers = {start.request.request_id: start.number for start in starts}
    asked = allocations(requests, numbers)
    intent = intents(connection, form.checkout, asked) if asked else ""
    today = business_date(now)
    calendar = calendar_around(connection, today)
    done = ordered(
        form.checkout, requests, numbers, view, now_it_is, to, today, calendar.working_days_after, policy.shop.pay_hours
    )  # fmt: skip
    _keep(connection, shopper, digest, done, asked, intent, now)
    empty_in(connection, shopper.account, now)
    return CheckedOut(done, tuple(starts), intent, new=True)


def _reserve(connection: Connection, start: OrderStart, view: CartView, policy: Policy) -> None:
    """R122: the goods are kept for the order from the moment on that it has a number.

    The order asks for the same itself when it begins and is answered that it has them. Raises Refusal(not_enough_stock).
    """
    request: OrderRequest = start.request
    lines = tuple(
        StockLine(line=each.line, product=each.product, quantity=each.quantity, unit=each.unit)
        for each in request.lines
    )
    question = StockQuestion(
        act=StockAct.RESERVE,
        lines=lines,
        placed_at=start.placed_at,
        held_until=start.placed_at + hours_of(policy.shop.review_hours + policy.shop.pay_hours),
    )
    asked = SharedQuestion(
        key=_KEY, book=SharedBook.STOCK, asked_at=start.placed_at, sequence=0, content=lasting(question)
    )
    reply = answer_stock(connection, start.number, asked)
    if reply["state"] in (StockState.HELD.value, StockState.FIRM.value):
        return
    there: Mapping[int, Decimal] = {
        each["line"]: Decimal(each.get("there", "0")) for each in reply.get("lines", ())
    }
    short = next((each for each in request.lines if there.get(each.line, Decimal(0)) < each.quantity), None)
    line = short or request.lines[0]
    offer = next(each.offer for each in view.lines if each.line.product == line.product and each.offer)
    raise not_enough(offer, there.get(line.line, Decimal(0)))


def _keep(
    connection: Connection,
    shopper: Shopper,
    digest: str,
    done: Ordered,
    asked: Mapping[str, Decimal],
    intent: str,
    now: datetime,
) -> None:
    row = {
        "checkout": done.checkout, "account": shopper.account, "digest": digest, "at": now, "by": shopper.address,
        "content": done.model_dump(mode="json"), "total": sum(asked.values(), Decimal("0.00")), "intent": intent,
    }  # fmt: skip
    connection.execute(insert(table("checkouts")).values(row))
    enter_row(
        connection,
        order=done.parts[0].order,
        identity=f"{Paper.SHOP_ORDERED.value}:{done.checkout}",
        paper=Paper.SHOP_ORDERED,
        to=(Role.CUSTOMER,),
        words=confirmation_words(done),
        rule="R122",
        created_at=now,
        content=None,
    )


# --- another number --------------------------------------------------------------------------------------------------


def note_order_of_another_number(connection: Connection, start: OrderStart, was: str) -> bool:
    """An order got another number before it began (R10): its stock, its intent and its confirmation go by that one now.

    In the caller's transaction; both orders have a row. Whether the customer was told the number that it had.
    """
    shop = start.request.shop
    if shop is None:
        return False
    held, rows, outbox = table("reservations"), table("checkouts"), table("outbox")
    # what the other order has under this number, was placed at another moment
    is_its = (held.c.order_number == was) & (held.c.placed_at == start.placed_at)
    connection.execute(update(held).where(is_its).values(order_number=start.number))
    _of_its_intents(connection, shop.checkout, start.number, was)
    content = connection.scalar(select(rows.c.content).where(rows.c.checkout == shop.checkout))
    if content is None:
        return False
    done = Ordered.model_validate(content)
    parts = tuple(
        part.model_copy(update={"order": start.number}) if part.order == was else part for part in done.parts
    )
    done = done.model_copy(update={"parts": parts})
    kept = {"content": done.model_dump(mode="json")}
    connection.execute(update(rows).where(rows.c.checkout == shop.checkout).values(kept))
    identity, words = f"{Paper.SHOP_ORDERED.value}:{done.checkout}", confirmation_words(done)
    told = connection.execute(
        update(outbox)
        .where(outbox.c.identity == identity, outbox.c.routed.is_(False))
        .values(order_number=parts[0].order, zh=words.zh, en=words.en)
    )
    return not told.rowcount


def _of_its_intents(connection: Connection, checkout: str, number: str, was: str) -> None:
    """What is asked for, was paid for and goes back to the order, in all intents of its checkout."""
    own = select(table("intents").c.number).where(table("intents").c.checkout == checkout)
    payments = table("intent_payments")
    for name in ("intent_allocations", "intent_refunds"):
        of_it = table(name)
        is_its = (of_it.c.order_number == was) & of_it.c.intent.in_(own)
        connection.execute(update(of_it).where(is_its).values(order_number=number))
    shares = table("intent_shares")
    paid = select(payments.c.payment).where(
        payments.c.intent.in_(own), payments.c.provider == shares.c.provider
    )
    is_its = (shares.c.order_number == was) & shares.c.payment.in_(paid)
    connection.execute(update(shares).where(is_its).values(order_number=number))
