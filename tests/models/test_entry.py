"""One way in for everything: what comes in by any door is brought into one writing, or refused by field (R10, R11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.facts.fact_envelope import fact_envelope
from models.messages.envelope import read_content, read_entered
from models.messages.fact_contents import ContactLogged
from models.messages.goods_contents import Shipped
from models.messages.money_contents import PaymentReceived
from models.policy import Policy
from models.request.amounts import require_line_amount, require_total
from models.request.order_draft import draft_of
from models.request.order_request import OrderRequest
from models.request.order_start import Contract, CustomerFile
from models.tables.columns import Fen, FinerThanFen, Thousandths
from models.values.content import MOST_DAYS
from models.values.errors import Refusal
from models.values.field_errors import BadWriting
from models.values.vocabulary import DeliveryMethod, PaymentTerms, Role, Unit
from models.writing.entry import plain, plain_of, printed_texts
from models.writing.written_numbers import LARGEST_WHOLE, Manner
from tests.models.life import MONDAY, line, request

TYPED, SENT, KEPT = Manner.TYPED, Manner.SENT, Manner.KEPT
OVERRIDE = "\u202e"
AS_TYPED: dict[str, Any] = {
    "channel": "电话",
    "payment_terms": "月结",
    "delivery_method": "物流",
    "freight_terms": "卖方承担运费",
    "wanted_date": "2027年3月9日",
    "partial_delivery": "是",
    "checkpoints": "厚度；颜色;端面",
    "deposit_percent": "30%",
    "words": "第一行\r\n第二行",
}
LINE_TYPED: dict[str, Any] = {
    "quantity": "１，２００",
    "unit": "卷",
    "unit_price": "¥5.00",
    "tolerance_percent": "5％",
}


def test_an_order_as_a_person_types_it() -> None:
    typed = read_entered(OrderRequest, request(**AS_TYPED, lines=[line(1, **LINE_TYPED)]), TYPED)
    assert typed.payment_terms is PaymentTerms.ON_ACCOUNT
    assert typed.delivery_method is DeliveryMethod.FREIGHT
    assert (typed.wanted_date, typed.partial_delivery) == (date(2027, 3, 9), True)
    assert typed.checkpoints == ("厚度", "颜色", "端面")
    assert (typed.deposit_percent, typed.words) == (Decimal(30), "第一行\n第二行")
    only = typed.lines[0]
    assert (only.quantity, only.unit, only.unit_price) == (Decimal("1200.000"), Unit.ROLL, Decimal("5.00"))
    assert only.tolerance_percent == 5


@pytest.mark.parametrize(
    "field", ["channel", "payment_terms", "delivery_method", "wanted_date", "partial_delivery", "checkpoints"]
)
def test_a_program_sends_names_and_plain_days(field: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_entered(OrderRequest, request(**{field: AS_TYPED[field]}), SENT)
    assert refused.value.where == field


def test_numbers_read_the_same_for_programs() -> None:
    sent = read_entered(
        OrderRequest, request(lines=[line(1, quantity="１，２００", unit_price="¥5.00")]), SENT
    )
    assert (sent.lines[0].quantity, sent.lines[0].unit_price) == (Decimal("1200.000"), Decimal("5.00"))


@pytest.mark.parametrize(
    ("place", "raw"),
    [
        ("contact", request(contact=f"王{OVERRIDE}芳")),
        ("contact", request(contact="王\n芳")),
        ("request_id", request(request_id="fax\u200b/1")),
        ("customer", request(customer="K\u00ad1")),
        ("address", request(address="深圳\x9b2J")),
        ("words", request(words="好\x1b[31m")),
        ("checkpoints.1", request(checkpoints=["a", "b\ue000"])),
        (
            "lines.0.specification",
            request(lines=[line(1, specification="80\u2028")]),
        ),
        ("lines.0.quantity", request(lines=[line(1, quantity="1_000")])),
        ("lines.0.unit_price", request(lines=[line(1, unit_price="١٢")])),
        ("lines.0.line", request(lines=[line(1) | {"line": "1_0"}])),
        ("channel", request(channel=f"fax{OVERRIDE}")),
        ("wanted_date", request(wanted_date="1798761600")),
        ("wanted_date", request(wanted_date=1798761600)),
        ("nobody_knows", request(nobody_knows=f"a{OVERRIDE}")),
    ],
)
@pytest.mark.parametrize("manner", [TYPED, SENT])
def test_what_is_not_taken_is_told_by_its_field(place: str, raw: Any, manner: Manner) -> None:
    with pytest.raises(BadWriting) as refused:
        plain(OrderRequest, raw, manner)
    assert refused.value.where == place
    assert OVERRIDE not in refused.value.words.zh


def test_a_name_of_a_field_is_held_to_its_signs_as_well() -> None:
    with pytest.raises(BadWriting) as refused:
        plain(OrderRequest, request(**{f"con{OVERRIDE}tact": "x"}), SENT)
    assert refused.value.where == "con\\u202etact"


def test_every_mistake_has_its_place() -> None:
    _, mistakes = plain_of(
        OrderRequest, request(contact="a\u200b", phone="b\u200b", lines=[line(1, quantity="1e5")]), TYPED
    )
    places = sorted(".".join(each.place) for each in mistakes)
    assert places == ["contact", "lines.0.quantity", "phone"]


def test_what_was_taken_before_is_read_as_it_stands() -> None:
    old = request(contact=f"王{OVERRIDE}芳", customer="K\u200b1")
    assert plain(OrderRequest, old, KEPT) is old
    assert read_content(OrderRequest, old).contact == f"王{OVERRIDE}芳"
    assert CustomerFile.model_validate({"customer": "K\u200b1", "name": "红\u200b枫"}).name == "红\u200b枫"


def test_reading_twice_changes_nothing() -> None:
    once = plain(OrderRequest, request(**AS_TYPED, lines=[line(1, **LINE_TYPED)]), TYPED)
    assert plain(OrderRequest, once, TYPED) == once
    assert plain(OrderRequest, once, SENT) == once
    assert plain(OrderRequest, request(), SENT) == request()


def test_a_draft_has_the_mistake_at_its_field_and_reads_the_rest() -> None:
    draft = draft_of(
        request(contact=f"王{OVERRIDE}", lines=[line(1, quantity="1.5万"), line(2, quantity="1.200,5")])
    )
    assert set(draft.problems) == {"contact", "lines.1.quantity"}
    assert draft.request.lines[0].quantity == Decimal("15000.000")


# --- facts -----------------------------------------------------------------------------------------------------------


def envelope(kind: str, content: dict[str, Any], manner: Manner, role: Role) -> dict[str, Any]:
    made = fact_envelope("f/1", kind, content, by="li", role=role, happened_at=MONDAY, manner=manner)
    return made.content


def test_a_fact_goes_on_in_plain_writing() -> None:
    typed = {
        "amount": "￥1,500.00",
        "method": "银行转账",
        "reference": "TX-1",
        "paid_at": "2027-03-01T09:00:00+08:00",
    }
    assert envelope("payment_received", typed, TYPED, Role.FINANCE) == {
        **typed,
        "amount": "1500.00",
        "method": "bank",
    }
    sent = {"amount": "１５００．００", "reference": "TX-1"}
    assert envelope("payment_received", sent, SENT, Role.FINANCE) == {**sent, "amount": "1500.00"}


def test_the_detail_of_a_decision_as_well() -> None:
    said = {
        "subject": "price",
        "outcome": "settled",
        "line": 1,
        "note_reference": "N-1",
        "detail": {"unit_price": "5.20元"},
    }
    assert envelope("decision", said, TYPED, Role.SERVICE_SUPERVISOR)["detail"] == {"unit_price": "5.20"}
    with pytest.raises(BadWriting) as refused:
        envelope("decision", {**said, "detail": {"unit_price": "5_2"}}, SENT, Role.SERVICE_SUPERVISOR)
    assert refused.value.where == "content.detail.unit_price"


@pytest.mark.parametrize("manner", [TYPED, SENT])
def test_ids_and_contents_are_held_to_their_signs(manner: Manner) -> None:
    with pytest.raises(BadWriting) as refused:
        fact_envelope("f\u200b/1", "contact_logged", {"channel": "phone", "words": "x"}, by="li", role=Role.SALESPERSON,
                      happened_at=MONDAY, manner=manner)  # fmt: skip
    assert refused.value.where == "fact_id"
    with pytest.raises(BadWriting) as refused:
        envelope("contact_logged", {"channel": "phone", "words": f"x{OVERRIDE}"}, manner, Role.SALESPERSON)
    assert refused.value.where == "content.words"
    assert (
        envelope("contact_logged", {"channel": "phone", "words": "x\ny"}, manner, Role.SALESPERSON)["words"]
        == "x\ny"
    )


def test_the_house_says_what_it_was_told_before() -> None:
    told = {"channel": "phone", "words": f"x{OVERRIDE}"}
    assert envelope("contact_logged", told, KEPT, Role.SALESPERSON) == told


# --- what stands on paper --------------------------------------------------------------------------------------------


def test_what_is_printed_is_known_by_its_field() -> None:
    read = OrderRequest.model_validate(request(words="😀", special_requirements="防潮", checkpoints=["厚度"]))
    places = dict(printed_texts(read))
    assert places["special_requirements"] == "防潮"
    assert places["checkpoints.0"] == "厚度"
    assert "lines.0.specification" in places
    assert "words" not in places  # said by the customer: the paper names what it cannot show (R11)
    shipped = dict(printed_texts(Shipped.model_validate({"carrier": "德邦", "tracking_number": "T-1"})))
    assert shipped["tracking_number"] == "T-1"
    assert "words" not in dict(
        printed_texts(ContactLogged.model_validate({"channel": "phone", "words": "😀"}))
    )


# --- how large -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "raw", "place"),
    [
        (Policy, {"dead_order": {"days": 10**9}}, "dead_order.days"),
        (Policy, {"payment": {"account_days": MOST_DAYS + 1}}, "payment.account_days"),
        (Policy, {"dead_order": {"reminder_days": [1, 10**12]}}, "dead_order.reminder_days.1"),
        (Contract, {"reference": "C", "payment_terms": "on_account", "account_days": 10**10}, "account_days"),
        (Contract, {"reference": "C", "payment_terms": "on_account", "account_days": -1}, "account_days"),
        (OrderRequest, request(lines=[line(1) | {"line": LARGEST_WHOLE + 1}]), "lines.0.line"),
        # as a form or a table has them: in text
        (Policy, {"dead_order": {"days": "1000000000"}}, "dead_order.days"),
        (Contract, {"reference": "C", "payment_terms": "on_account", "account_days": "-1"}, "account_days"),
        (Contract, {"reference": "C", "payment_terms": "on_account", "account_days": "－１"}, "account_days"),
    ],
)
def test_whole_numbers_that_no_column_or_calendar_takes(model: Any, raw: Any, place: str) -> None:
    for manner in (TYPED, SENT):
        with pytest.raises(BadWriting) as refused:
            plain(model, raw, manner)
        assert refused.value.where == place


PRICES = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=6, allow_nan=False)
QUANTITIES = st.decimals(
    min_value=Decimal("0.001"), max_value=Decimal("999999999.999"), places=3, allow_nan=False
)


@given(st.lists(st.tuples(QUANTITIES, PRICES), min_size=1, max_size=5))
def test_what_is_taken_fits_into_its_columns(lines: list[tuple[Decimal, Decimal]]) -> None:
    raw = [line(n, quantity=f"{q:f}", unit_price=f"{p:f}") for n, (q, p) in enumerate(lines, 1)]
    read = read_entered(OrderRequest, request(lines=raw), SENT)
    try:
        for place, each in enumerate(read.lines):
            require_line_amount(each, f"lines.{place}.quantity")
        require_total(read.total)
    except Refusal as refused:
        assert refused.where.startswith("lines")  # noqa: PT017 - either is right, and one of them must be
        return
    amounts = [Fen().process_bind_param(each.amount, None) for each in read.lines]  # type: ignore[arg-type]
    amounts.append(Fen().process_bind_param(read.total, None))  # type: ignore[arg-type]
    amounts += [Thousandths().process_bind_param(each.quantity, None) for each in read.lines]  # type: ignore[arg-type]
    assert all(amount is not None and amount < 2**63 for amount in amounts)


@pytest.mark.parametrize(
    ("quantity", "unit_price"), [("755550102", "80.00"), ("999999999.999", "9999999999.99")]
)
def test_a_telephone_number_for_a_quantity_is_told(quantity: str, unit_price: str) -> None:
    read = read_entered(
        OrderRequest, request(lines=[line(1, quantity=quantity, unit_price=unit_price)]), SENT
    )
    with pytest.raises(Refusal) as refused:
        require_line_amount(read.lines[0], "lines.0.quantity")
    assert quantity in refused.value.words.zh


def test_amounts_of_facts_keep_their_limits() -> None:
    with pytest.raises(Refusal):
        read_entered(PaymentReceived, {"amount": "1万亿", "reference": "T"}, TYPED)
    with pytest.raises(Refusal):
        read_entered(PaymentReceived, {"amount": "10,000,000,000.00", "reference": "T"}, SENT)
    assert isinstance(FinerThanFen().process_bind_param(Decimal("9999999999.999999"), _Sqlite()), str)  # type: ignore[arg-type]


class _Sqlite:
    name = "sqlite"
