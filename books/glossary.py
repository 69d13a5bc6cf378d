"""`docs/glossary.md`: the words of the house in Chinese and English, from the closed sets of the code and by hand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import models
from books.markdown import code, table
from books.terms import HEADINGS, TERMS
from models.reports import notice_routes
from models.values.vocabulary import Term
from models.values.words import Words

_HEAD = """# 词汇 · Glossary

<!-- Made from the terms of the code and books/terms.py by `make books`; write there and not here. -->

What the words of the house are called in Chinese and English. The second part lists the closed sets of the code with their names on
the wire; `{…}` is filled in when the word is used. Rules: [rules.md](rules.md).
"""


def closed_sets() -> dict[str, type[Term]]:
    """Every closed set of the models, by its name; two of one name are told apart."""
    for module in pkgutil.walk_packages(models.__path__, f"{models.__name__}."):
        importlib.import_module(module.name)
    return {
        "NoticeChannel" if each is notice_routes.Channel else each.__name__: each
        for each in Term.__subclasses__()
        if each.__module__.partition(".")[0] == models.__name__
    }


def glossary(standing: str = "") -> str:
    """The whole page."""
    return "\n".join(
        [_HEAD, "## 用语 · Terms\n", *_by_hand(), "## 代码中的词 · Words of the code\n", *_sets()]
    )


def _by_hand() -> Iterator[str]:
    for heading, terms in TERMS.items():
        yield f"### {heading.zh} · {heading.en}\n"
        yield table(("中文", "English", "meaning"), terms)
        yield ""


def _sets() -> Iterator[str]:
    known = closed_sets()
    for name in [*(each for each in HEADINGS if each in known), *sorted(known.keys() - HEADINGS.keys())]:
        heading = HEADINGS.get(name, Words(name, name))
        yield f"### {heading.zh} · {heading.en}\n"
        yield table(
            ("name", "中文", "English"), ((code(each.value), each.zh, each.en) for each in known[name])
        )
        yield ""
