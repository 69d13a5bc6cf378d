"""The stock book: all or nothing, held and firm, short, waiting, counted; never below zero, never promised twice (R27, R110 to R113)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.stock import desk_acts
from models.stock.shelves import Movement, Shelves, StockItem
from models.stock.stock_in_memory import StockInMemory
from models.stock.stock_questions import StockReply
from models.stock.stock_words import StockMove, StockState
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
HELD_UNTIL = NOW + timedelta(hours=24)


def book(**on_hand: str) -> StockInMemory:
    return StockInMemory.of(
        StockItem(product=product, unit=Unit.ROLL, on_hand=Decimal(quantity))
        for product, quantity in on_hand.items()
    )


def ask(
    stock: StockInMemory,
    order: str,
    act: str,
    *lines: tuple[str, str],
    at: datetime = NOW,
    unit: Unit = Unit.ROLL,
    firm: bool = False,
    **line: Any,
) -> StockReply:
    content = {
        "act": act,
        "placed_at": (NOW + timedelta(minutes=int(order))).isoformat(),
        "held_until": (at + timedelta(hours=24)).isoformat(),
        "firm": firm,
        "lines": [
            {"line": number, "product": product, "quantity": quantity, "unit": unit.value, **line}
            for number, (product, quantity) in enumerate(lines, start=1)
        ],
    }
    return StockReply.model_validate(stock.answer(order, content, at))


def has(reply: StockReply) -> list[str]:
    return [str(each.reserved) for each in reply.lines]


def there(reply: StockReply) -> list[str]:
    return [str(each.there) for each in reply.lines]


def moved(stock: StockInMemory, product: str, kind: StockMove, quantity: str) -> None:
    movement = Movement(product=product, kind=kind, quantity=Decimal(quantity), at=NOW)
    stock.change(lambda shelves: shelves.move(movement))


def figures(stock: StockInMemory, product: str = "A") -> tuple[str, str, str, str]:
    item = stock.items[product]
    return str(item.on_hand), str(item.reserved), str(item.quarantined), str(item.available)


def test_an_order_gets_all_its_lines_or_nothing() -> None:
    """R110: short of one item nothing of another is held, and it is said what could be had."""
    stock = book(A="100", B="5")
    reply = ask(stock, "1", "reserve", ("A", "10"), ("B", "6"))
    assert (reply.state, has(reply), there(reply)) == (
        StockState.SHORT,
        ["0.000", "0.000"],
        ["10.000", "5.000"],
    )
    assert figures(stock)[1] == "0.000"
    reply = ask(stock, "1", "reserve", ("A", "10"), ("B", "5"))
    assert (reply.state, has(reply), reply.held_until) == (
        StockState.HELD,
        ["10.000", "5.000"],
        HELD_UNTIL,
    )
    assert figures(stock) == ("100.000", "10.000", "0.000", "90.000")


def test_lines_of_one_item_are_added_up() -> None:
    """R110: each would be there alone; the first lines have first."""
    stock = book(A="10")
    reply = ask(stock, "1", "reserve", ("A", "6"), ("A", "6"))
    assert (reply.state, there(reply)) == (StockState.SHORT, ["6.000", "4.000"])
    assert ask(stock, "1", "reserve", ("A", "6"), ("A", "4")).state is StockState.HELD


def test_what_is_no_stock_item_is_short_of_everything() -> None:
    """R110: so is one in a unit that cannot be the item's."""
    stock = book(A="10")
    assert there(ask(stock, "1", "reserve", ("X", "1"))) == ["0.000"]
    assert there(ask(stock, "1", "reserve", ("A", "1"), unit=Unit.KILOGRAM)) == ["0.000"]


def test_lines_in_another_unit_are_counted_in_the_items() -> None:
    """R110: two reams are a thousand sheets; what a line hears is in its own unit, never more than there is."""
    stock = StockInMemory.of([StockItem(product="S", unit=Unit.SHEET, on_hand=Decimal(1499))])
    assert has(ask(stock, "1", "reserve", ("S", "2"), unit=Unit.REAM)) == ["2.000"]
    assert figures(stock, "S") == ("1499.000", "1000.000", "0.000", "499.000")
    reply = ask(stock, "2", "reserve", ("S", "1"), unit=Unit.REAM)
    assert (reply.state, there(reply)) == (StockState.SHORT, ["0.998"])


