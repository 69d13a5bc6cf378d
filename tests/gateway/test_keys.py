"""Keys and what is remembered under them: no life is made longer, what is over opens nothing, only what was done is kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select, update
from temporalio.client import Client

from activities.access.acts import (
    KEPT_FOR,
    KnownAnswer,
    forget_answers,
    free_answer,
    keep_answer,
    reserve_answer,
)
from activities.access.api_keys import MOST_OVERLAP, admit, create_key, list_keys, revoke_key, rotate_key
from activities.store.database import engine_at, reading, writing
from gateway.app import ROUTERS
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, now, own_key
from tests.runtime.watching import PATIENCE_SECONDS

pytestmark = pytest.mark.postgresql
MOMENT = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
YEAR, WEEK, DAY = timedelta(days=365), timedelta(days=7), timedelta(days=1)
OF_KEYS = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.path.startswith("/v1/")
    for method in sorted(route.methods or ())
]


def contact(fact_id: str = "c/1", words: str = "hello") -> dict[str, Any]:
    content = {"channel": "phone", "words": words}
    return {"fact_id": fact_id, "kind": "contact_logged", "happened_at": now(), "content": content}


def bank_key(settings: Settings, made: datetime = MOMENT, ends: datetime = MOMENT + YEAR) -> str:
    return create_key(
        engine_at(settings.database_url), "bank", (Role.SYSTEM,), made, ends, facts=("payment_received",)
    ).key_id


# --- rotation ----------------------------------------------------------------------------------------------------


async def test_a_key_that_is_changed_ends_when_the_old_one_would_have(prepared: Settings) -> None:
    """However often it is changed, and whenever: nobody lives longer by it."""
    engine = engine_at(prepared.database_url)
    key = bank_key(prepared)
    for days in (100, 200, 300, 364):
        moment = MOMENT + timedelta(days=days)
        key = rotate_key(engine, key, moment, moment + DAY).key_id
    ends = {each.key_id: each.expires_at for each in list_keys(engine)}
    assert len(ends) == 5
    assert max(ends.values()) == ends[key] == MOMENT + YEAR
    assert sorted(ends.values()) == [MOMENT + timedelta(days=days) for days in (101, 201, 301, 365, 365)]


async def test_an_administrator_may_say_another_end_and_nothing_else_gives_one(prepared: Settings) -> None:
    engine, later = engine_at(prepared.database_url), MOMENT + timedelta(days=400)
    key = bank_key(prepared)
    longer = rotate_key(engine, key, MOMENT, MOMENT + DAY, until=later)
    shorter = rotate_key(engine, longer.key_id, MOMENT, MOMENT + DAY, until=MOMENT + WEEK)
    ends = {each.key_id: each.expires_at for each in list_keys(engine)}
    assert (ends[key], ends[longer.key_id], ends[shorter.key_id]) == (
        MOMENT + DAY,
        MOMENT + DAY,
        MOMENT + WEEK,
    )
    again = rotate_key(engine, key, MOMENT, MOMENT)
    assert {each.key_id: each.expires_at for each in list_keys(engine)}[again.key_id] == MOMENT + DAY


async def test_a_key_that_is_over_is_not_changed_into_a_living_one(prepared: Settings) -> None:
    engine, after = engine_at(prepared.database_url), MOMENT + YEAR
    key = bank_key(prepared)
    with pytest.raises(Refusal) as found:
        rotate_key(engine, key, after, after + DAY)
    assert (found.value.code, found.value.where) == (Code.TOO_LATE, key)
    assert len(list_keys(engine)) == 1
    made = rotate_key(engine, key, after, after + DAY, until=after + WEEK)
    ends = {each.key_id: each.expires_at for each in list_keys(engine)}
    assert (ends[key], ends[made.key_id]) == (after, after + WEEK)
    revoke_key(engine, made.key_id, after)
    with pytest.raises(Refusal) as gone:
        rotate_key(engine, made.key_id, after, after, until=after + YEAR)
    assert gone.value.code is Code.UNKNOWN_PERSON


async def test_the_old_key_is_good_beside_the_new_one_for_a_bounded_time(prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)
    key = bank_key(prepared)
    with pytest.raises(Refusal) as found:
        rotate_key(engine, key, MOMENT, MOMENT + MOST_OVERLAP + timedelta(seconds=1))
    assert (found.value.code, "90" in found.value.words.zh) == (Code.MALFORMED, True)
    rotate_key(engine, key, MOMENT, MOMENT + MOST_OVERLAP)
    short = bank_key(prepared, ends=MOMENT + DAY)
    rotate_key(engine, short, MOMENT, MOMENT + WEEK)
    ends = {each.key_id: each.expires_at for each in list_keys(engine)}
    assert (ends[key], ends[short]) == (MOMENT + MOST_OVERLAP, MOMENT + DAY)


# --- what is over opens nothing ----------------------------------------------------------------------------------


def over(settings: Settings) -> dict[str, str]:
    """Keys that were good once: expired, revoked, changed for another, of a person who left."""
    engine, moment = engine_at(settings.database_url), datetime.now(UTC)
    expired = key_for(settings, "old", places_orders=True, expires_at=moment - timedelta(seconds=1))
    revoked = key_for(settings, "gone", places_orders=True)
    revoke_key(engine, "_".join(revoked.split("_")[:2]), moment)
    changed = key_for(settings, "changed", places_orders=True)
    rotate_key(engine, "_".join(changed.split("_")[:2]), moment, moment)
    left = own_key(settings, "left", Role.SALES_SUPERVISOR, places_orders=True)
    with writing(engine) as connection:
        connection.execute(table("staff").delete().where(table("staff").c.person == "left"))
    return {"expired": expired, "revoked": revoked, "changed": changed, "left": left}


async def test_a_key_that_is_over_opens_no_route(door: FastAPI, prepared: Settings) -> None:
    assert len(OF_KEYS) == 47
    keys = over(prepared)
    good = key_for(prepared, "good", places_orders=True)
    places = {"number": "20270105-0001", "document": "0" * 64, "role": "production", "endpoint": "we_0"}
    async with caller(door) as client:
        for method, path in OF_KEYS:
            url = path.format(**places)
            found = {
                name: (
                    await client.request(method, url, headers={"Authorization": f"Bearer {key}"})
                ).status_code
                for name, key in {**keys, "good": good}.items()
            }
            assert found.pop("good") != 401, path
            assert set(found.values()) == {401}, (path, found)


# --- what is kept under an idempotency key -------------------------------------------------------------------------


def kept(settings: Settings) -> list[tuple[str, int]]:
    answers = table("answers")
    with reading(engine_at(settings.database_url)) as connection:
        rows = connection.execute(select(answers.c.key, answers.c.status).order_by(answers.c.key))
        return [(row.key, row.status) for row in rows]


@pytest.mark.usefixtures("working")
async def test_only_what_was_done_is_kept_under_a_key(
    shop: httpx.AsyncClient, prepared: Settings, temporal_client: Client
) -> None:
    """A refusal by the door, by the order and by the desk; then the same key with what is right."""
    k9 = await shop.post("/v1/orders", json={**ORDER, "customer": "K9"}, headers={"Idempotency-Key": "p"})
    assert k9.status_code == 404, k9.text
    placed = await shop.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "p"})
    assert placed.status_code == 201, placed.text
    number = placed.json()["order"]
    path = f"/v1/orders/{number}/facts"
    await shop.post(path, json=contact())
    conflict = await shop.post(path, json=contact(words="else"), headers={"Idempotency-Key": "f"})
    assert (conflict.status_code, conflict.json()["code"]) == (409, "fact_conflict")
    assert kept(prepared) == [("p", 201)]
    right = await shop.post(path, json=contact("c/2"), headers={"Idempotency-Key": "f"})
    assert (right.status_code, right.json()["status"]) == (200, "accepted")
    assert kept(prepared) == [("f", 200), ("p", 201)]
    other = await shop.post(path, json=contact("c/3"), headers={"Idempotency-Key": "f"})
    assert (other.status_code, other.json()["code"]) == (409, "request_conflict")
    again = await shop.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "p"})
    assert (again.status_code, again.json()["order"], again.headers["Idempotent-Replay"]) == (
        201,
        number,
        "true",
    )
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_a_fault_of_the_program_holds_no_key(
    shop: httpx.AsyncClient, prepared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        async def fails(*_: object, **__: object) -> None:
            raise KeyError("nobody foresaw it")

        broken.setattr("gateway.api.orders.place_order", fails)
        failed = await shop.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "p"})
        assert (failed.status_code, failed.json()["code"]) == (500, "fault")
    assert kept(prepared) == []
    placed = await shop.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "p"})
    assert placed.status_code == 201, placed.text


async def test_answers_are_forgotten_when_they_are_old_or_too_many(prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)
    for n in range(6):
        moment = MOMENT + timedelta(minutes=n)
        assert reserve_answer(engine, "key:shop", f"k{n}", "d", moment) is None
        keep_answer(engine, "key:shop", f"k{n}", KnownAnswer(200, {"n": n}))
    assert reserve_answer(engine, "key:bank", "b", "d", MOMENT) is None
    keep_answer(engine, "key:bank", "b", KnownAnswer(200, {}))
    assert forget_answers(engine, MOMENT + KEPT_FOR, most=4) == 2
    assert [key for key, _ in kept(prepared)] == ["b", "k2", "k3", "k4", "k5"]
    assert reserve_answer(engine, "key:shop", "k5", "d", MOMENT) == KnownAnswer(200, {"n": 5})
    assert forget_answers(engine, MOMENT + KEPT_FOR + timedelta(minutes=4, seconds=1)) == 4
    assert [key for key, _ in kept(prepared)] == ["k5"]
    assert reserve_answer(engine, "key:shop", "k2", "another", MOMENT) is None


async def test_the_door_forgets_them_by_itself(prepared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.app import create_app

    engine, forgotten = engine_at(prepared.database_url), asyncio.Event()
    assert reserve_answer(engine, "key:shop", "old", "d", datetime.now(UTC) - KEPT_FOR - DAY) is None
    loop = asyncio.get_running_loop()

    def forget(engine: Any, moment: datetime) -> int:
        gone = forget_answers(engine, moment)
        loop.call_soon_threadsafe(forgotten.set)
        return gone

    monkeypatch.setattr("gateway.app.forget_answers", forget)
    app = create_app(prepared)
    async with asyncio.timeout(PATIENCE_SECONDS), app.router.lifespan_context(app):
        await forgotten.wait()
    assert kept(prepared) == []


async def test_of_several_that_try_a_dead_request_again_one_takes_it_over(prepared: Settings) -> None:
    engine, later = engine_at(prepared.database_url), MOMENT + timedelta(minutes=1)
    assert reserve_answer(engine, "key:shop", "k", "d", MOMENT) is None
    for moment in (MOMENT, later - timedelta(seconds=1)):
        with pytest.raises(Refusal) as at_work:
            reserve_answer(engine, "key:shop", "k", "d", moment)
        assert at_work.value.code is Code.REQUEST_CONFLICT
    assert reserve_answer(engine, "key:shop", "k", "d", later) is None
    with pytest.raises(Refusal):
        reserve_answer(engine, "key:shop", "k", "d", later)
    free_answer(engine, "key:shop", "k")
    assert reserve_answer(engine, "key:shop", "k", "other", later) is None


async def test_one_key_at_once_is_answered_once(prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)

    def ask() -> str:
        try:
            return "mine" if reserve_answer(engine, "key:shop", "k", "d", MOMENT) is None else "known"
        except Refusal as refusal:
            return refusal.code.value

    found = await asyncio.gather(*(asyncio.to_thread(ask) for _ in range(12)))
    assert sorted(found) == ["mine"] + ["request_conflict"] * 11
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(table("answers"))) == 1


async def test_a_key_ends_to_the_second(prepared: Settings) -> None:
    """To the second: the moment at which it expires is the first at which it opens nothing."""
    engine = engine_at(prepared.database_url)
    made = create_key(engine, "bank", (Role.SYSTEM,), MOMENT, MOMENT + DAY, facts=("payment_received",))
    assert admit(engine, made.secret, "", MOMENT + DAY - timedelta(seconds=1)).caller.name == "bank"
    with pytest.raises(Refusal):
        admit(engine, made.secret, "", MOMENT + DAY)
    with writing(engine) as connection:
        connection.execute(update(table("api_keys")).values(revoked_at=MOMENT))
    with pytest.raises(Refusal):
        admit(engine, made.secret, "", MOMENT)
