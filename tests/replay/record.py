"""Record lives of orders from the stories and the scenarios: `python -m tests.replay.record [STORY…] [--scenario NAME]`.

Known recordings are kept as they are, and those of a release are frozen (`tests.replay.released`). `--again` records anew
what no release has: a life that was recorded since the last one, while its rule still changes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from temporalio.client import Client
from temporalio.service import __version__ as sdk_version

from commands.session import start_session
from commands.stories.rehearse import perform, scripts_of
from models.values.vocabulary import Language
from rehearsal.played import Played
from rehearsal.script import Script
from runtime.connection import connect
from runtime.delivery.order_handles import order_handle
from runtime.server.embedded_server import EmbeddedServer
from tests.replay.corpus import Recorded, Recording, keep, manifest
from tests.replay.released import frozen_since
from tests.replay.scenarios import table
from tests.replay.scenarios.stage import all_runs
from tests.workflows.counting import billed, counted
from workflows.engine.carried import state_digest

STORIES = Path(__file__).resolve().parents[2] / "stories"
CONTINUED = "+continued"
CONTINUED_STORIES = ("class-b-same-day", "small-guaranteed-dies", "two-lots-two-shipments")
"""Recorded a second time with early continue-as-new."""
EARLY = {"limit.historyCount.suggestContinueAsNew": "60"}


async def record(scripts: list[Script], suffix: str, settings: Mapping[str, str]) -> None:
    """Play the scripts and keep their histories."""
    session = start_session(Language.EN)
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder), persistent=False, headless=True, dynamic_config=settings)
        async with server:

            async def save(results: list[Played]) -> None:
                client = await connect(server.settings(session.settings))
                for played in results:
                    assert played.as_expected, f"{played.name}: {played.differences[0].words.en}"
                    await _save(client, played, played.name + suffix)

            await perform(session, server, scripts, lambda played: None, save)


async def _save(client: Client, played: Played, name: str) -> None:
    order = played.order
    assert order is not None
    runs = await all_runs(client, order_handle(client, played.number))
    events = [event for run in runs for event in counted(run.events)]
    keep(
        name,
        Recorded(
            story=played.name,
            number=played.number,
            sdk=sdk_version,
            edition=order.edition,
            runs=len(runs),
            events=len(events),
            actions=billed(events),
            ending=order.ending.value if order.ending else None,
            sequence=order.sequence,
            head=order.head,
            digest=state_digest(order),
        ),
        Recording(runs=[json.loads(run.to_json()) for run in runs], journal=played.journal),
    )
    sys.stdout.write(f"{name}: {len(runs)} run(s), {len(events)} events, {billed(events)} actions\n")


def main() -> None:
    """Record what is not recorded yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", type=Path, default=[STORIES])
    parser.add_argument(
        "--again", action="store_true", help="replace known recordings that no release has frozen"
    )
    parser.add_argument(
        "--scenario",
        action="append",
        choices=table.SCENARIOS,
        help="record this one, known or not; repeatable",
    )
    arguments = parser.parse_args()
    frozen = [name for name in arguments.scenario or [] if frozen_since(name)]
    if frozen:
        parser.error(f"a release has frozen: {', '.join(frozen)}. Record another one beside it")
    if arguments.scenario:
        asyncio.run(table.record(arguments.scenario))
        return
    known = {name for name in manifest() if not arguments.again or frozen_since(name)}
    scripts = scripts_of(list(arguments.stories))
    fresh = [script for script in scripts if script.story.name not in known]
    continued = [
        script
        for script in scripts
        if script.story.name in CONTINUED_STORIES and script.story.name + CONTINUED not in known
    ]
    if fresh:
        asyncio.run(record(fresh, "", {}))
    if continued:
        asyncio.run(record(continued, CONTINUED, EARLY))
    unrecorded = [name for name in table.SCENARIOS if name not in known]
    if unrecorded and arguments.stories == [STORIES]:
        asyncio.run(table.record(unrecorded))


if __name__ == "__main__":
    main()
