"""What is said to an order: read, known, refused and kept, early, too old, after the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.decisions.subjects import SUBJECTS
from models.dossier.journal import FIRST_LINK, EntryKind
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import LARGEST_CONTENT, Envelope, read_envelope
from models.messages.reply import Status
from models.values.errors import EXIT_CODES, Code, Refusal
from models.values.vocabulary import Language, Role, Words
from tests.models.life import SIGNER, Life, line, refused
from workflows.procedure import check, receive

FACT: dict[str, Any] = {
    "fact_id": "bank/7",
    "kind": "contact_logged",
    "by": "service_clerk-1",
    "role": "service_clerk",
    "happened_at": "2027-03-01T09:00:00+08:00",
    "content": {"channel": "phone", "words": "来电"},
}


def test_every_kind_has_words_and_roles() -> None:
    assert all(kind.roles and kind.words.zh and kind.words.en for kind in FACT_KINDS.values())


def test_every_code_has_an_exit_code_that_tells_success_from_failure() -> None:
    assert set(EXIT_CODES) == set(Code)
    assert all(code > 0 for code in EXIT_CODES.values())


def test_a_refusal_has_one_shape_in_both_languages_or_in_one() -> None:
    refusal = Refusal(Code.WRONG_ROLE, Words("不行", "no"), where="role", rule="R28")
    assert refusal.as_json() == {
        "code": "wrong_role",
        "zh": "不行",
        "en": "no",
        "where": "role",
        "rule": "R28",
    }
    assert refusal.as_json(Language.EN) == {
        "code": "wrong_role",
        "message": "no",
        "where": "role",
        "rule": "R28",
    }
    assert Refusal(Code.MALFORMED, Words("不", "no")).as_json(Language.ZH) == {
        "code": "malformed",
        "message": "不",
    }
    assert refusal.exit_code == 6


@pytest.mark.parametrize(
    ("raw", "code", "where"),
    [
        (None, "malformed", ""),
        ("text", "malformed", ""),
        ([1, 2], "malformed", ""),
        ({**FACT, "schema_version": 9}, "malformed", "schema_version"),
        ({**FACT, "happened_at": "2027-03-01T09:00:00"}, "malformed", "happened_at"),
        ({**FACT, "role": "emperor"}, "malformed", "role"),
        ({**FACT, "colour": "red"}, "unknown_field", "colour"),
        ({key: value for key, value in FACT.items() if key != "by"}, "missing_field", "by"),
        ({**FACT, "kind": "rumour_heard"}, "unknown_fact", "kind"),
        ({**FACT, "role": "customer"}, "wrong_role", "role"),
        ({**FACT, "content": {"channel": "phone"}}, "missing_field", "content.words"),
        ({**FACT, "content": {"words": "x" * (LARGEST_CONTENT + 1)}}, "malformed", "content"),
        ({**FACT, "content": {"channel": "phone", "words": "a\x00"}}, "malformed", "content.words"),
    ],
)
def test_what_is_malformed_is_refused_kept_and_changes_nothing_else(raw: Any, code: str, where: str) -> None:
    life = Life()
    before = life.order.model_dump(exclude={"sequence", "head", "unsaved"})
    reply = refused(receive(life.order, raw, life.now), code)
    assert reply.where == where
    assert life.order.model_dump(exclude={"sequence", "head", "unsaved"}) == before
    kept = life.entries(EntryKind.REFUSED)[-1]
    assert (kept.data["code"], kept.sequence) == (code, reply.sequence)
    assert "\x00" not in str(kept.data)
    with pytest.raises(Refusal):
        check(raw)


def test_what_cannot_even_be_written_down_is_kept_as_it_shows() -> None:
    life = Life()
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for raw in ({"a": {1, 2}}, object(), deep):
        refused(receive(life.order, raw, life.now), "missing_field" if isinstance(raw, dict) else "malformed")
    assert len(life.entries(EntryKind.REFUSED)) == 3


def test_the_same_fact_again_is_known_and_changes_nothing() -> None:
    life = Life()
    assert receive(life.order, FACT, life.now).status is Status.ACCEPTED
    before = life.order.sequence
    again = receive(life.order, FACT, life.now)
    assert (again.status, life.order.sequence) == (Status.KNOWN, before)


def test_the_same_id_with_other_content_is_refused() -> None:
    life = Life()
    receive(life.order, FACT, life.now)
    refused(receive(life.order, {**FACT, "by": "salesperson-1"}, life.now), "fact_conflict")


def test_an_order_that_has_ended_takes_nothing_more() -> None:
    life = Life().does("cancellation_requested", reason="x")
    reply = refused(receive(life.order, FACT, life.now), "order_ended")
    assert life.entries(EntryKind.REFUSED)[-1].sequence == reply.sequence
    life.later(days=30)
    assert life.order.headline.value == "cancelled"


def test_early_facts_are_used_in_the_order_in_which_they_came() -> None:
    """Not the latest first, and none is dropped when it is tried too soon."""
    life = Life()
    for kind, content in (
        ("confirmation_returned", {"version": 1, "signed_by": SIGNER}),
        ("production_reported", {"made": "400"}),
        ("production_reported", {"made": "600", "finished": True}),
    ):
        assert life.tell(kind, **content).status is Status.KEPT_EARLY
    assert [entry.subject for entry in life.entries(EntryKind.EARLY)] == [e.kind for e in life.order.early]
    life.verified()
    assert [each.kind for each in life.order.early] == ["production_reported"] * 2
    life.does("sheet_sent", version=1).paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1")
    assert life.order.early == []
    assert life.order.lots["1/1"].made == 1000


def test_an_early_fact_that_turns_out_wrong_is_refused_then() -> None:
    life = Life().verified()
    life.tell("production_signed", version=1, clerk="service_clerk-1")
    life.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "1000.5"}]}, reason="x")
    life.verified().sheet_out(2).signed(2).paid("1500.75").decide(Subject.THREE_PARTY, "confirm")
    assert life.entries(EntryKind.REFUSED, "production_signed")[0].data["code"] == "stale_version"
    assert life.order.early == []


@pytest.mark.parametrize(("minutes", "code"), [(9, ""), (11, "in_future")])
def test_clocks_may_differ_by_a_few_minutes(minutes: int, code: str) -> None:
    life = Life()
    happened = life.now + timedelta(minutes=minutes)
    reply = life.tell("contact_logged", channel="phone", words="x", happened=happened)
    assert reply.code == code


def test_back_dating_beyond_the_limit_needs_an_override() -> None:
    """Thirty-one days are the shipped policy's limit; what is older is taken from a person with an override of 'dating'."""
    life = Life().later(days=10)
    long_ago = life.now - timedelta(days=32)
    said: dict[str, Any] = {"channel": "phone", "words": "x", "happened": long_ago}
    refused(life.tell("contact_logged", **said), "too_far_back")
    life.does("overridden", role=Role.SALES_SUPERVISOR, rule="dating", person="salesperson-1", reason="补录")
    life.tell("contact_logged", by="salesperson-1", role=Role.SALESPERSON, **said)
    assert life.order.unsaved[-1].kind is EntryKind.FACT


