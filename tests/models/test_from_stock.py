"""An order from stock: reserved, firm, short, split, waited for, picked, given back (R63, R101, R110 to R113)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Outcome, Subject
from models.stock.stock_in_memory import StockInMemory
from models.stock.stock_words import StockMove, StockState
from models.values.vocabulary import Ending, Headline, PhaseName, Role
from tests.models.life import heard, line, refused
from tests.models.stock_life import StockLife, stock_of

NEXT_WEEK = "2027-03-10"


def short_of(there: str = "600", **changes: Any) -> StockLife:
    """1,000 wanted, 600 there."""
    return StockLife(stock_of(TP_80=there), **changes)


def chosen(life: StockLife, outcome: str, **detail: Any) -> StockLife:
    heard(life.answer(Subject.SHORTAGE, outcome, **detail))
    return life


def test_it_lives_from_reservation_to_receipt_without_production() -> None:
    """R63, R110, R111: held when it is placed, firm when it is confirmed and paid, gone when it is shipped."""
    life = StockLife()
    assert (life.order.phase, life.figures) == (PhaseName.VERIFICATION, ("2000", "1000", "1000"))
    assert life.order.stock.held_until == life.now + timedelta(hours=24)
    life.approved()
    assert life.waiting == {"confirm_order:1", "deposit"}
    life.agreed().paid("1500.00")
    assert (life.order.stock.state, life.order.stock.held_until) == (StockState.FIRM, None)
    assert life.papers("picking_list") == []
    life.released()
    assert life.papers("picking_list") == ["picking list for release 1"]
    assert (life.order.headline, "pick:1" in life.waiting) == (Headline.PICKING, True)
    life.picked()
    assert "pick:1" not in life.waiting
    life.sent()
    assert life.figures == ("1000", "0", "1000")
    life.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by="王芳")
    assert (life.order.ending, str(life.order.bill)) == (Ending.SETTLED, "5000.00")
    phases = [each.subject for each in life.entries(EntryKind.PHASE)]
    assert phases == [
        "verification",
        "confirmation",
        "clearance",
        "picking",
        "shipping",
        "delivery",
        "settlement",
    ]
    acts = [each.subject for each in life.entries(EntryKind.BOOK_ASKED)]
    assert acts == ["reserve:1", "firm:2", "ship:3"]


# --- confirmed (R101) --------------------------------------------------------------------------------------------


def test_what_the_customer_entered_is_confirmed_by_its_own_word() -> None:
    """R101: as long as it stands as it was entered; an amended one is confirmed anew."""
    own: dict[str, Any] = {"entered_role": "customer", "entered_by": "customer:K-1", "channel": "website"}
    life = StockLife(**own).approved()
    assert life.waiting == {"deposit"}
    life.does("amendment_requested", reason="客户要求", changes={"lines": [{"line": 1, "quantity": "900"}]})
    life.approved()
    assert "confirm_order:2" in life.waiting


def test_a_signed_sheet_is_a_switch() -> None:
    """R101, R31: with it the sheet goes out and comes back like any other, by a designated person."""
    policy = {"sheet": {"from_stock": True}}
    life = StockLife(policy=policy).approved()
    assert "send_sheet:1" in life.waiting
    life.sheet_out()
    life.does("confirmation_returned", version=1, signed_by="别人")
    assert "sheet_back:1" in life.waiting
    life.signed().paid("1500.00")
    assert life.order.stock.is_firm
    anybody = StockLife().approved()
    anybody.does("confirmation_returned", version=1, signed_by="别人")
    assert "confirm_order:1" not in anybody.waiting


def test_a_faulty_confirmation_is_none() -> None:
    """R101"""
    life = StockLife().approved()
    life.does("confirmation_returned", version=1, signed_by="王芳", requirements_clear=False)
    assert "confirm_order:1" in life.waiting


# --- held (R111) -------------------------------------------------------------------------------------------------


def test_held_for_a_day_and_then_reserved_anew_when_it_is_confirmed() -> None:
    """R111: the deposit comes after three days; meanwhile the goods were everybody's."""
    life = StockLife().approved().agreed().later(hours=24)
    assert (life.order.stock.state, life.figures) == (StockState.LOST, ("2000", "0", "2000"))
    life.later(days=2).paid("1500.00")
    assert (life.order.stock.state, life.figures) == (StockState.FIRM, ("2000", "1000", "1000"))
    assert [e.subject for e in life.entries(EntryKind.BOOK_ASKED)] == ["reserve:1", "expire:2", "reserve:3"]
    assert life.order.phase is PhaseName.CLEARANCE


