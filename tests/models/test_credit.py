"""The customer's credit: how much is owed for an order, when it is held, what frees it, who assesses (R108, R109)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from models.credit.assessment import Assessed
from models.credit.credit_rule import (
    CreditFigures,
    CreditGround,
    CreditQuestion,
    OverdueBill,
    verdict_on,
)
from models.dossier.journal import EntryKind
from models.forms.cards.card import Asked
from models.forms.cards.make_card import card_of
from models.forms.cards.order_seen import OrderSeen
from models.messages.decision_subjects import Subject
from models.order.goods import Withdrawal
from models.order.money.exposure import bound_credit
from models.values.vocabulary import Role
from rehearsal.stand_ins.order_books import OrderBooks
from tests.models.life import MONDAY, SIGNER, Life, line, refused
from tests.models.test_seen import changes
from workflows.upcoming import upcoming

DAY = date(2027, 3, 1)
LIMIT = Assessed(limit=Decimal("50000.00"), assessed_on=date(2027, 1, 5), assessed_by="finance-1")


def question(amount: str, **more: Any) -> CreditQuestion:
    return CreditQuestion(
        customer="K-1", amount=Decimal(amount), day=DAY, overdue_days=30, assessment_days=365, **more
    )


def figures(others: str = "0.00", **more: Any) -> CreditFigures:
    return CreditFigures(**{"assessed": LIMIT, "others": Decimal(others), **more})


def grounds(question: CreditQuestion, known: CreditFigures) -> list[str]:
    return [ground.value for ground in verdict_on(question, known).grounds]


# --- the rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "held"), [("17000.00", []), ("17000.01", ["above_limit"])])
def test_the_limit_itself_passes_and_a_fen_above_it_is_held(amount: str, held: list[str]) -> None:
    """R109: limit 50,000.00; delivered 18,000.00; open 20,000.00 less 5,000.00 paid."""
    others = Decimal("18000.00") + Decimal("20000.00") - Decimal("5000.00")
    assert grounds(question(amount), figures(str(others))) == held


def test_the_free_balance_of_the_customer_is_taken_off() -> None:
    """R109: money that no order needs makes room for so much more."""
    known = figures("33000.00", free_balance=Decimal("500.00"))
    assert grounds(question("17500.00"), known) == []
    assert grounds(question("17500.01"), known) == ["above_limit"]


@pytest.mark.parametrize(("due", "held"), [("2027-01-30", ["overdue"]), ("2027-01-31", [])])
def test_a_bill_that_is_thirty_days_overdue_holds_new_orders(due: str, held: list[str]) -> None:
    """R109: thirty days after the day of payment, not twenty-nine."""
    bill = OverdueBill(order="20270101-0001", amount=Decimal("0.01"), due_on=date.fromisoformat(due))
    verdict = verdict_on(question("1.00"), figures(owed=(bill,)))
    assert [ground.value for ground in verdict.grounds] == held
    assert list(verdict.overdue) == ([bill] if held else [])


@pytest.mark.parametrize(("day", "held"), [("2026-03-02", []), ("2026-03-01", ["unassessed"])])
def test_an_assessment_holds_for_a_year(day: str, held: list[str]) -> None:
    """R108: 365 days from the day on which it was made, that day included."""
    old = LIMIT.model_copy(update={"assessed_on": date.fromisoformat(day)})
    assert grounds(question("1.00"), figures(assessed=old)) == held


def test_a_new_customer_is_assessed_first_and_one_the_company_knows_is_not_asked_about() -> None:
    """R108: made in the product, or `unassessed` in the file; imported ones are known."""
    assert grounds(question("1.00"), CreditFigures(is_new=True)) == ["unassessed"]
    assert grounds(question("0.00", prepaid=True), CreditFigures(is_new=True)) == ["unassessed"]
    assert grounds(question("999999.00"), CreditFigures()) == []


def test_who_has_no_credit_may_still_order_prepaid() -> None:
    """R26, R108: prepaid only: other terms are held, prepaid goes on, and goods that leave unpaid are held again."""
    refused = Assessed(prepaid_only=True, assessed_on=DAY)
    assert grounds(question("0.00"), figures(assessed=refused)) == ["prepaid_only"]
    assert grounds(question("0.00", prepaid=True), figures("900.00", assessed=refused)) == []
    assert grounds(question("0.01", prepaid=True), figures(assessed=refused)) == ["above_limit"]


def test_an_assessment_says_a_limit_or_prepaid_only() -> None:
    """R108: one of the two; neither and both are refused, and so is a limit below nothing."""
    for wrong in ({}, {"limit": "1.00", "prepaid_only": True}, {"limit": "-0.01"}, {"limit": "1.001"}):
        with pytest.raises(ValueError, match=r"limit|prepaid|negative|decimals"):
            Assessed.model_validate({**wrong, "assessed_on": "2027-01-01"})


money = some.decimals(min_value=0, max_value=10**8, places=2)


@given(limit=money, others=money, amount=money, free=money)
def test_held_is_what_would_be_owed_beyond_the_limit_and_nothing_else(
    limit: Decimal, others: Decimal, amount: Decimal, free: Decimal
) -> None:
    """R109, for any figures: less is never held where more passes, and a freed balance never holds."""
    known = figures(str(others), assessed=LIMIT.model_copy(update={"limit": limit}), free_balance=free)
    verdict = verdict_on(question(str(amount)), known)
    assert verdict.passes is (others + amount - free <= limit)
    if verdict.passes:
        assert verdict_on(question("0.00"), known).passes
    else:
        assert verdict.grounds == (CreditGround.ABOVE_LIMIT,)


# --- an order's life -------------------------------------------------------------------------------------------------

ON_ACCOUNT: dict[str, Any] = {
    "payment_terms": "on_account",
    "customer": {"customer_class": "A", "contract": {"reference": "HT-1", "payment_terms": "on_account"}},
}


def limited(limit: str = "50000.00", price: str = "5.00", **changes: Any) -> Life:
    """An order on account of 1,000 rolls, of a customer with this limit."""
    customer = {**ON_ACCOUNT["customer"], "credit": "limited", "credit_limit": limit}
    customer |= changes.pop("customer", {})
    lines = [line(1, unit_price=price)]
    number = changes.pop("number", "N-1")
    life = Life(**{"lines": lines, "customer": customer, "payment_terms": "on_account", **changes})
    life.order.number = number
    return life


def test_a_customer_without_limit_is_asked_about_by_nobody() -> None:
    """R109: an empty table asks nothing."""
    life = Life().confirmed()
    assert life.entries(EntryKind.BOOK_ASKED) == []


def test_an_order_within_the_limit_goes_its_way() -> None:
    """R109: looked at once before the sheet is made; nothing waits."""
    life = limited(price="50.00").verified()
    assert life.order.credit.verdict is not None
    assert life.order.credit.passed == Decimal("50000.00")
    assert "send_sheet:1" in life.waiting
    assert len(life.entries(EntryKind.BOOK_ASKED)) == 1


def test_an_order_above_the_limit_is_held_and_finance_frees_it_for_that_amount() -> None:
    """R109: no sheet before; freed by finance with a reason; a rise above it holds again."""
    life = limited(price="50.01").verified()
    assert life.waiting == {"decision:credit"}
    assert life.order.headline.value == "approved"
    assert life.papers("credit_held_notice") == [
        "held for the customer's credit (CNY 50010.00): above the credit limit"
    ]
    refused(life.answer(Subject.CREDIT, "free"), "missing_field")
    life.decide(Subject.CREDIT, "free", reason="老客户，月底回款")
    assert "send_sheet:1" in life.waiting
    assert life.papers("credit_freed_notice") == [
        "finance freed the order for CNY 50010.00: 老客户，月底回款"
    ]
    life.sheet_out().does("amendment_requested", changes={"contact": "李雷"}, reason="换人")
    assert "decision:credit" not in life.waiting
    life.does(
        "amendment_requested", changes={"lines": [{"line": 1, "quantity": "1001"}]}, reason="加一卷"
    ).verified()
    assert life.waiting == {"decision:credit"}
    assert life.order.credit.amount == Decimal("50060.01")


def test_who_sold_the_order_does_not_free_it() -> None:
    """R109: nobody decides about the own order's credit."""
    life = limited(price="50.01").verified()
    refused(life.answer(Subject.CREDIT, "free", by="salesperson-1", reason="x"), "same_person")
    refused(life.answer(Subject.CREDIT, "free", role=Role.SALES_SUPERVISOR, reason="x"), "wrong_role")
    assert life.waiting == {"decision:credit"}


