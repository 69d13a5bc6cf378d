"""The demo: stories lived through the door, with their papers and notices, and everything stopped at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.store.database import engine_at, reading
from commands.stories.demo import SHOWN
from commands.stories.rehearse import scripts_of
from models.tables.registry import table
from rehearsal.pure import play
from runtime.settings import ROOT
from tests.commands.conftest import Desk

STORIES = ("wild-order", "not-producible", "customer-not-real", "signed-by-link")


def test_what_is_shown_by_itself_is_there_and_goes_as_it_says() -> None:
    files = [ROOT / "stories" / f"{name}.yaml" for name in SHOWN]
    scripts = scripts_of(files)
    assert len(scripts) == len(SHOWN)
    assert [played.name for script in scripts if not (played := play(script)).as_expected] == []


@pytest.mark.slow
@pytest.mark.endurance
async def test_the_demo_goes_through_the_door(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TEMPORAL_ADDRESS")
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path))
    files = [str(ROOT / "stories" / f"{name}.yaml") for name in STORIES]
    code, out, err = await desk.run("demo", *files)
    assert code == 0, out + err
    engine = engine_at(f"sqlite:///{tmp_path / 'demo' / 'dingdan.db'}")
    with reading(engine) as connection:
        acts = connection.execute(table("acts").select()).mappings().all()
        endings = {row["ending"] for row in connection.execute(table("orders").select()).mappings()}
    assert endings == {"settled", "not_producible"}
    assert {"placed", "told"} <= {act["outcome"] for act in acts}
    assert {"clerk-chen", "factory-ma", "tech-lin"} <= {act["person"] for act in acts}
    assert all(act["address"] == "127.0.0.1" for act in acts)
    assert list((tmp_path / "demo" / "documents").rglob("*.pdf"))
