"""JSON as it is handed in: numbers stay as they were written, nothing that is no number, no key twice in one object."""

from __future__ import annotations

import json
import re
from typing import Any

from models.values.words import Words

_TWICE = Words(
    "第 {line} 行：键 {key} 在同一个对象里出现两次", "line {line}: the key {key} stands twice in one object"
)
_NO_NUMBER = Words("{name} 不是数字", "{name} is no number")
_NOT_JSON = Words("不是 JSON:{reason}", "it is not JSON: {reason}")
_TOO_DEEP = Words("嵌套过深", "nested too deeply")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_LONGEST_KEY = 60


class NotJson(ValueError):
    """A text that is not taken as JSON; `words` say why, with the line where one is known."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class _KeyTwice(ValueError):
    """Found while reading, where the place is not known yet."""


def read_json(text: str | bytes) -> Any:
    """What a JSON text holds; a number with a point or an exponent stays the text that was written. Raises NotJson."""
    try:
        return json.loads(text, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_object)
    except NotJson:
        raise
    except _KeyTwice:
        line, key = _place_of_the_second(text if isinstance(text, str) else text.decode())
        raise NotJson(_TWICE.filled(line=line, key=key)) from None
    except RecursionError:
        raise NotJson(_TOO_DEEP) from None
    except ValueError as broken:
        raise NotJson(_NOT_JSON.filled(reason=broken)) from None


def _no_constant(name: str) -> None:
    raise NotJson(_NO_NUMBER.filled(name=name))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _KeyTwice
    return found


def _place_of_the_second(text: str) -> tuple[int, str]:
    """The line and the name of the first key that its object has already."""
    open_ones: list[set[str] | None] = []
    before = ""
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in "{[":
            open_ones.append(set() if sign == "{" else None)
        elif sign in "}]":
            open_ones.pop()
        elif sign[0] == '"' and before in ("{", ",") and open_ones and (keys := open_ones[-1]) is not None:
            key = json.loads(sign)
            if key in keys:
                return text.count("\n", 0, found.start()) + 1, key[:_LONGEST_KEY]
            keys.add(key)
        before = sign
    return 1, ""
