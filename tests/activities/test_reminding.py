"""Reminders on a real order database: pages, holidays, pauses, twice, and the letter in print (R51, R54)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select, update

from activities.documents.document_store import DocumentStore
from activities.documents.press import Press
from activities.documents.typesetting import Typesetter
from activities.facts.desk_steps import open_desk_steps
from activities.notices.channels import Sender
from activities.notices.deliveries import give_up_address, settle, supply_address
from activities.notices.notice_texts import NoticeTexts
from activities.notices.outbox import enter_row
from activities.notices.outbox_folder import OutboxFolder
from activities.notices.post_office import PostOffice
from activities.notices.routing import Router
from activities.orders.recording.recorder import Recorder
from activities.reminders.reminder_letters import withdraw
from activities.reminders.reminder_pages import (
    CUSTOMERS_AT_ONCE,
    ReminderPage,
    ReminderProgress,
    Reminding,
    _enter,
    balances_of,
    pause,
    preview,
    reminders_of,
)
from activities.store.database import reading, writing
from activities.store.imports import CalendarDayRow, StaffRow, import_calendar_days, import_staff
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.reports.balance_reminder import LADDER, ReminderPolicy
from models.reports.notice_routes import Channel, DeliveryState, NoticeTable
from models.tables.registry import table
from models.values.calendar import at
from models.values.vocabulary import Language, Role, Words
from tests.activities.mailbox import Mailbox, smtp
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


def pay(engine: Engine, number: str) -> None:
    """Its balance is open no longer."""
    with writing(engine) as connection:
        steps = table("open_steps")
        connection.execute(
            update(steps)
            .where(steps.c.order_number == number, steps.c.key == "balance")
            .values(closed_at=MONDAY)
        )


def posted(
    engine: Engine,
    folder: Path,
    now: datetime = MONDAY,
    notices: NoticeTable | None = None,
    senders: Mapping[Channel, Sender] | None = None,
) -> list[str]:
    """Print, route and send what is due at a moment; the states of all deliveries."""
    store, table_of = DocumentStore(folder / "documents"), notices or NoticeTable()
    Press(engine, Typesetter(TEMPLATES, Language.ZH), store).print_due()
    ways = {Channel.FOLDER: OutboxFolder(folder / "outbox"), **(senders or {})}
    Router(engine, lambda: table_of, set(ways)).route_due(now)
    texts = NoticeTexts(TEMPLATES.parent / "notices", Language.ZH)
    PostOffice(engine, texts, ways, store, lambda: now).send_due()
    with reading(engine) as connection:
        return list(connection.scalars(select(table("deliveries").c.state)))


def test_the_ladder_is_climbed_until_the_balance_is_paid(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    life = Life().in_warehouse()
    number = record(engine, tmp_path, life)
    sent = {}
    for days in (0, 2, 3, 4, 7, 8, 14, 15, 18, 21, 22, 28):
        sent[days] = on(reminding, days).letters
        posted(engine, tmp_path)
    assert sent == {0: 0, 2: 0, 3: 1, 4: 0, 7: 1, 8: 0, 14: 1, 15: 0, 18: 0, 21: 1, 22: 0, 28: 1}
    assert [(each.level, (each.day - NOTICE).days) for each in reminders_of(engine, number)] == [
        (1, 3),
        (2, 7),
        (3, 14),
        (4, 21),
        (5, 28),
    ]
    texts = [file.read_text() for file in sorted((tmp_path / "outbox").glob("*balance_reminder*"))]
    assert len(texts) == 5
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
    pay(engine, second)
    assert posted(engine, tmp_path) == ["withdrawn"]
    assert reminders_of(engine, first) == []
    assert on(reminding, 4).letters == 1
    assert sorted(posted(engine, tmp_path)) == ["sent", "withdrawn"]


def test_a_letter_that_was_taken_back_is_written_anew_on_the_same_day_and_the_ladder_goes_on(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """R51: the new letter is another one; the one that was taken back stays so."""
    life = Life().in_warehouse()
    first = record(engine, tmp_path, life)
    second = record(engine, tmp_path, life, number="20270301-0002")
    on(reminding, 3)
    pay(engine, second)
    assert posted(engine, tmp_path) == ["withdrawn"]
    assert [on(reminding, 3).letters, on(reminding, 3).letters] == [1, 0]
    assert sorted(posted(engine, tmp_path)) == ["sent", "withdrawn"]
    assert [on(reminding, days).letters for days in (4, 7)] == [0, 1]
    assert [each.level for each in reminders_of(engine, first)] == [1, 2]


def test_a_level_that_another_run_has_raised_meanwhile_is_not_raised_again(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """Two runs side by side look at the same balance: one letter is entered."""
    record(engine, tmp_path, Life().in_warehouse())
    (seen,) = preview(engine, NOTICE + timedelta(days=3), ReminderPolicy())
    assert on(reminding, 3).letters == 1
    with writing(engine) as connection:
        assert not _enter(connection, seen)
    assert posted(engine, tmp_path) == ["sent"]


def level(day: int, *told: str) -> dict[str, object]:
    return {"day": day, "zh": "催", "en": "reminder", "told": list(told)}


LADDERS = {
    "nobody but the salesperson": [level(3, "salesperson"), level(7, "customer", "salesperson")],
    "all": [level(3, "customer", "salesperson"), level(7, "customer", "salesperson")],
    "the customer": [level(3, "customer"), level(7, "customer")],
}
NOBODY = NoticeTable.model_validate({"default": {"others": []}})


@pytest.fixture
def climbing(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Reminding:
    """With a ladder of two levels, by its name; a balance, and a salesperson with an address."""
    import_staff(
        engine, [StaffRow(person="s-7", name="赵", roles=(Role.SALESPERSON,), email="zhao@example.com")]
    )
    record(engine, tmp_path, Life().in_warehouse())
    levels = [
        "\n".join(["[[reminders.levels]]", *(f"{name} = {json.dumps(each[name])}" for name in each)])
        for each in LADDERS[request.param]
    ]
    policy = tmp_path / "policy.toml"
    policy.write_text("\n".join(levels))
    return Reminding(engine, policy)


@pytest.mark.parametrize("climbing", ["nobody but the salesperson"], indirect=True)
@pytest.mark.parametrize("notices", [NoticeTable(), NOBODY], ids=["by mail", "the company tells nobody"])
def test_a_level_that_does_not_speak_to_the_customer_is_done_with_too(
    climbing: Reminding,
    engine: Engine,
    tmp_path: Path,
    mailbox: tuple[Mailbox, Controller],
    notices: NoticeTable,
) -> None:
    senders = {Channel.EMAIL: smtp(mailbox[1])}
    assert on(climbing, 3).letters == 1
    assert on(climbing, 7).letters == 0
    posted(engine, tmp_path, notices=notices, senders=senders)
    assert on(climbing, 7).letters == 1


@pytest.mark.parametrize("climbing", ["the customer"], indirect=True)
@pytest.mark.parametrize("trouble", ["no address", "rejected"])
def test_a_letter_that_a_clerk_gave_up_is_done_with(
    climbing: Reminding, engine: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller], trouble: str
) -> None:
    senders = {Channel.EMAIL: smtp(mailbox[1])}
    on(climbing, 3)
    assert posted(engine, tmp_path, senders=senders) == ["no_address"]
    (step,) = open_desk_steps(engine)
    if trouble == "no address":
        assert give_up_address(engine, step, MONDAY, "chen", "搬走了") == 1
    else:
        supply_address(engine, step, "nobody", MONDAY, "chen")
        assert posted(engine, tmp_path, senders=senders) == ["rejected"]
        assert on(climbing, 7).letters == 0
        (step,) = open_desk_steps(engine)
        settle(engine, step, DeliveryState.WITHDRAWN, MONDAY, "chen", "搬走了")
    assert open_desk_steps(engine) == []
    assert on(climbing, 7).letters == 1


@pytest.mark.parametrize("climbing", ["all"], indirect=True)
def test_a_customer_without_address_does_not_stop_the_ladder_and_gets_one_letter_when_it_has_one(
    climbing: Reminding, engine: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    senders = {Channel.EMAIL: smtp(controller)}
    for days in (3, 7):
        assert on(climbing, days).letters == 1
        posted(engine, tmp_path, senders=senders)
    (step,) = open_desk_steps(engine)
    assert supply_address(engine, step, "k@example.com", MONDAY, "chen") == 1
    posted(engine, tmp_path, senders=senders)
    assert [mail["To"] for mail in box.mails] == ["zhao@example.com", "zhao@example.com", "k@example.com"]


def test_no_letter_leaves_on_a_holiday_and_other_notices_do(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """R51: Friday's run made good on Saturday, or a channel that came back then: it goes on the next working day."""
    number = record(engine, tmp_path, Life().in_warehouse())
    friday, saturday = NOTICE + timedelta(days=4), NOTICE + timedelta(days=5)
    import_calendar_days(engine, [CalendarDayRow(day=NOTICE + timedelta(days=7), working=False)])
    assert on(reminding, 4).letters == 1
    with writing(engine) as connection:
        enter_row(
            connection, order=number, identity="payment", paper=Paper.PAYMENT, to=(Role.CUSTOMER,),
            words=Words("已确认收款", "payment confirmed"), rule="R53", created_at=MONDAY, content=None,
        )  # fmt: skip
    assert sorted(posted(engine, tmp_path, at(saturday, 10))) == ["sent", "waiting"]
    for moment in (at(saturday, 23), at(friday + timedelta(days=2), 12), at(NOTICE + timedelta(days=7), 12)):
        assert sorted(posted(engine, tmp_path, moment)) == ["sent", "waiting"]
    tuesday = NOTICE + timedelta(days=8)
    assert sorted(posted(engine, tmp_path, at(tuesday, 8, 59))) == ["sent", "waiting"]
    assert posted(engine, tmp_path, at(tuesday, 9)) == ["sent", "sent"]


