"""Who says something on the command line: the same rights as at the door, and the same record of acts.

Whoever has the command line runs the installation and is trusted to say whose word it is: `--by` names a person of the
staff, who speaks in a role they have. What an outsider said is written down in that outsider's name space: a name in the
role of the customer is a customer's, one in the role of a system or a carrier is a key's, and nobody on the staff.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from models.access import OUTSIDERS, PLACES
from models.messages.authors import customer_author, is_customer, is_key, key_author
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of
from runtime.settings import Settings

_NOT_ON_THE_STAFF = Words(
    "人员 {person} 不在员工表里，不能以 {role} 的角色发言。先导入：starter.py import staff FILE",
    "{person} is not on the staff and cannot speak as {role}; import them first: starter.py import staff FILE",
)
_NOBODY = Words("员工表里没有 {person}", "there is nobody called {person} on the staff")
_WHICH = Words("请用 --by 写明哪位管理员：{people}", "name the administrator with --by: {people}")
_WANTS_ROLE = Words(
    "{person} 没有此事所需的角色：{roles}", "{person} has none of the roles for this: {roles}"
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


def author_of(settings: Settings, person: str, role: Role) -> str:
    """How who says it is written down: a person of the staff under their id, an outsider in a name space of their own."""
    from activities.store.people import staff_member

    if role not in OUTSIDERS or is_key(person) or is_customer(person):
        return person
    try:
        if staff_member(engine_of(settings), person) is not None:
            return person
    except Refusal as refusal:
        if refusal.code not in _AWAY:
            raise
    return customer_author(person) if role is Role.CUSTOMER else key_author(person)


def check_named(settings: Settings, person: str, roles: tuple[Role, ...]) -> None:
    """A person who is named as having done something is on the staff and has one of these roles.

    Raises Refusal(wrong_role, unknown_person). Before any staff are imported it may be anybody.
    """
    from activities.store.people import has_staff, staff_member

    try:
        engine = engine_of(settings)
        known = staff_member(engine, person)
        if known is None and has_staff(engine):
            words = _NOBODY.filled(person=person)
            raise Refusal(Code.UNKNOWN_PERSON, words, where="--by")
        if known is not None and not set(roles) & set(known.roles):
            words = _WANTS_ROLE.filled(person=person, roles=Words.listed(roles))
            raise Refusal(Code.WRONG_ROLE, words, where="--by")
    except Refusal as refusal:
        if refusal.code not in _AWAY:
            raise


def entered_by_staff(settings: Settings, values: Any) -> Any:
    """A request whose `entered_by` names one of the staff, in a role that they have; where none is given, in their own.

    Raises Refusal(wrong_role, unknown_person) at `entered_by` or `entered_role`. Before any staff are imported it may be
    anybody, but nobody in the name spaces of keys and customers.
    """
    from activities.store.people import has_staff, staff_member

    person = values.get("entered_by") if isinstance(values, dict) else None
    if not isinstance(person, str) or not person:
        return values
    engine = engine_of(settings)
    known = staff_member(engine, person)
    if known is None and (is_key(person) or is_customer(person) or has_staff(engine)):
        raise Refusal(Code.UNKNOWN_PERSON, _NOBODY.filled(person=person[:100]), where="entered_by")
    if known is None:
        return values
    asked = values.get("entered_role")
    role = next((each for each in Role if each.value == asked), None)
    if role is not None and role not in known.roles:
        words = _WANTS_ROLE.filled(person=person, roles=role)
        raise Refusal(Code.WRONG_ROLE, words, where="entered_role")
    own = next((each for each in known.roles if each in PLACES), next(iter(known.roles), None))
    return values if asked is not None or own is None else {**values, "entered_role": own.value}


@contextmanager
def kept_by_administrator(settings: Settings, by: str | None, act: str) -> Iterator[None]:
    """Keys, passwords and locks are kept by an administrator of the staff, as soon as there is one; who did what is kept.

    Raises Refusal(missing_field, wrong_role). Before anybody is listed as one, whoever has the command line does it.
    """
    from activities.access import acts
    from activities.store.people import administrators

    engine = engine_of(settings)
    known = administrators(engine)
    if known and not by:
        raise Refusal(Code.MISSING_FIELD, _WHICH.filled(people=", ".join(known)), where="--by")
    if known and by not in known:
        words = _WANTS_ROLE.filled(person=by, roles=Role.ADMINISTRATOR)
        raise Refusal(Code.WRONG_ROLE, words, where="--by")
    yield
    noted = acts.Act(
        at=datetime.now(UTC), person=by or "", role=Role.ADMINISTRATOR.value, address=f"command line, {getpass.getuser()}",
        act=act, order_number="", outcome="done",
    )  # fmt: skip
    acts.note_act(engine, noted)


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
            words = _NOT_ON_THE_STAFF.filled(person=envelope.by, role=envelope.role)
            raise Refusal(Code.UNKNOWN_PERSON, words, where="--by")
    except Refusal as refusal:
        if refusal.code not in _AWAY:
            raise


def require_meant(settings: Settings, order: str, envelope: Envelope) -> None:
    """R53: money far above what is open is asked back before it is told. Raises Refusal(questioned)."""
    from activities.orders import payment_question
    from activities.orders.views.order_views import show_order
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
