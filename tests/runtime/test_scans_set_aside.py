"""The watched folder: a file that cannot be taken is set aside or left, and those before and after it are taken."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at, upgrade
from runtime.files import scans
from runtime.files.scans import take_arrived
from runtime.settings import Settings


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Three blank pages, complete, `b.png` in the middle."""
    upgrade(settings.database_url)
    into = settings.scans / "in"
    into.mkdir(parents=True)
    for place, name in enumerate(("a.png", "b.png", "c.png")):
        Image.new("L", (300 + place, 300), 255).save(into / name)
        os.utime(into / name, (time.time() - 100 + place,) * 2)
    return into


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (ZeroDivisionError("nobody foresaw this"), []),
        (PermissionError(13, "Permission denied"), ["b.png"]),
        (FileNotFoundError(2, "No such file"), ["b.png"]),
    ],
    ids=["stumbles", "closed", "gone"],
)
async def test_one_file_that_cannot_be_taken(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, left: list[str]
) -> None:
    whole = scans.take_scan

    async def take_scan(client: Client, own: Settings, file: Path) -> Any:
        if file.name == "b.png":
            raise error
        return await whole(client, own, file)

    monkeypatch.setattr(scans, "take_scan", take_scan)
    assert await take_arrived(settings) == 3 - len(left)
    assert names_in(folder) == left
    asked = {step.about["file"] for step in open_desk_steps(engine_at(settings.database_url))}
    assert asked == {"a.png", "c.png"} | (set() if isinstance(error, FileNotFoundError) else {"b.png"})
    assert await take_arrived(settings) == 0


async def test_what_nobody_can_read_of_a_file_from_a_customers_page_is_one_question(
    settings: Settings, folder: Path
) -> None:
    """A link cannot fill the clerk's inbox with the pages of one file; a fax of as many pages is as many questions."""
    pages = [Image.new("L", (300, 300 + place), 255) for place in range(4)]
    for name in ("door-20270301-0001-0123456789abcdef-12345678.tif", "fax.tif"):
        for file in names_in(folder):
            (folder / file).unlink()
        pages[0].save(folder / name, save_all=True, append_images=pages[1:])
        os.utime(folder / name, (time.time() - 100,) * 2)
        assert await take_arrived(settings) == 1
    asked = [step.about["file"] for step in open_desk_steps(engine_at(settings.database_url))]
    assert (asked.count("fax.tif"), len(asked)) == (3, 4), (
        "the first page is the one that was asked about already"
    )
