"""The table of faults in docs/shop-payments.md names tests that there are, and every fault that the test provider can have."""

from __future__ import annotations

import re
from pathlib import Path

from rehearsal.payment_provider.app import PayFault
from runtime.settings import ROOT

DOCUMENT = ROOT / "docs" / "shop-payments.md"
IN = {
    PayFault.NONE: "success",
    PayFault.LATE: "told late",
    PayFault.TWICE: "told twice, or more often",
    PayFault.LOST: "never told",
    PayFault.OUT_OF_ORDER: "out of order: expired, then paid",
    PayFault.WRONG_SIGNATURE: "wrong signature, or none",
    PayFault.AMOUNT: "another amount",
    PayFault.CURRENCY: "another currency",
    PayFault.PAID_TWICE: "a second success",
    PayFault.CHANGED: "the same event with another content",
}


def rows() -> dict[str, str]:
    """Each fault and its test."""
    text = (
        DOCUMENT.read_text(encoding="utf-8")
        .partition("<!-- faults -->")[2]
        .partition("<!-- end of faults -->")[0]
    )
    lines = [line.strip("| ").split(" | ") for line in text.strip().splitlines()[2:]]
    return {fault: test.strip("` |") for fault, _, test in lines}


def test_each_fault_names_a_test_that_there_is() -> None:
    folder = Path(__file__).resolve().parents[1]
    there = {
        name
        for file in folder.rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }
    assert len(rows()) >= 25
    assert {fault: test for fault, test in rows().items() if test not in there} == {}


def test_each_fault_of_the_test_provider_stands_in_the_table() -> None:
    assert set(IN) == set(PayFault)
    assert set(IN.values()) <= set(rows())
