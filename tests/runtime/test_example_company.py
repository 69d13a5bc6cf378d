"""The embedded default lets an example company log in, and never beside a company's own people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from activities.access.logins import log_in, session_of
from activities.store.database import engine_at, upgrade
from activities.store.imports import StaffRow, import_staff
from commands.company.example_company import example_logins
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


def test_another_installation_has_another_password(tmp_path: Path) -> None:
    found = [example_logins(installation(tmp_path / name)) for name in ("a", "b")]
    assert len({each.password for each in found if each}) == 2


def test_a_company_with_its_own_people_has_no_example(tmp_path: Path) -> None:
    own = installation(tmp_path)
    import_staff(engine_at(own.database_url), [StaffRow(person="x", name="x", roles=(Role.FINANCE,))])
    assert example_logins(own) is None
    assert example_logins(installation(tmp_path / "no", example_company=False)) is None
    assert list(tmp_path.glob("*password*")) == []
