"""Lists and inboxes: what stands in them, in which order, page by page, and that they are read along indices."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from activities.orders.views.cursors import cursor_of
from activities.orders.views.order_lists import inbox, inbox_page, list_orders
from activities.orders.views.order_search import SORTS, Wanted, find_orders
from activities.store.database import engine_at, upgrade, writing
from models.dossier.step_kinds import StepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.activities.conftest import NOW
from tests.postgres import ThrowawayPostgres

PEOPLE = ("li", "ali", "l_i", "李明", 'a"b')


KINDS = {"deposit": StepKind.DEPOSIT, "approve": StepKind.DECISION, "sheet": StepKind.SEND_SHEET}


def orders_and_steps(count: int = 40, seed: int = 7) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Orders with every value now and then missing or the same as another's, and steps open, closed and of the dead."""
    chance = random.Random(seed)
    orders, steps = [], []
    for place in chance.sample(range(1, count + 1), count):
        number = f"20270105-{place:04d}"
        orders.append(
            {
                "number": number,
                "placed_at": NOW + timedelta(hours=chance.randint(0, 5)) if chance.random() < 0.8 else None,
                "customer": f"c-{chance.randint(1, 3)}",
                "customer_name": chance.choice(("", "alpha", "beta", "beta")),
                "salesperson": chance.choice(PEOPLE),
                "headline": chance.choice(("in_production", "awaiting_deposit")),
                "ending": chance.choice((None, None, "completed")),
                "promised": date(2027, 3, chance.randint(1, 4)) if chance.random() < 0.7 else None,
                "open_balance": Decimal(chance.randint(-1, 2)) if chance.random() < 0.7 else None,
                "total": Decimal(place % 5) if place % 7 else None,
                "ended_at": NOW + timedelta(hours=place % 3) if place % 2 else None,
            }
        )
        for key in tuple(KINDS)[: chance.randint(0, 3)]:
            roles = chance.sample(
                (Role.FINANCE, Role.SERVICE_CLERK, Role.SALES_SUPERVISOR), chance.randint(1, 2)
            )
            steps.append(
                {
                    "order_number": number, "key": key, "kind": KINDS[key].value, "rule": "R33",
                    "roles": [role.value for role in roles], "people": chance.sample(PEOPLE, chance.randint(0, 2)),
                    "since": NOW, "due": NOW + timedelta(hours=chance.randint(-3, 3)), "blocking": True, "zh": "定金",
                    "en": "deposit", "command": "c", "closed_at": NOW if chance.random() < 0.3 else None,
                }
            )  # fmt: skip
    return orders, steps


ORDERS, STEPS = orders_and_steps()
LIVING = {order["number"] for order in ORDERS if order["ending"] is None}
OPEN = [step for step in STEPS if step["closed_at"] is None and step["order_number"] in LIVING]


