"""The fee of an approved sample is credited to one order, whoever enters theirs first; decided in the database, on both (R130)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine, select, update

from activities.orders.requests import open_request
from activities.store.database import reading, writing
from activities.store.imports import CustomerRow, import_customers
from models.policy import Policy
from models.tables.registry import table
from models.values.errors import Code, Refusal
from tests.activities.conftest import NOW, order_request

SAMPLE = "20270101-0001"
FEE = Decimal("120.00")
AT_ONCE = 8


def sampled(
    engine: Engine,
    *,
    approved: datetime | None = NOW - timedelta(days=3),
    paid: Decimal = FEE,
    fulfilment: str = "sample",
    customer: str = "c-1",
) -> None:
    """A sample that was tried and paid, and has ended."""
    placed = NOW - timedelta(days=20)
    with writing(engine) as connection:
        connection.execute(
            table("requests").insert().values(
                request_id=SAMPLE, customer=customer, content_hash="-", number=SAMPLE, placed_at=placed,
                start={"request": {"fulfilment": fulfilment}},
            )
        )  # fmt: skip
        connection.execute(
            table("orders").insert().values(
                number=SAMPLE, customer=customer, customer_name="甲公司", salesperson="s-7", paid=paid, bill=FEE,
                ended_at=NOW, ending="settled", sequence=1, head="-", epoch=0, placed_at=placed,
            )
        )  # fmt: skip
        connection.execute(
            table("decisions").insert().values(
                order_number=SAMPLE, key="trial", version=1, subject="trial", asked_at=placed, about={}, answers=[],
                outcome="approve" if approved else "refuse", decided_at=approved or NOW,
            )
        )  # fmt: skip


def credited(engine: Engine, request_id: str, at: datetime = NOW) -> Decimal:
    """What a new order by the sample is credited."""
    request = order_request(request_id=request_id, sample=SAMPLE)
    return open_request(engine, request, at, Policy())[0].sample_credit


def test_the_fee_is_credited_to_the_first_order_and_to_no_other(company: Engine) -> None:
    sampled(company)
    assert [credited(company, f"r/{number}") for number in range(3)] == [FEE, 0, 0]
    assert credited(company, "r/0") == FEE  # sent again it is the same order
    with reading(company) as connection:
        (row,) = connection.execute(select(table("sample_credits"))).mappings()
    assert (row["sample_number"], row["amount"]) == (SAMPLE, FEE)


def test_of_many_orders_at_the_same_instant_one_has_it(company: Engine) -> None:
    sampled(company)
    together = Barrier(AT_ONCE)

    def enters(number: int) -> Decimal:
        together.wait()
        return credited(company, f"r/{number}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        given = list(pool.map(enters, range(AT_ONCE)))
    assert sorted(given) == [0] * (AT_ONCE - 1) + [FEE]


def test_an_order_that_came_to_nothing_gives_it_back(company: Engine) -> None:
    sampled(company)
    assert credited(company, "r/1") == FEE
    orders = table("orders")
    with writing(company) as connection:
        connection.execute(update(orders).where(orders.c.number != SAMPLE).values(ending="cancelled"))
    assert credited(company, "r/2") == FEE


@pytest.mark.parametrize(("days", "given"), [(90, FEE), (91, Decimal(0))])
def test_it_is_credited_within_ninety_days_of_the_approval(
    company: Engine, days: int, given: Decimal
) -> None:
    sampled(company, approved=NOW - timedelta(days=days))
    assert credited(company, "r/1") == given


def test_no_more_is_credited_than_was_paid(company: Engine) -> None:
    sampled(company, paid=Decimal("0.00"))
    assert credited(company, "r/1") == 0
    orders = table("orders")
    with writing(company) as connection:
        connection.execute(update(orders).where(orders.c.number == SAMPLE).values(paid=Decimal("50.00")))
    assert credited(company, "r/2") == Decimal("50.00")


@pytest.mark.parametrize("what", ["of another customer", "no sample", "not approved", "unknown"])
def test_what_is_no_approved_sample_of_the_customer_is_refused(company: Engine, what: str) -> None:
    import_customers(company, [CustomerRow(customer="c-2", name="别家")])
    if what == "of another customer":
        sampled(company, customer="c-2")
    elif what == "no sample":
        sampled(company, fulfilment="make_to_order")
    elif what == "not approved":
        sampled(company, approved=None)
    with pytest.raises(Refusal) as refused:
        credited(company, "r/1")
    assert (refused.value.code, refused.value.where) == (Code.CONTRADICTION, "sample")
    with reading(company) as connection:
        assert connection.scalar(select(table("sample_credits").c.amount)) is None
