"""Taking an order in: its number, its request and everything looked up about it, in one transaction (R10, R15, R20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, RowMapping, desc, or_, select
from sqlalchemy.exc import IntegrityError

from activities.database import reading, writing
from activities.holidays import calendar_around
from activities.upserting import insert_into
from models.calendar import business_date
from models.envelope import digest_of
from models.errors import Code, Refusal
from models.journal import FIRST_LINK
from models.policy import Policy
from models.quantity import converted
from models.request import OrderRequest, RequestLine
from models.start import Contract, CustomerFile, OrderStart, PriceReference, StaffAssignment
from models.tables import table
from models.vocabulary import CustomerClass, Ending, Role, Unit, Words

_CLASSES = {customer_class.value: customer_class for customer_class in CustomerClass}
_UNITS = {unit.value: unit for unit in Unit}
_ROLES = {role.value: role for role in Role}

_CONFLICT = Words(
    "请求编号 {request} 已用于订单 {number},但内容不同。请用新的编号,或对该订单提出变更。",
    "The request id {request} already belongs to order {number}, with other content. Use a new id, or amend that order.",
)
_CUSTOMER = Words(
    "客户 {customer} 不在客户档案中。请先导入该客户。",
    "The customer {customer} is not in the customer files. Import the customer first.",
)
_PRODUCT = Words(
    "第{line}行:产品 {product} 不在 {day} 有效的价目表中。",
    "Line {line}: the product {product} is not in the price list in force on {day}.",
)
_UNIT = Words(
    "第{line}行:产品 {product} 按{listed}计价,不能按{given}下单。",
    "Line {line}: the product {product} is priced by {listed} and cannot be ordered by {given}.",
)
_DATE = Words(
    "要求日期 {wanted} 已过,今天是 {today}。", "The wanted date {wanted} has passed; today is {today}."
)


def open_request(
    engine: Engine, request: OrderRequest, now: datetime, policy: Policy
) -> tuple[OrderStart, bool]:
    """The start of the order for this request, and whether it is new.

    The same request again gives the same start: a crash between the number and the start of the workflow is
    repaired by sending it again. `now` is the time of the order (aware).
    Raises Refusal: request_conflict, unknown_customer, unknown_product, wrong_unit, date_in_past, and those of
    `activities.database.writing`.
    """
    content = digest_of(request.model_dump(mode="json"))
    try:
        with writing(engine) as connection:
            known = _known(connection, request, content)
            if known is not None:
                return known, False
            start = _start(connection, request, now.astimezone(UTC), policy)
            _keep(connection, request, content, start)
            return start, True
    except IntegrityError:
        # Another process took the same request in a moment earlier.
        with reading(engine) as connection:
            known = _known(connection, request, content)
        if known is None:
            raise
        return known, False


def has_begun(engine: Engine, number: str) -> bool:
    """Whether the order's workflow has recorded anything yet."""
    orders = table("orders")
    with reading(engine) as connection:
        return bool(connection.scalar(select(orders.c.sequence).where(orders.c.number == number)))


def start_of(engine: Engine, number: str) -> OrderStart:
    """The start of a numbered order. Raises Refusal(unknown_order)."""
    requests = table("requests")
    with reading(engine) as connection:
        found = connection.scalar(select(requests.c.start).where(requests.c.number == number))
    if found is None:
        words = Words(f"没有订单 {number}", f"there is no order {number}")
        raise Refusal(Code.UNKNOWN_ORDER, words, where=number)
    return OrderStart.model_validate(found)


def _known(connection: Connection, request: OrderRequest, content: str) -> OrderStart | None:
    requests = table("requests")
    row = (
        connection.execute(select(requests).where(requests.c.request_id == request.request_id))
        .mappings()
        .first()
    )
    if row is None:
        return None
    if row["content_hash"] != content:
        words = _CONFLICT.filled(request=request.request_id, number=row["number"])
        raise Refusal(Code.REQUEST_CONFLICT, words, where="request_id", rule="R10")
    return OrderStart.model_validate(row["start"])


def _start(connection: Connection, request: OrderRequest, now: datetime, policy: Policy) -> OrderStart:
    today = business_date(now)
    if request.wanted_date is not None and request.wanted_date < today:
        words = _DATE.filled(wanted=request.wanted_date, today=today)
        raise Refusal(Code.DATE_IN_PAST, words, where="wanted_date")
    file, salesperson = _customer(connection, request.customer)
    listed = [_price(connection, place, line, today) for place, line in enumerate(request.lines)]
    lines = tuple(
        line
        if line.tolerance_percent is not None or price["tolerance_percent"] is None
        else line.model_copy(update={"tolerance_percent": price["tolerance_percent"]})
        for line, price in zip(request.lines, listed, strict=True)
    )
    references = tuple(
        _reference(connection, request.customer, line, price)
        for line, price in zip(lines, listed, strict=True)
    )
    return OrderStart(
        number=_number(connection, today),
        placed_at=now,
        request=request.model_copy(update={"lines": lines}),
        customer=file,
        references=references,
        staff=_staff(connection, salesperson),
        policy=policy,
        calendar=calendar_around(connection, today),
    )


