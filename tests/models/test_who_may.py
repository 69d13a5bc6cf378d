"""Who may say and decide what, written by hand from the rules: a role that is taken away or added must be meant.

The code's tables (`FACT_KINDS`, `SUBJECTS`, who sees and places) are the expectation of many other tests; here they are
the thing that is tested. Whoever changes a right changes it in two places, once in the code and once as a sentence.
"""

from __future__ import annotations

from typing import Any

import pytest

from models.access import OUTSIDERS, PLACES, SEES_ALL, Caller, CallerKind
from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import who_may
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role

STAFF = {
    "salesperson",
    "service_clerk",
    "service_assistant",
    "service_supervisor",
    "merchandiser",
    "sales_supervisor",
    "marketing_director",
    "technical",
    "production",
    "purchasing",
    "material_controller",
    "quality",
    "warehouse",
    "finance",
    "legal",
    "shipper",
}
EVERYBODY = STAFF | {"customer", "system", "logistics", "operator", "administrator"}
CHIEFS = "service_supervisor sales_supervisor marketing_director"
SALES = "salesperson service_clerk merchandiser"
CARRIER = "logistics system service_clerk"

FACTS: dict[str, str] = {
    "details_completed": "salesperson service_clerk",
    "document_supplied": "salesperson service_clerk",
    "contact_logged": " ".join(STAFF),
    "sheet_sent": "service_clerk merchandiser system",
    "sheet_received": "customer service_clerk",
    "confirmation_returned": "customer service_clerk salesperson system",
    "sheet_scanned": "system service_clerk service_assistant",
    "payment_received": "finance system salesperson",
    "payment_bounced": "finance system",
    "payment_corrected": "finance",
    "second_telling_settled": "finance",
    "money_transferred_out": "finance",
    "money_transferred_in": "system",
    "cash_cleared": "finance",
    "production_signed": "production",
    "production_reported": "production",
    "production_exception": "production technical",
    "exception_reported": " ".join(STAFF),
    "exception_resolved": " ".join(STAFF),
    "checkpoint_reported": "service_assistant service_clerk",
    "extension_given": "service_clerk service_supervisor sales_supervisor",
    "inspection_reported": "quality",
    "warehouse_entered": "quality warehouse",
    "transport_arranged": "material_controller",
    "shipping_read_back": "shipper",
    "shipped": "shipper logistics",
    "shipment_notice_received": "customer service_clerk",
    "transit_reported": CARRIER,
    "arrived": CARRIER + " customer",
    "delivery_receipt": CARRIER + " customer",
    "receipt_confirmed": "customer system",
    "recall_reported": "logistics warehouse",
    "goods_returned": "logistics warehouse",
    "collection_remitted": "finance",
    "hold_placed": CHIEFS,
    "hold_released": CHIEFS,
    "customer_file_refreshed": "service_clerk salesperson service_supervisor",
    "amendment_requested": SALES + " customer",
    "cancellation_requested": SALES + " customer sales_supervisor system",
    "overridden": "sales_supervisor marketing_director",
    "calendar_refreshed": "system",
    "adopted": "operator",
    "corrected": "operator",
    "inspection_confirmed": "service_clerk",
    "hand_over_confirmed": "service_clerk",
    "sheet_checked": "service_clerk merchandiser",
    "reassigned": CHIEFS,
    "stock_answered": "system",
    "after_sales_opened": "system",
    "after_sales_closed": "system",
    "stock_allotted": "system",
    "stock_fell_short": "system",
    "stock_ready": "system",
    "purchase_ordered": "purchasing",
    "picked": "warehouse",
    "credit_answered": "system",
    "contract_in_force": "system",
    "contract_over": "system",
    "credit_assessed": "finance",
    "service_reported": "service_clerk service_assistant technical",
    "credit_review_requested": "salesperson finance service_clerk sales_supervisor",
    "invoice_requested": "customer salesperson service_clerk finance",
    "invoice_issued": "finance system",
    "invoice_reversed": "finance system",
    "credit_noted": "system",
    "quote_opened": "system",
    "quote_accepted": "system",
    "quote_over": "system",
    "quote_waived": "salesperson sales_supervisor",
    "material_ordered": "purchasing",
    "intent_closed": "system",
    "refund_answered": "system",
}
FIRST = {
    "details_completed": "salesperson",
    "payment_received": "finance",
    "sheet_sent": "service_clerk",
    "sheet_received": "customer",
    "confirmation_returned": "customer",
    "checkpoint_reported": "service_assistant",
    "arrived": "logistics",
    "receipt_confirmed": "customer",
}
"""In whose name it is said when somebody has several of the roles and names none."""

