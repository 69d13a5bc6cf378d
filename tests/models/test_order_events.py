"""Events that other shops hear: from which entries, rows and papers they are made, and what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.messages.decision_subjects import Subject
from models.order.projection import changed_rows
from models.webhooks.event_table import NewEvent, events_of
from models.webhooks.order_events import CONTENTS, OrderEvent, message, message_id, schema_of
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import script_of
from tests.models.life import SIGNER, Life

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
COMMON = {"order": "20270301-0001", "request_id": "fax/1", "customer": "K-1", "status": "in_review"}


class Told:
    """What the life of an order tells, burst by burst."""

    def __init__(self, life: Life) -> None:
        self.life, self.known, self.seen = life, dict[str, str](), 0
        self.before: set[str] = set()

    def hears(self) -> list[NewEvent]:
        """What is new since the last look; papers are those that became due since then."""
        order = self.life.order
        rows, self.known = changed_rows(order, self.known)
        entries = [entry for entry in order.unsaved if entry.sequence > self.seen]
        self.seen = order.sequence
        papers = [each for each in order.unsent if each.identity not in self.before]
        self.before |= {each.identity for each in papers}
        return events_of(
            Burst(
                order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=entries, rows=rows,
                intentions=papers,
            )
        )  # fmt: skip

    def names(self) -> list[str]:
        return [each.event.value for each in self.hears()]


def test_a_usual_life_is_told_in_its_order() -> None:
    told = Told(life := Life())
    placed = told.hears()
    assert [each.event for each in placed] == [OrderEvent.PLACED]
    assert placed[0].identity == "order.placed"
    life.in_production()
    heard = told.hears()
    assert [each.event.value for each in heard] == [
        "order.confirmed", "order.promise_changed", "order.payment_booked", "order.in_production",
    ]  # fmt: skip
    assert heard[0].by_version
    promised, booked = heard[1], heard[2]
    assert promised.content["before"] is None
    assert booked.content["amount"] == "1500.00"
    assert booked.identity == f"order.payment_booked:{booked.content['reference']}"
    life.made().passed()
    told.hears()
    assert told.hears() == []


def test_shipments_are_told_with_their_tracking_and_once_for_each_step() -> None:
    life = Life().in_warehouse()
    life.paid("3500.00", "BANK-2")
    told = Told(life)
    told.hears()
    life.decide(Subject.FINANCE_RELEASE, "release").sent("S1")
    heard = [each for each in told.hears() if each.event is OrderEvent.SHIPPED]
    assert [each.identity for each in heard] == ["order.shipped:S1"]
    assert (heard[0].content["tracking_number"], heard[0].content["quantities"]) == (
        "DB-S1",
        {"1": "1000.000"},
    )
    life.does("arrived", shipment="S1", place="深圳")
    assert "order.arrived" in told.names()


def test_a_cancelled_order_is_told_when_it_is_granted() -> None:
    told = Told(life := Life())
    told.hears()
    life.tell("cancellation_requested", reason="不要了")
    names = told.names()
    life.decide(Subject.CANCELLATION, "approve", cost="0.00") if "order.cancelled" not in names else None
    assert "order.cancelled" in [*names, *told.names()]


def test_what_is_paid_back_is_told_with_its_reference() -> None:
    """Of a deposit that is settled: how much, and by which payment of the bank."""
    told = Told(life := Life().arrived().later(days=16))
    life.does("goods_returned", freight_out="1.00", freight_back="1.00")
    life.does("inspection_reported", shipment="1", passed="1000", checked_with="service_clerk-1")
    told.hears()
    settled: dict[str, Any] = {"refunded": "4800.00", "kept": "200.00", "reference": "BANK-77"}
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", **settled)
    (given_back,) = (each for each in told.hears() if each.event is OrderEvent.REFUNDED)
    assert (given_back.content["amount"], given_back.content["reference"]) == ("4800.00", "BANK-77")


def test_bounced_money_is_not_booked_again() -> None:
    told = Told(life := Life().confirmed())
    told.hears()
    reference = life.order.ledger.payments[0].reference
    life.tell("payment_bounced", reference=reference, reason="空头")
    names = told.names()
    assert "order.payment_bounced" in names
    assert "order.payment_booked" not in names


@pytest.mark.parametrize("number", ["Q20270105-0001", "H20270105-0001-1"])
def test_quotes_and_contracts_tell_other_shops_nothing(number: str) -> None:
    entries = Life().order.unsaved
    burst = Burst(
        order=number,
        epoch=0,
        after_sequence=0,
        after_hash=FIRST_LINK,
        entries=entries,
        rows=[],
        intentions=[],
    )
    assert events_of(burst) == []


def test_every_event_of_every_story_says_what_its_schema_says_and_nothing_personal() -> None:
    company = read_company(STORIES)
    heard: set[OrderEvent] = set()
    for place, path in enumerate(story_files([STORIES]), start=1):
        script = script_of(read_story(path), company, NOW)
        played = play(script, f"20270101-{place:04d}")
        order = played.order
        assert order is not None
        rows, _ = changed_rows(order, {})
        found = events_of(
            Burst(
                order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=played.journal, rows=rows,
                intentions=order.unsent,
            )
        )  # fmt: skip
        people = {order.request.contact, order.request.phone, order.request.address, order.request.consignee}
        for each in found:
            content: dict[str, Any] = {**COMMON, **each.content}
            if each.by_version:
                content["request_version"] = 1
            CONTENTS[each.event].model_validate(content)
            assert set(content) <= set(CONTENTS[each.event].model_fields), each.event
            assert not {value for value in content.values() if isinstance(value, str)} & (people - {""}), (
                path.name
            )
            heard.add(each.event)
    of_cases = {OrderEvent.CASE_OPENED, OrderEvent.CASE_DECIDED, OrderEvent.CASE_CLOSED}
    assert heard == set(OrderEvent) - of_cases


def test_each_event_has_a_schema_of_its_own_version() -> None:
    assert set(CONTENTS) == set(OrderEvent)
    for event in OrderEvent:
        schema = schema_of(event)
        assert schema["properties"]["type"] == {"const": event.value}
        assert schema["required"] == list(schema["properties"]), event
        for name, value in schema["properties"].items():
            # whoever builds a receiver reads here what each part is: a word in plain English, or the one value it has
            assert value.get("description") or "const" in value or name == "data", (event, name)
        assert {"order", "request_id", "customer"} <= set(schema["properties"]["data"]["properties"])
        assert not {"contact", "phone", "address", "name", "reason"} & set(
            schema["properties"]["data"]["properties"]
        )


def test_an_event_has_the_same_id_each_time_it_is_sent() -> None:
    sent = message("20270301-0001", "order.placed", "order.placed", 1, 7, NOW, COMMON)
    assert sent["id"] == message_id("20270301-0001", "order.placed")
    assert sent["id"] != message_id("20270301-0002", "order.placed")
    assert (sent["cursor"], sent["timestamp"]) == (7, "2026-12-01T01:00:00+00:00")


def test_who_signs_is_not_told() -> None:
    told = Told(Life().in_warehouse())
    assert SIGNER not in str(told.hears())
