"""Three name spaces of authors: persons of the staff, keys, customers; and ids of facts that belong to their author."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from models.access import Caller, CallerKind
from models.dossier.journal import EntryKind
from models.messages import authors
from models.messages.decision_subjects import Subject
from models.messages.envelope import read_content
from models.messages.reply import Status
from models.values.editions import Edition
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from models.values.words import InvalidValue
from tests.models.life import Life, refused
from workflows.procedure import receive

NAMES = ("he", "bank", "a/b", "a", "%2F", "王芳", "x" * 120)


def contact(
    by: str, fact_id: str = "TX-7", role: str = "service_clerk", words: str = "来电"
) -> dict[str, Any]:
    return {
        "fact_id": fact_id, "kind": "contact_logged", "by": by, "role": role, "happened_at": "2027-03-01T09:00:00+08:00",
        "content": {"channel": "phone", "words": words},
    }  # fmt: skip


def callers(name: str) -> tuple[Caller, ...]:
    """A person, a key and a customer of the same name."""
    return tuple(Caller(name=name, kind=kind, roles=(Role.SERVICE_CLERK,)) for kind in CallerKind)


def test_nobody_is_taken_for_somebody_of_another_kind() -> None:
    everybody = [each.author for name in NAMES for each in callers(name)]
    assert len(set(everybody)) == len(NAMES) * len(CallerKind)
    person = Caller(name="he", kind=CallerKind.STAFF, roles=())
    assert person.author == "he"
    for author in everybody:
        assert authors.is_key(author) + authors.is_customer(author) + (author in NAMES) == 1


@pytest.mark.parametrize(
    "name", ["key:bank", "KEY:x", "customer:K1", "Customer:K1", "scanner", "Temporal", "system"]
)
def test_no_person_is_listed_under_another_ones_name(name: str) -> None:
    with pytest.raises(InvalidValue):
        authors.person_name(name)
    for fine in ("keymaster", "customer", "bank", "he"):
        assert authors.person_name(fine) == fine


def test_an_imported_person_is_not_called_like_a_key() -> None:
    from activities.store.imports import StaffRow

    with pytest.raises(Refusal) as found:
        read_content(StaffRow, {"person": "key:bank", "name": "何"})
    assert (found.value.code, found.value.where) == (Code.MALFORMED, "person")


def test_ids_of_two_authors_never_meet() -> None:
    known: dict[str, tuple[str, str]] = {}
    ids = ("1", "b/1", "x" * 200, "%2Fb/1")
    for name, given in product(NAMES, ids):
        for who in callers(name):
            own = authors.own_fact_id(who.author, given)
            assert len(own) <= authors.LONGEST_ID
            assert known.setdefault(own, (who.author, given)) == (who.author, given)


def test_the_same_id_of_another_key_is_another_fact() -> None:
    life = Life()
    for by in ("key:crm", "key:phone", "service_clerk-1"):
        reply = receive(life.order, contact(by), life.now)
        assert reply.status is Status.ACCEPTED, by
        assert receive(life.order, contact(by), life.now).status is Status.KNOWN
        refused(receive(life.order, contact(by, words="else"), life.now), "fact_conflict")
    told = [entry for entry in life.order.unsaved if entry.kind is EntryKind.FACT]
    assert [(entry.by, entry.data["fact_id"]) for entry in told] == [
        ("key:crm", "TX-7"), ("key:phone", "TX-7"), ("service_clerk-1", "TX-7"),
    ]  # fmt: skip


def test_what_was_told_before_there_were_name_spaces_is_known_to_who_told_it() -> None:
    life = Life()
    assert receive(life.order, contact("crm"), life.now).status is Status.ACCEPTED
    assert receive(life.order, contact("key:crm"), life.now).status is Status.KNOWN
    assert receive(life.order, contact("key:phone"), life.now).status is Status.ACCEPTED
    assert receive(life.order, contact("key:crm", words="else"), life.now).status is Status.ACCEPTED


@pytest.mark.parametrize("role", sorted(authors.OF_PERSONS - {Role.ADMINISTRATOR}))
def test_a_key_has_no_word_in_a_role_that_is_a_persons_own(role: Role) -> None:
    life = Life()
    with pytest.raises(Refusal) as found:
        authors.require_own_space("key:he", role)
    assert found.value.code is Code.WRONG_ROLE
    refused(receive(life.order, contact("key:he", role=role.value), life.now), "wrong_role")
    assert receive(life.order, contact("he", role=role.value), life.now).status is Status.ACCEPTED


def test_a_customer_speaks_as_the_customer_alone() -> None:
    life = Life()
    refused(receive(life.order, contact("customer:K-1"), life.now), "wrong_role")
    authors.require_own_space("customer:K-1", Role.CUSTOMER)


def up_for_approval(**changes: Any) -> Life:
    """An order that the technical department and production have looked at."""
    life = Life(**changes)
    life.decide(Subject.TECHNICAL, "producible", line=1, material_note="原纸充足")
    dates = {"production_date": life.day(1).isoformat(), "finished_date": life.day(5).isoformat()}
    return life.decide(Subject.PRODUCTION_DATE, "dated", line=1, quantity="1000", **dates)


def test_a_manager_is_not_barred_by_a_key_or_a_customer_of_the_same_name() -> None:
    """R28: who entered the order does not approve it; a key that is called like the supervisor is somebody else."""
    alike = up_for_approval(entered_by="key:sales_supervisor-1", contact="sales_supervisor-1")
    assert alike.answer(Subject.APPROVAL, "approve").status is Status.ACCEPTED
    own = up_for_approval(entered_by="sales_supervisor-1")
    refused(own.answer(Subject.APPROVAL, "approve"), "same_person")


def test_the_salesperson_of_an_order_does_not_approve_it() -> None:
    """R28: it is the salesperson who asks, whoever entered the order."""
    life = up_for_approval()
    refused(life.answer(Subject.APPROVAL, "approve", by="salesperson-1"), "same_person")
    assert life.answer(Subject.APPROVAL, "approve").status is Status.ACCEPTED


@pytest.mark.parametrize("edition", [Edition.NO_MARKERS, Edition.OWN_CHANGES])
def test_who_changed_an_order_does_not_approve_it(edition: Edition) -> None:
    """R106: own work is also a change that somebody asked for; orders of before the rule are approved as they were."""
    life = up_for_approval(edition=edition)
    change = {"changes": {"lines": [{"line": 1, "quantity": "1500"}]}, "reason": "客户加量"}
    life.does("amendment_requested", role=Role.SERVICE_CLERK, by="sales_supervisor-1", **change)
    answer = life.answer(Subject.APPROVAL, "approve")
    if edition < Edition.OWN_CHANGES:
        assert answer.status is Status.ACCEPTED
        return
    refused(answer, "same_person")
    assert life.order.outcome(Subject.APPROVAL) is None
    assert life.answer(Subject.APPROVAL, "approve", by="sales_supervisor-2").status is Status.ACCEPTED


def test_who_changed_a_price_does_not_settle_it() -> None:
    """R106, R20: asked for as a clerk and settled as a supervisor it would be one person's price."""
    life = Life(listed={"list_price": "5.00"})
    change = {"changes": {"lines": [{"line": 1, "unit_price": "3.80"}]}, "reason": "客户要求"}
    life.does("amendment_requested", role=Role.SERVICE_CLERK, by="sales_supervisor-1", **change)
    assert life.order.decision(Subject.PRICE, 1) is not None
    own = life.answer(Subject.PRICE, "settled", unit_price="3.80", by="sales_supervisor-1")
    refused(own, "same_person")
    another = life.answer(Subject.PRICE, "settled", unit_price="3.80", by="sales_supervisor-2")
    assert another.status is Status.ACCEPTED