def test_what_finance_keeps_held_is_looked_at_again_when_somebody_asks() -> None:
    """R109: it stays held, waits for who can move it, and finance is asked anew when the book still says no."""
    life = limited(price="50.01").verified().decide(Subject.CREDIT, "keep_held", reason="等回款")
    assert life.waiting == {"credit_held:1"}
    life.does("credit_review_requested", role=Role.SALESPERSON, reason="已付旧账")
    assert life.waiting == {"decision:credit"}
    assert life.order.credit.heard == 2
    life.does("payment_received", role=Role.FINANCE, amount="10.00", reference="T-1")
    assert "send_sheet:1" in life.waiting
    assert life.order.decision(Subject.CREDIT) is None


def test_a_new_customer_waits_for_finance_whatever_the_terms() -> None:
    """R108: no sheet before finance has given a limit; the limit then counts for this very order."""
    life = Life(customer={"credit": "unassessed"})
    assert "finance assesses the customer" in [each.words.en for each in upcoming(life.order)]
    life.verified()
    assert life.waiting == {"assess_customer"}
    assert life.papers("credit_held_notice") == [
        "held for the customer's credit (CNY 0.00): the customer's credit is not assessed"
    ]
    refused(life.tell("credit_assessed", role=Role.SALESPERSON, limit="1.00"), "wrong_role")
    refused(life.tell("credit_assessed", limit="1.00", prepaid_only=True), "malformed")
    life.does("credit_assessed", limit="0.00", reason="新客户")
    assert "send_sheet:1" in life.waiting


