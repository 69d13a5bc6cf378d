"""The player on an order database: everything is done by the product's own activities, and looked at as its pages look."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from activities.desk.waiting import Tab, reader_of, waiting_now
from activities.scheduling.outlooks import outlooks_of
from activities.shop import accounts, carts
from activities.shop.carts import Holder
from activities.shop.checkouts import CheckedOut, check_out
from activities.shop.offers import shop_offers
from activities.shop.products import import_products
from activities.stock import warehouse
from activities.store import imports
from activities.store.absences import absences_of, end_absence, keep_absence, represented_by
from activities.store.database import reading
from models.absences import Absence
from models.access import Caller, CallerKind
from models.request.order_start import OrderStart
from models.scheduling.outlook import Outlook
from models.shop.accounts import Destination, Shopper
from models.shop.checkout import CheckoutForm, sums
from models.shop.terms import VERSION
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.calendar import ONE_DAY, business_date
from models.values.errors import Refusal
from models.values.quantity import NOTHING
from models.values.vocabulary import DeliveryMethod, Role, Words
from rehearsal.house import lived_orders
from rehearsal.house.house_script import HouseMove, HouseScript
from rehearsal.house.house_story import Away, CheckOut, HouseEvent, NewPrice, Placed, Wanted
from rehearsal.house.played import Came, PlayedHouse

if TYPE_CHECKING:
    from sqlalchemy import Engine

_DOORS = 6
"""Placing side by side."""
_STORIES = "stories"
_TO = Destination(consignee="王芳", phone="13812345678", address="深圳市宝安区新安路 12 号")
_ID = 32
_WEEK = timedelta(weeks=1)
T = TypeVar("T")


def play(engine: Engine, script: HouseScript) -> PlayedHouse:
    """The story from its first moment to its last, in a database with the company and no order. Raises Refusal where what there
    is to begin with does not fit the company.
    """
    house, played = _House(engine, script), PlayedHouse(script)
    try:
        house.furnish()
    except Refusal as refusal:
        words = Words(
            f"故事 {script.story.name}：{refusal.words.zh}", f"story {script.story.name}: {refusal.words.en}"
        )
        raise Refusal(refusal.code, words, where=refusal.where) from None
    for move in script.moves:
        if move.event is not None:
            played.done(move, house.does(move))
        else:
            played.looked(move, house)
    return played


def _at_once(doing: Sequence[Callable[[], T]], most: int) -> list[T]:
    """Do these, so many side by side that begin at the same instant; what came of each, in their order."""
    most = min(most, len(doing))
    if most == 1:
        return [each() for each in doing]
    gate = threading.Barrier(most)
    with ThreadPoolExecutor(most, initializer=gate.wait) as doors:
        return list(doors.map(lambda each: each(), doing))


class _House:
    """One house in one order database, and what was seen in it."""

    def __init__(self, engine: Engine, script: HouseScript) -> None:
        self.engine, self.script, self.story = engine, script, script.story
        self.placed: list[OrderStart] = []
        self.before = 0
        self.seen: dict[str, tuple[int, Decimal]] = {}
        """By buyer the version of the cart and its sum, as they looked at it last."""
        self.doing: dict[str, Callable[[HouseEvent, HouseMove], Came]] = {
            "puts": self._put, "sees": self._look, "acknowledges": self._acknowledge, "checks_out": self._check_out,
            "price": self._price, "places": self._place, "away": self._leave, "back": self._return, "dates": self._date,
        }  # fmt: skip

    # --- what there is ---------------------------------------------------------------------------------------------

    def furnish(self) -> None:
        """Prices, people, catalogue, stock and machine lines, and the orders that were there before."""
        story, engine, before = self.story, self.engine, self.script.begins - _WEEK
        imports.import_prices(engine, list(story.prices))
        imports.import_staff(engine, list(story.staff))
        import_products(engine, list(story.products))
        imports.import_machine_lines(engine, list(story.lines))
        for place, each in enumerate(story.stock, start=1):
            warehouse.enter_item(engine, desk_acts.NewItem(product=each.product, unit=each.unit))
            came = desk_acts.GoodsCome(product=each.product, quantity=each.on_hand, source=StockMove.OPENING)
            warehouse.receive(engine, came, _STORIES, before, f"opening/{place}")
        past = [
            lived_orders.finished(self.script, f"finished-{place}-{number}", each)
            for place, each in enumerate(story.finished, start=1)
            for number in range(1, each.count + 1)
        ]
        past += [
            lived_orders.dated(self.script, f"dated-{place}", each)
            for place, each in enumerate(story.dated, start=1)
        ]
        for order in past:
            lived_orders.live(engine, order, lived_orders.place(engine, order))
        self.before = self._count()

    # --- what is done ----------------------------------------------------------------------------------------------

    def does(self, move: HouseMove) -> Came:
        """Do what an event says; a refusal is what came of it."""
        assert move.event is not None  # noqa: S101 - only events are done
        try:
            return self.doing[move.event.doing](move.event, move)
        except Refusal as refusal:
            return Came(refusal)

    def _put(self, event: HouseEvent, move: HouseMove) -> Came:
        assert event.puts is not None  # noqa: S101 - by its kind, as in each of these
        carts.put(
            self.engine, self._holder(event.by, move.at), event.puts.product, event.puts.quantity, move.at
        )
        return Came()

    def _look(self, event: HouseEvent, move: HouseMove) -> Came:
        policy = self.script.policy
        view = carts.look(self.engine, self._holder(event.by, move.at), policy.sample.free_pieces, move.at)
        found = sums(view, DeliveryMethod.COURIER, policy.shop.delivery).seen
        self.seen[event.by] = view.version, found
        return Came(total=found)

    def _acknowledge(self, event: HouseEvent, move: HouseMove) -> Came:
        carts.acknowledge(self.engine, self._holder(event.by, move.at), move.at)
        return Came()

    def _check_out(self, event: HouseEvent, move: HouseMove) -> Came:
        asked = event.checks_out or CheckOut()
        shopper = accounts.let_in(self.engine, event.by, move.at)
        version, seen = self.seen.get(event.by, (0, Decimal("0.00")))
        places = accounts.account_view(self.engine, shopper).places
        form = CheckoutForm(
            checkout=hashlib.sha256(f"{event.by}/{move.place}".encode()).hexdigest()[:_ID], cart_version=version, seen_total=seen,
            terms_version=VERSION, address=places[0].number if places else accounts.keep_address(self.engine, shopper, _TO),
        )  # fmt: skip
        came = _at_once([lambda: self._send(shopper, form, move.at)] * asked.clicks, asked.clicks)
        return Came(
            total=came[0].done.total,
            orders=frozenset(part.order for each in came for part in each.done.parts),
        )

    def _send(self, shopper: Shopper, form: CheckoutForm, now: datetime) -> CheckedOut:
        return check_out(self.engine, shopper, form, now, self.script.policy)

    def _price(self, event: HouseEvent, move: HouseMove) -> Came:
        said = event.price
        assert isinstance(said, NewPrice)  # noqa: S101
        known = next(
            each
            for each in reversed(lived_orders.company_with(self.script).prices)
            if each.product == said.product
        )
        row = imports.PriceRow(
            product=known.product, name=known.product_name, specification=known.specification, unit=known.unit,
            unit_price=said.unit_price, valid_from=business_date(move.at),
        )  # fmt: skip
        imports.import_prices(self.engine, [row])
        return Came()

    def _place(self, event: HouseEvent, move: HouseMove) -> Came:
        asked = event.places or Placed()
        scripts = [
            lived_orders.order_of(self.script, f"{move.place}-{number}", move.at, asked.order)
            for number in range(1, asked.count + 1)
        ]
        doing = [lambda script=script: lived_orders.place(self.engine, script) for script in scripts]
        starts = _at_once(doing, _DOORS if asked.at_once else 1)
        for script, start in zip(scripts, starts, strict=True):
            lived_orders.live(self.engine, script, start)
        self.placed += starts
        return Came(orders=frozenset(start.number for start in starts))

    def _leave(self, event: HouseEvent, move: HouseMove) -> Came:
        said = event.away
        assert isinstance(said, Away)  # noqa: S101
        first = business_date(move.at)
        last = first + (said.days - 1) * ONE_DAY if said.days is not None else None
        absence = Absence(person=said.person, first_day=first, last_day=last, deputy=said.deputy)
        keep_absence(self.engine, absence, said.person, move.at)
        return Came()

    def _return(self, event: HouseEvent, move: HouseMove) -> Came:
        for each in absences_of(self.engine, event.back, until_now=move.at):
            end_absence(self.engine, each.number, each.person, move.at)
        return Came()

    def _date(self, event: HouseEvent, move: HouseMove) -> Came:
        said = event.dates
        assert isinstance(said, Wanted)  # noqa: S101
        goods = lived_orders.goods_of(self.script, said.product, said.quantity)
        order = lived_orders.order_of(self.script, str(move.place), move.at, goods)
        start = lived_orders.place(self.engine, order)
        lived_orders.live(self.engine, order, start)
        with reading(self.engine) as connection:
            found = outlooks_of(connection, {start.number: None}, move.at, self.script.policy.schedule)
        outlook: Outlook | None = found.get(start.number, {}).get(1)
        return Came(orders=frozenset({start.number}), outlook=outlook)

    def _holder(self, by: str, now: datetime) -> Holder:
        shopper = accounts.let_in(self.engine, by, now)
        return Holder(account=shopper.account, customer=shopper.customer)

    # --- what is looked at -----------------------------------------------------------------------------------------

    def orders(self) -> int:
        """How many were taken in since the story began."""
        return self._count() - self.before

    def in_charge(self, role: Role) -> Counter[str]:
        """Of how many of the orders that the story placed each is in charge."""
        return Counter(start.staff.person(role) for start in self.placed)

    def at_desk(self, person: str, now: datetime) -> int:
        """How many steps this person's inbox has as theirs."""
        staff = table("staff")
        with reading(self.engine) as connection:
            named = connection.scalar(select(staff.c.roles).where(staff.c.person == person)) or ()
            lent = represented_by(connection, person, now)
        roles = tuple(role for role in Role if role.value in named)
        caller = Caller(
            name=person, kind=CallerKind.STAFF, roles=roles, represents=lent.people, covers=lent.covers, next_for=lent.next_for,
        )  # fmt: skip
        return waiting_now(self.engine, now).of(reader_of(caller), Tab.MINE).total

    def available(self, product: str, now: datetime) -> Decimal:
        """How much of it the shop offers."""
        offer = shop_offers(self.engine, business_date(now)).get(product)
        return offer.available if offer is not None else NOTHING

    def _count(self) -> int:
        with reading(self.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table("orders"))) or 0
