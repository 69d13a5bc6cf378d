"""Endpoints of other shops at the command line: registered, looked at, paused, rotated, sent to again, removed (R85)."""

from __future__ import annotations

from pathlib import Path

from activities.store.database import upgrade
from runtime.settings import Settings
from tests.commands.conftest import Desk

ADDRESS = "https://shop.example/hooks"


async def test_an_endpoint_is_kept_by_an_administrator(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    upgrade(settings.database_url)
    (tmp_path / "staff.yaml").write_text(
        "- {person: fang, name: 方, roles: [administrator]}\n- {person: li, name: 李, roles: [salesperson]}\n"
    )
    assert (await desk.run("import", "staff", str(tmp_path / "staff.yaml")))[0] == 0
    register = ("webhooks", "out", "register", "shop", ADDRESS, "--event", "order.shipped")
    assert (await desk.run(*register, "--by", "fang"))[0] == 4  # no key, nobody to hear
    key = (
        "keys",
        "create",
        "shop",
        "--role",
        "customer",
        "--customer",
        "K-1",
        "--places-orders",
        "--no-facts",
    )
    assert (await desk.run(*key, "--by", "fang"))[0] == 0
    assert (await desk.run(*register, "--by", "li"))[0] == 6
    made = await desk.read(*register, "--by", "fang")
    endpoint = made["endpoint"]
    assert made["secret"].startswith("whsec_")
    assert (await desk.run(*register, "--by", "fang"))[0] == 5
    (listed,) = await desk.read("webhooks", "out", "list")
    assert (listed["events"], listed["customers"], listed["state"]) == (["order.shipped"], ["K-1"], "active")
    assert (await desk.run("webhooks", "out", "pause", endpoint, "--by", "fang"))[0] == 0
    assert (await desk.run("webhooks", "out", "resume", endpoint, "--by", "fang"))[0] == 0
    rotated = await desk.read("webhooks", "out", "rotate", endpoint, "--by", "fang")
    assert rotated["secret"] != made["secret"]
    replay = ("webhooks", "out", "replay", endpoint, "--by", "fang")
    assert (await desk.run(*replay))[0] == 3
    assert (await desk.run(*replay, "--since", "nonsense"))[0] == 3
    assert (await desk.read(*replay, "--since", "2027-03-01T09:30"))["events"] == 0
    assert (await desk.run("webhooks", "out", "remove", endpoint, "--by", "fang"))[0] == 0
    assert (await desk.run("webhooks", "out", "remove", endpoint, "--by", "fang"))[0] == 4
    assert (await desk.run("webhooks", "out", "list"))[0] == 0