def test_a_customer_without_credit_orders_prepaid_or_not_at_all() -> None:
    """R26, R108: finance says prepaid only; the salesperson changes the terms, and the order goes on."""
    life = Life(customer={"credit": "unassessed"}).verified()
    life.does("credit_assessed", prepaid_only=True, reason="查无资信")
    assert life.waiting == {"decision:credit"}
    life.does("amendment_requested", changes={"payment_terms": "prepaid"}, reason="改预付")
    life.decide(Subject.APPROVAL, "approve")
    assert "send_sheet:1" in life.waiting
    assert "decision:credit" not in life.waiting


def test_money_that_falls_before_the_sheet_is_asked_about_again() -> None:
    """R109: what fell was free for others meanwhile, so the book is asked and not the old answer kept."""
    life = limited("5000.00").paid("1000.00", "T-1").verified()
    assert life.order.credit.passed == Decimal("4000.00")
    life.does("payment_bounced", role=Role.FINANCE, reference="T-1")
    assert life.order.credit.asked == 2
    assert life.order.credit.passed == Decimal("5000.00")
    assert "decision:credit" not in life.waiting


def test_an_assessment_that_comes_early_reaches_the_book_at_once() -> None:
    """R108: finance may assess while the order is still being verified."""
    life = Life(customer={"credit": "unassessed"})
    life.does("credit_assessed", limit="100.00")
    assert [each.data["content"]["assessment"] for each in life.entries(EntryKind.BOOK_ASKED)] == [
        {"limit": "100.00"}
    ]
    life.verified()
    assert "send_sheet:1" in life.waiting


def test_money_that_falls_away_holds_the_goods_and_takes_the_release_back() -> None:
    """R109: part was paid, so the rest passed; it bounces: more is owed than the limit, nothing leaves, until freed."""
    life = limited("4000.00", customer={"contract": {"reference": "HT-1", "payment_terms": "on_account"}})
    life.paid("1000.00", "T-1").verified().sheet_out()
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert len(life.order.releases) == 1
    life.does("payment_bounced", role=Role.FINANCE, reference="T-1")
    assert life.order.releases == []
    assert life.order.withdrawn[-1].withdrawal is Withdrawal.CREDIT
    assert "decision:credit" in life.waiting
    life.decide(Subject.CREDIT, "free", reason="担保")
    assert len(life.order.releases) == 1


