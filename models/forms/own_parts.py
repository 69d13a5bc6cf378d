"""What somebody does at a step that is another's to finish: whoever a step waits for has an act of their own on its card.

A clerk takes part in an inspection that quality reports, and hands an instruction over for which production signs (R40,
R43): they say so themselves, also before the other has. A salesperson who is to bring the cash, or the customer to collect,
says what was agreed (R18). A carrier tells how it stands with what it has.
"""

from __future__ import annotations

from models.dossier.step_kinds import StepKind
from models.dossier.step_moves import Move
from models.values.vocabulary import Role

OWN_PARTS: dict[tuple[StepKind, Role], str] = {
    (StepKind.HAND_OVER, Role.SERVICE_CLERK): "hand_over_confirmed",
    (StepKind.INSPECT, Role.SERVICE_CLERK): "inspection_confirmed",
    (StepKind.INSPECT_RETURN, Role.SERVICE_CLERK): "inspection_confirmed",
    (StepKind.CLEAR_CASH, Role.SALESPERSON): "contact_logged",
    (StepKind.COLLECT_GOODS, Role.SALESPERSON): "contact_logged",
    (StepKind.MISSING_GOODS, Role.LOGISTICS): "goods_returned",
    (StepKind.REMITTANCE, Role.LOGISTICS): "transit_reported",
}
"""By step and role the fact that is theirs."""
_NAMED = {
    "hand_over_confirmed": ("version",),
    "goods_returned": ("shipment",),
    "transit_reported": ("shipment",),
}
"""What of the step identifies the fact, too."""


def own_part(kind: str, role: str, move: Move | None, key: str) -> Move | None:
    """What a role does at a step that another finishes; None where the step is theirs to finish, or they have no part."""
    fact = next(
        (fact for (step, who), fact in OWN_PARTS.items() if (step.value, who.value) == (kind, role)), None
    )
    if fact is None:
        return None
    known = dict(move.says) if move is not None else {}
    if kind == StepKind.MISSING_GOODS.value:
        known["shipment"] = key.partition(":")[2]
    says = tuple((name, known[name]) for name in _NAMED.get(fact, ()) if known.get(name))
    return Move(fact=fact, says=says)
