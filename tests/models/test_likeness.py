"""How well what is typed fits: number first, then name, then its sounds."""

from __future__ import annotations

import pytest

from models.writing.likeness import likeness, most_alike

NAMES = [("K-B1", "红枫包装有限公司"), ("K-A1", "海河印务集团"), ("HF-2", "宏发纸品"), ("X9", "hf 贸易")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kb1", ["K-B1"]), ("K-", ["K-B1", "K-A1"]), ("hf", ["HF-2", "X9", "K-B1"]), ("红", ["K-B1"]), ("包装", ["K-B1"]),
        ("bz", ["K-B1"]), ("hongfeng", ["K-B1"]), ("ＨＦ-２", ["HF-2"]), ("印务", ["K-A1"]), ("zzz", []), ("", []), ("  ", []), ("%", []),
    ],
)  # fmt: skip
def test_what_is_proposed(typed: str, found: list[str]) -> None:
    assert [each[0] for each in most_alike(NAMES, typed, lambda each: each, 8)] == found


def test_no_more_than_asked_for_and_the_very_number_first() -> None:
    many = [(f"K{n}", "纸") for n in range(50)]
    assert len(most_alike(many, "k", lambda each: each, 8)) == 8
    assert likeness("K7", "K7") == 0
