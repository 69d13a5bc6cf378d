"""What is looked for and what is looked through are written the same way; no sign means anything but itself."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from models.writing.search_text import MOST_PARTS, asked_grams, grams, parts_of, searched

TEXTS = st.text(alphabet="aAB红枫１2-%_' \n", max_size=12)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  TP-80 ", "tp-80"),
        ("ＴＰ－８０", "tp-80"),
        ("红枫　纸业", "红枫 纸业"),
        ("a\t\n b", "a b"),
        ("%_'", "%_'"),
        ("", ""),
    ],
)
def test_what_nobody_tells_apart_is_the_same(written: str, plain: str) -> None:
    assert searched(written) == plain
    assert searched(searched(written)) == plain


def test_every_part_is_looked_for_and_the_last_takes_what_is_left() -> None:
    assert parts_of(" 红枫  TP-80 ") == ("红枫", "tp-80")
    assert parts_of("   ") == ()
    many = parts_of(" ".join("abcdefghijkl"))
    assert len(many) == MOST_PARTS
    assert many[-1] == "h i j k l"


@given(TEXTS, TEXTS, TEXTS)
def test_a_text_has_all_signs_of_every_part_of_it(before: str, part: str, after: str) -> None:
    if part and "\n" not in part:
        assert asked_grams(part) <= grams(before + part + after)


def test_signs_of_two_lines_are_no_pair() -> None:
    assert grams("ab\ncd") == {"a", "b", "c", "d", "ab", "cd"}