def test_who_asked_for_a_change_that_production_agreed_to_does_not_approve_the_order_again() -> None:
    """R106, R83: the change is the proposer's work, whoever agreed to make it."""
    life = Life().in_production()
    change = {"changes": {"lines": [{"line": 1, "quantity": "1500"}]}, "reason": "客户加量"}
    life.does("amendment_requested", role=Role.SERVICE_CLERK, by="sales_supervisor-1", **change)
    life.decide(Subject.AMENDMENT, "approve")
    assert "decision:approval" in life.waiting
    refused(life.answer(Subject.APPROVAL, "approve"), "same_person")


def test_an_override_is_the_persons_and_not_a_keys() -> None:
    life = up_for_approval(entered_by="sales_supervisor-1")
    said = {"role": Role.MARKETING_DIRECTOR, "rule": "R28", "reason": "休假"}
    life.does("overridden", person="key:sales_supervisor-1", **said)
    refused(life.answer(Subject.APPROVAL, "approve"), "same_person")
    life.does("overridden", person="sales_supervisor-1", **said)
    assert life.answer(Subject.APPROVAL, "approve").status is Status.ACCEPTED


def test_authors_read_as_what_they_are() -> None:
    assert authors.author_words("key:bank").zh == "密钥 bank"
    assert authors.author_words("customer:K1").en == "customer K1"
    assert authors.author_words("he").zh == "he"
