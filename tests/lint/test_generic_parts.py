"""What every kind of case stands on reaches nothing that is an order's: read from the sources, import by import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "workflows", "activities", "runtime", "gateway", "commands", "rehearsal", "tests")
GENERIC = (
    *sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "models" / "dossier").rglob("[a-z]*.py")
    ),
    "models.messages.fact_kind",
    "workflows.case",
    "workflows.durable",
    "workflows.engine.carried_case",
    "workflows.engine.step_list",
    "tests.workflows.quote_case",
)
OF_AN_ORDER = (
    "models.decisions",
    "models.handlers",
    "models.order",
    "models.request",
    "workflows.order",
    "workflows.phases",
    "workflows.procedure",
    "workflows.procedures",
    "workflows.upcoming",
)


def file_of(module: str) -> Path | None:
    """The source of one of our modules; None for a package without code or somebody else's."""
    place = ROOT.joinpath(*module.split("."))
    found = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place / "__init__.py"
    return found if module.split(".", maxsplit=1)[0] in ROOMS and found.is_file() else None


def imported_by(source: str) -> Iterator[str]:
    """Every module that a source names, wherever in it: what stands under TYPE_CHECKING counts as well."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reached_from(module: str) -> dict[str, tuple[str, ...]]:
    """Every module of ours that this one reaches, each with the way to it."""
    ways: dict[str, tuple[str, ...]] = {module: (module,)}
    open_ones = [module]
    while open_ones:
        here = open_ones.pop()
        source = file_of(here)
        for name in imported_by(source.read_text(encoding="utf-8")) if source else ():
            if name not in ways and file_of(name) is not None:
                ways[name] = (*ways[here], name)
                open_ones.append(name)
    return ways


def is_an_orders(module: str) -> bool:
    """Whether a module is one of those, or lies in one of those rooms."""
    return any(module == room or module.startswith(f"{room}.") for room in OF_AN_ORDER)


@pytest.mark.parametrize("module", GENERIC)
def test_a_generic_part_reaches_nothing_that_is_an_orders(module: str) -> None:
    assert file_of(module) is not None
    assert [way for name, way in reached_from(module).items() if is_an_orders(name)] == []


def test_the_look_finds_what_an_order_reaches() -> None:
    found = reached_from("workflows.order")
    assert {"models.order.order", "workflows.phases.intake", "models.request.order_start"} <= set(found)
    assert "models.dossier.dossier" in reached_from("workflows.case")
