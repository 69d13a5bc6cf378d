"""An order's number and what is looked up for it; the same request twice, at once, and with other content."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, update

from activities.orders.order_check import check_draft
from activities.orders.requests import open_request, start_of
from activities.orders.views.order_views import show_order
from activities.store.database import writing
from activities.store.imports import CustomerRow, PriceRow, import_customers, import_prices
from models.policy import Policy
from models.request.order_draft import draft_of
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Unit
from tests.activities.conftest import NOW, order_request
from workflows.phases.verification import price_differences

POLICY = Policy()


def test_the_start_holds_all_that_is_known(company: Engine) -> None:
    start, new = open_request(company, order_request(), NOW, POLICY)
    assert new
    assert start.number == "20270105-0001"
    assert start.request.lines[0].tolerance_percent == Decimal("2.5")
    assert start.references[0].list_price == Decimal("12.50")
    assert start.staff.person(Role.SALESPERSON) == "s-7"
    assert start.staff.person(Role.FINANCE) == "s-2"
    assert start.staff.superior_of("s-7") == "s-9"
    assert start.customer.designated_signers == ("王先生",)
    assert not start.calendar.is_working_day(date(2027, 1, 1))
    assert start.calendar.is_working_day(date(2027, 1, 3))
    assert start_of(company, start.number) == start
    assert show_order(company, start.number).order.total == Decimal("125.04")


def test_the_same_request_is_the_same_order(company: Engine) -> None:
    first, _ = open_request(company, order_request(), NOW, POLICY)
    again, new = open_request(company, order_request(), NOW + timedelta(days=3), POLICY)
    assert not new
    assert again == first


def test_other_content_under_the_same_id_is_refused(company: Engine) -> None:
    open_request(company, order_request(), NOW, POLICY)
    with pytest.raises(Refusal) as refused:
        open_request(company, order_request(phone="139"), NOW, POLICY)
    assert refused.value.code is Code.REQUEST_CONFLICT


def test_ids_belong_to_the_customer_or_to_the_service(company: Engine) -> None:
    """R10: two customers' `PO-1001` are two orders; so are those of two services that number for several customers."""
    import_customers(company, [CustomerRow(customer="c-2", name="别家")])
    wanted = order_request(request_id="PO-1001")
    others = wanted.model_copy(update={"customer": "c-2"})
    spaces = ("", "key:shop", "key:portal")
    numbers = {
        (customer.customer, space): open_request(company, customer, NOW, POLICY, space=space)[0].number
        for customer in (wanted, others)
        for space in spaces
    }
    assert len(set(numbers.values())) == 6
    for customer in (wanted, others):
        for space in spaces:
            again, new = open_request(company, customer, NOW, POLICY, space=space)
            assert (again.number, new) == (numbers[customer.customer, space], False)
    with pytest.raises(Refusal) as refused:
        open_request(company, others.model_copy(update={"phone": "1"}), NOW, POLICY)
    assert numbers["c-2", ""] in refused.value.words.en
    assert not any(number in refused.value.words.en for key, number in numbers.items() if key != ("c-2", ""))
    with pytest.raises(Refusal) as refused:
        open_request(company, others.model_copy(update={"phone": "1"}), NOW, POLICY, sees=lambda start: False)
    assert not any(number in refused.value.words.en + refused.value.words.zh for number in numbers.values())


def test_the_same_request_from_somebody_else_is_the_same_order(company: Engine) -> None:
    first, _ = open_request(company, order_request(), NOW, POLICY)
    sent_on = order_request().model_copy(update={"entered_by": "key:shop", "on_behalf_of": "s-2"})
    again, new = open_request(company, sent_on, NOW, POLICY)
    assert (again, new) == (first, False)


def test_a_request_from_before_ids_had_a_space_is_known_to_all_who_send_it(company: Engine) -> None:
    """Its row says of nobody whose it was; for the same customer other content is refused, as it was then."""
    import_customers(company, [CustomerRow(customer="c-2", name="别家")])
    first, _ = open_request(company, order_request(), NOW, POLICY)
    with writing(company) as connection:
        connection.execute(table("requests").update().values(space="*"))
    for space in ("", "key:shop"):
        assert open_request(company, order_request(), NOW, POLICY, space=space) == (first, False)
        with pytest.raises(Refusal) as refused:
            open_request(company, order_request(phone="139"), NOW, POLICY, space=space)
        assert refused.value.code is Code.REQUEST_CONFLICT
    other = order_request().model_copy(update={"customer": "c-2"})
    assert open_request(company, other, NOW, POLICY)[1]


def test_numbers_follow_the_business_date(company: Engine) -> None:
    evening = datetime(2027, 1, 5, 15, 59, tzinfo=UTC)
    numbers = [
        open_request(company, order_request(request_id=f"r/{n}"), evening + timedelta(minutes=n), POLICY)[
            0
        ].number
        for n in range(3)
    ]
    assert numbers == ["20270105-0001", "20270106-0001", "20270106-0002"]


