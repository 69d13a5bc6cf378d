"""Open steps of many orders handed over to one colleague (R13)."""

from __future__ import annotations

from collections.abc import Mapping

from activities.desk.handovers import Handover, hand_over
from activities.orders.views.order_views import OrderView
from gateway.context import Door, in_database
from gateway.pages.listing.many_acts import Work
from models.access import Caller
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words

_NOTHING = Words("此单没有待办", "nothing of this order waits")
_GIVEN = Words("已转交：{what}", "handed over: {what}")


def handing_over(door: Door, caller: Caller, values: Mapping[str, str], address: str) -> Work:
    """Hand over whatever of an order is the caller's to give and the colleague's to take."""
    to_person, reason = values.get("to_person", "").strip()[:300], values.get("reason", "")

    async def give(view: OrderView) -> Words:
        number, given, refused = view.order.number, list[Words](), Refusal(Code.NOT_ASKED, _NOTHING)
        for step in view.order.steps:
            asked = Handover(order_number=number, step=step.key, to_person=to_person, reason=reason)
            roles = {role.value for role in caller.roles}
            try:
                await in_database(hand_over, door.engine, asked, caller.name, roles, door.now(), address)
            except Refusal as refusal:
                if refusal.code in OF_THE_WORLD or refusal.code is Code.MISSING_FIELD:
                    raise
                refused = refusal
            else:
                given.append(Words(step.zh, step.en))
        if not given:
            raise refused
        return _GIVEN.filled(
            what=Words("；".join(each.zh for each in given), "; ".join(each.en for each in given))
        )

    return give
