"""The card of what is asked, from the tables."""

from __future__ import annotations

from collections.abc import Iterator

from models.dossier.step_kinds import StepKind
from models.dossier.step_moves import Move
from models.forms.cards.card import MOST_FACTS, Asked, Card, CardRow, Compared
from models.forms.cards.decision_cards import DECISION_CARDS
from models.forms.cards.order_seen import OrderSeen
from models.forms.cards.step_cards import GENERAL, STEP_CARDS
from models.messages.decision_subjects import Subject
from models.values.field_words import field_words
from models.values.vocabulary import Words

_NOTHING = Words("-", "-")


def asked_by(kind: str, move: Move | None, key: str = "") -> Asked:
    """What a step asks, or a fact that no step asks for."""
    if move is None:
        return Asked(kind, key=key)
    says = {path: value for path, value in move.says if isinstance(value, str)}
    line = int(move.line) if move.line.isdecimal() else None
    return Asked(kind, move.subject, line, says, key)


def row_of(asked: Asked) -> CardRow:
    """Its row: of the subject where it is a decision, of the step else; the general one where no step asks."""
    subject = next((each for each in Subject if each.value == asked.subject), None)
    if subject is not None:
        return DECISION_CARDS[subject]
    kind = next((each for each in StepKind if each.value == asked.kind), None)
    return STEP_CARDS.get(kind, GENERAL) if kind is not None else GENERAL


def card_of(order: OrderSeen, asked: Asked) -> Card:
    """The facts that are known of it, at most six, and the sentence why."""
    row = row_of(asked)
    found = [fact for make in row.facts if (fact := make(order, asked)) is not None]
    compared = tuple(compared_of(order)) if row.compared else ()
    return Card(row.why, tuple(found[:MOST_FACTS]), compared)


def compared_of(order: OrderSeen) -> Iterator[Compared]:
    """R70: every datum of the sheet that the customer has beside the order's own; nothing where there is no sheet yet."""
    for name, on_sheet in order.sheet.items():
        yield Compared(field_words(name), on_sheet, order.request.get(name, _NOTHING))