DECISIONS: dict[str, tuple[str, str, str, str]] = {
    "customer_data": ("R17", "service_clerk salesperson", "real not_real", ""),
    "contract": ("R15", "legal finance", "approve refuse", "everyone"),
    "price": ("R20", "service_supervisor marketing_director", "settled", "per_line"),
    "technical": ("R21", "technical", "producible not_producible", "per_line"),
    "old_recipe": ("R22", "customer", "insist sampling end", "per_line"),
    "production_date": ("R23", "production", "dated", "per_line"),
    "later_promise": ("R24", "service_clerk salesperson", "confirm refuse", "everyone voluntary"),
    "ship_date": ("R25", "sales_supervisor", "approve refuse", ""),
    "approval": ("R28", "sales_supervisor", "approve send_back", ""),
    "small_order": ("R38", "salesperson", "prepaid guaranteed deposit", ""),
    "three_party": ("R37", "salesperson material_controller finance", "confirm object", "everyone"),
    "emergency_plan": (
        "R42",
        "service_supervisor marketing_director",
        "new_date substitute partial_delivery cancel",
        "",
    ),
    "tolerance": ("R45", "customer", "accept make_up return_surplus", "per_line"),
    "finance_release": ("R52", "finance", "release refuse", ""),
    "release_terms": ("R15", "legal finance", "approve refuse", "everyone"),
    "balance_release": ("R61", "marketing_director", "on_credit carrier_collects refuse", ""),
    "emergency_shipment": ("R70", "service_supervisor", "approve", "voluntary"),
    "amendment": ("R83", "production", "approve refuse", ""),
    "dropped_goods": ("R83", "sales_supervisor", "approve refuse", ""),
    "cancellation": ("R84", "sales_supervisor", "approve refuse", ""),
    "deposit_settlement": ("R84", "finance", "settled", ""),
    "overpayment": ("R53", "finance", "credit refund", ""),
    "hanging": ("R19", "sales_supervisor", "close keep", ""),
    "quote_approval": (
        "R106",
        "sales_supervisor service_supervisor marketing_director finance legal technical production purchasing",
        "approve send_back",
        "",
    ),
    "late_acceptance": ("R104", "sales_supervisor", "honour requote", ""),
    "case_admission": ("R142", "service_supervisor", "approve refuse", ""),
    "case_decision": (
        "R143",
        "sales_supervisor service_supervisor marketing_director finance legal technical production purchasing",
        "approve refuse",
        "",
    ),
    "case_review": (
        "R143",
        "sales_supervisor service_supervisor marketing_director finance legal technical production purchasing",
        "approve keep",
        "",
    ),
    "contract_approval": (
        "R107",
        "sales_supervisor service_supervisor marketing_director finance legal technical production purchasing",
        "approve send_back",
        "",
    ),
    "shortage": ("R112", "customer service_supervisor", "wait change split cancel", ""),
    "service_date": ("R87", "service_clerk service_assistant technical", "dated", ""),
    "acceptance": ("R87", "customer", "accept reject", ""),
    "trial": ("R130", "customer", "approve change refuse", ""),
    "another_round": ("R130", "sales_supervisor", "approve refuse", ""),
    "shop_review": ("R39", "service_clerk service_supervisor", "accept refuse", ""),
    "merchant_acceptance": ("R124", "service_clerk service_supervisor", "accept refuse", ""),
    "failed_refund": ("R123", "finance", "refund try_again", ""),
    "credit": ("R109", "finance", "free keep_held", ""),
    "order_approval": (
        "R28",
        "service_supervisor marketing_director finance legal technical production purchasing",
        "approve send_back",
        "",
    ),
}
"""Subject: its rule, who decides it, the outcomes, and whether all must answer, per line, or unasked."""


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_a_fact_is_said_by_these_roles_and_no_other(kind: str) -> None:
    assert {role.value for role in FACT_KINDS[kind].roles} == set(FACTS[kind].split())
    assert len(FACT_KINDS[kind].roles) == len(set(FACT_KINDS[kind].roles))
    assert who_may(kind) == FACT_KINDS[kind].roles


