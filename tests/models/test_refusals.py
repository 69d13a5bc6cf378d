"""What is refused, by which code, at which place, by which rule: what a sender must be able to rely on (by hand)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.values.vocabulary import Role
from tests.models.life import MONDAY, SIGNER, Life

CLERK = "service_clerk-1"
MORE: dict[str, Any] = {"lines": [{"line": 1, "quantity": "1200"}]}


def released() -> Life:
    """Paid in full and released."""
    return Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")


def amended() -> Life:
    """The second version of the sheet is in force."""
    life = Life().verified().sheet_out().does("amendment_requested", changes=MORE, reason="x")
    return life.verified()


def again_in_production() -> Life:
    """The second version of the instruction is in force."""
    life = amended().sheet_out(2).signed(2).paid("1800.00")
    return life.decide(Subject.THREE_PARTY, "confirm")


def dead() -> Life:
    """Not collected for fifteen days."""
    return Life().arrived().later(days=16)


def notice(**content: Any) -> Reply:
    """The shipping notice of a release."""
    life = released()
    return life.tell("document_supplied", role=Role.SERVICE_CLERK, **{**life.notice(), **content})


def short() -> Life:
    """Of a thousand that were sent, 980 signed for."""
    return Life().arrived().does("delivery_receipt", signed_by=SIGNER, items=[{"line": 1, "quantity": "980"}])


def inspected(**content: Any) -> Reply:
    """An inspection of a thousand that are finished."""
    return Life().in_production().made().tell("inspection_reported", **{"checked_with": CLERK, **content})


CASES: list[tuple[str, Callable[[], Reply], str]] = [
    (
        "dollars",
        lambda: Life().tell("payment_received", amount="1.00", reference="T", currency="USD"),
        "wrong_currency @ content.currency R53",
    ),
    (
        "a salesperson's transfer",
        lambda: Life().tell(
            "payment_received", role=Role.SALESPERSON, amount="1.00", reference="T", method="bank"
        ),
        "wrong_role @ content.method R35",
    ),
    (
        "another amount",
        lambda: Life().paid("1.00", "T").tell("payment_received", amount="2.00", reference="T"),
        "contradiction @ content.amount R53",
    ),
    (
        "cleared by who took it",
        lambda: (
            Life()
            .does(
                "payment_received",
                role=Role.SALESPERSON,
                by="li",
                amount="1.00",
                reference="T",
                method="cash",
            )
            .tell("cash_cleared", by="li", reference="T")
        ),
        "same_person @ by R35",
    ),
    ("an old sheet", lambda: amended().tell("sheet_sent", version=1), "stale_version @ content.version R30"),
    (
        "an old signature",
        lambda: amended().tell("confirmation_returned", version=1, signed_by=SIGNER),
        "stale_version @ content.version R31",
    ),
    (
        "a picture of another sheet",
        lambda: Life().verified().tell("sheet_scanned", version=1, document="x", content_hash="0000"),
        "stale_version @ content.content_hash R31",
    ),
    (
        "a picture of no sheet",
        lambda: Life().verified().tell("sheet_scanned", version=2, document="x", content_hash=""),
        "stale_version @ content.version R31",
    ),
    (
        "an old instruction",
        lambda: again_in_production().tell("production_signed", version=1, clerk=CLERK),
        "stale_version @ content.version R40",
    ),
    (
        "no such line made",
        lambda: Life().in_production().tell("production_reported", line=2, made="1"),
        "unknown_line @ content.line",
    ),
    (
        "no such checkpoint",
        lambda: Life().tell("checkpoint_reported", checkpoint=1),
        "contradiction @ content.checkpoint R46",
    ),
    ("more passed than made", lambda: inspected(passed="1000.001"), "contradiction @ content.passed R43"),
    (
        "bad labels pass",
        lambda: inspected(passed="1", labels_good=False),
        "contradiction @ content.passed R43",
    ),
    (
        "bad packing passes",
        lambda: inspected(passed="1", packing_good=False),
        "contradiction @ content.passed R43",
    ),
    (
        "inspected by one",
        lambda: (
            Life()
            .in_production()
            .made()
            .tell("inspection_reported", by=CLERK, passed="1", checked_with=CLERK)
        ),
        "same_person @ by R43",
    ),
    (
        "who made it passes it",
        lambda: (
            Life()
            .in_production()
            .made()
            .tell("inspection_reported", by="production-1", passed="1", checked_with=CLERK)
        ),
        "same_person @ by R43",
    ),
    (
        "more entered than passed",
        lambda: Life().in_production().made().passed().tell("warehouse_entered", quantity="0.001"),
        "contradiction @ content.quantity R43",
    ),
    ("another address", lambda: notice(address="别处"), "contradiction @ content.address R70"),
    ("another consignee", lambda: notice(consignee="刘强"), "contradiction @ content.consignee R70"),
    ("another contact", lambda: notice(contact="刘强"), "contradiction @ content.contact R70"),
    (
        "another quantity",
        lambda: notice(items=[{"line": 1, "quantity": "999"}]),
        "contradiction @ content.items R70",
    ),
    (
        "a sheet as a paper",
        lambda: notice(document="confirmation_sheet"),
        "contradiction @ content.document R31",
    ),
    (
        "a carrier that may not collect",
        lambda: (
            Life()
            .in_warehouse()
            .paid("3100.00")
            .decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
            .tell("transport_arranged", carrier="某某快递", method="freight")
        ),
        "contradiction @ content.carrier R62",
    ),
    (
        "more than is there",
        lambda: released().tell("shipped", carrier="x", items=[{"line": 1, "quantity": "1000.001"}]),
        "contradiction @ content.items R70",
    ),
    (
        "sent twice",
        lambda: Life().shipped().tell("shipped", carrier="x"),
        "contradiction @ content.shipment R72",
    ),
    ("arrived unsent", lambda: Life().tell("arrived"), "contradiction @ content.shipment R75"),
    ("travelling unsent", lambda: Life().tell("transit_reported"), "contradiction @ content.shipment R74"),
    ("told unsent", lambda: Life().tell("shipment_notice_received"), "contradiction @ content.shipment R72"),
    (
        "signed for unsent",
        lambda: Life().tell("delivery_receipt", signed_by="x"),
        "contradiction @ content.shipment R78",
    ),
    ("recalled unsent", lambda: Life().tell("recall_reported"), "contradiction @ content.shipment R76"),
    (
        "back unsent",
        lambda: Life().tell("goods_returned", freight_out="1.00", freight_back="1.00"),
        "contradiction @ content.shipment R76",
    ),
    (
        "collected by the customer before",
        lambda: (
            dead()
            .paid("1.00")
            .does("delivery_receipt", signed_by=SIGNER)
            .tell("goods_returned", freight_out="1.00", freight_back="1.00")
        ),
        "contradiction @ content.shipment R77",
    ),
    (
        "back before the customer came",
        lambda: (
            dead()
            .does("goods_returned", freight_out="1.00", freight_back="1.00")
            .tell("delivery_receipt", signed_by=SIGNER)
        ),
        "contradiction @ content.shipment R77",
    ),
    (
        "more back than was sent",
        lambda: dead().tell(
            "goods_returned",
            items=[{"line": 1, "quantity": "1000.001"}],
            freight_out="1.00",
            freight_back="1.00",
        ),
        "contradiction @ content.items R76",
    ),
    (
        "more inspected than came back",
        lambda: (
            dead()
            .does("goods_returned", freight_out="1.00", freight_back="1.00")
            .tell("inspection_reported", shipment="1", passed="1000.001", checked_with=CLERK)
        ),
        "contradiction @ content.passed R76",
    ),
    (
        "nothing to remit",
        lambda: Life().shipped().tell("collection_remitted", amount="1.00", reference="D"),
        "contradiction @ content.shipment R62",
    ),
    # changes
    (
        "a line that is not there",
        lambda: Life().tell("amendment_requested", changes={"lines": [{"line": 2}]}, reason="x"),
        "unknown_line @ content.changes.lines",
    ),
    (
        "changed on the road",
        lambda: Life().shipped().tell("amendment_requested", changes={"packing": "袋"}, reason="x"),
        "too_late @ R83",
    ),
    (
        "cancelled on the road",
        lambda: Life().shipped().tell("cancellation_requested", reason="x"),
        "too_late @ R84",
    ),
    (
        "details after the sheet",
        lambda: Life().verified().tell("details_completed", changes={"packing": "袋"}),
        "too_late @ R83",
    ),
    (
        "held twice",
        lambda: Life().does("hold_placed", reason="x").tell("hold_placed", reason="x"),
        "contradiction @",
    ),
    ("not held", lambda: Life().tell("hold_released"), "contradiction @"),
    (
        "no such exception",
        lambda: Life().tell("exception_resolved", exception="E", resolution="x"),
        "contradiction @ content.exception R47",
    ),
    (
        "a plan is needed",
        lambda: (
            Life()
            .in_production()
            .does("production_exception", exception="P", reason="x")
            .tell("exception_resolved", exception="P", resolution="x")
        ),
        "contradiction @ content.exception R42",
    ),
    (
        "short goods without an outcome",
        lambda: short().tell("exception_resolved", exception="short-1", resolution="x"),
        "missing_field @ content.outcome R74",
    ),
    (
        "short goods with an outcome of others",
        lambda: short().tell("exception_resolved", exception="short-1", resolution="x", outcome="write_off"),
        "unknown_outcome @ content.outcome R74",
    ),
    (
        "short goods decided twice",
        lambda: (
            short()
            .does(
                "exception_resolved",
                role=Role.SERVICE_SUPERVISOR,
                exception="short-1",
                outcome="accept",
                resolution="x",
            )
            .tell("exception_resolved", exception="short-1", resolution="x", outcome="credit")
        ),
        "already_decided @ content.exception R74",
    ),
    (
        "no such step",
        lambda: Life().tell(
            "extension_given", step="x", due=MONDAY.replace(year=2028).isoformat(), reason="x"
        ),
        "contradiction @ content.step R13",
    ),
    (
        "set aside for oneself",
        lambda: Life().tell("overridden", by="wu", rule="R28", person="wu", reason="x"),
        "same_person @ content.person",
    ),
    (
        "a provider's limit without a provider",
        lambda: Life().tell("intent_closed", key="x", paid=True),
        "contradiction @ kind R39",
    ),
    (
        "a provider's refund without a provider",
        lambda: Life().tell("refund_answered", key="x", paid=True),
        "contradiction @ kind R123",
    ),
    (
        "after the end",
        lambda: (
            Life()
            .does("cancellation_requested", reason="x")
            .tell("contact_logged", channel="phone", words="x")
        ),
        "order_ended @",
    ),
]


@pytest.mark.parametrize(("reply", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_refusal_says_what_where_and_by_which_rule(reply: Callable[[], Reply], expected: str) -> None:
    code, _, rest = expected.partition(" @")
    place, _, rule = rest.strip().rpartition(" ")
    if not rule.startswith("R"):
        place, rule = rule, ""
    said = reply()
    assert (said.code, said.where, said.rule) == (code, place, rule), said.en
    assert said.zh
    assert said.en


def test_what_is_refused_is_kept_with_all_that_was_said_and_changes_nothing() -> None:
    life = Life().shipped()
    before = life.order.model_dump(exclude={"sequence", "head", "unsaved"})
    reply = life.tell("shipped", fact_id="S/1", by="shipper-1", carrier="x", happened=MONDAY)
    entry = life.entries(EntryKind.REFUSED)[-1]
    assert (entry.subject, entry.by, entry.role, entry.rule) == ("shipped", "shipper-1", Role.SHIPPER, "R72")
    assert entry.happened_at == MONDAY
    assert (entry.data["code"], entry.data["where"]) == ("contradiction", "content.shipment")
    assert (entry.data["zh"], entry.data["en"]) == (reply.zh, reply.en)
    assert '"fact_id":"S/1"' in entry.data["received"]
    assert (reply.fact_id, reply.sequence) == ("S/1", entry.sequence)
    assert life.order.model_dump(exclude={"sequence", "head", "unsaved"}) == before
