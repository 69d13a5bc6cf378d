"""What customers ask at the own order: a question, and the same goods again; somebody of the staff answers both (R18, R85).

Neither orders anything: a question becomes a contact of the order when the staff, who keep that log, have dealt with it;
to order again is a wish that a clerk confirms.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from activities.facts.customer_questions import SAME_AGAIN, ask, waiting_of
from gateway.context import in_database
from gateway.pages.customers.customer_visit import (
    Visit,
    at_own_order,
    come_in,
    customer_page,
    once_of,
)
from gateway.security.customer_links import quota_of
from gateway.security.staff_sessions import read_form
from models.customer_links import LinkUse
from models.reports.desk_steps import DeskStepKind
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
LONGEST = 1000
_EMPTY = Words("请写下您的问题", "write your question")
_TOO_LONG = Words("最多 {most} 字，现有 {count} 字", "at most {most} characters; there are {count}")
_WAITING = Words(
    "您已有 {count} 个问题在等答复，请稍后再问，或直接联系业务员",
    "{count} of your questions wait for an answer; ask again later, or call your salesperson",
)


@at_own_order(router.post, "/questions")
async def question(request: Request) -> Response:
    """Ask about the order: somebody answers, and the order's contact log has both (`runtime.delivery.resolving`)."""
    visit = await come_in(request)
    form = await read_form(request)
    try:
        words = _words(form, "words")
        if not words:
            raise Refusal(Code.MISSING_FIELD, _EMPTY, where="words")
        await _require_room(visit)
        once = once_of(visit, DeskStepKind.CUSTOMER_QUESTION.value, words)
        await _ask(visit, DeskStepKind.CUSTOMER_QUESTION, once, words)
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.ASKED)
    return RedirectResponse(f"{visit.home}?said=asked", 303)


@at_own_order(router.post, "/again")
async def again(request: Request) -> Response:
    """Wish for the same goods again. Nothing is ordered by it: a clerk writes the order and confirms it with the customer."""
    visit = await come_in(request)
    form = await read_form(request)
    try:
        words = _words(form, "changes") or SAME_AGAIN
        await _require_room(visit)
        await _ask(visit, DeskStepKind.REORDER, once_of(visit, DeskStepKind.REORDER.value, words), words)
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.REORDERED)
    return RedirectResponse(f"{visit.home}?said=again", 303)


def _words(form: dict[str, str], name: str) -> str:
    words = form.get(name, "").strip()
    if len(words) > LONGEST:
        raise Refusal(Code.MALFORMED, _TOO_LONG.filled(most=LONGEST, count=len(words)), where=name)
    return words


async def _require_room(visit: Visit) -> None:
    """Raises Refusal(too_many_requests) where as many questions wait as a clerk is asked at a time."""
    waiting = await in_database(waiting_of, visit.door.engine, visit.view.order.number)
    if waiting >= quota_of(visit.door.settings).open_steps:
        raise Refusal(Code.TOO_MANY_REQUESTS, _WAITING.filled(count=waiting))


async def _ask(visit: Visit, kind: DeskStepKind, once: str, words: str) -> None:
    order = visit.view.order
    await in_database(
        ask,
        visit.door.engine,
        kind,
        once,
        order.number,
        order.customer_name,
        order.salesperson,
        words,
        visit.now,
    )
