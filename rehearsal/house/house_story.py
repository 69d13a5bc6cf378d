"""The story format of the house (`stories/house/`): what there is, what people do one after the other, what must come of it.

A story of an order is that order's life. What is told here happens before there is an order, or beside all of them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from activities.store.imports import MachineLineRow, PriceRow, StaffRow
from models.shop.catalogue import ProductRow
from models.values.calendar import BUSINESS_ZONE
from models.values.content import Content, Line, Name, Reference, Text
from models.values.errors import Code
from models.values.money import Money, UnitPrice
from models.values.quantity import PositiveQuantity, Quantity
from models.values.vocabulary import Role, Unit
from models.values.words import InvalidValue
from rehearsal.files import read_as
from rehearsal.moments import DayText, Offset, day_after
from rehearsal.story import MOST_ALIKE, Rule, Start, StoryStock, Title

FOLDER = "house"
"""Beneath the stories of orders."""
BUYER = "buyer@shop.example"
"""Who orders in the shop where nobody is named."""
_DAY = re.compile(r"day([+-]\d+)?")
_MOMENT = re.compile(r"(day(?:[+-]\d+)?) ([01]\d|2[0-3]):([0-5]\d)")


def _moment_text(value: str) -> str:
    if not _MOMENT.fullmatch(value):
        raise InvalidValue(
            "请写从开始算起的日子和钟点：day+3 09:30",
            "write a day by the start and an hour of business time: day+3 09:30",
        )
    return value


def _relative_day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise InvalidValue("请写从开始算起的日子：day+4", "write a day by the start: day+4")
    return value


MomentText = Annotated[
    str,
    AfterValidator(_moment_text),
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT.pattern}$"}),
]
"""A day by the start and an hour of it, business time: `day+3 09:30`."""
RelativeDay = Annotated[DayText, AfterValidator(_relative_day)]
"""A day by the start: `day+4`."""
Count = Annotated[int, Field(ge=1, le=MOST_ALIKE)]


def day_of(text: str, begins: datetime) -> date:
    """The business date of a day by the start."""
    return day_after(begins, int(text.removeprefix("day") or 0))


def moment_of(text: str, begins: datetime) -> datetime:
    """The moment of a day by the start and an hour of it."""
    day, _, clock = text.partition(" ")
    return datetime.combine(day_of(day, begins), time.fromisoformat(clock), BUSINESS_ZONE)


# --- what there is when the story begins ----------------------------------------------------------------------------


class DatedGoods(Content):
    """Goods of an order that production has dated and not made yet (R150)."""

    product: Name
    quantity: PositiveQuantity
    due: RelativeDay
    """Production's own day for them."""


class FinishedOrders(Content):
    """So many orders of a product that are finished, each so many working days after the day first named for it (R152)."""

    product: Name
    late: int = Field(ge=0, le=10)
    count: Count = 1


# --- what people do -------------------------------------------------------------------------------------------------


class PutIn(Content):
    """So many of a product go into the cart."""

    product: Name
    quantity: PositiveQuantity


class CheckOut(Content):
    """The cart is sent as it was seen last, so many times at the same instant."""

    clicks: int = Field(default=1, ge=1, le=8)


class NewPrice(Content):
    """A price of the price list from this day on."""

    product: Name
    unit_price: UnitPrice


class Placed(Content):
    """So many orders alike are placed; `order` overrides the company's. `at_once`: side by side, as by several doors."""

    count: Count = 1
    order: dict[str, Any] = Field(default_factory=dict)
    at_once: bool = False


class Away(Content):
    """Somebody is away from this day on, for so many days or until they are back; the deputy of the staff list acts, or this one."""

    person: Name
    days: int | None = Field(default=None, ge=1, le=365)
    deputy: Line = ""


class Wanted(Content):
    """Production is asked for a day for so much of a product, behind everything that is dated."""

    product: Name
    quantity: PositiveQuantity


class Proposed(Content):
    """What is proposed; what is not named is not looked at. `sure`: by day, how many in a hundred were finished by such a day."""

    line: Reference | None = None
    begins: MomentText | None = None
    ends: MomentText | None = None
    finished: RelativeDay | None = None
    orders_before: int | None = Field(default=None, ge=0)
    sure: dict[RelativeDay, int] | None = None
    """Of the day that is proposed, and of the first that reaches 90 %. Empty: the past says nothing yet."""


