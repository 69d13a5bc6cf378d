"""Everything that is compared later by its hash, worked out by the tree in which this runs: `python -m tests.changing.digests`.

One JSON object on standard output. Run in a tree that was changed, it tells whether open orders would notice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.dossier.records.recording import Burst
from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import Envelope
from models.order.order import Order
from models.order.projection import rows_of
from models.values.calendar import Calendar
from models.values.fingerprint import digest_of, digest_of_model, lasting
from rehearsal.beside import on_model
from rehearsal.beside.case_player import CASES
from rehearsal.beside.case_story import case_script_of, read_case_story
from rehearsal.beside.contract_player import CONTRACTS
from rehearsal.beside.contract_story import contract_script_of, read_contract_story
from rehearsal.beside.kind import StoryKind
from rehearsal.beside.quote_player import QUOTES
from rehearsal.beside.quote_story import quote_script_of, read_quote_story
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import StoryWarehouse, answer, live_until
from rehearsal.script import Script, Stocking, Telling, script_of
from workflows.engine.carried import Carried, state_digest
from workflows.procedure import begin, receive

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)
EVERY = 6
"""Each so manieth move the whole state is looked at; the journal is chained and needs no more than its head."""


def scripts() -> Iterator[Script]:
    """All stories, ready to be lived."""
    company = read_company(STORIES)
    for path in story_files([STORIES]):
        yield script_of(read_story(path), company, NOW)


def digests_of_a_life(script: Script) -> dict[str, Any]:
    """One story on the pure model: each hash that is made on its way."""
    order = begin(script.order_start("20270104-0001"), script.start)
    envelopes, states, rows, warehouse = [], [], [], StoryWarehouse(script)
    for place, move in enumerate(script.moves):
        live_until(order, move.at, warehouse.books)
        if isinstance(move, Stocking):
            warehouse.happens(order, move)
        if isinstance(move, Telling):
            receive(order, move.envelope, move.at)
            answer(order, warehouse.books)
            envelopes.append(Envelope.model_validate(move.envelope).digest() if _is_read(move) else "")
        if place % EVERY == 0:
            states.append(state_digest(order))
            rows.append(_rows(order))
    return {
        "request": digest_of_model(script.request),
        "envelopes": envelopes,
        "abouts": [each.about for each in (*order.voided, *order.asked.values())],
        "sheets": [sheet.content_hash for sheet in order.sheets],
        "papers": [digest_of(each.content) for each in order.unsent],
        "seen": digest_of(order.seen),
        "journal": [entry.hash for entry in order.unsaved],
        "rows": [*rows, _rows(order)],
        "states": [*states, state_digest(order)],
    }


def scripts_beside_orders() -> Iterator[tuple[StoryKind[Any, Any], Any]]:
    """All stories of quotes, after-sales cases and contracts, ready to be lived."""
    company = read_company(STORIES)
    for place, path in enumerate(story_files([STORIES / "quotes"]), 1):
        yield QUOTES, quote_script_of(read_quote_story(path), company, NOW, f"Q20270104-{place:04}")
    for place, path in enumerate(story_files([STORIES / "cases"]), 1):
        yield CASES, case_script_of(read_case_story(path), company, NOW, place)
    for place, path in enumerate(story_files([STORIES / "contracts"]), 1):
        yield (
            CONTRACTS,
            contract_script_of(read_contract_story(path), company, NOW, f"H20270104-{place:04}-1"),
        )


def digests_beside_orders(kind: StoryKind[Any, Any], script: Any) -> dict[str, Any]:
    """One such story on the pure model."""
    played = on_model.play(kind, script)
    return {
        "papers": [digest_of(each.content) for each in played.dossier.unsent],
        "seen": digest_of(played.dossier.seen),
        "journal": [entry.hash for entry in played.journal],
        "states": state_digest(played.dossier),
    }


def carried_beside_orders(kind: StoryKind[Any, Any], script: Any) -> Any:
    """What the next run of such a case gets from this tree."""
    return json.loads(kind.carried(on_model.play(kind, script).dossier, 0).model_dump_json())


def _is_read(move: Telling) -> bool:
    return move.envelope.get("kind") in FACT_KINDS and bool(move.envelope.get("by"))


def _rows(order: Order) -> str:
    return digest_of([[each.table, each.key, each.values] for each in rows_of(order)])


def calendar_told(script: Script) -> str:
    """The digest under which an order knows the holidays that the engine gave it."""
    order = begin(script.order_start("20270104-0001"), script.start)
    told = {
        "fact_id": "temporal/calendar_refreshed-1",
        "kind": "calendar_refreshed",
        "by": "temporal",
        "role": "system",
        "happened_at": script.start.isoformat(),
        "content": {"calendar": lasting(Calendar(years=(2027, 2028)))},
    }
    receive(order, told, script.start)
    return order.seen["temporal/calendar_refreshed-1"]


def recorded(script: Script) -> dict[str, Any]:
    """A story recorded in SQLite and read back: journal and order as the database has them."""
    from sqlalchemy import select

    from activities.orders.recording.recorder import Recorder
    from activities.store.database import engine_at, upgrade
    from models.tables.registry import table

    order, warehouse = begin(script.order_start("20270104-0001"), script.start), StoryWarehouse(script)
    for move in script.moves:
        live_until(order, move.at, warehouse.books)
        if isinstance(move, Stocking):
            warehouse.happens(order, move)
        if isinstance(move, Telling):
            receive(order, move.envelope, move.at)
            answer(order, warehouse.books)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/orders.db"
        upgrade(url)
        engine = engine_at(url)
        saved = Recorder(engine).record(
            Burst(
                order=order.number,
                epoch=0,
                after_sequence=0,
                after_hash="0" * 64,
                entries=order.unsaved,
                rows=rows_of(order),
                intentions=order.unsent,
            )
        )
        counted = {}
        with engine.connect() as connection:
            for name in ("journal", "orders", "order_lines", "open_steps", "decisions", "lots", "shipments"):
                rows = connection.execute(select(table(name))).mappings().all()
                counted[name] = digest_of(sorted(str(dict(row)) for row in rows))
        engine.dispose()
    return {"saved": saved.sequence, "diverged": saved.diverged, "head": saved.hash, **counted}


def wire(script: Script) -> dict[str, Any]:
    """What this tree sends to workflows: an order's start, the state of its next run, a fact."""
    start = script.order_start("20270104-0001")
    order = begin(start, script.start)
    told = [move for move in script.moves if isinstance(move, Telling)]
    for move in told[:4]:
        receive(order, move.envelope, move.at)
    return {
        "start": json.loads(start.model_dump_json()),
        "carried": json.loads(Carried(order=order).model_dump_json()),
        "fact": lasting(Envelope.model_validate(told[0].envelope)),
    }


