"""The bench of the shop works: a few shoppers and the last pieces, on both databases."""

from __future__ import annotations

import sys

import pytest

from tests.benchmark import shop


@pytest.mark.endurance
def test_a_few_shoppers_and_the_last_pieces(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["shop", "--shoppers", "12", "--pieces", "4"])
    assert shop.main() == 0
    assert capsys.readouterr().out.count("nothing sold twice") == 2
