"""Deciding cards: every step and subject has its facts and its sentence, and what they tell of an order (R12 to R84)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from models.dossier.open_steps import COMMANDS
from models.dossier.step_kinds import StepKind
from models.dossier.step_moves import Move, move_in
from models.forms.cards import facts_of_orders as of
from models.forms.cards.card import MOST_FACTS, Asked, CardFact
from models.forms.cards.decision_cards import DECISION_CARDS
from models.forms.cards.make_card import asked_by, card_of, row_of
from models.forms.cards.order_seen import (
    InspectionSeen,
    LineSeen,
    LotSeen,
    OrderSeen,
    PastOrder,
    PaymentSeen,
    ReleaseSeen,
    ShipmentSeen,
    Trade,
    WeekLoad,
)
from models.forms.cards.step_cards import STEP_CARDS
from models.messages.decision_subjects import Subject
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Words

ROLL = Words("卷", "rolls")
LINE = LineSeen(
    1,
    "TP-80",
    "80mm×80m",
    Decimal("2000.000"),
    ROLL,
    Decimal("4.20"),
    Decimal("8400.00"),
    Decimal("5"),
    name="热敏纸",
)
ORDER = OrderSeen(
    "20270301-0001",
    date(2027, 3, 1),
    customer_name="红枫",
    customer_class="B",
    terms=Words("定金加余款", "deposit, balance before shipment"),
    total=Decimal("8400.00"),
    bill=Decimal("8400.00"),
    paid=Decimal("1680.00"),
    open_balance=Decimal("6720.00"),
    deposit_due=Decimal("2520.00"),
    first_promised=date(2027, 3, 8),
    promised=date(2027, 3, 10),
    production_due=date(2027, 3, 9),
    wanted_date=date(2027, 3, 9),
    lines=(LINE,),
    list_prices={1: Decimal("5.00")},
)


def shown(order: OrderSeen, asked: Asked) -> dict[str, CardFact]:
    return {fact.words.zh: fact for fact in card_of(order, asked).facts}


@pytest.mark.parametrize("subject", list(Subject))
def test_every_subject_has_a_card(subject: Subject) -> None:
    row = DECISION_CARDS[subject]
    assert row.why.zh.endswith("。")
    assert row.why.en.endswith(".")
    assert 3 <= len(row.facts) <= MOST_FACTS, subject
    assert row_of(Asked("decision", subject.value)) is row


@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind is not StepKind.DECISION])
def test_every_step_has_a_card(kind: StepKind) -> None:
    row = STEP_CARDS[kind]
    assert row.why.zh.endswith("。")
    assert row.why.en.endswith(".")
    assert 3 <= len(row.facts) <= MOST_FACTS, kind
    assert row_of(asked_by(kind.value, move_in(COMMANDS[kind]))) is row


@pytest.mark.parametrize("kind", list(StepKind))
def test_a_card_of_an_order_of_which_nothing_is_known_breaks_nothing(kind: StepKind) -> None:
    bare = OrderSeen("20270301-0001", date(2027, 3, 1))
    for subject in Subject if kind is StepKind.DECISION else ("",):
        for order in (bare, ORDER, replace(ORDER, lines=(LINE, replace(LINE, line=2)))):
            card = card_of(order, Asked(kind.value, str(subject), 1))
            assert len(card.facts) <= MOST_FACTS


def test_a_price_question_shows_price_list_margin_and_the_last_three_trades() -> None:
    """R20"""
    trades = tuple(
        Trade(f"2027010{n}-0001", "TP-80", date(2027, 1, n), Decimal(f"4.{n}0"), Decimal(100 * n), ROLL)
        for n in (4, 3, 2, 1)
    )
    elsewhere = Trade("20270109-0001", "LB-40", date(2027, 1, 9), Decimal("9.99"), Decimal(1), ROLL)
    asked = Asked("decision", "price", 1)
    facts = shown(replace(ORDER, trades=(elsewhere, *trades)), asked)
    assert facts["报价"].value.zh == "¥4.20"
    assert facts["价目表"].value.zh == "¥5.00"
    assert facts["价目表"].marked
    assert facts["与价目表相比"].value.zh == "-16.0% · -¥1,600.00"
    assert facts["与价目表相比"].marked
    told = facts["该客户近三次成交"].value.zh
    assert told.count("；") == 2
    assert "¥4.40 × 400 卷" in told
    assert "9.99" not in told
    assert "4.10" not in told
    assert facts["产品"].value.zh == "热敏纸 80mm×80m · 2,000 卷"
    cheaper = shown(replace(ORDER, list_prices={}), asked)
    assert cheaper["价目表"].value.zh == "价目表中没有"
    assert "与价目表相比" not in cheaper


@pytest.mark.parametrize("subject", [Subject.FINANCE_RELEASE, Subject.BALANCE_RELEASE])
def test_a_release_without_payment_shows_what_the_customer_owes(subject: Subject) -> None:
    """R52, R61"""
    past = (
        PastOrder(
            "20270201-0001", date(2027, 2, 1), Decimal("900.00"), Decimal("0.00"), Words("已了结", "settled")
        ),
        PastOrder(
            "20270115-0001",
            date(2027, 1, 15),
            Decimal("1500.00"),
            Decimal("700.00"),
            Words("已发货", "shipped"),
        ),
    )
    facts = shown(
        replace(ORDER, past_orders=past, days_late=12, late_orders=2), Asked("decision", subject.value)
    )
    assert facts["未付"].value.zh == "¥6,720.00"
    assert facts["未付"].marked
    assert facts["应付定金"].value.zh == "¥2,520.00"
    assert facts["客户逾期"].value.zh == "12 天（2 张订单）"
    assert "未付 ¥700.00" in facts["近期订单"].value.zh
    paid_up = shown(replace(ORDER, open_balance=Decimal("0.00")), Asked("decision", subject.value))
    assert not paid_up["未付"].marked
    assert paid_up["客户逾期"].value.zh == "无逾期"
    too_much = shown(replace(ORDER, open_balance=Decimal("-20.00")), Asked("decision", "overpayment"))
    assert too_much["多付"].value.zh == "¥20.00"


def test_a_date_shows_wanted_promised_dated_and_the_load_of_that_week() -> None:
    """R24, R25"""
    load = WeekLoad(date(2027, 3, 8), 3, ((ROLL, Decimal("5000.000")),))
    facts = shown(replace(ORDER, load=load), Asked("decision", "later_promise"))
    assert facts["客户要货"].value.zh == "03-09 周二"
    assert facts["客户要货"].marked, "the promise is later than what was wanted"
    assert facts["预交日"].value.zh == "03-10 周三（首次 03-08 周一）"
    assert facts["生产定的完成日"].value.en == "Tue 03-09"
    assert facts["03-08 那一周的负荷"].value.zh == "另有 3 张：5,000 卷"
    assert not of.wanted(replace(ORDER, promised=date(2027, 3, 9)), Asked("x")).marked  # type: ignore[union-attr]


def test_a_shipping_notice_shows_every_datum_of_the_sheet_beside_the_orders() -> None:
    """R70: what differs is marked, and counted."""
    one = {"address": Words("深圳", "深圳"), "lines.1.quantity": Words("2,000 卷", "2,000 rolls")}
    order = replace(
        ORDER, sheet=one, request={**one, "address": Words("东莞", "东莞"), "phone": Words("1", "1")}
    )
    release = ReleaseSeen(
        1, {1: Decimal("2000.000")}, Decimal("6720.00"), Words("物流代收", "carrier collects")
    )
    order = replace(order, releases=(release,))
    card = card_of(order, asked_by("shipping_notice", None, "shipping_notice:1"))
    assert [(each.words.zh, each.differs) for each in card.compared] == [
        ("收货地址", True),
        ("第1行数量", False),
    ]
    assert card.differences == 1
    assert {fact.words.zh: fact.value.zh for fact in card.facts}["放行"] == "热敏纸 2,000 卷"
    assert not card_of(order, Asked("ship")).compared


def test_goods_on_their_way_show_with_whom_they_went_under_which_number_and_when() -> None:
    """R72, R75: of the shipment that the card is about; what has no number is shown without."""
    at = datetime(2027, 3, 1, 9, 30, tzinfo=BUSINESS_ZONE)
    sent = ShipmentSeen("1", {1: Decimal("1500")}, "德邦物流", "DB-7", at)
    rest = ShipmentSeen("2", {1: Decimal("500")}, "自有车辆", "", at.replace(day=2))
    order = replace(ORDER, shipments=(sent, rest))
    shipped = {
        number: shown(order, asked_by("arrival", Move(fact="arrived", says=(("shipment", number),))))
        for number in ("1", "2")
    }
    assert shipped["1"]["承运"].value.zh == "德邦物流 · DB-7 · 03-01 09:30"
    assert shipped["2"]["承运"].value.zh == "自有车辆 · 03-02 09:30"
    assert shipped["1"]["已发"].value.zh == "热敏纸 1,500 卷"


def test_production_and_inspection_show_what_was_made_and_what_passed() -> None:
    """R41, R43"""
    lot = LotSeen(1, "1", Decimal("1900"), Decimal("1500"), Decimal("300"), Decimal("100"), Decimal("0"))
    asked = asked_by("inspect", Move(fact="inspection_reported", says=(("line", "1"), ("lot", "1"))))
    facts = shown(replace(ORDER, lots=(lot,)), asked)
    assert facts["已完成"].value.zh == "批次 1：1,900 卷"
    assert facts["已合格"].value.zh == "批次 1：1,500 卷"
    assert facts["不合格"].value.zh == "返工 300，报废 100"
    assert facts["订购"].value.zh == "2,000 卷 ±5%"
    assert shown(ORDER, asked)["已完成"].value.zh == "还没有"


def test_the_clerk_of_a_joint_inspection_sees_what_quality_reported() -> None:
    """R43"""
    reported = InspectionSeen(
        1, 1, "1", Decimal("1500"), Decimal("300"), Decimal("0"), "zhao", "chen", "刀口"
    )
    asked = asked_by("confirm_inspection", Move(fact="inspection_confirmed", says=(("inspection", "1"),)))
    facts = shown(replace(ORDER, inspections=(reported,), names={"zhao": "赵敏"}), asked)
    assert facts["质检报告"].value.zh == "合格 1,500 卷，返工 300 卷，报废 0 卷"
    assert facts["会检"].value.zh == "赵敏 与 chen"
    assert facts["原因说明"].value.zh == "刀口"


def test_a_payment_to_be_confirmed_shows_what_was_told_of_it() -> None:
    """R53"""
    at = datetime(2027, 3, 1, 9, 30, tzinfo=BUSINESS_ZONE)
    told = PaymentSeen("TX-1", Decimal("1680.00"), Words("银行", "bank"), at, "li", counts=False)
    asked = asked_by(
        "confirm_payment", Move(fact="payment_received", says=(("reference", "TX-1"), ("amount", None)))
    )
    facts = shown(replace(ORDER, payments=(told,), names={"li": "李明"}), asked)
    assert facts["报来的款项"].value.zh == "¥1,680.00 银行，李明 03-01 09:30"
    assert facts["已到款项"].value.zh == "还没有"
    assert facts["凭证"].value.zh == "TX-1"
