"""Re-assignment 改派: somebody else is in charge of an order, also in the middle (R133)."""

from __future__ import annotations

from models.dossier.journal import EntryKind
from models.dossier.named_people import require_named
from models.dossier.papers_due import Paper, StaffId
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import SALES_SIDE, STAFF, FactTable
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_NOBODYS = Words("{role}不由某一人负责，不能改派", "nobody is in charge in the role of {role}")
_SAME = Words("已由 {person} 负责", "{person} is in charge already")
_NOT_THEIRS = Words(
    "改派由 {before} 的上级办理：{superiors}", "this is for a superior of {before}: {superiors}"
)


@FACTS.row(
    fact_contents.Reassigned,
    (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR),
    Words("改派", "reassigned"),
)
def reassigned(order: Order, envelope: Envelope, content: fact_contents.Reassigned) -> None:
    """R133: the superior gives one's work on this order to another; limits run on, and the customer is told who it is now.

    Open steps and exceptions that name the one name the other; what was said stays as it was said.
    Raises Refusal: contradiction (a role that nobody is in charge in, the same person), wrong_role (not the superior's, or
    a person without the role), unknown_person.
    """
    role, before = content.role, order.staff.person(content.role)
    if role not in (*STAFF, Role.LOGISTICS):
        raise _refused(_NOBODYS.filled(role=role), "content.role")
    if before == content.person:
        raise _refused(_SAME.filled(person=before), "content.person")
    require_named(order, content.person, role, where="content.person", rule="R133", on_staff=content.on_staff)
    _require_superior(order, envelope.by, before)
    order.staff = order.staff.model_copy(update={"people": {**order.staff.people, role: content.person}})
    order.reassigned[role] = order.clock
    order.note(
        EntryKind.REASSIGNED,
        role.value,
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        rule="R133",
        before=before,
        after=content.person,
        reason=content.reason,
    )
    if before:
        _hand_on(order, role, before, content.person)
    told = (Role.CUSTOMER,) if role in SALES_SIDE else ()
    order.intend(
        Paper.REASSIGNED,
        f"{role.value}:{order.sequence}",
        (*told, role),
        "R133",
        role=role,
        before=StaffId(before) if before else Words("无", "nobody"),
        after=StaffId(content.person),
    )


def _hand_on(order: Order, role: Role, before: str, after: str) -> None:
    for step in order.steps.values():
        if role in step.roles and before in step.people:
            people = (after if each == before else each for each in step.people)
            step.people = tuple(dict.fromkeys(people))
    for trouble in order.unresolved:
        if trouble.owner == before:
            trouble.owner = after
    for question in order.customer_questions.values():
        if question.answered_at is None and question.owner == before:
            question.owner = after


def _require_superior(order: Order, by: str, before: str) -> None:
    """Whoever is above them on the list; who has nobody above is any supervisor's."""
    above: list[str] = []
    superior = order.staff.superior_of(before)
    while superior and superior not in above:
        above.append(superior)
        superior = order.staff.superior_of(superior)
    if above and by not in above:
        words = _NOT_THEIRS.filled(before=before, superiors=", ".join(above))
        raise Refusal(Code.WRONG_ROLE, words, where="by", rule="R133")


def _refused(words: Words, where: str) -> Refusal:
    return Refusal(Code.CONTRADICTION, words, where=where, rule="R133")
