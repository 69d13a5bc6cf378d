"""The door of a small company whose Temporal server is away, with a clock that tests set, and people at browsers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from activities.access import passwords
from activities.access.logins import set_passwords
from activities.store.database import engine_at, upgrade
from activities.store.imports import StaffRow, import_staff
from gateway.app import create_app
from models.values.vocabulary import Role
from runtime.settings import Settings


@pytest.fixture
def house(database_url: str, tmp_path: Path, quick_hashes: None) -> House:
    """The door on an order database of each kind."""
    return House(database_url, tmp_path)


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the same kind that take a thousandth of the time: what is tested here is not how dear they are."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody"))


PASSWORD = "tangerine kettle 41"
PEOPLE = {
    "chen": (Role.SERVICE_CLERK,), "ma": (Role.PRODUCTION,), "qian": (Role.FINANCE,),
    "zhao": (Role.MARKETING_DIRECTOR,), "guan": (Role.ADMINISTRATOR,), "guan2": (Role.ADMINISTRATOR,),
}  # fmt: skip
OFFICE = "192.0.2.10"


class House:
    """The door and its clock."""

    def __init__(self, database_url: str, folder: Path, **changes: Any) -> None:
        values = {"var": folder / "var", "database_url": database_url, "temporal_address": "127.0.0.1:9",
                  "requests_a_minute": 10**6, "logins_a_minute": 10**6, **changes}  # fmt: skip
        self.settings = Settings(**values)
        upgrade(database_url)
        self.engine = engine_at(database_url)
        self.employ(PEOPLE)
        set_passwords(self.engine, list(PEOPLE), PASSWORD)
        self.moment = datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
        self.app: FastAPI = create_app(self.settings)
        self.app.state.door.now = lambda: self.moment

    def employ(self, people: Mapping[str, tuple[Role, ...]]) -> None:
        """Enter people into the staff list, or give them other roles."""
        import_staff(
            self.engine, [StaffRow(person=name, name=name, roles=roles) for name, roles in people.items()]
        )

    def later(self, **by: float) -> None:
        """The clock moves on."""
        self.moment += timedelta(**by)


class Browser:
    """Somebody's browser, at an address."""

    def __init__(self, house: House, address: str = OFFICE, **headers: str) -> None:
        self.house = house
        transport = httpx.ASGITransport(app=house.app, client=(address, 40000), raise_app_exceptions=False)
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url=house.settings.gateway_url or "http://door",
            headers={"Accept": "text/html", **headers},
        )

    async def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return await self.client.get(path)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as it is."""
        return await self.client.post(path, data=fields)

    async def logs_in(self, person: str, password: str = PASSWORD) -> httpx.Response:
        """Name and password."""
        return await self.post("/login", person=person, password=password)

    async def sends(self, path: str, page: str = "/account", **fields: str) -> httpx.Response:
        """Send a form with the token of a page of ours."""
        found = re.search(r'name="form_token" value="([^"]+)"', (await self.get(page)).text)
        assert found is not None
        return await self.post(path, form_token=found[1], **fields)

    async def is_in(self) -> bool:
        """Whether the inbox is shown."""
        return (await self.get("/")).status_code == 200

    def cookie(self, name: str = "session") -> str:
        """A cookie's value; empty without it."""
        return next((each.value or "" for each in self.client.cookies.jar if each.name.endswith(name)), "")

    async def sets_up(self) -> tuple[str, list[str]]:
        """Set a second factor up: its secret, and the recovery codes."""
        text = (await self.get("/account/second-factor")).text
        found = re.search(r'class="key">([A-Z2-7 ]+)<', text)
        assert found is not None, text
        secret = found[1].replace(" ", "")
        done = await self.sends(
            "/account/second-factor", "/account/second-factor", code=code_of(secret, self.house.moment)
        )
        assert done.status_code == 200, done.text
        return secret, re.findall(r"<code>([A-Z2-9-]{19})</code>", done.text)


def code_of(secret: str, moment: datetime) -> str:
    """What the app shows at a moment."""
    return pyotp.TOTP(secret).at(moment)
