"""Pre-sale batches in the order database: never sold beyond, set apart by placing time, on both databases (R113, R114)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from activities.orders.recording.recorder import Recorder
from activities.stock import presale, stock_lists, warehouse
from activities.stock.forgotten import give_back, kept_after_the_end
from activities.store.database import engine_at, reading, writing
from models.stock import batch_acts, desk_acts
from models.stock.stock_questions import StockReply
from models.stock.stock_words import BatchPayment, StockState
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit
from tests.activities.conftest import NOW
from tests.activities.test_stock import ask as ask_stock
from tests.activities.test_stock import burst, told, with_stock

BY = "buyer-tang"
COMES = date(2030, 3, 15)


def with_batch(engine: Engine, quantity: str, **changes: Any) -> Engine:
    warehouse.enter_item(engine, desk_acts.NewItem(product="A", unit=Unit.ROLL))
    said = batch_acts.NewBatch(
        **{"batch": "P-1", "product": "A", "quantity": Decimal(quantity), "expected": COMES, **changes}
    )
    presale.offer_batch(engine, said, BY, NOW)
    return engine


def ask(engine: Engine, order: str, act: str, *lines: tuple[str, str], **how: Any) -> StockReply:
    asked = burst(order, act, *lines, **how)
    asked.questions[0].content["presale"] = True
    return StockReply.model_validate(Recorder(engine).record(asked).answers[0].content)


def figures(engine: Engine) -> tuple[int, int, int, int]:
    """Offered and not left, sold, to be inspected, there."""
    item = presale.batch(engine, "P-1")
    assert item is not None
    assert item.batch is not None
    return int(item.on_hand), int(item.reserved), int(item.batch.to_inspect), int(item.batch.there)


def comes(engine: Engine, quantity: int, passed: int, key: str = "1") -> None:
    presale.receive_batch(
        engine, batch_acts.BatchReceived(batch="P-1", quantity=Decimal(quantity)), BY, NOW, f"in/{key}"
    )
    judged = batch_acts.BatchJudged(
        batch="P-1", passed=Decimal(passed), scrapped=Decimal(quantity - passed), reason="验收"
    )
    presale.inspect_batch(engine, judged, "qc-he", NOW, f"judged/{key}")


def test_a_batch_lives_from_offered_to_completed(engine: Engine) -> None:
    """R113, R114: each form sent twice counts once; who is told what; what is left over is in stock."""
    with_batch(engine, "100", payment=BatchPayment.WHOLE)
    reply = ask(engine, "N-1", "reserve", ("A", "60"))
    assert (reply.state, reply.expected, reply.payment) == (StockState.HELD, COMES, BatchPayment.WHOLE)
    assert (reply.lines[0].batch, reply.lines[0].ready, figures(engine)) == ("P-1", 0, (100, 60, 0, 0))
    ask(engine, "N-1", "firm", ("A", "60"), key=2)
    for _ in range(2):
        comes(engine, 50, 45)
    assert figures(engine) == (100, 60, 0, 45)
    for _ in range(2):
        dated = batch_acts.BatchDated(batch="P-1", expected=date(2030, 3, 20), reason="船期")
        presale.date_batch(engine, dated, BY, NOW, "day")
    comes(engine, 40, 40, key="2")
    assert [each[1] for each in told(engine)] == ["stock_ready", "purchase_ordered", "stock_ready"]
    for _ in range(2):
        presale.complete_batch(engine, batch_acts.BatchCompleted(batch="P-1"), BY, NOW, "end")
    assert figures(engine) == (60, 60, 0, 60)
    item = stock_lists.stock_item(engine, "A")
    assert item is not None
    assert (int(item.on_hand), int(item.available)) == (25, 25)
    ask(engine, "N-1", "ship", ("A", "60"), key=3)
    assert figures(engine) == (0, 0, 0, 0)
    assert presale.batches(engine) == []
    assert [each.product for each in presale.batches(engine, also_completed=True)] == ["P-1"]


def test_what_passes_goes_by_placing_time_whoever_asked_first(engine: Engine) -> None:
    """R114: 500 sold, 450 pass: the youngest 50 are short."""
    with_batch(engine, "500")
    ask(engine, "N-2", "reserve", ("A", "200"))
    ask(engine, "N-1", "reserve", ("A", "300"))
    comes(engine, 450, 450)
    rows = {each.order_number: int(each.ready) for each in stock_lists.reservations_of(engine, "P-1")}
    assert rows == {"N-1": 300, "N-2": 150}
    presale.complete_batch(engine, batch_acts.BatchCompleted(batch="P-1", sure=True), BY, NOW, "end")
    assert told(engine)[-1] == ("N-2", "stock_fell_short", "150.000")


def test_100_orders_at_once_for_a_batch_of_60(engine: Engine) -> None:
    """R114: each burst delivered twice, at several connections: exactly 60 have one, 40 are short."""
    with_batch(engine, "60")
    others = [engine_at(engine.url.render_as_string(hide_password=False)) for _ in range(4)]
    gate = threading.Barrier(8)

    def orders(thread: int) -> list[StockState]:
        gate.wait()
        mine = range(thread // 2, 100, 4)
        return [ask(others[thread % 4], f"N-{n + 1}", "reserve", ("A", "1")).state for n in mine]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(orders, range(8)))
    assert answers[0::2] == answers[1::2]
    found = [state for each in answers[0::2] for state in each]
    assert (found.count(StockState.HELD), found.count(StockState.SHORT)) == (60, 40)
    assert figures(engine) == (60, 60, 0, 0)
    rows = table("reservations")
    with reading(engine) as connection:
        reserved = connection.execute(select(func.count()).where(rows.c.quantity > Decimal(0))).scalar_one()
    assert reserved == 60


def test_passing_and_reserving_at_the_same_instant_lose_nothing(engine: Engine) -> None:
    """R114: orders come while goods do: all that passed is set apart, once."""
    with_batch(engine, "60")
    gate = threading.Barrier(2)

    def order() -> None:
        gate.wait()
        for number in range(60):
            ask(engine, f"N-{number}", "reserve", ("A", "1"))

    def come() -> None:
        gate.wait()
        for number in range(30):
            comes(engine, 2, 2, key=f"{number}")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(order), pool.submit(come)]:
            done.result()
    ready = [int(each.ready) for each in stock_lists.reservations_of(engine, "P-1")]
    assert (figures(engine), ready) == ((60, 60, 0, 60), [1] * 60)


def test_what_an_ended_order_still_has_is_found_and_given_back(engine: Engine) -> None:
    """R47, R110: nobody else could have it; who waits has it then, and a second look finds nothing."""
    with_batch(with_stock(engine, B="5"), "10")
    ask_stock(engine, "N-1", "reserve", ("B", "5"))
    ask(engine, "N-2", "reserve", ("A", "10"))
    ask_stock(engine, "N-3", "wait", ("B", "2"))
    assert kept_after_the_end(engine) == []
    with writing(engine) as connection:
        orders = table("orders")
        connection.execute(update(orders).where(orders.c.number.in_(["N-1", "N-2"])).values(ending="settled"))
    assert kept_after_the_end(engine) == [("N-1", "B"), ("N-2", "P-1")]
    for order in ("N-1", "N-2"):
        give_back(engine, order, NOW)
    assert (kept_after_the_end(engine), figures(engine)) == ([], (10, 0, 0, 0))
    assert told(engine) == [("N-3", "stock_allotted", "2.000")]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"batch": "A"}, Code.CONTRADICTION, "batch"),
        ({"batch": "P-1"}, Code.CONTRADICTION, "batch"),
        ({"batch": "P-2", "product": "NO"}, Code.UNKNOWN_PRODUCT, "product"),
        ({"batch": "P-2", "product": "P-1"}, Code.UNKNOWN_PRODUCT, "product"),
        ({"batch": "P-2", "expected": date(2020, 1, 1)}, Code.DATE_IN_PAST, "expected"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(
    engine: Engine, changes: dict[str, Any], code: Code, where: str
) -> None:
    """R114: a number in use, goods that are not kept, a day that is past; nothing is offered."""
    with_batch(with_stock(engine, B="1"), "5")
    said = batch_acts.NewBatch(
        **{"batch": "P-2", "product": "B", "quantity": Decimal(1), "expected": COMES, **changes}
    )
    with pytest.raises(Refusal) as caught:
        presale.offer_batch(engine, said, BY, NOW)
    assert (caught.value.code, caught.value.where) == (code, where)
    assert [each.product for each in presale.batches(engine)] == ["P-1"]
    assert [each.product for each in stock_lists.stock_items(engine)] == ["A", "B"]
