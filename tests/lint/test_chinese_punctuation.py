"""Chinese texts have Chinese punctuation, wherever they stand in the program."""

from __future__ import annotations

import pytest

from models.writing.punctuation import full_width
from tests.lint.chinese_punctuation import FROZEN, wrong_texts


def test_every_chinese_text_has_chinese_punctuation() -> None:
    """Put them right with `python -m tests.lint.chinese_punctuation --mend`."""
    assert [f"{each.file}:{each.line}: {each.text}" for each in wrong_texts()] == []


def test_what_open_orders_keep_is_shown_in_full_width() -> None:
    assert all(full_width(each, is_chinese=True) != each for each in FROZEN)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("待决定:订单审批", "待决定：订单审批"),
        ("异常,请看(第1行)", "异常，请看（第1行）"),
        ("发货(申请)通知单", "发货（申请）通知单"),
        ("请看 (说明)。", "请看（说明）。"),
        ("余款到账 ¥1,500.00", "余款到账 ¥1,500.00"),
        ("时间 12:30 的 TP-80 (A)", "时间 12:30 的 TP-80 (A)"),
        ("{field}({where}):缺少", "{field}（{where}）：缺少"),
        ("plain: english, text (x)", "plain: english, text (x)"),
        ("是否输错?确认!", "是否输错？确认！"),
    ],
)
def test_signs_beside_chinese_ones_are_chinese(text: str, right: str) -> None:
    assert full_width(text) == right
    assert full_width(right) == right
