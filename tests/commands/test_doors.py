"""Keys, web hooks, passwords and links by command: made, shown once, changed, refused in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.access.logins import MOST_FAILURES, log_in
from activities.store.database import engine_at, reading, upgrade, writing
from commands.company.rights import author_of
from gateway.security.customer_links import customer_of
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.commands.conftest import Desk, files
from tests.gateway.test_signing import recorded


async def test_keys_of_services(desk: Desk, settings: Settings) -> None:
    upgrade(settings.database_url)
    made = await desk.read("keys", "create", "bank", "--fact", "payment_received", "--days", "30")
    assert made["key"].startswith(made["key_id"])
    (listed,) = await desk.read("keys", "list")
    assert (listed["name"], listed["facts"]) == ("bank", ["payment_received"])
    assert made["key"] not in json.dumps(listed)
    turned = await desk.read("keys", "rotate", made["key_id"], "--old-days", "1")
    assert turned["key_id"] != made["key_id"]
    assert (await desk.run("keys", "revoke", made["key_id"]))[0] == 0
    assert (await desk.run("keys", "revoke", made["key_id"]))[0] == 4
    assert (await desk.run("keys", "rotate", "nothing"))[0] == 4
    code, _, err = await desk.run("keys", "create", "bank", "--fact", "payment")
    assert (code, "payment" in err) == (3, True)


async def test_what_outsiders_said_is_written_down_as_theirs(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    """Whoever has the command line says whose word it is; a name in the role of an outsider is nobody on the staff."""
    upgrade(settings.database_url)
    assert author_of(settings, "chen", Role.SERVICE_CLERK) == "chen"
    await files(desk, tmp_path)
    (tmp_path / "more.yaml").write_text("- {person: debang, name: 德邦, roles: [logistics]}\n")
    await desk.run("import", "staff", str(tmp_path / "more.yaml"))
    found = [
        author_of(settings, name, role)
        for name, role in (
            ("bank", Role.SYSTEM), ("key:bank", Role.SYSTEM), ("sf", Role.LOGISTICS), ("debang", Role.LOGISTICS),
            ("王芳", Role.CUSTOMER), ("customer:K1", Role.CUSTOMER), ("wu", Role.SALES_SUPERVISOR),
        )
    ]  # fmt: skip
    assert found == ["key:bank", "key:bank", "key:sf", "debang", "customer:王芳", "customer:K1", "wu"]
    (tmp_path / "bad.yaml").write_text("- {person: 'key:bank', name: 银行, roles: [finance]}\n")
    code, _, err = await desk.run("import", "staff", str(tmp_path / "bad.yaml"))
    assert (code, "[person]" in err) == (3, True), err


async def test_a_key_without_a_list_of_its_facts_is_not_made(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    upgrade(settings.database_url)
    await files(desk, tmp_path)
    for wrong, code in (
        ((), 3),
        (("--role", "system"), 3),
        (("--fact", "*"), 3),
        (("--no-facts", "--fact", "arrived"), 3),
        (("--role", "sales_supervisor", "--fact", "hold_placed"), 6),
        (("--role", "finance", "--fact", "payment_received"), 6),
        (("--role", "operator", "--role", "system", "--fact", "adopted"), 6),
        (("--role", "service_clerk", "--fact", "decision"), 6),
        (("--role", "service_clerk", "--fact", "decision", "--person"), 4),
    ):
        answered, _, err = await desk.run("keys", "create", "erp", *wrong)
        assert (answered, "Traceback" in err) == (code, False), (wrong, err)
    assert await desk.read("keys", "list") == []
    assert (await desk.run("keys", "create", "ops", "--role", "operator", "--fact", "adopted"))[0] == 0
    assert (await desk.run("keys", "create", "view", "--no-facts"))[0] == 0
    own = ("--person", "--role", "sales_supervisor", "--fact", "decision")
    assert (await desk.run("keys", "create", "chen", *own))[0] == 6
    assert (await desk.run("keys", "create", "wu", *own))[0] == 0
    listed = {each["name"]: (each["person"], each["to_renew"]) for each in await desk.read("keys", "list")}
    assert listed == {"ops": ("", False), "view": ("", False), "wu": ("wu", False)}
    with writing(engine_at(settings.database_url)) as connection:
        connection.execute(
            table("api_keys").update().where(table("api_keys").c.name == "view").values(facts=["*"])
        )
    (old,) = [each for each in await desk.read("keys", "list") if each["to_renew"]]
    assert "to be renewed" in (await desk.run("keys", "list"))[1].replace("\n", " ")
    assert (await desk.run("keys", "rotate", old["key_id"]))[0] == 3
    assert (await desk.run("keys", "rotate", old["key_id"], "--fact", "arrived"))[0] == 0


async def test_an_administrator_keeps_keys_passwords_and_locks(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    """As soon as the staff have one; nobody else does it in their place, and who did what is kept."""
    upgrade(settings.database_url)
    await files(desk, tmp_path)
    key = ("keys", "create", "bank", "--fact", "payment_received")
    assert (await desk.run(*key))[0] == 0
    (tmp_path / "more.yaml").write_text("- {person: guan, name: 管, roles: [administrator]}\n")
    assert (await desk.run("import", "staff", str(tmp_path / "more.yaml")))[0] == 0
    assert (await desk.run(*key))[0] == 3
    assert (await desk.run(*key, "--by", "chen"))[0] == 6
    assert (await desk.run(*key, "--by", "guan"))[0] == 0
    password = ("password", "chen", "--password", "long enough it is")
    assert (await desk.run(*password, "--by", "chen"))[0] == 6
    assert (await desk.run(*password, "--by", "guan"))[0] == 0
    engine, moment = engine_at(settings.database_url), datetime.now(UTC)
    for _ in range(MOST_FAILURES):
        with pytest.raises(Refusal):
            log_in(engine, "chen", "wrong", moment, "here")
    with pytest.raises(Refusal):
        log_in(engine, "chen", "long enough it is", moment, "here")
    assert (await desk.run("unlock", "chen"))[0] == 3
    assert (await desk.run("unlock", "chen", "--by", "guan"))[0] == 0
    assert log_in(engine, "chen", "long enough it is", moment, "here")
    assert (await desk.run("unlock", "nobody", "--by", "guan"))[0] == 4
    with reading(engine) as connection:
        acts = [(row.person, row.act) for row in connection.execute(table("acts").select())]
    assert acts == [
        ("", "keys create bank"), ("guan", "keys create bank"), ("guan", "password chen"), ("guan", "unlock chen"),
    ]  # fmt: skip


async def test_web_hooks_are_tried_before_they_are_used(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    upgrade(settings.database_url)
    senders = {each["sender"]: each["keys"] for each in await desk.read("webhooks", "list")}
    assert senders["bank"] == 0
    first = (await desk.read("webhooks", "new-key", "bank"))["key"]
    second = (await desk.read("webhooks", "new-key", "bank"))["key"]
    assert first != second
    assert (await desk.run("webhooks", "new-key", "bank"))[0] == 5
    assert (await desk.run("webhooks", "retire", "bank"))[0] == 0
    assert (settings.webhook_keys / "bank").read_text().split() == [second]
    event = tmp_path / "event.json"
    data = {"transaction_id": "T-1", "amount": "5.00", "booked_at": "2027-01-05T09:00:00+08:00"}
    event.write_text(json.dumps({"type": "payment.received", "data": data}))
    meant = await desk.read("webhooks", "try", "bank", str(event))
    assert (meant["kind"], meant["fact_id"]) == ("payment_received", "bank/T-1")
    event.write_text('{"type": "balance.changed"}')
    assert (await desk.read("webhooks", "try", "bank", str(event)))["fact"] is None
    for wrong in ("{", "[]", '{"type": "surprise"}'):
        event.write_text(wrong)
        code, _, err = await desk.run("webhooks", "try", "bank", str(event))
        assert (code, "Traceback" in err) == (3, False)
    assert (await desk.run("webhooks", "event", "bank", "m-1"))[0] == 4
    assert (await desk.run("webhooks", "list"))[0] == 0


async def test_passwords_and_links(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    upgrade(settings.database_url)
    await files(desk, tmp_path)
    assert (await desk.run("password", "chen", "--password", "long enough it is"))[0] == 0
    assert (await desk.run("password", "chen", "--password", "short"))[0] == 3
    assert (await desk.run("password", "stranger", "--password", "long enough it is"))[0] == 4
    assert (await desk.run("link", "20270105-0001"))[0] == 4


async def test_links_are_listed_with_their_uses_and_revoked(desk: Desk, settings: Settings) -> None:
    upgrade(settings.database_url)
    order = recorded(settings)
    signs = await desk.read("link", order, "--by", "chen")
    sees = await desk.read("link", order, "--view")
    assert (signs["purpose"], signs["sheet_version"], sees["purpose"], signs["days"]) == (
        "sign",
        1,
        "order",
        30,
    )
    assert signs["link"] != sees["link"]
    code, out, _ = await desk.run("link", order)
    assert (code, "/c/" in out) == (0, True)
    assert customer_of(settings, signs["link"].rpartition("/")[2]).order == order
    listed = {each["name"]: each for each in await desk.read("links", order)}
    assert len(listed) == 3
    assert (listed[signs["name"]]["closed"], listed[signs["name"]]["made_by"]) == (None, "chen")
    assert signs["link"].rpartition("/")[2] not in json.dumps(listed)
    assert (await desk.run("revoke-link", order, signs["name"], "--by", "chen"))[0] == 0
    assert (await desk.run("revoke-link", order, signs["name"]))[0] == 4
    with pytest.raises(Refusal):
        customer_of(settings, signs["link"].rpartition("/")[2])
    listed = {each["name"]: each for each in await desk.read("links", order)}
    assert "revoked" in listed[signs["name"]]["closed"]["en"]
    code, out, _ = await desk.run("links", order)
    assert (code, signs["name"][:8] in out) == (0, True)