def test_there_is_no_fact_beside_these() -> None:
    assert set(FACT_KINDS) == {*FACTS, DECISION}
    assert set(who_may("unheard_of")) == set(Role)


@pytest.mark.parametrize(("kind", "role"), sorted(FIRST.items()))
def test_who_has_several_roles_speaks_in_the_first(kind: str, role: str) -> None:
    anyone = Caller(name="chief", kind=CallerKind.STAFF, roles=tuple(Role))
    assert anyone.role_for(kind) is Role(role)


@pytest.mark.parametrize("subject", sorted(DECISIONS))
def test_a_subject_is_decided_by_these_roles_with_these_outcomes(subject: str) -> None:
    rule, roles, outcomes, more = DECISIONS[subject]
    known = SUBJECTS[Subject(subject)]
    assert known.rule == rule
    assert [role.value for role in known.roles] == roles.split()
    assert [outcome.value for outcome in known.outcomes] == outcomes.split()
    flags = {name for name in ("everyone", "per_line", "voluntary") if getattr(known, name)}
    assert flags == set(more.split())
    assert who_may(DECISION, Subject(subject)) == known.roles


def test_there_is_no_subject_and_no_outcome_beside_these() -> None:
    assert set(SUBJECTS) == set(Subject) == {Subject(name) for name in DECISIONS}
    named = {name for _, _, outcomes, _ in DECISIONS.values() for name in outcomes.split()}
    assert {outcome.value for outcome in Outcome} == named
    deciding = {name for _, roles, _, _ in DECISIONS.values() for name in roles.split()}
    assert {role.value for role in FACT_KINDS[DECISION].roles} == deciding


NEEDS: dict[tuple[str, str], set[str]] = {
    ("price", "settled"): {"unit_price"},
    ("production_date", "dated"): {"production_date", "quantity", "finished_date"},
    ("later_promise", "confirm"): {"promised"},
    ("later_promise", "refuse"): set(),
    ("small_order", "prepaid"): {"assessment"},
    ("small_order", "guaranteed"): {"assessment"},
    ("emergency_plan", "cancel"): {"customer_answer"},
    ("finance_release", "release"): set(),
    ("cancellation", "approve"): set(),
}
MAY: dict[tuple[str, str], set[str]] = {
    ("technical", "producible"): {"material_note", "recipe_changed", "alternatives", "material_short"},
    ("finance_release", "release"): {"collection", "words"},
    ("finance_release", "refuse"): {"words"},
    ("cancellation", "approve"): {"cost", "words", "lines", "cost_for", "consent"},
    ("cancellation", "refuse"): {"words"},
    ("deposit_settlement", "settled"): {"refunded", "kept", "reference"},
    ("overpayment", "credit"): {"refunded", "kept", "reference"},
    ("hanging", "keep"): {"until", "words"},
    ("approval", "send_back"): {"words"},
}


def test_an_answer_says_what_it_must() -> None:
    for (subject, outcome), needed in NEEDS.items():
        fields = SUBJECTS[Subject(subject)].detail_for(Outcome(outcome)).model_fields
        assert {name for name, field in fields.items() if field.is_required()} == needed, (subject, outcome)
    for (subject, outcome), allowed in MAY.items():
        assert set(SUBJECTS[Subject(subject)].detail_for(Outcome(outcome)).model_fields) == allowed, (
            subject,
            outcome,
        )


# --- who sees, who places --------------------------------------------------------------------------------------------


def test_staff_see_every_order_but_a_salesperson_only_the_own_ones() -> None:
    """R85"""
    assert {role.value for role in SEES_ALL} == STAFF - {"salesperson"} | {"operator"}
    assert {role.value for role in OUTSIDERS} == EVERYBODY - STAFF - {"operator", "administrator"}
    assert {role.value for role in Role} == EVERYBODY


def test_orders_are_placed_by_those_who_speak_with_customers() -> None:
    assert {role.value for role in PLACES} == set(f"{SALES} service_supervisor sales_supervisor".split())


