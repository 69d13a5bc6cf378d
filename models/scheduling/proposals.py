"""What production is proposed for an order: on which line, from when to when, finished on which day, and why not earlier (R150). Pure.

The rule is plain. Of the lines that make the product the one that is done first takes it, in free hours from the moment at
which the material is there. Between its first and its last hour no other order runs on the line: each would cost a
set-up. Nights, holidays and downtimes only interrupt it. After the last hour come so many working days for rewinding and
inspection. Production decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from models.scheduling.machine_lines import MachineLine, Span
from models.values.calendar import Calendar, business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term, Unit, Words

Taken = Mapping[str, Sequence[Span]]
"""Line -> when other orders have it, from their first hour to their last."""
_NO_LINE = Words(
    "没有机台能做 {product}（按{unit}计）：请在机台表里写明",
    "no machine line makes {product}, counted in {unit}: say on the list of lines which one does",
)
_NO_ROOM = Words("两年之内没有机台排得下 {product}", "no line has room for {product} within two years")


class Bottleneck(Term):
    """Why an order is not finished earlier."""

    MATERIAL = "material", "等原材料", "waits for material"
    LINE = "line", "机台排满", "the line is taken"
    RUN_TIME = "run_time", "加工时间", "the time that it takes"


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made; `ready_at` is when its material is there."""

    product: str
    quantity: Decimal
    unit: Unit
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line, its hours, and the day on which the goods are finished."""

    line: str
    begins: datetime
    ends: datetime
    finished_on: date
    bottleneck: Bottleneck

    @property
    def span(self) -> Span:
        """From its first hour to its last."""
        return Span(self.begins, self.ends)


def propose(
    lines: Sequence[MachineLine],
    job: Job,
    taken: Taken,
    calendar: Calendar,
    *,
    now: datetime,
    finish_days: int,
) -> Proposal:
    """The earliest finish over the lines that make it.

    Raises Refusal(no_capacity) where no line makes the product, or none has room within two years.
    """
    able = [line for line in lines if line.makes(job.product, job.unit)]
    if not able:
        words = _NO_LINE.filled(product=job.product, unit=job.unit)
        raise Refusal(Code.NO_CAPACITY, words, where="product", rule="R150")
    ready = max(job.ready_at, now)
    best = _earliest(able, job, ready, taken, calendar)
    if best is None:
        raise Refusal(Code.NO_CAPACITY, _NO_ROOM.filled(product=job.product), where="quantity", rule="R150")
    line, span = best
    return Proposal(
        line=line.line,
        begins=span.begins,
        ends=span.ends,
        finished_on=calendar.working_days_after(business_date(span.ends), finish_days),
        bottleneck=_bottleneck(able, job, span.ends, taken, calendar, now),
    )


def _earliest(
    able: Sequence[MachineLine], job: Job, ready: datetime, taken: Taken, calendar: Calendar
) -> tuple[MachineLine, Span] | None:
    found = [
        (span.ends, line.line, line, span)
        for line in able
        if (
            span := place(
                line, line.time_for(job.quantity, job.unit), ready, taken.get(line.line, ()), calendar
            )
        )
    ]
    if not found:
        return None
    _, _, line, span = min(found, key=lambda each: each[:2])
    return line, span


def place(
    line: MachineLine, needed: timedelta, ready: datetime, taken: Sequence[Span], calendar: Calendar
) -> Span | None:
    """The first span of the line's hours that holds this much work and no other order; None where there is none in two years."""
    others = sorted(taken)
    moment = ready
    for gap in (*others, None):
        if gap is None or gap.begins > moment:
            span = _worked(line.hours_from(moment, calendar), needed)
            if span is None:
                return None
            if gap is None or span.ends <= gap.begins:
                return span
        if gap is not None:
            moment = max(moment, gap.ends)
    return None


def _worked(hours: Iterator[Span], needed: timedelta) -> Span | None:
    """From the first hour to the one with which so much is done."""
    begins, left = None, needed
    for span in hours:
        begins = begins or span.begins
        if span.length >= left:
            return Span(begins, span.begins + left)
        left -= span.length
    return None


def _bottleneck(
    able: Sequence[MachineLine], job: Job, ends: datetime, taken: Taken, calendar: Calendar, now: datetime
) -> Bottleneck:
    """What would let it end earlier by most if it were not so; the time that it takes where nothing would."""
    gains = {}
    causes: list[tuple[Bottleneck, datetime, Taken]] = []
    if job.ready_at > now:
        causes.append((Bottleneck.MATERIAL, now, taken))
    if any(taken.get(line.line) for line in able):
        causes.append((Bottleneck.LINE, max(job.ready_at, now), {}))
    for cause, ready, others in causes:
        without = _earliest(able, job, ready, others, calendar)
        gains[cause] = ends - without[1].ends if without is not None else timedelta(0)
    cause = max(gains, key=lambda each: gains[each], default=Bottleneck.RUN_TIME)
    return cause if gains.get(cause, timedelta(0)) > timedelta(0) else Bottleneck.RUN_TIME
