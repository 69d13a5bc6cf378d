"""Papers and pages name products; the number alone stands only where the price list has no name (R20, R30, R40, R44)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from activities.orders.recording.recorder import Recorder
from activities.store.database import reading
from activities.store.imports import PriceRow, import_prices
from activities.store.product_names import product_name, product_names, products_in, with_product_names
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.values.vocabulary import Unit
from rehearsal.printed_page import PrintedPage
from tests.activities.test_staff_names import outbox
from tests.models.life import Life


def listed(product: str, name: str, specification: str, year: int) -> PriceRow:
    return PriceRow(
        product=product, name=name, specification=specification, unit=Unit.ROLL,
        unit_price=Decimal("5.00"), valid_from=date(year, 1, 1),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def prices(engine: Engine) -> None:
    rows = [
        listed("TP-80", "热敏纸", "old", 2024),
        listed("TP-80", "热敏收银纸", "80mm×80m 55g", 2026),
        listed("X-1", "", "plain", 2026),
    ]
    import_prices(engine, rows)


def test_the_newest_row_names_a_number_and_each_specification_keeps_its_name(engine: Engine) -> None:
    with reading(engine) as connection:
        names = product_names(connection)
        few = product_names(connection, ["X-1"])
    assert product_name(names, "TP-80") == "热敏收银纸"
    assert product_name(names, "TP-80", "old") == "热敏纸"
    assert product_name(names, "TP-80", "of another size") == "热敏收银纸"
    assert (product_name(names, "X-1", "plain"), product_name(names, "Z"), few) == ("", "", {})


def test_a_paper_is_entered_with_the_names_of_its_goods(engine: Engine) -> None:
    order = Life().in_warehouse().order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=[], intentions=order.unsent,
    )  # fmt: skip
    Recorder(engine).record(burst)
    assert all(
        "product_name" not in str(each.content) for each in order.unsent
    )  # what orders send stays as it was
    sheet, labels = outbox(engine, Paper.SHEET)["content"], outbox(engine, Paper.FINISHED)["content"]
    assert {line["product_name"] for line in (*sheet["lines"], *labels["labels"])} == {"热敏收银纸"}
    for paper, content in ((Paper.SHEET, sheet), (Paper.FINISHED, labels)):
        assert PrintedPage(paper, content).says(["热敏收银纸", "TP-80"])


def test_what_has_no_name_or_is_no_line_stays_as_it_is() -> None:
    names = {("A", ""): "甲"}
    content = {"lines": [{"product": "A"}, {"product": "B"}, "odd"], "labels": "odd", "title": "t"}
    assert products_in(content) == {"A", "B"}
    named = with_product_names(content, names)
    assert named == {**content, "lines": [{"product": "A", "product_name": "甲"}, {"product": "B"}, "odd"]}
    assert with_product_names(named, {("A", ""): "乙"}) == named
    assert with_product_names(None, names) is None
