"""What production is shown when it names a day: the proposal, the load that it rests on, and how sure it is (R150, R152). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.scheduling.confidence import Confidence, confidence
from models.scheduling.people import NOBODY, House, Shortage, shortages, shortages_of
from models.scheduling.plan import Owed, Plan
from models.scheduling.proposals import Proposal
from models.values.errors import Refusal


@dataclass(frozen=True, slots=True)
class Outlook:
    """The proposal for goods of one line of an order; without one `why` says what is missing.

    `orders_before` and `taken_until`: how many orders have the machine line before, and up to which hour. `sure` is None
    where fewer than ten orders of the product are finished. `people`: where people are short on its days; None where its
    line asks for nobody.
    """

    proposal: Proposal | None = None
    why: Refusal | None = None
    line_name: str = ""
    orders_before: int = 0
    taken_until: datetime | None = None
    sure: Confidence | None = None
    people: tuple[Shortage, ...] | None = None


def outlook_of(plan: Plan, owed: Owed, days_late: Sequence[int], house: House = NOBODY) -> Outlook:
    """The outlook of goods that this plan holds. `days_late` as `models.scheduling.confidence.confidence` takes them.

    `house`: who is there to stand at the lines.
    """
    placed = plan.placed[owed.key]
    proposal = placed.proposal
    if proposal is None:
        return Outlook(why=placed.why)
    others = plan.before(proposal.line, proposal.begins)
    ends = [each.proposal.ends for each in others if each.proposal is not None]
    line = next(line for line in plan.lines if line.line == proposal.line)
    return Outlook(
        proposal,
        line_name=line.name,
        orders_before=len({each.owed.order for each in others} - {owed.order}),
        taken_until=max(ends, default=None),
        sure=confidence(days_late, proposal.finished_on, plan.calendar),
        people=shortages_of(proposal, plan, shortages(plan, house)) if line.needs else None,
    )
