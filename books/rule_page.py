"""`docs/rules.md`: each rule in both languages, where it comes from, what sets it, where it is carried out and proven."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from books.markdown import code, table
from books.places import places_in_code, places_in_stories, places_in_tests
from models.rules.documents import DOCUMENTS
from models.rules.rule import Chapter, Rule, Source
from models.rules.table import CHAPTERS, RULES
from runtime.settings import ROOT

MOST_STORIES = 6
_TITLES = {document.name: document.title for document in DOCUMENTS}

_HEAD = """# 规则 · The rules

<!-- Made from models/rules by `make books`; write there and not here. -->

Every rule of the order desk in Chinese and English: what it says, where it stands in the company's procedures, what we decided
where these are silent, the figures of `policy.toml` that set it, and where it is carried out, tested and lived.
A rule's text is the rule as it is decided; the tests named with it show what is proven of it. **Not built yet** 尚未实现 stands
where no module names the rule. Code, tests and stories are found by looking for the rule's name.

每条规则的中英文全文、在公司流程文件中的出处、原文未定而由本公司决定的内容、`policy.toml` 中的设置，以及执行它的代码、测试和故事。
"""

_DOCUMENTS = """## 流程文件 · The company's procedures

The rules come from these twenty documents; D1 to D20 in the order in which the company keeps them.
"""


def rule_page(standing: str = "") -> str:
    """The whole page."""
    documents = table(
        ("", "文件", "document says"),
        ((each.name, each.title, f"{each.adds.zh}<br>{each.adds.en}") for each in DOCUMENTS),
    )
    settings = tomllib.loads((ROOT / "policy.toml").read_text(encoding="utf-8"))
    chapters = [part for chapter in CHAPTERS for part in _chapter(chapter, settings)]
    return "\n".join([_HEAD, _contents(), "", _DOCUMENTS, documents, "", *chapters])


def _contents() -> str:
    waiting = [name for name in RULES if name not in places_in_code()]
    lines = [
        f"- {chapter.title.zh} · {chapter.title.en}: "
        + " ".join(f"[{rule.name}](#{_anchor(rule)})" for rule in chapter.rules)
        for chapter in CHAPTERS
    ]
    return "\n".join([*lines, f"- 尚未实现 · not built yet: {' '.join(waiting) or '-'}"])


def _anchor(rule: Rule) -> str:
    return rule.name.lower()


def _chapter(chapter: Chapter, settings: dict[str, Any]) -> Iterator[str]:
    yield f"## {chapter.title.zh} · {chapter.title.en}\n"
    for rule in chapter.rules:
        yield from _rule(rule, settings)
        yield ""


def _rule(rule: Rule, settings: dict[str, Any]) -> Iterator[str]:
    yield f'<a id="{_anchor(rule)}"></a>\n\n### {rule.name} {rule.title.zh} · {rule.title.en}\n'
    places = places_in_code().get(rule.name, [])
    if not places:
        yield "**Not built yet** 尚未实现\n"
    yield table(("中文", "English"), [(rule.text.zh, rule.text.en), *_ours(rule)])
    yield ""
    yield f"- 出处 source: {'; '.join(_source(each) for each in rule.sources) or 'none 无'}"
    if rule.switches:
        yield f"- 设置 settings: {', '.join(_setting(name, settings) for name in rule.switches)}"
    if places:
        yield f"- 代码 code: {_files(places)}"
    tests = places_in_tests().get(rule.name)
    if tests:
        yield f"- 测试 tests: {_files(tests)}"
    stories = places_in_stories().get(rule.name)
    if stories:
        more = f" and {len(stories) - MOST_STORIES} more" if len(stories) > MOST_STORIES else ""
        named = (f"[{name}](../stories/{name}.yaml)" for name in stories[:MOST_STORIES])
        yield f"- 故事 stories: {', '.join(named)}{more}"


def _ours(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.ours.en:
        yield f"*本公司决定*:{rule.ours.zh}", f"*Our decision*: {rule.ours.en}"


def _source(source: Source) -> str:
    quote = f"“{source.quote}”" if source.quote else ""
    return " ".join(part for part in (source.document, _TITLES[source.document], source.place, quote) if part)


def _files(places: list[Path]) -> str:
    return ", ".join(f"[{place}](../{place})" for place in places)


def _setting(name: str, settings: dict[str, Any]) -> str:
    value: Any = settings
    for part in name.split("."):
        if part not in value:  # a limit that the house did not set
            return f"{code(name)} (未设置 not set)"
        value = value[part]
    return code(name) if isinstance(value, dict) else f"{code(name)} = {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(
            _shown(next(iter(each.values())) if isinstance(each, dict) else each) for each in value
        )
    return str(value)
