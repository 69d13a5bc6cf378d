"""What stands in the order database of one life, table by table, by hand: pages, reports and letters read nothing else."""

from __future__ import annotations

from typing import Any

from models.dossier.records.recording import Row
from models.messages.decision_subjects import Subject
from models.order.projection import rows_of
from tests.models.life import MONDAY, SIGNER, Life

NUMBER = "20270301-0001"
NOW = MONDAY.isoformat()


def rows(life: Life, table: str) -> list[Row]:
    """The rows of one table."""
    return [row for row in rows_of(life.order) if row.table == table]


def only(life: Life, table: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Key and values of its only row."""
    (row,) = rows(life, table)
    return dict(row.key), dict(row.values)


def test_the_order_itself() -> None:
    key, values = only(Life().in_warehouse("980"), "orders")
    assert key == {"number": NUMBER}
    assert values == {
        "placed_at": NOW,
        "customer": "K-1",
        "customer_name": "红枫包装",
        "customer_class": "B",
        "salesperson": "salesperson-1",
        "request_id": "fax/1",
        "request_version": 1,
        "edition": 12,
        "exposure": "0.00",
        "exposure_due": None,
        "credit_heard": 0,
        "credited": "0.00",
        "policy_version": "seed",
        "terms": "deposit",
        "phase": "clearance",
        "headline": "awaiting_balance",
        "total": "5000.00",
        "bill": "4900.00",
        "paid": "1500.00",
        "open_balance": "3400.00",
        "deposit_due": "1500.00",
        "production_due": "2027-03-06",
        "promised": "2027-03-06",
        "first_promised": "2027-03-06",
        "ship_date": "2027-03-06",
        "sheet_version": 1,
        "ending": None,
        "ended_at": None,
        "completed_at": None,
    }


def test_its_line_its_lot_and_its_inspection() -> None:
    life = Life().in_warehouse("980")
    assert only(life, "order_lines") == (
        {"order_number": NUMBER, "line": 1},
        {
            "product": "TP-80",
            "specification": "80mm×80m",
            "quantity": "1000.000",
            "unit": "roll",
            "unit_price": "5.00",
            "tolerance_percent": "5",
            "amount": "5000.00",
            "passed": "980.000",
            "entered": "980.000",
            "shipped": "0.000",
        },
    )
    assert only(life, "lots") == (
        {"order_number": NUMBER, "line": 1, "lot": "1"},
        {
            "made": "980.000",
            "scrap_in_production": "0.000",
            "passed": "980.000",
            "rework": "0.000",
            "scrapped": "0.000",
            "entered": "980.000",
            "place": "",
            "produced_on": "2027-03-01",
            "produced_by": ["production-1"],
            "inspected_by": ["quality-1"],
        },
    )
    assert only(life, "inspections") == (
        {"order_number": NUMBER, "inspection": 1},
        {
            "line": 1,
            "lot": "1",
            "shipment": "",
            "passed": "980.000",
            "to_rework": "0.000",
            "scrapped": "0.000",
            "inspected_by": "quality-1",
            "checked_with": "service_clerk-1",
            "at": NOW,
            "recorded_at": NOW,
            "reasons": "",
        },
    )


def test_its_release_and_its_shipment() -> None:
    life = Life().arrived()
    assert only(life, "releases") == (
        {"order_number": NUMBER, "release": 1},
        {
            "quantities": {"1": "1000.000"},
            "shipped": {"1": "1000.000"},
            "ground": "paid",
            "balance": "0.00",
            "paid": "5000.00",
            "collection": "none",
            "granted_at": NOW,
            "granted_by": "finance-1",
            "notice_reference": "FH-1",
            "notice_at": NOW,
            "emergency_by": "",
            "bill": "5000.00",
            "version": 1,
            "withdrawn_at": None,
            "withdrawal": None,
        },
    )
    assert only(life, "shipments") == (
        {"order_number": NUMBER, "shipment": "1"},
        {
            "release": 1,
            "quantities": {"1": "1000.000"},
            "carrier": "德邦物流",
            "tracking_number": "DB-1",
            "shipped_at": NOW,
            "shipped_by": "shipper-1",
            "expected_arrival": None,
            "collection": "none",
            "to_collect": "0.00",
            "remitted": "0.00",
            "arrived_at": NOW,
            "delivered_at": None,
            "signed_by": "",
            "dead_at": None,
            "returned_at": None,
            "freight_out": "0.00",
            "freight_back": "0.00",
        },
    )


def test_its_payments_and_its_promises() -> None:
    life = Life().verified().sheet_out().later(days=1).paid("7.00", "TX-1")
    key, values = only(life, "payments")
    assert key == {"order_number": NUMBER, "reference": "TX-1"}
    assert values == {
        "amount": "7.00",
        "method": "bank",
        "purpose": "balance",
        "paid_at": life.now.isoformat(),
        "taken_by": "finance-1",
        "confirmed": True,
        "cleared": True,
        "bounced": False,
    }
    first, second = rows(life, "promises")
    assert (dict(first.key), dict(second.key)) == (
        {"order_number": NUMBER, "change": 1},
        {"order_number": NUMBER, "change": 2},
    )
    assert (first.values["cause"], first.values["promised_from"]) == ("first", None)
    assert {
        name: second.values[name] for name in ("cause", "promised_from", "promised_to", "ship_date_to")
    } == {
        "cause": "customer",
        "promised_from": "2027-03-06",
        "promised_to": "2027-03-07",
        "ship_date_to": "2027-03-07",
    }


def test_a_step_and_a_decision() -> None:
    life = Life()
    step = next(row for row in rows(life, "open_steps") if row.key["key"] == "decision:technical:1")
    assert dict(step.key) == {"order_number": NUMBER, "key": "decision:technical:1"}
    assert {
        name: step.values[name] for name in ("kind", "rule", "roles", "people", "blocking", "closed_at")
    } == {
        "kind": "decision",
        "rule": "R21",
        "roles": ["technical"],
        "people": ["technical-1"],
        "blocking": True,
        "closed_at": None,
    }
    life.decide(Subject.TECHNICAL, "producible", material_note="足")
    decision = next(row for row in rows(life, "decisions") if row.key["key"] == "technical:1")
    assert dict(decision.key) == {"order_number": NUMBER, "key": "technical:1", "version": 1}
    assert (decision.values["subject"], decision.values["line"], decision.values["outcome"]) == (
        "technical",
        1,
        "producible",
    )
    (answer,) = decision.values["answers"]
    assert (answer["by"], answer["role"], answer["note_reference"]) == ("technical-1", "technical", "N-1")


def test_how_it_ended() -> None:
    _, values = only(Life().arrived().does("delivery_receipt", signed_by=SIGNER), "orders")
    assert (values["ending"], values["ended_at"], values["phase"], values["headline"]) == (
        "settled",
        NOW,
        "ended",
        "settled",
    )