def test_goods_that_finance_lets_go_unpaid_need_credit_as_well() -> None:
    """R109: a deposit order binds nothing until goods are to leave unpaid; then what they are worth beyond the money."""
    customer = {"credit": "limited", "credit_limit": "3000.00"}
    life = Life(customer=customer).in_warehouse()
    assert bound_credit(life.order) == Decimal("0.00")
    life.decide(Subject.BALANCE_RELEASE, "on_credit").decide(
        Subject.FINANCE_RELEASE, "release", collection="on_credit"
    )
    assert life.order.releases == []
    assert {"decision:credit", "balance"} <= life.waiting
    assert life.order.credit.amount == Decimal("3500.00")
    life.paid("500.00")
    life.decide(Subject.BALANCE_RELEASE, "on_credit").decide(
        Subject.FINANCE_RELEASE, "release", collection="on_credit"
    )
    assert bound_credit(life.order) == Decimal("3000.00")


def test_an_order_that_is_paid_in_full_leaves_whatever_else_is_owed() -> None:
    """R109: it adds nothing to what the customer owes."""
    life = Life(customer={"credit": "limited", "credit_limit": "0.00"}).shipped()
    assert life.order.shipments
    assert len(life.entries(EntryKind.BOOK_ASKED)) == 1


# --- orders that share a customer ------------------------------------------------------------------------------------


def test_the_worked_example() -> None:
    """R109: limit 50,000.00; delivered 18,000.00, open 20,000.00 less 5,000.00; 17,000.00 passes, a fen more is held."""
    books = OrderBooks()
    delivered = limited(price="18.00", books=books, number="N-1").verified().sheet_out()
    delivered.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
    delivered.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    limited(price="20.00", books=books, number="N-2").verified().paid("5000.00")
    passing = limited(price="17.00", books=books, number="N-3").verified()
    assert "send_sheet:1" in passing.waiting
    passing.does("cancellation_requested", reason="改单")
    held = limited(lines=[line(1, quantity="1", unit_price="17000.01")], books=books, number="N-4").verified()
    assert held.waiting == {"decision:credit"}
    assert held.order.credit.verdict is not None
    assert held.order.credit.verdict.others == Decimal("33000.00")
    held.decide(Subject.CREDIT, "free", reason="旺季")
    assert "send_sheet:1" in held.waiting
    change = {"lines": [{"line": 1, "unit_price": "17500.00"}]}
    held.does("amendment_requested", changes=change, reason="涨价")
    held.decide(Subject.PRICE, "settled", unit_price="17500.00").decide(Subject.APPROVAL, "approve")
    assert held.waiting == {"decision:credit"}


def test_a_bill_long_overdue_holds_the_customers_other_orders() -> None:
    """R109: delivered on day 1, 30 days to pay, 30 days late: from day 61 on the next order is held."""
    books = OrderBooks()
    old = limited(books=books, number="N-1").verified().sheet_out()
    old.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
    old.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    in_time = limited(books=books, number="N-2", placed=MONDAY + timedelta(days=59)).verified()
    late = limited(books=books, number="N-3", placed=MONDAY + timedelta(days=60)).verified()
    assert "send_sheet:1" in in_time.waiting
    assert late.waiting == {"decision:credit"}
    assert late.order.credit.grounds == (CreditGround.OVERDUE,)


def test_what_is_paid_cancelled_or_ended_is_free_for_others() -> None:
    """R109: the commitment moves with the bill and the money, and is freed at the end."""
    books = OrderBooks()
    first = limited("5000.00", books=books, number="N-1").verified()
    second = limited("5000.00", books=books, number="N-2").verified()
    assert second.waiting == {"decision:credit"}
    first.does("cancellation_requested", reason="不要了")
    assert bound_credit(first.order) == Decimal("0.00")
    second.does("credit_review_requested", role=Role.SALESPERSON)
    assert "send_sheet:1" in second.waiting
    assert bound_credit(second.order) == Decimal("5000.00")


