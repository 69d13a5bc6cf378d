"""The weekly demand and the monthly durations as reports: text, workbook, commas (R126)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from activities.documents.document_store import DocumentStore
from activities.documents.typesetting import Typesetter
from activities.reports import demand
from activities.reports.report_maker import Reporting, report_of
from activities.store.database import writing
from models.reports.report import ReportKind, Window
from models.shop.demand import DemandRow, Wish
from models.tables.registry import table
from models.values.vocabulary import Language

FRIDAY = date(2027, 3, 5)
TUESDAY = datetime(2027, 3, 2, 3, tzinfo=UTC)
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"


def rate(connection: Connection, number: str, goods: int | None, *products: str) -> None:
    connection.execute(table("orders").insert().values(number=number))
    for line, product in enumerate(products, start=1):
        connection.execute(
            table("order_lines")
            .insert()
            .values(
                order_number=number, line=line, product=product, specification="", quantity=Decimal(1), unit="roll",
                amount=Decimal("1.00"), passed=Decimal(0), entered=Decimal(0), shipped=Decimal(0),
            )
        )  # fmt: skip
    connection.execute(
        table("ratings").insert().values(
            order_number=number, customer="c-1", asked_at=TUESDAY, until=TUESDAY, goods=goods, words="", changes=0
        )
    )  # fmt: skip


@pytest.fixture
def wished(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three carts with a product, one of them bought; a name that a spreadsheet would take for a formula."""

    def rows(connection: Connection, window: Window) -> list[DemandRow]:
        one = Decimal(1)
        return [
            DemandRow(Wish.PUT, "a", "TP-80", one, TUESDAY), DemandRow(Wish.PUT, "b", "TP-80", one, TUESDAY),
            DemandRow(Wish.PUT, "b", "=1+1", one, TUESDAY), DemandRow(Wish.CHECKED_OUT, "o", "TP-80", one, TUESDAY),
            DemandRow(Wish.ORDERED, "o", "TP-80", Decimal("2.5"), TUESDAY),
        ]  # fmt: skip

    monkeypatch.setattr(demand, "demand_rows", rows)
    with writing(engine) as connection:
        rate(connection, "20270105-0001", 5, "TP-80", "TP-80")  # on two lines, and rated once
        rate(connection, "20270105-0002", 4, "TP-80", "ST-1")
        rate(connection, "20270105-0003", None, "TP-80")


@pytest.mark.usefixtures("wished")
def test_the_demand_of_a_week_reads_by_product_and_all_together(engine: Engine) -> None:
    report = report_of(engine, ReportKind.DEMAND, FRIDAY)
    by_product, together = report.sections
    assert by_product.rows == [
        ["TP-80", "", 3, 2, 1, 1, Decimal("2.5"), Decimal("33.3"), Decimal("4.5"), 2],
        ["=1+1", "", 1, 1, 0, 0, Decimal("0.000"), Decimal("0.0"), None, 0],
    ]  # fmt: skip
    assert together.rows == [[3, 2, 1, 1, Decimal("33.3")]]
    assert "TP-80 | - | 3 | 2 | 1 | 1 | 2.500 | 33.3 | 4.5 | 2" in report.text(Language.EN)


@pytest.mark.usefixtures("wished")
def test_it_goes_out_as_text_commas_and_workbook(engine: Engine, tmp_path: Path) -> None:
    made = Reporting(
        engine, tmp_path, Language.EN, Typesetter(TEMPLATES, Language.EN), DocumentStore(tmp_path / "documents")
    ).files_of(report_of(engine, ReportKind.DEMAND, FRIDAY))  # fmt: skip
    assert [each.name for each in made] == [
        f"weekly_demand-2027-03-05.{ending}" for ending in ("txt", "csv", "xlsx")
    ]
    lines = made[1].content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("table,product,name,carts,abandoned")
    assert lines[1] == "by product,TP-80,,3,2,1,1,2.500,33.3,4.5,2"
    assert lines[2].startswith("by product,'=1+1,")


def test_nothing_is_asked_where_there_are_no_carts(engine: Engine) -> None:
    report = report_of(engine, ReportKind.DEMAND, FRIDAY)
    assert report.count == 0


def test_the_durations_of_a_month_are_of_the_month_before(engine: Engine) -> None:
    closed = datetime(2027, 2, 10, 8, tzinfo=UTC)
    with writing(engine) as connection:
        connection.execute(table("orders").insert().values(number="20270201-0001"))
        for place, hours in enumerate((1, 3, 8)):
            connection.execute(
                table("open_steps")
                .insert()
                .values(
                    order_number="20270201-0001", key=f"deposit:{place}", kind="deposit", roles=[], people=[], rule="R33",
                    since=closed - timedelta(hours=hours), due=closed, blocking=True, zh="", en="", command="",
                    closed_at=closed if place else datetime(2027, 3, 1, 8, tzinfo=UTC),
                )
            )  # fmt: skip
    report = report_of(engine, ReportKind.DURATIONS, date(2027, 3, 1))
    assert report.period == "2027-02"
    (row,) = report.sections[0].rows
    assert row[1:] == ["deposit", 2, Decimal("5.5"), 0]
