"""What is offered to somebody now: the catalogue, joined with the price list, stock, pre-sale and own prices (R120)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, Engine, RowMapping, and_, func, or_, select

from activities.store.database import reading
from models.shop.catalogue import Offer, SoldAs, price_break
from models.tables.registry import table
from models.values.quantity import NOTHING, converted
from models.values.vocabulary import Unit, Words

_UNITS = {unit.value: unit for unit in Unit}
_WAYS = {way.value: way for way in SoldAs}


def shop_offers(
    engine: Engine, today: date, customer: str = "", products: Collection[str] | None = None
) -> dict[str, Offer]:
    """All products that are shown now, by number; what is on no price list in force is not sold. `products`: these alone."""
    with reading(engine) as connection:
        return offers_in(connection, today, customer, products)


def offers_in(
    connection: Connection, today: date, customer: str = "", products: Collection[str] | None = None
) -> dict[str, Offer]:
    """The same in a transaction; `products`: these alone."""
    rows = _rows(connection, today, products)
    numbers = [row["product"] for row in rows]
    batches, pictures = _batches(connection, numbers), _pictures(connection, numbers)
    own = _own_prices(connection, customer, numbers)
    return {
        row["product"]: _offer(row, batches.get(row["product"]), pictures.get(row["product"], ()), own)
        for row in rows
    }


def _rows(connection: Connection, today: date, products: Collection[str] | None) -> list[RowMapping]:
    catalogue, prices, stock = table("products"), table("prices"), table("stock_items")
    in_force = and_(
        prices.c.product == catalogue.c.product,
        prices.c.valid_from <= today,
        or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today),
    )
    query = (
        select(
            catalogue,
            prices.c.name,
            prices.c.specification,
            prices.c.unit,
            prices.c.unit_price,
            stock.c.unit.label("stock_unit"),
            stock.c.on_hand,
            stock.c.reserved,
            stock.c.quarantined,
            stock.c.expected,
        )
        .join(prices, in_force)
        .outerjoin(stock, stock.c.product == catalogue.c.product)
        .where(catalogue.c.shown.is_(True))
        .order_by(catalogue.c.product, prices.c.valid_from)
    )
    if products is not None:
        query = query.where(catalogue.c.product.in_(sorted(products)))
    # of two prices in force the one that began last counts, as everywhere
    return list({row["product"]: row for row in connection.execute(query).mappings()}.values())


def _batches(connection: Connection, products: Collection[str]) -> dict[str, tuple[Decimal, str, date]]:
    """Of each product's open pre-sale batches: what nobody has yet, its unit, and when the first comes."""
    batches, stock = table("presale_batches"), table("stock_items")
    query = (
        select(
            batches.c.goods, stock.c.unit,
            func.sum(stock.c.on_hand - stock.c.reserved - stock.c.quarantined).label("there"),
            func.min(func.coalesce(stock.c.expected, batches.c.agreed)).label("comes"),
        )
        .join(stock, stock.c.product == batches.c.batch)
        .where(batches.c.completed_at.is_(None), batches.c.goods.in_(sorted(products)))
        .group_by(batches.c.goods, stock.c.unit)
    )  # fmt: skip
    found = {}
    for goods, unit, there, comes in connection.execute(query):
        day = comes if isinstance(comes, date) else date.fromisoformat(str(comes)[:10])
        amount = there if isinstance(there, Decimal) and there.as_tuple().exponent == -3 else None
        found[goods] = (amount if amount is not None else Decimal(int(there)).scaleb(-3), unit, day)
    return found


def _pictures(connection: Connection, products: Collection[str]) -> dict[str, tuple[str, ...]]:
    pictures = table("product_pictures")
    query = select(pictures.c.product, pictures.c.document).where(pictures.c.product.in_(sorted(products)))
    found: dict[str, tuple[str, ...]] = {}
    for product, document in connection.execute(query.order_by(pictures.c.place, pictures.c.document)):
        found[product] = (*found.get(product, ()), document)
    return found


def _own_prices(connection: Connection, customer: str, products: Collection[str]) -> dict[str, Decimal]:
    if not customer:
        return {}
    own = table("own_prices")
    query = select(own.c.product, own.c.unit_price).where(
        own.c.customer == customer, own.c.product.in_(sorted(products))
    )
    return {row.product: row.unit_price for row in connection.execute(query)}


def _offer(
    row: RowMapping,
    batch: tuple[Decimal, str, date] | None,
    pictures: tuple[str, ...],
    own: Mapping[str, Decimal],
) -> Offer:
    unit, sold_as = _UNITS[row["unit"]], _WAYS[row["sold_as"]]
    there, expected = NOTHING, row["expected"]
    if sold_as is SoldAs.PRE_SALE and batch is not None:
        there, expected = _in_unit(batch[0], batch[1], unit), batch[2]
    elif sold_as is SoldAs.STOCK and row["stock_unit"] is not None:
        available = row["on_hand"] - row["reserved"] - row["quarantined"]
        there = _in_unit(available, row["stock_unit"], unit)
    return Offer(
        product=row["product"],
        name=row["name"],
        name_en=row["name_en"],
        specification=row["specification"],
        unit=unit,
        list_price=row["unit_price"],
        sold_as=sold_as,
        categories=tuple(row["categories"]),
        description=Words(row["description_zh"], row["description_en"] or row["description_zh"]),
        breaks=tuple(price_break(each) for each in row["breaks"]),
        own_price=own.get(row["product"]),
        weight=row["weight"],
        days=row["days"],
        available=there,
        expected=expected,
        most=row["most"],
        samples=row["samples"],
        shown=row["shown"],
        pictures=pictures,
    )


def _in_unit(quantity: Decimal, kept_by: str, unit: Unit) -> Decimal:
    """What is there in the unit of the price; nothing where that is no fixed number of it."""
    found = converted(max(quantity, NOTHING), _UNITS[kept_by], unit)
    return found if found is not None else NOTHING