def test_whoever_took_it_meanwhile_has_it() -> None:
    """R111, R112: firming lost, and no more there: the customer chooses."""
    stock = stock_of(TP_80="1000")
    life = StockLife(stock).approved().agreed().later(hours=30)
    other = StockLife(stock, placed=life.now, number="20270302-0001").firm()
    assert other.order.stock.is_firm
    life.paid("1500.00")
    assert "decision:shortage" in life.waiting
    assert not life.order.stock.is_firm


def test_a_second_before_it_is_still_held() -> None:
    """R111: 24 hours, to the second."""
    life = StockLife().approved().agreed().later(hours=24 - 1 / 3600)
    assert life.order.stock.state is StockState.HELD
    assert life.later(hours=1 / 3600).order.stock.state is StockState.LOST


def test_on_hold_nothing_is_asked_and_what_ran_out_meanwhile_is_reserved_anew() -> None:
    """R47, R111"""
    life = StockLife().approved().agreed()
    life.does("hold_placed", role=Role.SALES_SUPERVISOR, reason="x").later(days=3)
    assert [e.subject for e in life.entries(EntryKind.BOOK_ASKED)] == ["reserve:1"]
    life.does("hold_released", role=Role.SALES_SUPERVISOR).paid("1500.00")
    assert life.order.stock.state is StockState.FIRM


# --- short (R112) ------------------------------------------------------------------------------------------------


def test_short_nothing_is_held_until_the_customer_chooses() -> None:
    """R110, R112: both lines are there or none."""
    stock = stock_of(TP_80="2000", TP_57="5")
    life = StockLife(stock, lines=[line(1), line(2, product="TP-57", quantity="10")])
    assert (life.figures, life.order.stock.state) == (("2000", "0", "2000"), StockState.SHORT)
    assert life.papers("shortage_notice") == [
        "short of goods: line 2: 10 wanted, 5 there; please choose: wait, other goods, split, or cancel"
    ]
    assert life.order.steps["decision:shortage"].roles == (Role.CUSTOMER,)


def test_who_waits_has_what_is_there_and_the_rest_when_it_comes() -> None:
    """R112: the date is named, and told; everything goes in one shipment."""
    life = chosen(short_of(), "wait", expected=NEXT_WEEK)
    assert (life.figures, life.promised) == (("600", "600", "0"), date(2027, 3, 10))
    life.firm()
    assert life.order.stock.is_firm
    assert {"await_stock:1"} == {key for key in life.waiting if "stock" in key}
    assert "decision:finance_release" not in life.waiting
    life.later(days=30)
    assert life.order.stock.is_firm
    life.comes("300")
    assert (life.order.stock.given[1], "await_stock:1" in life.waiting) == (Decimal("900.000"), True)
    life.comes("500")
    assert "await_stock:1" not in life.waiting
    assert life.figures == ("1400", "1000", "400")
    life.released().picked().sent()
    assert life.figures == ("400", "0", "400")


def test_nobody_waits_without_a_day() -> None:
    """R112, R113: purchasing named it, or the customer hears one now."""
    life = short_of()
    refused(life.answer(Subject.SHORTAGE, "wait"), "missing_field")
    refused(life.answer(Subject.SHORTAGE, "wait", expected="2027-02-01"), "date_in_past")
    life.does("purchase_ordered", product="TP-80", quantity="400", expected=NEXT_WEEK)
    chosen(life, "wait")
    assert life.promised == date(2027, 3, 10)


def test_each_new_day_is_told_with_its_reason() -> None:
    """R112, R113: purchasing expects it later; the promise moves, by what is the state of the stock."""
    life = chosen(short_of(), "wait", expected=NEXT_WEEK).firm()
    life.does("purchase_ordered", product="TP-80", quantity="400", expected="2027-03-20")
    assert life.promised == date(2027, 3, 20)
    assert life.causes == ["first", "stock"]
    assert life.papers("new_promise") == [
        "the promised date moves from 2027-03-10 to 2027-03-20 (state of the stock)"
    ]
    refused(
        life.tell("purchase_ordered", product="TP-99", quantity="400", expected="2027-03-20"),
        "contradiction",
    )
    refused(
        life.tell("purchase_ordered", product="TP-80", quantity="1", expected="2027-02-20"), "date_in_past"
    )


