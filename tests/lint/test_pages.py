"""What the pages written by hand name is there: modules, folders, links; and nothing cites a page that nobody has."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "activities", "workflows", "runtime", "rehearsal", "gateway", "commands", "books")
OURS = (*ROOMS, "migrations", "tests")
MOST_MODULES = 16
"""In one folder, `__init__` counted."""
PAGES = [
    *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_ROOM = "|".join(OURS)
_PATH = re.compile(rf"(?<![\w./])(?:{_ROOM})/[\w./<>*-]*")
_DOTTED = re.compile(rf"(?<![\w./])(?:{_ROOM})(?:\.[A-Za-z_]\w*)+(?![\w/])")
_A_FILE = re.compile(r"\.(?:py|toml|html|md)$")


def named_in(text: str) -> Iterator[str]:
    """Paths (`a/b.py`) and modules (`a.b.c`) of ours that a page names: in backticks, or in a drawing."""
    drawings = [body for language, body in _FENCE.findall(text) if language == "mermaid"]
    for part in [*_INLINE.findall(_FENCE.sub("", text)), *drawings]:
        yield from (found.rstrip(".") for found in _PATH.findall(part))
        yield from (found for found in _DOTTED.findall(part) if not _A_FILE.search(found))


@cache
def _names_in(file: Path) -> frozenset[str]:
    """What a module defines: names, and those within its classes as `Class.name`."""
    return frozenset(_defined(ast.parse(file.read_text(encoding="utf-8")).body))


def _defined(body: list[ast.stmt], inside: str = "") -> Iterator[str]:
    for each in body:
        if isinstance(each, ast.ClassDef):
            yield inside + each.name
            yield from _defined(each.body, f"{inside}{each.name}.")
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield inside + each.name
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            yield inside + each.target.id
        elif isinstance(each, ast.Assign):
            yield from (inside + name.id for name in each.targets if isinstance(name, ast.Name))


def is_there(name: str) -> bool:
    """Whether a path, a module, or a name within a module exists. `<…>` and `*` in a path stand for any name."""
    if "/" in name:
        pattern = re.sub(r"<[^>]*>", "*", name).rstrip("/")
        return any(True for _ in ROOT.glob(pattern))
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        file = ROOT.joinpath(*parts[:length])
        rest = ".".join(parts[length:])
        if file.is_dir():
            return not rest or ((file / "__init__.py").is_file() and rest in _names_in(file / "__init__.py"))
        if file.with_suffix(".py").is_file():
            return not rest or rest in _names_in(file.with_suffix(".py"))
    return False


def _title(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_title)
def test_what_a_page_names_is_there(page: Path) -> None:
    missing = {name for name in named_in(page.read_text(encoding="utf-8")) if not is_there(name)}
    assert missing == set()


@pytest.mark.parametrize("page", PAGES, ids=_title)
def test_where_a_page_links_to_there_is_something(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "`models/order/order.py` and `models.order.order.Order.no_such`",
            ["models.order.order.Order.no_such"],
        ),
        ("`models/order/orders.py`", ["models/order/orders.py"]),
        ("`models.handlers.money.payments.payment_received`, `workflows.durable.DurableCase.live`", []),
        ("`python -m tests.benchmark.nothing`", ["tests.benchmark.nothing"]),
        ("`workflows/phases/<name>.py`, `models/rules/`, `gateway/**/*.html`", []),
        ("```mermaid\nA[models/gone.py]\n```\n```python\nimport models.gone\n```", ["models/gone.py"]),
        ("plain models/gone.py, `policy.toml`, `var/models/x`", []),
    ],
)
def test_the_check_bites(text: str, wrong: list[str]) -> None:
    assert [name for name in named_in(text) if not is_there(name)] == wrong


def _all_texts() -> Iterator[Path]:
    folders = (*OURS, "docs", "stories", "templates", "webhooks", "examples", ".ci")
    for folder in folders:
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in {".py", ".md", ".json", ".toml", ".yaml", ".html", ".typ", ".txt"}:
                yield file
    yield from (file for file in ROOT.iterdir() if file.suffix in {".py", ".md", ".toml", ".yml"})


def test_nothing_cites_a_section_of_a_page_that_is_not_here() -> None:
    """A name in capitals and a section sign is how notes beside a project are cited; say it in words, or link to `docs/`."""
    cited = re.compile(r"\b[A-Z]{3,} §")
    texts = [*_all_texts()]
    assert len(texts) > 300
    assert [_title(file) for file in texts if cited.search(file.read_text(encoding="utf-8"))] == []


# --- the map and the records -------------------------------------------------------------------------------------------


def test_the_map_names_the_rooms_in_the_order_of_the_import_rules_and_every_folder_in_them() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(each["layers"] for each in contracts["contracts"] if each["type"] == "layers")
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| `(\w+)/` \| [^|]+ \| [^|]+ \|$", text)[: len(layers)] == layers[::-1]
    arrows = re.findall(r"--> (\w+)$", text[text.index("flowchart BT") :].split("```")[0], re.MULTILINE)
    assert arrows == layers[:0:-1]
    folders = {
        f"{room}/{folder.name}/"
        for room in ROOMS
        for folder in (ROOT / room).iterdir()
        if (folder / "__init__.py").is_file()
    }
    assert {folder for folder in folders if f"`{folder}`" not in text} == set()


def test_no_folder_has_more_modules_than_one_can_look_over() -> None:
    modules = Counter(file.parent for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    assert len(modules) > 50
    assert {
        str(folder.relative_to(ROOT)): many for folder, many in modules.items() if many > MOST_MODULES
    } == {}


def test_every_decision_has_its_number_its_four_parts_and_its_line_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(folder.glob("[0-9]*.md"))
    assert len(records) > 15
    for number, record in enumerate(records, 1):
        title, *parts = re.findall(r"(?m)^##? (.+)$", record.read_text(encoding="utf-8"))
        assert record.name.startswith(f"{number:04}-")
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"]
        assert f"| [{number}]({record.name}) | {title.removeprefix(f'{number}. ')} |" in index
