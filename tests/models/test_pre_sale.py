"""Pre-sale: sold from a batch before it is there, never beyond it; ready, short, late, cancelled freely (R48, R113, R114)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Outcome, Subject
from models.stock import batch_acts, desk_acts
from models.stock.shelves import Shelves
from models.stock.stock_in_memory import StockInMemory
from models.stock.stock_words import BatchPayment, StockState
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Headline, PaymentTerms, PhaseName, Role
from tests.models.life import MONDAY, heard, line, refused
from tests.models.presale_life import BATCH, COMES, PresaleLife, batch_stock
from tests.models.stock_life import StockLife


def sold(quantity: str, stock: StockInMemory, number: str, hours: float = 0, **changes: Any) -> PresaleLife:
    """An order of so many, placed so much later than the first."""
    return PresaleLife(
        stock, MONDAY + timedelta(hours=hours), number, lines=[line(1, quantity=quantity)], **changes
    )


def choose(life: PresaleLife, outcome: str, **detail: Any) -> PresaleLife:
    heard(life.answer(Subject.SHORTAGE, outcome, **detail))
    return life


# --- goes well ---------------------------------------------------------------------------------------------------


def test_it_is_promised_for_the_day_of_its_batch_and_goes_when_it_is_ready_and_paid() -> None:
    """R48, R114: the batch's day is the promise; nothing is asked for, or picked, before the goods are there."""
    life = PresaleLife()
    order = life.order
    assert (life.figures, order.promise.promised, order.stock.agreed) == (("2000", "1000", "0"), COMES, COMES)
    life.firm()
    assert (order.phase, order.headline) == (PhaseName.READINESS, Headline.CONFIRMED)
    assert life.waiting == {"await_stock:1"}
    assert order.steps["await_stock:1"].roles == (Role.PURCHASING,)
    life.until(life.now.replace(day=15)).passes("1000")
    assert (life.figures, order.phase) == (("2000", "1000", "1000"), PhaseName.CLEARANCE)
    assert "await_stock:1" not in life.waiting
    life.released().picked().sent()
    assert life.figures == ("1000", "0", "0")
    life.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by="王芳")
    assert (order.ending, str(order.bill)) == (Ending.SETTLED, "5000.00")
    phases = [each.subject for each in life.entries(EntryKind.PHASE)]
    assert phases[:5] == ["verification", "confirmation", "readiness", "clearance", "picking"]


