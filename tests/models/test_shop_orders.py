"""An order of the shop: reviewed, paid in time or late, accepted by the merchant, shipped, and its money back (R39, R65, R122 to R125)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.order.money.bill import bill_of_shipment
from models.order.money.bill_account import billed_by_line
from models.stock.stock_words import StockState
from models.values.vocabulary import Ending, Headline, PhaseName, Role
from tests.models.life import MONDAY, heard, refused
from tests.models.shop_life import LINE, ShopLife
from tests.models.stock_life import StockLife, stock_of


def given_back(life: ShopLife) -> bool:
    return life.figures == ("10", "0", "10")


def test_it_lives_from_the_checkout_to_completion_by_silence() -> None:
    """R39, R81, R124: payable at once, paid, accepted, sent; a signature completes nothing, seven days do."""
    life = ShopLife()
    assert (life.order.headline, life.waiting, life.figures) == (
        Headline.AWAITING_PAYMENT,
        {"online_payment"},
        ("10", "2", "8"),
    )
    assert life.papers("payable") == [
        "your order is reviewed; please pay CNY 176.00 until 2027-03-02 09:00, then it is cancelled by itself"
    ]
    assert life.papers("waiting_time") == []
    life.later(hours=1).pays()
    assert (life.order.headline, life.order.stock.state) == (Headline.AWAITING_ACCEPTANCE, StockState.FIRM)
    assert life.waiting == {"decision:merchant_acceptance"}
    life.accepted()
    assert life.order.headline is Headline.PICKING
    life.picked().sent().later(days=2)
    life.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by="王芳")
    assert (life.order.headline, life.waiting) == (Headline.DELIVERED, {"completion"})
    life.later(days=6)
    assert life.order.ending is None
    life.later(days=2)
    assert (life.order.ending, str(life.order.bill), str(life.order.ledger.paid)) == (
        Ending.SETTLED,
        "176.00",
        "176.00",
    )
    assert [each.subject for each in life.entries(EntryKind.PHASE)] == [
        "payment", "merchant_acceptance", "picking", "shipping", "delivery", "settlement",
    ]  # fmt: skip


def test_the_fee_is_a_line_of_the_bill() -> None:
    """R65: 2 × 80.00 and 16.00 are 176.00, billed with the first shipment; it is invoiced with its tax."""
    life = ShopLife().later(hours=1).pays().accepted()
    assert str(life.order.total) == "176.00"
    life.picked().sent()
    order = life.order
    assert (str(order.bill), str(order.open_balance)) == ("176.00", "0.00")
    assert {line: str(amount) for line, amount in billed_by_line(order).items()} == {0: "16.00", 1: "160.00"}
    assert str(bill_of_shipment(order, order.shipments[0])) == "176.00"
    life.does("invoice_requested", title="红枫包装", role=Role.CUSTOMER)
    life.does("invoice_issued", invoice="F-1")
    lines = {
        each.line: (str(each.amount), str(each.net), str(each.tax))
        for each in order.invoices.invoices[0].lines
    }
    assert lines == {0: ("16.00", "14.16", "1.84"), 1: ("160.00", "141.59", "18.41")}


def test_elsewhere_a_fee_is_in_no_bill() -> None:
    """R65: freight of other orders stays outside of the bill."""
    terms = {
        "checkout": "c",
        "account": "a",
        "terms_version": "1",
        "delivery_fee": "16.00",
        "seen_total": "0.00",
    }
    assert str(StockLife(shop=terms).order.total) == "5000.00"


def test_paid_on_the_limit_and_told_later_is_paid() -> None:
    """R39: the provider says at the limit that it was paid; its money comes 40 seconds later."""
    life = ShopLife(provider={"paid_at_the_limit": True})
    limit = life.limit
    assert limit == MONDAY + timedelta(hours=24)
    life.until(limit)
    assert life.waiting == {"provider_answer"}
    life.seconds_after_the_limit(40).pays(at=limit)
    assert (life.order.headline, life.waiting) == (
        Headline.AWAITING_ACCEPTANCE,
        {"decision:merchant_acceptance"},
    )
    assert life.papers("payment_lapsed") == []


def test_paid_in_time_and_told_after_the_cancellation_is_paid() -> None:
    """R39: paid_at counts, whatever the provider said."""
    life = ShopLife()
    limit = life.limit
    life.seconds_after_the_limit(30)
    assert life.order.headline is Headline.CANCELLED
    life.seconds_after_the_limit(40).pays(at=limit)
    assert life.order.headline is Headline.AWAITING_ACCEPTANCE
    assert len(life.papers("order_reopened")) == 1


def test_unpaid_it_is_cancelled_and_ends_a_day_later() -> None:
    """R39: asked once, stock given back at once, open for late money for a day more."""
    life = ShopLife()
    life.until(life.limit - timedelta(seconds=1))
    assert life.order.headline is Headline.AWAITING_PAYMENT
    life.seconds_after_the_limit(0)
    assert (life.order.headline, life.order.ending, given_back(life)) == (Headline.CANCELLED, None, True)
    assert life.waiting == {"late_money"}
    assert len(life.provider.answers) == 1
    life.later(hours=23, days=0)
    assert life.order.ending is None
    life.later(hours=1)
    assert (life.order.ending, life.order.ledger.paid) == (Ending.CANCELLED, Decimal("0.00"))
    assert len(life.provider.answers) == 1


def test_late_money_opens_it_anew_where_the_goods_are_there() -> None:
    """R39: a second after the limit it is cancelled, then opened anew at the old price."""
    life = ShopLife()
    life.seconds_after_the_limit(40)
    assert given_back(life)
    life.pays(at=life.limit + timedelta(seconds=1))
    assert (life.order.headline, life.figures) == (Headline.AWAITING_ACCEPTANCE, ("10", "2", "8"))
    assert [(each.subject, each.rule) for each in life.entries(EntryKind.PHASE)][1:] == [
        ("payment", "R39"),
        ("merchant_acceptance", ""),
    ], "the journal says that it was payable once more, and by which rule"
    life.accepted().picked().sent()
    assert life.order.headline is Headline.SHIPPED


def test_late_money_goes_back_where_the_goods_are_gone() -> None:
    """R39: no stock, no order: 176.00 back, and it ends when the time for late money is over."""
    life = ShopLife()
    life.seconds_after_the_limit(40)
    life.comes("-9")
    life.pays()
    order = life.order
    assert (order.headline, str(order.ledger.paid), str(order.ledger.refunded)) == (
        Headline.CANCELLED,
        "0.00",
        "176.00",
    )
    life.later(days=1)
    assert (order.ending, life.figures) == (Ending.CANCELLED, ("1", "0", "1"))


@pytest.mark.parametrize("times", [1, 3])
def test_one_payment_told_again_counts_once(times: int) -> None:
    """R123: under the same id and under another one."""
    life = ShopLife().later(hours=1)
    for number in range(times):
        life.tell_again(number)
    assert (str(life.order.ledger.paid), len(life.order.ledger.payments)) == ("176.00", 1)
    assert life.order.shop.refunds == []


def test_a_second_success_goes_back_by_itself() -> None:
    """R123: 176.00 twice: 176.00 is refunded, finance is told of the amount that nobody owed."""
    life = ShopLife().later(hours=1).pays().pays(payment="P-2")
    order = life.order
    assert (str(order.ledger.received), str(order.ledger.paid), str(order.ledger.refunded)) == (
        "352.00", "176.00", "176.00",
    )  # fmt: skip
    assert life.papers("refunded") == ["CNY 176.00 were refunded: paid too much"]
    assert life.papers("other_amount") == ["online payment test:P-2 of CNY 176.00, CNY 0.00 were due"]
    life.accepted().picked().sent()
    assert order.headline is Headline.SHIPPED


def test_another_amount_is_booked_and_paid_when_the_sum_is_covered() -> None:
    """R123: 100.00, then 80.00: paid, 4.00 back."""
    life = ShopLife().later(hours=1).pays("100.00")
    assert (life.order.headline, str(life.order.ledger.paid)) == (Headline.AWAITING_PAYMENT, "100.00")
    assert life.papers("other_amount") == ["online payment test:P-1 of CNY 100.00, CNY 176.00 were due"]
    life.pays("80.00", "P-2")
    assert (life.order.headline, str(life.order.ledger.paid)) == (Headline.AWAITING_ACCEPTANCE, "176.00")
    assert str(life.order.ledger.refunded) == "4.00"


def test_a_part_paid_by_the_limit_goes_back() -> None:
    """R39, R123: the sum was not covered: cancelled, and the part is refunded."""
    life = ShopLife().later(hours=1).pays("100.00")
    life.seconds_after_the_limit(0)
    assert (life.order.headline, str(life.order.ledger.refunded)) == (Headline.CANCELLED, "100.00")
    life.later(days=1)
    assert life.order.ending is Ending.CANCELLED


def test_the_merchant_refuses_with_a_reason_and_all_goes_back() -> None:
    """R124: 176.00, the fee too, and the stock."""
    life = ShopLife().later(hours=1).pays()
    refused(life.answer(Subject.MERCHANT_ACCEPTANCE, "refuse"), "missing_field")
    life.decide(Subject.MERCHANT_ACCEPTANCE, "refuse", words="盘点时发现受潮")
    order = life.order
    assert (order.ending, str(order.ledger.paid), str(order.ledger.refunded)) == (
        Ending.CANCELLED, "0.00", "176.00",
    )  # fmt: skip
    assert given_back(life)
    assert any("盘点时发现受潮" in each for each in life.papers("cancellation_notice"))


def test_a_refund_that_fails_is_a_step_of_finance() -> None:
    """R123: paid by hand, or tried once more; the order ends when it is paid."""
    answers: tuple[tuple[str, dict[str, Any]], ...] = (("refund", {"reference": "BANK-7"}), ("try_again", {}))
    for outcome, detail in answers:
        life = ShopLife(provider={"refuses_refunds": 1}).later(hours=1).pays()
        life.decide(Subject.MERCHANT_ACCEPTANCE, "refuse", words="无货")
        assert (life.order.ending, life.waiting) == (None, {"decision:failed_refund"})
        assert len(life.papers("refund_failed")) == 1
        life.decide(Subject.FAILED_REFUND, outcome, **detail)
        assert (life.order.ending, str(life.order.ledger.refunded)) == (Ending.CANCELLED, "176.00")


def test_the_customer_cancels_until_it_is_paid() -> None:
    """R122: freely before, not by themselves after."""
    life = ShopLife().later(hours=1)
    life.does("cancellation_requested", role=Role.CUSTOMER, reason="不要了")
    assert (life.order.headline, given_back(life)) == (Headline.CANCELLED, True)
    life.pays(payment="late")
    assert str(life.order.ledger.refunded) == "176.00"
    life.later(days=1)
    assert life.order.ending is Ending.CANCELLED

    paid = ShopLife().later(hours=1).pays()
    refused(paid.tell("cancellation_requested", role=Role.CUSTOMER, reason="不要了"), "too_late")
    heard(paid.tell("cancellation_requested", role=Role.SALESPERSON, reason="客户来电"))
    assert "decision:cancellation" in paid.waiting
    paid.decide(Subject.CANCELLATION, "approve")
    assert (paid.order.ending, str(paid.order.ledger.refunded)) == (Ending.CANCELLED, "176.00")


@pytest.mark.parametrize(("cost", "back", "kept"), [("0.00", "176.00", "0.00"), ("20.00", "156.00", "20.00")])
def test_the_cost_of_a_cancellation_is_kept_of_what_was_paid(cost: str, back: str, kept: str) -> None:
    """R84, R122: what the supervisor grants is granted at this cost; the rest goes back, and nothing is left to be settled."""
    life = ShopLife().later(hours=1).pays()
    heard(life.tell("cancellation_requested", role=Role.SALESPERSON, reason="客户来电"))
    life.decide(Subject.CANCELLATION, "approve", cost=cost)
    ledger = life.order.ledger
    assert (str(ledger.refunded), str(ledger.kept), str(ledger.paid)) == (back, kept, kept)
    assert (life.order.ending, life.waiting, given_back(life)) == (Ending.CANCELLED, set(), True)


def test_nobody_edits_it() -> None:
    """R122: no amendment, no other goods, and in the review nothing that counts for money."""
    life = ShopLife(contact="")
    assert life.waiting == {"decision:shop_review"}
    refused(life.tell("amendment_requested", changes={"packing": "木箱"}, reason="换"), "not_offered")
    refused(life.tell("details_completed", changes={"lines": [{"line": 1, "quantity": "3"}]}), "not_offered")
    life.does("details_completed", changes={"contact": "王芳"})
    assert life.waiting == {"online_payment"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contact": ""}, "incomplete: contact"),
        (
            {"terms": {"seen_total": "170.00"}},
            "the customer saw a total of CNY 170.00, the order comes to CNY 176.00",
        ),
        ({"listed": {"list_price": "82.00"}}, "line 1: price 80.00 differs from 82.00"),
        ({"policy": {"shop": {"review": "clerk"}}}, ""),
    ],
)
def test_what_is_off_goes_to_a_clerk(changes: dict[str, Any], said: str) -> None:
    """R39: with what is off; accepted it is payable from then on for the whole time."""
    life = ShopLife(**changes)
    asked = life.order.decision(Subject.SHOP_REVIEW)
    assert asked is not None
    assert asked.about_words["concerns_en"] == said
    assert (life.order.headline, life.waiting) == (Headline.IN_REVIEW, {"decision:shop_review"})
    life.later(hours=1).decide(Subject.SHOP_REVIEW, "accept")
    assert (life.waiting, life.limit) == ({"online_payment"}, MONDAY + timedelta(hours=25))


def test_a_clerk_refuses_in_the_review() -> None:
    """R39: with a reason; stock goes back."""
    life = ShopLife(terms={"seen_total": "170.00"}).later(hours=1)
    life.decide(Subject.SHOP_REVIEW, "refuse", words="总额不符，请重新下单")
    assert (life.order.headline, given_back(life)) == (Headline.CANCELLED, True)
    life.later(days=2)
    assert life.order.ending is Ending.CANCELLED


def test_the_customer_hears_of_a_delay_before_each_limit() -> None:
    """R125: at three quarters of the limit of review, acceptance and shipping, with the reason."""
    life = ShopLife(terms={"seen_total": "170.00"}).later(hours=1)
    assert life.papers("delay_told") == []
    life.later(hours=0.5)
    assert life.papers("delay_told") == [
        "the review of your order may be later than 2027-03-01 11:00: "
        "the customer saw a total of CNY 170.00, the order comes to CNY 176.00"
    ]
    life.decide(Subject.SHOP_REVIEW, "accept").pays().later(hours=18)
    assert life.papers("delay_told")[1:] == [
        "the merchant's acceptance may be later than 2027-03-02 10:30: the merchant is checking stock and delivery"
    ]
    life.accepted().later(hours=35)
    assert len(life.papers("delay_told")) == 2
    life.later(hours=1)
    assert life.papers("delay_told")[2:] == [
        "the shipment may be later than 2027-03-04 04:30: the goods are being picked"
    ]
    life.later(hours=20)
    assert len(life.papers("delay_told")) == 3


def test_short_goods_are_chosen_about_within_a_day() -> None:
    """R112: 24 hours in the shop; nothing is payable before."""
    life = ShopLife(stock_of(TP_80="1"))
    step = life.order.steps["decision:shortage"]
    assert (life.order.headline, step.due - step.since) == (Headline.IN_REVIEW, timedelta(hours=24))
    refused(life.answer(Subject.SHORTAGE, "change"), "not_offered")
    heard(life.answer(Subject.SHORTAGE, "cancel", only_what_is_missing=True))
    assert (str(life.order.total), life.waiting) == ("96.00", {"online_payment"})
    life.pays()
    assert (life.order.headline, str(life.order.ledger.refunded)) == (Headline.AWAITING_ACCEPTANCE, "80.00")
    life.accepted().picked().sent()
    assert str(life.order.bill) == "96.00"


def test_the_customer_waits_for_short_goods() -> None:
    """R112: paid now, sent when they come; nothing is refunded meanwhile."""
    life = ShopLife(stock_of(TP_80="1"))
    heard(life.answer(Subject.SHORTAGE, "wait", expected="2027-03-08"))
    life.pays().accepted()
    assert life.order.shop.refunds == []
    assert any(key.startswith("await_stock") for key in life.waiting)
    life.later(days=3)
    assert life.papers("delay_told") == []
    life.comes("5").picked().sent()
    assert (str(life.order.bill), life.order.headline) == ("176.00", Headline.SHIPPED)


def test_bounced_money_takes_the_release_back() -> None:
    """R53, R123: nothing leaves that is not paid any more."""
    life = ShopLife().later(hours=1).pays().accepted()
    assert len(life.order.releases) == 1
    life.does("payment_bounced", role=Role.SYSTEM, reference="test:P-1")
    assert (life.order.releases, life.order.phase) == ([], PhaseName.MERCHANT_ACCEPTANCE)
    assert "prepayment" in life.waiting
    life.pays(payment="P-2")
    assert len(life.order.releases) == 1


def test_money_that_finance_must_confirm_is_waited_for() -> None:
    """R53, R123: the policy may have finance look at each payment; told in time it is not cancelled meanwhile."""
    life = ShopLife(policy={"shop": {"provider_confirms": False}}).later(hours=1).pays()
    life.seconds_after_the_limit(60)
    assert life.order.headline is Headline.AWAITING_PAYMENT
    life.paid("176.00", "test:P-1", method="online")
    assert life.order.headline is Headline.AWAITING_ACCEPTANCE


def test_facts_of_the_provider_belong_to_the_shop_alone() -> None:
    life = StockLife()
    refused(life.tell("intent_closed", key="x", paid=True), "contradiction")
    refused(life.tell("refund_answered", key="x", paid=True), "contradiction")


def test_free_orders_need_no_payment() -> None:
    life = ShopLife(
        lines=[{**LINE, "unit_price": "0.00"}], terms={"delivery_fee": "0.00", "seen_total": "0.00"}
    )
    assert life.waiting == {"decision:merchant_acceptance"}
