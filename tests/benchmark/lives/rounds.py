"""Whole lives beside the floors, in interleaved rounds: CPU of server, worker and client apart, and their ratios.

A round is a fresh server with a worker and a client of each way, which take turns: some lives each, again and again and
in another order each time, so that what neighbours do to the machine falls on all ways alike. Only one way lives at once.
"""

from __future__ import annotations

import base64
import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from temporalio.client import Client

from activities.store.database import upgrade
from runtime.connection import connect
from runtime.delivery.order_handles import workflow_id
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import register_attributes
from tests.benchmark.lives.client import BARE, FAIR, OURS, SIGNALS, UPDATE, Shape
from tests.benchmark.lives.processes import (
    READY,
    Started,
    cpu_of,
    environment_for,
    load,
    product_worker,
    settings_on,
)
from tests.benchmark.lives.table import Figure, median_figure, say, shown
from tests.postgres import ThrowawayPostgres
from tests.workflows.counting import names
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
MOST_TASKS_APART = 2
"""Rounds in which the ways differ by more workflow tasks a life do not compare like with like."""
TASKS_ASKED = 3
"""Bare asks nothing before a fact counts (two receipts, the credit) and has so many workflow tasks less."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways that are compared."""

    kind: str
    database: str = ""
    keys: str = ""
    """The payload keys of worker and client; empty: nothing is encrypted."""

    @property
    def words(self) -> str:
        """What it is called in tables."""
        return f"{self.kind} {self.database}{' encrypted' if self.keys else ''}".strip()


PLAIN = Way(OURS, SQLITE)
ENCRYPTED = Way(OURS, SQLITE, "measured:" + base64.b64encode(bytes(32)).decode())
"""The same lives with all payloads encrypted (`tests.benchmark.encryption`)."""
WAYS = (Way(BARE), Way(FAIR, SQLITE), Way(OURS, SQLITE), Way(FAIR, POSTGRES), Way(OURS, POSTGRES))


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    rounds: int = 5
    turns: int = 4
    """Of each way in a round."""
    orders: int = 6
    """Lived side by side in one turn."""
    warm_up: int = 4
    by: str = UPDATE
    pause: float = 0.2


