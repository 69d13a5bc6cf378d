"""What keys may be made for and what they may say, written by hand: persons' words stay with persons (R85)."""

from __future__ import annotations

from typing import Any

import pytest

from models.access import ALL, Caller, CallerKind
from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import key_roles
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.service_keys import require_key, said_without_list, service_caller
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role

R = Role
NEVER = (
    "overridden", "hold_placed", "hold_released", "extension_given", "exception_resolved", "cash_cleared",
    "collection_remitted", "calendar_refreshed",
)  # fmt: skip
CHIEFS = (R.SERVICE_SUPERVISOR, R.SALES_SUPERVISOR, R.MARKETING_DIRECTOR, R.FINANCE, R.LEGAL, R.ADMINISTRATOR)
BANK = ("payment_received", "payment_bounced")


def code_of(roles: tuple[Role, ...], facts: tuple[str, ...], **more: Any) -> tuple[str, str] | None:
    """With which code and where a key is refused; None for one that may be made."""
    try:
        require_key(
            more.pop("name", "x"), roles, facts, places_orders=more.pop("places_orders", False), **more
        )
    except Refusal as refusal:
        return refusal.code.value, refusal.where
    return None


@pytest.mark.parametrize(
    ("roles", "facts", "refused"),
    [
        ((R.SYSTEM,), BANK, None),
        ((R.LOGISTICS,), ("arrived", "transit_reported"), None),
        ((R.PRODUCTION,), ("production_reported",), None),
        ((R.SYSTEM,), (), None),
        ((R.OPERATOR,), ("adopted",), None),
        ((R.CUSTOMER,), ("amendment_requested", "decision"), None),
        ((R.SYSTEM,), (ALL,), ("missing_field", "fact")),
        ((R.SYSTEM,), ("payment_received", ALL), ("missing_field", "fact")),
        ((), BANK, ("missing_field", "role")),
        ((R.SYSTEM,), ("paid",), ("unknown_fact", "fact")),
        ((R.SYSTEM,), ("production_reported",), ("wrong_role", "fact")),
        ((R.SALESPERSON,), ("payment_received",), ("wrong_role", "fact")),
        ((R.TECHNICAL,), ("decision",), ("wrong_role", "fact")),
        ((R.OPERATOR, R.SYSTEM), ("adopted",), ("wrong_role", "role")),
        ((R.OPERATOR,), ("adopted", "payment_received"), ("wrong_role", "role")),
        ((R.CUSTOMER, R.SALESPERSON), ("amendment_requested",), ("wrong_role", "role")),
        ((R.CUSTOMER,), ("details_completed",), ("wrong_role", "fact")),
        ((R.SERVICE_CLERK,), ("adopted",), ("wrong_role", "fact")),
    ],
)
def test_what_a_key_is_made_for(
    roles: tuple[Role, ...], facts: tuple[str, ...], refused: tuple[str, str] | None
) -> None:
    assert code_of(roles, facts) == refused


@pytest.mark.parametrize("role", CHIEFS)
def test_no_services_key_has_the_role_of_a_chief(role: Role) -> None:
    assert code_of((role,), ()) == ("wrong_role", "role")
    assert code_of((R.SYSTEM, role), BANK) == ("wrong_role", "role")
    assert service_caller("old", (role, R.SYSTEM), BANK, (ALL,), places_orders=False).roles == (R.SYSTEM,)


@pytest.mark.parametrize("fact", NEVER)
def test_no_services_key_says_what_a_person_answers_for(fact: str) -> None:
    assert key_roles(fact) == ()
    for role in (role for role in FACT_KINDS[fact].roles if role not in CHIEFS):
        assert code_of((role,), (fact,)) == ("wrong_role", "fact")
    key = service_caller("old", tuple(Role), (ALL,), (ALL,), places_orders=False)
    for told in (key, key.model_copy(update={"facts": (ALL,), "roles": tuple(Role)})):
        with pytest.raises(Refusal) as found:
            told.role_for(fact, None)
        assert found.value.code is Code.WRONG_ROLE


