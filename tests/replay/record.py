"""Record lives of orders from the stories: `python -m tests.replay.record [STORY…]`.

Known recordings are kept as they are: from the first release on a history is only added. Before it, and only then,
`--again` records anew what the code has outgrown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.service import __version__ as sdk_version

from commands.session import start_session
from commands.stories.rehearse import perform, scripts_of
from models.values.vocabulary import Language
from rehearsal.played import Played
from rehearsal.script import Script
from runtime.connection import connect
from runtime.delivery.order_handles import workflow_id
from runtime.server.embedded_server import EmbeddedServer
from tests.replay.corpus import Recorded, Recording, keep, manifest
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
    runs = [history async for history in _runs(client, played.number)]
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


async def _runs(client: Client, number: str) -> AsyncIterator[WorkflowHistory]:
    """The order's histories from its first run to its last."""
    newest = await client.get_workflow_handle(workflow_id(number)).fetch_history()
    run: str | None = newest.events[0].workflow_execution_started_event_attributes.first_execution_run_id
    while run:
        history = await client.get_workflow_handle(workflow_id(number), run_id=run).fetch_history()
        yield history
        run = _next(history)


def _next(history: WorkflowHistory) -> str | None:
    last = history.events[-1]
    if last.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
        return None
    return last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id


def main() -> None:
    """Record what is not recorded yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", type=Path, default=[STORIES])
    parser.add_argument(
        "--again", action="store_true", help="replace known recordings; never after a release"
    )
    arguments = parser.parse_args()
    known = set() if arguments.again else set(manifest())
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


if __name__ == "__main__":
    main()
