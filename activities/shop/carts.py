"""Carts in the order database: an account's one cart, a visitor's until they log in, each for ninety days (R121)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from activities.shop.offers import offers_in
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.shop import cart as rules
from models.shop.cart import CART_LASTS, CartLine, CartView, is_forgotten, shown_cart
from models.shop.catalogue import Offer
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_ID_BYTES = 16
_NOT_NOW = Words("购物车一时改不了，请再试一次", "the cart could not be changed just now; try again")
Change = Callable[[Sequence[CartLine], Mapping[str, Offer]], Sequence[CartLine]]
"""What a change makes of the lines, given what is offered now."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose cart: an account's, or a visitor's by the id in their cookie; and of which customer its prices are."""

    account: str = ""
    cart: str = ""
    customer: str = ""


def new_cart_id() -> str:
    """The id of a visitor's cart."""
    return secrets.token_hex(_ID_BYTES)


def look(engine: Engine, holder: Holder, free_samples: int, now: datetime) -> CartView:
    """The cart as it stands now; an empty one where there is none, or it was left alone for ninety days."""
    with reading(engine) as connection:
        return look_in(connection, holder, free_samples, now)


def look_in(
    connection: Connection, holder: Holder, free_samples: int, now: datetime, *, to_write: bool = False
) -> CartView:
    """The same in a transaction; `to_write`: nobody else changes it until that is over."""
    row = _row(connection, holder, to_write=to_write)
    if row is None or is_forgotten(row["changed_at"], now):
        return CartView(0, ())
    lines = _lines(connection, row["cart"])
    offers = offers_in(connection, business_date(now), holder.customer, {each.product for each in lines})
    return shown_cart(row["version"], lines, offers, free_samples)


def count_lines(engine: Engine, holder: Holder, now: datetime) -> int:
    """How many lines a cart has, for the head of every page."""
    with reading(engine) as connection:
        row = _row(connection, holder)
        if row is None or is_forgotten(row["changed_at"], now):
            return 0
        kept = table("cart_lines")
        query = select(func.count()).select_from(kept).where(kept.c.cart == row["cart"])
        return connection.scalar(query) or 0


def put(
    engine: Engine, holder: Holder, product: str, quantity: Decimal, now: datetime, *, sample: bool = False
) -> None:
    """So many more of a product. Raises Refusal as `models.shop.cart.put_in`."""

    def more(lines: Sequence[CartLine], offers: Mapping[str, Offer]) -> Sequence[CartLine]:
        return rules.put_in(lines, offers.get(product), product, quantity, sample=sample)

    change(engine, holder, more, now, {product})


def set_quantity(
    engine: Engine, holder: Holder, product: str, quantity: Decimal, now: datetime, *, sample: bool = False
) -> None:
    """Just so many of a product; none: it is taken out. Raises Refusal as `models.shop.cart.with_quantity`."""

    def changed(lines: Sequence[CartLine], offers: Mapping[str, Offer]) -> Sequence[CartLine]:
        return rules.with_quantity(lines, offers.get(product), product, quantity, sample=sample)

    change(engine, holder, changed, now, {product})


def acknowledge(engine: Engine, holder: Holder, now: datetime) -> None:
    """The customer said yes to what is dearer, less or gone."""
    change(engine, holder, rules.acknowledged, now)


def merge(engine: Engine, visitors: str, holder: Holder, now: datetime) -> None:
    """What a visitor put in goes into the cart of the account that they logged in to; their own is gone."""
    carts = table("carts")
    if not visitors:
        return
    with reading(engine) as connection:
        theirs = _row(connection, Holder(cart=visitors))
        if theirs is None or is_forgotten(theirs["changed_at"], now):
            return
        brought = _lines(connection, visitors)

    def together(lines: Sequence[CartLine], offers: Mapping[str, Offer]) -> Sequence[CartLine]:
        return rules.merged(lines, brought, offers)

    change(engine, holder, together, now)
    with writing(engine) as connection:
        connection.execute(delete(table("cart_lines")).where(table("cart_lines").c.cart == visitors))
        connection.execute(delete(carts).where(carts.c.cart == visitors, carts.c.account.is_(None)))


