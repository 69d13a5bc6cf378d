"""Signs that no text may hold: found wherever they stand, named, and shown by their number."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.signs import first_forbidden, named, require_signs, shown, visible
from models.values.words import InvalidValue

FORBIDDEN = {
    "a control sign": "\x07",
    "escape": "\x1b",
    "delete": "\x7f",
    "C1": "\x9b",
    "next line": "\x85",
    "soft hyphen": "\u00ad",
    "zero width": "\u200b",
    "joiner between letters": "\u200d",
    "left-to-right mark": "\u200e",
    "override": "\u202e",
    "isolate": "\u2066",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "Hangul filler": "\u3164",
    "half-width filler": "\uffa0",
    "variation selector": "\ufe01",
    "tag": "\U000e0041",
    "private use": "\ue123",
    "private use far out": "\U00100001",
    "half a sign": "\ud83d",
    "no sign at all": "\uffff",
    "not given out": "\u0378",
    "not given out, far out": "\U0003ffff",
}


@pytest.mark.parametrize("sign", FORBIDDEN.values(), ids=FORBIDDEN.keys())
@pytest.mark.parametrize("lines", [True, False])
def test_it_is_found_and_its_place_is_told(sign: str, lines: bool) -> None:
    assert first_forbidden(f"深圳{sign}市", lines=lines) == (3, sign)
    with pytest.raises(InvalidValue) as refused:
        require_signs(f"深圳{sign}市", lines=lines)
    assert f"U+{ord(sign):04X}" in refused.value.words.zh
    assert "3" in refused.value.words.en
    assert sign not in refused.value.words.zh + refused.value.words.en


@pytest.mark.parametrize("sign", ["\n", "\t"])
def test_a_new_line_stands_only_where_a_text_has_several(sign: str) -> None:
    assert first_forbidden(f"a{sign}b", lines=True) is None
    assert first_forbidden(f"a{sign}b", lines=False) == (2, sign)


@pytest.mark.parametrize(
    "text",
    [
        "王芳",
        "80mm×80m 55g",
        "ÀÖß",
        "①②③ ㎡ ℃",
        "𠮷野家",
        "“好”——《不》…",
        "Привет",
        "한글",
        "a\u00a0b\u3000c",
        "😀",
        "👨‍👩‍👧",
        "❤️",
        "",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert require_signs(text, lines=False) == text


@given(st.text())
def test_every_sign_that_is_not_printable_is_found_or_stands_in_an_emoji(text: str) -> None:
    categories = {unicodedata.category(sign) for sign in text}
    found = first_forbidden(text, lines=False)
    if categories & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
        assert found is not None
    if found is not None:
        place, sign = found
        assert text[place - 1] == sign


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_shown_is_one_visible_line_and_a_json_text_stays_one(text: str) -> None:
    line = shown(text, 10_000)
    assert len(line.splitlines()) <= 1 or "\n" not in line
    assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp") for sign in line)
    written = json.dumps({"a": text}, ensure_ascii=False)
    assert json.loads(visible(written)) == {"a": text}


def test_a_name_is_told_where_unicode_has_none() -> None:
    assert named("\x1b") == "U+001B ESCAPE"
    assert named("\u202e") == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert named("\x9b") == "U+009B"
