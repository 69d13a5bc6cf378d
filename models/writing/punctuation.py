"""Chinese punctuation in Chinese texts: `(` and `,` beside a Chinese sign are written `（` and `，`.

Orders that are open keep some words as they were written by earlier programs; whoever shows them shows them so.
"""

from __future__ import annotations

import re

_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
_HAN = r"\u3400-\u9fff"
_CHINESE = re.compile(f"[{_HAN}]")
_BESIDE = re.compile(f"[{_HAN}“”‘’、。《》，：；？！（）]")
_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[^{}]*\}", re.DOTALL)
_HALVES = re.compile("[,:;?!()]")


def full_width(text: str, *, is_chinese: bool = False) -> str:
    """The text with Chinese punctuation where it is Chinese; what stands in braces is filled in and stays.

    `is_chinese`: it is known to be, though what is filled in may be all of its words.
    """
    if not _HALVES.search(text) or not (is_chinese or _CHINESE.search(text)):
        return text
    once = _once(text, is_chinese)
    while once != text:
        text, once = once, _once(once, is_chinese)
    return text


def _once(text: str, is_chinese: bool) -> str:
    held = [(each.start(), each.end()) for each in _BRACES.finditer(text)]
    signs = list(text)
    free = [not any(start <= place < end for start, end in held) for place in range(len(text))]
    wanted = {place for place in range(len(text)) if free[place] and _is_wanted(text, place, is_chinese)}
    wanted |= _partners(text, free, wanted)
    found: list[str] = []
    for place, sign in enumerate(signs):
        if place not in wanted:
            found.append(sign)
            continue
        if sign == "(" and found and found[-1] == " ":
            found.pop()
        found.append(_FULL[sign])
    return re.sub(f"([，：；？！）]) (?=[{_HAN}{{“A-Za-z0-9])", r"\1", "".join(found)) if wanted else text


def _is_wanted(text: str, place: int, is_chinese: bool) -> bool:
    if text[place] not in _FULL:
        return False
    before = text[place - 1] if place else ""
    after = text[place + 1] if place + 1 < len(text) else ""
    if _BESIDE.match(before) or _BESIDE.match(after):
        return True
    beyond = text[place + 2 : place + 3] if after == " " else ""
    if _CHINESE.match(beyond) and text[place] != "(":
        return True
    return before == "}" and (after in ("{", "", " ") or is_chinese) and (is_chinese or text[place] != ":")


def _partners(text: str, free: list[bool], wanted: set[int]) -> set[int]:
    """Brackets whose other half is wanted, or that hold Chinese words."""
    opened: list[int] = []
    found: set[int] = set()
    for place, sign in enumerate(text):
        if not free[place]:
            continue
        if sign == "(":
            opened.append(place)
        elif sign == ")" and opened:
            start = opened.pop()
            if {start, place} & wanted:
                found |= {start, place}
    return found
