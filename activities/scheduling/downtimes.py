"""When machine lines stand, as production told it; what was taken back stays with who and when (R150)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, or_, select, update

from activities.store.database import reading, writing
from models.scheduling.machine_lines import Span
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_NO_LINE = Words("没有机台 {line}", "there is no machine line {line}")
_NO_DOWNTIME = Words("没有这次停机 {number}", "there is no downtime {number}")
_TAKEN_BACK = Words("这次停机已由 {who} 撤回", "{who} took this downtime back already")
_ENDS_FIRST = Words("结束须晚于开始", "the end lies after the beginning")
_IS_OVER = Words("这段时间已经过去", "this time has passed already")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Downtime:
    """A time at which a line stands."""

    number: int
    line: str
    begins: datetime
    ends: datetime
    reason: str
    told_by: str
    told_at: datetime
    taken_back_by: str = ""
    taken_back_at: datetime | None = None


def standing(connection: Connection, since: datetime) -> dict[str, list[Span]]:
    """By line when it stands after a moment; what was taken back is left out."""
    downs = table("machine_downtimes")
    query = select(downs.c.line, downs.c.begins, downs.c.ends).where(
        downs.c.taken_back_at.is_(None), downs.c.ends > since
    )
    found: dict[str, list[Span]] = {}
    for line, begins, ends in connection.execute(query):
        found.setdefault(line, []).append(Span(begins, ends))
    return found


def downtimes(engine: Engine, since: datetime, line: str | None = None) -> Sequence[Downtime]:
    """What was told of lines that stand after a moment, also what was taken back; of one line, or of all."""
    downs = table("machine_downtimes")
    query = select(downs).where(or_(downs.c.ends > since, downs.c.taken_back_at > since))
    query = query if line is None else query.where(downs.c.line == line)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(downs.c.begins, downs.c.number).limit(_MOST)).mappings()
        return [Downtime(**row) for row in rows]


def require_to_come(span: Span, now: datetime) -> None:
    """Raises Refusal(malformed) for an end before its beginning, and date_in_past for what is over."""
    if span.ends <= span.begins:
        raise Refusal(Code.MALFORMED, _ENDS_FIRST, where="ends", rule="R150")
    if span.ends <= now:
        raise Refusal(Code.DATE_IN_PAST, _IS_OVER, where="ends", rule="R150")


def tell_downtime(engine: Engine, line: str, span: Span, reason: str, person: str, now: datetime) -> None:
    """Keep that a line stands. Raises Refusal: unknown_place for a line that is none, and as `require_to_come`."""
    require_to_come(span, now)
    downs, lines = table("machine_downtimes"), table("machine_lines")
    with writing(engine) as connection:
        if connection.scalar(select(lines.c.line).where(lines.c.line == line)) is None:
            raise Refusal(Code.UNKNOWN_PLACE, _NO_LINE.filled(line=line[:100]), where="line", rule="R150")
        same = select(downs.c.number).where(
            downs.c.line == line, downs.c.begins == span.begins, downs.c.ends == span.ends, downs.c.taken_back_at.is_(None),
        )  # fmt: skip
        if connection.scalar(same) is not None:
            return  # the same form twice is one downtime
        connection.execute(
            downs.insert().values(
                line=line, begins=span.begins, ends=span.ends, reason=reason, told_by=person, told_at=now, taken_back_by="",
            )
        )  # fmt: skip


def take_back(engine: Engine, number: int, person: str, now: datetime) -> None:
    """Take a downtime back: the line runs after all. Raises Refusal: unknown_place, or already_decided for the second of two."""
    downs = table("machine_downtimes")
    with writing(engine) as connection:
        changed = connection.execute(
            update(downs)
            .where(downs.c.number == number, downs.c.taken_back_at.is_(None))
            .values(taken_back_by=person, taken_back_at=now)
        )
        if changed.rowcount:
            return
        who = connection.scalar(select(downs.c.taken_back_by).where(downs.c.number == number))
    if who is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_DOWNTIME.filled(number=number), where="number")
    raise Refusal(Code.ALREADY_DECIDED, _TAKEN_BACK.filled(who=who or "-"), where="number")
