"""The embedded default lets an example company log in, and never beside a company's own people."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.access.logins import log_in, session_of
from activities.scheduling.line_list import lines_in
from activities.scheduling.people_there import house_in
from activities.store.database import engine_at, reading, upgrade
from activities.store.imports import StaffRow, import_staff
from commands.company.example_company import example_logins
from models.policy import SchedulePolicy
from models.values.errors import Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings


def installation(folder: Path, **changes: object) -> Settings:
    own = Settings(var=folder).model_copy(update=changes)
    upgrade(own.database_url)
    return own


def test_the_same_people_and_password_at_every_start(tmp_path: Path) -> None:
    own = installation(tmp_path)
    first, second = example_logins(own), example_logins(own)
    assert first is not None
    assert first == second
    assert ("clerk-chen", Role.SERVICE_CLERK) in first.people
    assert (tmp_path / "example-password").stat().st_mode & 0o077 == 0
    moment, engine = datetime.now(UTC), engine_at(own.database_url)
    token = log_in(engine, "finance-qian", first.password, moment, "here")
    assert session_of(engine, token, moment).caller.roles == (Role.FINANCE,)


def test_who_stands_at_machine_lines_is_enough_for_each_and_short_for_both(tmp_path: Path) -> None:
    """R150: so that the plan of the lines has something to say; they have trades, and no password."""
    own = installation(tmp_path)
    known = example_logins(own)
    assert known is not None
    engine = engine_at(own.database_url)
    with reading(engine) as connection:
        lines = lines_in(connection, datetime.now(UTC))
        house = house_in(connection, lines, datetime.now(UTC), SchedulePolicy())
    assert not {each.person for each in house.workers} & {person for person, _ in known.people}
    with pytest.raises(Refusal):
        log_in(engine, "hand-zheng", known.password, datetime.now(UTC), "here")
    needed = Counter[str]()
    for line in lines:
        assert line.needs
        for need in line.needs:
            assert sum(need.trade in each.trades for each in house.workers) >= need.people
            needed[need.trade] += need.people
    assert needed.total() > len(house.workers)


def test_another_installation_has_another_password(tmp_path: Path) -> None:
    found = [example_logins(installation(tmp_path / name)) for name in ("a", "b")]
    assert len({each.password for each in found if each}) == 2


def test_a_company_with_its_own_people_has_no_example(tmp_path: Path) -> None:
    own = installation(tmp_path)
    import_staff(engine_at(own.database_url), [StaffRow(person="x", name="x", roles=(Role.FINANCE,))])
    assert example_logins(own) is None
    assert example_logins(installation(tmp_path / "no", example_company=False)) is None
    assert list(tmp_path.glob("*password*")) == []
