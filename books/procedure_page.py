"""`docs/procedures.md`: each demanding sentence of the company's procedures, its rules, code, stories, and what a person sees."""

from __future__ import annotations

from collections.abc import Iterator

from books.markdown import code, table
from books.seen import KINDS, named, words_of
from books.sentences import Carried, Sentence, documents, parts_of, sentences, waiting, waits
from models.rules.documents import DOCUMENTS
from models.rules.rule import Document
from models.rules.table import RULES

_HEAD = """# 流程逐句对照 · The procedures, sentence by sentence

<!-- Made from books/procedures by `make books`; write there and not here. -->

What the company's twenty documents demand, one sentence after another: by which [rules](rules.md), where it is carried out,
which [stories](stories.md) live it (where a story makes no sense: which test proves it, and why), and what a person sees of it.
A place is document, section and item as printed; a letter behind it is a second demand of the same item. Sentences stand in the
words of the document, `…` where something is left out. `tests/books/test_procedures.py` fails where one is empty, or where what
is named is not there. What is not built yet is marked 待 *waits*. What is built and does less than the sentence demands is marked
缺 *lacks*, with what is missing.

公司二十份流程文件的每一句要求：依据的规则、执行的代码、演练的故事、人能看到的页面、待办、通知和文书。
"""


def procedure_page(standing: str = "") -> str:
    """The whole page."""
    chapters = [part for document in DOCUMENTS for part in _chapter(document)]
    return "\n".join([_HEAD, *_counts(), "", *_waiting(), "", *chapters])


def _counts() -> Iterator[str]:
    rows = [_count(document) for document in DOCUMENTS]
    total = ["合计 total", "", *(str(sum(int(row[place]) for row in rows)) for place in range(2, 7))]
    yield table(
        (
            "",
            "文件",
            "句 sentences",
            "已实现 carried",
            "部分待实现 waits in part",
            "待实现 waits",
            "有缺 lacks",
        ),
        [*rows, total],
    )


def _count(document: Document) -> list[str]:
    found = [_state(sentence) for sentence in documents().get(document.name, {}).values()]
    states = [str(found.count(state)) for state in (False, None, True)]
    lacking = sum(_lacks(sentence) for sentence in documents().get(document.name, {}).values())
    link = f"[{document.name}](#{document.name.lower()})"
    return [link, document.title, str(len(found)), *states, str(lacking)]


def _state(sentence: Sentence) -> bool | None:
    """Whether it waits: in no part, in part (None), as a whole."""
    found = {waits(part) for part in parts_of(sentence)}
    return None if len(found) > 1 else found.pop()


def _lacks(sentence: Sentence) -> bool:
    return any(part.lacks for part in parts_of(sentence))


def _waiting() -> Iterator[str]:
    yield "## 待实现 · What waits\n"
    resting: dict[str, list[str]] = {rule: [] for rule in waiting()}
    for place, sentence in sentences().items():
        for part in parts_of(sentence):
            for rule in part.rules:
                if rule in resting and place not in resting[rule]:
                    resting[rule].append(place)
    yield table(
        ("规则 rule", "待 waits for", "句 sentences"),
        (
            (_rule(rule), waiting()[rule].what, ", ".join(_link(place) for place in places))
            for rule, places in resting.items()
        ),
    )


def _chapter(document: Document) -> Iterator[str]:
    yield f'<a id="{document.name.lower()}"></a>\n\n## {document.name} {document.title}\n'
    yield table(
        ("", "原文 sentence", "规则 rules", "代码 code", "故事 story", "看到 seen"),
        (_row(place, sentence) for place, sentence in documents().get(document.name, {}).items()),
    )
    yield ""


def _row(place: str, sentence: Sentence) -> list[str]:
    parts = parts_of(sentence)
    standing = [part for part in parts if not waits(part)]
    later = [part for part in parts if waits(part)]
    same = f"<br>*同 the same as* {_link(sentence.same_as)}" if sentence.same_as else ""
    return [
        f'<a id="{_anchor(place)}"></a>{place}',
        f"{sentence.says}{same}",
        ", ".join(dict.fromkeys(_rule(rule) for part in parts for rule in part.rules)),
        "<br>".join(dict.fromkeys(_place(each) for part in standing for each in part.code)),
        "<br>".join(dict.fromkeys(each for part in standing for each in _lived(part))),
        "<br>".join(
            [
                *dict.fromkeys(_seen(each) for part in standing for each in part.seen),
                *(f"**缺 lacks**：{part.lacks}" for part in standing if part.lacks),
                *_later(later),
            ]
        ),
    ]


def _lived(part: Carried) -> Iterator[str]:
    yield from (f"[{name}](../stories/{name}.yaml)" for name in part.stories)
    yield from (_place(place) for place in part.tests)
    if part.why_no_story:
        yield f"({part.why_no_story})"


def _later(parts: list[Carried]) -> Iterator[str]:
    for part in parts:
        told = dict.fromkeys(waiting()[rule].what for rule in part.rules if rule in waiting())
        yield f"**待 waits**：{'；'.join(told)}（{'、'.join(part.rules)}）"


def _seen(seen: str) -> str:
    kind, name = named(seen)
    words = words_of(seen)
    said = f" {words.zh}" if words is not None and words.zh else ""
    return f"{KINDS[kind].zh}{said} {code(name)}"


def _place(place: str) -> str:
    name, _, word = place.partition(":")
    return f"[{name}](../{name})" + (f" {code(word)}" if word else "")


def _rule(rule: str) -> str:
    return f"[{rule}](rules.md#{rule.lower()})" if rule in RULES else rule


def _link(place: str) -> str:
    return f"[{place}](#{_anchor(place)})"


def _anchor(place: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in place.lower())
