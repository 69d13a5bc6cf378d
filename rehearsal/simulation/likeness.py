"""Whether an order lived alike on the model and on the engine: what was journaled of it, and what was paid."""

from __future__ import annotations

from rehearsal.one_life import where_they_part
from rehearsal.played import Played
from rehearsal.pure import play
from rehearsal.simulation.lives import Life


def differing(life: Life, again: Played) -> str:
    """The first thing in which the engine's life is not the model's; empty where there is none."""
    if again.order is None:
        return "not placed"
    # The engine numbers by itself, and both players stop after the last thing that was said.
    on_model = play(life.script, again.number)
    for part in where_they_part(on_model.journal, again.journal):
        return part
    paid = again.order.ledger.paid
    return "" if paid == life.order.ledger.paid else f"paid {life.order.ledger.paid} is {paid}"
