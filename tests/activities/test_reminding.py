"""Reminders on a real order database: pages, holidays, pauses, twice, and the letter in print (R51, R54)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from activities.database import reading, writing
from activities.document_store import DocumentStore
from activities.imports import CalendarDayRow, import_calendar_days
from activities.notice_texts import NoticeTexts
from activities.outbox_folder import OutboxFolder
from activities.post_office import PostOffice
from activities.press import Press
from activities.record import Recorder
from activities.reminding import (
    CUSTOMERS_AT_ONCE,
    ReminderPage,
    ReminderProgress,
    Reminding,
    pause,
    preview,
    reminders_of,
)
from activities.routing import Router
from activities.typesetting import Typesetter
from models.journal import FIRST_LINK
from models.notices import Channel, NoticeTable
from models.recording import Burst
from models.reminders import ReminderPolicy
from models.rows import rows_of
from models.tables import table
from models.vocabulary import Language
from tests.models.life import MONDAY, Life

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
NOTICE = MONDAY.date()
"""A Monday; the first reminder is due on the Thursday after."""


def record(engine: Engine, folder: Path, life: Life, number: str = "", customer: str = "") -> str:
    """The order as it is now, under another number and customer where asked."""
    order = life.order.model_copy(deep=True)
    order.number = number or order.number
    if customer:
        order.customer = order.customer.model_copy(update={"customer": customer, "name": customer})
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=[], rows=rows_of(order),
        intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)
    return order.number


@pytest.fixture
def reminding(engine: Engine, tmp_path: Path) -> Reminding:
    """With the default ladder of 3, 7 and 14 days."""
    return Reminding(engine, tmp_path / "no-policy.toml")


def on(reminding: Reminding, days: int) -> ReminderProgress:
    """One page, so many days after the notice."""
    return reminding.remind_page(ReminderPage(day=NOTICE + timedelta(days=days)))


def posted(engine: Engine, folder: Path) -> list[str]:
    """Print, route and send what is due; the states of all deliveries."""
    store = DocumentStore(folder / "documents")
    Press(engine, Typesetter(TEMPLATES, Language.ZH), store).print_due()
    senders = {Channel.FOLDER: OutboxFolder(folder / "outbox")}
    Router(engine, NoticeTable, set(senders)).route_due()
    PostOffice(engine, NoticeTexts(TEMPLATES.parent / "notices", Language.ZH), senders, store).send_due()
    with reading(engine) as connection:
        return list(connection.scalars(select(table("deliveries").c.state)))


def test_the_ladder_is_climbed_until_the_balance_is_paid(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    life = Life().in_warehouse()
    number = record(engine, tmp_path, life)
    sent = {}
    for days in (0, 2, 3, 4, 7, 8, 14, 15):
        sent[days] = on(reminding, days).letters
        posted(engine, tmp_path)
    assert sent == {0: 0, 2: 0, 3: 1, 4: 0, 7: 1, 8: 0, 14: 1, 15: 0}
    assert [(each.level, (each.day - NOTICE).days) for each in reminders_of(engine, number)] == [
        (1, 3),
        (2, 7),
        (3, 14),
    ]
    texts = [file.read_text() for file in sorted((tmp_path / "outbox").glob("*balance_reminder*"))]
    assert len(texts) == 3
    assert "¥3,500.00" in texts[0]


def test_the_next_level_waits_until_the_letter_before_has_left(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """R51: a channel that is down delays the ladder; it never sends two levels at once."""
    record(engine, tmp_path, Life().in_warehouse())
    assert [on(reminding, days).letters for days in (3, 7, 8)] == [1, 0, 0]
    assert posted(engine, tmp_path) == ["sent"]
    assert [on(reminding, days).letters for days in (9, 10)] == [1, 0]


def test_a_letter_that_was_overtaken_by_the_payment_is_withdrawn_and_the_level_not_counted(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """R51: it stops the moment it is paid; what the customer still owes is asked for the next day."""
    life = Life().in_warehouse()
    first = record(engine, tmp_path, life)
    second = record(engine, tmp_path, life, number="20270301-0002")
    assert on(reminding, 3).letters == 1
    with writing(engine) as connection:
        steps = table("open_steps")
        connection.execute(
            update(steps)
            .where(steps.c.order_number == second, steps.c.key == "balance")
            .values(closed_at=MONDAY)
        )
    assert posted(engine, tmp_path) == ["withdrawn"]
    assert reminders_of(engine, first) == []
    assert on(reminding, 4).letters == 1
    assert sorted(posted(engine, tmp_path)) == ["sent", "withdrawn"]


def test_a_paid_balance_is_left_alone(reminding: Reminding, engine: Engine, tmp_path: Path) -> None:
    life = Life().in_warehouse()
    record(engine, tmp_path, life)
    paid = life.paid("3500.00").order
    paid.number = "20270301-0002"
    record(engine, tmp_path, life, number="20270301-0002", customer="K-9")
    assert [letter.customer for letter in preview(engine, NOTICE + timedelta(days=3), ReminderPolicy())] == [
        "K-1"
    ]


def test_a_page_done_twice_sends_once(reminding: Reminding, engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().in_warehouse())
    assert [on(reminding, 3).letters, on(reminding, 3).letters] == [1, 0]
    assert posted(engine, tmp_path) == ["sent"]


def test_nothing_is_sent_on_holidays_and_the_next_day_makes_it_good(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    record(engine, tmp_path, Life().in_warehouse())
    import_calendar_days(engine, [CalendarDayRow(day=NOTICE + timedelta(days=3), working=False)])
    assert on(reminding, 3) == ReminderProgress(is_holiday=True)
    assert on(reminding, 4).letters == 1
    assert on(reminding, 5).is_holiday


def test_one_letter_a_customer_and_an_order_on_hold_is_left_alone(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    for n in range(1, 4):
        record(engine, tmp_path, Life().in_warehouse(), number=f"20270301-000{n}")
    held = Life().in_warehouse().does("hold_placed", reason="纠纷")
    record(engine, tmp_path, held, number="20270301-0009")
    found = preview(engine, NOTICE + timedelta(days=3), ReminderPolicy())
    assert [len(letter.balances) for letter in found] == [3]
    assert on(reminding, 3).letters == 1


def test_exempted_or_promised_nothing_goes_out_and_a_broken_promise_is_said(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    number = record(engine, tmp_path, Life().in_warehouse())
    pause(engine, "K-1", NOTICE + timedelta(days=4), promised=True, reason="电话承诺", by="li")
    assert on(reminding, 3).letters == on(reminding, 4).letters == 0
    day = NOTICE + timedelta(days=7)
    assert preview(engine, day, ReminderPolicy())[0].balances[0].promise_broken
    pause(engine, number, NOTICE + timedelta(days=9), promised=False, reason="对账", by="qian")
    assert on(reminding, 7).letters == 0
    assert on(reminding, 10).letters == 1


def test_on_account_counts_from_the_due_day(reminding: Reminding, engine: Engine, tmp_path: Path) -> None:
    """R54"""
    life = Life(customer={"customer_class": "A"}, payment_terms="on_account").verified().sheet_out().signed()
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
    life.does("delivery_receipt", signed_by="王芳")
    record(engine, tmp_path, life)
    due = date(2027, 3, 31)
    assert not preview(engine, due, ReminderPolicy())
    assert preview(engine, due + timedelta(days=3), ReminderPolicy())


def test_many_customers_are_taken_page_by_page(reminding: Reminding, engine: Engine, tmp_path: Path) -> None:
    life = Life().in_warehouse()
    for n in range(CUSTOMERS_AT_ONCE + 5):
        record(engine, tmp_path, life, number=f"20270301-{n:04d}", customer=f"K-{n:04d}")
    day = NOTICE + timedelta(days=3)
    first = reminding.remind_page(ReminderPage(day=day))
    assert (first.letters, first.after_customer) == (CUSTOMERS_AT_ONCE, f"K-{CUSTOMERS_AT_ONCE - 1:04d}")
    rest = reminding.remind_page(ReminderPage(day=day, after_customer=first.after_customer))
    assert (rest.letters, rest.after_customer) == (5, "")


@pytest.mark.parametrize("language", list(Language))
def test_the_letter_is_printed(
    reminding: Reminding, engine: Engine, tmp_path: Path, language: Language
) -> None:
    record(engine, tmp_path, Life().in_warehouse())
    for days in (3, 7, 14):
        on(reminding, days)
        posted(engine, tmp_path)
    with writing(engine) as connection:
        connection.execute(update(table("outbox")).values(document=None))
    press = Press(engine, Typesetter(TEMPLATES, language), DocumentStore(tmp_path / "documents"))
    made = [each for each in press.print_due() if each.paper == "balance_reminder"]
    assert [each.problem for each in made] == [None] * 3
    assert len({each.document for each in made}) == 3
