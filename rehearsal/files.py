"""Story files: read with numbers and dates kept as written, so that 500.00 never becomes a float."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from models.content import Content
from models.envelope import read_content
from models.errors import Code, Refusal
from models.vocabulary import Words
from rehearsal.story import Company, Story

COMPANY_FILE = "company.yaml"


class PlainLoader(yaml.SafeLoader):
    """YAML where only true, false, null and whole numbers have a type of their own."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":float", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises Refusal(malformed_file) with the line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), PlainLoader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        reason = Words("没有这个文件", "there is no such file")
    except IsADirectoryError:
        reason = Words("这是一个目录", "this is a folder")
    except (OSError, UnicodeDecodeError) as unread:
        reason = Words(str(unread), str(unread))
    except yaml.YAMLError as broken:
        text = " ".join(str(broken).split())
        reason = Words(text, text)
    raise Refusal(
        Code.MALFORMED_FILE,
        Words(f"文件 {path} 读不了:{reason.zh}", f"the file {path} cannot be read: {reason.en}"),
        where=str(path),
    )


def _read(model: type[Content], path: Path) -> Any:
    try:
        return read_content(model, read_yaml(path))
    except Refusal as refusal:
        if refusal.code is Code.MALFORMED_FILE:
            raise
        words = Words(f"文件 {path}:{refusal.words.zh}", f"file {path}: {refusal.words.en}")
        raise Refusal(refusal.code, words, where=f"{path}: {refusal.where}") from None


def read_story(path: Path) -> Story:
    """The story in a file. Raises Refusal that names file and field."""
    story: Story = _read(Story, path)
    return story


def read_company(folder: Path) -> Company:
    """The company file that stands beside the stories. Raises Refusal that names file and field."""
    company: Company = _read(Company, folder / COMPANY_FILE)
    return company


def story_files(paths: list[Path]) -> list[Path]:
    """The files named, and all stories of the folders named; the company file is no story."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return [path for path in files if path.name != COMPANY_FILE]