def _number(connection: Connection, today: date) -> str:
    numbers = table("day_numbers")
    statement = insert_into(connection, numbers).values(day=today, last=1)
    last = connection.scalar(
        statement.on_conflict_do_update(index_elements=["day"], set_={"last": numbers.c.last + 1}).returning(
            numbers.c.last
        )
    )
    return f"{today:%Y%m%d}-{last:04d}"


def _keep(connection: Connection, request: OrderRequest, content: str, start: OrderStart) -> None:
    connection.execute(
        table("requests")
        .insert()
        .values(
            request_id=request.request_id,
            content_hash=content,
            number=start.number,
            customer=request.customer,
            placed_at=start.placed_at,
            start=start.model_dump(mode="json"),
        )
    )
    connection.execute(
        table("orders")
        .insert()
        .values(
            number=start.number,
            head=FIRST_LINK,
            request_id=request.request_id,
            placed_at=start.placed_at,
            customer=start.customer.customer,
            customer_name=start.customer.name,
            customer_class=start.customer.customer_class.value,
            salesperson=start.staff.person(Role.SALESPERSON),
            total=start.request.total,
        )
    )


def _customer(connection: Connection, customer: str) -> tuple[CustomerFile, str]:
    customers = table("customers")
    row = connection.execute(select(customers).where(customers.c.customer == customer)).mappings().first()
    if row is None:
        words = _CUSTOMER.filled(customer=customer)
        raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="customer", rule="R15")
    contract = row["contract"]
    file = CustomerFile(
        customer=customer,
        name=row["name"],
        customer_class=_CLASSES[row["customer_class"]],
        designated_signers=tuple(row["designated_signers"]),
        verified_by=row["verified_by"],
        contract=Contract.model_validate(contract) if contract else None,
    )
    return file, row["salesperson"]


def _price(connection: Connection, place: int, line: RequestLine, today: date) -> RowMapping:
    prices = table("prices")
    row = (
        connection.execute(
            select(prices)
            .where(
                prices.c.product == line.product,
                prices.c.valid_from <= today,
                or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today),
            )
            .order_by(desc(prices.c.valid_from))
        )
        .mappings()
        .first()
    )
    if row is None:
        words = _PRODUCT.filled(line=line.line, product=line.product, day=today)
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where=f"lines.{place}.product", rule="R20")
    listed = _UNITS[row["unit"]]
    if converted(line.quantity, line.unit, listed) is None:
        zh, en = (listed.zh, line.unit.zh), (listed.en, line.unit.en)
        words = Words(
            _UNIT.zh.format(line=line.line, product=line.product, listed=zh[0], given=zh[1]),
            _UNIT.en.format(line=line.line, product=line.product, listed=en[0], given=en[1]),
        )
        raise Refusal(Code.WRONG_UNIT, words, where=f"lines.{place}.unit", rule="R20")
    return row


def _reference(connection: Connection, customer: str, line: RequestLine, price: RowMapping) -> PriceReference:
    past = _past_trade(connection, customer, line)
    return PriceReference(
        line=line.line,
        product=line.product,
        product_name=price["name"],
        specification=price["specification"],
        unit=_UNITS[price["unit"]],
        list_price=price["unit_price"],
        list_valid_from=price["valid_from"],
        past_price=past["unit_price"] if past else None,
        past_traded_on=business_date(past["placed_at"]) if past else None,
        tolerance_percent=price["tolerance_percent"],
    )


def _past_trade(connection: Connection, customer: str, line: RequestLine) -> RowMapping | None:
    """The last settled trade of this customer in this product and unit."""
    orders, lines = table("orders"), table("order_lines")
    return (
        connection.execute(
            select(lines.c.unit_price, orders.c.placed_at)
            .join(orders, orders.c.number == lines.c.order_number)
            .where(
                orders.c.customer == customer,
                orders.c.ending == Ending.SETTLED.value,
                lines.c.product == line.product,
                lines.c.unit == line.unit.value,
                lines.c.unit_price.is_not(None),
            )
            .order_by(desc(orders.c.placed_at))
        )
        .mappings()
        .first()
    )


def _staff(connection: Connection, salesperson: str) -> StaffAssignment:
    staff = table("staff")
    rows: Sequence[RowMapping] = connection.execute(select(staff).order_by(staff.c.person)).mappings().all()
    people: dict[Role, str] = {Role.SALESPERSON: salesperson} if salesperson else {}
    for row in rows:
        for role in row["roles"]:
            people.setdefault(_ROLES[role], row["person"])
    superiors = {row["person"]: row["superior"] for row in rows if row["superior"]}
    return StaffAssignment(people=people, superiors=superiors)


def not_begun(engine: Engine, before: datetime) -> list[OrderStart]:
    """Orders numbered before then that have recorded nothing: their server was away when they were placed."""
    requests, orders = table("requests"), table("orders")
    query = (
        select(requests.c.start)
        .outerjoin(orders, orders.c.number == requests.c.number)
        .where(or_(orders.c.number.is_(None), orders.c.sequence == 0), requests.c.placed_at < before)
        .order_by(requests.c.placed_at)
        .limit(100)
    )
    with reading(engine) as connection:
        return [OrderStart.model_validate(start) for start in connection.scalars(query)]