def test_split_sends_what_is_there_and_bills_by_shipment() -> None:
    """R112, R115: 100 wanted, 60 there, 2.50 each: 150.00, then 100.00."""
    life = StockLife(stock_of(TP_80="60"), lines=[line(1, quantity="100", unit_price="2.50")])
    chosen(life, "split", expected=NEXT_WEEK).approved()
    life.decide(Subject.SMALL_ORDER, "deposit", assessment="老客户").agreed().paid("75.00")
    assert {"pick:1", "await_stock:1"} & life.waiting == {"await_stock:1"}
    life.released("75.00").picked().sent()
    assert str(life.order.bill) == "150.00"
    life.comes("40")
    assert str(life.order.open_balance) == "100.00"
    life.released("100.00").picked().sent("2")
    assert str(life.order.bill) == "250.00"
    assert life.figures == ("0", "0", "0")
    for shipment in ("1", "2"):
        life.does("arrived", shipment=shipment)
        life.does("delivery_receipt", shipment=shipment, signed_by="王芳")
    assert life.order.ending is Ending.SETTLED


def test_who_cancels_what_is_missing_gets_what_is_there() -> None:
    """R112: 600 of 1,000; nothing comes after it, and the bill is of 600."""
    life = chosen(short_of(), "cancel", only_what_is_missing=True).firm()
    assert str(life.order.bill) == "3000.00"
    life.comes("400")
    assert life.figures == ("1000", "600", "400")
    life.released("1500.00").picked().sent().does("arrived", shipment="1")
    life.does("delivery_receipt", shipment="1", signed_by="王芳")
    assert (life.order.ending, str(life.order.bill)) == (Ending.SETTLED, "3000.00")


def test_who_cancels_all_ends_and_what_he_paid_is_settled() -> None:
    """R84, R112"""
    life = chosen(short_of(), "cancel")
    assert (life.order.ending, life.figures) == (Ending.CANCELLED, ("600", "0", "600"))


def test_nothing_there_and_the_rest_cancelled_is_all_cancelled() -> None:
    """R112"""
    life = chosen(short_of("0"), "cancel", only_what_is_missing=True)
    assert life.order.ending is Ending.CANCELLED


def test_who_wants_other_goods_amends_and_it_is_reserved_anew() -> None:
    """R83, R112: the version is checked, priced and confirmed anew."""
    life = chosen(short_of(), "change").approved()
    assert "change_order" in life.waiting
    life.does("amendment_requested", reason="客户要求", changes={"lines": [{"line": 1, "quantity": "600"}]})
    assert "change_order" not in life.waiting
    assert (life.order.stock.state, life.figures) == (StockState.HELD, ("600", "600", "0"))
    life.approved().agreed().paid("900.00")
    assert life.order.stock.is_firm


def test_silence_is_reminded_of_and_then_the_supervisor_chooses() -> None:
    """R112: 48 hours are the customer's alone."""
    life = short_of().approved().later(hours=47)
    reply = life.answer(Subject.SHORTAGE, "cancel", role=Role.SERVICE_SUPERVISOR)
    refused(reply, "not_asked")
    life.later(hours=1)
    assert life.papers("overdue_notice") != []
    assert life.order.steps["decision:shortage"].roles == (Role.CUSTOMER, Role.SERVICE_SUPERVISOR)
    heard(life.answer(Subject.SHORTAGE, "wait", role=Role.SERVICE_SUPERVISOR, expected=NEXT_WEEK))
    assert life.order.stock.choice is Outcome.WAIT


def test_a_count_below_what_is_reserved_asks_the_youngest_to_choose() -> None:
    """R110, R112: it was released already; that falls, and it is reserved anew or chosen about."""
    life = StockLife(stock_of(TP_80="1000")).firm().released()
    life.comes("-400", kind=StockMove.COUNT)
    assert life.order.releases == []
    assert "decision:shortage" in life.waiting
    assert life.figures == ("600", "600", "0")
    chosen(life, "split", expected=NEXT_WEEK)
    life.decide(Subject.FINANCE_RELEASE, "release").picked().sent()
    assert str(life.order.bill) == "3000.00"


