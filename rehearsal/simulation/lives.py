"""One simulated order from its placing to its end, on the pure model: people do what is waited for, at their pace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from models.dossier.journal import JournalEntry
from models.dossier.open_steps import OpenStep
from models.messages.envelope import envelope_json
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.values.money import ZERO
from models.values.vocabulary import Role
from rehearsal.pure import answer, live_until
from rehearsal.script import Script, Telling
from rehearsal.simulation.chances import Chances
from rehearsal.simulation.demand import Wanted
from rehearsal.simulation.paces import done_at
from rehearsal.simulation.usual_answers import Asked, usual_answer
from rehearsal.stand_ins.order_books import OrderBooks
from workflows.procedure import begin, entered, next_deadline, receive

LONGEST = timedelta(days=150)
"""How long after its placing an order is watched; then it is counted as it stands."""
_MOST_ACTS = 2_000


@dataclass(slots=True)
class Life:
    """What came of one order: as it is at the end, its journal, and everything that was said to it."""

    wanted: Wanted
    order: Order
    journal: list[JournalEntry] = field(default_factory=list)
    told: list[Telling] = field(default_factory=list)
    refused: list[Reply] = field(default_factory=list)
    owed: list[tuple[datetime, Decimal]] = field(default_factory=list)
    """What the customer owes for goods that left, in CNY, from each moment at which it changed."""

    def look(self) -> None:
        """Note what is owed now, where it changed."""
        owed = max(self.order.open_balance, ZERO) if self.order.shipments else ZERO
        if owed != (self.owed[-1][1] if self.owed else ZERO):
            self.owed.append((self.order.clock, owed))

    @property
    def script(self) -> Script:
        """The life as a story, to be played again on any player."""
        return replace(self.wanted.script, moves=tuple(self.told))


@dataclass(frozen=True, slots=True)
class _Act:
    at: datetime
    step: OpenStep
    name: str


class _World:
    """The people around one order, and when each of them does what it waits for."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.planned: dict[str, datetime | None] = {}
        self.done: set[str] = set()

    def next_act(self, order: Order) -> _Act | None:
        """What is done next of all that is waited for."""
        acts = [act for step in order.steps.values() if (act := self._act(order, step)) is not None]
        return min(acts, key=lambda act: (act.at, act.name), default=None)

    def _act(self, order: Order, step: OpenStep) -> _Act | None:
        name = f"{step.key}/{step.roles[0].value if step.roles else ''}/{step.since.isoformat()}"
        if name in self.done or not step.roles:
            return None
        if name not in self.planned:
            self.planned[name] = done_at(step, order, self._chances(step))
        at = self.planned[name]
        return None if at is None else _Act(max(at, order.clock), step, name)

    def _chances(self, step: OpenStep) -> Chances:
        return self.wanted.chances.of(f"{step.key}/{step.roles[0].value}")


def live(wanted: Wanted, number: str) -> Life:
    """The order's life under its policy. The same order, policy and draws give the same life."""
    script, books = wanted.script, OrderBooks()
    order = begin(script.order_start(number), script.start)
    answer(order, books)
    life, world, until = Life(wanted, order), _World(wanted), script.start + LONGEST
    for _ in range(_MOST_ACTS):
        act, deadline = world.next_act(order), next_deadline(order)
        if not order.lives or (act is None and deadline is None):
            break
        if act is None or (deadline is not None and deadline <= act.at):
            if deadline is None or deadline > until:
                break
            live_until(order, deadline, books)
            life.look()
            continue
        if act.at > until:
            break
        live_until(order, act.at, books)
        _do(life, world, act, books)
        life.look()
    else:
        raise RuntimeError(f"{wanted.name} comes to no end: {sorted(order.steps)}")
    life.journal = list(order.unsaved)
    return life


def _do(life: Life, world: _World, act: _Act, books: OrderBooks) -> None:
    """Somebody does what a step waits for, where it still waits when they come to it."""
    world.done.add(act.name)
    order = life.order
    step = order.steps.get(act.step.key)
    if step is None:
        return
    number = len(life.told) + 1
    name = life.wanted.name
    said = usual_answer(Asked(order, step, world.wanted.chances.of(step.key), f"{name}-{number}"))
    if said is None:
        return
    by = life.wanted.script.staff.people.get(said.role, "")
    if said.role is Role.CUSTOMER:
        by = (
            order.customer.designated_signers[0]
            if order.customer.designated_signers
            else order.request.contact
        )
    raw = envelope_json(
        f"{name}/{number:03}",
        said.kind,
        said.content,
        by=by or said.role.value,
        role=said.role,
        happened_at=act.at,
    )
    reply = receive(order, entered(raw), act.at)
    life.told.append(Telling(act.at, raw, None))
    if reply.status is Status.REFUSED:
        life.refused.append(reply)
    answer(order, books)
