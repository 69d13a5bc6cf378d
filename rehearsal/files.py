"""Story files: read with numbers and dates kept as written, so that 500.00 never becomes a float."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from models.messages.envelope import read_content
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.story import Company, Story
from runtime.files.plain_yaml import read_yaml

COMPANY_FILE = "company.yaml"
C = TypeVar("C", bound=Content)


def read_as(model: type[C], path: Path) -> C:
    """What a file holds, as the model asks for it. Raises Refusal that names file and field."""
    try:
        return read_content(model, read_yaml(path))
    except Refusal as refusal:
        if refusal.code is Code.MALFORMED_FILE:
            raise
        words = Words(f"文件 {path}：{refusal.words.zh}", f"file {path}: {refusal.words.en}")
        raise Refusal(refusal.code, words, where=f"{path}: {refusal.where}") from None


def read_story(path: Path) -> Story:
    """The story in a file. Raises Refusal that names file and field."""
    return read_as(Story, path)


def read_company(folder: Path) -> Company:
    """The company file that stands beside the stories. Raises Refusal that names file and field."""
    return read_as(Company, folder / COMPANY_FILE)


def story_files(paths: list[Path]) -> list[Path]:
    """The files named, and all stories of the folders named; the company file is no story."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return [path for path in files if path.name != COMPANY_FILE]
