"""Customers' links in the order database: made, found by their hash, revoked; what was done by them, and how much a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, String, cast, func, or_, select, update

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.customer_links import SHOWN_DIGITS, CustomerLink, LinkedOrder, LinkPurpose, LinkUse
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_MOST_ADDRESSES = 100
"""Rows of one link and day that are kept apart by address; what comes from further ones is counted together."""
_OTHERS = "…"
_NO_LINK = Words("订单 {order} 没有链接 {name}", "order {order} has no link {name}")
_UNREAD = (DeskStepKind.UNREAD_SCAN.value, DeskStepKind.UNREAD_FILE.value)


class Quota(NamedTuple):
    """How much may be done by one link on a business day; `open_steps` how much may wait for a clerk at a time."""

    uploads: int
    bytes: int
    codes: int
    signatures: int
    open_steps: int


class UseView(BaseModel):
    """What was done by a link on a day from an address. Times UTC."""

    use: LinkUse
    address: str
    document: str
    first_at: datetime
    last_at: datetime
    times: int


class LinkView(BaseModel):
    """A link with what was done by it, the newest first."""

    link: CustomerLink
    uses: list[UseView] = []


def make_link(
    engine: Engine, link_hash: str, order: str, now: datetime, *, days: int, by: str, purpose: LinkPurpose | None = None
) -> CustomerLink:  # fmt: skip
    """Enter a link: to sign where a sheet is in force, unless it is only to see the order.

    Raises the refusals of `database.writing`.
    """
    with writing(engine) as connection:
        version = _order(connection, order).sheet_version
        signs = version is not None and purpose is not LinkPurpose.ORDER
        link = CustomerLink(
            link_hash=link_hash,
            order_number=order,
            purpose=LinkPurpose.SIGN if signs else LinkPurpose.ORDER,
            sheet_version=version if signs else None,
            made_at=now,
            made_by=by,
            expires_at=now + timedelta(days=days),
        )
        connection.execute(table("customer_links").insert().values(link.model_dump()))
    return link


def find_link(engine: Engine, link_hash: str) -> tuple[CustomerLink, LinkedOrder] | None:
    """A link by the hash of its secret, with what its life depends on; None where there is none."""
    links = table("customer_links")
    with reading(engine) as connection:
        row = connection.execute(select(links).where(links.c.link_hash == link_hash)).mappings().one_or_none()
        if row is None:
            return None
        return CustomerLink.model_validate(dict(row)), _order(connection, row["order_number"])


def linked_order(engine: Engine, number: str) -> LinkedOrder:
    """What of an order its links depend on."""
    with reading(engine) as connection:
        return _order(connection, number)


def _order(connection: Connection, number: str) -> LinkedOrder:
    orders = table("orders")
    query = select(orders.c.ended_at, orders.c.sheet_version).where(orders.c.number == number)
    row = connection.execute(query).one_or_none()
    if row is None:
        return LinkedOrder()
    return LinkedOrder(is_known=True, ended_at=row.ended_at, sheet_version=row.sheet_version)


def links_of(engine: Engine, order: str) -> list[LinkView]:
    """The links of an order, the newest first, each with its uses."""
    links, uses = table("customer_links"), table("link_uses")
    with reading(engine) as connection:
        rows = connection.execute(select(links).where(links.c.order_number == order)).mappings().all()
        hashes = [row["link_hash"] for row in rows]
        used = connection.execute(select(uses).where(uses.c.link_hash.in_(hashes))).mappings().all()
    views = {row["link_hash"]: LinkView(link=CustomerLink.model_validate(dict(row))) for row in rows}
    for row in sorted(used, key=lambda each: each["last_at"], reverse=True):
        views[row["link_hash"]].uses.append(UseView.model_validate(dict(row)))
    return sorted(views.values(), key=lambda view: view.link.made_at, reverse=True)


def revoke_link(engine: Engine, order: str, name: str, now: datetime, by: str) -> None:
    """From now on it opens nothing. Raises Refusal(unknown_order) where the order has no such link that is not revoked."""
    links = table("customer_links")
    is_it = (
        links.c.link_hash.startswith(name, autoescape=True)
        if len(name) >= SHOWN_DIGITS
        else links.c.link_hash == name
    )
    with writing(engine) as connection:
        done = connection.execute(
            update(links)
            .where(links.c.order_number == order, is_it, links.c.revoked_at.is_(None))
            .values(revoked_at=now, revoked_by=by)
        )
    if not done.rowcount:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_LINK.filled(order=order, name=name), where=name)


# --- what was done by a link -------------------------------------------------------------------------------------


def note_use(
    engine: Engine, link: CustomerLink, use: LinkUse, now: datetime, address: str, document: str = ""
) -> None:
    """Note that something was done by a link: the first and last time on a day from an address, and how often."""
    uses = table("link_uses")
    with writing(engine) as connection:
        same_day = (uses.c.link_hash == link.link_hash) & (uses.c.day == business_date(now))
        known = connection.scalar(
            select(uses.c.times).where(
                same_day, uses.c.use == use.value, uses.c.address == address, uses.c.document == document
            )
        )
        if known is None:
            count = connection.scalar(select(func.count()).select_from(uses).where(same_day)) or 0
            address = address if count < _MOST_ADDRESSES else _OTHERS
        key = {
            "link_hash": link.link_hash, "day": business_date(now), "use": use.value, "address": address,
            "document": document,
        }  # fmt: skip
        statement = insert_into(connection, uses).values(**key, first_at=now, last_at=now, times=1)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(key), set_={"last_at": now, "times": uses.c.times + 1}
            )
        )


def first_opening(engine: Engine, link: CustomerLink, document: str) -> UseView | None:
    """When, and from where, this very document was first opened by this link; None: it never was."""
    uses = table("link_uses")
    query = select(uses).where(
        uses.c.link_hash == link.link_hash, uses.c.use == LinkUse.OPENED.value, uses.c.document == document
    )
    with reading(engine) as connection:
        row = connection.execute(query.order_by(uses.c.first_at).limit(1)).mappings().one_or_none()
    return None if row is None else UseView.model_validate(dict(row))


# --- how much a day ------------------------------------------------------------------------------------------------


def take_upload(engine: Engine, link: CustomerLink, size: int, quota: Quota, now: datetime) -> bool:
    """Count an upload of so many bytes against the day; False: that is more than the day allows, and nothing is counted."""
    return _take(engine, link, now, {"uploads": (1, quota.uploads), "bytes": (size, quota.bytes)})


def take_signature(engine: Engine, link: CustomerLink, quota: Quota, now: datetime) -> bool:
    """Count an attempt to sign against the day; False: there were too many."""
    return _take(engine, link, now, {"signatures": (1, quota.signatures)})


def _take(engine: Engine, link: CustomerLink, now: datetime, wanted: dict[str, tuple[int, int]]) -> bool:
    with writing(engine) as connection:
        return count_against_the_day(connection, link.link_hash, now, wanted)


def count_against_the_day(
    connection: Connection, link_hash: str, now: datetime, wanted: dict[str, tuple[int, int]]
) -> bool:
    """Add to the day's figures where none passes its limit, in one statement: of many at once not one too many gets through."""
    days = table("link_days")
    key = {"link_hash": link_hash, "day": business_date(now)}
    empty = {"uploads": 0, "bytes": 0, "codes": 0, "signatures": 0}
    connection.execute(insert_into(connection, days).values(**key, **empty).on_conflict_do_nothing())
    fits: list[Any] = [days.c[name] + more <= most for name, (more, most) in wanted.items()]
    counted = connection.execute(
        update(days)
        .where(*(days.c[name] == value for name, value in key.items()), *fits)
        .values({name: days.c[name] + more for name, (more, _) in wanted.items()})
    )
    return bool(counted.rowcount)


