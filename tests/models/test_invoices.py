"""Bills, credit notes, invoices and red letters (R162 to R164)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.invoices.billed import less_credited, total
from models.invoices.tax import taken_back, taxed
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.money.bill_account import billed_by_line
from models.order.projection import rows_of
from models.values.vocabulary import Ending, Role
from tests.models.life import Life, line

THIRTEEN = Decimal(13)
ASKED: dict[str, Any] = {
    "title": "红枫包装有限公司",
    "tax_number": "91440300MA5D12345X",
    "invoice_kind": "special",
}


def of_sheets(**changes: Any) -> Life:
    """12,345 sheets at 0.0385: 475.28, on account, so that all is billed before it is paid."""
    sheets = line(1, quantity="12345", unit="sheet", unit_price="0.0385")
    return Life(lines=[sheets], payment_terms="prepaid", **changes)


def sheets_sent(**changes: Any) -> Life:
    """All made, paid and gone."""
    life = of_sheets(**changes)
    life.verified().sheet_out().signed()
    life.decide(Subject.SMALL_ORDER, "prepaid", assessment="老客户")
    life.paid("475.28", purpose="whole").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1").made("12345").passed("12345")
    life.decide(Subject.FINANCE_RELEASE, "release")
    return life.sent()


def figures(life: Life) -> list[tuple[str, str, str, str]]:
    """Each invoice with amount, net and tax."""
    return [
        (each.number, str(each.amount), str(each.net), str(each.tax)) for each in life.order.invoices.invoices
    ]


# --- tax -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "percent", "net", "tax"),
    [
        ("475.28", "13", "420.60", "54.68"),
        ("3000.00", "6", "2830.19", "169.81"),
        ("0.01", "13", "0.01", "0.00"),
        ("113.00", "13", "100.00", "13.00"),
        ("5.01", "0", "5.01", "0.00"),
    ],
)
def test_the_net_is_rounded_and_the_tax_is_the_rest(amount: str, percent: str, net: str, tax: str) -> None:
    said = taxed(1, Decimal(amount), Decimal(percent))
    assert (said.net, said.tax) == (Decimal(net), Decimal(tax))


def test_a_red_letter_is_net_before_less_net_after() -> None:
    red = taken_back(1, Decimal("475.28"), Decimal("77.00"), THIRTEEN)
    assert (red.amount, red.net, red.tax) == (Decimal("-77.00"), Decimal("-68.14"), Decimal("-8.86"))


def test_red_letters_in_parts_come_to_all_of_the_invoice() -> None:
    first = taken_back(1, Decimal("475.28"), Decimal("77.00"), THIRTEEN)
    second = taken_back(1, Decimal("398.28"), Decimal("398.28"), THIRTEEN)
    whole = taxed(1, Decimal("475.28"), THIRTEEN)
    assert (first.net + second.net, first.tax + second.tax) == (-whole.net, -whole.tax)


# --- asked for and issued --------------------------------------------------------------------------------------------


def test_an_invoice_is_asked_for_and_issued() -> None:
    life = sheets_sent().does("invoice_requested", role=Role.CUSTOMER, **ASKED)
    step = life.order.steps["issue_invoice:1"]
    assert (step.roles, step.rule, step.values["amount"]) == ((Role.FINANCE,), "R162", "475.28")
    assert step.command(life.order.number).endswith("invoice_issued --set request=1 --set invoice=…")
    life.does("invoice_issued", invoice="24442000000012345678", request=1)
    assert figures(life) == [("24442000000012345678", "475.28", "420.60", "54.68")]
    assert "issue_invoice:1" not in life.order.steps
    entry = life.entries(EntryKind.INVOICED)[0]
    assert (entry.subject, entry.rule, entry.data["net"], entry.data["tax"]) == (
        "24442000000012345678", "R162", "420.60", "54.68",
    )  # fmt: skip
    assert life.papers("invoice_asked") == ["an invoice is asked for: 红枫包装有限公司 (special VAT invoice)"]
    assert life.papers("invoice_issued") == [
        "invoice 24442000000012345678 is issued: CNY 475.28 (of it tax CNY 54.68)"
    ]


def test_before_a_bill_is_made_a_request_waits() -> None:
    life = Life().confirmed()
    assert life.tell("invoice_requested", role=Role.CUSTOMER, **ASKED).status is Status.KEPT_EARLY
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert life.order.steps["issue_invoice:1"].values["amount"] == "5000.00"


def test_the_order_does_not_end_before_the_invoice_is_issued() -> None:
    life = sheets_sent().does("invoice_requested", role=Role.SALESPERSON, **ASKED)
    life.does("arrived", place="深圳").does("delivery_receipt", signed_by="王芳")
    assert life.order.ending is None
    assert life.order.open_balance == 0
    assert life.waiting == {"issue_invoice:1"}
    assert life.does("invoice_issued", invoice="F-1").order.ending is Ending.SETTLED


def refused(life: Life, kind: str, **content: Any) -> tuple[str, str]:
    """Code and place of what is refused; nothing of the order is another then."""
    before = life.order.model_dump(exclude={"unsaved", "unsent", "sequence", "head"})
    reply = life.tell(kind, **content)
    assert reply.status is Status.REFUSED, reply
    assert life.order.model_dump(exclude={"unsaved", "unsent", "sequence", "head"}) == before
    return reply.code, reply.where


def test_no_more_is_invoiced_than_is_billed() -> None:
    life = sheets_sent()
    assert refused(life, "invoice_requested", **ASKED, amount="475.29") == ("above_billed", "content.amount")
    life.does("invoice_requested", **ASKED, amount="400.00")
    assert refused(life, "invoice_requested", **ASKED, amount="75.29") == ("above_billed", "content.amount")
    life.does("invoice_requested", **ASKED)
    assert refused(life, "invoice_requested", **ASKED) == ("above_billed", "content.amount")
    assert [life.order.steps[f"issue_invoice:{n}"].values["amount"] for n in (1, 2)] == ["400.00", "75.28"]
    assert refused(life, "invoice_issued", invoice="F-1", request=1, amount="475.28") == (
        "above_billed", "content.amount",
    )  # fmt: skip
    assert refused(life, "invoice_issued", invoice="F-1", request=1, amount="1.00")[0] == "contradiction"
    life.does("invoice_issued", invoice="F-2", request=2).does("invoice_issued", invoice="F-1", request=1)
    assert [each[:2] for each in figures(life)] == [("F-2", "75.28"), ("F-1", "400.00")]


def test_a_number_is_used_once_however_it_is_written() -> None:
    life = (
        sheets_sent().does("invoice_requested", **ASKED, amount="100.00").does("invoice_requested", **ASKED)
    )
    life.does("invoice_issued", invoice="F-1")
    for number in ("F-1", "f-1", "Ｆ-1"):
        assert refused(life, "invoice_issued", invoice=number) == ("invoice_number_used", "content.invoice")
    assert refused(life, "invoice_reversed", invoice="F-1", red_letter="f-1", reason="错") == (
        "invoice_number_used", "content.red_letter",
    )  # fmt: skip


def test_a_number_that_another_order_has_is_used() -> None:
    life = sheets_sent().does("invoice_requested", **ASKED)
    life.order.ledger.claimed_elsewhere.add("invoice:f-1")
    assert refused(life, "invoice_issued", invoice="F-1") == ("invoice_number_used", "content.invoice")


@pytest.mark.parametrize("number", ["123", "9144030OMA5D12345X", "91440300MA5D1234-", "税号91440300MA5D1234"])
def test_a_tax_number_that_is_none(number: str) -> None:
    life = sheets_sent()
    assert refused(life, "invoice_requested", title="红枫", tax_number=number) == (
        "bad_tax_number", "content.tax_number",
    )  # fmt: skip


def test_a_tax_number_may_be_written_with_blanks() -> None:
    life = sheets_sent().does("invoice_requested", title="红枫", tax_number="9144 0300 ma5d 1234 5x")
    assert life.order.invoices.requests[0].tax_number == "91440300MA5D12345X"


def test_a_special_invoice_names_the_tax_number_and_a_plain_one_need_not() -> None:
    life = sheets_sent()
    assert refused(life, "invoice_requested", title="红枫", invoice_kind="special") == (
        "missing_field", "content.tax_number",
    )  # fmt: skip
    life.does("invoice_requested", title="王芳")


def test_nothing_is_issued_that_nobody_asked_for() -> None:
    assert refused(sheets_sent(), "invoice_issued", invoice="F-1") == ("not_asked", "content.request")


# --- credit notes ----------------------------------------------------------------------------------------------------


def short(life: Life, received: str = "10345") -> Life:
    """So many arrive; the others are taken off the bill."""
    life.does("arrived", place="深圳")
    items = [{"line": 1, "quantity": received}]
    return life.does("delivery_receipt", signed_by="王芳", condition="short", items=items)


def test_a_short_delivery_is_a_credit_note() -> None:
    life = short(sheets_sent())
    note = life.order.account.credit_notes[0]
    assert (note.number, note.amount, note.ground) == ("CN-20270301-0001-1", Decimal("77.00"), "goods")
    assert (note.bill_before, note.bill_after, life.order.bill) == (
        Decimal("475.28"), Decimal("398.28"), Decimal("398.28"),
    )  # fmt: skip
    entry = life.entries(EntryKind.CREDIT_NOTE)[0]
    assert (entry.rule, entry.data["amount"], entry.data["bill_before"], entry.data["bill_after"]) == (
        "R164", "77.00", "475.28", "398.28",
    )  # fmt: skip
    assert life.papers("credit_note") == [
        "credit note CN-20270301-0001-1: CNY 77.00 less are billed (goods short, damaged, returned or written off)"
    ]


def test_an_amendment_that_lowers_the_bill_is_a_credit_note() -> None:
    life = Life().in_warehouse()
    assert life.order.account.billed == Decimal("5000.00"), "the balance notice made a bill"
    changes = {"lines": [{"line": 1, "unit_price": "4.80"}]}
    life.does("amendment_requested", changes=changes, reason="年度返点")
    life.decide(Subject.AMENDMENT, "approve")
    note = life.order.account.credit_notes[0]
    assert (note.amount, note.ground, life.order.bill) == (Decimal("200.00"), "amended", Decimal("4800.00"))


def test_before_a_bill_is_made_less_is_no_credit_note() -> None:
    life = Life().confirmed()
    life.does("amendment_requested", changes={"lines": [{"line": 1, "unit_price": "4.80"}]}, reason="返点")
    assert not life.order.account.credit_notes
    assert not life.order.account.billed


def test_bills_less_credit_notes_are_the_bill() -> None:
    life = short(sheets_sent())
    account = life.order.account
    assert account.billed - account.credited == life.order.bill == Decimal("398.28")


# --- red letters -----------------------------------------------------------------------------------------------------


def invoiced_and_short() -> Life:
    """475.28 invoiced, then 2,000 of 12,345 sheets do not arrive."""
    life = sheets_sent().does("invoice_requested", **ASKED).does("invoice_issued", invoice="F-1")
    return short(life)


def test_less_billed_than_invoiced_asks_for_a_red_letter() -> None:
    life = invoiced_and_short()
    step = next(step for key, step in life.order.steps.items() if key.startswith("red_letter:"))
    assert (step.roles, step.rule, step.values) == (
        (Role.FINANCE,), "R163", {"invoice": "F-1", "amount": "77.00"},
    )  # fmt: skip
    life.does("invoice_reversed", invoice="F-1", red_letter="H-1", reason="少收 2000 张")
    assert figures(life) == [
        ("F-1", "475.28", "420.60", "54.68"),
        ("H-1", "-77.00", "-68.14", "-8.86"),
    ]
    assert not [key for key in life.order.steps if key.startswith("red_letter:")]
    assert life.entries(EntryKind.INVOICED)[1].data["reverses"] == "F-1"
    assert life.papers("red_letter") == [
        "red-letter invoice H-1 takes back invoice F-1: CNY -77.00 (少收 2000 张)"
    ]


def test_a_red_letter_takes_back_no_more_than_remains() -> None:
    life = invoiced_and_short()
    more: dict[str, Any] = {"invoice": "F-1", "reason": "抬头错"}
    assert refused(life, "invoice_reversed", **more, red_letter="H-1", amount="475.29") == (
        "above_invoiced", "content.amount",
    )  # fmt: skip
    life.does("invoice_reversed", **more, red_letter="H-1", amount="475.00")
    assert refused(life, "invoice_reversed", **more, red_letter="H-2", amount="0.29")[0] == "above_invoiced"
    life.does("invoice_reversed", **more, red_letter="H-2")
    assert refused(life, "invoice_reversed", **more, red_letter="H-3")[0] == "above_invoiced"
    assert sum(each.net for each in life.order.invoices.invoices) == 0
    assert sum(each.tax for each in life.order.invoices.invoices) == 0


def test_what_is_no_invoice_is_not_taken_back() -> None:
    life = invoiced_and_short().does("invoice_reversed", invoice="F-1", red_letter="H-1", reason="少收")
    for number in ("F-2", "H-1"):
        assert refused(life, "invoice_reversed", invoice=number, red_letter="H-9", reason="错") == (
            "not_asked", "content.invoice",
        )  # fmt: skip


def test_after_a_red_letter_for_a_wrong_name_it_is_invoiced_anew() -> None:
    life = sheets_sent().does("invoice_requested", **ASKED).does("invoice_issued", invoice="F-1")
    life.does("invoice_reversed", invoice="F-1", red_letter="H-1", reason="抬头错")
    life.does("invoice_requested", **{**ASKED, "title": "红枫包装深圳分公司"})
    life.does("invoice_issued", invoice="F-2")
    assert figures(life)[-1] == ("F-2", "475.28", "420.60", "54.68")


def test_a_request_of_which_nothing_is_billed_any_more_waits_no_longer() -> None:
    life = sheets_sent().does("invoice_requested", **ASKED)
    life.does("transit_reported", condition="lost")
    key = next(iter(life.order.goods_troubles))
    life.does(
        "exception_resolved",
        role=Role.SERVICE_SUPERVISOR,
        exception=key,
        resolution="不再补",
        outcome="credit",
    )
    assert not life.order.invoices.waiting
    assert life.order.invoices.requests[0].withdrawn_at is not None


# --- after-sales -----------------------------------------------------------------------------------------------------


def received(life: Life) -> Life:
    """The carrier says that the customer has the goods."""
    life.does("arrived", place="深圳")
    return life.does("delivery_receipt", role=Role.LOGISTICS, signed_by="王芳")


def test_a_case_takes_off_the_bill_of_an_order_that_goes_on() -> None:
    life = received(sheets_sent()).does("invoice_requested", **ASKED).does("invoice_issued", invoice="F-1")
    said: dict[str, Any] = {"case": "C20270301-0001-1", "credit_note": "CN-C20270301-0001-1-1", "line": 1}
    life.does("credit_noted", **said, value="77.00", paid_back="77.00")
    assert (life.order.bill, life.order.open_balance) == (Decimal("398.28"), Decimal("0.00"))
    assert billed_by_line(life.order) == {1: Decimal("398.28")}
    assert [key for key in life.order.steps if key.startswith("red_letter:F-1")]
    again = life.tell("credit_noted", **said, value="77.00", paid_back="77.00")
    assert again.status is Status.KNOWN
    assert not life.papers("credit_note"), "the case has the paper"


def test_what_was_not_paid_is_owed_less() -> None:
    life = received(sheets_sent())
    before = life.order.open_balance
    life.does("credit_noted", case="C1", credit_note="CN-C1-1", line=1, value="77.00", paid_back="0.00")
    assert life.order.open_balance == before - Decimal("77.00")


def test_no_case_credits_goods_that_nobody_has() -> None:
    said: dict[str, Any] = {"case": "C1", "credit_note": "CN-C1-1", "line": 1, "paid_back": "0.00"}
    assert refused(sheets_sent(), "credit_noted", **said, value="77.00") == ("contradiction", "content.value")
    assert refused(received(sheets_sent()), "credit_noted", **said, value="475.29")[0] == "contradiction"


def test_an_order_of_before_is_invoiced_and_has_no_credit_notes() -> None:
    """R164 binds orders that began with it; what was asked to be invoiced is kept by line, for after the end."""
    life = sheets_sent(edition=2)
    assert not [row for row in rows_of(life.order) if row.table == "billed_lines"]
    life.does("invoice_requested", **ASKED).does("invoice_issued", invoice="F-1")
    assert figures(life) == [("F-1", "475.28", "420.60", "54.68")]
    (row,) = [row for row in rows_of(life.order) if row.table == "billed_lines"]
    assert (row.key["line"], row.values["amount"]) == (1, "475.28")
    short(life)
    assert not life.order.account.credit_notes
    assert [key for key in life.order.steps if key.startswith("red_letter:F-1")]


@pytest.mark.parametrize(
    ("amounts", "credited", "left"),
    [
        ({1: "475.28"}, {0: "50.00"}, {1: "425.28"}),
        ({1: "475.28"}, {1: "50.00"}, {1: "425.28"}),
        ({1: "500.00", 2: "300.00"}, {1: "600.00"}, {1: "0.00", 2: "200.00"}),
        ({1: "500.00", 2: "300.00"}, {2: "400.00"}, {1: "400.00", 2: "0.00"}),
        ({1: "30.00", 2: "40.00", 3: "50.00"}, {0: "60.00", 2: "45.00"}, {1: "0.00", 2: "0.00", 3: "15.00"}),
        ({1: "30.00"}, {7: "10.00"}, {1: "20.00"}),
        ({0: "475.28"}, {1: "50.00"}, {0: "425.28"}),
        ({1: "10.00", 2: "5.00"}, {0: "20.00"}, {1: "0.00", 2: "0.00"}),
        ({}, {0: "20.00"}, {}),
        ({1: "10.00"}, {}, {1: "10.00"}),
    ],
)
def test_a_credit_of_no_line_or_above_its_line_is_taken_from_the_others(
    amounts: dict[int, str], credited: dict[int, str], left: dict[int, str]
) -> None:
    found = less_credited(decimals(amounts), decimals(credited))
    assert found == decimals(left)
    together = total(decimals(amounts)) - total(decimals(credited))
    assert total(found) == max(together, Decimal(0))


def decimals(amounts: dict[int, str]) -> dict[int, Decimal]:
    return {line: Decimal(amount) for line, amount in amounts.items()}


COMPLAINT: dict[str, Any] = {"case": "C1", "credit_note": "CN-C1-1", "value": "50.00", "paid_back": "0.00"}


def test_a_complaint_without_a_line_leaves_less_to_be_invoiced() -> None:
    """R162: of 475.28 on one line 425.28 may be invoiced once 50.00 were credited."""
    life = received(sheets_sent()).does("credit_noted", **COMPLAINT)
    assert billed_by_line(life.order) == {1: Decimal("425.28")}
    assert refused(life, "invoice_requested", **ASKED, amount="425.29")[0] == "above_billed"
    life.does("invoice_requested", **ASKED)
    assert life.order.steps["issue_invoice:1"].values["amount"] == "425.28"
    life.does("invoice_issued", invoice="F-1", amount="425.28")
    assert not life.order.invoices.beyond_the_bill(billed_by_line(life.order))


def test_a_complaint_without_a_line_after_the_invoice_asks_for_a_red_letter() -> None:
    life = received(sheets_sent()).does("invoice_requested", **ASKED).does("invoice_issued", invoice="F-1")
    life.does("credit_noted", **COMPLAINT)
    (step,) = (step for key, step in life.order.steps.items() if key.startswith("red_letter:F-1"))
    assert step.values == {"invoice": "F-1", "amount": "50.00"}
    life.does("invoice_reversed", invoice="F-1", red_letter="H-1", reason="投诉减款")
    assert figures(life)[1][1] == "-50.00"
    assert not [key for key in life.order.steps if key.startswith("red_letter:")]
