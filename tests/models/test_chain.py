"""Hashes that must never come out otherwise: the journal's chain, a fact's digest, a sheet's content.

Recordings pin them too, but a recording made anew would bless any value. Here a few lines of our own work them out,
and some stand as figures.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.envelope import read_envelope
from models.messages.reply import Status
from models.values.vocabulary import Role
from tests.models.life import SIGNER, Life

FACT: dict[str, Any] = {
    "fact_id": "bank/7",
    "kind": "contact_logged",
    "by": "service_clerk-1",
    "role": "service_clerk",
    "happened_at": "2027-03-01T09:00:00+08:00",
    "content": {"words": "来电", "channel": "phone"},
}


def sha(value: Any) -> str:
    """SHA-256 of JSON without blanks, names in order, Chinese as it is."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def link(entry: JournalEntry, previous: str) -> str:
    """The hash an entry must have after the one before: everything but how it is worded."""
    data = {name: value for name, value in entry.data.items() if name not in ("zh", "en")}
    moments = [entry.happened_at.isoformat(), entry.recorded_at.isoformat()]
    who = [entry.by, entry.role.value, entry.rule]
    return sha([entry.sequence, previous, entry.kind.value, entry.subject, *moments, *who, data])


def test_one_entry_has_this_hash_and_no_other() -> None:
    moment = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
    entry = JournalEntry.linked(
        1,
        "0" * 64,
        EntryKind.PLACED,
        "order",
        moment,
        moment,
        "li",
        Role.SALESPERSON,
        "R10",
        {"zh": "订", "n": 1},
    )
    text = (
        '[1,"' + "0" * 64 + '","placed","order","2027-03-01T01:00:00+00:00","2027-03-01T01:00:00+00:00",'
        '"li","salesperson","R10",{"n":1}]'
    )
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()
    assert (entry.sequence, entry.previous, entry.data) == (1, "0" * 64, {"zh": "订", "n": 1})


def test_the_whole_chain_of_a_life_can_be_worked_out_by_anybody() -> None:
    life = Life(packing="").does("details_completed", changes={"packing": "散装"})
    life.tell("cash_cleared", reference="?")
    life.tell("amendment_requested", changes={"lines": [{"line": 9}]}, reason="x")
    life.arrived().later(days=20).does("delivery_receipt", signed_by=SIGNER)
    previous = "0" * 64
    for number, entry in enumerate(life.order.unsaved, start=1):
        assert (entry.sequence, entry.previous) == (number, previous)
        assert entry.hash == link(entry, previous)
        previous = entry.hash
    assert (life.order.head, life.order.sequence) == (previous, len(life.order.unsaved))
    kinds = {entry.kind.value for entry in life.order.unsaved}
    assert kinds >= {
        "placed",
        "fact",
        "early",
        "refused",
        "decided",
        "asked",
        "phase",
        "waiting",
        "done",
        "ended",
    }


def test_what_an_entry_covers_is_each_of_its_fields() -> None:
    """Another value anywhere, another hash; another wording, the same."""
    moment, later = datetime(2027, 3, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, 2, tzinfo=UTC)
    usual: list[Any] = [
        2, "a" * 64, EntryKind.FACT, "shipped", moment, moment, "li", Role.SHIPPER, "R72", {"a": 1, "en": "x"},
    ]  # fmt: skip
    others: list[Any] = [
        3, "b" * 64, EntryKind.EARLY, "arrived", later, later, "wu", Role.LOGISTICS, "R70", {"a": 2, "en": "x"},
    ]  # fmt: skip
    hashes = {JournalEntry.linked(*usual).hash}
    for place, other in enumerate(others):
        changed = [*usual[:place], other, *usual[place + 1 :]]
        hashes.add(JournalEntry.linked(*changed).hash)
    assert len(hashes) == 11
    reworded = [*usual[:9], {"a": 1, "en": "y", "zh": "乙"}]
    assert JournalEntry.linked(*reworded).hash in hashes


