"""The story format as documented: the schema is the code's own, and the page's example is a story that holds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml

from commands.orders.schema import schema_of
from rehearsal.files import read_company, story_files
from rehearsal.pure import play
from rehearsal.script import script_of
from rehearsal.story import Story
from runtime.files.plain_yaml import PlainLoader, read_yaml

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_in_docs_is_current() -> None:
    assert json.loads((ROOT / "docs" / "story.schema.json").read_text()) == schema_of("story")


@pytest.mark.parametrize("path", story_files([ROOT / "stories"]), ids=lambda path: path.stem)
def test_stories_fit_their_schema(path: Path) -> None:
    jsonschema.validate(read_yaml(path), schema_of("story"))


def test_the_example_of_the_page_holds() -> None:
    text = (ROOT / "docs" / "stories.md").read_text()
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    story = Story.model_validate(yaml.load(found[1], PlainLoader))  # noqa: S506 - a safe loader
    played = play(script_of(story, read_company(ROOT / "stories"), datetime(2026, 12, 1, tzinfo=UTC)))
    assert [difference.words.en for difference in played.differences] == []
