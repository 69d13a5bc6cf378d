"""Rolling from one build to the next, back and forth again, by Worker Versioning, while facts are told all the time.

Orders stand in every phase. No workflow task fails, no journal has a second epoch, every answered fact is recorded once. What
cannot go back, orders of an edition that the old build does not know, is pinned to the new one before the way back.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from temporalio.client import Client

from activities.store.database import upgrade
from models.values.editions import NEWEST
from models.values.vocabulary import PhaseName
from runtime.server.registration import register_attributes
from runtime.settings import Settings
from tests.changing import tomorrow
from tests.changing.older_tree import NoOlderTree, older_tree
from tests.changing.rollout import Rollout, Teller, all_recorded_once
from tests.changing.test_two_workers import Installation, a_whole_life, stands_in
from tests.changing.trees import HERE, Tree
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES


class Builds(NamedTuple):
    """Yesterday's tree and the newer one, and the newest edition of each."""

    old: Tree
    new: Tree
    editions: tuple[int, int]


def of_the_past(folder: Path) -> Builds:
    """The last committed tree that did not know the newest edition, and the one that stands here."""
    try:
        old = older_tree(folder / "yesterday")
    except NoOlderTree as none:
        pytest.skip(str(none))
    return Builds(old, Tree(HERE), (NEWEST - 1, NEWEST))


def made(folder: Path) -> Builds:
    """The tree that stands here, and tomorrow's as `tests/changing/tomorrow.py` makes it: needs no history of the project."""
    new = Tree.copied_to(folder / "tomorrow")
    new.edit(*tomorrow.BY_THE_BOOK)
    return Builds(Tree(HERE), new, (NEWEST, NEWEST + 1))


@pytest.fixture
async def installation(temporal_client: Client, settings: Settings) -> Installation:
    upgrade(settings.database_url)
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    placed = datetime.now(UTC)
    return Installation(temporal_client, settings, placed, a_whole_life(placed))


async def roll(installation: Installation, builds: Builds, seconds: float) -> Teller:
    """Old, new, old, new again, each for so many seconds under load; what the teller heard."""
    rollout = Rollout(installation, seconds)
    old_edition, new_edition = builds.editions
    whole = len(installation.said)
    async with rollout.worker(builds.new, "new"), rollout.worker(builds.old, "old"):
        await rollout.lead_to("old")
        for phase, said in stands_in(installation.placed, installation.said).items():
            await installation.place(f"in-{phase}", edition=old_edition)
            await rollout.tell(f"in-{phase}", said)
            assert await installation.phase(f"in-{phase}") == phase
        of_old = list(installation.orders)
        assert len(of_old) >= 7
        async with Teller(installation, of_old) as teller:
            await rollout.under_load(of_old, "old")
            await rollout.lead_to("new")
            await rollout.under_load(of_old, "new")
            await installation.place("of-new", edition=new_edition)
            await rollout.tell("of-new", 2)
            assert await rollout.build_of("of-new") == "new"
            # The old program does not know the edition: such an order stays where it is, by name, before the way back.
            await rollout.pin("of-new", "new")
            teller.also("of-new")
            await rollout.lead_to("old")
            await rollout.under_load(of_old, "old")
            # Open orders live on meanwhile, on whichever build is the current one.
            await rollout.tell(
                f"in-{PhaseName.PRODUCTION}", installation.orders[f"in-{PhaseName.PRODUCTION}"] + 1
            )
            assert await rollout.build_of("of-new") == "new"
            await rollout.lead_to("new")
            await rollout.unpin("of-new")
            await rollout.under_load([*of_old, "of-new"], "new")
        for number in of_old:
            await rollout.tell(number, whole)
            assert (await installation.handle(number).result()).ending == "settled"
    return teller


async def judge(installation: Installation, teller: Teller) -> None:
    """Nothing failed, nothing was rewritten, and what was answered is recorded once."""
    for number in installation.orders:
        assert "WORKFLOW_TASK_FAILED" not in await installation.happened(number), number
        assert installation.kept(number)[0] == 0, number
    assert teller.refused == []
    assert all_recorded_once(installation, teller) == []


@pytest.mark.endurance
async def test_builds_roll_forth_and_back_under_load(installation: Installation, tmp_path: Path) -> None:
    teller = await roll(installation, made(tmp_path), 0.5)
    await judge(installation, teller)
    await installation.handle("of-new").terminate()
    assert len(teller.answered) > 20


@pytest.mark.endurance
async def test_a_committed_older_tree_rolls_to_this_one_and_back(
    installation: Installation, tmp_path: Path
) -> None:
    """`ROLLING_SECONDS` under load on each build; `YESTERDAY` names another revision."""
    teller = await roll(installation, of_the_past(tmp_path), float(os.environ.get("ROLLING_SECONDS", "10")))
    await judge(installation, teller)
    await installation.handle("of-new").terminate()
    sys.stdout.write(
        f"{len(teller.answered)} facts told, {teller.stored} kept as signals, the slowest {teller.slowest:.2f} s\n"
    )


async def test_without_a_history_there_is_no_older_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YESTERDAY", "no-such-revision")
    with pytest.raises(NoOlderTree):
        await asyncio.to_thread(older_tree, tmp_path / "none")
