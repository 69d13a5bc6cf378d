"""What operators do at the command line: ask what comes next, move an order to another policy or edition."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from activities.orders.requests import has_begun
from activities.store.database import engine_at
from commands.company.setup import prepare
from models.order.order import Order
from models.values.calendar import business_date
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import ORDER, Desk, files
from tests.runtime.watching import until


async def placed(desk: Desk, settings: Settings, client: Client, folder: Path) -> str:
    """An order of this company, by its number."""
    await prepare(settings, client)
    await files(desk, folder)
    (folder / "order.json").write_text(json.dumps(ORDER))
    number: str = (await desk.read("place", str(folder / "order.json")))["placed"][0]["order"]
    return number


async def test_show_next_tells_what_comes_then_and_says_when_nobody_answers(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with build_worker(temporal_client, settings):
        number = await placed(desk, settings, temporal_client, tmp_path)
        await temporal_client.get_workflow_handle(f"order-{number}").query("order")
        monkeypatch.setattr("runtime.delivery.telling.SOON", timedelta(seconds=10))
        shown = await desk.read("show", number, "--next")
        said = await desk.run("show", number, "--next")
    assert shown["order"] == number
    assert {step["key"] for step in shown["now"]} == {"decision:approval", "decision:technical:1"}
    coming = [step["en"] for step in shown["next"]]
    assert coming[:5] == [
        "production date and clauses",
        "the sheet is checked item by item",
        "the sheet is sent",
        "the signed sheet comes back",
        "the deposit arrives",
    ]
    assert said[0] == 0
    assert said[1].index("waits for") < said[1].index("technical") < said[1].index("then")
    assert "the deposit arrives, three-party confirmation" in said[1].replace("\n", " ")
    monkeypatch.setattr("runtime.delivery.telling.SOON", timedelta(seconds=1))
    code, _, err = await desk.run("show", number, "--next")
    assert code == 8
    assert "no worker answers" in err


async def test_an_operator_moves_an_order_to_an_installed_policy(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('version = "now"\n')
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "spring.toml").write_text('version = "spring"\n[hanging]\ndays = 3\n')
    monkeypatch.setenv("DINGDAN_POLICY", str(policy))
    settings = settings.model_copy(update={"policy": policy})
    async with build_worker(temporal_client, settings):
        number = await placed(desk, settings, temporal_client, tmp_path)
        (tmp_path / "staff.yaml").write_text("- {person: ops, name: 运, roles: [operator]}\n")
        assert (await desk.run("import", "staff", str(tmp_path / "staff.yaml")))[0] == 0
        said = ["tell", number, "adopted", "--set", "reason=spring"]
        spring = [*said, "--set", "policy_version=spring"]
        clerk = await desk.read(*spring, "--by", "chen", "--role", "operator")
        assert clerk["error"]["code"] == "wrong_role"
        own = await desk.read(*spring, "--by", "chen")
        assert own["error"]["code"] == "wrong_role"
        unknown = await desk.read(*said, "--set", "policy_version=2030", "--by", "ops", "--role", "operator")
        assert unknown["error"]["code"] == "unknown_policy"
        edition = await desk.read(*said, "--set", "edition=99", "--by", "ops", "--role", "operator")
        assert (edition.get("error") or edition)["code"] == "unknown_edition"
        moved = await desk.read(*spring, "--by", "ops", "--role", "operator")
        assert moved["status"] == "accepted"
        order = Order.model_validate(
            await temporal_client.get_workflow_handle(f"order-{number}").query("order")
        )
    assert (order.policy.version, order.policy.hanging.days) == ("spring", 3)


async def test_a_lost_order_is_told_of_and_brought_back(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    async with build_worker(temporal_client, settings):
        number = await placed(desk, settings, temporal_client, tmp_path)
        engine = engine_at(settings.database_url)
        await until(lambda: has_begun(engine, number))
        await temporal_client.get_workflow_handle(f"order-{number}").terminate(reason="by mistake")
        contact = ("--by", "chen", "--set", "channel=phone", "--set", "words=x")
        code, out, _ = await desk.run("tell", number, "contact_logged", *contact)
        assert code == 0
        assert f"starter.py bring-back {number}" in out.replace("\n", " ")
        (step,) = (await desk.read("waiting", "operator"))["desk"]
        assert (step["kind"], "by mistake" in step["en"]) == ("lost_order", True)
        code, _, err = await desk.run("bring-back", number)
        assert (code, "--by" in err) == (3, True)
        done = await desk.read("bring-back", number, "--by", "chen")
        assert done == {"order": number, "how": "rebuilt", "told": 1}
        assert (await desk.read("waiting", "operator"))["desk"] == []
        assert (await desk.read("bring-back", number, "--by", "chen"))["how"] == "ran"
        code, _, err = await desk.run("bring-back", "20200101-0001", "--by", "chen")
        assert (code, "20200101-0001" in err) == (4, True)
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_open_orders_hear_of_a_holiday_that_was_announced_late(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    async with build_worker(temporal_client, settings):
        number = await placed(desk, settings, temporal_client, tmp_path)
        await until(lambda: has_begun(engine_at(settings.database_url), number))
        handle = temporal_client.get_workflow_handle(f"order-{number}")
        before = Order.model_validate(await handle.query("order")).calendar
        # a Wednesday that nobody has off
        off = next(
            day
            for days in range(1, 40)
            if (day := business_date(datetime.now(UTC)) + timedelta(days=days)).weekday() == 2
            and day not in before.holidays
        )
        (tmp_path / "days.yaml").write_text(f"- {{day: {off}, working: false, name: 停电}}\n")
        assert (await desk.run("import", "calendar", str(tmp_path / "days.yaml"), "--by", "wu"))[0] == 0
        assert (await desk.run("holidays"))[0] == 3
        assert (await desk.run("holidays", "--by", "chen"))[0] == 6
        done = await desk.read("holidays", "--by", "wu")
        assert [(each["order"], each["done"]) for each in done] == [(number, True)]
        after = Order.model_validate(await handle.query("order"))
        assert after.calendar.holidays == before.holidays | {off}
        sequence = after.sequence
        (again,) = await desk.read("holidays", "--by", "wu", "--order", number)
        assert again["en"] == "it had these days already"
        assert Order.model_validate(await handle.query("order")).sequence == sequence
        (unknown,) = await desk.read("holidays", "--by", "wu", "--order", "20200101-0001")
        assert unknown["done"] is False
        await handle.terminate()


async def test_an_operator_drops_a_fact_that_waits_and_should_not(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    async with build_worker(temporal_client, settings):
        number = await placed(desk, settings, temporal_client, tmp_path)
        (tmp_path / "ops.yaml").write_text("- {person: ops, name: 运, roles: [operator]}\n")
        assert (await desk.run("import", "staff", str(tmp_path / "ops.yaml")))[0] == 0
        signed = ("--by", "ma", "--set", "version=1", "--set", "clerk=chen", "--id", "early")
        assert (await desk.read("tell", number, "production_signed", *signed))["status"] == "kept_early"
        dropped = (
            "tell", number, "corrected", "--set", "what=early_fact", "--set", "fact=early", "--set", "told_by=ma",
            "--set", "fact_kind=production_signed", "--set", "reason=报错了订单",
        )  # fmt: skip
        as_operator = ("--by", "ops", "--role", "operator")
        nobody = await desk.read(*dropped, "--set", "agreed_by=zz", *as_operator)
        assert nobody["error"]["code"] == "unknown_person"
        clerk = await desk.read(*dropped, "--set", "agreed_by=ma", "--by", "chen", "--role", "operator")
        assert clerk["error"]["code"] == "wrong_role"
        done = await desk.read(*dropped, "--set", "agreed_by=ma", *as_operator)
        assert done["status"] == "accepted"
        handle = temporal_client.get_workflow_handle(f"order-{number}")
        assert Order.model_validate(await handle.query("order")).early == []
        await handle.terminate()
