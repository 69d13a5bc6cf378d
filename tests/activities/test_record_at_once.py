"""The quick way of the recorder and the careful one come to the same: the same database, the same answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from activities.orders.recording.recorder import record_at_once, record_with_care
from activities.store.database import engine_at, reading, upgrade, writing
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.papers_due import Intention, Paper
from models.dossier.records.recording import Burst, Row, Saved
from models.tables.registry import Base, table
from models.values.vocabulary import Role
from tests.activities.conftest import NOW
from tests.postgres import ThrowawayPostgres

NUMBER = "20270105-0001"
_numbers = (f"20270105-{place:05d}" for place in itertools.count(10_001))
"""Every example is tried on an order of its own."""


def entry(sequence: int, previous: str, words: str) -> JournalEntry:
    """The entry is another one where its number, the one before or its words are."""
    return JournalEntry.linked(
        sequence, previous, EntryKind.FACT, words, NOW, NOW, "s-2", Role.FINANCE, "R53", {"n": "1"}
    )


def entries_after(before: list[JournalEntry], count: int, words: str) -> list[JournalEntry]:
    made = list(before)
    for _ in range(count):
        made.append(entry(len(made) + 1, made[-1].hash if made else FIRST_LINK, words))
    return made[len(before) :]


# --- any bursts ------------------------------------------------------------------------------------------------------


@st.composite
def rows_of_any_kind(draw: st.DrawFn) -> list[Row]:
    """Rows of all shapes: the order whole or in part, a step opened and closed, JSON, money, instants and dates."""
    moment = (NOW + timedelta(minutes=draw(st.integers(0, 3)))).isoformat()
    key, words = draw(st.sampled_from(("deposit", "sheet:1"))), draw(st.sampled_from(("甲", "b")))
    amount = draw(st.sampled_from(("0.00", "37.51")))
    made = {
        "phase": Row(table="orders", key={"number": NUMBER}, values={"phase": words}),
        "whole": Row(
            table="orders",
            key={"number": NUMBER},
            values={"headline": words, "ending": None, "total": amount, "placed_at": moment, "promised": "2027-03-01"},
        ),
        "step": Row(
            table="open_steps",
            key={"order_number": NUMBER, "key": key},
            values={
                "kind": "deposit", "roles": ["finance"], "people": [], "rule": "R33", "since": moment, "due": moment,
                "blocking": True, "overdue_at": None, "escalated_at": None, "zh": words, "en": words, "command": "c",
                "closed_at": None,
            },
        ),
        "closed": Row(table="open_steps", key={"order_number": NUMBER, "key": key}, values={"closed_at": moment}),
        "payment": Row(
            table="payments",
            key={"order_number": NUMBER, "reference": key},
            values={
                "amount": amount, "method": "bank", "purpose": "deposit", "paid_at": moment, "taken_by": words,
                "confirmed": True, "cleared": False, "bounced": False,
            },
        ),
    }  # fmt: skip
    return [made[name] for name in draw(st.lists(st.sampled_from(sorted(made)), max_size=5))]


@st.composite
def intentions(draw: st.DrawFn) -> list[Intention]:
    """Papers, of which some were due before under the same identity."""
    return [
        Intention(
            identity=f"receipt:{which}", paper=Paper.RECEIPT, to=(Role.CUSTOMER,), zh=words, en="li took it",
            rule="R10", created_at=NOW, sequence=1, named=("li",), content={"clerk": "li"} if which else None,
        )
        for which, words in draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab")), max_size=3))
    ]  # fmt: skip


@dataclass
class World:
    """What a workflow believes, and what it sent so far."""

    chain: list[JournalEntry] = field(default_factory=list)
    epoch: int = 0
    sent: list[Burst] = field(default_factory=list)

    def burst(self, draw: st.DrawFn, after: int, new: list[JournalEntry], *, rows: bool = True) -> None:
        """Send these entries, which stand after so many of the chain."""
        self.sent.append(
            Burst(
                order=NUMBER,
                epoch=self.epoch,
                after_sequence=after,
                after_hash=self.chain[after - 1].hash if after else FIRST_LINK,
                entries=new,
                rows=draw(rows_of_any_kind()) if rows else [],
                intentions=draw(intentions()),
            )
        )


def _next(draw: st.DrawFn, world: World) -> None:
    after, new = (
        len(world.chain),
        entries_after(world.chain, draw(st.integers(1, 4)), draw(st.sampled_from("aaab"))),
    )
    cut = draw(st.integers(0, len(new) - 1))
    world.chain += new
    if cut:
        world.burst(draw, after, new[:cut], rows=False)
    world.burst(draw, after + cut, new[cut:])


def _again(draw: st.DrawFn, world: World) -> None:
    if world.sent:
        world.sent.append(draw(st.sampled_from(world.sent)))


def _overlapping(draw: st.DrawFn, world: World) -> None:
    after = draw(st.integers(0, len(world.chain)))
    world.chain += entries_after(world.chain, draw(st.integers(0, 2)), "a")
    world.burst(draw, after, world.chain[after:])


def _only_rows(draw: st.DrawFn, world: World) -> None:
    world.burst(draw, draw(st.integers(0, len(world.chain))), [])


def _beyond(draw: st.DrawFn, world: World) -> None:
    """Entries that the workflow believes saved never came."""
    world.chain += entries_after(world.chain, 2, "lost")
    _only_rows(draw, world) if draw(st.booleans()) else _next(draw, world)


def _another_history(draw: st.DrawFn, world: World) -> None:
    """A reset: what came after is another, or by chance the same; the epoch begins before or after it is told."""
    del world.chain[draw(st.integers(0, len(world.chain))) :]
    if draw(st.booleans()):
        _next(draw, world)
    world.epoch += draw(st.integers(0, 2))


def _an_epoch_that_is_over(draw: st.DrawFn, world: World) -> None:
    epoch, world.epoch = world.epoch, max(world.epoch - 1, 0)
    _next(draw, world)
    world.epoch = epoch


MOVES: tuple[Callable[[st.DrawFn, World], None], ...] = (
    _next, _next, _next, _again, _overlapping, _only_rows, _beyond, _another_history, _an_epoch_that_is_over,
)  # fmt: skip


@st.composite
def sendings(draw: st.DrawFn) -> tuple[bool, list[Burst]]:
    """Whether the order was numbered before, and bursts as a sound or a confused workflow may send them."""
    world = World()
    for _ in range(draw(st.integers(1, 7))):
        draw(st.sampled_from(MOVES))(draw, world)
    return draw(st.booleans()), world.sent


# --- two databases of one kind ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine]]:
    """Two order databases, one for each way."""
    folder: Path = tmp_path_factory.mktemp("two")
    if request.param == "sqlite":
        urls = [f"sqlite:///{folder / name}.db" for name in ("quick", "careful")]
    else:
        server: ThrowawayPostgres = request.getfixturevalue("postgres")
        urls = [server.url(server.create_database()) for _ in range(2)]
    engines = [engine_at(url) for url in urls]
    for engine in engines:
        upgrade(str(engine.url))
        with writing(engine) as connection:
            connection.execute(table("staff").insert().values(person="li", name="李"))
    yield engines[0], engines[1]
    for engine in engines:
        engine.dispose()


def number_the_order(connection: Connection, number: str) -> None:
    connection.execute(table("orders").insert().values(number=number, head=FIRST_LINK, phase="intake"))


def content_of(engine: Engine, number: str) -> dict[str, list[str]]:
    """Everything the database holds of one order."""
    content: dict[str, list[str]] = {}
    with reading(engine) as connection:
        for name, rows in Base.metadata.tables.items():
            of_order = rows.c.number if name == "orders" else rows.c.get("order_number")
            if of_order is not None:
                found = connection.execute(select(rows).where(of_order == number)).mappings()
                content[name] = sorted(str(sorted(row.items())) for row in found)
    return content


def quickly(connection: Connection, burst: Burst) -> Saved:
    return record_at_once(connection, burst) or record_with_care(connection, burst)


def of_order(burst: Burst, number: str) -> Burst:
    """The same burst of another order."""
    rows = [
        row.model_copy(
            update={"key": {name: number if value == NUMBER else value for name, value in row.key.items()}}
        )
        for row in burst.rows
    ]
    return burst.model_copy(update={"order": number, "rows": rows})


@given(sending=sendings())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_come_to_the_same(two: tuple[Engine, Engine], sending: tuple[bool, list[Burst]]) -> None:
    numbered, bursts = sending
    number = next(_numbers)
    answers: list[list[Saved]] = []
    for engine, way in zip(two, (quickly, record_with_care), strict=True):
        answers.append([])
        if numbered:
            with writing(engine) as connection:
                number_the_order(connection, number)
        for burst in bursts:
            with writing(engine) as connection:
                answers[-1].append(way(connection, of_order(burst, number)))
    assert answers[0] == answers[1]
    assert content_of(two[0], number) == content_of(two[1], number)


# --- which bursts go the quick way -----------------------------------------------------------------------------------


def sent(new: list[JournalEntry], before: list[JournalEntry], epoch: int = 0) -> Burst:
    """These entries after those, with a row of the order."""
    return Burst(
        order=NUMBER, epoch=epoch, after_sequence=len(before), after_hash=before[-1].hash if before else FIRST_LINK,
        entries=new, rows=[Row(table="orders", key={"number": NUMBER}, values={"phase": "making"})], intentions=[],
    )  # fmt: skip


def test_a_life_goes_the_quick_way_from_its_first_burst_on(engine: Engine) -> None:
    chain = entries_after([], 7, "a")
    bursts = [
        sent(chain[:3], []),
        sent(chain[3:4], chain[:3]),
        sent([], chain[:4]),
        sent(chain[4:], chain[:4]),
    ]
    with writing(engine) as connection:
        number_the_order(connection, NUMBER)
    for burst in bursts:
        with writing(engine) as connection:
            saved = record_at_once(connection, burst)
        assert saved is not None
        assert saved.hash == (burst.entries[-1].hash if burst.entries else burst.after_hash)
    with reading(engine) as connection:
        orders = table("orders")
        row = connection.execute(select(orders.c.sequence, orders.c.head, orders.c.phase)).one()
    assert tuple(row) == (7, chain[-1].hash, "making")


def test_what_does_not_follow_on_writes_nothing_on_the_quick_way(engine: Engine) -> None:
    chain, other = entries_after([], 6, "a"), entries_after([], 6, "b")
    with writing(engine) as connection:
        number_the_order(connection, NUMBER)
        assert record_at_once(connection, sent(chain[:4], [])) is not None
    before = content_of(engine, NUMBER)
    strangers = {
        "again": sent(chain[:4], []),
        "a part again": sent(chain[2:], chain[:2]),
        "a gap": sent(chain[5:], chain[:5]),
        "a gap within": sent([chain[4], entry(7, chain[5].hash, "a")], chain[:4]),
        "another history": sent(other[4:], other[:4]),
        "another link": sent(other[4:], chain[:4]),
        "a later epoch": sent(chain[4:], chain[:4], epoch=1),
        "an earlier epoch": sent(chain[4:], chain[:4], epoch=-1),
        "rows from elsewhere": sent([], chain[:3]),
        "a wrong number": sent([], chain[:4]).model_copy(update={"after_sequence": 3}),
        "an order nobody numbered": sent(chain[4:], chain[:4]).model_copy(update={"order": "20270105-0002"}),
    }
    for what, burst in strangers.items():
        with writing(engine) as connection:
            assert record_at_once(connection, burst) is None, what
        assert content_of(engine, NUMBER) == before, what
    assert content_of(engine, "20270105-0002")["orders"] == []


def test_the_same_entry_in_a_later_epoch_is_kept_once(engine: Engine) -> None:
    """After a reset the order may live through the very same again: the old epoch has the entry already."""
    chain = entries_after([], 6, "a")
    for burst in (sent(chain, []), sent(chain[2:5], chain[:2], epoch=1)):
        with writing(engine) as connection:
            assert record_with_care(connection, burst).diverged is False
    with writing(engine) as connection:
        assert record_at_once(connection, sent(chain[5:], chain[:5], epoch=1)) is not None
    journal = table("journal")
    with reading(engine) as connection:
        kept = connection.execute(select(journal.c.epoch, journal.c.hash).order_by(journal.c.sequence)).all()
    assert [tuple(row) for row in kept] == [(0, each.hash) for each in chain]


# --- models that grow ------------------------------------------------------------------------------------------------


class LaterEntry(JournalEntry):
    """A journal entry as a later release may have it."""

    place: str = "上海"


@pytest.mark.parametrize("way", [record_at_once, record_with_care])
def test_a_field_that_a_journal_entry_gets_later_breaks_no_insert(
    engine: Engine, way: Callable[[Connection, Burst], Saved | None]
) -> None:
    grown = [LaterEntry(**each.model_dump()) for each in entries_after([], 2, "a")]
    with writing(engine) as connection:
        number_the_order(connection, NUMBER)
        saved = way(connection, sent(list(grown), []))
    assert saved == Saved(sequence=2, hash=grown[-1].hash)
