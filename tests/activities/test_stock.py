"""Stock in the order database: nothing is promised twice, whoever asks when, on both databases (R110 to R113)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import IntegrityError

from activities.facts import pending_facts
from activities.orders.recording.recorder import Recorder
from activities.stock import stock_lists, warehouse
from activities.store.database import engine_at, reading, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.dossier.records.shared_books import SharedBook, SharedQuestion
from models.stock import desk_acts
from models.stock.stock_questions import StockReply
from models.stock.stock_words import StockMove, StockState
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit
from tests.activities.conftest import NOW

BY = "store-fan"


def with_stock(engine: Engine, **on_hand: str) -> Engine:
    for product, quantity in on_hand.items():
        warehouse.enter_item(engine, desk_acts.NewItem(product=product, unit=Unit.ROLL))
        said = desk_acts.GoodsCome(product=product, quantity=Decimal(quantity), source=StockMove.OPENING)
        warehouse.receive(engine, said, BY, NOW, f"opening/{product}")
    return engine


def burst(
    order: str, act: str, *lines: tuple[str, str], key: int = 1, at: datetime = NOW, firm: bool = False
) -> Burst:
    content: dict[str, Any] = {
        "act": act,
        "placed_at": (NOW + timedelta(seconds=int(order[2:]))).isoformat(),
        "held_until": (at + timedelta(hours=24)).isoformat(),
        "firm": firm,
        "lines": [
            {"line": number, "product": product, "quantity": quantity, "unit": "roll"}
            for number, (product, quantity) in enumerate(lines, start=1)
        ],
    }
    asked = SharedQuestion(
        key=f"{act}:{key}", book=SharedBook.STOCK, asked_at=at, sequence=key, content=content
    )
    return Burst(
        order=order, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=[], rows=[], intentions=[],
        questions=[asked],
    )  # fmt: skip


def ask(engine: Engine, order: str, act: str, *lines: tuple[str, str], **how: Any) -> StockReply:
    saved = Recorder(engine).record(burst(order, act, *lines, **how))
    return StockReply.model_validate(saved.answers[0].content)


def figures(engine: Engine, product: str = "A") -> tuple[int, int, int, int]:
    item = stock_lists.stock_item(engine, product)
    assert item is not None
    return tuple(int(each) for each in (item.on_hand, item.reserved, item.quarantined, item.available))  # type: ignore[return-value]


def told(engine: Engine) -> list[tuple[str, str, str]]:
    return [
        (each.order_number, each.envelope.kind, str(each.envelope.content.get("reserved", "")))
        for each in pending_facts.waiting(engine)
    ]


def test_a_reservation_lives_from_held_to_shipped(engine: Engine) -> None:
    """R110, R111: rows, figures and movements agree at each step; a burst delivered twice changes nothing."""
    with_stock(engine, A="100", B="5")
    for _ in range(2):
        reply = ask(engine, "N-1", "reserve", ("A", "60"), ("B", "5"))
        assert (reply.state, figures(engine)) == (StockState.HELD, (100, 60, 0, 40))
    assert ask(engine, "N-1", "firm", ("A", "60"), ("B", "5"), key=2).state is StockState.FIRM
    assert ask(engine, "N-2", "reserve", ("A", "41")).state is StockState.SHORT
    for _ in range(2):
        ask(engine, "N-1", "ship", ("A", "60"), key=3)
        assert figures(engine) == (40, 0, 0, 40)
    rows = stock_lists.reserved_for(engine, "N-1")
    assert [(row.product, int(row.quantity), int(row.left), row.state.value) for row in rows] == [
        ("A", 0, 60, "firm"),
        ("B", 5, 0, "firm"),
    ]
    kinds = [(each.kind, str(each.quantity)) for each in stock_lists.movements_of(engine, "A")]
    assert kinds == [(StockMove.SHIPPED, "-60.000"), (StockMove.OPENING, "100.000")]


def test_the_database_itself_refuses_less_than_nothing(engine: Engine) -> None:
    """R110: whoever writes."""
    with_stock(engine, A="10")
    ask(engine, "N-1", "reserve", ("A", "6"))
    items = table("stock_items")
    for values in ({"on_hand": Decimal(5)}, {"reserved": Decimal(11)}, {"quarantined": Decimal(5)}):
        with pytest.raises(IntegrityError), writing(engine) as connection:
            connection.execute(update(items).where(items.c.product == "A").values(values))


def test_100_orders_at_once_for_60_pieces(engine: Engine) -> None:
    """R110: each burst delivered twice, at several connections: exactly 60 have one, 40 are short."""
    with_stock(engine, A="60")
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


def test_orders_of_several_items_in_any_order_do_not_wait_for_each_other(engine: Engine) -> None:
    """R110: items in order: who asks for A and B and who asks for B and A at the same instant."""
    with_stock(engine, A="50", B="50")
    gate = threading.Barrier(4)

    def orders(thread: int) -> int:
        gate.wait()
        lines = [("A", "1"), ("B", "1")][:: 1 if thread % 2 else -1]
        numbers = range(thread * 20, thread * 20 + 20)
        return sum(ask(engine, f"N-{n}", "reserve", *lines).state is StockState.HELD for n in numbers)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(orders, range(4))) == 50
    assert figures(engine, "A") == figures(engine, "B") == (50, 50, 0, 0)


def test_what_comes_goes_to_who_waits_in_the_same_transaction(engine: Engine) -> None:
    """R112: by placing time; each order is told once, and the same form sent twice brings goods once."""
    with_stock(engine, A="10")
    ask(engine, "N-2", "wait", ("A", "20"))
    ask(engine, "N-1", "wait", ("A", "20"))
    for _ in range(2):
        warehouse.receive(engine, desk_acts.GoodsCome(product="A", quantity=Decimal(25)), BY, NOW, "form/1")
    assert figures(engine) == (35, 35, 0, 0)
    assert told(engine) == [("N-1", "stock_allotted", "20.000"), ("N-2", "stock_allotted", "15.000")]


def test_nobody_puts_the_own_order_first(engine: Engine) -> None:
    """R106, R112: who sells an order does not say that it comes before others; another supervisor may."""
    with_stock(engine, A="10")
    for order in ("N-1", "N-2"):
        ask(engine, order, "wait", ("A", "20"))
    with writing(engine) as connection:
        connection.execute(
            update(table("orders")).where(table("orders").c.number == "N-2").values(salesperson="manager-wu")
        )
    said = desk_acts.OrderPutFirst(product="A", order="N-2", reason="停机待料")
    with pytest.raises(Refusal) as found:
        warehouse.put_first(engine, said, "manager-wu", NOW, "form/1")
    assert (found.value.code, found.value.where, found.value.rule) == (Code.SAME_PERSON, "by", "R112")
    warehouse.put_first(engine, said, "manager-li", NOW, "form/1")
    assert stock_lists.movements_of(engine, "A")[0].by == "manager-li"


def test_receiving_and_reserving_at_the_same_instant_lose_nothing(engine: Engine) -> None:
    """R112: whoever waits has it, or it is there."""
    with_stock(engine, A="0.001")
    gate = threading.Barrier(2)

    def wait() -> None:
        gate.wait()
        for n in range(1, 31):
            ask(engine, f"N-{n}", "wait", ("A", "1"))

    def come() -> None:
        gate.wait()
        for n in range(30):
            warehouse.receive(
                engine, desk_acts.GoodsCome(product="A", quantity=Decimal(1)), BY, NOW, f"f/{n}"
            )

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(wait), pool.submit(come)]:
            done.result()
    waiting = [row for row in stock_lists.reservations_of(engine, "A") if row.waiting > 0]
    item = stock_lists.stock_item(engine, "A")
    assert item is not None
    assert (waiting, item.reserved) == ([], 30)


def test_a_count_below_what_is_reserved_is_asked_back_and_then_the_youngest_falls_short(
    engine: Engine,
) -> None:
    """R110: which orders it would be is said; nothing changes before it is meant."""
    with_stock(engine, A="60")
    for order in ("N-1", "N-2", "N-3"):
        ask(engine, order, "reserve", ("A", "20"), firm=True)
    said: dict[str, Any] = {"product": "A", "counted": Decimal(35), "reason": "盘点"}
    with pytest.raises(Refusal) as asked:
        warehouse.count(engine, desk_acts.GoodsCounted(**said), BY, NOW, "form/1")
    assert (asked.value.code, asked.value.where) == (Code.QUESTIONED, "counted")
    assert "N-2, N-3" in asked.value.words.en
    assert figures(engine) == (60, 60, 0, 0)
    warehouse.count(engine, desk_acts.GoodsCounted(**said, sure=True), BY, NOW, "form/1")
    assert figures(engine) == (35, 35, 0, 0)
    assert told(engine) == [("N-3", "stock_fell_short", "0.000"), ("N-2", "stock_fell_short", "15.000")]


def test_what_comes_back_goes_through_quarantine(engine: Engine) -> None:
    """R110: inspected into stock, rework and scrap, never more than are there."""
    with_stock(engine, A="10")
    ask(engine, "N-1", "wait", ("A", "14"))
    warehouse.take_back(engine, desk_acts.GoodsBack(product="A", quantity=Decimal(8)), BY, NOW, "b/1")
    assert figures(engine) == (18, 10, 8, 0)
    with pytest.raises(Refusal) as refused:
        warehouse.inspect(engine, desk_acts.GoodsJudged(product="A", passed=Decimal(9)), BY, NOW, "i/1")
    assert (refused.value.code, refused.value.where) == (Code.BAD_QUANTITY, "passed")
    judged = desk_acts.GoodsJudged(product="A", passed=Decimal(5), rework=Decimal(1), scrapped=Decimal(2))
    warehouse.inspect(engine, judged, BY, NOW, "i/1")
    assert figures(engine) == (15, 14, 0, 1)


def test_purchasing_names_a_day_and_everybody_who_waits_is_told(engine: Engine) -> None:
    """R113"""
    with_stock(engine, A="1")
    ask(engine, "N-1", "wait", ("A", "2"))
    ask(engine, "N-2", "wait", ("A", "2"))
    said = desk_acts.GoodsExpected(
        product="A", quantity=Decimal(3), expected=date(2027, 2, 1), reference="CG-1"
    )
    assert warehouse.expect(engine, said, "buyer-tang", NOW, "p/1") == ["N-1", "N-2"]
    assert [(order, kind) for order, kind, _ in told(engine)] == [
        ("N-1", "purchase_ordered"),
        ("N-2", "purchase_ordered"),
    ]
    assert ask(engine, "N-3", "reserve", ("A", "2")).expected == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("said", "code", "where"),
    [
        (
            desk_acts.GoodsCorrected(product="X", change=Decimal(1), reason="x"),
            Code.UNKNOWN_PRODUCT,
            "product",
        ),
        (desk_acts.GoodsCorrected(product="A", change=Decimal(-11), reason="x"), Code.BAD_QUANTITY, "change"),
        (
            desk_acts.GoodsCorrected(product="A", change=Decimal("0.0001"), reason="x"),
            Code.BAD_QUANTITY,
            "change",
        ),
        (desk_acts.GoodsCorrected(product="A", change=Decimal(0), reason="x"), Code.BAD_QUANTITY, "change"),
        (desk_acts.GoodsCorrected(product="A", change=Decimal(1), reason=" "), Code.MISSING_FIELD, "reason"),
        (desk_acts.GoodsCorrected(product="A", change=Decimal(-5), reason="x"), Code.QUESTIONED, "change"),
    ],
)
def test_a_wrong_correction_says_what_and_where_and_changes_nothing(
    engine: Engine, said: desk_acts.GoodsCorrected, code: Code, where: str
) -> None:
    """R110"""
    with_stock(engine, A="10")
    ask(engine, "N-1", "reserve", ("A", "6"))
    with pytest.raises(Refusal) as refused:
        warehouse.correct(engine, said, BY, NOW, "c/1")
    assert (refused.value.code, refused.value.where) == (code, where)
    assert figures(engine) == (10, 6, 0, 4)
    with reading(engine) as connection:
        assert connection.execute(text("select count(*) from stock_movements")).scalar_one() == 1
