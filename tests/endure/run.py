"""One run: an estate, people who work, somebody who breaks things, and the judgement at the end."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, or_, select

from activities.store.database import engine_at, reading
from commands.desk.order_database import import_company
from commands.stories.story_door import keys_of
from models.policy import Policy
from models.tables.registry import table
from rehearsal.files import read_company
from rehearsal.simulation.demand import demand_of
from rehearsal.simulation.lives import Life, live
from runtime.settings import ROOT
from tests.endure.estate import Estate, at_rest, eventually
from tests.endure.faults import OF_THE_HOUSE, Fault, Faults
from tests.endure.invariants import broken
from tests.endure.people import People, Told, today
from tests.endure.ways_of_run import Ways
from tests.postgres import ThrowawayPostgres

_AFTER_KILL = (0.5, 2.0)
_PAUSED = (1.0, 6.0)


@dataclass(slots=True)
class Result:
    """What was done, what was seen, and what was not as it must be."""

    seed: int
    orders: int
    ways: dict[str, int]
    """How many of each."""
    facts: int
    seconds: float
    faults: Faults
    answers: dict[str, int]
    tries: dict[int, int]
    wrong: list[str] = field(default_factory=list)

    def missing(self, wanted: Sequence[Fault]) -> list[str]:
        """Faults that never happened."""
        return [fault.value for fault in wanted if not self.faults[fault]]


@dataclass(slots=True)
class Asked:
    """How long and how hard."""

    seed: int = 1
    orders: int = 100
    between_faults: tuple[float, float] = (2.0, 6.0)
    """Seconds from one fault to the next."""
    pace: float = 0.4
    faults: tuple[Fault, ...] = OF_THE_HOUSE
    """What is done to the house, in turn; the order is drawn."""
    restores: bool = True
    once: bool = False
    """Each fault once and then no more, so that work goes on: for a short run."""
    ways: int = 0
    """How many quotes, cases, contracts, orders from stock and of the shop are lived beside (`tests.endure.ways`)."""


def lives_of(asked: Asked) -> list[Life]:
    """What people will say to each order: random lives, drawn by the seed, that begin today."""
    company = read_company(ROOT / "stories")
    demand = demand_of(company, asked.orders, 7, asked.seed, today())
    return [live(wanted.under(Policy()), f"20300101-{at:05}") for at, wanted in enumerate(demand, start=1)]


def endure(asked: Asked) -> Result:
    """Live through it."""
    began, lives = time.monotonic(), lives_of(asked)
    with tempfile.TemporaryDirectory(prefix="dingdan-endure-") as folder, ThrowawayPostgres() as postgres:
        estate = Estate(Path(folder), postgres, asked.orders + asked.ways)
        try:
            return _judged(asked, estate, lives, began)
        finally:
            estate.stop()
            engine_at(estate.environment["DINGDAN_DATABASE_URL"]).dispose()


def _judged(asked: Asked, estate: Estate, lives: list[Life], began: float) -> Result:
    settings = estate.settings()
    engine = engine_at(settings.database_url)
    estate.start("server")
    estate.set_up()
    import_company(settings, lives[0].script.company)
    keys = keys_of(engine, [life.script for life in lives])
    estate.start()
    eventually("the door answers", estate.door_answers)
    faults = Faults()
    people = People(estate.url, keys, Random(f"{asked.seed}/people"), faults, asked.pace)
    ways = Ways(asked, estate, engine, faults)
    half = len(lives) // 2 if asked.restores else 0
    told, copy = list[Told](), ""
    if half:
        with _broken_all_the_while(asked, estate, faults, "first"):
            # What came another way is not compared with the server by the audit: it is all in the copy.
            told += asyncio.run(ways.beside(people.work(lives[:half])))
        settle(estate, engine)
        copy = _copied(estate, engine)
    with _broken_all_the_while(asked, estate, faults, "second"):
        told += asyncio.run(ways.beside(people.work(lives[half:])))
    settle(estate, engine)

    def looked() -> list[str]:
        return [*broken(engine, lives, told, ways.orders), *ways.broken()]

    wrong = [f"before the restore: {each}" for each in looked()] if half else []
    if half:
        faults[Fault.DATABASE_RESTORED] += 1
        _put_back(estate, engine, copy)
        settle(estate, engine)
    wrong += looked() + list(_audited(estate))
    answers = [answer for each in told for answer in each.answers.values()] + ways.answers
    return Result(
        seed=asked.seed,
        orders=len(lives),
        ways=ways.counted,
        facts=len(answers),
        seconds=time.monotonic() - began,
        faults=faults,
        answers={answer: answers.count(answer) for answer in sorted(set(answers))},
        tries=dict(sorted(people.tries.items())),
        wrong=wrong,
    )


@contextmanager
def _broken_all_the_while(asked: Asked, estate: Estate, faults: Faults, part: str) -> Iterator[None]:
    """Faults as long as the block runs; afterwards everything runs."""
    over = threading.Event()
    trouble: list[BaseException] = []

    def go_on() -> None:
        try:
            _break(asked, estate, faults, over, Random(f"{asked.seed}/faults/{part}"))
        except BaseException as error:  # noqa: BLE001 - told to the thread that judges
            trouble.append(error)

    breaking = threading.Thread(target=go_on)
    breaking.start()
    try:
        yield
    finally:
        over.set()
        breaking.join()
    estate.start()
    if trouble:
        raise trouble[0]


def _break(asked: Asked, estate: Estate, faults: Faults, over: threading.Event, chance: Random) -> None:
    """One fault after the other, each kind once before any comes again; the first round is finished."""
    done_once = False
    while not (over.is_set() and done_once):
        for fault in chance.sample(asked.faults, len(asked.faults)):
            if over.wait(chance.uniform(*asked.between_faults)) and done_once:
                return
            if _do(fault, estate, chance):
                faults[fault] += 1
        done_once = True
        if asked.once:
            return


def _do(fault: Fault, estate: Estate, chance: Random) -> bool:
    """Do it and mend it; False where this machine does not allow it."""
    away, paused = chance.uniform(*_AFTER_KILL), chance.uniform(*_PAUSED)
    worker = chance.choice(("worker-1", "worker-2"))
    if fault is Fault.DISK_FULL:
        return estate.fill_disk(paused)
    if fault is Fault.DATABASE_PAUSED:
        estate.postgres.pause(paused)
    elif fault is Fault.DATABASE_KILLED:
        estate.postgres.kill()
        time.sleep(away)
        estate.postgres.start()
    elif fault in (Fault.WORKER_PAUSED, Fault.SERVER_PAUSED):
        estate.pause(worker if fault is Fault.WORKER_PAUSED else "server", paused)
    else:
        name = {
            Fault.WORKER_KILLED: worker,
            Fault.SERVER_KILLED: "server",
            Fault.GATEWAY_KILLED: "gateway",
            Fault.PRESS_KILLED: "press",
        }[fault]
        estate.kill(name)
        time.sleep(away)
        estate.start(name)
    estate.start()
    return True


def settle(estate: Estate, engine: Engine) -> None:
    """Wait until nothing is left to do: no fact waits to be told, nothing to be printed or sent, and the journal is still."""

    def work_left() -> tuple[int, int, int]:
        inbox, outbox, journal = (table(name) for name in ("inbox", "outbox", "journal"))
        untold = select(func.count()).select_from(inbox)
        unprinted = outbox.c.content.is_not(None) & outbox.c.document.is_(None) & outbox.c.problem.is_(None)
        undone = select(func.count()).select_from(outbox).where(or_(outbox.c.routed.is_(False), unprinted))
        with reading(engine) as connection:
            return (
                connection.scalar(untold.where(inbox.c.told_at.is_(None), inbox.c.answer.is_(None))) or 0,
                connection.scalar(undone) or 0,
                connection.scalar(select(func.count()).select_from(journal)) or 0,
            )

    at_rest("facts to be told, papers to be printed or sent", work_left)


def _copied(estate: Estate, engine: Engine) -> str:
    """A copy of the order database, made while nobody writes; its name."""
    _let_go(estate, engine)
    copy = estate.postgres.create_database(estate.database)
    _go_on(estate)
    return copy


def _put_back(estate: Estate, engine: Engine, copy: str) -> None:
    """The copy is put in place of the order database; the audit brings it up to what the orders know."""
    _let_go(estate, engine)
    estate.postgres.put_in_place(copy, estate.database)
    _go_on(estate)
    for _ in range(2):  # what was healed is looked at once more
        code, said = estate.run("audit", "--repair", "--ended", "--json")
        if code not in (0, 12):
            sys.stderr.write(f"audit after the restore: {code}\n{said[-3000:]}\n")


def _let_go(estate: Estate, engine: Engine) -> None:
    for name in ("gateway", "press", "worker-1", "worker-2"):
        estate.kill(name)
    engine.dispose()


def _go_on(estate: Estate) -> None:
    estate.start()
    eventually("the door answers", estate.door_answers)


def _audited(estate: Estate) -> Iterator[str]:
    code, said = estate.run("audit", "--ended", "--json")
    if code:
        differences = json.loads(said).get("differences", said) if said.lstrip().startswith("{") else said
        yield f"the audit ends with {code}: {differences}"
