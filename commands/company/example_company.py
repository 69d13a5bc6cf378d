"""The example company of the embedded default: people who may log in at once, where no company's own are known yet."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.company.imports import Kind, read_rows
from models.values.vocabulary import Role
from runtime.databases import engine_of
from runtime.settings import ROOT

if TYPE_CHECKING:
    from runtime.settings import Settings

EXAMPLES = ROOT / "examples"
_KEPT_IN = "example-password"


@dataclass(frozen=True, slots=True)
class ExampleLogins:
    """Who may log in, and the password that was made for this installation."""

    people: list[tuple[str, Role]]
    password: str


def example_logins(settings: Settings) -> ExampleLogins | None:
    """The people who may log in, after entering the example company where there is none.

    None where a company has its own staff, or wants no example (`DINGDAN_EXAMPLE_COMPANY=no`). The password is random,
    the installation's own, and readable by nobody else.
    """
    from activities.store.people import has_staff

    file = settings.var / _KEPT_IN
    if not settings.example_company:
        return None
    if not file.exists():
        if has_staff(engine_of(settings)):
            return None
        _enter(settings, secrets.token_urlsafe(12))
    people = [
        (row.person, role) for row in read_rows(Kind.STAFF, EXAMPLES / "staff.yaml") for role in row.roles
    ]
    return ExampleLogins(people, file.read_text().strip())


def _enter(settings: Settings, password: str) -> None:
    from activities.access.logins import set_passwords
    from activities.store import imports

    engine = engine_of(settings)
    staff = read_rows(Kind.STAFF, EXAMPLES / "staff.yaml")
    imports.import_customers(engine, read_rows(Kind.CUSTOMERS, EXAMPLES / "customers.yaml"))
    imports.import_prices(engine, read_rows(Kind.PRICES, EXAMPLES / "prices.yaml"))
    imports.import_staff(engine, staff)
    imports.import_machine_lines(engine, read_rows(Kind.LINES, EXAMPLES / "lines.yaml"))
    # who only stands at a machine line has nothing to do at the desk
    set_passwords(engine, [row.person for row in staff if row.roles], password)
    part = settings.var / f".{_KEPT_IN}"
    part.touch(mode=0o600)
    part.write_text(password + "\n")
    part.replace(settings.var / _KEPT_IN)
