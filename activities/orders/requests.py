"""Taking an order in: its number, its request and everything looked up about it, in one transaction (R10, R15, R20).

The id of a request belongs to the customer, or to the service that numbers the requests of several customers: two
customers' `PO-1001` are two orders, and no answer about one names the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, exists, literal_column, select
from sqlalchemy.exc import IntegrityError

from activities.cases.replaced_lines import replaced_lines
from activities.desk.heard_orders import close_heard
from activities.documents.font_signs import require_printable
from activities.entry.customer_phones import remember_phone
from activities.orders.assigning import keep_assignment, staff_for
from activities.orders.references import (
    customer_file,
    list_reference,
    price_of,
    reference_of,
    require_to_come,
)
from activities.orders.sample_credits import with_sample_credit
from activities.orders.unstarted import set_aside_numbers
from activities.quotes.quoted_lines import note_order, quoted_lines, reference_as_quoted
from activities.quotes.waiting_orders import require_awaited
from activities.shop.offers import offers_in
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from activities.store.upsert import insert_into
from models.access import no_order
from models.dossier.journal import FIRST_LINK
from models.policy import Policy
from models.request.amounts import require_percents
from models.request.order_request import OrderRequest, RequestLine
from models.request.order_start import OrderStart, PriceReference
from models.request.start_limits import require_startable
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of_model
from models.values.vocabulary import Role, Words

ANYBODYS = "*"
"""The space of requests that were placed before ids had one: whoever sends such an id for the customer means that order."""
_TAKEN = Words(
    "此客户的请求编号 {request} 已用过，但内容不同。请用新的编号，或对原订单提出变更。",
    "the request id {request} of this customer was used before, with other content. Use a new id, or amend that order.",
)
_CONFLICT = Words(
    "请求编号 {request} 已用于订单 {number}，但内容不同。请用新的编号，或对该订单提出变更。",
    "The request id {request} already belongs to order {number}, with other content. Use a new id, or amend that order.",
)
_ERASED = Words(
    "订单 {number} 的资料已过保留年限，已经清除；列表和统计里还有它的数目",
    "the data of order {number} were erased after the legal time; lists and statistics still count it",
)


def open_request(
    engine: Engine, request: OrderRequest, now: datetime, policy: Policy, *, space: str = "",
    sees: Callable[[OrderStart], bool] = lambda start: True,
) -> tuple[OrderStart, bool]:  # fmt: skip
    """The start of the order for this request, and whether it is new.

    The same request again gives the same start, whoever of those who share its ids sends it again: a crash between the
    number and the start of the workflow is repaired by sending it again. `now` is the time of the order (aware);
    `space` is where the id belongs, empty for the customer's own; `sees` whether the placer may know of an order.
    Raises Refusal: request_conflict, contradiction and stale_version (a quote that says otherwise), unknown_customer,
    unknown_product, wrong_unit, date_in_past, bad_money, malformed, too_large,
    and those of `activities.store.database.writing`; no number is given then.
    """
    try:
        with writing(engine) as connection:
            return open_request_in(connection, request, now, policy, space=space, sees=sees)
    except IntegrityError:
        # Another process took the same request in a moment earlier.
        with reading(engine) as connection:
            known = _known(connection, request, space, sees)
        if known is None:
            raise
        return known, False


def open_request_in(
    connection: Connection, request: OrderRequest, now: datetime, policy: Policy, *, space: str = "",
    sees: Callable[[OrderStart], bool] = lambda start: True,
) -> tuple[OrderStart, bool]:  # fmt: skip
    """The same in the caller's transaction. Raises IntegrityError where another process was a moment earlier."""
    content = digest_of_model(request)
    known = _known(connection, request, space, sees)
    if known is not None:
        return known, False
    start = with_sample_credit(connection, _start(connection, request, now.astimezone(UTC), policy))
    keep_request(connection, start, content, space)
    note_order(connection, request, start.number, start.placed_at)
    connection.execute(table("orders").insert().values(skeleton_of(start)))
    keep_assignment(connection, start)
    close_heard(connection, request.customer, start.number, request.entered_by, start.placed_at)
    return start, True


def has_begun(engine: Engine, number: str) -> bool:
    """Whether the order's workflow has recorded anything yet, or it was given up before it could begin.

    What another order recorded under this number is none of it: a restored database may have given it out again.
    """
    orders, requests = table("orders"), table("requests")
    others = exists().where(
        requests.c.number == number,
        (requests.c.request_id != orders.c.request_id) | (requests.c.customer != orders.c.customer),
    )
    query = select(orders.c.number).where(
        orders.c.number == number, (orders.c.sequence > 0) | orders.c.ending.is_not(None), ~others
    )
    with reading(engine) as connection:
        return connection.scalar(query) is not None


def start_of(engine: Engine, number: str) -> OrderStart:
    """The start of a numbered order. Raises Refusal(unknown_order), also for one whose data were erased, and says so."""
    requests, left = table("requests"), table("erased_journal")
    with reading(engine) as connection:
        found = connection.scalar(select(requests.c.start).where(requests.c.number == number))
        erased = found is None and connection.scalar(
            select(left.c.sequence).where(left.c.order_number == number).limit(1)
        )
    if erased:
        raise Refusal(Code.UNKNOWN_ORDER, _ERASED.filled(number=number), where=number)
    if found is None:
        raise no_order(number)
    return OrderStart.model_validate(found)