def test_the_same_again_reserves_no_more_and_another_version_the_difference() -> None:
    """R110: keyed by order and version: what an order has is brought to what it wants."""
    stock = book(A="100")
    for quantity, left in (("60", "40.000"), ("60", "40.000"), ("80", "20.000"), ("10", "90.000")):
        ask(stock, "1", "reserve", ("A", quantity))
        assert figures(stock)[3] == left
    reply = ask(stock, "1", "reserve", ("A", "101"))
    assert (reply.state, has(reply), there(reply)) == (StockState.SHORT, ["10.000"], ["100.000"])


def test_held_for_its_time_and_then_everybodys() -> None:
    """R111: the next who asks finds it expired; who comes too late to make it firm has lost it."""
    stock = book(A="10")
    ask(stock, "1", "reserve", ("A", "10"))
    assert ask(stock, "2", "reserve", ("A", "1"), at=HELD_UNTIL - timedelta(seconds=1)).state is (
        StockState.SHORT
    )
    assert ask(stock, "2", "reserve", ("A", "4"), at=HELD_UNTIL).state is StockState.HELD
    lost = ask(stock, "1", "firm", ("A", "10"), at=HELD_UNTIL)
    assert (lost.state, has(lost)) == (StockState.LOST, ["0.000"])
    again = ask(stock, "1", "reserve", ("A", "6"), at=HELD_UNTIL, firm=True)
    assert (again.state, figures(stock)[3]) == (StockState.FIRM, "0.000")


def test_firm_does_not_expire() -> None:
    """R111: expiring and firming are each one step, "where held"."""
    stock = book(A="10")
    ask(stock, "1", "reserve", ("A", "10"))
    assert ask(stock, "1", "firm", ("A", "10")).state is StockState.FIRM
    for act in ("expire", "firm"):
        assert ask(stock, "1", act, ("A", "10"), at=HELD_UNTIL + timedelta(days=9)).state is StockState.FIRM
    ask(stock, "2", "reserve", ("A", "10"))
    assert ask(stock, "2", "expire", ("A", "10")).state is StockState.LOST
    assert ask(stock, "1", "release", ("A", "10")).state is StockState.RELEASED
    assert figures(stock) == ("10.000", "0.000", "0.000", "10.000")


def test_what_comes_goes_to_who_waits_by_placing_time() -> None:
    """R112: in the same step; the second waits on, and who comes now finds nothing."""
    stock = book(A="60")
    ask(stock, "3", "reserve", ("A", "50"), firm=True)
    assert has(ask(stock, "2", "wait", ("A", "30"))) == ["10.000"]
    assert has(ask(stock, "1", "wait", ("A", "30"))) == ["0.000"]
    moved(stock, "A", StockMove.PURCHASE, "40")
    told = [(each.order, each.fact, str(each.quantity), str(each.reserved)) for each in stock.untold]
    assert told == [
        ("1", "stock_allotted", "30.000", "30.000"),
        ("2", "stock_allotted", "10.000", "20.000"),
    ]
    assert ask(stock, "4", "reserve", ("A", "1")).state is StockState.SHORT
    ask(stock, "3", "release")
    assert [each.order for each in stock.untold[2:]] == ["2"]
    assert figures(stock)[3] == "40.000"


def test_nobody_gives_back_more_than_they_have() -> None:
    """R110: nor takes anybody more than is available; not by a thousandth of a roll."""
    stock = book(A="10")
    ask(stock, "1", "reserve", ("A", "6"))

    def takes(quantity: str) -> None:
        stock.change(lambda shelves: shelves.take(shelves.reservations["1", 1], Decimal(quantity)))

    for too_much in ("-6.001", "4.001"):
        with pytest.raises(ValueError, match="cannot be reserved"):
            takes(too_much)
    assert figures(stock) == ("10.000", "6.000", "0.000", "4.000")
    takes("4.000")
    takes("-10.000")
    assert figures(stock) == ("10.000", "0.000", "0.000", "10.000")


