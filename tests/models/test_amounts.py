"""Unit prices finer than a fen wherever they are said, and the most that a living order may come to (R20)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.documents.sheet_changes import changes_between
from models.dossier.papers_due import Paper
from models.forms.fact_words import said_in_words
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.order import Order
from models.values.vocabulary import Role, Unit
from tests.models.life import MONDAY, Life, line, refused
from workflows.phases.verification import price_differences

SHEETS: dict[str, Any] = {"unit": "sheet", "quantity": "12345", "unit_price": "0.0385"}
BIG = "9999999999.99"
FIELD = "content.changes.lines.0"


def sheets(**changes: Any) -> Life:
    """12,345 sheets at 0.0385."""
    return Life(lines=[line(1, **SHEETS)], **changes)


def small(life: Life, deposit: str = "142.58") -> Life:
    """Confirmed, although it is a small order (R38): a deposit as usual."""
    life.verified().decide(Subject.SMALL_ORDER, "deposit", assessment="老客户").sheet_out().signed().paid(
        deposit
    )
    return life.decide(Subject.THREE_PARTY, "confirm")


def printed(life: Life, paper: Paper) -> dict[str, Any]:
    """The newest paper of a kind, as it is printed."""
    return [each.content for each in life.order.unsent if each.paper is paper and each.content][-1]


# --- six decimals wherever a price goes ---------------------------------------------------------------------------


def test_a_price_finer_than_a_fen_stands_on_every_paper_as_it_is() -> None:
    """R20: no 0.0385 is printed as 0.04, and the amount is rounded once."""
    life = sheets()
    assert life.order.total == Decimal("475.28")
    small(life).does("production_signed", version=1, clerk="service_clerk-1")
    life.made("12345").passed("12345")
    for paper in (Paper.RECEIPT, Paper.SHEET, Paper.INSTRUCTION, Paper.FINISHED, Paper.BALANCE):
        content = printed(life, paper)
        told = (content.get("lines") or content["labels"])[0]
        assert (told["unit_price"], told["amount"]) == ("0.0385", "475.28"), paper
    assert life.order.bill == Decimal("475.28")


def test_a_settled_price_may_be_finer_than_a_fen() -> None:
    """R20: settled at 0.038512, asked at 0.04."""
    life = Life(lines=[line(1, **{**SHEETS, "unit_price": "0.04"})], listed={"list_price": "0.0385"})
    assert life.papers("price_difference") == ["line 1: price 0.04 differs from 0.0385"]
    life.decide(Subject.PRICE, "settled", unit_price="0.038512")
    assert (str(life.order.request.lines[0].unit_price), life.order.total) == ("0.038512", Decimal("475.43"))
    assert "decision:price:1" not in life.waiting


@pytest.mark.parametrize("price", ["0.0385125", "0.0000001"])
def test_a_seventh_decimal_is_refused_wherever_a_price_comes_in(price: str) -> None:
    """R20: in a settlement, a completed line, an amendment; the field is named."""
    life = Life(listed={"list_price": "4.80"})
    for said in (
        life.answer(Subject.PRICE, "settled", unit_price=price),
        life.tell("details_completed", changes={"lines": [{"line": 1, "unit_price": price}]}),
        life.tell("amendment_requested", reason="x", changes={"lines": [{"line": 1, "unit_price": price}]}),
    ):
        assert "six decimals" in refused(said, "bad_money").en
        assert said.where.endswith("unit_price")


def test_an_amendment_changes_the_price_to_one_finer_than_a_fen() -> None:
    """R83: and what changed on the sheet is written out."""
    life = sheets().verified().decide(Subject.SMALL_ORDER, "deposit", assessment="老客户")
    life.does("amendment_requested", reason="降价", changes={"lines": [{"line": 1, "unit_price": "0.0379"}]})
    life.decide(Subject.PRICE, "settled", unit_price="0.0379").decide(Subject.APPROVAL, "approve")
    life.decide(Subject.SMALL_ORDER, "deposit", assessment="老客户")
    old, new = (sheet.content for sheet in life.order.sheets)
    assert {"zh": "0.0379", "en": "0.0379"} in [each["after"] for each in changes_between(old, new)]
    assert life.order.total == Decimal("467.88")


def test_a_price_is_compared_in_the_unit_of_the_line() -> None:
    """R20: a ream of 500 sheets at 19.25 is 0.0385 a sheet, not 0.04."""
    life = sheets(listed={"unit": "ream", "list_price": "19.25"})
    asked, reference = life.order.request.lines[0], life.order.reference_of(1)
    assert price_differences(asked, reference) == []
    dearer = asked.model_copy(update={"unit_price": Decimal("0.04")})
    assert price_differences(dearer, reference) == ["0.0385"]
    by_ream = asked.model_copy(update={"unit": Unit.REAM, "unit_price": Decimal("19.25")})
    assert price_differences(by_ream, reference) == []


@pytest.mark.parametrize("price", ["0.0385", "12.50", "0.125", "1234.567891"])
def test_a_price_is_told_in_words_as_it_was_said(price: str) -> None:
    changes = {"lines": [{"line": 1, "unit_price": price, "quantity": "1200.500"}]}
    told = said_in_words("amendment_requested", {"changes": changes, "reason": "x"})
    assert f"unit price={price}" in told.en
    assert "1,200.5" in told.en


# --- the most that comes in ---------------------------------------------------------------------------------------


def changed(life: Life, kind: str, **fields: Any) -> Any:
    """A change of line 1 by a fact of this kind."""
    reason: dict[str, Any] = {"reason": "x"} if kind == "amendment_requested" else {}
    return life.tell(kind, changes={"lines": [{"line": 1, **fields}]}, **reason)


@pytest.mark.parametrize("kind", ["amendment_requested", "details_completed"])
def test_a_change_that_makes_a_line_too_much_is_refused_at_its_field(kind: str) -> None:
    """R20: a telephone number typed into the quantity; nothing of it is taken."""
    life = Life(lines=[line(1, unit_price="80.00")], listed={"list_price": "80.00"})
    assert refused(changed(life, kind, quantity="755550102"), "bad_money").where == f"{FIELD}.quantity"
    assert refused(changed(life, kind, unit_price="10000000"), "bad_money").where == f"{FIELD}.unit_price"
    both = changed(life, kind, quantity="999999999.999", unit_price=BIG)
    assert refused(both, "bad_money").where == f"{FIELD}.quantity"
    assert life.order.total == Decimal("80000.00")
    assert changed(life, kind, unit_price="9999999.99").status is Status.ACCEPTED
    assert life.order.total == Decimal("9999999990.00")


def test_lines_that_are_each_an_amount_may_not_be_too_much_together() -> None:
    """R20: to the fen."""
    life = Life(lines=[line(1, quantity="1", unit_price="1.00"), line(2, quantity="1", unit_price="1.00")])
    most = changed(life, "amendment_requested", unit_price=BIG)
    assert refused(most, "bad_money").where == "content.changes.lines"
    life.does(
        "amendment_requested", reason="x", changes={"lines": [{"line": 1, "unit_price": "9999999998.99"}]}
    )
    assert life.order.total == Decimal(BIG)


def test_a_settled_price_that_makes_too_much_is_refused_and_asked_for_still() -> None:
    """R20: 1,000 at 9,999,999.99 is an amount, at 10,000,000.00 it is none any more."""
    life = Life(listed={"list_price": "4.80"})
    for price in ("10000000.00", BIG):
        said = life.answer(Subject.PRICE, "settled", unit_price=price)
        assert refused(said, "bad_money").where == "content.detail.unit_price"
    assert "decision:price:1" in life.waiting
    life.decide(Subject.PRICE, "settled", unit_price="9999999.99")
    assert life.order.total == Decimal("9999999990.00")


def test_a_settled_price_may_not_make_the_lines_too_much_together() -> None:
    """R20: line by line it is an amount, and the order is none any more; to the fen."""
    lines = [line(number, quantity="1", unit_price="1.00") for number in (1, 2)]
    life = Life(lines=lines, listed={"list_price": "4.80"})
    said = life.answer(Subject.PRICE, "settled", line=1, unit_price=BIG)
    assert refused(said, "bad_money").where == "content.detail.unit_price"
    life.decide(Subject.PRICE, "settled", line=1, unit_price="9999999998.99")
    assert life.order.total == Decimal(BIG)


def test_an_amendment_that_production_agrees_to_is_looked_at_again() -> None:
    """R83: it was an amount when it was asked for, and is none any more when it is agreed."""
    life = Life(lines=[line(1), line(2, unit_price="6.00")]).in_production("3300.00")
    life.does("amendment_requested", reason="x", changes={"lines": [{"line": 1, "unit_price": "9999990.00"}]})
    life.order.request = life.order.request.model_copy(
        update={"lines": (life.order.request.lines[0], life.order.request.lines[1].model_copy(update={"unit_price": Decimal("11.00")}))}
    )  # fmt: skip
    assert refused(life.answer(Subject.AMENDMENT, "approve"), "bad_money").where == "content.outcome.lines"
    assert "decision:amendment" in life.waiting


def test_more_is_not_made_than_can_be_billed() -> None:
    """R41, R45: what passes is billed; the report that cannot be meant is refused, the next one is taken."""
    life = Life(lines=[line(1, quantity="100", unit_price="90000000.00")]).in_production("2700000000.00")
    said = life.tell("production_reported", made="755550102")
    assert refused(said, "bad_quantity").where == "content.made"
    assert refused(life.tell("production_reported", made="112"), "bad_quantity").where == "content.made"
    life.made("60", finished=False)
    refused(life.tell("production_reported", made="52"), "bad_quantity")
    life.made("51").passed("111")
    assert life.order.bill == Decimal("9990000000.00")


@pytest.mark.parametrize("field", ["made", "scrap"])
def test_reports_add_up_to_a_quantity_at_most(field: str) -> None:
    life = small(Life(lines=[line(1, unit_price="0.00001")]), "0.01")
    life.does("production_signed", version=1, clerk="service_clerk-1")
    most: dict[str, Any] = {field: "999999999.999"}
    more: dict[str, Any] = {field: "0.001"}
    said = life.does("production_reported", **most).tell("production_reported", lot="2", **more)
    assert refused(said, "bad_quantity").where == f"content.{field}"


def test_what_was_made_counts_when_the_price_is_changed() -> None:
    """R45: the bill is of what was made, also where that is more than was ordered."""
    life = Life(lines=[line(1, quantity="200")]).in_production("300.00").made("1000", finished=False)
    said = changed(life, "amendment_requested", unit_price="10000000.00")
    assert refused(said, "bad_money").where == f"{FIELD}.unit_price"


def test_payments_come_to_an_amount_at_most() -> None:
    """R53: two of the largest are refused the second time, a bounced one makes room again."""
    life = Life().verified().sheet_out().signed().paid(BIG, "TX-1")
    said = life.tell("payment_received", role=Role.FINANCE, amount="0.01", reference="TX-2")
    assert refused(said, "bad_money").where == "content.amount"
    assert life.order.ledger.paid == Decimal(BIG)
    life.does("payment_bounced", reference="TX-1").paid(BIG, "TX-3")
    assert life.order.ledger.paid == Decimal(BIG)


def test_collected_money_comes_to_an_amount_at_most() -> None:
    """R62"""
    life = Life().in_warehouse().decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
    life.decide(Subject.BALANCE_RELEASE, "carrier_collects").sent()
    said = life.tell("collection_remitted", amount=BIG, reference="DB-9")
    assert refused(said, "bad_money").where == "content.amount"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"deposit_percent": "33.33333"}, "content.changes.deposit_percent"),
     ({"lines": [{"line": 1, "tolerance_percent": "2.00001"}]}, f"{FIELD}.tolerance_percent")],
)  # fmt: skip
def test_a_percentage_has_four_decimals_at_most(change: dict[str, Any], field: str) -> None:
    """R33, R45"""
    said = Life().tell("amendment_requested", changes=change, reason="x")
    assert refused(said, "malformed").where == field
    assert "at most 4 decimals" in said.en or "more than 4 decimals" in said.en


# --- what is there is read as it stands ---------------------------------------------------------------------------


def test_an_order_that_came_to_more_before_lives_on_and_can_be_put_right() -> None:
    """R20: limits are asked where something comes in; what was taken in once is read, confirmed and made smaller."""
    life = Life(lines=[line(1, quantity="755550102", unit_price="80.00"), line(2)], placed=MONDAY)
    life.verified().sheet_out().signed()
    assert life.order.sheets[-1].total == Decimal("60444013160.00")
    again = Order.model_validate_json(life.order.model_dump_json())
    assert again == life.order
    life.does("amendment_requested", reason="x", changes={"lines": [{"line": 2, "quantity": "900"}]})
    refused(changed(life, "amendment_requested", unit_price="81.00"), "bad_money")
    life.does("amendment_requested", reason="x", changes={"lines": [{"line": 1, "quantity": "100"}]})
    assert life.order.total == Decimal("12500.00")


def test_whatever_an_order_carries_is_read_back() -> None:
    """R20: amounts and quantities beyond any limit, as an older program may have left them."""
    life = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent()
    order = life.order.model_copy(deep=True)
    huge = Decimal("123456789012345.67")
    order.ledger.payments[0].amount = order.ledger.refunded = huge
    order.releases[0].balance = order.shipments[0].to_collect = order.shipments[0].freight_back = huge
    order.lots["1/1"].made = order.shipments[0].quantities[1] = Decimal("123456789012.345")
    assert Order.model_validate_json(order.model_dump_json()) == order


def test_what_was_made_of_the_other_lines_counts_as_well() -> None:
    """R45: 900 at 10,000,000.00 are made; the other line has room for 999,999,999.99 and no more."""
    big = line(1, quantity="100", unit_price="10000000.00")
    life = Life(lines=[big, line(2, quantity="1", unit_price="5.00")]).in_production("300000001.50")
    life.made("900", finished=False)
    for price, taken in (("1000000000.00", False), ("999999999.99", True)):
        said = life.tell(
            "amendment_requested", reason="x", changes={"lines": [{"line": 2, "unit_price": price}]}
        )
        assert (said.status is Status.ACCEPTED, said.code == "bad_money") == (taken, not taken)
