"""Rows that nobody should have written: shown as they are, and none of them hides another one (R20)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text, update

from activities.orders.views.order_glimpse import glances
from activities.orders.views.order_lists import inbox_page, list_orders
from activities.orders.views.order_search import Wanted, find_orders
from activities.orders.views.order_views import show_order
from activities.reminders.reminder_pages import ReminderPage, Reminding, preview
from activities.reports.report_maker import report_of
from activities.store.database import writing
from models.dossier.journal import EntryKind
from models.reports.balance_reminder import ReminderPolicy
from models.reports.report import ReportKind
from models.tables.registry import table
from models.values.calendar import ONE_DAY
from models.values.vocabulary import Role
from tests.activities.test_reminding import NOTICE, record
from tests.models.life import Life

BAD, GOOD = "20270301-0001", "20270301-0002"
HUGE = Decimal("19999999999.98")
"""Twice the largest amount, as two lines of a customer's order came to."""


@pytest.fixture
def both(engine: Engine, tmp_path: Path) -> Engine:
    """Two orders alike, unpaid and in the warehouse, of two customers."""
    record(engine, tmp_path, Life().in_warehouse(), number=BAD)
    record(engine, tmp_path, Life().in_warehouse(), number=GOOD, customer="K-2")
    return engine


def spoil(engine: Engine, name: str, **values: Any) -> None:
    """Something else stands in the rows of the one order."""
    rows = table(name)
    own = rows.c.number if name == "orders" else rows.c.order_number
    with writing(engine) as connection:
        connection.execute(update(rows).where(own == BAD).values(**values))


def seen(engine: Engine) -> dict[str, Any]:
    """Every list, with the orders that stand in it."""
    listed = list_orders(engine, Life().now).orders
    found = find_orders(engine, Wanted()).orders
    return {
        "list": sorted(each.number for each in listed),
        "search": sorted(each.number for each in found),
        "inbox": sorted({step.order_number for step in inbox_page(engine, list(Role)).steps}),
        "glances": sorted(glances(engine, [BAD, GOOD])),
        "pages": [show_order(engine, number).order.number for number in (BAD, GOOD)],
        "json": [bool(show_order(engine, number).model_dump_json()) for number in (BAD, GOOD)],
    }


WHOLE = {
    "list": [BAD, GOOD],
    "search": [BAD, GOOD],
    "inbox": [BAD, GOOD],
    "glances": [BAD, GOOD],
    "pages": [BAD, GOOD],
    "json": [True, True],
}
AMOUNTS = ("total", "bill", "paid", "open_balance", "deposit_due")


@pytest.mark.parametrize("amount", [HUGE, -HUGE, Decimal("90000000000000000.00")])
def test_amounts_beyond_every_limit_are_shown_as_they_are(
    both: Engine, tmp_path: Path, amount: Decimal
) -> None:
    spoil(both, "orders", **dict.fromkeys(AMOUNTS, amount))
    spoil(
        both,
        "order_lines",
        amount=amount,
        unit_price=Decimal("99999999999.999999"),
        tolerance_percent=Decimal(900),
    )
    spoil(both, "payments", amount=amount)
    assert seen(both) == WHOLE
    view = show_order(both, BAD)
    assert [getattr(view.order, name) for name in AMOUNTS] == [amount] * len(AMOUNTS)
    assert (view.payments[0].amount, str(view.lines[0].unit_price)) == (amount, "99999999999.999999")
    reminded = {
        letter.customer: letter.total for letter in preview(both, NOTICE + 3 * ONE_DAY, ReminderPolicy())
    }
    assert reminded == (
        {"K-1": amount, "K-2": Decimal("3500.00")} if amount > 0 else {"K-2": Decimal("3500.00")}
    )
    assert Reminding(both, tmp_path / "none.toml").remind_page(
        ReminderPage(day=NOTICE + 3 * ONE_DAY)
    ).letters == len(reminded)
    for kind in ReportKind:
        assert report_of(both, kind, NOTICE + 4 * ONE_DAY).kind is kind


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("open_steps", {"roles": "service_clerk"}),
        ("open_steps", {"roles": None, "people": {"a": 1}}),
        ("open_steps", {"kind": "of_a_newer_program", "rule": "R999"}),
        ("orders", {"headline": "of_a_newer_program", "phase": "elsewhere", "terms": "barter", "customer_class": "Z"}),
        ("order_lines", {"unit": "bushel"}),
        ("payments", {"method": "shells", "purpose": "fun"}),
        ("promises", {"cause": "of_a_newer_program"}),
    ],
)  # fmt: skip
def test_words_of_another_program_hide_nothing(both: Engine, name: str, values: dict[str, Any]) -> None:
    spoil(both, name, **values)
    found = seen(both)
    if name == "open_steps" and "roles" in values:
        assert GOOD in found.pop("inbox"), "who it waits for is not known, so it is in nobody's inbox"
        assert found == {key: value for key, value in WHOLE.items() if key != "inbox"}
    else:
        assert found == WHOLE
    for kind in ReportKind:
        assert report_of(both, kind, NOTICE + 4 * ONE_DAY).kind is kind


def test_an_entry_of_a_newer_program_is_marked_and_the_rest_of_the_journal_is_there(
    engine: Engine, tmp_path: Path
) -> None:
    life = Life().in_warehouse()
    number = record(engine, tmp_path, life)
    journal = table("journal")
    with writing(engine) as connection:
        for entry in life.order.unsaved:
            values = entry.model_dump() | {"order_number": number, "epoch": 0}
            connection.execute(
                journal.insert().values(**{**values, "kind": entry.kind.value, "role": entry.role.value})
            )
        connection.execute(update(table("orders")).values(head=life.order.head))
        connection.execute(update(journal).where(journal.c.sequence == 3).values(kind="of_a_newer_program"))
    entries = show_order(engine, number).journal
    assert len(entries) == len(life.order.unsaved)
    assert (entries[2].kind, entries[2].data["code"]) == (EntryKind.REFUSED, "fault")
    assert "of_a_newer_program" in entries[2].data["en"]


@pytest.mark.parametrize(
    ("name", "column"),
    [("orders", "total"), ("order_lines", "unit_price"), ("order_lines", "quantity"), ("order_lines", "tolerance_percent"),
     ("payments", "amount"), ("orders", "open_balance")],
)  # fmt: skip
def test_a_figure_that_is_none_is_shown_as_such(both: Engine, name: str, column: str) -> None:
    """SQLite keeps whatever it is given; PostgreSQL only where a column holds text."""
    if both.dialect.name != "sqlite" and column != "tolerance_percent":
        pytest.skip("this database takes no such value")
    own = "number" if name == "orders" else "order_number"
    with writing(both) as connection:
        connection.execute(text(f"update {name} set {column} = 'many' where {own} = '{BAD}'"))
    assert seen(both) == WHOLE
    assert "NaN" in show_order(both, BAD).model_dump_json()
    assert [letter.customer for letter in preview(both, NOTICE + 3 * ONE_DAY, ReminderPolicy())][-1] == "K-2"
