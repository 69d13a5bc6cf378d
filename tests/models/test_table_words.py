"""Tables as the desk writes them: heads of columns, terms, telephone numbers."""

from __future__ import annotations

from itertools import chain

import pytest

from models.policy import DayCount
from models.request.order_request import OrderRequest, RequestLine
from models.values.errors import Refusal
from models.values.field_words import field_words
from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    FreightTerms,
    Fulfilment,
    PaymentTerms,
    Role,
    Term,
    Unit,
)
from models.values.words import InvalidValue
from models.writing.column_names import _SPOKEN, TableKind, field_named
from models.writing.phone_numbers import doubts_json, phone_doubt, phone_doubts
from models.writing.spoken_terms import plain_term
from tests.models.life import request

ORDERS, CUSTOMERS, PRICES, STAFF = TableKind.ORDERS, TableKind.CUSTOMERS, TableKind.PRICES, TableKind.STAFF


@pytest.mark.parametrize(
    ("head", "table", "field"),
    [
        ("来单编号", ORDERS, "request_id"),
        ("客户", ORDERS, "customer"),
        ("客户编号", ORDERS, "customer"),
        ("产品编号", ORDERS, "product"),
        ("规格", ORDERS, "specification"),
        ("数量", ORDERS, "quantity"),
        ("单位", ORDERS, "unit"),
        ("单价(元)", ORDERS, "unit_price"),
        ("单价（元）", ORDERS, "unit_price"),
        (" 收货地址* ", ORDERS, "address"),
        ("Unit Price", ORDERS, "unit_price"),
        ("PAYMENT_TERMS", ORDERS, "payment_terms"),
        ("允许误差(%)", ORDERS, "tolerance_percent"),
        ("客户名称", CUSTOMERS, "name"),
        ("客户等级", CUSTOMERS, "customer_class"),
        ("指定签字人", CUSTOMERS, "designated_signers"),
        ("产品名称", PRICES, "name"),
        ("生效日期", PRICES, "valid_from"),
        ("有效期至", PRICES, "valid_until"),
        ("工号", STAFF, "person"),
        ("姓名", STAFF, "name"),
        ("角色", STAFF, "roles"),
        ("nobody knows", ORDERS, "nobody knows"),
    ],
)
def test_a_column_is_known_by_what_the_desk_calls_it(head: str, table: TableKind, field: str) -> None:
    assert field_named(head, table) == field


def test_every_field_of_an_order_is_known_by_its_own_words() -> None:
    for name in chain(OrderRequest.model_fields, RequestLine.model_fields):
        if name in ("lines", "on_behalf_of", "quote", "awaits_quote", "replaces", "shop"):
            continue
        for head in (name, field_words(name).zh, field_words(name).en):
            assert field_named(head, ORDERS) == name, head


@pytest.mark.parametrize(
    ("head", "table"), [("客户", CUSTOMERS), ("产品", PRICES), ("单号", ORDERS), ("日期", PRICES)]
)
def test_a_head_that_could_be_two_columns_is_not_guessed(head: str, table: TableKind) -> None:
    with pytest.raises(Refusal) as refused:
        field_named(head, table)
    assert head in refused.value.words.zh


def test_no_head_means_two_fields_of_a_table() -> None:
    for table, spoken in _SPOKEN.items():
        words = list(chain.from_iterable(each.split() for each in spoken.values()))
        assert len(set(words)) == len(words), table


@pytest.mark.parametrize(
    "terms", [Unit, PaymentTerms, Channel, DeliveryMethod, FreightTerms, Fulfilment, Role, DayCount]
)
def test_every_term_is_known_by_name_and_both_labels(terms: type[Term]) -> None:
    for term in terms:
        for word in (term.value, term.zh, term.en, term.en.upper(), f" {term.zh} "):
            assert plain_term(word, terms) == term.value


@pytest.mark.parametrize(
    ("word", "term"),
    [("月结", PaymentTerms.ON_ACCOUNT), ("定金", PaymentTerms.DEPOSIT), ("千克", Unit.KILOGRAM), ("KG", Unit.KILOGRAM),
     ("㎡", Unit.SQUARE_METRE),
     ("到付", DeliveryMethod.FREIGHT_COLLECT), ("财务", Role.FINANCE)],
)  # fmt: skip
def test_what_the_desk_calls_a_term(word: str, term: Term) -> None:
    assert plain_term(word, type(term)) == term.value


def test_a_word_for_two_terms_is_not_guessed_and_an_unknown_one_stays() -> None:
    class Two(Term):
        ONE = "one", "甲", "same"
        OTHER = "other", "乙", "same"

    with pytest.raises(InvalidValue) as refused:
        plain_term("same", Two)
    assert "one" in refused.value.words.zh
    assert "other" in refused.value.words.zh
    assert plain_term("桶", Unit) == "桶"


@pytest.mark.parametrize("number", ["75512345678", "7555550102", "1012345678", "2187654321", "3711234567"])
def test_a_number_that_lost_its_nought_is_asked_about(number: str) -> None:
    doubt = phone_doubt(number)
    assert doubt is not None
    assert f"0{number}" in doubt.zh


@pytest.mark.parametrize(
    "number",
    [
        "13812345678",
        "0755-5550102",
        "075512345678",
        "4008001234",
        "12345",
        "+86 755 1234",
        "",
        "5550102",
        "1",
    ],
)
def test_a_number_that_can_be_called_is_not(number: str) -> None:
    assert phone_doubt(number) is None


def test_a_mobile_number_that_is_short() -> None:
    doubt = phone_doubt("1381234567")
    assert doubt is not None
    assert "少一位" in doubt.zh
    read = OrderRequest.model_validate(request(phone="75512345678", fax="0755-1"))
    assert list(phone_doubts(read)) == ["phone"]
    assert list(doubts_json(read)["look_at"]) == ["phone"]
    assert doubts_json(OrderRequest.model_validate(request(phone="13812345678"))) == {}
