"""Orders are spread over those who have the role, counted with the placing, on both databases (R131)."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, delete, select, update

from activities.orders.assigning import assign_as_placed
from activities.orders.order_check import check_draft
from activities.orders.requests import open_request
from activities.store.absences import keep_absence
from activities.store.database import reading, writing
from activities.store.imports import (
    CustomerRow,
    PriceRow,
    StaffRow,
    import_customers,
    import_prices,
    import_staff,
)
from models.absences import Absence
from models.policy import Policy
from models.request.order_draft import draft_of
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.vocabulary import Role, Unit
from tests.activities.conftest import NOW, order_request

POLICY = Policy()
_CLERK = (Role.SERVICE_CLERK,)
_PLACER = """
import sys
from datetime import datetime, UTC
from activities.orders.requests import open_request
from activities.store.database import engine_at
from models.policy import Policy
from tests.activities.conftest import NOW, order_request
engine = engine_at(sys.argv[1])
for number in range(int(sys.argv[3])):
    open_request(engine, order_request(request_id=f"{sys.argv[2]}-{number}"), NOW, Policy())
"""


def clerks(engine: Engine, *rows: StaffRow) -> None:
    with writing(engine) as connection:
        connection.execute(
            update(table("staff")).where(table("staff").c.person == "s-2").values(roles=["finance"])
        )
    import_staff(
        engine, list(rows) or [StaffRow(person=f"k-{n}", name=f"{n}", roles=_CLERK) for n in (1, 2, 3)]
    )


def clerk_of(engine: Engine, request: OrderRequest) -> str:
    return open_request(engine, request, NOW, POLICY)[0].staff.person(Role.SERVICE_CLERK)


def spread(engine: Engine) -> list[int]:
    given = table("order_assignments")
    with reading(engine) as connection:
        found = connection.scalars(select(given.c.person).where(given.c.role == "service_clerk"))
        return sorted(Counter(found).values(), reverse=True)


def test_a_hundred_orders_of_three_clerks_placed_at_once(company: Engine) -> None:
    """R131: 34, 33, 33, however many place at the same time."""
    clerks(company)
    with ThreadPoolExecutor(6) as placers:
        list(placers.map(lambda n: clerk_of(company, order_request(request_id=f"r-{n}")), range(100)))
    assert spread(company) == [34, 33, 33]


def test_two_processes_that_place_at_once_count_each_other(company: Engine) -> None:
    clerks(company)
    url = company.url.render_as_string(hide_password=False)
    placers = [
        subprocess.Popen([sys.executable, "-c", _PLACER, url, name, "10"]) for name in ("first", "second")
    ]
    assert [placer.wait() for placer in placers] == [0, 0]
    assert spread(company) == [7, 7, 6]


def test_the_same_request_again_is_counted_once(company: Engine) -> None:
    clerks(company)
    for _ in range(3):
        clerk_of(company, order_request())
    assert spread(company) == [1]


def test_ended_orders_count_no_more(company: Engine) -> None:
    """The least *open* orders: who has finished theirs gets the next one."""
    clerks(company)
    assert [clerk_of(company, order_request(request_id=f"r-{n}")) for n in range(4)] == [
        "k-1",
        "k-2",
        "k-3",
        "k-1",
    ]
    orders = table("orders")
    with writing(company) as connection:
        ended = orders.c.number.in_(["20270105-0001", "20270105-0004"])
        connection.execute(update(orders).where(ended).values(ending="settled"))
    assert clerk_of(company, order_request(request_id="r-9")) == "k-1"


def marked(engine: Engine) -> dict[str, bool]:
    given = table("order_assignments")
    with reading(engine) as connection:
        query = select(given.c.order_number, given.c.ended).where(given.c.role == "service_clerk")
        return {row.order_number: row.ended for row in connection.execute(query)}


def test_the_mark_of_an_ended_order_follows_whoever_writes(company: Engine) -> None:
    """R131: it ends, is open again after a repair, and is assigned anew when it has ended; none of these says so itself."""
    clerks(company)
    for place in range(2):
        clerk_of(company, order_request(request_id=f"r-{place}"))
    first, second = "20270105-0001", "20270105-0002"
    orders, given = table("orders"), table("order_assignments")
    assert marked(company) == {first: False, second: False}
    for ending in ("settled", "cancelled", None, "settled"):
        with writing(company) as connection:
            connection.execute(update(orders).where(orders.c.number == first).values(ending=ending))
        assert marked(company) == {first: ending is not None, second: False}
    with writing(company) as connection:
        connection.execute(delete(given))
        for number in (first, second):
            assign_as_placed(connection, number)
    assert marked(company) == {first: True, second: False}


def test_product_type_region_and_the_customers_own_clerk(company: Engine) -> None:
    """R131: the customer's own person; else who covers type and region; a draft shows the same salesperson."""
    clerks(
        company,
        StaffRow(person="k-1", name="1", roles=_CLERK),
        StaffRow(person="k-2", name="2", roles=_CLERK, product_types=("热敏",)),
        StaffRow(person="k-3", name="3", roles=_CLERK, product_types=("热敏",), regions=("华南",)),
        StaffRow(person="s-8", name="8", roles=(Role.SALESPERSON,), regions=("华南",)),
    )
    import_prices(
        company,
        [
            PriceRow(
                product="P-3", unit=Unit.ROLL, unit_price=Decimal("5.00"), valid_from=date(2027, 1, 1), product_type="热敏"
            )
        ],
    )  # fmt: skip
    import_customers(
        company,
        [
            CustomerRow(customer="south", name="南", region="华南"),
            CustomerRow(customer="north", name="北", region="华北"),
            CustomerRow(customer="own", name="自", region="华南", service_clerk="k-1"),
        ],
    )

    def asked(customer: str, product: str, number: int) -> OrderRequest:
        line = {"line": 1, "product": product, "quantity": "10", "unit": "roll", "unit_price": "5.00"}
        return order_request(request_id=f"{customer}-{number}", customer=customer, lines=[line])

    for number in range(3):
        assert clerk_of(company, asked("south", "P-3", number)) == "k-3"
        assert clerk_of(company, asked("north", "P-3", number)) == "k-2"
        assert clerk_of(company, asked("north", "P-1", 20 + number)) == "k-1"
        assert clerk_of(company, asked("own", "P-3", 10 + number)) == "k-1"
    checked = check_draft(company, draft_of(asked("south", "P-3", 9).model_dump(mode="json")), NOW, POLICY)
    assert checked.salesperson == "s-8"


def test_who_is_away_gets_no_new_order(company: Engine) -> None:
    """R131: among those present."""
    clerks(company)
    today = NOW.date()
    keep_absence(
        company, Absence(person="k-2", first_day=today, last_day=today + timedelta(days=3)), "k-2", NOW
    )
    found = [clerk_of(company, order_request(request_id=f"r-{n}")) for n in range(4)]
    assert found == ["k-1", "k-3", "k-1", "k-3"]
