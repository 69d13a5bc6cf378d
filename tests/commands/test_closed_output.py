"""Whoever reads the output may leave at any moment: nothing is said about it, and the work is done to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from activities.store.database import engine_at, reading, upgrade
from models.tables.registry import table

STARTER = Path(__file__).resolve().parents[2] / "starter.py"


def run_unread(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run a command whose reader has left before the first word; exit code and what stands on the error output."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = os.environ | {"DINGDAN_VAR": str(folder)}
    done = subprocess.run(
        [sys.executable, str(STARTER), *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        check=False,
    )
    os.close(writer)
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", [["list", "--json"], ["--help"]])
def test_a_reader_who_leaves_hears_nothing_of_it(tmp_path: Path, command: list[str]) -> None:
    upgrade(f"sqlite:///{tmp_path / 'dingdan.db'}")
    code, said = run_unread(command, tmp_path)
    assert said == ""
    assert code in (0, 1)


def test_what_was_begun_is_done_to_its_end(tmp_path: Path) -> None:
    """All files are taken, though the first line of the answer already has no reader."""
    url = f"sqlite:///{tmp_path / 'dingdan.db'}"
    upgrade(url)
    files = [tmp_path / f"{name}.csv" for name in ("li", "wang")]
    for file in files:
        file.write_text(f"person,name,roles\n{file.stem},李明,salesperson\n")
    assert run_unread(["import", "staff", *map(str, files)], tmp_path) == (0, "")
    with reading(engine_at(url)) as connection:
        assert set(connection.scalars(select(table("staff").c.person))) == {"li", "wang"}