def test_on_a_holiday_nothing_is_announced(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().in_warehouse())
    assert [len(preview(engine, NOTICE + timedelta(days=days), ReminderPolicy())) for days in (4, 5, 6, 7)] == [
        1, 0, 0, 1,
    ]  # fmt: skip


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


@pytest.mark.parametrize(("days", "broken"), [(-1, False), (0, True)])
def test_a_promise_about_an_earlier_balance_is_none_about_this_one(
    engine: Engine, tmp_path: Path, days: int, broken: bool
) -> None:
    """R51: what was promised for a day before this balance was asked for is not broken by it; for that very day it is."""
    record(engine, tmp_path, Life().in_warehouse())
    pause(engine, "K-1", NOTICE + timedelta(days=days), promised=True, reason="电话", by="li")
    found = preview(engine, NOTICE + timedelta(days=3), ReminderPolicy())[0].balances[0]
    assert (found.since, found.promise_broken) == (NOTICE, broken)


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
    with reading(engine) as connection:
        assert [each.since for each in balances_of(connection, ["K-1"], due)] == [due]
    for days, first in ((0, due), (1, due + timedelta(days=1)), (2, due + timedelta(days=2))):
        ladder = ReminderPolicy(levels=(LADDER[0].model_copy(update={"day": days}),))
        assert not preview(engine, first - timedelta(days=1), ladder)
        assert preview(engine, first, ladder)


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