class HouseEvent(Content):
    """Somebody does one thing, after a span of time; with what must come of it at once."""

    after: Offset
    by: Reference = BUYER
    """Of the shop's acts: which address is logged in."""
    puts: PutIn | None = None
    sees: Money | None = None
    """The cart is looked at, and comes to this with its delivery fee."""
    acknowledges: Literal[True] | None = None
    """The customer says yes to what is dearer or less."""
    checks_out: CheckOut | None = None
    price: NewPrice | None = None
    places: Placed | None = None
    away: Away | None = None
    back: Name | None = None
    """Somebody is there again."""
    dates: Wanted | None = None
    refused: Code | None = None
    """The code with which it is refused; without it anything but a refusal is right."""
    says: tuple[Text, ...] = ()
    """What the refusal says, in either language."""
    total: Money | None = None
    """What the checkout asks for."""
    becomes: int | None = Field(default=None, ge=0)
    """How many orders the checkout became, all clicks taken together."""
    proposes: Proposed | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> HouseEvent:
        if sum(getattr(self, name) is not None for name in DOINGS) != 1:
            raise InvalidValue(
                f"一件事须是其中一项：{'、'.join(DOINGS)}", f"an event is one of {', '.join(DOINGS)}"
            )
        if self.says and self.refused is None:
            raise InvalidValue("says 只用于被拒绝的事（refused）", "says is of what is refused")
        if self.checks_out is None and (self.total is not None or self.becomes is not None):
            raise InvalidValue("total 和 becomes 只用于 checks_out", "total and becomes are of checks_out")
        if self.dates is None and self.proposes is not None:
            raise InvalidValue("proposes 只用于 dates", "proposes is of dates")
        return self

    @property
    def doing(self) -> str:
        """Which of the things it is."""
        return next(name for name in DOINGS if getattr(self, name) is not None)


DOINGS = ("puts", "sees", "acknowledges", "checks_out", "price", "places", "away", "back", "dates")
"""Everything that an event can be."""
ON_RULES = ("dates",)
"""What the pure rules can do without an order database."""


class HouseExpectation(Content):
    """What must be true of the house at a moment; what is not named is not looked at."""

    after: Offset
    orders: int | None = Field(default=None, ge=0)
    """How many orders were taken in since the story began."""
    spread: dict[Role, tuple[int, ...]] | None = None
    """Of these how many each of a role's people is in charge of, the most first."""
    in_charge: dict[Role, dict[Name, int]] | None = None
    """The same by person."""
    desks: dict[Name, int] | None = None
    """How many steps are at somebody's desk as theirs to do, also as deputy."""
    available: dict[Name, Quantity] | None = None
    """How much of a product the shop still offers."""

    @property
    def looks(self) -> bool:
        """Whether anything is looked at."""
        return bool(self.model_fields_set - {"after"})


class HouseStory(Content):
    """A story of the house. `prices`, `staff`, `products`, `stock` and `lines` come to those of the company, `policy` over its own."""

    name: Name = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Title
    rules: tuple[Rule, ...] = Field(min_length=1)
    """A house keeps no journal that could name them."""
    start: Start = Start()
    policy: dict[str, Any] = Field(default_factory=dict)
    prices: tuple[PriceRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    products: tuple[ProductRow, ...] = ()
    """Of the shop's catalogue."""
    stock: tuple[StoryStock, ...] = ()
    lines: tuple[MachineLineRow, ...] = ()
    dated: tuple[DatedGoods, ...] = ()
    finished: tuple[FinishedOrders, ...] = ()
    unit: Unit = Unit.ROLL
    """In which goods are counted that are dated, finished or asked for."""
    events: tuple[HouseEvent, ...] = Field(min_length=1)
    expect: tuple[HouseExpectation, ...] = ()

    @property
    def needs_database(self) -> bool:
        """Whether something in it is decided where all orders are kept, so that the pure rules alone cannot play it."""
        return any(each.doing not in ON_RULES for each in self.events) or any(
            each.looks for each in self.expect
        )


def read_house_story(path: Path) -> HouseStory:
    """The story in a file. Raises Refusal that names file and field."""
    return read_as(HouseStory, path)
