"""What an item of stock says follows from movements and reservations, and is put right where a hand made it another (R47, R110)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Engine, update

from activities.orders.recording.recorder import Recorder
from activities.stock.figures_summed import WrongFigure, write_figures, wrong_figures
from activities.store.database import writing
from models.tables.registry import table
from tests.activities.test_stock import burst, with_stock

pytestmark = pytest.mark.postgresql


def by_hand(engine: Engine, name: str, product: str, **values: str) -> None:
    rows = table(name)
    with writing(engine) as connection:
        changed = {key: Decimal(value) for key, value in values.items()}
        assert connection.execute(update(rows).where(rows.c.product == product).values(changed)).rowcount


def test_figures_that_a_hand_changed_are_named_and_put_right(engine: Engine) -> None:
    with_stock(engine, **{"TP-57": "100", "TP-80": "40"})
    Recorder(engine).record(burst("O-1", "reserve", ("TP-57", "60")))
    assert wrong_figures(engine) == []
    by_hand(engine, "stock_items", "TP-57", on_hand="90", reserved="10")
    by_hand(engine, "stock_items", "TP-80", quarantined="5")
    wrong = wrong_figures(engine)
    assert wrong == [
        WrongFigure("TP-57", "on_hand", Decimal(90), Decimal(100)),
        WrongFigure("TP-57", "reserved", Decimal(10), Decimal(60)),
        WrongFigure("TP-80", "quarantined", Decimal(5), Decimal(0)),
    ]
    assert write_figures(engine, wrong) == []
    assert wrong_figures(engine) == []


def test_what_would_leave_less_than_is_promised_is_left_for_a_person(engine: Engine) -> None:
    """A movement was made smaller by hand: the item cannot have 60 reserved of 50, so somebody must look, and others are put right."""
    with_stock(engine, **{"TP-57": "100", "TP-80": "40"})
    Recorder(engine).record(burst("O-1", "reserve", ("TP-57", "60")))
    by_hand(engine, "stock_movements", "TP-57", quantity="50")
    by_hand(engine, "stock_items", "TP-80", on_hand="41")
    left = write_figures(engine, wrong_figures(engine))
    assert left == [WrongFigure("TP-57", "on_hand", Decimal(100), Decimal(50))]
    assert wrong_figures(engine) == left
