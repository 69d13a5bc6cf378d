"""`link`, `links`, `revoke-link`: the links that open one order to its customer, and what was done by them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.session import ByOption, JsonOption, OrderArgument, session
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Words
from models.values.words import Bilingual
from runtime.databases import engine_of


def link(
    order: OrderArgument,
    only_to_see: Annotated[
        bool, typer.Option("--view", help="只供查看，不能签字 · only to see the order, not to sign")
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """给客户的链接：有确认书待签的用于签字，否则供查看 · a link for the customer: to sign the sheet in force, else to see the order.

    starter.py link 20270105-0001

    链接只显示这一次（库中只存其哈希）。签字链接 30 天有效（DINGDAN_LINK_DAYS），订单终结或该版确认书失效时随之失效；
    查看链接到订单终结后 14 天（DINGDAN_LINK_DAYS_AFTER_END）。
    """
    from activities.orders.requests import start_of
    from gateway.security.customer_links import address_of_link
    from models.customer_links import LinkPurpose

    current = session(as_json=as_json)
    start_of(engine_of(current.settings), order)
    purpose = LinkPurpose.ORDER if only_to_see else None
    address, made = address_of_link(current.settings, order, by or "", purpose, datetime.now(UTC))
    if as_json:
        current.speech.data(
            {
                "order": order,
                "link": address,
                "days": current.settings.link_days,
                "name": made.name,
                "purpose": made.purpose.value,
                "sheet_version": made.sheet_version,
            }
        )
    else:
        current.speech.line(address)


def links(order: OrderArgument, as_json: JsonOption = False) -> None:
    """订单的客户链接及其使用记录 · the links of an order, whether they are still good, and what was done by them.

    starter.py links 20270105-0001
    """
    from activities.access.customer_links import linked_order, links_of
    from models.customer_links import why_closed

    current = session(as_json=as_json)
    engine, now = engine_of(current.settings), datetime.now(UTC)
    known, state = links_of(engine, order), linked_order(engine, order)
    days = current.settings.link_days_after_end
    closed = [why_closed(each.link, state, now, days) for each in known]
    if as_json:
        current.speech.data(
            [
                {
                    **each.link.model_dump(mode="json", exclude={"link_hash"}),
                    "name": each.link.name,
                    "closed": None if why is None else {"zh": why.zh, "en": why.en},
                    "uses": [use.model_dump(mode="json") for use in each.uses],
                }
                for each, why in zip(known, closed, strict=True)
            ]
        )
        return
    current.speech.table(
        (Words("编号", "name"), Words("用途", "for"), Words("版", "version"), Words("生成", "made"), Words("谁", "by"),
         Words("状态", "state"), Words("使用", "uses")),
        [
            (each.link.name, each.link.purpose, each.link.sheet_version or "", each.link.made_at, each.link.made_by,
             why or Words("有效", "good"), [_said(use.use, use.last_at, use.times, use.address) for use in each.uses[:5]])
            for each, why in zip(known, closed, strict=True)
        ],
    )  # fmt: skip


def _said(use: Bilingual, at: datetime, times: int, address: str) -> Words:
    return Words(
        "{use} {at:%m-%d %H:%M} ×{times} {address}", "{use} {at:%m-%d %H:%M} ×{times} {address}"
    ).filled(use=use, at=at.astimezone(BUSINESS_ZONE), times=times, address=address)


def revoke_link(
    order: OrderArgument,
    name: Annotated[str, typer.Argument(help="链接编号（见 links） · the link's name, as `links` lists it", metavar="NAME")],
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """撤销一个客户链接 · from now on the link opens nothing.

    starter.py revoke-link 20270105-0001 0123456789abcdef
    """
    from activities.access.customer_links import revoke_link as revoke

    current = session(as_json=as_json)
    revoke(engine_of(current.settings), order, name, datetime.now(UTC), by or "")
    if as_json:
        current.speech.data({"order": order, "name": name})
    else:
        current.speech.say(f"链接 {name} 已撤销", f"link {name} is revoked")
