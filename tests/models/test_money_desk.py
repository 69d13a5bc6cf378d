"""What a sum of money may be for, with why and how surely; and how it is split over several orders (R53)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import read_content
from models.money.matching import (
    BankLine,
    Confidence,
    MatchReason,
    OpenOrder,
    alike,
    candidates,
    confidence_of,
    folded_name,
    what_follows,
)
from models.money.splitting import Part, split_of
from models.values.errors import Code, Refusal

R, C = MatchReason, Confidence
ONE, TWO, THREE = "20270105-0001", "20270105-0002", "20270106-0001"
PAID = datetime(2027, 1, 7, 2, 0, tzinfo=UTC)


def money(amount: str, **said: str) -> BankLine:
    return BankLine("k", "TX-7", Decimal(amount), PAID, **said)


def order(number: str, open_balance: str, name: str = "苏州红枫包装有限公司", **said: str) -> OpenOrder:
    deposit = Decimal(said.get("deposit", "0"))
    customer, own = said.get("customer", "K1"), said.get("own", "")
    return OpenOrder(number, customer, name, Decimal(open_balance), deposit, own)


ORDERS = [
    order(ONE, "6720.00"),
    order(TWO, "300.00", deposit="90.00", own="PO-1001"),
    order(THREE, "6720.00", "晨光纸业", customer="K2"),
]


def told(line: BankLine) -> list[tuple[tuple[str, ...], set[MatchReason], Confidence]]:
    return [
        (tuple(o.number for o in each.orders), set(each.reasons), each.confidence)
        for each in candidates(line, ORDERS)
    ]


def test_number_amount_and_name_are_certain_and_the_same_amount_elsewhere_only_possible() -> None:
    found = told(money("6720.00", text=f"货款 {ONE}", payer="苏州红枫包装"))
    assert found[0] == ((ONE,), {R.NUMBER, R.BALANCE, R.NAME}, C.CERTAIN)
    assert ((THREE,), {R.BALANCE, R.OTHER_NAME}, C.POSSIBLE) in found
    assert ((TWO,), {R.NAME}, C.POSSIBLE) in found


def test_a_number_alone_is_likely_and_with_another_payer_less() -> None:
    assert told(money("1.00", text=f"订单{ONE}"))[0] == ((ONE,), {R.NUMBER}, C.LIKELY)
    assert told(money("1.00", text=ONE, payer="王芳"))[0] == ((ONE,), {R.NUMBER, R.OTHER_NAME}, C.POSSIBLE)


def test_amount_and_name_without_a_number_are_likely() -> None:
    assert told(money("6720.00", payer="苏州红枫包装有限公司"))[0] == ((ONE,), {R.BALANCE, R.NAME}, C.LIKELY)


def test_the_deposit_and_the_customer_s_own_number_count() -> None:
    found = told(money("90.00", text="po-1001 定金"))
    assert found == [((TWO,), {R.CUSTOMER_NUMBER, R.DEPOSIT}, C.CERTAIN)]


def test_a_longer_number_is_not_the_customer_s_own() -> None:
    assert told(money("1.00", text="PO-10012")) == []


def test_an_order_that_the_bank_s_event_was_told_to_is_named() -> None:
    assert told(money("5.00", order=TWO))[0] == ((TWO,), {R.NUMBER}, C.LIKELY)


def test_several_orders_that_owe_the_sum_together_are_one_candidate() -> None:
    named = told(money("7020.00", text=f"{ONE} {TWO}"))
    assert named[0] == ((ONE, TWO), {R.NUMBER, R.TOGETHER}, C.CERTAIN)
    by_name = told(money("7020.00", payer="苏州红枫包装"))
    assert by_name[0] == ((ONE, TWO), {R.TOGETHER, R.NAME}, C.LIKELY)
    assert all(len(orders) == 1 for orders, *_ in told(money("7019.99", payer="苏州红枫包装")))


def test_nothing_is_no_candidate_and_there_are_never_too_many() -> None:
    assert told(money("12.34", text="hello", payer="somebody")) == []
    many = [order(f"20270105-{number:04}", "5.00") for number in range(1, 50)]
    assert len(candidates(money("5.00"), many)) == 5


@pytest.mark.parametrize(
    ("payer", "customer", "reason"),
    [
        ("苏州红枫包装有限公司", "苏州红枫包装材料有限公司", R.NAME_PART),
        ("ＡＣＭＥ Paper Co., Ltd.", "Acme Paper", R.NAME),
        ("红枫包装材料", "苏州红枫包装材料有限公司", R.NAME_PART),
        ("红枫", "苏州红枫包装材料有限公司", None),
        ("", "红枫", None),
        ("公司", "公司", R.NAME),
        ("%'😀", "红枫", None),
    ],
)
def test_names_are_compared_without_width_case_signs_and_legal_form(
    payer: str, customer: str, reason: MatchReason | None
) -> None:
    assert alike(payer, customer) is reason
    assert alike(customer, payer) is reason


def test_a_name_that_is_nothing_but_its_form_stays() -> None:
    assert folded_name("有限公司") == "有限公司"


@pytest.mark.parametrize(
    ("reasons", "confidence"),
    [
        ({R.NUMBER, R.BALANCE}, C.CERTAIN), ({R.CUSTOMER_NUMBER, R.NAME_PART}, C.CERTAIN), ({R.NUMBER}, C.LIKELY),
        ({R.DEPOSIT, R.NAME}, C.LIKELY), ({R.BALANCE}, C.POSSIBLE), ({R.NAME}, C.POSSIBLE),
        ({R.NUMBER, R.BALANCE, R.OTHER_NAME}, C.LIKELY), ({R.BALANCE, R.OTHER_NAME}, C.POSSIBLE),
    ],
)  # fmt: skip
def test_how_sure_it_is_follows_from_the_reasons(reasons: set[MatchReason], confidence: Confidence) -> None:
    assert confidence_of(reasons) is confidence


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("6720.00", "CNY 6,720.00 count for order 20270105-0001, which is then paid in full"),
        ("720.00", "CNY 720.00 count for order 20270105-0001, and CNY 6,000.00 stay open"),
        ("16720.5", "CNY 16,720.50 count for order 20270105-0001, CNY 10,000.50 too much"),
    ],
)
def test_one_line_says_what_confirming_does(amount: str, words: str) -> None:
    assert what_follows(Decimal(amount), ORDERS[0]).en.startswith(words)


def test_a_split_is_told_whole_to_the_first_order_and_moved_from_there() -> None:
    """Each content is one that its fact takes; the parts keep the time at which they were paid."""
    parts = [Part(ONE, Decimal("6720.00")), Part(TWO, Decimal("280.00"))]
    whole, moved = split_of(money("7000.00"), parts)
    assert (whole.order, whole.kind, whole.content["amount"], whole.content["reference"]) == (
        ONE, "payment_received", "7000.00", "TX-7",
    )  # fmt: skip
    assert (moved.order, moved.kind) == (ONE, "money_transferred_out")
    assert (moved.content["to"], moved.content["amount"], moved.content["wrong_order"]) == (
        TWO,
        "280.00",
        True,
    )
    for each in (whole, moved):
        read_content(FACT_KINDS[each.kind].content, each.content, inside="content")


def test_what_was_told_to_an_order_is_moved_from_that_one_also_as_a_whole() -> None:
    whole, moved = split_of(money("100.00", order=THREE), [Part(ONE, Decimal("100.00"))])
    assert (whole.order, moved.order, moved.content["to"]) == (THREE, THREE, ONE)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([], "at least two orders"),
        ([(ONE, "100.00")], "at least two orders"),
        ([(ONE, "50.00"), (ONE, "50.00")], "at least two orders"),
        ([(ONE, "40.00"), (TWO, "30.00"), (TWO, "30.00")], f"order {TWO} is named twice"),
        ([(ONE, "100.00"), (TWO, "0.00")], "more than nothing"),
        ([(ONE, "200.00"), (TWO, "-100.00")], "more than nothing"),
        ([(ONE, "60.00"), (TWO, "39.99")], "differ by CNY 0.01"),
    ],
)
def test_parts_that_are_not_the_sum_are_refused_in_words(parts: list[tuple[str, str]], says: str) -> None:
    with pytest.raises(Refusal) as refused:
        split_of(money("100.00"), [Part(number, Decimal(amount)) for number, amount in parts])
    assert refused.value.code is Code.MALFORMED
    assert says in refused.value.words.en
