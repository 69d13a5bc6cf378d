"""Refuses in models/ and workflows/ what would give another answer on replay: clock, chance, environment, I/O.

These modules, the workflow definitions with them, are passed through Temporal's sandbox, which therefore no longer
sees such calls: whatever it forbids is forbidden here. Reads the source only.
Usage: forbidden_calls.py FOLDER… ; prints each place as FILE:LINE and exits 1 if there is one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

EXCEPTED = "models/tables/"
"""The tables and their columns know SQL, and no workflow imports them (import-linter sees to that)."""

MODULES = {
    "time": "the clock; take the time as an argument, or workflow.now()",
    "random": "chance; workflow.random()",
    "secrets": "chance; workflow.random()",
    "os": "the environment and the disk",
    "sys": "the process",
    "io": "input and output",
    "pathlib": "the disk",
    "shutil": "the disk",
    "tempfile": "the disk",
    "glob": "the disk",
    "bz2": "the disk",
    "gzip": "the disk, and the clock in what it packs",
    "lzma": "the disk",
    "tarfile": "the disk",
    "zipfile": "the disk, and the clock in what it packs",
    "dbm": "the disk",
    "shelve": "the disk",
    "filecmp": "the disk",
    "fileinput": "the disk",
    "marshal": "differs between versions of Python",
    "mmap": "the disk",
    "curses": "the terminal",
    "readline": "the terminal",
    "getpass": "the terminal",
    "getopt": "the command line",
    "gettext": "the disk and the language of the machine",
    "webbrowser": "other processes",
    "socket": "the network",
    "urllib.request": "the network",
    "http": "the network",
    "ftplib": "the network",
    "imaplib": "the network",
    "poplib": "the network",
    "smtplib": "the network",
    "socketserver": "the network",
    "select": "the network",
    "selectors": "the network",
    "xmlrpc": "the network",
    "subprocess": "other processes",
    "multiprocessing": "other processes",
    "threading": "threads",
    "signal": "the process",
    "sched": "the clock",
    "concurrent": "threads",
    "zoneinfo": "zone data differ between machines; the business time zone is a fixed offset",
    "locale": "differs between machines",
    "platform": "differs between machines",
    "logging": "workflow.logger is silent on replay; the model says what it has to say in the journal",
    "sqlmodel": "SQL",
    "sqlalchemy": "SQL",
    "sqlite3": "SQL",
    "psycopg": "SQL",
}
"""Modules that may not be imported, each with what it stands for."""

MEMBERS = {
    "datetime.datetime": frozenset({"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}),
    "datetime.date": frozenset({"today", "fromtimestamp"}),
    "uuid": frozenset({"uuid1", "uuid4", "uuid6", "uuid7", "getnode"}),
    "asyncio": frozenset({"wait", "as_completed", "to_thread", "run", "get_event_loop", "new_event_loop"}),
}
"""Members that may not be used of modules that otherwise may."""

BUILT_IN = frozenset(
    {"open", "print", "input", "breakpoint", "eval", "exec", "compile", "id", "hash", "__import__"}
)
"""Built-in functions that may not be called (`id` and `hash` differ from process to process)."""


class Finding(NamedTuple):
    """One forbidden thing and its place."""

    line: int
    what: str


def _forbidden_module(name: str) -> str | None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        reason = MODULES.get(".".join(parts[:length]))
        if reason is not None:
            return reason
    return None


class _Reader(ast.NodeVisitor):
    """Follows imported names, so that an alias hides nothing."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._meaning: dict[str, str] = {}
        self._in_hash = False

    def _found(self, node: ast.expr | ast.stmt, what: str) -> None:
        self.findings.append(Finding(node.lineno, what))

    def _check_import(self, node: ast.stmt, name: str) -> None:
        reason = _forbidden_module(name)
        if reason is not None:
            self._found(node, f"import of {name}: {reason}")

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._check_import(node, alias.name)
            top = alias.name.split(".")[0]
            self._meaning[alias.asname or top] = alias.name if alias.asname else top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level:
            return
        module = node.module or ""
        self._check_import(node, module)
        for alias in node.names:
            full = f"{module}.{alias.name}"
            self._meaning[alias.asname or alias.name] = full
            if _forbidden_module(module) is None:
                self._check_import(node, full)
            if alias.name in MEMBERS.get(module, ()):
                self._found(node, f"{full} gives another answer on replay")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outside, self._in_hash = self._in_hash, node.name == "__hash__"
        self.generic_visit(node)
        self._in_hash = outside

    def _full_name(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self._meaning.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self._full_name(node.value)
            return f"{owner}.{node.attr}" if owner else None
        return None

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = self._full_name(node.value)
        if owner is not None and node.attr in MEMBERS.get(owner, ()):
            self._found(node, f"{owner}.{node.attr} gives another answer on replay")
        elif owner is not None and f"{owner}.{node.attr}" in MODULES:
            self._found(node, f"use of {owner}.{node.attr}: {MODULES[f'{owner}.{node.attr}']}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        if not isinstance(called, ast.Name) or (called.id == "hash" and self._in_hash):
            pass
        elif called.id in BUILT_IN and called.id not in self._meaning:
            self._found(node, f"{called.id}() is not for models and workflows")
        self.generic_visit(node)


def findings_in(source: str, name: str = "<source>") -> list[Finding]:
    """The forbidden things in one module's source, by line."""
    reader = _Reader()
    reader.visit(ast.parse(source, name))
    return sorted(set(reader.findings))


def modules_in(folders: list[Path]) -> Iterator[Path]:
    """The modules to be read, without the excepted ones."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if EXCEPTED not in path.as_posix():
                yield path


def main(names: list[str]) -> int:
    """Read the folders named; returns the exit code."""
    folders = [Path(name) for name in names]
    missing = [folder for folder in folders if not folder.is_dir()]
    if not folders or missing:
        sys.stderr.write(f"no such folder: {', '.join(map(str, missing)) or '(none named)'}\n")
        return 2
    count = 0
    for path in modules_in(folders):
        for finding in findings_in(path.read_text(encoding="utf-8"), str(path)):
            sys.stdout.write(f"{path}:{finding.line}: {finding.what}\n")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
