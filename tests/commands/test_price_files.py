"""Price lists in files: unit prices to the sixth decimal, however the file holds them (R20)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import starter
from activities.orders.views.order_lists import known_prices
from activities.store.database import engine_at, upgrade

HEADER = ("product", "unit", "unit_price", "tolerance_percent", "valid_from")
PRICES = {"A": "0.0385", "B": "5", "C": "1234.567891", "D": "0.3"}
KEPT = {"A": "0.0385", "B": "5.00", "C": "1234.567891", "D": "0.30"}


def rows(prices: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(product, "sheet", price, "2.5", "2026-01-01") for product, price in prices.items()]


def csv_file(folder: Path) -> Path:
    file = folder / "prices.csv"
    file.write_text("\n".join(",".join(row) for row in [HEADER, *rows(PRICES)]))
    return file


def yaml_file(folder: Path) -> Path:
    file = folder / "prices.yaml"
    # without quotes: what looks like a number is read as it is written
    file.write_text(
        "\n".join(
            f"- {{product: {product}, unit: sheet, unit_price: {price}, tolerance_percent: 2.5, valid_from: '2026-01-01'}}"
            for product, price in PRICES.items()
        )
    )
    return file


def json_file(folder: Path) -> Path:
    file = folder / "prices.json"
    listed = ", ".join(
        f'{{"product": "{product}", "unit": "sheet", "unit_price": {price}, "tolerance_percent": "2.5", "valid_from": "2026-01-01"}}'
        for product, price in PRICES.items()
    )
    file.write_text(f"[{listed}]")
    return file


def workbook(folder: Path) -> Path:
    """As a spreadsheet program keeps numbers, a sum of 0.1 and 0.2 among them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *rows({"A": 0.0385, "B": 5, "C": 1234.567891, "D": 0.1 + 0.2})]:
        sheet.append(row)
    file = folder / "prices.xlsx"
    book.save(file)
    return file


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DINGDAN_DATABASE_URL", url)
    upgrade(url)
    return url


@pytest.mark.parametrize("written", [csv_file, yaml_file, json_file, workbook])
def test_prices_finer_than_a_fen_are_imported_exactly(installed: str, tmp_path: Path, written: Any) -> None:
    assert starter.run(["import", "prices", str(written(tmp_path))]) == 0
    listed = known_prices(engine_at(installed))
    assert {each["product"]: each["unit_price"] for each in listed} == KEPT


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("unit_price", "0.0385001", "bad_money"),
        ("unit_price", "10000000000.00", "bad_money"),
        ("unit_price", "-0.01", "bad_money"),
        ("tolerance_percent", "2.00001", "malformed"),
        ("tolerance_percent", "100.01", "malformed"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named_with_its_field_and_hides_no_other(
    installed: str, tmp_path: Path, field: str, value: str, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    good = dict(zip(HEADER, ("A", "sheet", "0.0385", "2.5", "2026-01-01"), strict=True))
    file = tmp_path / "prices.json"
    file.write_text(json.dumps([{**good, "product": "B", field: value}, good]))
    assert starter.run(["import", "prices", str(file), "--json"]) == 3
    said = json.loads(capfd.readouterr().out)
    assert (said["imported"], [(bad["row"], bad["where"], bad["code"]) for bad in said["bad"]]) == (
        1,
        [(1, field, code)],
    )


@pytest.mark.parametrize(("share", "exit_code"), [("33.3333", 0), ("33.33333", 3)])
def test_a_deposit_share_of_a_contract_has_four_decimals_at_most(
    installed: str, tmp_path: Path, share: str, exit_code: int
) -> None:
    file = tmp_path / "customers.json"
    contract = {"reference": "HT-1", "payment_terms": "deposit", "deposit_percent": share}
    file.write_text(json.dumps([{"customer": "K", "name": "K", "contract": contract}]))
    assert starter.run(["import", "customers", str(file)]) == exit_code
