"""The lives that are measured: a class B order told fact by fact, one with two shipments, and one of very many lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from models.request.order_start import OrderStart
from models.values.calendar import BUSINESS_ZONE
from rehearsal.files import read_company, read_story
from rehearsal.references import with_own_references
from rehearsal.script import Telling, script_of
from runtime.settings import ROOT
from tests.models.life import Life, line

STORIES = ROOT / "stories"
CLASS_B = "class-b-same-day"
"""Deposit and signature on the first day, one shipment: 23 facts, the life that is measured."""
TWO_SHIPMENTS = "two-lots-two-shipments"
"""The same in two lots: 34 facts, for a long history."""
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class LifeStory:
    """What an order starts with and the envelopes that are told to it, without the moments at which they happened."""

    start: OrderStart
    envelopes: list[dict[str, Any]]

    def order_start(self, number: str, now: datetime) -> OrderStart:
        """The start of the order with this number, placed now."""
        return self.start.model_copy(update={"number": number, "placed_at": now})


def life_story(story: str = CLASS_B, now: datetime | None = None) -> LifeStory:
    """A story of the folder `stories`, placed now instead of on its own day. Dates in it count from today."""
    now = now or datetime.now(UTC)
    told = read_story(STORIES / f"{story}.yaml")
    at_once = told.start.model_copy(
        update={
            "weekday": None,
            "date": None,
            "time": now.astimezone(BUSINESS_ZONE).time().replace(microsecond=0),
        }
    )
    # A story starts a day after the moment it is made ready for, at the earliest.
    script = script_of(
        told.model_copy(update={"start": at_once}), read_company(STORIES), now - timedelta(days=1)
    )
    envelopes = [to_jsonable_python(move.envelope) for move in script.moves if isinstance(move, Telling)]
    return LifeStory(script.order_start("20270101-0001"), envelopes)


def happening(envelope: dict[str, Any], now: datetime, order: str = "") -> dict[str, Any]:
    """The envelope of something that happened just now; money of an order has a reference of its own (R53)."""
    said = {**envelope, "happened_at": now.isoformat()}
    if order:
        said["content"] = with_own_references(order, said["kind"], said["content"])
    return said


def contact(number: int) -> dict[str, Any]:
    """A fact that is welcome at any time and moves nothing."""
    return {
        "fact_id": f"bench/contact-{number}", "kind": "contact_logged", "by": "clerk-chen", "role": "service_clerk",
        "happened_at": "", "content": {"channel": "phone", "words": "来电询问进度"},
    }  # fmt: skip


def large_order(lines: int, now: datetime) -> Life:
    """An order of so many equal lines that was just taken in."""
    return Life(now, lines=[line(number) for number in range(1, lines + 1)])


def reports(lines: int) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """What factory and warehouse report of each line of a large order: phase -> (kind, role, content) line by line."""

    def each(kind: str, role: str, **content: Any) -> list[tuple[str, str, dict[str, Any]]]:
        return [(kind, role, {"line": number, "lot": "1", **content}) for number in range(1, lines + 1)]

    return {
        "production": each("production_reported", "production", made="1000", finished=True),
        "inspection": each("inspection_reported", "quality", passed="1000", checked_with="service_clerk-1"),
        "warehouse": each("warehouse_entered", "warehouse", quantity="1000"),
    }


def pile_of_facts(lines: int, count: int) -> Iterator[dict[str, Any]]:
    """So many envelopes for a large order in production: first the reports, then plain contacts."""
    told = [report for phase in reports(lines).values() for report in phase][:count]
    for number, (kind, role, content) in enumerate(told):
        yield {
            "fact_id": f"bench/report-{number}", "kind": kind, "by": f"{role}-1", "role": role,
            "happened_at": "", "content": content,
        }  # fmt: skip
    for number in range(count - len(told)):
        yield {**contact(number), "by": "service_clerk-1"}
