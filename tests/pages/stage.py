"""A house full of orders without any engine: stories lived on the pure model and recorded by the product's own recorder.

It is the same each time: fixed days, no clock of the machine. Pages are looked at on it, by tests and for pictures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from activities.access.logins import log_in_as
from activities.documents.document_store import DocumentStore
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, upgrade
from commands.desk.order_database import StoryDesk, import_company
from gateway.app import create_app
from gateway.context import Door
from gateway.security.customer_links import link_for
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.order import Order
from models.order.projection import rows_of
from rehearsal.files import read_company, read_story
from rehearsal.pure import live_until
from rehearsal.script import Script, Telling, script_of
from runtime.server.ports import LOOPBACK, free_port
from runtime.settings import ROOT, Settings
from runtime.worker.paperwork import build_press
from runtime.worker.post import post_everything
from tests.pages.company_life import ADDRESS, bank_line, live, step_keys, to_pay
from tests.pages.shop_life import DONE, check_out_once, open_shop, rate_what_was_bought
from workflows.procedure import begin, entered, receive

NOW = datetime(2027, 3, 9, 7, tzinfo=UTC)
"""Tuesday 2027-03-09, 15:00 in business time: the moment at which the house is looked at."""
_STORIES = ROOT / "stories"


@dataclass(frozen=True, slots=True)
class Staged:
    """An order of the house: which story, how many days before NOW its story was made ready, how far it is told."""

    name: str
    story: str
    days_before: int
    most_moves: int = 10_000


ORDERS = (
    Staged("priced", "price-difference", 1, 1),
    Staged("small", "small-prepaid", 2),
    Staged("to_sign", "signed-by-link", 2, 5),
    Staged("made", "class-b-same-day", 2),
    Staged("slipped", "slip-over-weekend", 5),
    Staged("late", "production-exception", 9),
    Staged("open_balance", "balance-500-01", 9, 18),
    Staged("arrived", "carrier-collects", 9),
    Staged("on_account", "class-a", 12),
    Staged("played", "rework", 9),
    Staged("settled", "cash-on-site", 23),
)
"""In the order in which they were placed last; each stands somewhere else in its life."""


@dataclass(frozen=True, slots=True)
class House:
    """The installation, its door's address, the numbers of its orders by name, customers' links to two of them, the keys of
    the orders' first open steps, a sum of which the bank told, and the token of a customer who is logged in.
    """

    settings: Settings
    address: str
    numbers: dict[str, str]
    links: dict[str, str]
    steps: dict[str, str]
    bank_line: str
    customer: str

    def comes(self, person: str) -> str:
        """The token of a new session of somebody of the staff."""
        return log_in_as(engine_at(self.settings.database_url), person, NOW, LOOPBACK)

    def filled(self, path: str) -> str:
        """An address with the numbers, links and steps in it."""
        steps = {
            f"step_of_{name}": quote(self.steps.get(number, ""), safe="")
            for name, number in self.numbers.items()
        }
        links = {f"link_{name}": link.removeprefix(self.address) for name, link in self.links.items()}
        return self.address + path.format(**self.numbers, **links, **steps, bank_line=quote(self.bank_line))


def _lived(desk: StoryDesk, staged: Staged) -> Order:
    """The order as it stands at NOW, and no further than its story is told."""
    company = read_company(_STORIES)
    ready = NOW - timedelta(days=staged.days_before)
    script: Script = script_of(read_story(_STORIES / f"{staged.story}.yaml"), company, ready)
    order = begin(desk.open(script), script.start)
    for move in script.moves[: staged.most_moves]:
        if move.at > NOW:
            break
        live_until(order, move.at)
        if isinstance(move, Telling):
            receive(order, entered(move.envelope), move.at)
    live_until(order, NOW)
    return order


def _record(desk: StoryDesk, order: Order) -> None:
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows_of(order),
        intentions=order.unsent,
    )  # fmt: skip
    Recorder(desk.engine).record(burst)


def furnish(settings: Settings) -> tuple[dict[str, str], str]:
    """Make the house: company, log-ins, orders, papers and notices.

    The numbers of its orders by name; the token of its customer's session.
    """
    upgrade(settings.database_url)
    company = read_company(_STORIES)
    import_company(settings, company)
    desk = StoryDesk(settings)
    numbers = {}
    for staged in reversed(ORDERS):
        order = _lived(desk, staged)
        _record(desk, order)
        numbers[staged.name] = order.number
    people = [each.person for each in company.staff]
    customer = live(desk.engine, numbers, people, NOW)
    open_shop(desk.engine, DocumentStore(settings.documents), ADDRESS, NOW)
    rate_what_was_bought(desk.engine, numbers["settled"], NOW)
    intent = to_pay(desk.engine, numbers["made"], NOW)
    check_out_once(desk.engine, ADDRESS, numbers, intent, NOW)
    numbers |= {"intent": intent, "done": DONE}
    build_press(settings).print_due()
    post_everything(settings)
    return numbers, customer


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    """The house in this folder, with its door open on a free port for as long as the block runs. No engine is there."""
    address = f"{LOOPBACK}:{free_port()}"
    settings = Settings(
        var=folder, database_url=f"sqlite:///{folder / 'dingdan.db'}", gateway_address=address, example_company=False,
        sandbox=True, shop_provider="test",
    )  # fmt: skip
    numbers, customer = await asyncio.to_thread(furnish, settings)
    engine = engine_at(settings.database_url)
    door = Door(settings, engine, now=lambda: NOW)
    links = {
        name: link_for(settings, numbers[name], by="sales-li", now=NOW) for name in ("to_sign", "arrived")
    }
    serving, server = await _serve(settings, door)
    try:
        yield House(
            settings, f"http://{address}", numbers, links, step_keys(engine), bank_line(engine), customer
        )
    finally:
        server.should_exit = server.force_exit = True
        await serving


class _Still:
    """The door without what no picture waits for: a stream that never ends, and what an engine would say, for none is there.

    It is done here because a browser whose requests are looked at keeps nothing that it has fetched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith(("/events", "/next")):
            await Response(status_code=204)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _serve(settings: Settings, door: Door) -> tuple[asyncio.Task[None], uvicorn.Server]:
    host, _, port = settings.gateway_address.rpartition(":")
    server = uvicorn.Server(
        uvicorn.Config(
            _Still(create_app(settings, door)),
            host=host,
            port=int(port),
            log_level="warning",
            lifespan="off",
            access_log=False,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.02)
    return serving, server
