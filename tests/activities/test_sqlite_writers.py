"""The writers of one process take turns: nobody is overtaken, and nobody who gave up keeps the turn (R47)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import Engine, text

from activities.store import database
from activities.store.database import engine_at, reading, writing
from activities.store.sqlite_writers import Turns
from models.values.errors import Code, Refusal
from tests.runtime.watching import looks

LONG = 60.0


def waiting(turns: Turns, count: int) -> None:
    """Until so many wait."""
    for _ in looks(f"{count} wait"):
        if len(turns._waiting) >= count:
            return


def test_who_came_first_is_first() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(LONG)

    def write(who: int) -> None:
        assert turns.take(LONG)
        order.append(who)
        turns.give_back()

    threads = [Thread(target=write, args=(who,)) for who in range(8)]
    for at, thread in enumerate(threads, 1):
        thread.start()
        waiting(turns, at)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    assert turns.take(0)


def test_who_gave_up_does_not_keep_the_turn() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.001)
    assert not turns._waiting
    turns.give_back()
    assert turns.take(0)


def test_a_turn_that_comes_in_the_last_moment_is_taken() -> None:
    """Patience ends and the turn is given at once: it may not be lost between the two."""
    turns, taken = Turns(), list[bool]()
    for _ in range(200):
        assert turns.take(LONG)
        both = Barrier(2)

        def late(both: Barrier = both) -> None:
            both.wait()
            got = turns.take(0.0002)
            taken.append(got)
            if got:
                turns.give_back()

        thread = Thread(target=late)
        thread.start()
        both.wait()
        turns.give_back()
        thread.join()
        assert turns.take(0), "a turn was lost"
        turns.give_back()
    assert len(taken) == 200


@pytest.fixture
def file(tmp_path: Path) -> Engine:
    engine = engine_at(f"sqlite:///{tmp_path / 'turns.sqlite'}")
    with writing(engine) as connection:
        connection.execute(text("create table counted (number integer)"))
        connection.execute(text("insert into counted values (0)"))
    return engine


def test_writers_of_one_process_wait_for_each_other_and_lose_nothing(file: Engine) -> None:
    """Forty threads, each with ten transactions that read, think and write: no wait ends in a refusal."""

    def count(_: int) -> None:
        for _ in range(10):
            with writing(file) as connection:
                number = connection.execute(text("select number from counted")).scalar_one()
                connection.execute(text("update counted set number = :number"), {"number": number + 1})

    with ThreadPoolExecutor(40) as threads:
        list(threads.map(count, range(40)))
    with reading(file) as connection:
        assert connection.execute(text("select number from counted")).scalar_one() == 400


def test_a_writer_looks_often_while_another_process_writes(
    file: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address in other letters has turns of its own, as another process has. Left to itself SQLite would not look again
    for up to 100 ms, and beside writers that follow one another closely not in time."""
    there = engine_at(f"sqlite:///{tmp_path}/./turns.sqlite")
    pauses = list[float]()
    with writing(there) as other:
        other.execute(text("update counted set number = 41"))

        def paused(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 30:
                other.commit()

        monkeypatch.setattr(time, "sleep", paused)
        with writing(file) as connection:
            connection.execute(text("update counted set number = number + 1"))
    assert pauses == [0.001] * 30
    with reading(there) as connection:
        assert connection.execute(text("select number from counted")).scalar_one() == 42


def test_a_file_that_is_no_database_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "none.sqlite").write_text("no database " * 1000)
    with pytest.raises(Refusal) as refused, writing(engine_at(f"sqlite:///{tmp_path}/none.sqlite")):
        pass
    assert refused.value.code is Code.DATABASE_UNAVAILABLE


def test_a_writer_that_does_not_end_is_named_and_readers_go_on(
    file: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    begun, end = Event(), Event()

    def long() -> None:
        with writing(file):
            begun.set()
            end.wait()

    thread = Thread(target=long)
    thread.start()
    begun.wait()
    try:
        with pytest.raises(Refusal) as refused, writing(file):
            pass
        assert refused.value.code is Code.DATABASE_UNAVAILABLE
        assert "other writers did not end" in refused.value.words.en
        with reading(file) as connection:
            assert connection.execute(text("select number from counted")).scalar_one() == 0
    finally:
        end.set()
        thread.join()
    with writing(file):
        pass


def test_a_writer_that_fails_gives_its_turn_back(file: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(file):
        raise ZeroDivisionError
    with writing(file):
        pass
