"""Trees that are changed: the project copied to a throw-away folder, its source text edited, and run from there."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

HERE = Path(__file__).resolve().parents[2]
_ROOMS = (
    "activities", "commands", "gateway", "migrations", "models", "rehearsal", "runtime", "stories",
    "templates", "workflows", "tests/changing", "tests/replay", "tests/workflows", "tests/models",
)  # fmt: skip
_FILES = ("policy.toml", "notices.toml", "pyproject.toml", "tests/postgres.py", "starter.py", "worker.py")
SECONDS = 150
"""More than any of the programs takes on a busy machine."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One place in a file: the text that stands there, and the one that comes in its place."""

    file: str
    before: str
    after: str


class Tree:
    """A tree of the project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def copied_to(folder: Path) -> Tree:
        """The project as it stands here."""
        for room in _ROOMS:
            # With what is compiled already: it counts as long as the source keeps its time.
            shutil.copytree(HERE / room, folder / room)
        for file in _FILES:
            shutil.copy(HERE / file, folder / file)
        return Tree(folder)

    def edit(self, *edits: Edit) -> None:
        """Change the source text. Raises AssertionError where the text is not found exactly once."""
        for each in edits:
            file = self.folder / each.file
            text = file.read_text()
            assert text.count(each.before) == 1, (
                f"{each.file} has {text.count(each.before)} × {each.before!r}"
            )
            file.write_text(text.replace(each.before, each.after))

    def add_to_every_model(self, *fields: str) -> list[str]:
        """Put these fields into each model of the project that is persisted or carried; which those are."""
        models = persisted_models()
        by_file: dict[Path, list[type[BaseModel]]] = {}
        for model in models:
            file = self.folder / Path(inspect.getfile(model)).resolve().relative_to(HERE)
            by_file.setdefault(file, []).append(model)
        for file, here in by_file.items():
            _add_fields(file, {model.__name__ for model in here}, fields)
        return [model.__name__ for model in models]

    def run(self, module: str, *arguments: str) -> Any:
        """A program of this tree in a process of its own; the JSON that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            raise TreeFailed(done.stderr)
        return json.loads(done.stdout)


class TreeFailed(Exception):
    """A program of a changed tree ended with an error; its last words."""


def persisted_models() -> list[type[BaseModel]]:
    """Every model of what a durable case is, is told, carries and says: all models of these rooms, however they are nested."""
    for room in _KEPT:
        package = importlib.import_module(room)
        for module in pkgutil.iter_modules(getattr(package, "__path__", []), prefix=f"{room}."):
            importlib.import_module(module.name)
    found = [model for model in _below(BaseModel) if model.__module__.startswith(_KEPT)]
    return [model for model in found if "[" not in model.__name__ and _fields_of(model)]


_KEPT = (
    "models.request",
    "models.order",
    "models.dossier",
    "models.messages",
    "models.policy",
    "models.staff",
    "models.values",
    "models.quotes",
    "models.cases",
    "models.contracts",
    "workflows.engine",
    "workflows.quote",
    "workflows.aftersales_case",
    "workflows.contract",
)


def _fields_of(model: type[BaseModel]) -> bool:
    # `Content` itself is a base and never a content.
    return bool(model.model_fields) or model.__name__ != "Content"


def _below(model: type[Any]) -> Iterator[type[Any]]:
    seen = set()
    waiting = [model]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in seen:
                seen.add(each)
                waiting.append(each)
                yield each


def _add_fields(file: Path, names: set[str], fields: tuple[str, ...]) -> None:
    lines = file.read_text().splitlines()
    classes = [
        node
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef) and node.name in names
    ]
    for node in sorted(classes, key=lambda each: -each.lineno):
        own = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        after = own[-1] if own else node.body[0]
        assert after.end_lineno is not None
        lines[after.end_lineno : after.end_lineno] = [f"    {field}" for field in fields]
    file.write_text("\n".join(lines) + "\n")
