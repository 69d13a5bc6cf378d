"""Invoices in the order database after an after-sales case took something off the bill, or a fact came twice (R162 to R164)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from activities.cases.refunds import count_refund
from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps, resolve
from activities.invoices.invoice_lists import find_invoices, invoices_of
from activities.store.database import writing
from models.cases.replacement import RefundAsked
from models.messages.reply import Status
from models.order.money.bill_account import billed_by_line
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.quantity import NOTHING
from models.values.vocabulary import Role
from tests.activities.test_invoices import LATER, Sheets, asked_for, figures

NUMBER = "20270301-0001"


def takes_off(engine: Engine, value: str, *, line: int | None = None, case: int = 1) -> None:
    """A case about the order takes so much off its bill, and pays nothing back."""
    asked = RefundAsked(
        case=f"C{NUMBER}-{case}", round=0, order=NUMBER, line=line, quantity=NOTHING, unit_price=Decimal(0),
        amount=Decimal(value), is_paid=False, is_credited=True,
    )  # fmt: skip
    assert count_refund(engine, asked, LATER).value == Decimal(value)


def told_of_its_cases(order: Sheets) -> None:
    """What waits for the order is told to it, and recorded."""
    life = order.life.later(days=1)
    for kept in pending_facts.waiting(order.engine, order=order.number):
        life.does(kept.envelope.kind, role=Role.SYSTEM, by="system", **kept.envelope.content)
    order.save()


def asks(engine: Engine) -> list[tuple[DeskStepKind, str]]:
    """What finance is asked for at the desk, and for how much."""
    return [(step.kind, step.about["amount"]) for step in open_desk_steps(engine, Role.FINANCE)]


# --- one figure on both sides ----------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("line", [None, 1])
def test_the_page_shows_what_the_order_lets_be_invoiced(engine: Engine, line: int | None) -> None:
    """R162: 475.28 less 50.00 that a complaint got are 425.28, with a line or without, told to the order or not yet."""
    order = Sheets(engine, NUMBER, ended=False)
    takes_off(engine, "50.00", line=line)
    assert invoices_of(engine, NUMBER).available == Decimal("425.28")
    told_of_its_cases(order)
    shown = invoices_of(engine, NUMBER)
    assert shown.billed == shown.available == sum(billed_by_line(order.life.order).values())
    order.life.does("invoice_requested", title="红枫")
    order.save()
    shown = invoices_of(engine, NUMBER)
    assert shown.asked == {1: Decimal("425.28")}
    order.life.does("invoice_issued", invoice="F-1", request=1, amount=str(shown.asked[1]))
    order.save()
    assert figures(engine, NUMBER)[0][1] == Decimal("425.28")
    assert invoices_of(engine, NUMBER).owed == {}


@pytest.mark.postgresql
def test_a_credit_above_its_line_is_taken_from_the_other_lines(engine: Engine) -> None:
    order = Sheets(engine, NUMBER)
    with writing(engine) as connection:
        second = {
            "quantity": Decimal(100),
            "unit_price": Decimal(3),
            "amount": Decimal(300),
            "percent": Decimal(13),
        }
        connection.execute(insert(table("billed_lines")).values(order_number=NUMBER, line=2, **second))
    takes_off(engine, "600.00", line=1)
    assert invoices_of(engine, NUMBER).available == Decimal("175.28")
    assert order.say("invoice_requested", title="红枫", amount="175.29").code == "above_billed"
    asked_for(order)
    order.say("invoice_issued", invoice="F-1", amount="175.28")
    takes_off(engine, "100.00", case=2)
    assert invoices_of(engine, NUMBER).owed == {"F-1": Decimal("100.00")}


@pytest.mark.postgresql
def test_a_credit_that_an_order_of_before_heard_of_counts_once(engine: Engine) -> None:
    """R164: it has no lines of what was billed, and its bill is less by the credit already."""
    Sheets(engine, NUMBER, edition=2)
    takes_off(engine, "50.00")
    assert invoices_of(engine, NUMBER).billed == Decimal("425.28")
    note = {
        "number": f"CN-C{NUMBER}-1-1", "ground": "after_sales", "amount": Decimal(50), "lines": [], "at": LATER,
        "bill_before": Decimal("475.28"), "bill_after": Decimal("425.28"), "case_number": f"C{NUMBER}-1",
        "paid_back": Decimal(0),
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table("credit_notes")).values(order_number=NUMBER, **note))
        connection.execute(update(table("orders")).values(bill=Decimal("425.28")))
    assert invoices_of(engine, NUMBER).billed == Decimal("425.28")


@pytest.mark.postgresql
def test_never_less_than_nothing_is_billed(engine: Engine) -> None:
    Sheets(engine, NUMBER)
    takes_off(engine, "600.00", line=1)
    shown = invoices_of(engine, NUMBER)
    assert shown.billed == shown.available == Decimal("0.00")


# --- what the desk is asked for --------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_of_what_is_credited_whole_no_invoice_is_asked_any_more(engine: Engine) -> None:
    """R162: the request waits no longer, and the step is done."""
    order = Sheets(engine, NUMBER)
    asked_for(order)
    takes_off(engine, "475.28")
    assert asks(engine) == []
    shown = invoices_of(engine, NUMBER)
    assert shown.book.requests[0].withdrawn_at == LATER
    assert find_invoices(engine).waiting == []
    assert order.say("invoice_issued", invoice="F-1").code == "not_asked"


@pytest.mark.postgresql
def test_the_step_says_what_is_left_to_be_invoiced(engine: Engine) -> None:
    order = Sheets(engine, NUMBER)
    order.say("invoice_requested", fact="a", title="红枫", amount="400.00")
    order.say("invoice_requested", fact="b", title="红枫")
    asked = DeskStepKind.INVOICE_ASKED
    assert asks(engine) == [(asked, "400.00"), (asked, "75.28")]
    takes_off(engine, "50.00")
    assert asks(engine) == [(asked, "400.00"), (asked, "25.28")]
    takes_off(engine, "50.00", case=2)
    assert asks(engine) == [(asked, "375.28")], "the second request is for nothing any more"
    (step,) = open_desk_steps(engine, Role.FINANCE)
    assert "375.28" in step.zh
    assert "375.28" in step.en
    assert order.say("invoice_issued", invoice="F-1", amount="375.28").status is Status.ACCEPTED


@pytest.mark.postgresql
def test_a_request_for_all_of_it_grows_with_a_red_letter(engine: Engine) -> None:
    order = Sheets(engine, NUMBER)
    order.say("invoice_requested", fact="a", title="红枫", amount="400.00")
    order.say("invoice_issued", invoice="F-1")
    order.say("invoice_requested", fact="b", title="红枫")
    order.say("invoice_reversed", invoice="F-1", red_letter="H-1", reason="抬头错")
    assert asks(engine) == [(DeskStepKind.INVOICE_ASKED, "475.28")]


@pytest.mark.postgresql
def test_the_red_letters_step_says_what_is_still_owed(engine: Engine) -> None:
    """R163: a second credit adds to it, a red letter of a part takes from it."""
    order = Sheets(engine, NUMBER)
    asked_for(order)
    order.say("invoice_issued", invoice="F-1")
    owed = DeskStepKind.RED_LETTER_OWED
    takes_off(engine, "50.00")
    takes_off(engine, "27.00", case=2)
    assert asks(engine) == [(owed, "77.00")]
    order.say("invoice_reversed", invoice="F-1", red_letter="H-1", reason="减款", amount="30.00")
    assert asks(engine) == [(owed, "47.00")]
    (step,) = open_desk_steps(engine, Role.FINANCE)
    assert "amount=47.00" in step.command
    order.say("invoice_reversed", invoice="F-1", red_letter="H-2", reason="减款", amount="47.00")
    assert asks(engine) == []


@pytest.mark.postgresql
def test_taken_off_another_invoice_nothing_is_owed_any_more(engine: Engine) -> None:
    order = Sheets(engine, NUMBER)
    for number, amount in (("F-1", "200.00"), ("F-2", "275.28")):
        order.say("invoice_requested", fact=number, title="红枫", amount=amount)
        order.say("invoice_issued", invoice=number)
    takes_off(engine, "50.00")
    (step,) = open_desk_steps(engine, Role.FINANCE)
    assert (step.about["invoice"], step.about["amount"]) == ("F-2", "50.00")
    order.say("invoice_reversed", invoice="F-1", red_letter="H-1", reason="减款", amount="50.00")
    assert asks(engine) == []


@pytest.mark.postgresql
def test_what_a_person_closed_stays_closed(engine: Engine) -> None:
    order = Sheets(engine, NUMBER)
    order.say("invoice_requested", fact="a", title="红枫", amount="400.00")
    (step,) = open_desk_steps(engine, Role.FINANCE)
    resolve(engine, step.key, LATER, by="fang", resolution="另议")
    takes_off(engine, "100.00")
    assert asks(engine) == []


# --- told again ------------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_other_words_under_a_known_id_are_refused(engine: Engine) -> None:
    """R162: the second of two requests under one id is not lost with success."""
    order = Sheets(engine, NUMBER)
    assert order.say("invoice_requested", fact="x", title="红枫", amount="100.00").status is Status.ACCEPTED
    assert order.say("invoice_requested", fact="x", title="红枫", amount="100.00").status is Status.KNOWN
    other = order.say("invoice_requested", fact="x", title="红枫", amount="200.00")
    assert (other.status, other.code, other.where) == (Status.REFUSED, "fact_conflict", "fact_id")
    assert order.say("invoice_issued", fact="x", invoice="F-1").code == "fact_conflict"
    assert order.say("invoice_issued", fact="y", invoice="F-1").status is Status.ACCEPTED
    assert order.say("invoice_issued", fact="y", invoice="F-1").status is Status.KNOWN
    assert order.say("invoice_issued", fact="y", invoice="F-2").code == "fact_conflict"
    red: dict[str, Any] = {"invoice": "F-1", "reason": "错"}
    assert order.say("invoice_reversed", fact="z", red_letter="H-1", **red).status is Status.ACCEPTED
    assert order.say("invoice_reversed", fact="z", red_letter="H-1", **red).status is Status.KNOWN
    assert order.say("invoice_reversed", fact="z", red_letter="H-2", **red).code == "fact_conflict"
    assert [each[0] for each in figures(engine, NUMBER)] == ["F-1", "H-1"]


@pytest.mark.postgresql
@pytest.mark.parametrize(("days", "code"), [(1, "in_future"), (60_000, "in_future"), (-1, "contradiction")])
def test_after_the_end_an_invoice_is_dated_from_its_request_to_today(
    engine: Engine, days: int, code: str
) -> None:
    order = Sheets(engine, NUMBER)
    asked_for(order)
    day = LATER.date()
    wrong = order.say("invoice_issued", invoice="F-1", issued_on=str(day + timedelta(days=days)))
    assert (wrong.code, wrong.where) == (code, "content.issued_on")
    order.say("invoice_issued", invoice="F-1", issued_on=str(day))
    red: dict[str, Any] = {"invoice": "F-1", "red_letter": "H-1", "reason": "错"}
    wrong = order.say("invoice_reversed", **red, issued_on=str(day + timedelta(days=days)))
    assert (wrong.code, wrong.where) == (code, "content.issued_on")


# --- lists -----------------------------------------------------------------------------------------------------------


def several(engine: Engine, say: Callable[[Sheets], object]) -> list[Sheets]:
    """Three orders, of which the last came first."""
    orders = [Sheets(engine, f"20270301-000{number}") for number in (1, 2, 3)]
    for order in reversed(orders):
        say(order)
    return orders


@pytest.mark.postgresql
def test_more_than_a_list_shows_are_counted_and_the_oldest_stand_first(engine: Engine) -> None:
    orders = several(engine, asked_for)
    with writing(engine) as connection:
        requests = table("invoice_requests")
        for place, order in enumerate(orders):
            of_it = requests.c.order_number == order.number
            connection.execute(update(requests).where(of_it).values(at=LATER - timedelta(days=place)))
    found = find_invoices(engine, most=2)
    assert [each.order for each in found.waiting] == ["20270301-0003", "20270301-0002"]
    assert found.waiting_in_all == 3
    whole = find_invoices(engine)
    assert [each.order[-1] for each in whole.waiting] == ["3", "2", "1"]
    assert find_invoices(engine, salesperson="nobody").waiting_in_all == 0


@pytest.mark.postgresql
def test_red_letters_that_are_owed_longest_stand_first(engine: Engine) -> None:
    def invoiced(order: Sheets) -> None:
        asked_for(order)
        order.say("invoice_issued", invoice=f"F-{order.number}")
        back = RefundAsked(
            case=f"C{order.number}-1", round=0, order=order.number, quantity=NOTHING, unit_price=Decimal(0),
            amount=Decimal(50), is_paid=False, is_credited=True,
        )  # fmt: skip
        count_refund(engine, back, LATER - timedelta(hours=int(order.number[-1])))

    several(engine, invoiced)
    found = find_invoices(engine, most=2)
    assert [each.order for each in found.owed] == ["20270301-0003", "20270301-0002"]
    assert (found.owed_in_all, [each.amount for each in found.owed]) == (3, [Decimal("50.00")] * 2)
