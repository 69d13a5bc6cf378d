"""The board page 经营看板: figures of today, week and month, what stands badly, how punctual we are; and what is behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from activities.figures.orders_behind import MOST_LISTED, Wanted, orders_behind
from gateway.context import door_of, in_database
from gateway.pages.figures.kept_figures import figures_for
from gateway.pages.rendering import page
from gateway.pages.shown import day_words
from gateway.security.staff_sessions import staff
from models.access import Caller
from models.figures.ageing import Age
from models.figures.charts import HEIGHT, WIDTH, columns, parts_of_hundred
from models.figures.figure_names import LEADS, KeyFigure
from models.figures.periods import Days, Span, days_of
from models.reports.responsibility import name_of
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Headline, PromiseCause, Role, Term, Words
from models.values.words import Bilingual

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_NOT_THEIRS = Words(
    "经营看板给营销总监、业务主管、客服主管和财务；业务员看自己的订单",
    "the board is for the marketing director, the supervisors and finance; a salesperson sees the own orders",
)
_NO_FIGURE = Words("没有这个数字", "there is no such figure")
_UP_TO = Words("{day} 及以前", "up to {day}")
_NO_DAY = Words("{text} 不是日期，请写成 2027-03-01", "{text} is no day; write it like 2027-03-01")
_LONGEST = 100
_LONG_PAST = timedelta(days=8)
"""Promised days before these stand together in one row."""
_Term = TypeVar("_Term", bound=Term)


def whose(caller: Caller) -> str:
    """The salesperson whose figures they see; empty: the whole company's. Raises Refusal(wrong_role) for who sees none."""
    if LEADS & set(caller.roles):
        return ""
    if Role.SALESPERSON in caller.roles:
        return caller.name
    raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where="/figures", rule="R86")


@router.get("/figures")
async def figures(request: Request, session: Who) -> HTMLResponse:
    """The figures at this moment, each with the way to its orders."""
    own = whose(session.caller)
    shown = await figures_for(request, own)
    if shown is None:
        return page(request, "figures/counting.html", session=session, active="figures")
    labels = [f"{each.days.first:%m-%d}" for each in shown.weeks]
    return page(
        request, "figures/figures.html", session=session, active="figures", shown=shown, own=bool(own),
        dangers=_dangers(shown.danger, business_date(shown.at)),
        list_of=list_of, days=lambda span: days_of(span, business_date(shown.at)), parts=parts_of_hundred,
        first=columns([each.first_share for each in shown.weeks], labels, of=2),
        current=columns([each.current_share for each in shown.weeks], labels, of=2, at=1),
        today=business_date(shown.at), chart=(WIDTH, HEIGHT), ages=list(Age), causes=_causes(), step_name=name_of, percent=_percent,
        figures={each.value: each for each in KeyFigure}, spans={each.value: each for each in Span},
    )  # fmt: skip


def _dangers(found: list[tuple[date, int]], today: date) -> list[tuple[date, int, bool]]:
    """By promised day, how many are in danger; the third says that it is all up to that day, for what is long past."""
    border = today - _LONG_PAST
    long_past = sum(count for day, count in found if day <= border)
    earlier = [(border, long_past, True)] if long_past else []
    return earlier + [(day, count, False) for day, count in found if day > border]


def list_of(**filters: object) -> str:
    """The address of the list of orders with these filters; those that say nothing are left out."""
    said = {name: str(value) for name, value in filters.items() if value not in (None, "")}
    return f"/orders?{urlencode(said)}"


def _percent(share: object) -> str:
    return "-" if share is None else f"{share:.0%}"


def _causes() -> Mapping[str, Bilingual]:
    return {each.value: each for each in PromiseCause}