def asked(step: dict[str, Any]) -> set[str]:
    """The roles that have it to do; finance sees money come in, whoever owes it (R53)."""
    return {*step["roles"], *(("finance",) if step["key"] == "deposit" else ())}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def listed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An order database of each kind with all of them; these tests only read."""
    url = f"sqlite:///{tmp_path_factory.mktemp('listed') / 'orders.db'}"
    if request.param == "postgresql":
        server: ThrowawayPostgres = request.getfixturevalue("postgres")
        url = server.url(server.create_database())
    upgrade(url)
    engine = engine_at(url)
    fill(engine, ORDERS, STEPS)
    yield engine
    engine.dispose()


def fill(engine: Engine, orders: list[dict[str, Any]], steps: list[dict[str, Any]]) -> None:
    with writing(engine) as connection:
        connection.execute(table("orders").insert(), orders)
        connection.execute(table("open_steps").insert(), steps)


# --- orders, page by page --------------------------------------------------------------------------------------------


def pages_of(engine: Engine, wanted: Callable[[str], Wanted]) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = find_orders(engine, wanted(cursor))
        found += [order.number for order in page.orders]
        if not (cursor := page.next):
            return found
        assert len(page.orders) == wanted("").most


def in_order(orders: list[dict[str, Any]], sort: str) -> list[str]:
    """By the value and then the number, both turned round by `-`; without a value always last."""
    name, down = sort.lstrip("-"), sort.startswith("-")
    have = sorted(
        (each for each in orders if each[name] is not None),
        key=lambda each: (each[name], each["number"]),
        reverse=down,
    )
    lack = sorted((each["number"] for each in orders if each[name] is None), reverse=down)
    return [each["number"] for each in have] + lack


@pytest.mark.parametrize("sort", [f"{way}{name}" for name in SORTS for way in ("", "-")])
def test_pages_of_orders_follow_on_whatever_they_are_sorted_by(listed: Engine, sort: str) -> None:
    for most in (1, 7, 40, 200):
        found = pages_of(listed, lambda cursor, most=most: Wanted(sort=sort, cursor=cursor, most=most))  # type: ignore[misc]
        assert found == in_order(ORDERS, sort)
    living = [each for each in ORDERS if each["ending"] is None]
    found = pages_of(listed, lambda cursor: Wanted(sort=sort, cursor=cursor, most=3, open_only=True))
    assert found == in_order(living, sort)


def test_a_listed_order_has_its_open_steps_the_first_due_first(listed: Engine) -> None:
    for order in find_orders(listed, Wanted(most=200)).orders:
        dues = [step["due"] for step in OPEN if step["order_number"] == order.number]
        assert [step.due for step in order.steps] == sorted(dues)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "cursor",
    ["xx", "W10=", cursor_of([]), cursor_of(["1"]), cursor_of(["1", None]), cursor_of(["1", "2", "3"])],
)
def test_a_cursor_that_no_page_gave_is_refused(listed: Engine, sort: str, cursor: str) -> None:
    with pytest.raises(Refusal) as refused:
        find_orders(listed, Wanted(sort=sort, cursor=cursor))
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "cursor")


@pytest.mark.parametrize(
    ("sort", "value"),
    [("placed_at", "2027-01-05T09:30:00"), ("placed_at", "soon"), ("promised", "soon"), ("open_balance", "0.001"),
     ("open_balance", "NaN"), ("number", None), ("customer_name", None)],
)  # fmt: skip
def test_a_cursor_whose_value_cannot_be_is_refused(listed: Engine, sort: str, value: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        find_orders(listed, Wanted(sort=sort, cursor=cursor_of([value, "20270105-0001"])))
    assert refused.value.code is Code.MALFORMED


# --- the list of the command line ------------------------------------------------------------------------------------


def first_due(number: str) -> datetime | None:
    return min((step["due"] for step in OPEN if step["order_number"] == number), default=None)


def ranked(orders: list[dict[str, Any]]) -> list[str]:
    """The most overdue first, those that wait for nothing last."""
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(
        (each["number"] for each in orders), key=lambda number: (first_due(number) or never, number)
    )


@pytest.mark.parametrize("most", [None, 1, 5, 39, 40, 41])
def test_the_list_is_ranked_cut_and_counted(listed: Engine, most: int | None) -> None:
    def check(orders: list[dict[str, Any]], **filters: Any) -> None:
        found = list_orders(listed, NOW, most=most, **filters)
        assert [order.number for order in found.orders] == ranked(orders)[:most]
        assert found.total == len(orders)
        for order in found.orders:
            assert order.due == first_due(order.number)

    check(ORDERS)
    check([o for o in ORDERS if "completed" in (o["headline"], o["ending"])], status="completed")
    check([o for o in ORDERS if o["customer"] == "c-2"], customer="c-2")
    check([o for o in ORDERS if o["salesperson"] == "李明"], salesperson="李明")
    late = [o for o in ORDERS if (due := first_due(o["number"])) is not None and due < NOW]
    assert late
    check(late, overdue=True)
    for_finance = {step["order_number"] for step in OPEN if "finance" in asked(step)}
    check([o for o in ORDERS if o["number"] in for_finance], waiting_role=Role.FINANCE)
    check([o for o in late if o["number"] in for_finance], waiting_role=Role.FINANCE, overdue=True)


def test_more_orders_than_are_named_one_by_one_have_their_steps(
    listed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = list_orders(listed, NOW)
    monkeypatch.setattr("activities.orders.views.order_lists._NAMED_AT_ONCE", 3)
    assert list_orders(listed, NOW) == few


# --- inboxes ---------------------------------------------------------------------------------------------------------


def to_do(
    *roles: Role, person: str | None = None, customers: tuple[str, ...] | None = None
) -> list[tuple[str, str]]:
    customer_of = {order["number"]: order["customer"] for order in ORDERS}
    found = [
        (step["due"], step["order_number"], step["key"])
        for step in OPEN
        if {role.value for role in roles} & asked(step)
        and (person is None or person in step["people"])
        and (customers is None or customer_of[step["order_number"]] in customers)
    ]
    return [(number, key) for _, number, key in sorted(found)]


def read_inbox(engine: Engine, roles: list[Role], most: int, **which: Any) -> Iterator[tuple[str, str]]:
    cursor = ""
    while True:
        page = inbox_page(engine, roles, cursor=cursor, most=most, **which)
        yield from ((step.order_number, step.key) for step in page.steps)
        if not (cursor := page.next):
            return
        assert len(page.steps) == most


@pytest.mark.parametrize("most", [1, 4, 200])
def test_an_inbox_is_the_same_page_by_page(listed: Engine, most: int) -> None:
    both = [Role.FINANCE, Role.SALES_SUPERVISOR]
    assert list(read_inbox(listed, [Role.FINANCE], most)) == to_do(Role.FINANCE)
    assert list(read_inbox(listed, both, most)) == to_do(*both)
    assert list(read_inbox(listed, both, most, customers=["c-1", "c-3"])) == to_do(
        *both, customers=("c-1", "c-3")
    )
    for person in (*PEOPLE, "%", "i", "nobody"):
        assert list(read_inbox(listed, both, most, person=person)) == to_do(*both, person=person), person
    assert list(read_inbox(listed, [], most)) == []
    assert [(step.order_number, step.key) for step in inbox(listed, Role.FINANCE)] == to_do(Role.FINANCE)


@pytest.mark.parametrize(
    "cursor",
    [
        "xx",
        cursor_of(["soon", "1", "2"]),
        cursor_of(["2027-01-05T09:30:00", "1", "2"]),
        cursor_of([None, "1", "2"]),
    ],
)
def test_an_inbox_cursor_that_no_page_gave_is_refused(listed: Engine, cursor: str) -> None:
    with pytest.raises(Refusal) as refused:
        inbox_page(listed, [Role.FINANCE], cursor=cursor)
    assert refused.value.code is Code.MALFORMED


# --- along indices ---------------------------------------------------------------------------------------------------


def plans(engine: Engine, work: Callable[[], object]) -> list[str]:
    """How SQLite reads what `work` asks, one text a statement."""
    asked: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    work()
    event.remove(engine, "before_cursor_execute", hear)
    with engine.connect() as connection:
        return [
            "\n".join(
                row[3] for row in connection.exec_driver_sql(f"explain query plan {statement}", parameters)
            )
            for statement, parameters in asked
            if statement.startswith("SELECT")
        ]


def test_a_page_is_read_along_an_index_and_sorts_nothing(tmp_path: Any) -> None:
    """A list that is sorted whole for each page of it costs more with each order that was ever placed."""
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    upgrade(url)
    engine = engine_at(url)
    fill(engine, ORDERS, STEPS)
    following = find_orders(engine, Wanted(most=5)).next
    for wanted in (
        Wanted(), Wanted(sort="number"), Wanted(sort="promised"), Wanted(sort="-promised"),
        Wanted(sort="promised", open_only=True), Wanted(cursor=following, most=5),
    ):  # fmt: skip
        first, *_, steps = plans(engine, lambda wanted=wanted: find_orders(engine, wanted))  # type: ignore[misc]
        assert "USING INDEX" in first, wanted
        assert "TEMP B-TREE" not in first, wanted
        assert "ix_open_steps_first_due" in steps
    (page,) = plans(engine, lambda: inbox_page(engine, [Role.FINANCE], most=100))
    assert "ix_open_steps_inbox" in page
    assert "TEMP B-TREE" not in page
    ranking, *_ = plans(engine, lambda: list_orders(engine, NOW, most=50))
    assert "ix_open_steps_first_due" in ranking
    engine.dispose()
