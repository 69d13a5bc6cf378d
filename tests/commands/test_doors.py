"""Keys, web hooks, passwords and links by command: made, shown once, changed, refused in words."""

from __future__ import annotations

import json
from pathlib import Path

from activities.store.database import upgrade
from runtime.settings import Settings
from tests.commands.conftest import Desk, files


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
