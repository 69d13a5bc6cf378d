"""What is looked up for a request: the customer's file, the price list in force, the past trade (R15, R20). Nothing is written."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, RowMapping, desc, or_, select

from models.assignment import Area
from models.credit.assessment import CreditStanding
from models.request.order_request import RequestLine
from models.request.order_start import Contract, CustomerFile, PriceReference
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.quantity import converted
from models.values.vocabulary import CustomerClass, Ending, Role, Unit, Words

_CLASSES = {customer_class.value: customer_class for customer_class in CustomerClass}
_STANDINGS = {standing.value: standing for standing in CreditStanding}
_UNITS = {unit.value: unit for unit in Unit}
_OWN = (Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER)
"""The roles for which a customer's file may name somebody."""

_CUSTOMER = Words(
    "客户 {customer} 不在客户档案中。请先导入该客户。",
    "The customer {customer} is not in the customer files. Import the customer first.",
)
_PRODUCT = Words(
    "第{line}行：产品 {product} 不在 {day} 有效的价目表中。",
    "Line {line}: the product {product} is not in the price list in force on {day}.",
)
_UNIT = Words(
    "第{line}行：产品 {product} 按{listed}计价，不能按{given}下单。",
    "Line {line}: the product {product} is priced by {listed} and cannot be ordered by {given}.",
)
_DATE = Words(
    "要求日期 {wanted} 已过，今天是 {today}。", "The wanted date {wanted} has passed; today is {today}."
)


def require_to_come(wanted: date | None, today: date) -> None:
    """Raises Refusal(date_in_past) for a wanted date that has passed."""
    if wanted is not None and wanted < today:
        words = _DATE.filled(wanted=wanted, today=today)
        raise Refusal(Code.DATE_IN_PAST, words, where="wanted_date")


def customer_file(connection: Connection, customer: str) -> tuple[CustomerFile, Area]:
    """The customer's file, and by what orders of this customer are assigned (R131). Raises Refusal(unknown_customer)."""
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
        credit=_STANDINGS[row["credit"]] if row["credit"] else None,
        credit_limit=row["credit_limit"],
    )
    own = {role: row[role.value] for role in _OWN if row[role.value]}
    return file, Area(region=row["region"], own=own)


def price_of(connection: Connection, place: int, line: RequestLine, today: date) -> RowMapping:
    """The price in force for a line. Raises Refusal(unknown_product, wrong_unit)."""
    row = listed_price(connection, place, line, today)
    require_unit(place, line, row)
    return row


def listed_price(connection: Connection, place: int, line: RequestLine, today: date) -> RowMapping:
    """The product's row of the price list. Raises Refusal(unknown_product)."""
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
    return row


def require_unit(place: int, line: RequestLine, price: RowMapping) -> None:
    """Raises Refusal(wrong_unit) for a unit in which the product is not priced."""
    listed = _UNITS[price["unit"]]
    if converted(line.quantity, line.unit, listed) is None:
        zh, en = (listed.zh, line.unit.zh), (listed.en, line.unit.en)
        words = Words(
            _UNIT.zh.format(line=line.line, product=line.product, listed=zh[0], given=zh[1]),
            _UNIT.en.format(line=line.line, product=line.product, listed=en[0], given=en[1]),
        )
        raise Refusal(Code.WRONG_UNIT, words, where=f"lines.{place}.unit", rule="R20")


def reference_of(
    connection: Connection, customer: str, line: RequestLine, price: RowMapping
) -> PriceReference:
    """What the line is compared with (R20)."""
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


def list_reference(
    connection: Connection, number: int, product: str, unit: Unit, today: date
) -> PriceReference | None:
    """What the list in force says of a product in this unit; None where it is not on it, or by another unit."""
    prices = table("prices")
    in_force = or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today)
    query = select(prices).where(prices.c.product == product, prices.c.valid_from <= today, in_force)
    row = connection.execute(query.order_by(desc(prices.c.valid_from))).mappings().first()
    if row is None or row["unit"] != unit.value:
        return None
    return PriceReference(
        line=number,
        product=product,
        product_name=row["name"],
        specification=row["specification"],
        unit=unit,
        list_price=row["unit_price"],
        list_valid_from=row["valid_from"],
        tolerance_percent=row["tolerance_percent"],
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
                lines.c.dropped.is_not(True),
            )
            .order_by(desc(orders.c.placed_at))
        )
        .mappings()
        .first()
    )