def test_who_is_put_first_has_what_comes_before_others_and_falls_short_last() -> None:
    """R112: jumping the queue is a decision with its reason, kept among the movements; nothing moves by it."""
    stock = book(A="10")
    for order in ("1", "2", "3"):
        ask(stock, order, "wait", ("A", "30"))
    said = desk_acts.OrderPutFirst(product="A", order="3", reason="停机待料")
    stock.change(lambda shelves: desk_acts.put_first(shelves, said, "manager-wu", NOW))
    kept = stock.movements[-1]
    assert (kept.kind, kept.quantity, kept.order, kept.by) == (StockMove.PUT_FIRST, 0, "3", "manager-wu")
    moved(stock, "A", StockMove.PURCHASE, "40")
    told = [(each.order, str(each.quantity)) for each in stock.untold]
    assert told == [("3", "30.000"), ("1", "10.000")]
    moved(stock, "A", StockMove.COUNT, "-15")
    assert [(each.order, str(each.reserved)) for each in stock.untold[2:]] == [("1", "5.000")]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"order": "9"}, Code.CONTRADICTION, "order"),
        ({"order": "1"}, Code.CONTRADICTION, "order"),
        ({"product": "B"}, Code.UNKNOWN_PRODUCT, "product"),
        ({"reason": " "}, Code.MISSING_FIELD, "reason"),
    ],
)
def test_who_waits_for_nothing_is_put_nowhere(changes: dict[str, str], code: Code, where: str) -> None:
    """R112"""
    stock = book(A="10")
    ask(stock, "1", "reserve", ("A", "10"))
    ask(stock, "2", "wait", ("A", "30"))
    usual = desk_acts.OrderPutFirst(product="A", order="2", reason="-")
    said = usual.model_copy(update=changes)
    with pytest.raises(Refusal) as caught:
        stock.change(lambda shelves: desk_acts.put_first(shelves, said, "manager-wu", NOW))
    assert (caught.value.code, caught.value.where) == (code, where)
    assert stock.movements == []


def test_who_takes_what_is_there_waits_for_nothing() -> None:
    """R112"""
    stock = book(A="60")
    assert has(ask(stock, "1", "take", ("A", "100"))) == ["60.000"]
    moved(stock, "A", StockMove.PURCHASE, "40")
    assert (stock.untold, figures(stock)[3]) == ([], "40.000")


def test_a_count_below_what_is_reserved_falls_on_the_youngest() -> None:
    """R110: 60 there, 20 + 20 + 20 reserved, 35 counted: the last has none, the one before it 15."""
    stock = book(A="60")
    for order in ("1", "2", "3"):
        ask(stock, order, "reserve", ("A", "20"), firm=True)
    moved(stock, "A", StockMove.COUNT, "-25")
    told = [(each.order, each.fact, str(each.quantity), str(each.reserved)) for each in stock.untold]
    assert told == [
        ("3", "stock_fell_short", "20.000", "0.000"),
        ("2", "stock_fell_short", "5.000", "15.000"),
    ]
    assert figures(stock) == ("35.000", "35.000", "0.000", "0.000")


def test_goods_that_leave_are_reserved_and_on_hand_no_more() -> None:
    """R110: what the order was given in all stays as it was; beyond its reservation others fall short of it."""
    stock = book(A="60")
    ask(stock, "1", "reserve", ("A", "40"), firm=True)
    ask(stock, "2", "reserve", ("A", "20"), firm=True)
    assert has(ask(stock, "1", "ship", ("A", "30"))) == ["40.000"]
    assert figures(stock) == ("30.000", "30.000", "0.000", "0.000")
    ask(stock, "1", "ship", ("A", "15"))
    assert figures(stock) == ("15.000", "15.000", "0.000", "0.000")
    assert [(each.order, str(each.quantity)) for each in stock.untold] == [("2", "5.000")]


def test_what_is_missing_at_the_shelf_is_the_orders_no_more() -> None:
    """R63: nobody else falls short of it, and the order asks anew."""
    stock = book(A="60")
    ask(stock, "1", "reserve", ("A", "40"), firm=True)
    assert has(ask(stock, "1", "missing", ("A", "10"))) == ["30.000"]
    assert figures(stock) == ("50.000", "30.000", "0.000", "20.000")
    assert has(ask(stock, "1", "reserve", ("A", "40"), firm=True)) == ["40.000"]


