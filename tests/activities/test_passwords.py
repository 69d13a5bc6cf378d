"""Which passwords are good enough: none that is tried first."""

from __future__ import annotations

import pytest

from activities.access.passwords import LONGEST, SHORTEST, require_good
from models.values.errors import Code, Refusal

ABOUT = ("clerk-chen", "陈小红", "chen.xiaohong@hongfeng.example.com", "hongfeng", "orders")


@pytest.mark.parametrize(
    "password",
    [
        "password123", "Password2026!", "qwertyuiop", "1q2w3e4r5t6y", "asdfghjkl;", "aaaaaaaaaaaa", "1234567890", "abcdefghij",
        "20260105001", "iloveyou2026", "letmein12345", "admin123456", "administrator", "welcome12345", "woaini1314520",
        "5201314woaini", "dingdan2026!", "订单订单订单订单订单", "P@ssw0rd1234", "hongfeng2026", "HongFeng-Orders", "clerk-chen2026!",
        "ChenXiaoHong88", "陈小红陈小红陈小红陈", "xiaohong.chen", "mima12345678", "123456789012345678901234567890",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_good(password, ABOUT)
    assert refused.value.code is Code.MALFORMED
    assert "猜到" in refused.value.words.zh
    assert password not in refused.value.words.zh + refused.value.words.en


@pytest.mark.parametrize(
    "password",
    ["tangerine kettle 41", "another password", "春江花月夜里的旧灯笼", "x7!Qm2#zLp9k", "correct horse battery", "ééé-wandering-mole"],
)  # fmt: skip
def test_what_takes_long_to_guess_is_taken(password: str) -> None:
    require_good(password, ABOUT)


def test_it_is_neither_short_nor_endless() -> None:
    good = "x7!Qm2#zLp9k" * 20
    require_good(good[:SHORTEST], ABOUT)
    require_good(good[:LONGEST], ABOUT)
    for wrong, says in (
        (good[: SHORTEST - 1], "至少 10"),
        (good[: LONGEST + 1], "最多 128"),
        ("", "至少 10"),
    ):
        with pytest.raises(Refusal) as refused:
            require_good(wrong, ABOUT)
        assert says in refused.value.words.zh
