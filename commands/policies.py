"""The company's policy file (`policy.toml`), read when an order is placed; the order keeps it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from models.envelope import read_content
from models.errors import Code, Refusal
from models.policy import Policy
from models.vocabulary import Words


def read_policy(path: Path) -> Policy:
    """The policy; without a file every default. Raises Refusal that names file and field."""
    if not path.is_file():
        return Policy()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        words = Words(f"文件 {path} 读不了:{broken}", f"the file {path} cannot be read: {broken}")
        raise Refusal(Code.MALFORMED_FILE, words, where=str(path)) from None
    return read_content(Policy, raw, inside=path.name)
