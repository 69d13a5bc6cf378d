"""Opening a case: its number, its request, and the goods that it holds, in one transaction (R142, R143)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, func, literal, select
from sqlalchemy.exc import IntegrityError

from activities.cases.case_requests import keep_case, known_start
from activities.cases.received_goods import goods_of, held_of, next_case_of, order_row
from activities.cases.told_to_orders import tell_opened
from activities.orders.assigning import staff_for
from activities.orders.references import customer_file
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from models.cases.case_request import LETTER, CaseGoods, CaseRequest, CaseStart
from models.cases.projection import KIND, asked_row, title_of
from models.cases.returns import more_than_received, require_open_window, require_whole
from models.cases.terms import GOODS_COME_BACK, CaseStage
from models.policy import Policy
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical, digest_of_model
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

LARGEST_START = 256_000
_MISSING = Words("{type}须写明货物行号和数量", "name line and quantity of the goods for a {type}")
_TOO_LARGE = Words("内容过多：{size} 个字符，最多 {most}", "too much: {size} characters, at most {most}")


def open_case(
    engine: Engine, request: CaseRequest, now: datetime, policy: Policy, *, space: str = ""
) -> tuple[CaseStart, bool]:
    """The start of the case for this request, and whether it is new; the same request again gives the same start.

    Raises Refusal: unknown_order (also for another customer's), unknown_line, missing_field, bad_quantity, more_than_received (also where
    another case took the goods at the same instant), not_returnable, too_late, request_conflict, unknown_customer,
    too_large, and those of `activities.store.database.writing`; nothing is kept then.
    """
    try:
        with writing(engine) as connection:
            return _opened(connection, request, now.astimezone(UTC), policy, space)
    except IntegrityError:
        # Another process took the same request in a moment earlier.
        with reading(engine) as connection:
            customer = order_row(connection, request.order, request.customer)["customer"]
            known = _known(connection, request, customer, space)
        if known is None:
            raise
        return known, False


def _known(connection: Connection, request: CaseRequest, customer: str, space: str) -> CaseStart | None:
    content = digest_of_model(request)
    kept = known_start(connection, KIND, request.request_id, customer, space, content)
    return CaseStart.model_validate(kept) if kept is not None else None


def _opened(
    connection: Connection, request: CaseRequest, now: datetime, policy: Policy, space: str
) -> tuple[CaseStart, bool]:
    order = order_row(connection, request.order, request.customer)
    known = _known(connection, request, order["customer"], space)
    if known is not None:
        return known, False
    comes_back = request.type in GOODS_COME_BACK
    if comes_back:
        for name in ("line", "quantity"):
            if getattr(request, name) is None:
                words = _MISSING.filled(type=request.type)
                raise Refusal(Code.MISSING_FIELD, words, where=name, rule="R142")
    number = next_case_of(connection, request.order)
    goods = goods_of(connection, request.order, request.line, order) if request.line is not None else None
    if goods is not None and comes_back:
        require_open_window(goods, request.cause, policy.afterwards, now)
        require_whole(goods, request.quantity or NOTHING)
    file, area = customer_file(connection, order["customer"])
    salesperson = order["salesperson"] or area.own.get(Role.SALESPERSON, "")
    area = replace(area, own={**area.own, Role.SALESPERSON: salesperson})
    products = {goods.product} if goods is not None else set[str]()
    start = CaseStart(
        edition=NEWEST,
        number=f"{LETTER}{request.order}-{number}",
        placed_at=now,
        request=request.model_copy(update={"customer": order["customer"]}),
        customer=file,
        goods=goods,
        salesperson=salesperson,
        staff=staff_for(connection, area, products, now),
        policy=policy,
        calendar=calendar_around(connection, business_date(now)),
    )
    dumped = start.model_dump(mode="json")
    size = len(canonical(dumped))
    if size > LARGEST_START:
        raise Refusal(Code.TOO_LARGE, _TOO_LARGE.filled(size=size, most=LARGEST_START), rule="R143")
    keep_case(
        connection,
        kind=KIND,
        number=start.number,
        request_id=request.request_id,
        customer=order["customer"],
        space=space,
        content=digest_of_model(request),
        placed_at=now,
        start=dumped,
        head={
            "customer": file.customer,
            "customer_name": file.name,
            "customer_class": file.customer_class.value,
            "salesperson": start.staff.person(Role.SALESPERSON),
            "title": title_of(request, goods),
            "stage": CaseStage.OPENED.value,
            "policy_version": policy.version,
            "edition": start.edition,
        },
    )
    _hold(connection, start, goods, (request.quantity or NOTHING) if comes_back else NOTHING)
    tell_opened(connection, request.order, start.number, now)
    return start, True


def _hold(connection: Connection, start: CaseStart, goods: CaseGoods | None, quantity: Decimal) -> None:
    """Enter the case's row with what it holds, if so much is left: one conditional insert (R142).

    Raises Refusal(more_than_received).
    """
    cases, request = table("order_cases"), start.request
    values = {
        **asked_row(request, goods),
        "case_number": start.number,
        "held": quantity,
        "owner": start.staff.person(Role.SERVICE_CLERK),
        "evidence": [],
        **dict.fromkeys(("assessed", "refusal", "decided_by", "paid_reference", "objection"), ""),
    }
    columns = [cases.c[name] for name in values]
    row = select(*(literal(values[column.name], column.type).label(column.name) for column in columns))
    if goods is not None and quantity > 0:
        taken = select(func.coalesce(func.sum(cases.c.held), literal(NOTHING, cases.c.held.type))).where(
            cases.c.order_number == request.order, cases.c.line == goods.line
        )
        whole = literal(goods.received - quantity, cases.c.held.type)
        row = row.where(taken.scalar_subquery() <= whole)
    # What was entered is asked back: how many rows an insert made, not every driver says.
    inserting = cases.insert().from_select([column.name for column in columns], row)
    entered = connection.scalar(inserting.returning(cases.c.case_number))
    if entered is None and goods is not None:
        taken_by_others = held_of(connection, request.order, goods.line)
        raise more_than_received(goods.received - taken_by_others, goods.received, taken_by_others)
