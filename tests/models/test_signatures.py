"""What is signed for one order, with one content, by one key, is nothing for another."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from models.dossier.receive import check, take
from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import read_envelope
from models.messages.signatures import HOUSE, Unsigned, house_key, is_signed, signed, signer_of
from models.values.errors import Code
from tests.models.life import Life

ORDER = "20270105-0007"
KEY = hashlib.sha256(b"dd_12ab_secret").digest()
MESSAGE: dict[str, Any] = {
    "fact_id": "TX-1", "kind": "payment_received", "schema_version": 1, "by": "key:bank", "role": "system",
    "happened_at": "2027-01-05T09:30:00+08:00", "content": {"amount": "300.00", "reference": "红 7"},
}  # fmt: skip


def test_another_program_signs_by_the_description_alone() -> None:
    """The statement is written out here by hand, as somebody would who reads the recipe."""
    statement = (
        '{"by":"key:bank","content":{"amount":"300.00","reference":"红 7"},"fact_id":"TX-1",'
        '"happened_at":"2027-01-05T09:30:00+08:00","kind":"payment_received","order":"20270105-0007",'
        '"role":"system","schema_version":1}'
    )
    code = hmac.new(KEY, statement.encode("utf-8"), "sha256").hexdigest()
    assert is_signed({**MESSAGE, "signature": f"dd_12ab:{code}"}, ORDER, KEY)
    assert signed(MESSAGE, ORDER, "dd_12ab", KEY)["signature"] == f"dd_12ab:{code}"


def test_it_holds_for_this_order_this_content_and_this_key_alone() -> None:
    told = signed(MESSAGE, ORDER, "dd_12ab", KEY)
    assert signer_of(told) == "dd_12ab"
    assert is_signed(told, ORDER, KEY)
    assert not is_signed(told, "20270105-0008", KEY)
    assert not is_signed(told, ORDER, hashlib.sha256(b"another").digest())
    for name, value in (
        ("by", "wu"),
        ("fact_id", "TX-2"),
        ("content", {"amount": "3000.00"}),
        ("role", "finance"),
    ):
        assert not is_signed({**told, name: value}, ORDER, KEY), name
    assert not is_signed({**told, "seen": {"version": 1}}, ORDER, KEY)


@pytest.mark.parametrize(
    "signature", [None, "", ":", "dd_12ab", "dd_12ab:", 7, "dd_12ab:" + "0" * 64, "签:名", ["x"]]
)
def test_what_is_no_signature_is_none(signature: object) -> None:
    assert not is_signed({**MESSAGE, "signature": signature}, ORDER, KEY)
    assert not is_signed(MESSAGE, ORDER, KEY)


def test_the_key_of_the_house_is_none_of_the_other_keys() -> None:
    """The same secret signs customers' links."""
    assert house_key("s" * 32) != b"s" * 32
    assert house_key("s" * 32) != house_key("t" * 32)
    assert signer_of(signed(MESSAGE, ORDER, HOUSE, house_key("s" * 32))) == HOUSE


def test_a_signature_is_no_part_of_what_is_said() -> None:
    """The same fact told by the key and again by the house is one fact."""
    plain, told = read_envelope(MESSAGE), read_envelope(signed(MESSAGE, ORDER, "dd_12ab", KEY))
    assert plain.digest() == told.digest()
    assert check(FACT_KINDS, told.model_dump(mode="json")).envelope == told


def test_an_order_believes_nothing_of_what_is_not_signed() -> None:
    life = Life().verified()
    before = life.order.ledger.paid
    reply = take(life.order, FACT_KINDS, Unsigned(MESSAGE), life.order.clock)
    assert (reply.code, reply.where) == (Code.UNSIGNED, "signature")
    refused = life.order.unsaved[-1]
    assert (refused.by, refused.subject, refused.data["code"]) == ("", "malformed", "unsigned")
    assert "TX-1" in refused.data["received"]
    assert life.order.ledger.paid == before