def test_goods_that_come_in_parts_wait_for_the_rest_unless_they_may_go_in_parts() -> None:
    """R114"""
    life = PresaleLife().firm().passes("400")
    assert (life.order.stock.ready, life.waiting) == ({1: Decimal(400)}, {"await_stock:1"})
    parts = PresaleLife(partial_delivery=True).firm().passes("400")
    assert "balance" in parts.waiting
    parts.paid("500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert parts.order.releases[0].quantities == {1: Decimal(400)}


@pytest.mark.parametrize(
    ("payment", "asked", "due", "terms"),
    [
        (BatchPayment.WHOLE, "deposit", "5000.00", PaymentTerms.PREPAID),
        (BatchPayment.DEPOSIT, "deposit", "1500.00", PaymentTerms.DEPOSIT),
        (BatchPayment.DEPOSIT, "prepaid", "5000.00", PaymentTerms.PREPAID),
        (BatchPayment.WHOLE, "on_account", "0.00", PaymentTerms.ON_ACCOUNT),
    ],
)
def test_the_batch_says_what_is_paid_first(
    payment: BatchPayment, asked: str, due: str, terms: PaymentTerms
) -> None:
    """R114: a deposit or the whole; who pays all of it may; a contract on account stands (R32)."""
    life = PresaleLife(batch_stock(payment=payment), payment_terms=asked)
    assert (life.order.terms, f"{life.order.deposit_due:.2f}") == (terms, due)


def test_of_a_small_pre_sale_the_batch_says_what_is_paid_and_nobody_chooses() -> None:
    """R38, R114"""
    life = PresaleLife(lines=[line(1, quantity="10")]).approved()
    assert life.waiting == {"confirm_order:1", "deposit"}


# --- never beyond the batch --------------------------------------------------------------------------------------


def test_nothing_is_sold_beyond_the_batch() -> None:
    """R114: 500 offered, 480 sold, 30 wanted: short by 10; split: 20 are sold of it."""
    stock = batch_stock("500")
    sold("480", stock, "20270301-0001").firm("720.00")
    life = sold("30", stock, "20270301-0002", hours=1)
    assert (life.order.stock.state, life.order.stock.there) == (StockState.SHORT, {1: Decimal(20)})
    assert life.order.promise.promised is None
    refused(life.answer(Subject.SHORTAGE, "wait"), "missing_field")
    choose(life, "split", expected="2027-04-20")
    assert (life.order.stock.of(1), life.order.promise.promised) == (Decimal(20), date(2027, 4, 20))
    assert life.figures == ("500", "500", "0")
    row = stock.reservations[("20270301-0002", 1)]
    assert (row.quantity, row.waiting) == (Decimal(20), Decimal(10))


def test_what_is_given_back_or_offered_more_goes_to_who_waits_beyond_the_batch() -> None:
    """R112, R114"""
    stock = batch_stock("500")
    sold("480", stock, "20270301-0001").firm("720.00")
    life = choose(sold("30", stock, "20270301-0002", hours=1), "wait", expected="2027-04-20")
    more = batch_acts.BatchEnlarged(batch=BATCH, quantity=Decimal(50))
    life.change(lambda shelves: batch_acts.enlarge(shelves, more, "buyer", life.now))
    assert (life.order.stock.of(1), life.figures) == (Decimal(30), ("550", "510", "0"))


def test_an_ordinary_order_never_takes_of_a_batch_nor_a_pre_sale_of_stock() -> None:
    """R114: a batch's number is no product, and goods on hand are no batch's."""
    stock = batch_stock("500")
    stock.items["TP-80"].on_hand = Decimal(1000)
    assert StockLife(stock, lines=[line(1, product=BATCH)]).order.stock.state is StockState.SHORT
    life = sold("600", stock, "20270301-0002")
    assert (life.order.stock.state, life.order.stock.there) == (StockState.SHORT, {1: Decimal(500)})
    assert sold("1", batch_stock(), "20270301-0003").order.stock.batches == {1: BATCH}
    other = PresaleLife(stock, number="20270301-0004", lines=[line(1, product="NO-1")])
    assert other.order.stock.state is StockState.SHORT


def test_of_several_batches_the_first_to_come_that_has_enough_is_taken() -> None:
    """R114: each line by itself; the promise is the last of the days."""
    stock = batch_stock("100")
    batch_stock("1000", BatchPayment.WHOLE, date(2027, 5, 4), batch="PS-81", stock=stock)
    small, large = sold("60", stock, "20270301-0001"), sold("60", stock, "20270301-0002")
    assert (small.order.stock.batches, large.order.stock.batches) == ({1: BATCH}, {1: "PS-81"})
    both = PresaleLife(stock, number="20270301-0003", lines=[line(1, quantity="30"), line(2, quantity="30")])
    assert both.order.stock.batches == {1: BATCH, 2: "PS-81"}
    assert (both.order.promise.promised, both.order.terms) == (date(2027, 5, 4), PaymentTerms.PREPAID)


# --- what passes goes by placing time ----------------------------------------------------------------------------


def test_what_passes_goes_by_placing_time_and_the_youngest_are_short() -> None:
    """R112, R114: 500 sold, 450 pass: the youngest 50 are short, and their customer chooses."""
    stock = batch_stock("500")
    first = sold("300", stock, "20270301-0001").firm("450.00")
    last = sold("200", stock, "20270301-0002", hours=1).firm("300.00")
    last.passes("450", scrapped="50")
    first.hears()
    assert (first.order.stock.ready, last.order.stock.ready) == ({1: Decimal(300)}, {1: Decimal(150)})
    last.completed()
    assert (last.order.stock.state, last.order.stock.there) == (StockState.SHORT, {1: Decimal(150)})
    assert first.order.stock.state is StockState.FIRM
    assert "decision:shortage" in last.waiting
    choose(last, "cancel", only_what_is_missing=True)
    assert last.waiting >= {"balance"}
    assert last.order.stock.of(1) == Decimal(150)


def test_what_nobody_ordered_goes_to_stock_when_the_batch_is_complete() -> None:
    """R113, R114: and so does what is given back later."""
    stock = batch_stock("500")
    life = sold("300", stock, "20270301-0001").firm("450.00").passes("500").completed()
    assert (life.figures, stock.items["TP-80"].on_hand) == (("300", "300", "300"), Decimal(200))
    life.does("cancellation_requested", reason="不要了")
    life.decide(Subject.CANCELLATION, "approve", cost="0.00")
    assert (life.figures, stock.items["TP-80"].on_hand) == (("0", "0", "0"), Decimal(500))


def test_more_comes_than_was_offered() -> None:
    """R114: it is offered, too, to those who wait beyond the batch; the rest goes to stock."""
    stock = batch_stock("100")
    life = choose(sold("120", stock, "20270301-0001"), "wait", expected="2027-04-20")
    life.passes("150").completed()
    assert (life.order.stock.of(1), life.order.stock.ready[1]) == (Decimal(120), Decimal(120))
    assert stock.items["TP-80"].on_hand == Decimal(30)


# --- the day -----------------------------------------------------------------------------------------------------


def test_another_day_is_told_to_everybody_who_ordered() -> None:
    """R113, R114: with the reason; a day within a week is no lateness."""
    life = PresaleLife().firm().dated("2027-03-22")
    assert life.stock.items[BATCH].expected == date(2027, 3, 22), "who orders next is promised that day"
    assert life.order.promise.promised == date(2027, 3, 22)
    assert len(life.papers("new_promise")) == 1
    assert life.papers("batch_late") == []
    assert life.order.stock.agreed == COMES


def test_later_than_a_week_the_customer_may_cancel_freely_and_has_the_money_back() -> None:
    """R114: seven days late is not yet too late; one day more is, by itself; the deposit is refunded."""
    life = PresaleLife().firm()
    life.until(life.now.replace(day=22, hour=23))
    assert life.papers("batch_late") == []
    assert "decision:shortage" not in life.waiting
    life.until(life.now.replace(day=23, hour=1))
    assert len(life.papers("batch_late")) == 1
    assert "decision:shortage" in life.waiting
    choose(life, "cancel")
    assert life.order.pending_ending is Ending.CANCELLED
    assert life.order.asked["deposit_settlement"].about_words == {"paid": "1500.00", "cost": "0.00"}
    refused(
        life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1000.00", kept="500.00"), "contradiction"
    )
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1500.00", reference="TK-1")
    assert (life.order.ending, life.figures) == (Ending.CANCELLED, ("2000", "0", "0"))


def test_a_day_that_is_too_late_is_chosen_about_as_soon_as_it_is_known() -> None:
    """R114: 23 March is eight days after 15 March."""
    life = PresaleLife().firm().dated("2027-03-23")
    assert "decision:shortage" in life.waiting
    heard(life.tell("cancellation_requested", reason="太晚了", role=Role.CUSTOMER))
    assert life.order.pending_ending is Ending.CANCELLED


def test_before_it_is_late_a_confirmed_pre_sale_is_cancelled_by_the_supervisor() -> None:
    """R84: the goods are ordered for the customer; before it was confirmed it is free."""
    life = PresaleLife().firm()
    heard(life.tell("cancellation_requested", reason="不要了", role=Role.CUSTOMER))
    assert "decision:cancellation" in life.waiting
    early = PresaleLife().approved()
    heard(early.tell("cancellation_requested", reason="不要了", role=Role.CUSTOMER))
    assert early.order.ending is Ending.CANCELLED


def test_who_waits_longer_is_late_anew_a_week_after_the_new_day() -> None:
    """R112, R114"""
    life = PresaleLife().firm().dated("2027-04-10")
    choose(life, "wait")
    assert (life.order.stock.agreed, life.order.promise.promised) == (date(2027, 4, 10), date(2027, 4, 10))
    assert "decision:shortage" not in life.waiting
    life.until(life.now.replace(month=4, day=18, hour=9))
    assert "decision:shortage" in life.waiting
    refused(life.answer(Subject.SHORTAGE, "wait"), "missing_field")
    life.passes("1000")
    assert "decision:shortage" not in life.waiting
    assert "balance" in life.waiting


def test_who_takes_what_is_ready_of_a_late_batch_gets_no_more() -> None:
    """R112, R114"""
    life = PresaleLife().firm().passes("400").dated("2027-04-10")
    choose(life, "cancel", only_what_is_missing=True)
    assert (life.order.stock.choice, life.figures) == (Outcome.CANCEL, ("2000", "400", "400"))
    assert (str(life.order.bill), "balance" in life.waiting) == ("2000.00", True)


def test_who_splits_a_late_batch_gets_what_is_ready() -> None:
    """R112, R114"""
    life = PresaleLife().firm().passes("400").dated("2027-04-10")
    choose(life, "split")
    assert "balance" in life.waiting
    assert "await_stock:1" in life.waiting


def test_an_amendment_asks_the_batch_anew() -> None:
    """R83, R114"""
    life = PresaleLife().firm()
    life.does("amendment_requested", reason="少要", changes={"lines": [{"line": 1, "quantity": "700"}]})
    assert (life.figures, life.order.phase) == (("2000", "700", "0"), PhaseName.VERIFICATION)


def test_what_is_missing_when_it_is_picked_is_short() -> None:
    """R63, R110: the batch has fewer, and nothing of it is promised twice."""
    life = PresaleLife(batch_stock("1000")).firm().passes("1000").released()
    life.picked(items=[{"line": 1, "quantity": "900"}])
    assert life.figures == ("900", "900", "900")
    assert "decision:shortage" in life.waiting


# --- bad input ---------------------------------------------------------------------------------------------------


def refusal(act: Any) -> tuple[Code, str]:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code, caught.value.where


def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    """R114: a day that is past, more judged than came, a batch that is not there, completed twice."""
    stock = batch_stock("500")
    sold("500", stock, "20270301-0001")
    now, today = PresaleLife().now, date(2027, 3, 1)

    def on(act: Any) -> Any:
        return lambda: stock.change(act)

    def complete(*, sure: bool) -> Any:
        said = batch_acts.BatchCompleted(batch=BATCH, sure=sure)
        return on(lambda shelves: batch_acts.complete(shelves, said, "b", now))

    before = stock.items[BATCH].model_copy(deep=True)
    past = batch_acts.BatchDated(batch=BATCH, expected=date(2027, 2, 1), reason="-")
    assert refusal(on(lambda s: batch_acts.date_anew(s, past, today))) == (Code.DATE_IN_PAST, "expected")
    judged = batch_acts.BatchJudged(batch=BATCH, passed=Decimal(1))
    assert refusal(on(lambda s: batch_acts.inspect(s, judged))) == (Code.BAD_QUANTITY, "passed")
    none = batch_acts.BatchReceived(batch="PS-0", quantity=Decimal(1))
    assert refusal(on(lambda s: batch_acts.receive(s, none))) == (Code.UNKNOWN_PRODUCT, "batch")
    assert refusal(complete(sure=False)) == (Code.QUESTIONED, "sure")
    counted = desk_acts.GoodsCounted(product=BATCH, counted=Decimal(1), reason="-")
    assert refusal(on(lambda s: desk_acts.count(s, counted, "b", now))) == (Code.UNKNOWN_PRODUCT, "product")
    assert stock.items[BATCH] == before
    complete(sure=True)()
    assert refusal(complete(sure=True)) == (Code.TOO_LATE, "batch")


def test_an_inspected_rest_without_reason_and_an_uninspected_one_stop_the_batch() -> None:
    """R114"""
    stock = batch_stock("500")
    come = batch_acts.BatchReceived(batch=BATCH, quantity=Decimal(10))
    stock.change(lambda shelves: batch_acts.receive(shelves, come))
    bad = batch_acts.BatchJudged(batch=BATCH, scrapped=Decimal(10))

    def complete(shelves: Shelves) -> None:
        batch_acts.complete(shelves, batch_acts.BatchCompleted(batch=BATCH), "b", PresaleLife().now)

    assert refusal(lambda: stock.change(complete)) == (Code.CONTRADICTION, "batch")
    assert refusal(lambda: stock.change(lambda s: batch_acts.inspect(s, bad))) == (
        Code.MISSING_FIELD,
        "reason",
    )
