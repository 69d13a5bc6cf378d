"""From another system's fields to a fact: the tables that come with the product, and what cannot be understood."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.facts.webhook_events import (
    EventRule,
    FindBy,
    Remittance,
    SenderTable,
    remittance_in,
    understand,
)
from models.messages.envelope import read_content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role

FOLDER = Path(__file__).resolve().parents[2] / "webhooks"
SIGNED = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
PAYMENT: dict[str, Any] = {
    "type": "payment.received",
    "data": {
        "transaction_id": "TX-7",
        "amount": "1500.00",
        "remittance_text": "货款 订单20270105-0001 红枫",
        "booked_at": "2027-01-05T09:30:00+08:00",
    },
}
ARRIVED = {"id": "e-9", "event": "ARRIVED", "waybill": "SF100", "time": "2027-01-12 15:04", "city": "深圳"}


def table_of(sender: str) -> SenderTable:
    return SenderTable.model_validate(tomllib.loads((FOLDER / f"{sender}.toml").read_text(encoding="utf-8")))


def refused(sender: str, body: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as found:
        understand(table_of(sender), body, SIGNED)
    return found.value


def test_a_payment_names_its_order_somewhere_in_its_text() -> None:
    meant = understand(table_of("bank"), PAYMENT, SIGNED)
    assert meant.order == "20270105-0001"
    assert meant.envelope is not None
    assert (meant.envelope.kind, meant.envelope.by, meant.envelope.role) == (
        "payment_received",
        "key:bank",
        Role.SYSTEM,
    )
    assert meant.envelope.fact_id == "bank/TX-7"
    assert meant.envelope.content == {
        "amount": "1500.00",
        "reference": "TX-7",
        "paid_at": "2027-01-05T09:30:00+08:00",
    }


def test_a_payment_without_an_order_is_still_a_payment() -> None:
    data = {name: value for name, value in PAYMENT["data"].items() if name != "remittance_text"}
    meant = understand(table_of("bank"), {**PAYMENT, "data": data}, SIGNED)
    assert meant.order == ""
    assert meant.envelope is not None


@pytest.mark.parametrize("text", ["120270105-0001", "20270105-00011234"])
def test_digits_of_something_longer_are_no_order_number(text: str) -> None:
    data = {**PAYMENT["data"], "remittance_text": text}
    assert understand(table_of("bank"), {**PAYMENT, "data": data}, SIGNED).order == text


def test_a_carrier_knows_tracking_numbers_and_local_times() -> None:
    meant = understand(table_of("carrier"), {**ARRIVED, "state": "DAMAGED"}, SIGNED)
    assert (meant.order, meant.rule.find_by) == ("SF100", FindBy.TRACKING_NUMBER)
    assert meant.envelope is not None
    assert meant.envelope.happened_at.isoformat() == "2027-01-12T15:04:00+08:00"
    assert meant.envelope.content == {"place": "深圳", "condition": "damaged"}


def test_a_fax_is_a_scan_and_a_sheet_that_went_out_is_told() -> None:
    scan = understand(
        table_of("fax-gateway"), {"kind": "fax.received", "file_base64": "QUJD", "fax_id": "f1"}, SIGNED
    )
    assert (scan.scan, scan.scan_name, scan.envelope) == ("QUJD", "f1.pdf", None)
    went = {
        "kind": "fax.delivered",
        "reference": "20270105-0001/v2",
        "fax_id": "f2",
        "finished_at": 1799116200,
    }
    meant = understand(table_of("fax-gateway"), {**went, "sheet_version": 2}, SIGNED)
    assert meant.envelope is not None
    assert meant.envelope.happened_at == datetime(2027, 1, 5, 2, 30, tzinfo=UTC)
    assert meant.envelope.content == {"version": "2"}
    assert understand(table_of("fax-gateway"), {"kind": "fax.failed"}, SIGNED).envelope is None


def test_a_refusal_to_sign_is_a_sheet_that_nobody_signed() -> None:
    contract = {"external_id": "20270105-0001-v1", "id": "C-1", "version": 1}
    body = {"contract": contract, "signed_at": "2027-01-05T10:00:00+08:00"}
    signed = understand(table_of("e-sign"), {**body, "action": "SIGNED", "signer": {"name": "王芳"}}, SIGNED)
    rejected = understand(table_of("e-sign"), {**body, "action": "REJECTED", "reason": "价格不对"}, SIGNED)
    assert signed.envelope is not None
    assert rejected.envelope is not None
    assert signed.envelope.content["signed_by"] == "王芳"
    assert rejected.envelope.content == {"version": "1", "requirements_clear": False, "remarks": "价格不对"}
    assert signed.envelope.fact_id != rejected.envelope.fact_id


def test_hundredths_of_a_yuan_and_a_time_that_is_not_said() -> None:
    rule = EventRule(
        when={}, fact="payment_received", order="{o}", fact_id="{i.0}",
        content={"amount": "{a|fen}", "reference": "{i.0}"},
    )  # fmt: skip
    table = SenderTable(sender="pos", event=(rule,))
    meant = understand(table, {"a": 150005, "i": ["x"], "o": "20270105-0001"}, SIGNED)
    assert meant.envelope is not None
    assert meant.envelope.content["amount"] == "1500.05"
    assert meant.envelope.happened_at == SIGNED


@pytest.mark.parametrize(
    ("sender", "body", "code", "where"),
    [
        ("bank", {"type": "something"}, Code.UNKNOWN_FACT, "when"),
        ("bank", {}, Code.UNKNOWN_FACT, "when"),
        ("bank", {**PAYMENT, "data": {}}, Code.MISSING_FIELD, "data.amount"),
        ("bank", {**PAYMENT, "data": "x"}, Code.MISSING_FIELD, "data.amount"),
        (
            "bank",
            {**PAYMENT, "data": {**PAYMENT["data"], "amount": "viel"}},
            Code.BAD_MONEY,
            "content.amount",
        ),
        ("bank", {**PAYMENT, "data": {**PAYMENT["data"], "amount": ["1"]}}, Code.MALFORMED, "data.amount"),
        (
            "bank",
            {**PAYMENT, "data": {**PAYMENT["data"], "booked_at": "5.1."}},
            Code.MALFORMED,
            "happened_at",
        ),
        ("carrier", {**ARRIVED, "time": "yesterday"}, Code.MALFORMED, "time"),
        ("carrier", {**ARRIVED, "state": "MELTED"}, Code.MALFORMED, "content.condition"),
    ],
)
def test_what_is_not_understood_says_where(sender: str, body: dict[str, Any], code: Code, where: str) -> None:
    refusal = refused(sender, body)
    assert (refusal.code, refusal.where) == (code, where)


@pytest.mark.parametrize("writing", ["fen", "unix"])
@pytest.mark.parametrize("value", ["x", "1.5", "9" * 400, "∞"])
def test_a_value_that_is_not_written_so_is_refused(writing: str, value: str) -> None:
    rule = EventRule(when={}, fact="contact_logged", fact_id="1", content={"words": f"{{v|{writing}}}"})
    table = SenderTable(sender="x", role=Role.SERVICE_CLERK, event=(rule,))
    with pytest.raises(Refusal) as found:
        understand(table, {"v": value}, SIGNED)
    assert found.value.code in (Code.MALFORMED, Code.MISSING_FIELD)


def test_a_table_that_is_none_names_what_is_wrong() -> None:
    for raw, where in (
        ({"sender": "x", "event": [{"when": {}, "fact": "payment"}]}, "event.0.fact"),
        ({"sender": "x", "event": [{"when": {}, "fcat": "arrived"}]}, "event.0.fcat"),
        ({"sender": "x"}, "event"),
    ):
        with pytest.raises(Refusal) as found:
            read_content(SenderTable, raw)
        assert found.value.where == where
    strange = SenderTable(
        sender="x",
        event=(EventRule(when={}, fact="contact_logged", fact_id="1", content={"words": "{v|roman}"}),),
    )
    with pytest.raises(Refusal) as found:
        understand(strange, {"v": "IV"}, SIGNED)
    assert "roman" in found.value.words.en


def test_who_paid_is_read_beside_the_fact_and_told_to_no_order() -> None:
    body = {**PAYMENT, "data": {**PAYMENT["data"], "payer_name": "苏州红枫包装有限公司"}}
    said = remittance_in(table_of("bank"), body)
    assert (said.payer, said.text) == ("苏州红枫包装有限公司", PAYMENT["data"]["remittance_text"])
    meant = understand(table_of("bank"), body, SIGNED).envelope
    assert meant is not None
    assert "payer" not in meant.content
    assert remittance_in(table_of("bank"), PAYMENT).payer == ""
    assert remittance_in(table_of("bank"), {"type": "unknown"}) == Remittance()