QUICK = Extent(rounds=1, turns=1, orders=2, warm_up=1, pause=0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way took in a round: CPU in milliseconds an order, answers in milliseconds, lengths by the history."""

    worker: float
    server: float
    client: float
    database: float
    seconds: float
    p50: float
    p99: float
    events: float
    tasks: float

    @property
    def total(self) -> float:
        """All processes together."""
        return self.worker + self.server + self.client + self.database


Round = dict[Way, Cost]


@dataclass(slots=True)
class Place:
    """Where a round is: its server, its folder, and the PostgreSQL of the whole measurement."""

    server: EmbeddedServer
    client: Client
    folder: Path
    postgres: ThrowawayPostgres

    @contextmanager
    def database(self, way: Way) -> Iterator[str]:
        """An empty database of this way, set up for the product."""
        name = ""
        if way.database == POSTGRES:
            name = self.postgres.create_database()
            url = self.postgres.url(name)
        else:
            url = f"sqlite:///{self.folder / f'{way.words}.db'}"
        if way.kind == OURS:
            upgrade(url)
        yield url
        if name:
            self.postgres.drop_database(name)


async def measure_rounds(
    folder: Path, shape: Shape, extent: Extent, ways: Sequence[Way] = WAYS
) -> list[Round]:
    """All rounds; each is told as it ends."""
    found: list[Round] = []
    with ThrowawayPostgres() as postgres:
        for turn in range(extent.rounds):
            room = folder / f"round-{turn}"
            room.mkdir()
            async with EmbeddedServer(room, persistent=False, headless=True) as server:
                client = await connect(settings_on(server, room))
                await register_attributes(client, SEARCH_ATTRIBUTES)
                place = Place(server, client, room, postgres)
                found.append(await _round(place, ways, shape, extent, first=turn))
            _tell_round(turn + 1, found[-1])
    return found


@dataclass(slots=True)
class Runner:
    """Worker and client of one way, and what they took so far. CPU in milliseconds."""

    way: Way
    place: Place
    worker: Started
    client: Started
    spent: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    """Of the worker, the server, the database."""
    told: list[dict[str, Any]] = field(default_factory=list)

    def take_turn(self) -> None:
        """Some lives, and what everybody took meanwhile."""
        before = self._so_far()
        self.client.say("go")
        self.told.append(json.loads(self.client.heard("{")))
        now = self._so_far()
        self.spent = [sum(each) - then for *each, then in zip(self.spent, now, before, strict=True)]

    def _so_far(self) -> list[float]:
        stored = self.way.database == POSTGRES
        return [
            self.worker.cpu(),
            cpu_of(self.place.server.pid),
            cpu_of(self.place.postgres.pid, with_children=True) if stored else 0.0,
        ]

    async def cost(self) -> Cost:
        """All turns together."""
        numbers = [number for told in self.told for number in told["numbers"]]
        answered = [each for told in self.told for each in told["answered"]] or [0.0, 0.0]
        hundredths = statistics.quantiles(answered, n=100, method="inclusive")
        events, tasks = await _lengths(self.place.client, self.way, numbers)
        worker, server, database = (spent / len(numbers) for spent in self.spent)
        return Cost(
            worker=worker,
            server=server,
            client=sum(told["cpu"] for told in self.told) / len(numbers),
            database=database,
            seconds=sum(told["seconds"] for told in self.told),
            p50=hundredths[49],
            p99=hundredths[98],
            events=events,
            tasks=tasks,
        )


async def _round(place: Place, ways: Sequence[Way], shape: Shape, extent: Extent, first: int) -> Round:
    with ExitStack() as ending:
        runners = [ending.enter_context(_runner(place, way, shape, extent)) for way in ways]
        for turn in range(first, first + extent.turns):
            start = turn % len(runners)
            for runner in [*runners[start:], *runners[:start]]:
                runner.take_turn()
        return {runner.way: await runner.cost() for runner in runners}


@contextmanager
def _runner(place: Place, way: Way, shape: Shape, extent: Extent) -> Iterator[Runner]:
    """Worker and client of a way, warm."""
    arguments = {
        "series": f"202701{1 + (*WAYS, ENCRYPTED).index(way):02}",
        "way": way.kind,
        "by": extent.by,
        "orders": extent.orders,
        "at-once": extent.orders,
        "warm-up": extent.warm_up,
        "pause": extent.pause,
        "shape": json.dumps(asdict(shape)),
    }
    with place.database(way) as url:
        queue = f"bench-{way.words.replace(' ', '-')}"
        environment = environment_for(place.server, place.folder, database_url=url, queue=queue)
        if way.keys:
            environment["DINGDAN_PAYLOAD_KEYS"] = way.keys
        with _worker(way, environment, place.folder) as worker:
            client = Started(
                "-m",
                "tests.benchmark.lives.client",
                *(word for name, value in arguments.items() for word in (f"--{name}", str(value))),
                environment=environment,
                log=place.folder / "client.log",
            )
            try:
                client.heard(READY)
                yield Runner(way, place, worker, client)
            finally:
                client.end()


@contextmanager
def _worker(way: Way, environment: dict[str, str], folder: Path) -> Iterator[Started]:
    if way.kind == OURS:
        with product_worker(environment, folder) as worker:
            yield worker
        return
    worker = Started(
        "-m", "tests.benchmark.lives.floor_worker", environment=environment, log=folder / "floor.log"
    )
    try:
        worker.heard(READY)
        yield worker
    finally:
        worker.end()


async def _lengths(client: Client, way: Way, numbers: list[str]) -> tuple[float, float]:
    """Events and completed workflow tasks of a life, medians."""
    events, tasks = [], []
    for number in numbers:
        identity = workflow_id(number) if way.kind == OURS else f"{way.kind}-{number}"
        history = await client.get_workflow_handle(identity).fetch_history()
        events.append(len(history.events))
        tasks.append(names(history.events)["WORKFLOW_TASK_COMPLETED"])
    return statistics.median(events), statistics.median(tasks)


def unlike(costs: Round) -> bool:
    """Whether the ways of this round differ by too many workflow tasks to be compared."""
    tasks = [cost.tasks + (TASKS_ASKED if way.kind == BARE else 0) for way, cost in costs.items()]
    return max(tasks) - min(tasks) > MOST_TASKS_APART


def _tell_round(number: int, costs: Round) -> None:
    say(f"round {number} (load {load()}): CPU ms an order")
    for way, cost in costs.items():
        database = f"  database {cost.database:4.0f}" if cost.database else ""
        say(
            f"  {way.words:16} worker {cost.worker:4.0f}  server {cost.server:4.0f}  client {cost.client:3.0f}"
            f"{database}  total {cost.total:4.0f}  answer p50 {cost.p50:.0f} p99 {cost.p99:.0f} ms"
            f"  {cost.events:.0f} events {cost.tasks:.0f} tasks  {cost.seconds:.1f} s"
        )
    if unlike(costs):
        say(f"  NOT LIKE WITH LIKE: the ways differ by more than {MOST_TASKS_APART} workflow tasks a life")


def ratio_figures(rounds: Sequence[Round], by: str = UPDATE) -> list[Figure]:
    """The ratios of each round, and the cost of each way."""
    bare = Way(BARE)
    told = " by signals" if by == SIGNALS else ""
    figures: list[Figure] = []

    def ratio(name: str, words: str, values: list[float], must: float | None, aim: float | None) -> None:
        if by == SIGNALS:
            must = aim = None  # signals are taken together under load, which flatters
        figures.append(median_figure(name, words + told, values, must=must, aim=aim))

    for database in (SQLITE, POSTGRES):
        ours, fair, short = Way(OURS, database), Way(FAIR, database), database.lower()
        first = database == SQLITE
        ratio(
            f"{short}_fair", f"CPU total, ours / fair, {database}",
            [each[ours].total / each[fair].total for each in rounds], 1.35, 1.15,
        )  # fmt: skip
        ratio(
            f"{short}_bare", f"CPU total, ours / bare, {database}",
            [each[ours].total / each[bare].total for each in rounds],
            1.75 if first else None, 1.47 if first else None,
        )  # fmt: skip
        ratio(
            f"{short}_worker", f"worker, ours / bare, {database}",
            [each[ours].worker / each[bare].worker for each in rounds],
            1.85 if first else None, 1.5 if first else None,
        )  # fmt: skip
        ratio(
            f"{short}_server", f"server, ours / bare, {database}",
            [each[ours].server / each[bare].server for each in rounds], None, None,
        )  # fmt: skip
    ratio(
        "fair_bare", f"CPU total, fair {SQLITE} / bare (the commands' own price)",
        [each[Way(FAIR, SQLITE)].total / each[bare].total for each in rounds], None, None,
    )  # fmt: skip
    for way in WAYS:
        name = way.words.lower().replace(" ", "_")
        for part in ("worker", "server", "client", "database", "total"):
            values = [getattr(each[way], part) for each in rounds]
            if part != "database" or way.database == POSTGRES:
                words = f"{way.words}{told}: {part}"
                figures.append(median_figure(f"{name}_{part}", words, values, "ms an order"))
        if by == UPDATE:
            figures.append(
                median_figure(
                    f"{name}_p50", f"{way.words}: answer p50", [each[way].p50 for each in rounds], "ms"
                )
            )
    odd = sum(unlike(each) for each in rounds)
    figures.append(Figure("unlike_rounds", f"rounds whose workflow tasks differ by more than 2{told}", odd))
    return figures


def history_figures(events: int, actions: int, rounds: Sequence[Round]) -> list[Figure]:
    """How long a life's history is."""
    tasks = {way.words: statistics.median(each[way].tasks for each in rounds) for way in WAYS}
    lengths = {way.words: statistics.median(each[way].events for each in rounds) for way in WAYS}
    tell = ", ".join(f"{name} {shown(lengths[name])}/{shown(count)}" for name, count in tasks.items())
    return [
        Figure("events", "events of a life", events, spread=f"events/tasks: {tell}"),
        Figure("actions", "billable actions of a life", actions),
    ]