def _known(
    connection: Connection, request: OrderRequest, space: str, sees: Callable[[OrderStart], bool]
) -> OrderStart | None:
    requests = table("requests")
    query = (
        select(requests.c.content_hash, requests.c.start)
        .where(requests.c.request_id == request.request_id, requests.c.customer == request.customer)
        .where(requests.c.space.in_((space, ANYBODYS)))
        .order_by(requests.c.space.desc())
    )
    for row in connection.execute(query):
        start = OrderStart.model_validate(row.start)
        if _same(request, row.content_hash, start):
            return start
        words = _CONFLICT.filled(number=start.number, request=request.request_id) if sees(start) else _TAKEN
        raise Refusal(
            Code.REQUEST_CONFLICT, words.filled(request=request.request_id), where="request_id", rule="R10"
        )
    return None


def _same(request: OrderRequest, content: str, placed: OrderStart) -> bool:
    """Whether it asks for the same, whoever sends it this time: an order stays with who placed it."""
    author = {name: getattr(placed.request, name) for name in ("entered_by", "entered_role", "on_behalf_of")}
    return content in (digest_of_model(request), digest_of_model(request.model_copy(update=author)))


def _start(connection: Connection, request: OrderRequest, now: datetime, policy: Policy) -> OrderStart:
    today = business_date(now)
    require_printable(request)
    require_to_come(request.wanted_date, today)
    require_percents(request)
    require_awaited(connection, request)
    file, area = customer_file(connection, request.customer)
    lines, references = _looked_up(connection, request, today)
    start = OrderStart(
        edition=NEWEST,
        number=f"{today:%Y%m%d}-0000",
        placed_at=now,
        request=request.model_copy(update={"lines": lines}),
        customer=file,
        references=references,
        staff=staff_for(connection, area, {line.product for line in lines}, now, places=True),
        policy=policy,
        calendar=calendar_around(connection, today),
    )
    require_startable(start)
    return start.model_copy(update={"number": next_number(connection, today)})


def _looked_up(
    connection: Connection, request: OrderRequest, today: date
) -> tuple[tuple[RequestLine, ...], tuple[PriceReference, ...]]:
    """The lines with the tolerance of the list, and what they are compared with; goods that were
    quoted, or are replaced at the old price, may be on no list (R104, R144)."""
    quoted = quoted_lines(connection, request) or replaced_lines(connection, request)
    if quoted:
        listed = {
            line.line: list_reference(connection, line.line, line.product, line.unit, today)
            for line in request.lines
        }
        return request.lines, tuple(
            reference_as_quoted(line, quoted[line.line], listed[line.line]) for line in request.lines
        )
    prices = [price_of(connection, place, line, today) for place, line in enumerate(request.lines)]
    lines = tuple(
        line
        if line.tolerance_percent is not None or price["tolerance_percent"] is None
        else line.model_copy(update={"tolerance_percent": price["tolerance_percent"]})
        for line, price in zip(request.lines, prices, strict=True)
    )
    references = tuple(
        reference_of(connection, request.customer, line, price)
        for line, price in zip(lines, prices, strict=True)
    )
    return lines, _as_offered(connection, request, references, today)


def _as_offered(
    connection: Connection, request: OrderRequest, references: tuple[PriceReference, ...], today: date
) -> tuple[PriceReference, ...]:
    """What is ordered in the shop is compared with what the shop asks of this customer for so many (R120): looked up here,
    and never taken from who sends it."""
    if request.shop is None:
        return references
    lines = {line.line: line for line in request.lines}
    offers = offers_in(connection, today, request.customer, {line.product for line in request.lines})
    return tuple(
        each.model_copy(update={"list_price": offer.unit_price(lines[each.line].quantity)})
        if (offer := offers.get(each.product)) is not None and offer.unit is lines[each.line].unit
        else each
        for each in references
    )


def next_number(connection: Connection, today: date) -> str:
    """The next number of this business date, in the caller's transaction."""
    numbers = table("day_numbers")
    statement = insert_into(connection, numbers).values(day=today, last=1)
    last = connection.scalar(
        statement.on_conflict_do_update(index_elements=["day"], set_={"last": numbers.c.last + 1}).returning(
            numbers.c.last
        )
    )
    return f"{today:%Y%m%d}-{last:04d}"


def keep_request(connection: Connection, start: OrderStart, content: str, space: str) -> None:
    """Keep a numbered request, in the caller's transaction. `content`: the digest of it as it was sent."""
    connection.execute(
        table("requests")
        .insert()
        .values(
            request_id=start.request.request_id,
            space=space,
            content_hash=content,
            number=start.number,
            customer=start.request.customer,
            placed_at=start.placed_at,
            start=start.model_dump(mode="json"),
        )
    )
    remember_phone(connection, start)


def skeleton_of(start: OrderStart) -> dict[str, Any]:
    """The row of an order that was numbered and has recorded nothing yet."""
    return {
        "number": start.number,
        "sequence": 0,
        "head": FIRST_LINK,
        "request_id": start.request.request_id,
        "placed_at": start.placed_at,
        "customer": start.customer.customer,
        "customer_name": start.customer.name,
        "customer_class": start.customer.customer_class.value,
        "salesperson": start.staff.person(Role.SALESPERSON),
        "total": start.request.comes_to,
    }


def not_begun(engine: Engine, before: datetime, but: Collection[str] = ()) -> list[str]:
    """The numbers of orders given before then that have recorded nothing: their server was away when they were placed.

    `but` are those of which that is known: they were begun, and whoever records them is away. Those that are set aside
    (`activities.orders.unstarted`) or were given up are left out.
    """
    orders = table("orders")
    query = (
        select(orders.c.number)
        .where(
            orders.c.sequence == literal_column("0"), orders.c.placed_at < before
        )  # as a partial index has it
        .where(orders.c.ending.is_(None), orders.c.number.not_in(but))
        .where(orders.c.number.not_in(set_aside_numbers()))
        .order_by(orders.c.placed_at, orders.c.number)
        .limit(100)
    )
    with reading(engine) as connection:
        return list(connection.scalars(query))
