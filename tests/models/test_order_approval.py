"""Orders approved by the company's matrix: levels one after another, several roles side by side (R28)."""

from __future__ import annotations

from typing import Any

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Outcome, Subject
from models.values.editions import Edition
from models.values.vocabulary import Role
from tests.models.life import Life, refused

FIRST, OTHERS = Subject.APPROVAL, Subject.ORDER_APPROVAL
USUAL = {"what": "order", "levels": [["sales_supervisor"]]}


def life(*rows: dict[str, Any], **changes: Any) -> Life:
    """Technical and production have answered; what is left is the approval."""
    made = Life(policy={"approvals": [USUAL, *rows]}, **changes)
    made.decide(Subject.TECHNICAL, "producible", material_note="原纸充足")
    return made.decide(
        Subject.PRODUCTION_DATE,
        "dated",
        production_date=made.day(1).isoformat(),
        quantity="1000",
        finished_date=made.day(5).isoformat(),
    )


def test_without_other_rows_the_sales_supervisor_alone_approves() -> None:
    """R28: the table that the company begins with changes nothing."""
    made = life()
    assert made.waiting == {"decision:approval"}
    assert made.order.decision(OTHERS) is None
    made.decide(FIRST, "approve")
    assert "send_sheet:1" in made.waiting


def test_above_an_amount_the_director_approves_after_the_supervisor() -> None:
    """R28: above is strict; the director is asked when the supervisor has said yes, and no earlier."""
    row = {
        "what": "order",
        "amount_above": "4999.99",
        "levels": [["sales_supervisor"], ["marketing_director"]],
    }
    exact = life({**row, "amount_above": "5000.00"})
    assert exact.order.decision(OTHERS) is None
    made = life(row)
    assert made.waiting == {"decision:approval"}
    refused(made.answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR), "wrong_role")
    made.decide(FIRST, "approve")
    assert made.waiting == {"decision:order_approval"}
    assert made.order.steps["decision:order_approval"].roles == (Role.MARKETING_DIRECTOR,)
    assert made.order.headline.value == "in_review"
    refused(made.answer(OTHERS, "approve", role=Role.FINANCE), "wrong_role")
    made.answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR)
    assert made.order.outcome(OTHERS) is Outcome.APPROVE
    assert "send_sheet:1" in made.waiting
    refused(made.answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR), "already_decided")


def test_roles_of_one_level_are_asked_side_by_side() -> None:
    """R28: supervisor and finance in any order, legal after both."""
    made = life({"what": "order", "levels": [["finance"], ["legal"]]})
    assert made.waiting == {"decision:approval", "decision:order_approval"}
    made.answer(OTHERS, "approve", role=Role.FINANCE)
    assert made.waiting == {"decision:approval"}
    refused(made.answer(OTHERS, "approve", role=Role.FINANCE), "already_decided")
    made.decide(FIRST, "approve")
    assert made.order.steps["decision:order_approval"].roles == (Role.LEGAL,)
    made.answer(OTHERS, "approve", role=Role.LEGAL)
    assert "send_sheet:1" in made.waiting


def test_others_may_come_before_the_supervisor() -> None:
    """R28: the level is the row's, whoever stands in it."""
    made = life({"what": "order", "levels": [["finance"], ["sales_supervisor"]]})
    assert made.waiting == {"decision:order_approval"}
    refused(made.answer(FIRST, "approve"), "not_asked")
    made.answer(OTHERS, "approve", role=Role.FINANCE)
    assert made.waiting == {"decision:approval"}
    made.decide(FIRST, "approve")
    assert "send_sheet:1" in made.waiting


def test_a_discount_a_customer_and_terms_may_ask_for_more() -> None:
    """R28: off the list price; strictly above."""
    row = {"what": "order", "discount_above": "10", "levels": [["marketing_director"]]}
    cheap = life(row, listed={"list_price": "5.56"})
    cheap.decide(Subject.PRICE, "settled", unit_price="5.00")
    assert cheap.order.decision(OTHERS) is not None
    dear = life(row, listed={"list_price": "5.55"})
    dear.decide(Subject.PRICE, "settled", unit_price="5.00")
    assert dear.order.decision(OTHERS) is None
    assert life({**row, "discount_above": None, "customer": "K-1"}).order.decision(OTHERS) is not None
    assert life({**row, "discount_above": None, "terms": "prepaid"}).order.decision(OTHERS) is None


def test_nobody_approves_their_own_work_nor_for_two_roles() -> None:
    """R28: not who entered or sold the order; not who answered in another role."""
    made = life({"what": "order", "levels": [["sales_supervisor"], ["marketing_director", "finance"]]})
    made.answer(FIRST, "approve", by="wu")
    refused(made.answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR, by="wu"), "same_person")
    refused(made.answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR, by="service_clerk-1"), "same_person")
    refused(made.answer(OTHERS, "approve", role=Role.FINANCE, by="salesperson-1"), "same_person")
    made.answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR, by="zhao")
    refused(made.answer(OTHERS, "approve", role=Role.FINANCE, by="zhao"), "same_person")
    assert "send_sheet:1" not in made.waiting


def test_sent_back_with_its_reason_the_new_version_goes_through_all_levels() -> None:
    """R28: whoever sends it back says why; all are asked again."""
    made = life({"what": "order", "levels": [["sales_supervisor"], ["marketing_director"]]})
    made.decide(FIRST, "approve")
    refused(made.answer(OTHERS, "send_back", role=Role.MARKETING_DIRECTOR), "missing_field")
    made.answer(OTHERS, "send_back", role=Role.MARKETING_DIRECTOR, words="价太低")
    assert made.waiting == {"rework_order"}
    made.does("details_completed", changes={"packing": "100 卷一箱"})
    assert "decision:approval" in made.waiting
    assert made.order.outcome(FIRST) is None


def test_an_amendment_that_voids_the_approval_voids_the_others_too() -> None:
    """R28, R83: other terms are approved anew by all; another contact by nobody."""
    made = life({"what": "order", "levels": [["sales_supervisor"], ["marketing_director"]]})
    made.decide(FIRST, "approve").answer(OTHERS, "approve", role=Role.MARKETING_DIRECTOR)
    made.does("amendment_requested", changes={"contact": "李雷"}, reason="换人")
    assert made.order.outcome(OTHERS) is Outcome.APPROVE
    made.does("amendment_requested", changes={"partial_delivery": True}, reason="分批")
    assert made.waiting == {"decision:approval"}
    assert len(made.entries(EntryKind.VOIDED, "order_approval")) == 1


def test_an_order_of_an_earlier_edition_is_approved_as_it_was() -> None:
    """R28: the matrix binds orders that begin with it."""
    made = Life(policy={"approvals": [{"what": "order", "levels": [["finance"]]}]})
    made.order.edition = int(Edition.ONE_LETTER_FOR_ALL_PRICES)
    made.verified()
    assert "send_sheet:1" in made.waiting
