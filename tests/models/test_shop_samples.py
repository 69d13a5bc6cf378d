"""A sample that was paid in the shop: what the payment provider brought goes back through it, by itself (R84, R123, R130)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.order.kinds.shop import online_left
from models.values.editions import NEWEST, Edition
from models.values.vocabulary import Ending, Headline, PhaseName, Role
from tests.models.life import SIGNER, refused
from tests.models.shop_life import LINE, TERMS, ShopLife
from tests.models.stock_life import stock_of

FEE = "400.00"
SETTLEMENT, FAILED = "decision:deposit_settlement", "decision:failed_refund"


class PaidSample(ShopLife):
    """Five rolls as a sample, 80.00 each, paid with a cart of the shop."""

    def __init__(self, provider: dict[str, Any] | None = None, **changes: Any) -> None:
        super().__init__(
            stock_of(),
            provider=provider,
            terms={"delivery_fee": "0.00", "seen_total": FEE},
            **{"fulfilment": "sample", "lines": [{**LINE, "quantity": "5"}], **changes},
        )

    def dated(self) -> Self:
        """Technical and production say yes: its production may begin."""
        self.decide(Subject.TECHNICAL, "producible", line=1, material_note="有存")
        day = self.now.date().isoformat()
        self.decide(
            Subject.PRODUCTION_DATE, "dated", line=1, production_date=day, quantity="5", finished_date=day
        )
        return self.does("production_signed", version=1, clerk="service_clerk-1")

    def cancelled(self, cost: str, **detail: Any) -> Self:
        """The customer wishes it when it is being made already; the supervisor grants it at this cost."""
        self.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
        self.decide(Subject.CANCELLATION, "approve", cost=cost, **detail)
        return self

    @property
    def back(self) -> list[tuple[str, bool | None]]:
        """What the provider was asked to pay back, and what it said."""
        return [(str(each.amount), each.paid) for each in self.order.shop.refunds]


def by_bank(life: PaidSample, amount: str, reference: str = "TX-1") -> PaidSample:
    """Finance records a transfer beside."""
    life.does("payment_received", role=Role.FINANCE, amount=amount, reference=reference)
    return life


def test_a_refused_sample_is_paid_back_by_the_provider() -> None:
    """R123: nobody at finance does anything, the customer hears of it, and then it ends."""
    life = PaidSample().later(hours=1).pays(FEE)
    life.does("cancellation_requested", reason="做不了", role=Role.SERVICE_CLERK)
    order = life.order
    assert (order.ending, str(order.ledger.paid), life.back) == (Ending.CANCELLED, "0.00", [(FEE, True)])
    assert order.decision(Subject.DEPOSIT_SETTLEMENT) is None
    assert [each.subject for each in life.entries(EntryKind.REFUNDED)] == [order.shop.refunds[0].key]
    assert len(life.papers("refunded")) == 1


def test_until_it_is_back_the_sample_waits() -> None:
    """R123: one that the provider does not pay is finance's to decide, and tried once more under another key."""
    life = PaidSample(provider={"refuses_refunds": 1}).later(hours=1).pays(FEE)
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    assert (life.waiting, life.order.ending, life.order.headline) == ({FAILED}, None, Headline.CANCELLED)
    life.decide(Subject.FAILED_REFUND, "try_again")
    assert (life.order.ending, str(life.order.ledger.paid)) == (Ending.CANCELLED, "0.00")
    assert (life.back, online_left(life.order)) == ([(FEE, False), (FEE, True)], Decimal(0))


def test_what_finance_paid_by_hand_is_not_asked_for_again() -> None:
    life = PaidSample(provider={"refuses_refunds": 1}).later(hours=1).pays(FEE)
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    life.decide(Subject.FAILED_REFUND, "refund", reference="OUT-1")
    assert (life.order.ending, life.back) == (Ending.CANCELLED, [(FEE, False)])
    assert online_left(life.order) == 0


def test_the_granted_cost_is_kept() -> None:
    """R84: what was granted stays with the company, the rest goes back; nobody is asked once more."""
    life = PaidSample().later(hours=1).pays(FEE).dated().cancelled("150.00")
    order = life.order
    assert (order.ending, life.back) == (Ending.CANCELLED, [("250.00", True)])
    assert (str(order.ledger.paid), str(order.ledger.kept)) == ("150.00", "150.00")
    assert order.decision(Subject.DEPOSIT_SETTLEMENT) is None


def test_what_came_by_bank_is_finances_to_settle() -> None:
    """R84, R123: the provider pays back no more than it brought; the transfer and the cost are settled by finance."""
    life = by_bank(PaidSample(provider={"refuses_refunds": 1}).later(hours=1).pays("300.00"), "100.00")
    life.dated().cancelled("40.00")
    assert (life.back, life.waiting) == ([("300.00", False)], {SETTLEMENT, FAILED})
    reply = life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="360.00", kept="40.00")
    assert refused(reply, "contradiction").where == "content.detail"
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="60.00", kept="40.00")
    assert (life.waiting, life.order.ending) == ({FAILED}, None)
    life.decide(Subject.FAILED_REFUND, "try_again")
    order = life.order
    assert (order.ending, str(order.ledger.paid), str(order.ledger.kept)) == (
        Ending.CANCELLED,
        "40.00",
        "40.00",
    )