def test_numbers_are_given_once_also_at_the_same_moment(company: Engine) -> None:
    def place(n: int) -> str:
        return open_request(company, order_request(request_id=f"r/{n % 20}"), NOW, POLICY)[0].number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(place, range(40)))
    assert numbers[:20] == numbers[20:]
    assert len(set(numbers)) == 20


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer": "c-99"}, Code.UNKNOWN_CUSTOMER),
        ({"wanted_date": "2027-01-04"}, Code.DATE_IN_PAST),
        ({"lines": [{"line": 1, "product": "P-9", "quantity": "1", "unit": "roll"}]}, Code.UNKNOWN_PRODUCT),
        ({"lines": [{"line": 1, "product": "P-1", "quantity": "1", "unit": "m"}]}, Code.WRONG_UNIT),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    company: Engine, changes: dict[str, Any], code: Code
) -> None:
    with pytest.raises(Refusal) as refused:
        open_request(company, order_request(**changes), NOW, POLICY)
    assert refused.value.code is code
    assert open_request(company, order_request(), NOW, POLICY)[0].number == "20270105-0001"


def test_a_unit_that_converts_is_taken(company: Engine) -> None:
    request = order_request(lines=[{"line": 1, "product": "P-2", "quantity": "500", "unit": "kg"}])
    assert open_request(company, request, NOW, POLICY)[0].references[0].unit.value == "t"


def test_a_product_before_its_price_is_unknown(company: Engine) -> None:
    request = order_request(lines=[{"line": 1, "product": "P-2", "quantity": "1", "unit": "t"}])
    with pytest.raises(Refusal) as refused:
        open_request(company, request, NOW - timedelta(days=30), POLICY)
    assert refused.value.code is Code.UNKNOWN_PRODUCT


def sheets(**changes: Any) -> OrderRequest:
    """12,345 sheets at a price finer than a fen."""
    of_line = {
        "line": 1,
        "product": "CP",
        "quantity": "12345",
        "unit": "sheet",
        "unit_price": "0.0385",
        **changes,
    }
    return order_request(request_id=f"fax/{sorted(changes.items())}", lines=[of_line])


@pytest.fixture
def paper(company: Engine) -> Engine:
    """A price list by the ream of 500: 19.25, which is 0.0385 a sheet."""
    row = PriceRow(product="CP", unit=Unit.REAM, unit_price=Decimal("19.25"), valid_from=date(2027, 1, 1))
    import_prices(company, [row])
    return company


def test_a_price_finer_than_a_fen_is_kept_and_comes_back_as_the_past_trade(paper: Engine) -> None:
    """R20: in the start, in the row of the line, and as what the customer paid the last time."""
    start, _ = open_request(paper, sheets(), NOW, Policy())
    kept = start_of(paper, start.number)
    assert (str(kept.request.lines[0].unit_price), kept.request.total) == ("0.0385", Decimal("475.28"))
    assert str(kept.references[0].list_price) == "19.25"
    assert price_differences(kept.request.lines[0], kept.references[0]) == []
    with writing(paper) as connection:
        connection.execute(
            table("order_lines").insert().values(
                order_number=start.number, line=1, product="CP", quantity=Decimal(12345), unit="sheet",
                unit_price=Decimal("0.038512"), amount=Decimal("475.43"), passed=Decimal(0), entered=Decimal(0),
                shipped=Decimal(0),
            )
        )  # fmt: skip
        connection.execute(update(table("orders")).values(ending="settled"))
    again, _ = open_request(paper, sheets(specification="x"), NOW, Policy())
    assert str(again.references[0].past_price) == "0.038512"


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"quantity": "999999999.999", "unit_price": "11.00"}, Code.BAD_MONEY, "lines.0.quantity"),
        ({"tolerance_percent": "2.00001"}, Code.MALFORMED, "lines.0.tolerance_percent"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_a_number_and_said_while_one_types(
    paper: Engine, changes: dict[str, Any], code: Code, where: str
) -> None:
    """R20, R45: the form says it at the very field at which placing refuses it."""
    with pytest.raises(Refusal) as refused:
        open_request(paper, sheets(**changes), NOW, Policy())
    assert (refused.value.code, refused.value.where) == (code, where)
    draft = draft_of(sheets(**changes).model_dump(mode="json", exclude_none=True))
    assert where in check_draft(paper, draft, NOW, POLICY).problems
    start, _ = open_request(paper, sheets(), NOW, Policy())
    assert start.number.endswith("-0001"), "no number was used up"


def test_a_deposit_share_has_four_decimals_at_most(company: Engine) -> None:
    """R33"""
    with pytest.raises(Refusal) as refused:
        open_request(company, order_request(deposit_percent="33.33333"), NOW, Policy())
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "deposit_percent")
    assert open_request(company, order_request(deposit_percent="33.3333"), NOW, Policy())[1]
