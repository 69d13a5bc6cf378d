"""The command that is shown of a step of the desk settles it, whatever stands in its key; a shipment is one of those named."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from activities.facts import pending_facts
from activities.facts.asked_facts import asked_which
from activities.facts.desk_steps import find_open_step, open_desk_steps, open_step
from activities.orders.requests import open_request
from activities.store.database import engine_at, reading, writing
from commands.company.setup import prepare
from models.messages.envelope import read_envelope
from models.policy import Policy
from models.reports.desk_steps import DeskStepKind
from models.request.order_request import OrderRequest
from models.tables.registry import table
from runtime.settings import Settings
from tests.commands.conftest import ORDER, Desk, files

NOW = datetime.now(UTC)


async def test_a_step_is_settled_as_its_command_says(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    engine = engine_at(settings.database_url)
    number = open_request(engine, OrderRequest.model_validate(ORDER), NOW, Policy())[0].number
    said = {
        "fact_id": "carrier/it's a \"test\" $HOME", "kind": "arrived", "by": "key:carrier", "role": "logistics",
        "happened_at": NOW.isoformat(), "content": {},
    }  # fmt: skip
    envelope, unplaced = read_envelope(said), pending_facts.InboxState.UNPLACED
    step = asked_which(
        DeskStepKind.SEVERAL_SHIPMENTS, envelope, "SF100", NOW, None, shipments=f"{number}/1, {number}/2"
    )
    with writing(engine) as connection:
        pending_facts.enter(connection, "SF100", envelope, NOW, "", unplaced)
        open_step(connection, step)
    words = shlex.split(step.command.partition("|")[0])
    assert words[:2] == ["starter.py", "resolve"]
    assert find_open_step(engine, words[2]).key == step.key

    async def settled(*options: str) -> int:
        return (await desk.run("resolve", words[2], *options, "--by", "chen"))[0]

    assert await settled("--order", number) == 3
    assert await settled("--order", number, "--shipment", "3") == 4
    assert await settled("--order", number, "--shipment", "2") == 0
    assert open_desk_steps(engine) == []
    with reading(engine) as connection:
        (row,) = connection.execute(table("inbox").select()).mappings()
    assert (row["order_number"], row["state"]) == (number, pending_facts.InboxState.WAITING.value)
    assert row["envelope"]["content"] == {"shipment": "2"}
    assert row["digest"] == read_envelope(row["envelope"]).digest()