acts = some.lists(
    some.tuples(some.integers(0, 2), some.sampled_from(["verified", "paid", "cancelled", "looked_at_again"])),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(prices=some.lists(some.integers(1, 9), min_size=3, max_size=3), acts=acts)
def test_orders_never_bind_more_than_the_limit_unless_finance_frees_them(
    prices: list[int], acts: list[tuple[int, str]]
) -> None:
    """R109: whatever is confirmed, paid, cancelled or looked at again, in whichever order."""
    books, limit = OrderBooks(), Decimal("10000.00")
    lives = [
        limited(str(limit), price=f"{price}.00", books=books, number=f"N-{n}")
        for n, price in enumerate(prices)
    ]
    for which, act in acts:
        life = lives[which]
        if act == "verified" and "decision:technical:1" in life.waiting:
            life.verified()
        elif act == "paid":
            life.tell(
                "payment_received", role=Role.FINANCE, amount="700.00", reference=f"T-{which}-{life.said}"
            )
        elif act == "cancelled":
            life.tell("cancellation_requested", reason="不要了")
        elif act == "looked_at_again":
            life.tell("credit_review_requested", reason="再查")
        assert sum(bound_credit(each.order) for each in lives) <= limit
        for each in lives:
            assert not ("decision:credit" in each.waiting and "send_sheet:1" in each.waiting)


# --- what finance sees -----------------------------------------------------------------------------------------------


def test_the_card_of_the_decision_shows_limit_exposure_this_order_and_overdue_bills() -> None:
    """R109: what finance decides on stands on the card, as the book answered."""
    books = OrderBooks()
    old = limited("9000.00", books=books, number="20270301-0001").verified().sheet_out()
    old.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
    old.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    late = limited("9000.00", books=books, number="N-2", placed=MONDAY + timedelta(days=60)).verified()
    asked = late.order.decision(Subject.CREDIT)
    assert asked is not None
    seen = OrderSeen(number="N-2", today=late.now.date(), asked={"credit": asked.about_words})
    card = card_of(seen, Asked("decision", subject="credit"))
    assert [(fact.words.en, fact.value.en) for fact in card.facts] == [
        ("held because", "above the credit limit, a bill is long overdue"),
        ("credit limit", "¥9,000.00"),
        ("bound by other orders", "¥5,000.00"),
        ("this order", "¥5,000.00"),
        ("overdue bills", "20270301-0001 ¥5000.00 2027-03-31"),
    ]


def test_a_bill_that_was_paid_since_is_told_to_who_answers_the_question_of_before() -> None:
    """R83, R109: finance was asked of an overdue bill; it is asked of none now, and sees that it was one."""
    books = OrderBooks()
    old = limited("9000.00", books=books, number="20270301-0001").verified().sheet_out()
    old.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
    old.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    placed = MONDAY + timedelta(days=60)
    late = limited("9000.00", price="10.00", books=books, number="N-2", placed=placed).verified()
    old.paid("5000.00", "T-1")
    late.does("credit_review_requested", role=Role.SALESPERSON, reason="已付旧账")
    reply = refused(late.answer(Subject.CREDIT, "free", version=1, reason="老客户"), "stale_version")
    told = changes(reply)
    assert told["overdue bills"] == ("20270301-0001 ¥5000.00 2027-03-31", "")
    assert late.waiting == {"decision:credit"}
    late.decide(Subject.CREDIT, "free", version=2, reason="老客户")
    assert "send_sheet:1" in late.waiting


def test_who_made_an_order_dearer_does_not_free_its_credit() -> None:
    """R106, R109: the credit is asked for by whoever asked for the change."""
    life = limited(price="50.00").verified()
    change = {"changes": {"lines": [{"line": 1, "quantity": "1001"}]}, "reason": "客户加量"}
    life.does("amendment_requested", role=Role.SERVICE_CLERK, by="finance-1", **change)
    life.verified()
    assert life.waiting == {"decision:credit"}
    refused(life.answer(Subject.CREDIT, "free", reason="旺季"), "same_person")
    life.decide(Subject.CREDIT, "free", reason="旺季", by="finance-2")
    assert "send_sheet:2" in life.waiting