def open_steps_of(engine: Engine, link: CustomerLink) -> int:
    """How many steps wait for a clerk because of what was uploaded or signed by this link."""
    desk, steps, uses = table("desk_steps"), table("open_steps"), table("link_uses")
    uploaded = select(uses.c.document).where(
        uses.c.link_hash == link.link_hash, uses.c.use == LinkUse.UPLOADED.value
    )
    with reading(engine) as connection:
        unread = connection.scalar(
            select(func.count()).select_from(desk).where(
                desk.c.kind.in_(_UNREAD), desk.c.closed_at.is_(None),
                cast(desk.c.about, String).like(f"%{file_mark(link)}%"),
            )
        )  # fmt: skip
        documents = connection.scalars(uploaded).all()
        marks = [f"verify_signature:link/{link.name}", *(f"verify_signature:{each}" for each in documents)]
        to_look_at = connection.scalar(
            select(func.count()).select_from(steps).where(
                steps.c.order_number == link.order_number, steps.c.closed_at.is_(None),
                or_(*(steps.c.key.startswith(mark, autoescape=True) for mark in marks)),
            )
        )  # fmt: skip
    return (unread or 0) + (to_look_at or 0)


def file_mark(link: CustomerLink) -> str:
    """What stands in the name of every file that was uploaded by this link."""
    return f"-{link.name}-"
