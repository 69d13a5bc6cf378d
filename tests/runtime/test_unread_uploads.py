"""Uploads by links that nobody could read age out; what came otherwise, is asked about, or is evidence stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from activities.access.acts import acts_of
from activities.facts.desk_steps import close_step, open_desk_steps, open_step
from activities.store.database import engine_at, reading, upgrade, writing
from models.reports.desk_steps import DeskStepKind, desk_step
from models.tables.registry import table
from runtime.files.unread_uploads import Aged, age_unread
from runtime.settings import Settings

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
LINK, FAX = "1111111111111111", "2222222222222222"
BY_LINK = "door-20270301-0001-0123456789abcdef-12345678.png"


def unread(settings: Settings, digest: str, name: str, *, page: bool = True) -> str:
    """A file that nobody could read, with its step; the key of the step."""
    folder = settings.scans / "unread"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{digest}.png").write_bytes(b"x")
    subject = f"{digest}/1" if page else f"file/{digest}"
    kind = DeskStepKind.UNREAD_SCAN if page else DeskStepKind.UNREAD_FILE
    step = desk_step(
        kind, subject, NOW, rule="R31", document=subject, file=name, page="1", kept=f"{digest}.png", reason_zh="",
        reason_en="",
    )  # fmt: skip
    with writing(engine_at(settings.database_url)) as connection:
        open_step(connection, step)
    return step.key


def files(settings: Settings) -> dict[str, list[str]]:
    return {
        part: sorted(file.name for file in (settings.scans / part).glob("*")) for part in ("unread", "read")
    }


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    made = Settings(var=tmp_path)
    upgrade(made.database_url)
    return made


@pytest.mark.parametrize("page", [True, False])
def test_what_nobody_answered_is_closed_with_a_note_and_removed_as_many_days_later(
    own: Settings, page: bool
) -> None:
    engine = engine_at(own.database_url)
    key = unread(own, LINK, BY_LINK, page=page)
    assert age_unread(own, NOW + timedelta(days=29)) == Aged()
    assert [step.key for step in open_desk_steps(engine)] == [key]
    assert age_unread(own, NOW + timedelta(days=30)) == Aged(closed=1)
    assert files(own)["unread"] == [f"{LINK}.png"], "it is there for as long again"
    steps = table("desk_steps")
    with reading(engine) as connection:
        closed = connection.execute(select(steps)).mappings().one()
    assert (closed["closed_by"], "30 天无人办理" in closed["resolution"]) == ("system", True)
    assert age_unread(own, NOW + timedelta(days=59)) == Aged()
    assert age_unread(own, NOW + timedelta(days=60)) == Aged(removed=1)
    assert files(own)["unread"] == []
    assert [act.act for act in acts_of(engine, "")] == [f"unread upload {LINK}.png removed"]
    assert age_unread(own, NOW + timedelta(days=90)) == Aged()


def test_what_came_by_fax_stays(own: Settings) -> None:
    key = unread(own, FAX, "fax-0105.tif")
    assert age_unread(own, NOW + timedelta(days=400)) == Aged()
    with writing(engine_at(own.database_url)) as connection:
        close_step(connection, key, NOW, by="chen", resolution="广告")
    assert age_unread(own, NOW + timedelta(days=400)) == Aged()
    (own.scans / "unread" / "3333333333333333.png").write_bytes(b"of before steps were kept")
    assert age_unread(own, NOW + timedelta(days=400)) == Aged()


def test_what_a_clerk_answered_is_removed_some_days_after(own: Settings) -> None:
    key = unread(own, LINK, BY_LINK)
    with writing(engine_at(own.database_url)) as connection:
        close_step(connection, key, NOW + timedelta(days=3), by="chen", resolution="广告")
    assert age_unread(own, NOW + timedelta(days=32)) == Aged()
    assert age_unread(own, NOW + timedelta(days=33)) == Aged(removed=1)


def test_what_an_order_took_as_its_sheet_is_evidence_and_stays(own: Settings) -> None:
    key, engine = unread(own, LINK, BY_LINK), engine_at(own.database_url)
    with writing(engine) as connection:
        close_step(connection, key, NOW, by="chen", resolution="20270301-0001 v1")
        connection.execute(table("orders").insert().values(number="20270301-0001"))
        connection.execute(
            table("open_steps").insert().values(
                order_number="20270301-0001", key=f"verify_signature:{LINK}/1", kind="verify_signature", roles=[],
                people=[], rule="R31", since=NOW, due=NOW, blocking=False, zh="", en="", command="", closed_at=NOW,
            )
        )  # fmt: skip
    assert age_unread(own, NOW + timedelta(days=30)) == Aged(kept=1)
    assert files(own) == {"unread": [], "read": [f"{LINK}.png"]}


def test_one_step_that_is_open_keeps_the_whole_file(own: Settings) -> None:
    """The same picture came by fax as well, and somebody is asked about that."""
    key = unread(own, LINK, BY_LINK)
    unread(own, LINK, "fax.tif", page=False)
    with writing(engine_at(own.database_url)) as connection:
        close_step(connection, key, NOW, by="chen", resolution="广告")
    assert age_unread(own, NOW + timedelta(days=90)) == Aged()
    assert files(own)["unread"] == [f"{LINK}.png"]
