"""Views of the list that a person keeps under a name: filters and sort, and nothing of what is found by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, select, update

from activities.listing.wanted import FILTERS
from activities.store.database import reading, writing
from activities.store.upsert import upsert
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

LONGEST_NAME = 40
MOST_VIEWS = 50
_NO_NAME = Words("请给视图起个名字", "give the view a name")
_LONG = Words("视图名最多 {most} 个字", "a view's name has at most {most} signs")
_MANY = Words("最多保存 {most} 个视图，请先删除不用的", "at most {most} views are kept; delete one first")
_UNKNOWN = Words("没有名为「{name}」的视图", "there is no view named “{name}”")
_TAKEN = Words("已有名为「{name}」的视图", "there is a view named “{name}” already")


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view: its name, and what is asked by it as it stands in an address."""

    name: str
    asked: dict[str, str]


def views_of(engine: Engine, person: str) -> list[KeptView]:
    """The views of a person, by name."""
    views = table("kept_views")
    query = select(views.c.name, views.c.asked).where(views.c.person == person).order_by(views.c.name)
    with reading(engine) as connection:
        return [KeptView(row.name, _asked(row.asked)) for row in connection.execute(query)]


def view_named(engine: Engine, person: str, name: str) -> KeptView:
    """One view. Raises Refusal(malformed) where the person has none of this name."""
    found = next((each for each in views_of(engine, person) if each.name == name.strip()), None)
    if found is None:
        raise Refusal(Code.MALFORMED, _UNKNOWN.filled(name=name[:LONGEST_NAME]), where="kept")
    return found


def keep_view(engine: Engine, person: str, name: str, asked: Mapping[str, str], now: datetime) -> str:
    """Keep a view; one of the same name is replaced. Returns its name as it is kept.

    Raises Refusal: missing_field (no name), too_large (name too long, too many views).
    """
    name, views = _named(name), table("kept_views")
    with writing(engine) as connection:
        count = select(func.count()).where(views.c.person == person, views.c.name != name)
        if (connection.scalar(count) or 0) >= MOST_VIEWS:
            raise Refusal(Code.TOO_LARGE, _MANY.filled(most=MOST_VIEWS), where="name")
        upsert(connection, views, {"person": person, "name": name}, {"asked": _asked(asked), "kept_at": now})
    return name


def rename_view(engine: Engine, person: str, name: str, to: str) -> str:
    """Give a view another name. Raises Refusal: malformed (no such view), contradiction (the name is taken)."""
    to, views = _named(to), table("kept_views")
    with writing(engine) as connection:
        if to != name and _is_there(connection, person, to):
            raise Refusal(Code.CONTRADICTION, _TAKEN.filled(name=to), where="name")
        this = (views.c.person == person) & (views.c.name == name)
        if not connection.execute(update(views).where(this).values(name=to)).rowcount:
            raise Refusal(Code.MALFORMED, _UNKNOWN.filled(name=name[:LONGEST_NAME]), where="kept")
    return to


def drop_view(engine: Engine, person: str, name: str) -> None:
    """Take a view away; one that is gone stays gone."""
    views = table("kept_views")
    with writing(engine) as connection:
        connection.execute(delete(views).where(views.c.person == person, views.c.name == name))


def _is_there(connection: Connection, person: str, name: str) -> bool:
    views = table("kept_views")
    query = select(views.c.name).where(views.c.person == person, views.c.name == name)
    return connection.scalar(query) is not None


def _named(name: str) -> str:
    plain = " ".join(sign for sign in name.split() if sign)
    if not plain:
        raise Refusal(Code.MISSING_FIELD, _NO_NAME, where="name")
    if len(plain) > LONGEST_NAME:
        raise Refusal(Code.TOO_LARGE, _LONG.filled(most=LONGEST_NAME), where="name")
    return plain


def _asked(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: str(asked[name]) for name in (*FILTERS, "sort") if asked.get(name)}
