"""What moves a step on, as structure: which fact or decision, and what of it is known; its command is only shown.

A page makes its form of this, and never of the command's text. The stored row of a step has it where the command could
not be read back as the same: then a value in it looks like something else (a blank to be filled in, quotes, signs of a
shell). Rows of before have a command alone.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.dossier.command_words import is_more_than_text, one_word

BLANK = "…"
"""What stands in a command where a person fills something in."""
DECISION = "decision"
_RESUME = "resume"
_RESUMES = "hold_released"
_LINE = "--line"
_YES_OR_NO = {"true": True, "false": False}


Said = tuple[str, str | bool | None]


class Move(BaseModel):
    """A fact with what is known of its content, or a decision.

    `says`: path and value; a text is that very text, None is a blank that a person fills in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str = Field(default="", max_length=120)
    role: str = Field(default="", max_length=120)
    says: tuple[Said, ...] = Field(default=(), max_length=60)
    subject: str = Field(default="", max_length=120)
    line: str = Field(default="", max_length=12)
    outcomes: str = Field(default="", max_length=1000)

    def command(self, order: str) -> str:
        """As it is typed behind `starter.py`, where each value is one word; `show` for what no fact moves on."""
        if not self.fact:
            return f"show {order}"
        if self.fact == DECISION:
            line = f" {_LINE} {self.line}" if self.line else ""
            return f"decide {order} {self.subject}{line} {self.outcomes} --note {BLANK}"
        if self.fact == _RESUMES and not self.says:
            return f"{_RESUME} {order}"
        words = ["tell", order, self.fact]
        if self.role:
            words += ["--role", self.role]
        told = [
            (path, value) for path, value in self.says if isinstance(value, str) and is_more_than_text(value)
        ]
        if told:
            words += ["--json", one_word(json.dumps(_nested(told), ensure_ascii=False))]
        for path, value in self.says:
            if (path, value) not in told:
                words += ["--set", _setting(path, value)]
        return " ".join(words)

    def as_text(self) -> str:
        """As a form carries it; `Move.model_validate_json` reads it."""
        return self.model_dump_json(exclude_defaults=True)


def _setting(path: str, value: str | bool | None) -> str:
    if value == "" and BLANK in path:
        return path
    if isinstance(value, bool):
        return f"{path}={'true' if value else 'false'}"
    return f"{path}={BLANK if value is None else one_word(value)}"


def _nested(told: list[tuple[str, str]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for path, value in told:
        target, (*parents, last) = content, path.split(".")
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = value
    return content


@cache
def _words_of(template: str) -> tuple[str, ...]:
    return tuple(template.split(" "))


def move_of(template: str, values: Mapping[str, str]) -> Move:
    """The move of a step by the house's own template; what is missing in the values is a blank."""
    words = _words_of(template)
    if words[0] == "decide":
        subject, _, line = values.get("subject", BLANK).partition(f" {_LINE} ")
        return Move(fact=DECISION, subject=subject, line=line, outcomes=values.get("outcomes", BLANK))
    if words[0] == _RESUME:
        return Move(fact=_RESUMES)
    if words[0] != "tell":
        return Move()
    role = next((value for name, value in pairwise(words) if name == "--role"), "")
    says = tuple(_filled(setting, values) for name, setting in pairwise(words) if name == "--set")
    return Move(fact=words[2], role=role, says=says)


def _filled(setting: str, values: Mapping[str, str]) -> Said:
    path, _, value = setting.partition("=")
    path = path.format_map(_Given(values))
    if value.startswith("{"):
        return path, values.get(value[1:-1])
    return path, _typed(value)


def _typed(value: str) -> str | bool | None:
    """A value as it stands in a command: a blank, yes or no, or a text."""
    return None if BLANK in value else _YES_OR_NO.get(value, value)


@lru_cache(maxsize=4096)
def move_in(command: str) -> Move | None:
    """The move that a command says; None where it says none. Each value is a text, and one with a blank in it is asked for."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words[:1] == ["decide"] and len(words) > 2:
        line = next((value for name, value in pairwise(words) if name == _LINE and value.isdecimal()), "")
        at = 5 if line else 3
        outcomes = words[at] if len(words) > at else ""
        return Move(fact=DECISION, subject=words[2], line=line[:12], outcomes=outcomes)
    if words[:1] == [_RESUME]:
        return Move(fact=_RESUMES)
    if words[:1] != ["tell"] or len(words) < 3:
        return None
    role = next((value for name, value in pairwise(words) if name == "--role"), "")
    return Move(fact=words[2], role=role, says=tuple(_settings(words)))


def _settings(words: list[str]) -> Iterator[Said]:
    for name, setting in pairwise(words):
        if name == "--set":
            path, _, value = setting.partition("=")
            yield path, _typed(value)


def says_more(move: Move, command: str) -> dict[str, Any]:
    """For the row of a step: its move, where the command alone would be read back as another one; else nothing."""
    if all(_is_read_as_it_is(value) for _, value in move.says) or move_in(command) == move:
        return {}
    return {"says": move.model_dump(mode="json")}


def _is_read_as_it_is(value: str | bool | None) -> bool:
    """Whether a value certainly comes back out of a command: nearly every one does, and is not tried."""
    if not isinstance(value, str):
        return True
    looks_like_more = is_more_than_text(value) or BLANK in value
    return not looks_like_more and one_word(value) == value


def move_shown(says: object, command: str, order: str) -> Move | None:
    """The move of a stored step. What it says counts only for the command beside it: a row keeps what nobody overwrote."""
    if says is not None:
        try:
            move = Move.model_validate(says)
        except ValueError:
            return move_in(command)
        if move.command(order) == command:
            return move
    return move_in(command)


class _Given(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return BLANK