def test_a_sample_paid_twice_keeps_one_payment() -> None:
    """R123: the surplus goes back by itself while the sample goes on."""
    life = PaidSample().later(hours=1).pays(FEE).pays(FEE, payment="P-2")
    assert (life.back, life.order.ending) == ([(FEE, True)], None)
    assert (str(life.order.open_balance), life.order.phase) == ("0.00", PhaseName.TECHNICAL)


def test_of_a_surplus_by_bank_finance_is_asked_at_the_end() -> None:
    """R53, R123: the provider brought none of it, so nothing goes back through it."""
    life = by_bank(PaidSample().later(hours=1), "500.00").dated()
    life.made("5").passed("5").sent("1").does("arrived", shipment="1", place="深圳")
    life.does("delivery_receipt", shipment="1", signed_by=SIGNER)
    life.decide(Subject.TRIAL, "approve")
    assert (life.back, life.order.phase) == ([], PhaseName.SETTLEMENT)
    assert "decision:overpayment" in life.waiting
    life.decide(Subject.OVERPAYMENT, "refund", refunded="100.00")
    assert str(life.order.ledger.paid) == FEE


def test_an_unpaid_sample_that_is_cancelled_can_be_paid_no_more() -> None:
    """R123: the provider is asked to close what it was to be paid by, once, and then it ends."""
    life = PaidSample().later(hours=1)
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    order = life.order
    assert (order.ending, order.shop.closes, life.back) == (Ending.CANCELLED, 1, [])
    assert order.shop.closed_at is not None


def test_what_was_paid_when_it_was_cancelled_goes_back_once_it_is_told() -> None:
    """R123: the provider says that it was paid; the sample waits for that money and has it paid back, once."""
    life = PaidSample(provider={"paid_at_the_limit": True}).later(hours=1)
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    assert (life.waiting, life.order.ending) == ({"provider_answer"}, None)
    life.later(hours=1).pays(FEE)
    assert (life.order.ending, life.back) == (Ending.CANCELLED, [(FEE, True)])
    assert (life.order.shop.closes, str(life.order.ledger.paid)) == (1, "0.00")


def test_announced_money_that_nobody_tells_is_not_waited_for_for_good() -> None:
    """R123: it ends; money that is told later goes back by itself as that of any order that has ended (R39)."""
    life = PaidSample(provider={"paid_at_the_limit": True}).later(hours=1)
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    life.later(days=3)
    assert (life.order.ending, life.back) == (Ending.CANCELLED, [])


def test_a_part_that_was_paid_goes_back_and_the_rest_is_asked_for_no_more() -> None:
    life = PaidSample().later(hours=1).pays("150.00")
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    assert (life.order.ending, life.back, life.order.shop.closes) == (
        Ending.CANCELLED,
        [("150.00", True)],
        1,
    )


def test_a_cost_that_is_owed_can_still_be_paid_online() -> None:
    """R84: closed only when nothing is owed; of what comes the cost is kept."""
    life = PaidSample().later(hours=1).dated().cancelled("150.00", consent="C-1")
    assert (life.order.shop.closes, life.waiting) == (0, {"account_balance"})
    life.pays(FEE)
    assert (life.order.ending, life.back, str(life.order.ledger.kept)) == (
        Ending.CANCELLED,
        [("250.00", True)],
        "150.00",
    )


@pytest.mark.parametrize(
    ("edition", "changes"),
    [
        (Edition.OWN_CHANGES, {}),
        (NEWEST, {"shop": None}),
        (NEWEST, {"lines": [{**LINE, "quantity": "1"}], "shop": {**TERMS, "seen_total": "0.00"}}),
    ],
)
def test_who_has_no_intent_or_an_earlier_edition_asks_no_provider(
    edition: int, changes: dict[str, Any]
) -> None:
    """Open orders live as they did; a sample of the desk has no intent, and one that costs nothing neither."""
    life = PaidSample(edition=edition, **changes)
    life.later(hours=1).does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    assert (life.order.ending, life.order.shop.closes) == (Ending.CANCELLED, 0)


@pytest.mark.parametrize(
    ("edition", "terms", "asked"),
    [
        (Edition.NO_MARKERS, {}, {SETTLEMENT}),
        (NEWEST, {"shop": None}, {SETTLEMENT}),
        (Edition.BACK_THE_WAY_IT_CAME, {}, set()),
    ],
)
def test_earlier_editions_and_orders_of_the_desk_keep_finances_hand(
    edition: int, terms: dict[str, Any], asked: set[str]
) -> None:
    """Open orders live as they did; what was not placed in the shop has no intent."""
    life = PaidSample(edition=edition, **terms).later(hours=1)
    if terms:
        by_bank(life, FEE)
    else:
        life.pays(FEE)
    life.does("cancellation_requested", reason="不要了", role=Role.CUSTOMER)
    assert (life.waiting, life.back == []) == (asked, bool(asked))


def test_an_earlier_order_knows_no_answer_of_the_provider() -> None:
    life = PaidSample(edition=Edition.NO_MARKERS).later(hours=1).pays(FEE)
    reply = life.tell("refund_answered", role=Role.SYSTEM, by="system", key="k", paid=True)
    assert refused(reply, "contradiction").where == "kind"