async def replayed(names: list[str]) -> dict[str, list[str]]:
    """Recordings lived again: where they are another life."""
    from tests.replay.corpus import load, manifest
    from tests.replay.living import differences, live_again

    known, found = manifest(), {}
    for name in names:
        recording = load(name)
        found[name] = list(differences(known[name], recording, await live_again(known[name], recording)))
    return found


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--replay", nargs="*", default=[])
    parser.add_argument("--lives", type=int, default=1000)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--recorded", action="store_true")
    chosen = parser.parse_args()
    lives, beside = list(scripts())[:: chosen.every], list(scripts_beside_orders())
    by_kind = {kind.word: [each for each in beside if each[0] is kind] for kind, _ in beside}
    few = [each for those in by_kind.values() for each in those[: chosen.lives]]
    found = {
        "lives": {
            **{script.story.name: digests_of_a_life(script) for script in lives[: chosen.lives]},
            **{
                f"{kind.word}/{script.story.name}": digests_beside_orders(kind, script)
                for kind, script in few
            },
        },
        "calendar": calendar_told(lives[0]),
        "recorded": recorded(lives[0]) if chosen.recorded else {},
        "wire": {
            **wire(lives[0]),
            **{word: carried_beside_orders(*those[0]) for word, those in by_kind.items()},
        },
        "replayed": asyncio.run(replayed(chosen.replay)) if chosen.replay else {},
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
