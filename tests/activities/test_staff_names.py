"""Papers and letters name people of the staff; an id is printed only where nobody knows the name (R40, R51, R76)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from activities.notices.addresses import address_book
from activities.notices.outbox import enter_row
from activities.orders.recording.recorder import Recorder
from activities.reminders.reminder_pages import ReminderPage, Reminding
from activities.store.database import reading, writing
from activities.store.imports import StaffRow, import_staff
from activities.store.staff_names import staff_names, words_with_names
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.messages.decision_subjects import Subject
from models.tables.registry import table
from models.values.vocabulary import Role, Words
from tests.activities.test_reminding import NOTICE, record
from tests.models.life import Life


@pytest.fixture(autouse=True)
def staff(engine: Engine) -> None:
    rows = [("salesperson-1", "李明", Role.SALESPERSON), ("li", "李", Role.SALESPERSON)]
    import_staff(engine, [StaffRow(person=person, name=name, roles=(role,)) for person, name, role in rows])


def outbox(engine: Engine, paper: Paper) -> dict[str, Any]:
    """The one row of a paper."""
    rows = table("outbox")
    with reading(engine) as connection:
        return dict(connection.execute(select(rows).where(rows.c.paper == paper.value)).mappings().one())


def test_papers_name_people_and_keep_the_id_of_who_is_not_known(engine: Engine) -> None:
    order = Life().in_warehouse().order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=[], intentions=order.unsent,
    )  # fmt: skip
    Recorder(engine).record(burst)
    Recorder(engine).record(burst)
    notice = outbox(engine, Paper.BALANCE)["content"]
    assert (notice["salesperson"], notice["clerk"]) == ("李明", "service_clerk-1")
    import_staff(engine, [StaffRow(person="salesperson-1", name="李大明", roles=(Role.SALESPERSON,))])
    Recorder(engine).record(burst)
    assert outbox(engine, Paper.BALANCE)["content"]["salesperson"] == "李明"


def test_reminder_letters_name_the_salesperson(engine: Engine, tmp_path: Path) -> None:
    """R51"""
    record(engine, tmp_path, Life().in_warehouse())
    Reminding(engine, tmp_path / "no-policy.toml").remind_page(ReminderPage(day=NOTICE + timedelta(days=3)))
    assert outbox(engine, Paper.REMINDER)["content"]["salesperson"] == "李明"


def test_a_notice_names_who_guaranteed_and_who_pays(engine: Engine) -> None:
    """R38, R76: the customer is told a name; the journal keeps the id."""
    life = Life(
        lines=[{"line": 1, "product": "TP-80", "specification": "80mm", "quantity": "10", "unit": "roll",
                "unit_price": "5.00", "tolerance_percent": "5"}],
    ).verified()  # fmt: skip
    life.answer(Subject.SMALL_ORDER, "guaranteed", assessment="老客户", by="salesperson-1")
    told = next(each for each in life.order.unsent if each.paper is Paper.GUARANTEE)
    assert told.named == ("salesperson-1",)
    with writing(engine) as connection:
        enter_row(
            connection, order=life.order.number, identity=told.identity, paper=told.paper, to=told.to,
            words=Words(told.zh, told.en), rule=told.rule, created_at=told.created_at, content=None,
            named=told.named,
        )  # fmt: skip
    assert outbox(engine, Paper.GUARANTEE)["zh"] == "业务员 李明 担保发货，请总监知悉"


def test_a_short_id_is_not_found_within_a_word(engine: Engine) -> None:
    words = Words("死单召回，运费由li承担", "liable: li, not lily or ali")
    with reading(engine) as connection:
        names = staff_names(connection)
    named = words_with_names(words, ("li", "nobody"), names)
    assert (named.zh, named.en) == ("死单召回，运费由李承担", "liable: 李, not lily or ali")


def test_a_notice_for_one_person_goes_to_them_and_not_to_the_role(engine: Engine) -> None:
    """R43: the clerk who is named in a joint inspection hears of it, whoever is the order's own clerk."""
    import_staff(
        engine,
        [StaffRow(person="clerk-2", name="杨敏", roles=(Role.SERVICE_CLERK,), email="yang@example.com")],
    )
    words = Words("检验写明由 clerk-2 参加", "it names clerk-2")
    with writing(engine) as connection:
        enter_row(
            connection, order="1", identity="joint_check_notice:1", paper=Paper.JOINT_CHECK, to=(Role.SERVICE_CLERK,),
            words=words, rule="R43", created_at=datetime(2027, 3, 1, tzinfo=UTC), content=None, named=("clerk-2",), person="clerk-2",
        )  # fmt: skip
    row = outbox(engine, Paper.JOINT_CHECK)
    assert (row["roles"], row["zh"]) == (["clerk-2"], "检验写明由 杨敏 参加")
    with reading(engine) as connection:
        book = address_book(connection, "")
        assert (book.of("clerk-2").name, book.of("clerk-2").email) == ("杨敏", "yang@example.com")
        assert book.key("clerk-2") == "clerk-2"