def test_fewer_counted_than_there_were_and_still_enough_asks_nobody() -> None:
    """R110"""
    life = StockLife(stock_of(TP_80="1500")).firm().comes("-500", kind=StockMove.COUNT)
    assert "decision:shortage" not in life.waiting
    assert life.figures == ("1000", "1000", "0")


# --- amended, cancelled (R83, R84) ---------------------------------------------------------------------------------


def test_the_reservation_follows_an_amendment() -> None:
    """R83, R110: more, fewer, another line: the difference is reserved or given back, firm as it was."""
    stock = stock_of(TP_80="2000", TP_57="50")
    life = StockLife(stock).firm()
    life.does("amendment_requested", reason="客户要求", changes={"lines": [{"line": 1, "quantity": "1200"}]})
    assert (life.figures[1], life.order.stock.state) == ("1200", StockState.FIRM)
    life.approved()
    added = [
        {"product": "TP-57", "specification": "57mm", "quantity": "50", "unit": "roll", "unit_price": "5.00"}
    ]
    references = [{"line": 1, "product": "TP-57", "unit": "roll", "list_price": "5.00"}]
    life.does("amendment_requested", reason="客户要求", changes={"added_lines": added}, references=references)
    assert stock.items["TP-57"].reserved == 50
    life.does("amendment_requested", reason="客户要求", changes={"dropped_lines": [2]})
    assert stock.items["TP-57"].reserved == 0
    more = {"lines": [{"line": 1, "quantity": "2001"}]}
    life.does("amendment_requested", reason="客户要求", changes=more)
    assert (life.figures[1], life.order.stock.state) == ("1200", StockState.SHORT)


def test_what_was_confirmed_is_confirmed_anew_after_an_amendment() -> None:
    """R83, R111: short when it was to be made firm, other goods: held like any other until the customer says yes again."""
    stock = stock_of(TP_80="1000")
    life = StockLife(stock).approved().agreed().later(hours=30)
    StockLife(stock, placed=life.now, number="20270302-0001", lines=[line(1, quantity="500")]).firm("750.00")
    chosen(life.paid("1500.00"), "change")
    life.does("amendment_requested", reason="客户要求", changes={"lines": [{"line": 1, "quantity": "500"}]})
    assert (life.order.stock.state, life.order.stock.is_firm) == (StockState.HELD, False)
    life.approved()
    assert "confirm_order:2" in life.waiting
    assert life.agreed().order.stock.is_firm


def test_a_cancelled_order_gives_back_what_it_has() -> None:
    """R84, R110: free before anything was picked, also of what waits; who waits gets it."""
    stock = stock_of(TP_80="1000")
    first = StockLife(stock, number="20270301-0001").firm()
    second = chosen(StockLife(stock, number="20270301-0002"), "wait", expected=NEXT_WEEK)
    first.does("cancellation_requested", role=Role.CUSTOMER, reason="不要了")
    assert first.order.pending_ending is Ending.CANCELLED
    assert [each.order for each in stock.untold] == ["20270301-0002"]
    assert second.hears().order.stock.given[1] == 1000


def test_after_it_was_picked_a_cancellation_is_decided() -> None:
    """R84"""
    life = StockLife().firm().released().picked()
    life.does("cancellation_requested", role=Role.CUSTOMER, reason="不要了")
    assert "decision:cancellation" in life.waiting
    life.decide(Subject.CANCELLATION, "approve", cost="0.00")
    assert life.figures == ("2000", "0", "2000")


def test_after_a_part_left_the_rest_goes_back() -> None:
    """R84, R110: what waits is waited for no more."""
    life = chosen(short_of(), "split", expected=NEXT_WEEK).firm().released("1500.00").picked().sent()
    life.does("cancellation_requested", role=Role.CUSTOMER, reason="其余不要了")
    life.decide(Subject.CANCELLATION, "approve", cost="0.00")
    life.comes("400")
    assert life.figures == ("400", "0", "400")


# --- picked (R63) ------------------------------------------------------------------------------------------------


def test_nothing_is_shipped_before_it_was_picked() -> None:
    """R63: the step is not there; told all the same it is an exception."""
    life = StockLife().firm().released()
    life.does("document_supplied", role=Role.SERVICE_CLERK, **life.notice())
    life.does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back")
    assert "ship:1" not in life.waiting
    life.does("shipped", shipment="1", carrier="德邦物流")
    (entry,) = life.entries(EntryKind.LIABILITY, "shipment-1")
    assert entry.data["faults"] == ["not_picked"]
    assert life.figures == ("1000", "0", "1000")


