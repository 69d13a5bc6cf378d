"""The door of an installation of its own, in this process, with a worker on a real server where a test wants one."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select
from temporalio.client import Client

from activities.access import passwords
from activities.access.api_keys import create_key
from activities.store import imports
from activities.store.database import engine_at, reading, upgrade
from activities.store.private_folder import close_data_folder
from gateway.app import create_app
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import key_roles, who_may
from models.messages.authors import OF_PERSONS
from models.messages.envelope import DECISION
from models.tables.registry import table
from models.values.vocabulary import CustomerClass, Role, Unit
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.runtime.numbers_apart import set_apart
from tests.runtime.recorded import told_and_recorded
from tests.runtime.watching import PATIENCE_SECONDS, looks

ORDER: dict[str, Any] = {
    "request_id": "shop/1", "channel": "fax", "customer": "K1", "contact": "王芳", "phone": "1", "address": "深圳",
    "consignee": "王芳", "lines": [{"line": 1, "product": "TP-80", "specification": "80", "quantity": 10, "unit": "roll",
    "unit_price": "100.00"}], "payment_terms": "deposit", "packing": "箱", "delivery_method": "freight",
    "freight_terms": "seller_pays", "entered_by": "chen",
}  # fmt: skip


def now() -> str:
    return datetime.now(UTC).isoformat()


@pytest.fixture(autouse=True, scope="package")
def all_hashes_quick() -> Iterator[None]:
    """Hashes of the same kind that take a thousandth of the time: what is tested here is not how dear they are."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_HASHER", _QUICK)
        patched.setattr(passwords, "_NOBODY", _OF_NOBODY)
        yield


DEAR = passwords._HASHER
_QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
_OF_NOBODY = _QUICK.hash("nobody")


@pytest.fixture
def prepared(settings: Settings, server_set_up: None, tables_on_sqlite: Path) -> Settings:
    """Set up, with a small company."""
    if settings.database_url.startswith("sqlite:///"):
        shutil.copy(tables_on_sqlite, settings.database_url.removeprefix("sqlite:///"))
    upgrade(settings.database_url)
    close_data_folder(settings.var)
    engine = engine_at(settings.database_url)
    imports.import_customers(
        engine,
        [
            imports.CustomerRow(
                customer="K1",
                name="红枫",
                customer_class=CustomerClass.B,
                designated_signers=("王芳",),
                verified_by="chen",
            ),
            imports.CustomerRow(customer="K2", name="别家"),
        ],
    )
    price = imports.PriceRow(
        product="TP-80",
        specification="80",
        unit=Unit.ROLL,
        unit_price=Decimal("100.00"),
        valid_from=date(2026, 1, 1),
    )
    imports.import_prices(engine, [price])
    imports.import_staff(
        engine,
        [
            imports.StaffRow(person="chen", name="陈", roles=(Role.SERVICE_CLERK,)),
            imports.StaffRow(person="li", name="李", roles=(Role.SALESPERSON,)),
        ],
    )
    set_apart(engine)
    return settings


@pytest.fixture
async def door(prepared: Settings, request: pytest.FixtureRequest) -> AsyncIterator[FastAPI]:
    """The door, with its forwarder running. Where there is a worker, it waits for an order's answer as long as that takes."""
    app = create_app(prepared)
    if "working" in request.fixturenames:
        app.state.door.patience_seconds = PATIENCE_SECONDS
    async with app.router.lifespan_context(app):
        yield app


MACHINES = tuple(role for role in Role if role not in OF_PERSONS | {Role.CUSTOMER, Role.OPERATOR})
"""The roles that a service's key may have side by side."""


def said_by(*roles: Role) -> tuple[str, ...]:
    """The facts that a service's key may report in these roles."""
    return tuple(fact for fact in FACT_KINDS if fact != DECISION and set(roles) & set(key_roles(fact)))


def key_for(settings: Settings, name: str = "shop", *roles: Role, **scope: Any) -> str:
    """A service's key: in every role that a machine may have and for every fact, unless said otherwise."""
    moment = datetime.now(UTC)
    wanted = roles or MACHINES
    expires = scope.pop("expires_at", moment + timedelta(days=1))
    scope.setdefault("facts", said_by(*wanted))
    return create_key(engine_at(settings.database_url), name, wanted, moment, expires, **scope).secret


def own_key(settings: Settings, person: str, *roles: Role, **scope: Any) -> str:
    """The own key of somebody on the staff, who is listed with these roles, or all that people have; for every fact."""
    moment, engine = datetime.now(UTC), engine_at(settings.database_url)
    wanted = roles or tuple(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM))
    imports.import_staff(engine, [imports.StaffRow(person=person, name=person, roles=wanted)])
    scope.setdefault("facts", tuple(fact for fact in FACT_KINDS if set(wanted) & set(who_may(fact))))
    expires = moment + timedelta(days=1)
    return create_key(engine, person, wanted, moment, expires, person=person, **scope).secret


def caller(app: FastAPI, key: str = "", **headers: str) -> httpx.AsyncClient:
    """A client of the door, with a key."""
    given = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url="http://door", headers={**given, **headers}, timeout=PATIENCE_SECONDS
    )


@pytest.fixture
async def boss(door: FastAPI, prepared: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the staff who has every role of people but the salesperson's, with a key of their own."""
    roles = (role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM, Role.SALESPERSON))
    async with caller(door, own_key(prepared, "boss", *roles)) as client:
        yield client


@pytest.fixture
async def shop(
    door: FastAPI, prepared: Settings, request: pytest.FixtureRequest
) -> AsyncIterator[httpx.AsyncClient]:
    """A service that may do everything that a service may. Where there is a worker, what it places has begun."""

    async def begun(answer: httpx.Response) -> None:
        if answer.request.url.path != "/v1/orders" or answer.status_code != 201:
            return
        number = json.loads(await answer.aread())["order"]
        orders, engine = table("orders"), engine_at(prepared.database_url)
        query = select(orders.c.sequence).where(orders.c.number == number)
        async for _ in looks(f"{number} has begun"):
            with reading(engine) as connection:
                if connection.scalar(query):
                    return

    async with caller(door, key_for(prepared, "shop", places_orders=True)) as client:
        if "working" in request.fixturenames:
            client.event_hooks = {"response": [begun]}
        yield client


@pytest.fixture
def read_when_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has an order's answer reads what was told: else the order database has it a moment later, on a busy machine many."""
    monkeypatch.setattr("gateway.api.telling.tell_order", told_and_recorded)
    monkeypatch.setattr("gateway.api.telling._MOST_LOOKS", 10**6)


@pytest.fixture
async def working(
    prepared: Settings, temporal_client: Client, read_when_answered: None
) -> AsyncIterator[None]:
    """A worker for the orders."""
    async with build_worker(temporal_client, prepared):
        yield
