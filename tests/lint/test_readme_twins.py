"""The Chinese README is the full twin of the English one: the same chapters, the same code, pictures in its own language;
and every picture of both is made by `make pictures`, but those of the engine's own pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages.pictures import names

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
OF_THE_ENGINE = {"orders-waiting-on-production.png", "stuck-order.png"}
CHAPTERS = {
    "Two commands": "两条命令", "A first order": "第一张订单", "The door": "网页与接口", "The shop": "网店",
    "How another service signals": "别的系统怎样发信号",
    "How another shop orders here": "别的网店怎样在这里下单",
    "For operators": "操作员怎么看", "Papers": "文书", "Reminders of unpaid balances": "催收余款", "The house": "目录",
    "Configuration": "设置", "In production": "生产环境",
}  # fmt: skip


def chapters(text: str) -> list[str]:
    return re.findall(r"^## (.*)$", text, re.MULTILINE)


def blocks(text: str) -> list[str]:
    return re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)


def pictures(text: str) -> list[str]:
    return re.findall(r"\(docs/pictures/([^)]+)\)", text)


def test_both_have_the_same_chapters_and_the_same_code() -> None:
    assert chapters(ENGLISH) == list(CHAPTERS)
    assert chapters(CHINESE) == list(CHAPTERS.values())
    assert blocks(CHINESE) == blocks(ENGLISH)


NAMED = (
    r"`(?:DINGDAN|TEMPORAL)_\w+`",
    r"\]\(((?:docs|CONTRIBUTING|CHANGELOG)[\w/.-]*\.md)\)",
    r"`(?:starter\.py|make)\s(\w[\w-]*)",
)
"""Settings, pages, commands."""


@pytest.mark.parametrize("kind", NAMED)
def test_both_name_the_same_settings_commands_and_pages(kind: str) -> None:
    assert set(re.findall(kind, CHINESE)) == set(re.findall(kind, ENGLISH))


def test_pictures_are_there_in_each_language_and_are_made() -> None:
    made = names() | OF_THE_ENGINE
    for text, language in ((ENGLISH, "en"), (CHINESE, "zh")):
        assert set(pictures(text)) <= made
        assert {each for each in pictures(text) if re.search(r"-(en|zh)\.png", each)} == {
            each for each in pictures(text) if each.endswith(f"-{language}.png")
        }
    assert {each.name for each in (ROOT / "docs" / "pictures").iterdir()} == made
