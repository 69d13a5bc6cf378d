"""Which case has how much of what was received, and what it is worth: decided in the order database, on both (R142)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from activities.cases.opened_cases import open_case
from activities.cases.refunds import count_refund
from activities.store.database import reading, writing
from models.cases.case_request import CaseRequest, CaseStart
from models.cases.replacement import RefundAsked
from models.policy import Policy
from models.tables.registry import table
from models.values.errors import Code, Refusal

ORDER = "20270105-0001"
RECEIVED = datetime(2027, 1, 5, 2, tzinfo=UTC)
NOW = RECEIVED + timedelta(days=3)


def delivered(
    engine: Engine,
    quantity: str = "130",
    price: str = "0.0385",
    *,
    paid: str = "999.00",
    number: str = ORDER,
    customer: str = "c-1",
    **request: Any,
) -> None:
    """An order that was delivered and has ended long ago."""
    start = {"request": {"channel": "phone", "fulfilment": "make_to_order", **request}}
    with writing(engine) as connection:
        connection.execute(
            table("requests").insert().values(
                request_id=number, customer=customer, content_hash="-", number=number, placed_at=RECEIVED, start=start
            )
        )  # fmt: skip
        connection.execute(
            table("orders").insert().values(
                number=number, customer=customer, customer_name="甲公司", salesperson="s-7", paid=Decimal(paid),
                ended_at=RECEIVED, ending="settled", sequence=1, head="-", epoch=0, placed_at=RECEIVED,
            )
        )  # fmt: skip
        zero = Decimal("0.000")
        connection.execute(
            table("order_lines").insert().values(
                order_number=number, line=1, product="P-1", quantity=Decimal(quantity), unit="sheet",
                unit_price=Decimal(price), amount=Decimal("1.00"), passed=zero, entered=zero, shipped=zero,
            )
        )  # fmt: skip
        nothing = Decimal("0.00")
        connection.execute(
            table("shipments").insert().values(
                order_number=number, shipment="1", quantities={"1": quantity}, carrier="顺丰", shipped_at=RECEIVED,
                collection="none", to_collect=nothing, remitted=nothing, freight_out=nothing, freight_back=nothing,
                delivered_at=RECEIVED,
            )
        )  # fmt: skip


def asked(request_id: str = "a/1", **changes: Any) -> CaseRequest:
    """65 sheets of line 1 come back."""
    given = {
        "request_id": request_id, "order": ORDER, "type": "return", "cause": "defect", "line": 1, "quantity": "65",
        "words": "受潮", "entered_by": "chen",
    }  # fmt: skip
    return CaseRequest.model_validate({**given, **changes})


def opened(engine: Engine, request: CaseRequest, now: datetime = NOW) -> CaseStart:
    return open_case(engine, request, now, Policy())[0]


def code_of(act: Callable[[], object]) -> tuple[Code, str]:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code, refused.value.where


@pytest.mark.postgresql
def test_a_case_is_numbered_after_its_order(company: Engine) -> None:
    """R143: also when the order ended long ago; the same request is one case."""
    delivered(company)
    first = opened(company, asked())
    assert first.number == f"C{ORDER}-1"
    assert (first.goods.received, first.goods.unit_price) == (130, Decimal("0.0385"))  # type: ignore[union-attr]
    assert open_case(company, asked(), NOW, Policy()) == (first, False)
    assert opened(company, asked("a/2")).number == f"C{ORDER}-2"
    assert code_of(lambda: opened(company, asked(words="x"))) == (Code.REQUEST_CONFLICT, "request_id")


@pytest.mark.postgresql
def test_never_more_than_was_received(company: Engine) -> None:
    """R142: less what other cases have; what is refused leaves nothing behind."""
    delivered(company)
    assert code_of(lambda: opened(company, asked(quantity="131"))) == (
        Code.MORE_THAN_RECEIVED,
        "quantity",
    )
    opened(company, asked())
    opened(company, asked("a/2"))
    assert code_of(lambda: opened(company, asked("a/3", quantity="1"))) == (
        Code.MORE_THAN_RECEIVED,
        "quantity",
    )
    with reading(company) as connection:
        assert connection.scalar(select(func.count()).select_from(table("cases"))) == 2
        assert connection.scalar(select(table("order_case_numbers").c.last)) == 2
    with writing(company) as connection:  # the first one ended and gave its goods back
        cases = table("order_cases")
        connection.execute(
            update(cases).where(cases.c.case_number == f"C{ORDER}-1").values(held=Decimal("0.000"))
        )
    assert opened(company, asked("a/3")).number == f"C{ORDER}-3"


@pytest.mark.postgresql
def test_two_cases_at_once_for_the_same_goods(company: Engine) -> None:
    """R142: of ten at the same instant for 130 sheets two have 65 each, and eight are refused."""
    delivered(company)
    together = Barrier(10)

    def one(number: int) -> str:
        together.wait()
        try:
            return opened(company, asked(f"r/{number}")).number
        except Refusal as refusal:
            return refusal.code.value

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(one, range(10)))
    assert answers == [f"C{ORDER}-1", f"C{ORDER}-2"] + ["more_than_received"] * 8


@pytest.mark.postgresql
def test_the_same_request_at_once_is_one_case(company: Engine) -> None:
    """R142: idempotent by its key."""
    delivered(company)
    together = Barrier(6)

    def one(number: int) -> str:
        together.wait()
        return opened(company, asked()).number

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(6))) == {f"C{ORDER}-1"}


def test_what_cannot_be_opened(company: Engine) -> None:
    """R142: each a code, and where."""
    delivered(company)
    delivered(company, number="20270105-0002", customer="c-2")
    assert code_of(lambda: opened(company, asked(order="20270105-0009"))) == (
        Code.UNKNOWN_ORDER,
        "20270105-0009",
    )
    others = code_of(lambda: opened(company, asked(order="20270105-0002", customer="c-1")))
    assert others == (Code.UNKNOWN_ORDER, "20270105-0002")
    assert code_of(lambda: opened(company, asked(line=7))) == (Code.UNKNOWN_LINE, "line")
    assert code_of(lambda: opened(company, asked(line=None))) == (Code.MISSING_FIELD, "line")
    assert code_of(lambda: opened(company, asked(quantity=None))) == (Code.MISSING_FIELD, "quantity")
    assert code_of(lambda: opened(company, asked(cause="unwanted"))) == (Code.NOT_RETURNABLE, "cause")
    assert opened(company, asked(type="complaint", cause="service", line=None, quantity=None)).goods is None


def test_shop_goods_come_back_without_a_reason_for_seven_days(company: Engine) -> None:
    """R142."""
    delivered(company, fulfilment="from_stock", channel="website")
    assert opened(company, asked(cause="unwanted"), RECEIVED + timedelta(days=7)).goods is not None
    late = code_of(lambda: opened(company, asked("a/2", cause="unwanted"), RECEIVED + timedelta(days=8)))
    assert late == (Code.TOO_LATE, "cause")


def test_what_was_never_delivered_does_not_come_back(company: Engine) -> None:
    """R142: nothing was received."""
    delivered(company)
    with writing(company) as connection:
        connection.execute(update(table("shipments")).values(delivered_at=None))
    assert code_of(lambda: opened(company, asked())) == (Code.MORE_THAN_RECEIVED, "quantity")


# --- refunds -----------------------------------------------------------------------------------------------------------


def back(case: int, quantity: str = "65", price: str = "0.0385", **changes: Any) -> RefundAsked:
    given = {
        "case": f"C{ORDER}-{case}",
        "round": 0,
        "order": ORDER,
        "line": 1,
        "quantity": quantity,
        "unit_price": price,
    }
    return RefundAsked.model_validate({**given, **changes})


@pytest.mark.postgresql
def test_of_130_sheets_65_come_back_twice(company: Engine) -> None:
    """R142: 2.51 and 2.50, which come to 5.01; asked again it is the same."""
    delivered(company)
    assert count_refund(company, back(1), NOW).value == Decimal("2.51")
    assert count_refund(company, back(2), NOW).value == Decimal("2.50")
    assert count_refund(company, back(1), NOW).value == Decimal("2.51")


SHOP: dict[str, Any] = {"fulfilment": "shop", "shop": {"delivery_fee": "16.00"}}
_WORTH: list[tuple[dict[str, Any], list[dict[str, Any]], list[str]]] = [
    (SHOP, [{"quantity": "2"}], ["176.00"]),
    (SHOP, [{"quantity": "1"}, {"quantity": "1"}], ["80.00", "96.00"]),
    (SHOP, [{"quantity": "1", "our_fault": True}, {"quantity": "1"}], ["96.00", "80.00"]),
    (SHOP, [{"quantity": "1", "is_credited": False}, {"quantity": "1"}], ["80.00", "80.00"]),
    (SHOP, [{"quantity": "0", "amount": "30.00"}], ["30.00"]),
    ({**SHOP, "fulfilment": "sample"}, [{"quantity": "2"}], ["160.00"]),
    ({}, [{"quantity": "2"}], ["160.00"]),
]


@pytest.mark.postgresql
@pytest.mark.parametrize(("request_", "rounds", "worth"), _WORTH)
def test_the_delivery_fee_goes_back_once(
    company: Engine, request_: dict[str, Any], rounds: list[dict[str, Any]], worth: list[str]
) -> None:
    """R65, R142: with the last of the goods, or with the first that come back by our fault; never for an exchange."""
    delivered(company, "2", "80.00", **request_)
    found = []
    for case, given in enumerate(rounds, start=1):
        asked_for = back(case, price="80.00", **{"is_credited": True, **given})
        opened(company, asked(f"a/{case}", quantity="1"))
        fault = asked_for.our_fault
        with writing(company) as connection:
            cases = table("order_cases")
            of_it = cases.c.case_number == asked_for.case
            connection.execute(update(cases).where(of_it).values(our_fault=fault))
        counted = count_refund(company, asked_for, NOW)
        found.append(str(counted.value))
        assert counted.payable == counted.value
    assert found == worth


def test_the_fee_is_bound_by_the_money_that_was_received(company: Engine) -> None:
    """R142: never above it."""
    delivered(company, "2", "80.00", paid="170.00", **SHOP)
    counted = count_refund(company, back(1, "2", "80.00", is_credited=True), NOW)
    assert (str(counted.value), str(counted.payable)) == ("176.00", "170.00")


@pytest.mark.parametrize(("quantity", "received"), [("0.5", "130"), ("0.5", "130.5")])
def test_no_part_comes_back_of_what_was_received_whole(company: Engine, quantity: str, received: str) -> None:
    """R142: sheets are counted; where a part of one was sent, a part may come back."""
    delivered(company, received)
    if received == "130":
        assert code_of(lambda: opened(company, asked(quantity=quantity))) == (Code.BAD_QUANTITY, "quantity")
    else:
        opened(company, asked(quantity=quantity))


@pytest.mark.postgresql
def test_counted_at_the_same_instant_they_come_to_the_whole(company: Engine) -> None:
    """R142: whichever is first."""
    delivered(company)
    together = Barrier(4)

    def one(number: int) -> Decimal:
        together.wait()
        return count_refund(company, back(1 + number % 2), NOW).value

    with ThreadPoolExecutor(4) as pool:
        assert sorted(set(pool.map(one, range(4)))) == [Decimal("2.50"), Decimal("2.51")]


def test_2000_sheets_of_12345_come_back(company: Engine) -> None:
    """R142: 77.00."""
    delivered(company, "12345", paid="475.28")
    counted = count_refund(company, back(1, "2000"), NOW)
    assert (counted.value, counted.payable, counted.kept_after) == (Decimal("77.00"), Decimal("77.00"), 10345)


def test_no_more_is_paid_back_than_came_in(company: Engine) -> None:
    """R142: over all cases of the order; a credit is bound by no money."""
    delivered(company, paid="3.00")
    assert count_refund(company, back(1), NOW).payable == Decimal("2.51")
    assert count_refund(company, back(2, "30"), NOW).payable == Decimal("0.49")
    assert count_refund(company, back(3, "30"), NOW).payable == Decimal("0.00")
    granted = count_refund(company, back(4, "0", amount="5.00", line=None), NOW)
    assert (granted.value, granted.payable) == (Decimal("5.00"), Decimal("0.00"))
    credit = count_refund(company, back(5, "5", is_paid=False), NOW)
    assert (credit.value > 0, credit.payable) == (True, Decimal("0.00"))