def change(
    engine: Engine, holder: Holder, what: Change, now: datetime, products: set[str] | None = None
) -> None:
    """Change a cart, which is made where there is none; of two at once the second goes by what the first left.

    Raises what `what` raises; nothing is changed then.
    """
    for _ in range(3):
        try:
            with writing(engine) as connection:
                row = _held(connection, holder, now)
                known = [] if is_forgotten(row["changed_at"], now) else _lines(connection, row["cart"])
                wanted = {each.product for each in known} | (products or set())
                offers = offers_in(connection, business_date(now), holder.customer, wanted)
                write(connection, row["cart"], what(known, offers), now)
                return
        except IntegrityError:
            continue  # another window made the cart at this very moment
    raise Refusal(Code.REQUEST_CONFLICT, _NOT_NOW, where="cart", rule="R121")


def write(connection: Connection, cart: str, lines: Sequence[CartLine], now: datetime) -> None:
    """The lines of a cart are these now; it has one version more."""
    kept, carts = table("cart_lines"), table("carts")
    query = select(kept.c.product, kept.c.sample, kept.c.put_at).where(kept.c.cart == cart)
    put_at = {(row.product, row.sample): row.put_at for row in connection.execute(query)}
    connection.execute(delete(kept).where(kept.c.cart == cart))
    if lines:
        rows = [
            {**dict(each), "cart": cart, "place": place, "put_at": put_at.get(each.key, now)}
            for place, each in enumerate(lines, start=1)
        ]
        connection.execute(insert(kept), rows)
    newer = {"version": carts.c.version + 1, "changed_at": now}
    connection.execute(update(carts).where(carts.c.cart == cart).values(newer))


def _held(connection: Connection, holder: Holder, now: datetime) -> RowMapping:
    row = _row(connection, holder, to_write=True)
    if row is not None:
        return row
    _forget_old(connection, now)
    carts = table("carts")
    name = holder.cart if not holder.account and holder.cart else new_cart_id()
    new = {"cart": name, "account": holder.account or None, "version": 0, "changed_at": now}
    connection.execute(insert_into(connection, carts).values(new))
    found = _row(connection, holder if holder.account else Holder(cart=name), to_write=True)
    assert found is not None  # noqa: S101 - it was made a moment ago
    return found


def _row(connection: Connection, holder: Holder, *, to_write: bool = False) -> RowMapping | None:
    carts = table("carts")
    query = select(carts)
    if holder.account:
        query = query.where(carts.c.account == holder.account)
    else:
        query = query.where(carts.c.cart == holder.cart, carts.c.account.is_(None))
    query = query.with_for_update() if to_write else query
    return connection.execute(query).mappings().one_or_none()


def _lines(connection: Connection, cart: str) -> list[CartLine]:
    kept = table("cart_lines")
    query = select(kept.c.product, kept.c.sample, kept.c.quantity, kept.c.seen_price)
    rows = connection.execute(query.where(kept.c.cart == cart).order_by(kept.c.place)).mappings()
    return [CartLine.model_validate(dict(row)) for row in rows]


def _forget_old(connection: Connection, now: datetime) -> None:
    """Carts that were left alone too long go with the next one that is made."""
    carts, kept = table("carts"), table("cart_lines")
    old = select(carts.c.cart).where(carts.c.changed_at <= now - CART_LASTS)
    connection.execute(delete(kept).where(kept.c.cart.in_(old)))
    connection.execute(delete(carts).where(carts.c.changed_at <= now - CART_LASTS))


def empty_in(connection: Connection, account: str, now: datetime) -> None:
    """The account's cart after it was ordered: with nothing in it, and another version."""
    row = _row(connection, Holder(account=account), to_write=True)
    if row is not None:
        write(connection, row["cart"], (), now)
