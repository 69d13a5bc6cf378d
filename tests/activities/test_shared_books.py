"""What orders share is decided with the burst that asks, in its transaction: once, whatever is sent twice, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Saved
from models.dossier.records.shared_books import SharedAnswer, SharedBook, SharedQuestion
from tests.activities.conftest import NOW

PIECES = 60


def take_pieces(connection: Connection, order: str, question: SharedQuestion) -> dict[str, Any]:
    """A book of the tests: so many pieces, taken by one conditional update."""
    wanted = int(question.content["pieces"])
    statement = text("update test_pieces set pieces = pieces - :wanted where pieces >= :wanted")
    got = connection.execute(statement, {"wanted": wanted}).rowcount
    return {"taken": wanted if got else 0}


@pytest.fixture
def pieces(engine: Engine) -> Engine:
    with writing(engine) as connection:
        connection.execute(text("create table test_pieces (pieces integer not null)"))
        connection.execute(text("insert into test_pieces values (:pieces)"), {"pieces": PIECES})
    return engine


def left(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("select pieces from test_pieces")).scalar_one())


def recorder_at(engine: Engine) -> Recorder:
    return Recorder(engine, books={SharedBook.STOCK: take_pieces})


def question(key: str = "reserve:1", pieces: int = 1) -> SharedQuestion:
    content = {"pieces": str(pieces)}
    return SharedQuestion(key=key, book=SharedBook.STOCK, asked_at=NOW, sequence=1, content=content)


def burst(order: str, *questions: SharedQuestion, epoch: int = 0) -> Burst:
    return Burst(
        order=order,
        epoch=epoch,
        after_sequence=0,
        after_hash=FIRST_LINK,
        entries=[],
        rows=[],
        intentions=[],
        questions=list(questions),
    )


def taken(saved: Saved) -> list[int]:
    return [int(each.content["taken"]) for each in saved.answers]


def test_the_same_burst_twice_is_answered_alike_and_takes_once(pieces: Engine) -> None:
    recorder = recorder_at(pieces)
    saved = [recorder.record(burst("N-1", question(pieces=7))) for _ in range(3)]
    assert [taken(each) for each in saved] == [[7], [7], [7]]
    assert saved[0] == saved[2]
    assert saved[0].answers == [
        SharedAnswer(
            key="reserve:1",
            book=SharedBook.STOCK,
            asked=question(pieces=7).asked,
            answered_at=NOW,
            content={"taken": 7},
        )
    ]
    assert left(pieces) == PIECES - 7


def test_a_new_epoch_has_the_same_answer_and_another_question_another(pieces: Engine) -> None:
    """After a reset the same question is told what it was told; what is asked otherwise is worked out."""
    recorder = recorder_at(pieces)
    first = recorder.record(burst("N-1", question(pieces=7))).answers
    again = recorder.record(burst("N-1", question(pieces=7), epoch=1)).answers
    other = recorder.record(burst("N-1", question(pieces=8), epoch=2)).answers
    assert first == again
    assert (other[0].content, left(pieces)) == ({"taken": 8}, PIECES - 15)


def test_what_an_order_of_another_history_asks_is_not_answered(pieces: Engine) -> None:
    recorder = recorder_at(pieces)
    recorder.record(burst("N-1", epoch=3))
    saved = recorder.record(burst("N-1", question(pieces=7)))
    assert (saved.diverged, saved.answers, left(pieces)) == (True, [], PIECES)


def test_questions_are_answered_in_turn_and_each_order_has_its_own(pieces: Engine) -> None:
    recorder = recorder_at(pieces)
    saved = recorder.record(burst("N-1", question("a", 50), question("b", 20), question("c", 10)))
    assert [each.key for each in saved.answers] == ["a", "b", "c"]
    assert taken(saved) == [50, 0, 10]
    assert taken(recorder.record(burst("N-2", question("a", 1)))) == [0]


def test_what_fails_takes_nothing_and_is_asked_again(pieces: Engine) -> None:
    """The answer and what follows from it stand or fall with the burst."""

    def fails(connection: Connection, order: str, asked: SharedQuestion) -> dict[str, Any]:
        take_pieces(connection, order, asked)
        raise ConnectionError("away")

    with pytest.raises(ConnectionError):
        Recorder(pieces, books={SharedBook.STOCK: fails}).record(burst("N-1", question(pieces=7)))
    assert left(pieces) == PIECES
    assert taken(recorder_at(pieces).record(burst("N-1", question(pieces=7)))) == [7]


def test_many_orders_at_the_same_instant_take_what_is_there_and_no_more(pieces: Engine) -> None:
    """Each at a connection of its own, each burst delivered twice at once."""
    others = [engine_at(pieces.url.render_as_string(hide_password=False)) for _ in range(4)]
    recorders = [recorder_at(engine) for engine in others]
    gate = threading.Barrier(8)

    def ask(number: int) -> list[int]:
        gate.wait()
        found = []
        for n in range(number // 2, 100, 4):
            found += taken(recorders[n % 4].record(burst(f"N-{n}", question())))
        return found

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    for engine in others:
        engine.dispose()
    assert answers[0::2] == answers[1::2]
    assert sum(sum(each) for each in answers[0::2]) == PIECES
    assert left(pieces) == 0
