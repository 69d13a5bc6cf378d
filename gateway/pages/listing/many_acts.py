"""One act on many orders: each has its own answer, and one that cannot be done stops none of the others."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from activities.access.acts import Act, note_act
from activities.documents.printed_papers import documents_of
from activities.listing.urging import urge
from activities.orders.views.order_views import OrderView, StepView
from activities.store.faults import named_faults
from gateway.context import Door, in_database
from gateway.pages.orders.order_pages import form_for, view_of
from gateway.pages.orders.step_acts import SAYS, act, filled_in, known_of
from models.access import OUTSIDERS, Caller
from models.decisions.subjects import SUBJECTS
from models.forms.step_form import Form
from models.messages.decision_subjects import NoDetail, Outcome, Subject
from models.messages.envelope import DECISION
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Term, Words

MOST = 200
"""So many orders are acted upon at once."""
_NOTHING_ASKED = Words("此单没有等您同意的事项", "nothing of this order waits for your approval")
_OWN_PAGE = Words(
    "「{what}」需要填写内容，请在订单页上决定", "“{what}” asks for more; decide it on the order's page"
)
_APPROVED = Words("已同意：{what}", "approved: {what}")
_KNOWN = Words("此前已同意：{what}", "approved before: {what}")
_NOBODY_TO_URGE = Words("此单没有等内部办理的事项", "this order waits for nobody of the staff")
_URGED = Words("已通知 {count} 项：{what}", "told of {count}: {what}")
_JUST_URGED = Words("一小时内已催过", "it was urged within this hour")
_PRINTED = Words("{count} 份文书", "{count} papers")
_NONE_PRINTED = Words("没有已印出的文书", "no paper of it is printed")


class ManyAct(Term):
    """What may be done to many orders at once."""

    APPROVE = "approve", "同意", "approve"
    PRINT = "print", "打印文书", "print papers"
    URGE = "urge", "催办", "remind"
    ASSIGN = "assign", "转交", "hand over"

    def is_for(self, caller: Caller) -> bool:
        """Whether this caller has such an act at all; what of each order is theirs is asked there."""
        if self is not ManyAct.APPROVE:
            return bool(set(caller.roles) - OUTSIDERS)
        return any(
            Outcome.APPROVE in rule.outcomes and set(rule.roles) & set(caller.roles)
            for rule in SUBJECTS.values()
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one order."""

    order: str
    words: Words
    done: bool


Work = Callable[[OrderView], Awaitable[Words]]
"""Does it to one order, and says what was done. Raises Refusal where it cannot be done."""


async def each_of(door: Door, caller: Caller, numbers: Sequence[str], work: Work) -> list[Result]:
    """Do it to each of these orders, one after the other. Raises Refusal(database_unavailable …) where nothing can be done."""
    results = []
    for number in dict.fromkeys(numbers):
        try:
            with named_faults(f"order {number}"):
                words = await work(await view_of(door, caller, number))
            results.append(Result(number, words, done=True))
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD and not results:
                raise
            results.append(Result(number, refusal.words, done=False))
    return results


def approving(door: Door, caller: Caller, values: Mapping[str, str], address: str) -> Work:
    """Approve whatever of an order waits for this caller's approval, and asks for nothing but that."""

    once = values.get("once", "")[:64] or uuid.uuid4().hex

    async def approve(view: OrderView) -> Words:
        number = view.order.number
        asked = [
            (step, form) for step in view.order.steps if (form := _approval(caller, view, step)) is not None
        ]
        if not asked:
            raise Refusal(Code.NOT_ASKED, _NOTHING_ASKED, where=number)
        simple = [(step, form) for step, form in asked if asks_for_nothing_else(form)]
        if not simple:
            what = Words.listed([_subject(form) for _, form in asked])
            raise Refusal(Code.MISSING_FIELD, _OWN_PAGE.filled(what=what), where=number)
        said, statuses = [], set()
        for step, form in simple:
            given = {
                SAYS: step.move.as_text() if step.move is not None else "",
                "command": step.command,
                "step": step.key,
                "seen": form.carried,
                "outcome": Outcome.APPROVE.value,
                "note_reference": values.get("note_reference", "").strip() or f"QZ-{once[:8]}-{number}",
                "once": f"{once}/{number}/{step.key}",
            }
            told = await act(door, caller, number, filled_in(view, given), address)
            statuses.add(told.body.get("status"))
            said.append(_subject(form))
        words = _KNOWN if statuses == {"known"} else _APPROVED
        return words.filled(what=Words.listed(said))

    return approve


def _approval(caller: Caller, view: OrderView, step: StepView) -> Form | None:
    form = form_for(caller, step, known_of(view, step.zh), view.shown)
    if form is None or form.kind != DECISION or Outcome.APPROVE not in form.outcomes:
        return None
    return form


def asks_for_nothing_else(form: Form) -> bool:
    """Whether an approval is the outcome alone: what names money, days or reasons is decided on a page of its own."""
    return SUBJECTS[_subject(form)].detail_for(Outcome.APPROVE) is NoDetail


def _subject(form: Form) -> Subject:
    return Subject(form.subject)


def urging(door: Door, caller: Caller, address: str) -> Work:
    """Tell those of the staff who have the open steps of an order to do."""

    async def remind(view: OrderView) -> Words:
        number = view.order.number
        inside = {role.value for role in Role} - {role.value for role in OUTSIDERS}
        steps = [step for step in view.order.steps if set(step.roles) & inside]
        if not steps:
            raise Refusal(Code.NOT_ASKED, _NOBODY_TO_URGE, where=number)
        count = await in_database(urge, door.engine, number, steps, caller.name, door.now())
        if not count:
            raise Refusal(Code.NOT_ASKED, _JUST_URGED, where=number)
        done = Act(
            at=door.now(), person=caller.name, role=caller.roles[0].value, address=address, act="urge", order_number=number,
            outcome="done",
        )  # fmt: skip
        await in_database(note_act, door.engine, done)
        return _URGED.filled(
            count=count,
            what=Words("；".join(each.zh for each in steps), "; ".join(each.en for each in steps)),
        )

    return remind


def printing(door: Door, paper: str) -> Work:
    """Count the printed papers of an order; `papers_of` joins them."""

    async def count(view: OrderView) -> Words:
        found = await _printed(door, view.order.number, paper)
        if not found:
            raise Refusal(Code.NOT_ASKED, _NONE_PRINTED, where=view.order.number)
        return _PRINTED.filled(count=len(found))

    return count


async def papers_of(door: Door, caller: Caller, numbers: Sequence[str], paper: str) -> list[str]:
    """The printed papers of these orders, by their digests; those of orders that the caller may not see are left out."""
    found: list[str] = []
    for number in list(dict.fromkeys(numbers))[:MOST]:
        try:
            view = await view_of(door, caller, number)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            continue
        found += await _printed(door, view.order.number, paper)
    return found


async def _printed(door: Door, number: str, paper: str) -> list[str]:
    """The newest printed paper of each kind, or of one kind, in the order in which they became due."""
    newest: dict[str, str] = {}
    for each in await in_database(documents_of, door.engine, number):
        if each.document and paper in ("", each.paper):
            newest.pop(each.paper, None)
            newest[each.paper] = each.document
    return list(newest.values())
