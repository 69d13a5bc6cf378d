"""Who is named in a fact is on the company's list of staff as it is today, with the role in which they are named (R40, R43, R47)."""

from __future__ import annotations

from models.access import Caller
from models.dossier.named_people import unfit
from models.facts.fact_kinds import FACT_KINDS
from models.handlers.corrections import CORRECTIONS
from models.messages.corrections import Corrected
from models.messages.envelope import Envelope, read_content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings

_NAMED: dict[str, tuple[str, Role | None, str]] = {
    "production_signed": ("clerk", Role.SERVICE_CLERK, "R40"),
    "inspection_reported": ("checked_with", Role.SERVICE_CLERK, "R43"),
    "exception_reported": ("owner", None, "R47"),
    "overridden": ("person", None, "R47"),
    "reassigned": ("person", None, "R133"),
    "contact_logged": ("owner", None, "R140"),
    "picked": ("checked_with", None, "R63"),
    "corrected": ("agreed_by", None, ""),
}
"""The facts that name a person of the staff: in which field, in which role (None: in any), by which rule."""


def with_known_people(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """The envelope, with a word for a person whom the order cannot know because they came after it began.

    Raises Refusal: unknown_person, wrong_role, and database_unavailable. Nothing is compared where no staff were imported.
    """
    named = _NAMED.get(envelope.kind)
    if named is None:
        return envelope
    field, role, rule = named
    content = read_content(FACT_KINDS[envelope.kind].content, envelope.content, inside="content")
    person = str(getattr(content, field))
    if not person:
        return envelope
    if envelope.kind == "reassigned":
        role = getattr(content, "role")  # noqa: B009 - of whatever kind the content is
    if isinstance(content, Corrected):
        role = CORRECTIONS[content.what].role
    vouched = person != envelope.by and _is_newer(settings, number, person, role, f"content.{field}", rule)
    said = {name: value for name, value in envelope.content.items() if name != "on_staff"}
    return envelope.model_copy(update={"content": {**said, "on_staff": True} if vouched else said})


def _is_newer(settings: Settings, number: str, person: str, role: Role | None, where: str, rule: str) -> bool:
    """Whether the list of today has them and the order's own has not. Raises Refusal where today's has not."""
    from activities.orders.requests import start_of
    from activities.store.database import engine_at
    from activities.store.people import staff_in, staff_member

    engine = engine_at(settings.database_url)
    allowed = staff_in(engine, role)
    if not allowed:
        return False
    member: Caller | None = staff_member(engine, person)
    if member is None or (role is not None and role not in member.roles):
        raise unfit(person, role, allowed, known=member is not None, where=where, rule=rule)
    try:
        staff = start_of(engine, number).staff
    except Refusal as refusal:
        if refusal.code is Code.UNKNOWN_ORDER:
            return False
        raise
    return person not in (staff.everyone if role is None else staff.persons(role))