def test_what_comes_back_is_nobodys_until_it_is_inspected() -> None:
    """R110: quarantine, then stock, rework or scrap."""
    stock = book(A="10")
    ask(stock, "1", "reserve", ("A", "10"), firm=True)
    ask(stock, "1", "ship", ("A", "10"))
    ask(stock, "2", "wait", ("A", "8"))
    ask(stock, "1", "returned", ("A", "10"))
    assert figures(stock) == ("10.000", "0.000", "10.000", "0.000")
    ask(stock, "1", "inspected", ("A", "10"), passed="6", scrapped="3")
    assert figures(stock) == ("6.000", "6.000", "0.000", "0.000")
    assert [(each.order, str(each.quantity)) for each in stock.untold] == [("2", "6.000")]
    kinds = [(each.kind.value, str(each.quantity)) for each in stock.movements[-3:]]
    assert kinds == [("passed", "0.000"), ("scrapped", "-3.000"), ("rework", "-1.000")]


def test_purchasing_names_the_day_of_what_is_missing() -> None:
    """R113: only where it has said so of everything that is missing."""
    stock = book(A="1", B="1")
    stock.items["A"].expected = date(2027, 3, 9)
    assert ask(stock, "1", "reserve", ("A", "5")).expected == date(2027, 3, 9)
    assert ask(stock, "1", "reserve", ("A", "5"), ("B", "5")).expected is None
    stock.items["B"].expected = date(2027, 3, 20)
    assert ask(stock, "1", "wait", ("A", "5"), ("B", "5")).expected == date(2027, 3, 20)


def test_nothing_changes_where_there_are_not_that_many() -> None:
    """R110: on hand is never below what is in quarantine, and nothing of it below zero."""
    stock = book(A="5")
    for kind, quantity in ((StockMove.CORRECTION, "-6"), (StockMove.COUNT, "-5.001")):
        with pytest.raises(ValueError, match="A: "):
            moved(stock, "A", kind, quantity)
    assert (figures(stock)[0], stock.movements) == ("5.000", [])


QUANTITIES = st.integers(1, 30)
ORDERS = st.sampled_from([str(number) for number in range(1, 6)])
ACTS = st.sampled_from(
    ["reserve", "wait", "take", "firm", "expire", "release", "ship", "missing", "returned", "inspected"]
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_happens_nothing_is_negative_or_promised_twice(data: st.DataObject) -> None:
    """R110: on hand is the sum of the movements, reserved the sum of the reservations, available never below zero."""
    stock, at = book(A="40", B="40"), NOW
    for _ in range(data.draw(st.integers(1, 25))):
        at += timedelta(hours=data.draw(st.sampled_from([0, 1, 30])))
        product = data.draw(st.sampled_from(["A", "B"]))
        if data.draw(st.booleans()):
            lines = [
                (each, str(data.draw(QUANTITIES))) for each in {product, data.draw(st.sampled_from("AB"))}
            ]
            ask(
                stock,
                data.draw(ORDERS),
                data.draw(ACTS),
                *lines,
                at=at,
                firm=data.draw(st.booleans()),
                passed=str(data.draw(st.integers(0, 1))),
            )
        else:
            item = stock.items[product]
            change = data.draw(st.integers(-int(item.on_hand - item.quarantined), 30))
            moved(stock, product, StockMove.COUNT, str(change))
        for name, each in stock.items.items():
            rows = [row for row in stock.reservations.values() if row.product == name]
            assert each.available >= 0
            assert each.quarantined >= 0
            assert each.reserved == sum((row.quantity for row in rows if row.state.counts), Decimal(0))
            assert all(row.quantity >= 0 and row.waiting >= 0 for row in rows)
            moves = [move for move in stock.movements if move.product == name]
            assert each.on_hand == 40 + sum((move.quantity for move in moves), Decimal(0))
            assert each.quarantined == sum((move.quarantined for move in moves), Decimal(0))
            assert not (each.available > 0 and any(row.waiting > 0 for row in rows if row.state.counts))


def test_of_what_waits_for_inspection_no_more_is_taken_than_is_there() -> None:
    """R110: not one more than nothing, and not one more than is on hand."""
    stock = book(A="10")
    for quantity, quarantined in (("0", "-1"), ("0", "11"), ("-11", "0")):
        movement = Movement(
            product="A",
            kind=StockMove.RETURNED,
            quantity=Decimal(quantity),
            quarantined=Decimal(quarantined),
            at=NOW,
        )
        with pytest.raises(ValueError, match="on hand"):
            stock.change(partial(_move, movement))
    assert tuple(map(Decimal, figures(stock))) == (10, 0, 0, 10)


def _move(movement: Movement, shelves: Shelves) -> None:
    shelves.move(movement)
