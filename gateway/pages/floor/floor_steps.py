"""What waits for somebody with a phone: steps with their forms, and which paper's code opens each."""

from __future__ import annotations

from dataclasses import dataclass

from activities.orders.views.order_glimpse import Glance, glances
from activities.orders.views.order_lists import inbox_page
from activities.orders.views.order_views import StepView
from activities.store.people import staff_to_choose
from gateway.context import Door, in_database
from gateway.pages.orders.order_pages import card_of, form_for, view_of
from gateway.pages.orders.step_acts import known_of
from gateway.pages.own_pages import OWN_PAGES
from models.access import Caller
from models.documents.paper_codes import OPENS, PaperCode
from models.forms.step_form import Form, Known

MOST_STEPS = 60
"""More are not looked through on a phone; a code opens each of the others."""
PHOTO_OF = frozenset({"delivery_receipt", "confirmation_returned"})
"""Facts whose document is a paper that can be photographed."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One step to be done on a phone."""

    step: StepView
    glance: Glance | None
    form: Form
    card: str
    papers: str
    """The papers whose codes open it, as words of one attribute."""
    open: bool = False

    @property
    def photographed(self) -> bool:
        """Whether a photo of the paper goes along."""
        return self.form.kind in PHOTO_OF


def papers_of(kind: str) -> str:
    """The papers that a kind of step is about."""
    return " ".join(paper.value for paper, kinds in OPENS.items() if kind in [each.value for each in kinds])


async def tiles_of(door: Door, caller: Caller) -> tuple[list[Tile], bool]:
    """What waits for me, the most overdue first, and whether there is more."""
    person = None if caller.only_salesperson is None else caller.name
    staff = await in_database(staff_to_choose, door.engine)
    found = await in_database(inbox_page, door.engine, caller.roles, person=person, most=MOST_STEPS)
    seen = await in_database(glances, door.engine, [step.order_number for step in found.steps])
    tiles = []
    for step in found.steps:
        glance = seen.get(step.order_number)
        lines = tuple(line.line for line in glance.lines) if glance is not None else ()
        known = Known(lines or (1,), named=step.zh, staff=staff)
        form = form_for(caller, step, known, glance.shown if glance is not None else None)
        if form is not None and not form.outcomes and step.kind not in OWN_PAGES:
            tiles.append(Tile(step, glance, form, card_of(step), papers_of(step.kind)))
    return tiles, bool(found.next)


async def tiles_of_order(door: Door, caller: Caller, number: str, code: PaperCode | None) -> list[Tile]:
    """What waits for me of one order, what the code is about first. Raises Refusal(unknown_order, wrong_role)."""
    view = await view_of(door, caller, number)
    glance = (await in_database(glances, door.engine, [number])).get(number)
    staff = await in_database(staff_to_choose, door.engine)
    likely = [kind.value for kind in code.opens] if code is not None else []
    tiles = []
    for step in view.order.steps:
        form = form_for(caller, step, known_of(view, step.zh, staff), view.shown)
        if form is not None and not form.outcomes and step.kind not in OWN_PAGES:
            is_meant = code is not None and step.kind in likely and _is_about(step, code)
            tiles.append(Tile(step, glance, form, card_of(step), papers_of(step.kind), is_meant))
    tiles.sort(key=lambda tile: (not tile.open, likely.index(tile.step.kind) if tile.open else 0))
    return tiles


def _is_about(step: StepView, code: PaperCode) -> bool:
    """Whether a step is about just this release, shipment or lot, where it says of which it is."""
    words = dict(move_words(step))
    told = [words[name] for name in ("release", "shipment", "version") if name in words]
    if "lot" in words:
        told = [f"{words.get('line', '')}:{words['lot']}"] if ":" in code.about else []
    return not told or code.about in told


def move_words(step: StepView) -> list[tuple[str, str]]:
    """What the step knows of what is to be said."""
    says = step.move.says if step.move is not None else ()
    return [(path, value) for path, value in says if isinstance(value, str)]
