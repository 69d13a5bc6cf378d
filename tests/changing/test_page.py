"""docs/changing-open-orders.md: its code is the code that is tried, its tests exist, and its table has every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from activities.store.database import engine_at, upgrade
from tests.changing import tomorrow
from tests.changing.trees import HERE

PAGE = (HERE / "docs" / "changing-open-orders.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def tried() -> dict[str, str]:
    """File -> what tomorrow's tree has there that today's has not."""
    found: dict[str, str] = {}
    for edit in tomorrow.BY_THE_BOOK:
        found[edit.file] = f"{found.get(edit.file, '')}\n{edit.after}"
    return found


def parts() -> list[tuple[str, str]]:
    """Each piece of code on the page with the file that it names."""
    return [
        (file, code)
        for block in BLOCKS
        for file, code in re.findall(
            r"^# (\S+\.py)\n(.*?)(?=^# \S+\.py\n|\Z)", block, re.DOTALL | re.MULTILINE
        )
    ]


@pytest.mark.parametrize(
    ("file", "code"), parts(), ids=lambda part: Path(part).name if part.endswith(".py") else ""
)
def test_the_code_on_the_page_is_the_code_that_is_tried(file: str, code: str) -> None:
    assert (HERE / file).exists()
    lines = {each.strip() for each in tried()[file].splitlines()}
    for line in filter(None, (each.strip() for each in code.splitlines())):
        assert line in lines, f"{file}: {line}"


def test_every_test_that_the_page_names_exists() -> None:
    tests = "\n".join(file.read_text() for file in (HERE / "tests" / "changing").glob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", PAGE)) - {"test_growth"}
    assert len(named) >= 20
    assert [name for name in sorted(named) if f"def {name}(" not in tests] == []


def test_every_file_and_heading_that_the_page_names_exists() -> None:
    for path in re.findall(r"`((?:models|workflows|tests)/[\w/]+(?:\.py)?)`", PAGE):
        assert (HERE / path).exists(), path
    headings = {
        re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-")
        for each in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    }
    assert [each for each in re.findall(r"\]\(#([\w-]+)\)", PAGE) if each not in headings] == []


def test_the_database_is_asked_in_its_own_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    upgrade(url)
    asked = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    assert len(asked) == 3
    with engine_at(url).connect() as connection:
        for each in asked:
            assert connection.execute(text(each)).all() in ([], [(0,)])


def test_the_page_has_code_for_each_change_by_the_book() -> None:
    shown = {file for file, _ in parts()}
    renamed = {edit.file for edit in (*tomorrow.RENAMED_CLASS, *tomorrow.NEW_WORDS)}
    assert {edit.file for edit in tomorrow.BY_THE_BOOK} - renamed <= shown
