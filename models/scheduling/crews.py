"""How many people of which trade 工种 a machine line needs while it runs, as it is kept and typed: `机长 1、操作工 2` (R150). Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from models.values.content import Line
from models.values.words import InvalidValue

MOST_PEOPLE = 99
"""Of one trade at one line."""
_NEED = re.compile(
    r"(?P<trade>[^\d、,;:×*]*[^\d\s、,;:×*.+-])\s*[:×*]?\s*(?P<people>\d{1,9})\s*人?(?=[\s、,;]|$)"
)
_BETWEEN = re.compile(r"[\s、,;]*")


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """So many people of a trade."""

    trade: str
    people: int


def needs_of(text: str) -> tuple[Need, ...]:
    """What a line needs, as it is typed; nothing: the line asks for nobody. Raises InvalidValue for what is no such list."""
    rest = unicodedata.normalize("NFKC", text).strip()
    found: list[Need] = []
    while rest:
        need = _NEED.match(rest)
        if need is None or not 1 <= int(need["people"]) <= MOST_PEOPLE:
            raise _no_needs(text)
        found.append(Need(need["trade"].strip(), int(need["people"])))
        rest = rest[need.end() :]
        rest = rest[len(_BETWEEN.match(rest)[0]) :]  # type: ignore[index]
    if len({each.trade for each in found}) != len(found):
        shown = text[:40]
        raise InvalidValue(f"“{shown}”里同一工种写了两次", f"“{shown}” names a trade twice")
    return tuple(found)


def _no_needs(text: str) -> InvalidValue:
    shown = text[:40]
    return InvalidValue(
        f"“{shown}”不是人手；请写工种和人数（1 到 {MOST_PEOPLE}），如 机长 1、操作工 2；不安排人留空",
        f"“{shown}” is no crew; write trades with how many people (1 to {MOST_PEOPLE}), as in operator 1, helper 2; or nothing",
    )


def needs_text(needs: tuple[Need, ...]) -> str:
    """What a line needs, as it is kept."""
    return "、".join(f"{each.trade} {each.people}" for each in needs)


def _as_kept(text: str) -> str:
    return needs_text(needs_of(text))


NeedTexts = Annotated[Line, AfterValidator(_as_kept)]
"""The people of one line."""
