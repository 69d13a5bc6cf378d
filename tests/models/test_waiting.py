"""For whom an order waits, by which rule, how long, and whether it stands still meanwhile: each step, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role
from tests.models.life import MONDAY, SIGNER, Life, heard, line

CLASS_A: dict[str, Any] = {"customer": {"customer_class": "A"}}
MIDNIGHT = MONDAY.replace(hour=0)


def days(number: int) -> timedelta:
    """To the end of the day so many days after the order, from its moment at nine."""
    return MIDNIGHT + timedelta(days=number + 1) - MONDAY


def hours(number: int) -> timedelta:
    """So many hours of the clock."""
    return timedelta(hours=number)


def contract(**terms: Any) -> dict[str, Any]:
    """A customer with a contract."""
    return {"contract": {"reference": "HT-1", "payment_terms": "deposit", "deposit_percent": "40", **terms}}


def small() -> Life:
    """Exactly 500 yuan."""
    return Life(lines=[line(1, quantity="100")]).verified()


def cleared(**more: Any) -> Life:
    """Paid and released."""
    return Life(**more).in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")


def with_notice() -> Life:
    """Released, and the notice is written."""
    return cleared().does(
        "document_supplied", role=Role.SERVICE_CLERK, document="shipping_notice", reference="FH-1"
    )


def collected() -> Life:
    """What is open is collected by the carrier."""
    life = Life().in_warehouse().paid("3100.00")
    return life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")


def recalled() -> Life:
    """Dead and back."""
    life = Life().arrived().later(days=16)
    return life.does("goods_returned", freight_out="1.00", freight_back="1.00")


def cash() -> Life:
    """The salesperson took the balance in cash."""
    life = Life().in_warehouse()
    return life.does(
        "payment_received", role=Role.SALESPERSON, amount="3500.00", reference="C-1", method="cash"
    )


def objected() -> Life:
    """One of the three parties says no."""
    life = Life().verified().sheet_out()
    heard(life.answer(Subject.THREE_PARTY, "object", role=Role.FINANCE, words="x"))
    return life


def on_account() -> Life:
    """Delivered to a class A customer who pays by contract, 45 days after delivery."""
    life = Life(
        customer={"customer_class": "A", **contract(payment_terms="on_account", account_days=45)},
        payment_terms="on_account",
    )
    life.verified().sheet_out().does("production_signed", version=1, clerk="service_clerk-1")
    return life.made().passed().sent().does("delivery_receipt", signed_by=SIGNER)


Case = tuple[str, Callable[[], Life], str, str, timedelta, bool]
CASES: list[Case] = [
    # intake: a day each
    ("details", lambda: Life(packing=""), "R12", "salesperson service_clerk", hours(24), True),
    ("read_back", lambda: Life(channel="phone"), "R18", "service_clerk", hours(24), True),
    (
        "decision:customer_data",
        lambda: Life(customer={"verified_by": ""}),
        "R17",
        "service_clerk salesperson",
        hours(24),
        True,
    ),
    ("decision:contract", lambda: Life(customer=contract()), "R15", "legal finance", hours(24), True),
    (
        "written_order",
        lambda: Life(channel="salesperson", in_writing=False),
        "R12",
        "salesperson",
        hours(72),
        False,
    ),
    # verification
    (
        "decision:price:1",
        lambda: Life(listed={"list_price": "4.50"}),
        "R20",
        "service_supervisor marketing_director",
        hours(24),
        True,
    ),
    ("decision:technical:1", Life, "R21", "technical", hours(24), True),
    (
        "decision:old_recipe:1",
        lambda: Life().decide(Subject.TECHNICAL, "not_producible"),
        "R22",
        "customer",
        hours(24),
        True,
    ),
    (
        "decision:production_date:1",
        lambda: Life().decide(Subject.TECHNICAL, "producible", material_note="足"),
        "R23",
        "production",
        hours(24),
        True,
    ),
    ("decision:approval", Life, "R28", "sales_supervisor", hours(24), True),
    (
        "rework_order",
        lambda: Life().decide(Subject.APPROVAL, "send_back", words="x"),
        "R28",
        "salesperson",
        hours(24),
        True,
    ),
    ("decision:ship_date", lambda: Life().verified(11), "R25", "sales_supervisor", hours(24), True),
    # confirmation
    ("decision:small_order", small, "R38", "salesperson", hours(24), True),
    ("send_sheet:1", lambda: Life().verified(), "R30", "service_clerk", hours(8), True),
    (
        "send_sheet:1",
        lambda: Life(policy={"sheet_route": "merchandiser_posts"}).verified(),
        "R30",
        "merchandiser",
        hours(8),
        True,
    ),
    (
        "sheet_legible:1",
        lambda: Life().verified().does("sheet_sent", version=1),
        "R30",
        "customer service_clerk",
        hours(24),
        False,
    ),
    ("sheet_back:1", lambda: Life().verified().sheet_out(), "R33", "customer salesperson", hours(24), True),
    (
        "verify_signature:pic",
        lambda: (
            Life()
            .verified()
            .sheet_out()
            .does("sheet_scanned", role=Role.SYSTEM, version=1, document="pic", content_hash="")
        ),
        "R31",
        "service_clerk",
        hours(24),
        False,
    ),
    (
        "sheet_owed:1",
        lambda: Life(**CLASS_A).verified().sheet_out(),
        "R32",
        "customer salesperson",
        hours(72),
        False,
    ),
    ("deposit", lambda: Life().verified().sheet_out(), "R33", "customer salesperson", hours(72), True),
    (
        "decision:three_party",
        lambda: Life().verified().sheet_out(),
        "R37",
        "salesperson material_controller finance",
        hours(24),
        True,
    ),
    (
        "exception:objection-1",
        objected,
        "R37",
        "salesperson",
        hours(24),
        True,
    ),
    (
        "confirm_payment:TX",
        lambda: Life().does("payment_received", role=Role.SYSTEM, amount="1.00", reference="TX"),
        "R53",
        "finance",
        hours(24),
        False,
    ),
    # production: due on the day production named, the fifth
    ("hand_over:1", lambda: Life().confirmed(), "R40", "production service_clerk", hours(24), True),
    ("produce:1", lambda: Life().in_production(), "R41", "production", days(5), True),
    (
        "checkpoint:1",
        lambda: Life(checkpoints=["首件"]).in_production(),
        "R46",
        "service_assistant",
        days(5),
        False,
    ),
    (
        "decision:emergency_plan",
        lambda: Life().in_production().does("production_exception", exception="P", reason="x"),
        "R42",
        "service_supervisor marketing_director",
        hours(4),
        False,
    ),
    (
        "exception:E",
        lambda: Life().does("exception_reported", exception="E", words="x", owner="li"),
        "R47",
        "service_clerk",
        hours(24),
        False,
    ),
    ("inspect:1/1/0", lambda: Life().in_production().made(), "R43", "quality service_clerk", hours(24), True),
    (
        "enter:1/1",
        lambda: (
            Life()
            .in_production()
            .made()
            .does("inspection_reported", passed="1000", checked_with="service_clerk-1")
        ),
        "R43",
        "quality warehouse",
        hours(24),
        True,
    ),
    (
        "recheck:1",
        lambda: (
            Life()
            .in_production()
            .made()
            .does("inspection_reported", to_rework="10", passed="990", checked_with="service_clerk-1")
        ),
        "R43",
        "production",
        hours(24),
        False,
    ),
    (
        "decision:tolerance:1",
        lambda: Life().in_production().made("900").passed("900"),
        "R45",
        "customer",
        hours(24),
        True,
    ),
    # money
    ("balance", lambda: Life().in_warehouse(), "R60", "customer salesperson", days(7), True),
    ("clear_cash:C-1", cash, "R35", "salesperson finance", hours(72), True),
    (
        "decision:balance_release",
        lambda: Life().in_warehouse(),
        "R61",
        "marketing_director",
        hours(24),
        True,
    ),
    ("decision:finance_release", lambda: Life().in_warehouse(), "R52", "finance", hours(24), True),
    # shipping
    ("shipping_notice:1", cleared, "R70", "service_clerk", hours(24), True),
    (
        "notice_owed:1",
        lambda: cleared().decide(Subject.EMERGENCY_SHIPMENT, "approve"),
        "R70",
        "service_clerk",
        hours(72),
        False,
    ),
    ("transport:1", cleared, "R64", "material_controller", hours(24), True),
    ("explain_agent", collected, "R62", "salesperson", hours(24), True),
    (
        "read_instructions_back:1",
        lambda: with_notice().does("transport_arranged", carrier="德邦物流", method="freight"),
        "R71",
        "shipper",
        hours(24),
        True,
    ),
    (
        "ship:1",
        lambda: (
            with_notice()
            .does("transport_arranged", carrier="德邦物流", method="freight")
            .does("shipping_read_back")
        ),
        "R72",
        "shipper",
        days(5),
        True,
    ),
    # on the way: without a date of the carrier a week
    ("notice_legible:1", lambda: Life().shipped(), "R72", "customer service_clerk", hours(72), False),
    ("arrival:1:2027-03-08", lambda: Life().shipped(), "R74", "logistics service_clerk", days(7), True),
    (
        "follow:1",
        lambda: cleared().sent(expected_arrival="2027-03-09", check_on="2027-03-04"),
        "R74",
        "service_clerk",
        days(3),
        False,
    ),
    ("collect:1", lambda: Life().arrived(), "R76", "customer salesperson", days(15), True),
    ("recall:1", lambda: Life().arrived().later(days=16), "R76", "logistics warehouse", hours(72), True),
    (
        "missing:1",
        lambda: (
            Life()
            .arrived()
            .later(days=16)
            .does(
                "goods_returned",
                items=[{"line": 1, "quantity": "990"}],
                freight_out="1.00",
                freight_back="1.00",
            )
        ),
        "R76",
        "material_controller logistics",
        hours(72),
        True,
    ),
    (
        "exception:refused-1",
        lambda: Life().shipped().does("arrived", condition="refused"),
        "R74",
        "service_supervisor service_clerk",
        hours(24),
        True,
    ),
    ("inspect_return:1", recalled, "R76", "quality service_clerk", hours(24), True),
    (
        "remittance:1",
        lambda: (
            collected()
            .does("contact_logged", channel="phone", topic="freight_agent", words="x")
            .sent()
            .does("delivery_receipt", signed_by=SIGNER)
        ),
        "R62",
        "finance logistics",
        hours(72),
        True,
    ),
    ("account_balance", on_account, "R54", "customer salesperson", days(45), True),
    (
        "decision:overpayment",
        lambda: Life().arrived().paid("1.00").does("delivery_receipt", signed_by=SIGNER),
        "R53",
        "finance",
        hours(24),
        True,
    ),
    # at any time
    (
        "resume",
        lambda: Life().does("hold_placed", reason="x"),
        "R47",
        "service_supervisor sales_supervisor",
        hours(72),
        True,
    ),
    (
        "decision:amendment",
        lambda: Life().in_production().does("amendment_requested", changes={"packing": "袋"}, reason="x"),
        "R83",
        "production",
        hours(24),
        True,
    ),
    (
        "decision:cancellation",
        lambda: Life().in_production().does("cancellation_requested", reason="x"),
        "R84",
        "sales_supervisor",
        hours(24),
        True,
    ),
    (
        "decision:deposit_settlement",
        lambda: Life().confirmed().does("cancellation_requested", reason="x"),
        "R84",
        "finance",
        hours(24),
        True,
    ),
    (
        "decision:hanging",
        lambda: Life(packing="").later(days=15),
        "R19",
        "sales_supervisor",
        hours(24),
        False,
    ),
]


@pytest.mark.parametrize(
    ("key", "life", "rule", "roles", "limit", "blocking"), CASES, ids=[c[0] for c in CASES]
)
def test_each_step_has_its_rule_its_people_and_its_limit(
    key: str, life: Callable[[], Life], rule: str, roles: str, limit: timedelta, blocking: bool
) -> None:
    """R13: limits are the company's; those of the shipped policy are meant here."""
    step = life().order.steps[key]
    assert [role.value for role in step.roles] == roles.split()
    assert (step.rule, step.blocking) == (rule, blocking)
    # A day of the calendar ends where it ends, whenever the step was opened; hours run from then.
    begins = MONDAY if limit.seconds == days(0).seconds else step.since
    assert step.due - begins == limit
    assert "…" not in step.words.en + step.words.zh
    staff = [role for role in step.roles if role not in (Role.CUSTOMER, Role.LOGISTICS)]
    assert set(step.people) >= {f"{role.value}-1" for role in staff}


