"""The rows of an order in which no two values are alike, by hand: each value in its own column, no column forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest

from models.order.projection import rows_of
from models.tables.registry import table
from tests.papers.unlike import order

OF_THE_RECORDER = {"sequence", "head", "epoch", "attempt", "attempt_from"}
"""What of the order only the recorder knows."""


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one table: key and values together, as they go on the wire."""
    found = [each for each in rows_of(order()) if each.table == name]
    return [json.loads(json.dumps({**each.key, **each.values}, default=str)) for each in found]


def picked(name: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of each row."""
    return [tuple(row[column] for column in columns) for row in rows(name)]


SENT_WHERE_THERE_IS_ONE = {
    "orders": {"customer_order_number"}, "order_lines": {"dropped"}, "open_steps": {"says", "barred"},
}  # fmt: skip
"""Columns that a row names only where it has them: every other row stays as it was sent."""


@pytest.mark.parametrize("name", sorted({each.table for each in rows_of(order())}))
def test_every_column_of_a_table_has_its_value_and_no_other_is_sent(name: str) -> None:
    columns = {column.name for column in table(name).columns} - (
        OF_THE_RECORDER if name == "orders" else set()
    )
    columns -= SENT_WHERE_THERE_IS_ONE.get(name, set())
    assert {frozenset(row) for row in rows(name)} == {frozenset(columns)}


def test_the_order() -> None:
    (row,) = rows("orders")
    assert {name: row[name] for name in ("customer", "customer_name", "customer_class", "salesperson")} == {
        "customer": "K-1", "customer_name": "红枫包装", "customer_class": "B", "salesperson": "salesperson-1",
    }  # fmt: skip
    assert {name: row[name] for name in ("total", "bill", "paid", "open_balance", "deposit_due")} == {
        "total": "8214.57", "bill": "8049.79", "paid": "2600.00", "open_balance": "5449.79", "deposit_due": "2464.37",
    }  # fmt: skip
    dates = ("first_promised", "promised", "production_due", "ship_date")
    assert [row[name] for name in dates] == ["2027-03-06", "2027-03-08", "2027-03-06", "2027-03-10"]
    assert (row["request_id"], row["terms"], row["sheet_version"]) == ("fax/1", "deposit", 2)


def test_its_lines() -> None:
    columns = (
        "line",
        "product",
        "specification",
        "quantity",
        "unit",
        "unit_price",
        "amount",
        "tolerance_percent",
    )
    assert picked("order_lines", *columns, "passed", "entered", "shipped") == [
        (1, "TP-80", "80mm×80m", "1000.000", "roll", "5.00", "5000.00", "5", "980.000", "980.000", "400.000"),
        (
            2,
            "NCR-3",
            "241×280 三联",
            "260.500",
            "carton",
            "12.34",
            "3214.57",
            "3",
            "255.250",
            "255.250",
            "100.500",
        ),
    ]


def test_its_lots() -> None:
    columns = ("line", "lot", "made", "passed", "rework", "scrapped", "entered", "place", "produced_on")
    assert picked("lots", *columns) == [
        (1, "L-7", "985.000", "980.000", "0.000", "5.000", "980.000", "A-3", "2027-03-03"),
        (2, "L-8", "257.000", "255.250", "0.000", "1.750", "255.250", "B-9", "2027-03-04"),
    ]
    assert picked("lots", "produced_by", "inspected_by") == [(["production-1"], ["quality-1"])] * 2


def test_its_inspections() -> None:
    columns = ("inspection", "line", "lot", "passed", "to_rework", "scrapped", "inspected_by", "checked_with")
    assert picked("inspections", *columns) == [
        (1, 1, "L-7", "980.000", "0.000", "5.000", "quality-1", "service_clerk-1"),
        (2, 2, "L-8", "255.250", "0.000", "1.750", "quality-1", "service_clerk-1"),
    ]


def test_its_payment_release_and_shipment() -> None:
    columns = ("amount", "method", "purpose", "taken_by", "confirmed", "cleared", "bounced")
    assert picked("payments", *columns)[0][0] == "2600.00"
    assert picked("payments", *columns)[0][3:] == ("finance-1", True, True, False)
    release = ("release", "balance", "paid", "collection", "granted_by", "notice_reference", "emergency_by")
    assert picked("releases", *release) == [
        (1, "5449.79", "2600.00", "carrier_collects", "finance-1", "FH-31", "")
    ]
    assert picked("releases", "quantities", "shipped") == [
        ({"1": "980.000", "2": "255.250"}, {"1": "400.000", "2": "100.500"})
    ]
    shipment = ("shipment", "release", "carrier", "tracking_number", "expected_arrival", "shipped_by")
    assert picked("shipments", *shipment) == [("7", 1, "德邦物流", "DB-446688", "2027-03-09", "shipper-1")]
    assert picked("shipments", "quantities") == [({"1": "400.000", "2": "100.500"},)]


def test_its_promises() -> None:
    columns = ("cause", "promised_from", "promised_to", "production_due_to", "ship_date_to")
    assert picked("promises", *columns) == [
        ("first", None, "2027-03-06", "2027-03-06", "2027-03-06"),
        ("later_agreed", "2027-03-06", "2027-03-08", "2027-03-06", "2027-03-10"),
    ]