def test_the_journal_has_no_gap_and_is_chained() -> None:
    """Each entry names the hash of the one before it."""
    life = Life().arrived().does("delivery_receipt", signed_by=SIGNER)
    journal = life.order.unsaved
    assert [entry.sequence for entry in journal] == list(range(1, len(journal) + 1))
    assert [entry.previous for entry in journal] == [FIRST_LINK, *(entry.hash for entry in journal[:-1])]
    assert life.order.head == journal[-1].hash


def test_wording_is_not_part_of_the_chain() -> None:
    """A better word in a later release renumbers no open order."""
    first, second = Life(), Life()
    first.order.note(EntryKind.REFUSED, "x", code="malformed", zh="甲", en="a")
    second.order.note(EntryKind.REFUSED, "x", code="malformed", zh="乙", en="b")
    assert first.order.head == second.order.head
    second.order.note(EntryKind.REFUSED, "x", code="other")
    first.order.note(EntryKind.REFUSED, "x", code="malformed")
    assert first.order.head != second.order.head


# --- decisions: one mechanism for every subject ---------------------------------------------------------------------


@pytest.mark.parametrize("subject", list(Subject))
def test_a_subject_is_decided_by_its_roles_with_its_outcomes_in_writing(subject: Subject) -> None:
    """Another role, an outcome of another subject, an answer by word of mouth: each is refused with its own code."""
    rule, life = SUBJECTS[subject], Life()
    outcome = rule.outcomes[0].value
    others = [role for role in FACT_KINDS["decision"].roles if role not in rule.roles]
    refused(life.answer(subject, outcome, role=others[0]), "wrong_role")
    strange = next(o for s in SUBJECTS.values() for o in s.outcomes if o not in rule.outcomes)
    refused(life.answer(subject, strange.value), "unknown_outcome")
    refused(life.answer(subject, outcome, note=None), "not_in_writing")


def test_a_decision_names_its_line_where_there_are_several() -> None:
    life = Life(lines=[line(1), line(2)])
    refused(life.answer(Subject.TECHNICAL, "producible", material_note="x"), "unknown_line")
    refused(life.answer(Subject.TECHNICAL, "producible", line=7, material_note="x"), "unknown_line")
    life.decide(Subject.TECHNICAL, "producible", line=2, material_note="x")


def test_the_second_to_decide_hears_who_was_first() -> None:
    life = Life().decide(Subject.APPROVAL, "approve")
    reply = refused(life.answer(Subject.APPROVAL, "approve", by="sales_supervisor-2"), "already_decided")
    assert "sales_supervisor-1" in reply.en


def test_an_answer_to_an_outdated_version_is_refused() -> None:
    life = Life()
    life.does("details_completed", changes={"special_requirements": "防潮"})
    reply = life.answer(Subject.TECHNICAL, "producible", version=1, material_note="x")
    refused(reply, "stale_version")
    life.answer(Subject.TECHNICAL, "producible", version=2, material_note="x")
    assert life.order.outcome(Subject.TECHNICAL, 1) is not None


def test_an_envelope_is_the_same_whatever_its_id() -> None:
    envelope = read_envelope(FACT)
    assert isinstance(envelope, Envelope)
    assert envelope.digest() == read_envelope({**FACT, "fact_id": "other"}).digest()
