"""Who says something on the command line: the same rights as at the door, and the same record of acts."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

from models.access import OUTSIDERS
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of
from runtime.settings import Settings

_NOT_ON_THE_STAFF = Words(
    "人员 {person} 不在员工表里,不能以 {role} 的角色发言。先导入:starter.py import staff FILE",
    "{person} is not on the staff and cannot speak as {role}; import them first: starter.py import staff FILE",
)
_AWAY = {Code.DATABASE_UNAVAILABLE, Code.NOT_SET_UP}
"""A fact is told all the same: the order itself checks roles and separated duties, and waits for no database."""


def own_role(settings: Settings, person: str | None, may: tuple[Role, ...]) -> Role | None:
    """The role of a person of the staff that may say this, where they have one; so nobody need type it."""
    from activities.store.people import staff_member

    try:
        known = staff_member(engine_of(settings), person) if person else None
    except Refusal as refusal:
        if refusal.code not in _AWAY:
            raise
        return None
    return next((role for role in may if known is not None and role in known.roles), None)


def subject_in(envelope: Envelope) -> Subject | None:
    """What a decision is about; None for a fact."""
    return next((each for each in Subject if each.value == envelope.content.get("subject")), None)


def check_person(settings: Settings, envelope: Envelope) -> None:
    """A person of the staff speaks only in a role they have.

    Raises Refusal(wrong_role, unknown_person). Before any staff are imported everybody may speak.
    """
    from activities.store.people import has_staff, staff_member

    try:
        engine = engine_of(settings)
        known = staff_member(engine, envelope.by)
        if known is not None:
            known.role_for(envelope.kind, envelope.role, subject_in(envelope))
        elif envelope.role not in OUTSIDERS and has_staff(engine):
            words = _NOT_ON_THE_STAFF.filled(person=envelope.by, role=envelope.role.value)
            raise Refusal(Code.UNKNOWN_PERSON, words, where="--by")
    except Refusal as refusal:
        if refusal.code not in _AWAY:
            raise


def require_meant(settings: Settings, order: str, envelope: Envelope) -> None:
    """R53: money far above what is open is asked back before it is told. Raises Refusal(questioned)."""
    from activities.orders import payment_question
    from activities.orders.order_views import show_order
    from activities.store.company_files import read_policy

    if envelope.kind not in payment_question.OF_AMOUNTS:
        return
    factor = read_policy(settings.policy).payment.question_above_factor
    try:
        view = show_order(engine_of(settings), order)
    except Refusal as refusal:
        if refusal.code not in {*_AWAY, Code.UNKNOWN_ORDER}:
            raise
        return
    payment_question.require_meant(view, envelope.kind, envelope.content, factor)


def note_act(settings: Settings, order: str, envelope: Envelope, outcome: str) -> None:
    """Keep who did what from here, as the door does."""
    from activities.access import acts

    act = acts.Act(
        at=datetime.now(UTC), person=envelope.by, role=envelope.role.value, address=f"command line, {getpass.getuser()}",
        act=f"{envelope.kind} {envelope.fact_id}", order_number=order, outcome=outcome,
    )  # fmt: skip
    try:
        acts.note_act(engine_of(settings), act)
    except Refusal as refusal:
        if refusal.code not in _AWAY:
            raise
