"""Orders of a house's story: each lives by the rules of orders as far as the story needs it, and is recorded as orders are.

Numbered by the product's own placing, lived by the pure rules, kept by the product's own recorder: so what the house looks at
are rows as every order leaves them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from activities.orders.recording.recorder import Recorder
from activities.orders.requests import open_request
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.request.order_start import OrderStart
from models.values.calendar import BUSINESS_ZONE, ONE_DAY, Calendar, business_date
from models.values.errors import Code, Refusal
from models.values.money import as_text
from models.values.vocabulary import Unit, Words
from rehearsal.house.house_script import HouseScript
from rehearsal.house.house_story import DatedGoods, FinishedOrders, day_of
from rehearsal.moments import shown_offset
from rehearsal.pure import play
from rehearsal.script import Script, script_of
from rehearsal.story import Company, CompanyPrice, Story

if TYPE_CHECKING:
    from sqlalchemy import Engine

_NAMED_AFTER = 3
"""Days after the order to the day that production names for one that is finished."""
_OTHERWISE = Words("订单 {order} 不能这样走：{zh}", "order {order} cannot live so: {en}")
_USUAL = Decimal(1000)
"""Of which the courses of the company make so many where nothing else is said."""
_FINISHED_BEFORE = timedelta(weeks=4)
_DATED_BEFORE = 3 * ONE_DAY


def order_of(
    house: HouseScript,
    name: str,
    begins: datetime,
    order: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
) -> Script:
    """An order of this house as a script. Raises Refusal that says what of it does not fit."""
    last = max((str(each["after"]) for each in events[-1:]), default="0m")
    told = {
        "name": f"{house.story.name}-{name}",
        "title": house.story.title.model_dump(),
        "order": dict(order),
        "policy": house.story.policy,
        "events": list(events),
        "expect": [{"after": f"{last} 3h" if events else last}],
    }
    return script_of(Story.model_validate(told), company_with(house), begins, begins=begins)


def company_with(house: HouseScript) -> Company:
    """The company with the prices of the story."""
    known = set(CompanyPrice.model_fields)
    prices = [
        CompanyPrice.model_validate({**each.model_dump(include=known), "product_name": each.name})
        for each in house.story.prices
    ]
    return house.company.model_copy(update={"prices": (*house.company.prices, *prices)})


def place(engine: Engine, script: Script) -> OrderStart:
    """Number the order in the house: who is in charge of it is found there and then (R131)."""
    start, _ = open_request(engine, script.request, script.start, script.policy)
    return start


def live(engine: Engine, script: Script, start: OrderStart) -> None:
    """Let a numbered order live as its script says, with the people whom it got, and record it.

    Raises Refusal(malformed_file) where it cannot live so: what the house would look at were not what the story says.
    """
    played = play(replace(script, staff=start.staff), start.number)
    order = played.order
    if order is None or played.differences:
        why = played.differences[0].words
        words = _OTHERWISE.filled(order=script.story.name, zh=why.zh, en=why.en)
        raise Refusal(Code.MALFORMED_FILE, words, where=script.story.name)
    Recorder(engine).record(
        Burst(
            order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows_of(order),
            intentions=order.unsent,
        )
    )  # fmt: skip


def dated(house: HouseScript, name: str, goods: DatedGoods) -> Script:
    """An order that production has dated and approval has passed; of its goods nothing is made yet."""
    begins = house.begins - _DATED_BEFORE
    days = (day_of(goods.due, house.begins) - business_date(begins)).days
    values = {"finish": days, "quantity": as_text(goods.quantity)}
    verified = {"after": "1h", "course": "verified", "with": values}
    return order_of(house, name, begins, goods_of(house, goods.product, goods.quantity), [verified])


def finished(house: HouseScript, name: str, orders: FinishedOrders) -> Script:
    """An order of four weeks ago, finished so many working days after the day that production first named."""
    day = business_date(house.begins - _FINISHED_BEFORE)
    monday = day - day.weekday() * ONE_DAY
    begins = datetime.combine(monday, house.story.start.time, BUSINESS_ZONE)
    named = monday + _NAMED_AFTER * ONE_DAY
    made = (Calendar().working_days_after(named, orders.late) - monday) if orders.late else named - monday
    events: list[dict[str, Any]] = [
        {"after": "1h", "course": "verified", "with": {"finish": _NAMED_AFTER}},
        {"after": "2h", "course": "confirmed"},
        {"after": "7h", "course": "handed_over"},
        {"after": shown_offset(made), "course": "made"},
        {"after": f"{shown_offset(made)} 2h", "course": "passed"},
    ]
    return order_of(house, name, begins, goods_of(house, orders.product, _USUAL), events)


def goods_of(house: HouseScript, product: str, quantity: Decimal) -> dict[str, Any]:
    """The one line of an order for so much of a product, at its price."""
    price = next(each for each in reversed(company_with(house).prices) if each.product == product)
    line = {
        "line": 1, "product": product, "specification": price.specification, "quantity": as_text(quantity),
        "unit": Unit(house.story.unit).value, "unit_price": as_text(price.unit_price),
    }  # fmt: skip
    return {"lines": [line]}