def test_the_first_entry_of_the_usual_order() -> None:
    """What was asked stands in it, with nothing that was not said."""
    entry = Life().order.unsaved[0]
    assert (entry.kind, entry.subject, entry.rule) == (EntryKind.PLACED, "order", "R10")
    assert (entry.by, entry.role) == ("service_clerk-1", Role.SERVICE_CLERK)
    assert entry.data == {
        "request": {
            "request_id": "fax/1",
            "channel": "fax",
            "customer": "K-1",
            "contact": "王芳",
            "phone": "0755-5550102",
            "address": "深圳市宝安区新安路 12 号",
            "consignee": "王芳",
            "lines": [
                {
                    "line": 1,
                    "product": "TP-80",
                    "specification": "80mm×80m",
                    "quantity": "1000.000",
                    "unit": "roll",
                    "unit_price": "5.00",
                    "tolerance_percent": "5",
                }
            ],
            "payment_terms": "deposit",
            "deposit_percent": "30",
            "packing": "50 卷一箱",
            "delivery_method": "freight",
            "freight_terms": "seller_pays",
            "entered_by": "service_clerk-1",
        },
        "customer_class": "B",
        "policy": "seed",
        "edition": 12,
    }


def test_what_makes_two_tellings_the_same() -> None:
    """All of the envelope but its id; the order remembers sixteen digits of it."""
    envelope = read_envelope(FACT)
    content = {
        "kind": "contact_logged",
        "schema_version": 1,
        "by": "service_clerk-1",
        "role": "service_clerk",
        "happened_at": "2027-03-01T09:00:00+08:00",
        "content": {"channel": "phone", "words": "来电"},
    }
    assert envelope.digest() == sha(content)
    life = Life()
    life.tell("contact_logged", fact_id="a/1", role=Role.SERVICE_CLERK, channel="phone", words="来电")
    assert life.order.seen == {"a/1": sha(content)[:16]}
    again = life.tell("contact_logged", fact_id="a/1", role=Role.SERVICE_CLERK, words="来电", channel="phone")
    assert (again.status, again.fact_id, again.sequence) == (Status.KNOWN, "a/1", life.order.sequence)
    others: list[dict[str, Any]] = [
        {"by": "x"},
        {"happened_at": "2027-03-01T09:00:01+08:00"},
        {"content": {}},
        {"role": "legal"},
    ]
    for changed in others:
        assert read_envelope({**FACT, **changed}).digest() != envelope.digest()


def test_what_a_signature_is_for() -> None:
    """The content of the sheet, from the customer's name to the last line: another word, another hash."""
    life = Life().verified()
    sheet = life.order.sheets[0]
    request = {
        "channel": "fax",
        "fulfilment": "make_to_order",
        "customer": "K-1",
        "contact": "王芳",
        "phone": "0755-5550102",
        "fax": "",
        "address": "深圳市宝安区新安路 12 号",
        "consignee": "王芳",
        "lines": [
            {
                "line": 1,
                "product": "TP-80",
                "specification": "80mm×80m",
                "quantity": "1000.000",
                "unit": "roll",
                "unit_price": "5.00",
                "tolerance_percent": "5",
            }
        ],
        "payment_terms": "deposit",
        "deposit_percent": "30",
        "packing": "50 卷一箱",
        "label": "",
        "special_requirements": "",
        "wanted_date": None,
        "delivery_method": "freight",
        "freight_terms": "seller_pays",
        "checkpoints": [],
        "partial_delivery": False,
    }
    content = {
        "order": "20270301-0001",
        "customer": "红枫包装",
        "terms": "deposit",
        "deposit": "1500.00",
        "promised": "2027-03-06",
        "request": request,
    }
    assert sheet.content == content
    assert sheet.content_hash == sha(content)


def test_what_a_decision_is_about() -> None:
    """Texts of what was asked, in any order of their names."""
    asked = Life().order.asked["technical:1"]
    about = {
        "product": "TP-80",
        "specification": "80mm×80m",
        "quantity": "1000.000",
        "special": "",
        "old_recipe": "False",
    }
    assert asked.about_words == about
    assert asked.about == sha(about)