def test_what_is_missing_is_reserved_anew_where_there_is_more() -> None:
    """R63, R110: counted off, and the rest comes from elsewhere in the stock: another release, and picked again."""
    life = StockLife().firm().released()
    life.picked(items=[{"line": 1, "quantity": "980"}])
    assert life.figures == ("1980", "1000", "980")
    assert life.order.releases[0].quantities == {1: Decimal("980.000")}
    assert "decision:shortage" not in life.waiting
    assert "decision:finance_release" in life.waiting
    kinds = [(each.kind.value, str(each.quantity)) for each in life.stock.movements]
    assert kinds == [("missing", "-20.000")]


def test_what_is_missing_and_nowhere_else_is_the_customers_choice() -> None:
    """R63, R112"""
    life = StockLife(stock_of(TP_80="1000")).firm().released()
    life.picked(items=[{"line": 1, "quantity": "980"}])
    assert "decision:shortage" in life.waiting
    chosen(life, "cancel", only_what_is_missing=True)
    life.sent()
    assert str(life.order.bill) == "4900.00"


def test_nothing_at_its_place_takes_the_release_back() -> None:
    """R63"""
    life = StockLife(stock_of(TP_80="1000")).firm().released().picked(nothing_there=True)
    assert life.order.releases == []
    assert life.figures == ("0", "0", "0")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"items": [{"line": 1, "quantity": "1001"}]}, "contradiction"),
        ({"items": [{"line": 7, "quantity": "1"}]}, "contradiction"),
        ({"quality_good": False}, "contradiction"),
        ({"labels_good": False}, "contradiction"),
    ],
)
def test_what_cannot_be_picked_is_refused(content: dict[str, Any], code: str) -> None:
    """R44, R63"""
    life = StockLife().firm().released()
    refused(life.tell("picked", **content), code)
    life.picked()
    refused(life.tell("picked", release=1), "contradiction")


def test_a_second_person_where_the_policy_asks_for_one() -> None:
    """R63: another than who picked."""
    life = StockLife(policy={"picking": {"second_person": True}}).firm().released()
    refused(life.tell("picked"), "missing_field")
    refused(life.tell("picked", checked_with="warehouse-1"), "same_person")
    life.picked(checked_with="shipper-1")


def test_picked_early_waits_for_its_release() -> None:
    """R63"""
    life = StockLife().firm()
    assert life.tell("picked").status.value == "kept_early"
    life.released()
    assert "pick:1" not in life.waiting


# --- back (R76, R110) --------------------------------------------------------------------------------------------


def test_what_is_recalled_waits_for_its_inspection_and_goes_to_stock_or_scrap() -> None:
    """R76, R110"""
    life = StockLife().firm().released().picked().sent().does("arrived", shipment="1").later(days=17)
    life.does("goods_returned", shipment="1", freight_out="10.00", freight_back="10.00")
    item = life.stock.items["TP-80"]
    assert (item.on_hand, item.quarantined, item.available) == (2000, 1000, 1000)
    life.does(
        "inspection_reported",
        line=1,
        shipment="1",
        passed="900",
        scrapped="100",
        checked_with="service_clerk-1",
    )
    item = life.stock.items["TP-80"]
    assert (item.on_hand, item.quarantined, item.available) == (1900, 0, 1900)


# --- told late, twice, again ---------------------------------------------------------------------------------------


def test_an_older_word_of_the_book_changes_nothing() -> None:
    """R110: facts come out of turn; the newest word about a line counts."""
    life = chosen(short_of(), "wait", expected=NEXT_WEEK).firm()
    life.comes("100")
    turn = life.order.stock.turns[1]
    for number, reserved in ((turn - 1, "600"), (turn + 1, "1000")):
        life.does(
            "stock_allotted",
            role=Role.SYSTEM,
            by="system",
            line=1,
            turn=number,
            quantity="1",
            reserved=reserved,
        )
        assert life.order.stock.given[1] == (Decimal(700) if number < turn else Decimal(1000))


def test_an_empty_stock_is_short_of_everything_and_stops_nobody_else() -> None:
    """R110: an empty table asks nothing of orders that are made."""
    assert StockLife(StockInMemory()).order.stock.state is StockState.SHORT