@pytest.mark.parametrize("subject", list(Subject))
def test_a_service_decides_nothing_but_what_a_customer_answers(subject: Subject) -> None:
    roles = SUBJECTS[subject].roles
    key = Caller(name="erp", kind=CallerKind.SERVICE, roles=roles, facts=(DECISION,))
    if R.CUSTOMER in roles:
        assert key.role_for(DECISION, None, subject) is R.CUSTOMER
        return
    for asked in (None, *roles):
        with pytest.raises(Refusal) as found:
            key.role_for(DECISION, asked, subject)
        assert (found.value.code, found.value.where) == (Code.WRONG_ROLE, "kind")
    person = Caller(name="he", kind=CallerKind.STAFF, roles=roles, facts=(DECISION,))
    assert person.role_for(DECISION, None, subject) is roles[0]


def test_a_bank_never_confirms_its_own_money() -> None:
    """R53: what a service tells of money is the bank's word, whichever roles it was once given."""
    key = Caller(name="bank", kind=CallerKind.SERVICE, roles=(R.FINANCE, R.SALESPERSON, R.SYSTEM), facts=BANK)
    assert key.role_for("payment_received") is R.SYSTEM
    for role in (R.FINANCE, R.SALESPERSON):
        with pytest.raises(Refusal):
            key.role_for("payment_received", role)


def test_a_key_from_before_reads_and_says_what_its_kind_says_until_it_is_renewed() -> None:
    old = service_caller("erp", tuple(Role), (ALL,), ("K1",), places_orders=True)
    assert set(old.facts) == {
        "confirmation_returned", "sheet_sent", "sheet_scanned", "payment_received", "payment_bounced",
        "shipped", "transit_reported", "arrived", "delivery_receipt", "receipt_confirmed", "recall_reported",
        "goods_returned", "cancellation_requested",
    }  # fmt: skip
    assert (old.customers, old.places_orders) == (("K1",), True)
    assert not {*CHIEFS, R.OPERATOR, R.CUSTOMER} & set(old.roles)
    assert said_without_list((R.PRODUCTION, R.QUALITY)) == ()
    assert said_without_list((R.OPERATOR,)) == ("adopted",)
    customers = service_caller("portal", (R.CUSTOMER,), (ALL,), ("K1",), places_orders=True)
    assert DECISION not in customers.facts
    assert set(customers.facts) == {fact for fact, kind in FACT_KINDS.items() if R.CUSTOMER in kind.roles} - {
        DECISION
    }


def test_a_persons_own_key_has_a_list_and_what_the_person_may() -> None:
    assert code_of((R.SALES_SUPERVISOR,), ("decision", "hold_placed"), own=True) is None
    assert code_of((R.SALES_SUPERVISOR,), (ALL,), own=True) == ("missing_field", "fact")
    assert code_of((R.SALES_SUPERVISOR,), ("cash_cleared",), own=True) == ("wrong_role", "fact")
    own = Caller(name="he", kind=CallerKind.STAFF, roles=(R.SALES_SUPERVISOR,), with_key=True)
    with pytest.raises(Refusal):
        own.require_placing()
    own.model_copy(update={"places_orders": True}).require_placing()


@pytest.mark.parametrize("name", ["", "  "])
def test_a_key_has_a_name(name: str) -> None:
    assert code_of((R.SYSTEM,), BANK, name=name) == ("missing_field", "name")


def test_where_ids_of_requests_belong() -> None:
    """R10: to the customer; to the service that numbers for several."""

    def space(kind: CallerKind, *customers: str) -> str:
        return Caller(name="shop", kind=kind, roles=(), customers=customers or (ALL,)).request_space

    assert space(CallerKind.STAFF) == space(CallerKind.CUSTOMER) == space(CallerKind.SERVICE, "K1") == ""
    assert space(CallerKind.SERVICE) == space(CallerKind.SERVICE, "K1", "K2") == "key:shop"


def test_an_order_of_another_customer_reads_like_one_that_is_not_there() -> None:
    stranger = Caller(name="portal", kind=CallerKind.SERVICE, roles=(R.CUSTOMER,), customers=("K2",))
    link = Caller(name="K2", kind=CallerKind.CUSTOMER, roles=(R.CUSTOMER,), order="20270105-0002")
    for who in (stranger, link):
        with pytest.raises(Refusal) as found:
            who.require_sight("20270105-0001", "K1", "li")
        shown = found.value.as_json()
        assert shown == {
            "code": "unknown_order", "zh": "没有订单 20270105-0001", "en": "there is no order 20270105-0001",
            "where": "20270105-0001",
        }  # fmt: skip
