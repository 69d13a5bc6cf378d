"""`notices`: send what is due, and say what became of each notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from commands.session import JsonOption, Session, session
from models.reports.notice_routes import GROUP, DeliveryState
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from activities.notices.deliveries import DeliveryView

_MOST = 100


def notices(
    order: Annotated[
        str | None, typer.Argument(help="订单号；不写为全部 · an order; all without", metavar="ORDER")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="只看这一状态，如 waiting 或 待发 · only this state")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="现在就发送到期的 · send what is due now")] = False,
    most: Annotated[
        int, typer.Option("--most", min=1, help="最多显示几条 · at most so many, the newest")
    ] = _MOST,
    as_json: JsonOption = False,
) -> None:
    """通知：发给谁、走哪条路、发了没有（`make run` 时自动发送） · notices: to whom, by which way, what became of them.

    starter.py notices 20270105-0001 | starter.py notices --state rejected | starter.py notices --send

    谁收什么、走哪条路写在 notices.toml；文字模板在 templates/notices/。
    """
    from activities.notices.deliveries import deliveries_of
    from runtime.worker.post import build_post_office, build_router

    current = session(as_json=as_json)
    engine = engine_of(current.settings)
    wanted = _state(state)
    if send:
        build_router(current.settings).route_due()
        build_post_office(current.settings).send_due()
    found = deliveries_of(engine, order, wanted, most)
    if as_json:
        current.speech.data([each.model_dump(mode="json") for each in found])
    else:
        show_notices(current, found)


def show_notices(current: Session, found: list[DeliveryView]) -> None:
    """Notices with what became of them."""
    current.speech.table(
        (Words("订单", "order"), Words("通知", "notice"), Words("收件", "to"), Words("途径", "by"),
         Words("地址", "address"), Words("状态", "state"), Words("时间", "when"), Words("说明", "why")),
        [
            (
                each.order_number or "-", _first_line(each), _addressee(each.addressee), each.channel, each.address,
                each.state, each.sent_at or each.entered_at, each.problem or "",
            )
            for each in found
        ],
    )  # fmt: skip


def _first_line(delivery: DeliveryView) -> Words:
    return Words(delivery.zh.split("\n")[0], delivery.en.split("\n")[0])


def _addressee(value: str) -> Words | Role:
    if value == GROUP:
        return Words("群", "group")
    other = value or "-"  # one of the staff by id
    return next((role for role in Role if role.value == value), Words(other, other))


def _state(text: str | None) -> DeliveryState | None:
    if text is None:
        return None
    found = next((each for each in DeliveryState if text in (each.value, each.zh)), None)
    if found is None:
        allowed = ", ".join(f"{each.value} {each.zh}" for each in DeliveryState)
        words = Words(f"没有状态 {text}。有：{allowed}", f"there is no state {text}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words, where="--state")
    return found