@router.get("/figures/{figure}")
async def behind(
    request: Request,
    figure: str,
    session: Who,
    span: str = "",
    day: str = "",
    up_to: str = "",
    week: str = "",
    role: str = "",
    person: str = "",
    cause: str = "",
    step: str = "",
    promise: str = "",
    age: str = "",
    customer: str = "",
) -> HTMLResponse:
    """The orders that a figure counts."""
    door, own = door_of(request), whose(session.caller)
    wanted = Wanted(
        figure=_one_of(KeyFigure, figure), span=_one_of(Span, span or Span.MONTH.value), day=_day(day), up_to=_day(up_to), week=_day(week),
        role=_cut(role), person=_cut(person), cause=_cut(cause), step=_cut(step), age=_cut(age), customer=_cut(customer),
        promise="first_promised" if promise == "first" else "promised",
    )  # fmt: skip
    found = await in_database(orders_behind, door.engine, wanted, door.now(), own)
    return page(
        request, "figures/behind.html", session=session, active="figures", wanted=wanted, found=found,
        said=[*_said(wanted, business_date(door.now())), *_narrowed(wanted, door.names.of)], most=MOST_LISTED, also=_also(wanted),
        headlines={each.value: each for each in (*Headline, *Ending)},
    )  # fmt: skip


def _cut(text: str) -> str:
    return "".join(sign for sign in text[:_LONGEST] if ord(sign) >= 32)


def _one_of(terms: type[_Term], value: str) -> _Term:
    found = next((each for each in terms if each.value == value), None)
    if found is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_FIGURE, where=value[:_LONGEST])
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(Code.MALFORMED, _NO_DAY.filled(text=_cut(text)), where="day") from None


def _said(wanted: Wanted, today: date) -> list[Bilingual]:
    """Of which time the figure is, in words."""
    days = days_of(wanted.span, today)
    of_a_time = wanted.figure in (
        KeyFigure.NEW, KeyFigure.CONFIRMED, KeyFigure.SHIPPED, KeyFigure.COLLECTED, KeyFigure.DEAD, KeyFigure.SLIPS, KeyFigure.LATE,
    )  # fmt: skip
    found: list[Bilingual] = []
    if of_a_time and wanted.week is None:
        found += [wanted.span, _from_to(days)]
    if wanted.week is not None:
        found.append(_from_to(Days(wanted.week, wanted.week + timedelta(days=6))))
    if wanted.figure is KeyFigure.LATE:
        first = wanted.promise == "first_promised"
        found.append(
            Words("按首次承诺", "by the first promise")
            if first
            else Words("按现承诺", "by the promise in force")
        )
    return found


def _narrowed(wanted: Wanted, named: Callable[[str], Words]) -> list[Bilingual]:
    """Whose, why, where: what else narrows the figure, in words."""
    terms: dict[str, Bilingual] = {each.value: each for each in (*Role, *PromiseCause, *Age)}
    found = [terms.get(text, Words(text, text)) for text in (wanted.role, wanted.cause, wanted.age) if text]
    if wanted.person:
        found.append(named(wanted.person))
    if wanted.step:
        found.append(name_of(wanted.step))
    if wanted.day is not None:
        found.append(day_words(wanted.day))
    if wanted.up_to is not None:
        found.append(_UP_TO.filled(day=f"{wanted.up_to:%m-%d}"))
    return [*found, *([Words(wanted.customer, wanted.customer)] if wanted.customer else [])]


def _from_to(days: Days) -> Words:
    text = days.first.isoformat() if days.first == days.last else f"{days.first} – {days.last}"
    return Words(text, text)


def _also(wanted: Wanted) -> str:
    """The list of orders that comes nearest, to work on with; empty where it has no such filter."""
    if wanted.figure is KeyFigure.DANGER:
        return list_of(danger="yes", promised_from=wanted.day, promised_to=wanted.day or wanted.up_to)
    if wanted.figure is KeyFigure.OVERDUE:
        return list_of(overdue="yes", waits_role=wanted.role, waits_person=wanted.person)
    if wanted.figure is KeyFigure.BALANCES:
        return list_of(open="yes", unpaid="yes", customer=wanted.customer)
    return ""
