"""Pages from templates, in the reader's language; everything that is shown is escaped."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.api.problems import language_of
from gateway.context import door_of
from gateway.pages.menu import menu_of
from gateway.pages.own_pages import OWN_PAGES
from gateway.pages.shown import (
    amount_text,
    asked_words,
    day_words,
    deadline_words,
    happened_words,
    moment_text,
    outcome_words,
    price_text,
    quantity_text,
    refusal_words,
)
from gateway.security.cookies import behind_tls
from models.rules.table import rule_words
from models.values.money import as_text
from models.values.vocabulary import Language, Role, Term, Unit
from models.values.words import Bilingual
from models.writing.amounts_in_texts import amounts_apart

FOLDER = Path(__file__).resolve().parent.parent
_PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    request: Request, name: str, http_status: int = 200, *, home: str = "", **values: Any
) -> HTMLResponse:
    """A page. In it `say(zh, en)` and `told(words)` speak the reader's language.

    `home` is where the same is to be had in the other language, for an answer to what was sent.
    """
    language = language_of(request)

    def say(zh: str, en: str) -> str:
        return amounts_apart(zh if language is Language.ZH else en)

    def told(words: Bilingual | None) -> str:
        return "" if words is None else say(words.zh, words.en)

    text = _PAGES.get_template(name).render(
        say=say,
        told=told,
        moment=moment_text,
        day=day_words,
        deadline=deadline_words,
        happened=happened_words,
        amount=amount_text,
        quantity=quantity_text,
        price=price_text,
        refused=refusal_words,
        menu=menu_of,
        sandbox_here=door_of(request).settings.sandbox,
        role=_role,
        unit=_unit,
        plain=plain,
        figure=_figure,
        asked_words=asked_words,
        outcome_words=outcome_words,
        rule_title=rule_words,
        author=door_of(request).names.of,
        step_words=door_of(request).names.in_words,
        product=door_of(request).names.of_product,
        own_pages=OWN_PAGES,
        once=lambda: uuid.uuid4().hex,
        language=language.value,
        other_language=Language.EN.value if language is Language.ZH else Language.ZH.value,
        path=home if home and request.method == "POST" else request.url.path,
        query=_query(request),
        **values,
    )
    answer = HTMLResponse(text, http_status)
    wanted = request.query_params.get("language")
    if wanted in [each.value for each in Language]:
        secure = behind_tls(request, door_of(request).settings)
        answer.set_cookie(
            "language", wanted, max_age=31_536_000, samesite="lax", httponly=True, secure=secure
        )
    return answer


def _query(request: Request) -> str:
    """The query without the language, to go on with in the other one."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "language"]
    return f"&{urlencode(kept)}" if kept and request.method == "GET" else ""


def _role(value: str) -> Role | None:
    return next((role for role in Role if role.value == value), None)


def _unit(value: str) -> Unit | None:
    return next((unit for unit in Unit if unit.value == value), None)


def plain(quantity: Decimal) -> str:
    """A quantity as people write it: without the noughts that say nothing."""
    return as_text(quantity.normalize())


def _figure(text: str) -> str:
    """A quantity as it stands in a form, with its thousands apart; what is none stays as it is."""
    try:
        return quantity_text(Decimal(text))
    except ArithmeticError:
        return text


def label(terms: type[Term], value: str | None) -> Term | None:
    """A term by its value."""
    return next((term for term in terms if term.value == value), None)
