"""The company's home page, and what all pages of the company share: the ways, times with their year, changes in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from activities.store.company_changes import Teller
from gateway.context import door_of, keep_act
from gateway.pages.company.company_ways import ways_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff
from models.company.record_changes import ChangeWay
from models.company.record_words import change_words
from models.values.calendar import business_date
from models.values.vocabulary import Role, Words
from models.values.words import InvalidValue
from models.writing import printed_figures
from models.writing.written_dates import plain_day
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
SAID = {
    "saved": Words("已保存", "saved"),
    "entered": Words("已新建", "entered"),
    "verified": Words("已记为核实", "noted as verified"),
    "ended": Words("已结束", "ended"),
    "revoked": Words("已撤销，立即失效", "revoked, at once"),
    "paused": Words("已记下，到期恢复催收", "noted; reminders go on after that day"),
    "made": Words("已生成", "made"),
    "forward": Words("已提前，即刻发送", "brought forward; it is sent at once"),
    "nothing": Words("没有变化", "nothing changed"),
    "away": Words(
        "服务器暂时不可用，什么也没有发送，请稍后再试",
        "the server is away; nothing was sent, try again later",
    ),
    "run": Words("已运行", "it has run"),
    "price_ended": Words("已结束，从现在起按价目表计价", "ended; from now on the price list counts"),
    "assessed": Words(
        "评估已保存，进行中的订单随即重新核对", "the assessment is kept; open orders are looked at again"
    ),
    "former": Words("已新建，原价到前一天为止", "entered; the former price ends the day before"),
}


@router.get("/company")
async def company(request: Request, session: Who) -> HTMLResponse:
    """What there is of the company, for who is logged in."""
    return company_page(request, session, "company/home.html", "")


def company_page(
    request: Request, session: Session, name: str, here: str, http_status: int = 200, **values: Any
) -> HTMLResponse:
    """A page of the company, with the ways to the others."""
    said = SAID.get(request.query_params.get("said", ""))
    return page(
        request, name, http_status, session=session, active="company", ways=ways_of(session.caller), here=here,
        stamp=stamp, date_text=printed_figures.day, change_words=change_words, said=said, **values,
    )  # fmt: skip


def stamp(value: datetime | None) -> str:
    """A moment in business time with its year; `-` where there is none."""
    return printed_figures.moment(value) if value is not None else "-"


def today_of(request: Request) -> date:
    """The business day of the door's clock."""
    return business_date(door_of(request).now())


def teller_of(request: Request, session: Session) -> Teller:
    """Who changes a record by a page."""
    return Teller(session.caller.name, ChangeWay.PAGE, door_of(request).now())


def text_of(value: str, longest: int = 100) -> str:
    """A text of the address bar as it may be looked for: no control signs, no blanks around, not endless."""
    return "".join(
        sign for sign in value[:longest] if ord(sign) >= 32 and not 0xD800 <= ord(sign) < 0xE000
    ).strip()


def day_of(value: str, otherwise: date) -> date:
    """A day of the address bar; the other one where there is none that can be read."""
    try:
        return date.fromisoformat(plain_day(value.strip(), Manner.TYPED)) if value.strip() else otherwise
    except (InvalidValue, ValueError):
        return otherwise


async def note(request: Request, session: Session, act: str, role: Role | None) -> None:
    """Write down what was done, beside the history of changes."""
    await keep_act(request, session.caller.name, act, role)
