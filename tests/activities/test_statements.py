"""R53, R80: statements of account from recorded orders: in every life that stories tell they come to what the orders say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from activities.company.recorded_orders import recorded_orders
from activities.company.statements import account_of, usual_period
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, upgrade, writing
from activities.store.imports import CustomerRow, import_customers
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import changed_rows
from models.reports.order_movements import MovementKind, movements_of
from models.reports.statement import accounts_of
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import script_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
EVER = date(2020, 1, 1), date(2040, 1, 1)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, dict[str, str], list[str]]:
    """Every story's order as it was recorded: the database, number by story, and the customers."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lived') / 'orders.db'}"
    upgrade(url)
    engine, company, numbers, customers = engine_at(url), read_company(STORIES), {}, dict[str, str]()
    for place, path in enumerate(story_files([STORIES]), start=1):
        number = f"20270101-{place:04d}"
        played = play(script_of(read_story(path), company, NOW), number)
        order = played.order
        assert order is not None
        rows, _ = changed_rows(order, {})
        Recorder(engine).record(
            Burst(
                order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=played.journal, rows=rows,
                intentions=order.unsent,
            )
        )  # fmt: skip
        if order.sample_credit:  # a story names the fee alone; placing keeps whose it is
            with writing(engine) as connection:
                connection.execute(
                    table("sample_credits")
                    .insert()
                    .values(
                        sample_number=f"sample of {number}",
                        order_number=number,
                        amount=order.sample_credit,
                        credited_at=NOW,
                    )
                )
        numbers[path.stem] = number
        customers[order.customer.customer] = order.customer.name
    import_customers(engine, [CustomerRow(customer=key, name=name) for key, name in customers.items()])
    return engine, numbers, list(customers)


@pytest.mark.endurance
def test_every_life_comes_to_its_own_open_balance(lived: tuple[Engine, dict[str, str], list[str]]) -> None:
    engine, numbers, customers = lived
    stories = {number: story for story, number in numbers.items()}
    seen: set[MovementKind] = set()
    for customer in customers:
        with reading(engine) as connection:
            orders = recorded_orders(connection, customer)
        for order in orders:
            found = list(movements_of(order))
            seen |= {each.kind for each in found}
            assert MovementKind.DIFFERENCE not in {each.kind for each in found}, (
                stories[order.number],
                found,
            )
            for account in accounts_of([order]):
                assert account.to_deliver >= ZERO, (stories[order.number], order, found)
                if order.left_or_here:
                    here = order.left_or_here - order.left
                    assert account.to_deliver == here, (stories[order.number], order, found)
                if order.ended_on is not None:
                    assert account.to_deliver == ZERO, (stories[order.number], order, found)
    assert seen == set(MovementKind) - {MovementKind.DIFFERENCE, MovementKind.CREDITED}


def test_a_customers_account_adds_up(lived: tuple[Engine, dict[str, str], list[str]]) -> None:
    engine, _, customers = lived
    for customer in customers:
        whole = account_of(engine, customer, *EVER)
        found = whole.statement
        assert found.opening == ZERO
        assert found.charged - found.received == found.closing == whole.today, customer
        middle = date(2026, 12, 15)
        before = account_of(engine, customer, EVER[0], middle).statement
        after = account_of(engine, customer, date(2026, 12, 16), EVER[1]).statement
        assert (before.closing, after.closing) == (after.opening, found.closing)
        assert len(before.lines) + len(after.lines) == len(found.lines)


def of_story(lived: tuple[Engine, dict[str, str], list[str]], story: str) -> list[tuple[str, Decimal]]:
    engine, numbers, customers = lived
    for customer in customers:
        with reading(engine) as connection:
            for order in recorded_orders(connection, customer):
                if order.number == numbers[story]:
                    return [(each.kind.value, each.amount) for each in movements_of(order)]
    raise AssertionError(story)


def test_a_statement_is_of_a_customer_who_is_known(lived: tuple[Engine, dict[str, str], list[str]]) -> None:
    with pytest.raises(Refusal) as unknown:
        account_of(lived[0], "nobody", *EVER)
    assert unknown.value.code is Code.UNKNOWN_CUSTOMER


def test_the_month_before_is_the_usual_period() -> None:
    assert usual_period(date(2027, 3, 5)) == (date(2027, 2, 1), date(2027, 2, 28))
    assert usual_period(date(2027, 1, 1)) == (date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("story", "wanted"),
    [
        (
            "bounced-then-too-much",
            "delivered 5000 paid -1500 paid -3500 bounced 3500 paid -3600 refunded 100",
        ),
        (
            "typed-wrong-and-corrected",
            "delivered 5000 paid -1500 bounced 1500 paid -15000 corrected 15000 paid -1500 paid -3500",
        ),
        ("dead-with-money", "delivered 5000 taken_off -5000 paid -1500 paid -3500 refunded 4840 cost 160"),
        ("rest-cancelled", "delivered 2000 paid -1500 paid -2000 cost 600 refunded 900"),
        ("cancelled-after-production", "paid -1500 refunded 300 cost 1200"),
        ("lost-on-the-way", "delivered 5000 taken_off -5000 paid -1500 paid -3500 refunded 5000"),
        ("arrived-short", "delivered 5000 delivered 100 taken_off -100 paid -1500 paid -3500"),
        (
            "told-to-another-order",
            "delivered 5000 moved_in -1500 paid -1500 paid -3600 moved_out 1500 moved_out 100",
        ),
        ("shop-completed-by-silence", "delivered 176 paid -176"),
        ("shop-paid-twice", "paid -176 paid -176 refunded 176 refunded 176"),
        ("shop-merchant-refuses", "paid -176 refunded 176"),
    ],
)
def test_the_account_of_a_life_by_hand(
    lived: tuple[Engine, dict[str, str], list[str]], story: str, wanted: str
) -> None:
    told = " ".join(f"{kind} {amount:.0f}" for kind, amount in of_story(lived, story))
    assert told == wanted


def test_what_a_case_pays_back_stands_on_the_statement_before_and_after_the_end(
    lived: tuple[Engine, dict[str, str], list[str]],
) -> None:
    """R142, R164: 77.00 off the bill and 77.00 paid back; nothing is open, and no difference is left unexplained."""
    engine, numbers, customers = lived
    alive, ended = numbers["credited-by-a-case"], numbers["receipt-confirmed"]
    with writing(engine) as connection:
        end = connection.execute(
            select(table("orders").c.ended_at).where(table("orders").c.number == ended)
        ).scalar_one()
        connection.execute(
            table("case_refunds").insert().values(
                case_number="C-1", round=0, order_number=ended, line=1, quantity=Decimal("10.000"),
                kept_before=Decimal("1000.000"), kept_after=Decimal("990.000"), value=Decimal("50.00"),
                payable=Decimal("50.00"), credited=True, counted_at=end + timedelta(days=3),
            )
        )  # fmt: skip
    with reading(engine) as connection:
        orders = {each.number: each for who in customers for each in recorded_orders(connection, who)}
    found = {number: list(movements_of(orders[number])) for number in (alive, ended)}
    for number, amount in ((alive, "77.00"), (ended, "50.00")):
        moved = [(each.kind, each.amount) for each in found[number]]
        assert (MovementKind.TAKEN_OFF, -Decimal(amount)) in moved
        assert (MovementKind.REFUNDED, Decimal(amount)) in moved
        assert sum(each.amount for each in found[number]) == ZERO
        assert MovementKind.DIFFERENCE not in {each.kind for each in found[number]}
