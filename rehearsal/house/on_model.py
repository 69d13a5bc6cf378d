"""The player without a database: what production is proposed follows from lines and goods alone, so the pure rules say it (R150, R152).

Everything else of a house is decided where all orders are kept, and is not played here.
"""

from __future__ import annotations

from datetime import datetime

from models.scheduling.kept_lines import kept_line
from models.scheduling.outlook import Outlook, outlook_of
from models.scheduling.plan import Owed, Plan
from models.scheduling.proposals import Job
from models.values.calendar import Calendar
from rehearsal.house.house_script import HouseScript
from rehearsal.house.house_story import Wanted, day_of
from rehearsal.house.played import Came, PlayedHouse


def play(script: HouseScript) -> PlayedHouse:
    """The story from its first moment to its last; one that needs an order database is not played, and says so."""
    played = PlayedHouse(script, was_played=not script.story.needs_database)
    for move in script.moves if played.was_played else ():
        if move.event is not None and move.event.dates is not None:
            asked = _owed(script, f"asked-{move.place}", move.event.dates, move.at)
            played.done(move, Came(outlook=_outlook(script, asked, move.at)))
    return played


def _outlook(script: HouseScript, asked: Owed, now: datetime) -> Outlook:
    """As the order database works it out: behind everything that is dated."""
    story, calendar = script.story, Calendar()
    lines = [kept_line(dict(row)) for row in story.lines]
    dated = [
        Owed(
            f"dated-{place}", 1, "", Job(each.product, each.quantity, story.unit, now), day_of(each.due, script.begins),
            script.begins,
        )
        for place, each in enumerate(story.dated, start=1)
    ]  # fmt: skip
    plan = Plan(lines, calendar, now, script.policy.schedule.finish_days).place_all(dated)
    late = [
        each.late
        for each in reversed(story.finished)
        if each.product == asked.job.product
        for _ in range(each.count)
    ]
    return outlook_of(plan.branched().place_all([asked]), asked, late)


def _owed(script: HouseScript, number: str, wanted: Wanted, now: datetime) -> Owed:
    return Owed(number, 1, "", Job(wanted.product, wanted.quantity, script.story.unit, now), None, now)