def cancelling(engine: Engine, tmp_path: Path, number: str = "20270301-0003", customer: str = "") -> str:
    """An unpaid balance whose order is about to be cancelled."""
    life = Life().in_warehouse().does("cancellation_requested", reason="不要了")
    return record(engine, tmp_path, life, number=number, customer=customer)


def refused_to_cancel(engine: Engine, number: str) -> None:
    """The supervisor said no."""
    steps = table("open_steps")
    with writing(engine) as connection:
        connection.execute(
            update(steps)
            .where(steps.c.order_number == number, steps.c.key == "decision:cancellation")
            .values(closed_at=MONDAY)
        )


def test_an_order_about_to_be_cancelled_is_left_alone_until_that_is_decided(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """R51, R84: alone it gets no letter, beside another it does not stand in it."""
    number = cancelling(engine, tmp_path)
    cancelling(engine, tmp_path, number="20270301-0004", customer="K-2")
    record(engine, tmp_path, Life().in_warehouse())
    (letter,) = preview(engine, NOTICE + timedelta(days=3), ReminderPolicy())
    assert [each.order for each in letter.balances] == ["20270301-0001"]
    assert on(reminding, 3).letters == 1
    assert posted(engine, tmp_path) == ["sent"]
    refused_to_cancel(engine, number)
    assert on(reminding, 4).letters == 1
    assert [each.level for each in reminders_of(engine, number)] == [1]


@pytest.mark.parametrize("what", ["cancelled", "held", "part was paid", "promised", "exempted", "nothing"])
def test_a_letter_that_is_out_of_date_before_it_leaves_is_taken_back(
    reminding: Reminding, engine: Engine, tmp_path: Path, what: str
) -> None:
    """R51: about to be cancelled, on hold, another sum, paused since it was written; the level is not counted."""
    number = record(engine, tmp_path, Life().in_warehouse())
    assert on(reminding, 3).letters == 1
    orders, day = table("orders"), NOTICE + timedelta(days=3)
    if what == "cancelled":
        steps = table("open_steps")
        with writing(engine) as connection:
            step = connection.execute(select(steps).where(steps.c.key == "balance")).mappings().one()
            connection.execute(steps.insert().values({**step, "key": "decision:cancellation"}))
    elif what == "held":
        with writing(engine) as connection:
            connection.execute(update(orders).values(headline="on_hold"))
    elif what == "part was paid":
        with writing(engine) as connection:
            connection.execute(update(orders).values(open_balance=Decimal("2500.00")))
    elif what != "nothing":
        subject = number if what == "exempted" else "K-1"
        pause(engine, subject, day, promised=what == "promised", reason="电话", by="li")
    sent = what == "nothing"
    assert posted(engine, tmp_path, at(day, 10)) == (["sent"] if sent else ["withdrawn"])
    assert len(reminders_of(engine, number)) == sent


def test_a_pause_of_a_balance_that_the_letter_only_names_stops_no_letter(
    reminding: Reminding, engine: Engine, tmp_path: Path
) -> None:
    """R51: a letter lists all that is owed; what is paused in it raises no level and takes nothing back."""
    life = Life().in_warehouse()
    first = record(engine, tmp_path, life)
    second = record(engine, tmp_path, life, number="20270301-0002")
    day = NOTICE + timedelta(days=3)
    pause(engine, second, day, promised=False, reason="对账", by="qian")
    assert on(reminding, 3).letters == 1
    assert posted(engine, tmp_path, at(day, 10)) == ["sent"]
    assert (len(reminders_of(engine, first)), reminders_of(engine, second)) == (1, [])


@pytest.mark.parametrize("subjects", [("order", "customer"), ("customer", "order"), ("order", "order")])
def test_of_two_promises_the_later_one_holds(
    reminding: Reminding, engine: Engine, tmp_path: Path, subjects: tuple[str, str]
) -> None:
    """R51: whoever promised first, and for the order or for all that the customer owes."""
    number = record(engine, tmp_path, Life().in_warehouse())
    for subject, days in zip(subjects, (9, 5), strict=True):
        until = NOTICE + timedelta(days=days)
        pause(engine, number if subject == "order" else "K-1", until, promised=True, reason="电话", by="li")
    assert [on(reminding, days).letters for days in (4, 7, 8, 9)] == [0, 0, 0, 0]
    day = NOTICE + timedelta(days=10)
    assert preview(engine, day, ReminderPolicy())[0].balances[0].promise_broken


COUNTED = {DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN}


@pytest.mark.parametrize("state", list(DeliveryState))
def test_a_letter_that_has_gone_or_is_being_sent_counts_although_the_rest_is_taken_back(
    reminding: Reminding, engine: Engine, tmp_path: Path, state: DeliveryState
) -> None:
    """R51: one copy is with the post already, the other waits; paid meanwhile, the other one is withdrawn."""
    number = record(engine, tmp_path, Life().in_warehouse())
    assert on(reminding, 3).letters == 1
    deliveries = table("deliveries")
    with writing(engine) as connection:
        paper = connection.execute(
            select(table("outbox")).where(table("outbox").c.paper == "balance_reminder")
        )
        letter = paper.mappings().one()
        for addressee, its in (("customer", state), ("salesperson", DeliveryState.WAITING)):
            connection.execute(
                deliveries.insert().values(
                    order_number=letter["order_number"], identity=letter["identity"], addressee=addressee,
                    channel="email", address="", state=its.value, attempts=0, entered_at=MONDAY, next_at=MONDAY,
                )
            )  # fmt: skip
        withdraw(connection, letter)
        rows = connection.execute(select(deliveries.c.addressee, deliveries.c.state))
        states = dict(rows.all())
    kept = state.value if state is not DeliveryState.WAITING else "withdrawn"
    assert states == {"customer": kept, "salesperson": "withdrawn"}
    assert len(reminders_of(engine, number)) == (state in COUNTED)
