"""A form filled in from what is known: an order like an earlier one, or the terms of a customer's last order."""

from __future__ import annotations

from collections.abc import Mapping

from activities.entry.last_orders import last_order
from activities.orders.requests import start_of
from gateway.context import Door, in_database
from models.access import Caller
from models.forms.order_form import MOST_LINES, filled_as, filled_by_sample, is_goods
from models.order.kinds.kind import KINDS
from models.request.order_request import OrderRequest
from models.values.vocabulary import Role, Words
from runtime.order_now import order_now

_LIKE = Words(
    "已照订单 {number} 填好，请核对数量和日期后下单。",
    "filled in like order {number}: look at quantities and dates, then place it.",
)
_CUT = Words(
    "原单有 {all} 行，这里只填了前 {most} 行；其余请用文件下单。",
    "that order has {all} lines, and the first {most} are here; place the others as a file.",
)
_BY_SAMPLE = Words(
    "按样品 {number} 下单：请填数量和单价；已付的样品费 90 天内抵扣一次。",
    "an order by the sample {number}: fill in quantity and price; its fee, if paid, is credited once in time.",
)
_TERMS = Words(
    "已照 {number} 填好联系人、地址和条款；货物可点“照上次的货”。",
    "contact, address and terms are as in {number}; press “goods as last time” for its goods.",
)
_WHOLE = Words(
    "已照 {number} 填好条款和货物，请核对数量。",
    "terms and goods are as in {number}: look at the quantities.",
)
_NO_LAST = Words("此客户还没有订单，没有可照填的。", "this customer has no order yet to fill it in from.")


async def as_order(door: Door, caller: Caller, number: str) -> tuple[dict[str, str], Words]:
    """The form like this order as it is now. Raises Refusal(unknown_order, wrong_role) where it is not theirs to see."""
    start = await in_database(start_of, door.engine, number)
    caller.require_sight(number, start.customer.customer, start.staff.person(Role.SALESPERSON))
    request = await _request_of(door, number)
    words = _LIKE.filled(number=number)
    if len(request.lines) > MOST_LINES:
        cut = _CUT.filled(all=len(request.lines), most=MOST_LINES)
        words = Words(words.zh + cut.zh, f"{words.en} {cut.en}")
    filled = filled_as(request)
    if KINDS[request.fulfilment].tries_samples:
        return filled_by_sample(filled, number), _BY_SAMPLE.filled(number=number)
    return filled, words


async def as_last_of(
    door: Door, caller: Caller, filled: Mapping[str, str], *, goods: bool
) -> tuple[dict[str, str], Words]:
    """The form with what is empty in it filled in as in the customer's last order that this person may see."""
    found = await in_database(last_order, door.engine, filled["customer"], caller.only_salesperson)
    if found is None:
        return dict(filled), _NO_LAST
    last = filled_as(await _request_of(door, found))
    typed = {name: value for name, value in filled.items() if value.strip()}
    if goods:
        # goods as last time are those goods, and no mixture with what was typed
        last_goods = {name: value for name, value in last.items() if is_goods(name)}
        kept = {name: value for name, value in typed.items() if not is_goods(name)}
        return {**last, **kept, **last_goods}, _WHOLE.filled(number=found)
    return {**{name: value for name, value in last.items() if not is_goods(name)}, **typed}, _TERMS.filled(
        number=found
    )


async def _request_of(door: Door, number: str) -> OrderRequest:
    """What is ordered now, with every amendment (R83)."""
    return (await in_database(order_now, door.engine, number)).request.without_checkout
