"""What a form about a case that is no order says becomes a fact: the same form sent twice is one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.api.telling import Said, say
from gateway.context import Door
from models.access import Caller
from models.facts.fact_envelope import fact_envelope
from models.messages.decision_subjects import Subject
from models.messages.fact_kind import FactKind
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_dates import plain_moment
from models.writing.written_numbers import Manner

_NO_TIME = Words("{text} 不是时间", "{text} is no time")


async def tell_form(
    door: Door,
    caller: Caller,
    number: str,
    kind: str,
    content: dict[str, Any],
    kinds: Mapping[str, FactKind],
    values: Mapping[str, str],
    address: str,
) -> Said:
    """Tell the case what a form says. Raises Refusal for what it refuses."""
    subject = next((each for each in Subject if each.value == content.get("subject")), None)
    envelope = fact_envelope(
        caller.fact_id(f"door/{values.get('once') or uuid.uuid4()}"),
        kind,
        content,
        by=caller.author,
        role=caller.role_for(kind, None, subject),
        happened_at=business_moment(values.get("happened_at", "").strip()) or door.now(),
        manner=Manner.TYPED,
        kinds=kinds,
    )
    return await say(door, caller, number, envelope, address)


def business_moment(text: str, where: str = "happened_at") -> datetime | None:
    """Business time as filled in; None where nothing was. Raises Refusal(malformed)."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(plain_moment(text, Manner.TYPED))
    except ValueError:
        raise Refusal(Code.MALFORMED, _NO_TIME.filled(text=text[:40]), where=where) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)