def test_what_waits_says_what_it_is_about() -> None:
    """The words that a person reads on the card, filled in."""
    life = Life().in_production().made("400", finished=False)
    assert life.order.steps["produce:1"].words.en == "produce line 1, 600.000 roll to go"
    life.made("600")
    assert life.order.steps["inspect:1/1/0"].words.en == "inspect line 1 lot 1, 1000.000 roll"
    life = Life().verified().sheet_out().paid("500.00")
    assert life.order.steps["deposit"].words.zh == "定金到账 ¥1000.00"
    assert life.order.steps["sheet_back:1"].words.zh == "客户签回确认书第1版"
    assert Life().in_warehouse().order.steps["balance"].words.en == "balance of CNY 3500.00 to arrive"
    assert "(line 1)" in Life().order.steps["decision:technical:1"].words.en
    assert small().order.steps["decision:small_order"].values["outcomes"] == "prepaid/guaranteed/deposit"


@pytest.mark.parametrize(
    ("channel", "in_writing", "owed"),
    [("salesperson", False, True), ("salesperson", True, False), ("fax", False, False), ("fax", True, False)],
)
def test_only_word_of_mouth_through_the_salesperson_owes_the_written_order(
    channel: str, in_writing: bool, owed: bool
) -> None:
    """R12"""
    life = Life(channel=channel, in_writing=in_writing)
    assert ("written_order" in life.waiting) is owed
    life.does("document_supplied", document="written_order", reference="W-1")
    assert "written_order" not in life.waiting


def test_a_copy_that_is_illegible_is_not_received() -> None:
    """R30: neither sent nor received; the next one is."""
    life = Life().verified().sheet_out()
    life.does("sheet_received", version=1, legible=False, role=Role.CUSTOMER)
    sheet = life.order.sheets[0]
    assert (sheet.sent_at, sheet.received_at, sheet.last_sent_at) == (None, None, MONDAY)
    assert "send_sheet:1" in life.waiting
    life.sheet_out()
    assert (sheet.sent_at, sheet.received_at) == (MONDAY, MONDAY)


def test_the_condition_of_the_goods_is_the_last_that_was_told() -> None:
    """R74"""
    life = Life().shipped().does("transit_reported", condition="delayed")
    assert life.order.shipments[0].condition.value == "delayed"
    life.does("arrived", condition="damaged")
    assert life.order.shipments[0].condition.value == "damaged"
    life.does("delivery_receipt", signed_by=SIGNER, condition="good")
    assert life.order.shipments[0].condition.value == "good"
