"""Names as they are typed: in full, and by their initials."""

from __future__ import annotations

import pytest

from models.writing.pinyin import full, initials


@pytest.mark.parametrize(
    ("name", "short", "whole"),
    [
        ("红枫包装有限公司", "hfbzyxgs", "hongfengbaozhuangyouxiangongsi"),
        ("鑫淼 (B)", "xmb", "xinmiaob"),
        ("TP-80 热敏纸", "tp80rmz", "tp80reminzhi"),
        ("ＡＢ", "ab", "ab"),
        ("重庆", "cq", "chongqing"),
        ("", "", ""),
        ("😀%'", "", ""),
    ],
)
def test_how_a_name_is_typed(name: str, short: str, whole: str) -> None:
    assert (initials(name), full(name)) == (short, whole)