def caller(kind: CallerKind, *roles: str, **more: Any) -> Caller:
    """Somebody at the door."""
    return Caller(name="li", kind=kind, roles=tuple(Role(role) for role in roles), **more)


@pytest.mark.parametrize(
    ("who", "sees", "places", "only"),
    [
        (caller(CallerKind.STAFF, "finance"), "own others", False, None),
        (caller(CallerKind.STAFF, "salesperson"), "own", True, "li"),
        (caller(CallerKind.STAFF, "salesperson", "finance"), "own others", True, None),
        (caller(CallerKind.STAFF, "logistics"), "own", False, "li"),
        (caller(CallerKind.SERVICE, "system"), "own others", False, None),
        (caller(CallerKind.SERVICE, "system", customers=("K2",), places_orders=True), "others", True, None),
        (caller(CallerKind.SERVICE, "sales_supervisor"), "own others", False, None),
        (caller(CallerKind.CUSTOMER, "customer", order="A"), "own", False, None),
        (caller(CallerKind.CUSTOMER, "customer", order="C"), "", False, None),
    ],
)
def test_what_somebody_sees_and_whether_they_may_place(
    who: Caller, sees: str, places: bool, only: str | None
) -> None:
    """Order A is K1's and li's own, order B is K2's and somebody else's (R85)."""
    seen = [
        name
        for name, order in {"own": ("A", "K1", "li"), "others": ("B", "K2", "wu")}.items()
        if who.sees(*order)
    ]
    assert seen == sees.split()
    assert who.only_salesperson == only
    if places:
        who.require_placing()
    else:
        with pytest.raises(Refusal) as refused:
            who.require_placing()
        assert refused.value.code is Code.WRONG_ROLE


def test_an_order_that_is_not_theirs_is_refused_by_its_rule() -> None:
    with pytest.raises(Refusal) as refused:
        caller(CallerKind.STAFF, "salesperson").require_sight("B", "K2", "wu")
    assert (refused.value.code, refused.value.where, refused.value.rule) == (Code.WRONG_ROLE, "B", "R85")
    caller(CallerKind.STAFF, "salesperson").require_sight("A", "K1", "li")


@pytest.mark.parametrize(
    ("who", "kind", "asked", "subject", "role_or_where"),
    [
        (caller(CallerKind.STAFF, "salesperson", "finance"), "payment_received", None, None, Role.FINANCE),
        (
            caller(CallerKind.STAFF, "salesperson", "finance"),
            "payment_received",
            Role.SALESPERSON,
            None,
            Role.SALESPERSON,
        ),
        (caller(CallerKind.STAFF, "salesperson"), "payment_received", Role.FINANCE, None, ""),
        (caller(CallerKind.STAFF, "salesperson"), "cash_cleared", None, None, "role"),
        (caller(CallerKind.STAFF, "salesperson", "finance"), "cash_cleared", Role.SALESPERSON, None, "role"),
        (caller(CallerKind.STAFF, "technical"), DECISION, None, Subject.TECHNICAL, Role.TECHNICAL),
        (caller(CallerKind.STAFF, "technical"), DECISION, None, Subject.APPROVAL, "role"),
        (
            caller(CallerKind.SERVICE, "system", facts=("payment_received",)),
            "payment_received",
            None,
            None,
            Role.SYSTEM,
        ),
        (
            caller(CallerKind.SERVICE, "system", facts=("payment_received",)),
            "payment_bounced",
            None,
            None,
            "kind",
        ),
    ],
)
def test_the_role_in_which_something_is_said(
    who: Caller, kind: str, asked: Role | None, subject: Subject | None, role_or_where: Role | str
) -> None:
    if isinstance(role_or_where, Role):
        assert who.role_for(kind, asked, subject) is role_or_where
        return
    with pytest.raises(Refusal) as refused:
        who.role_for(kind, asked, subject)
    assert (refused.value.code, refused.value.where) == (Code.WRONG_ROLE, role_or_where)


def test_nobody_but_an_operator_puts_an_order_on_other_rules() -> None:
    assert {role.value for role in FACT_KINDS["adopted"].roles} == {"operator"}
