"""One row for each subject that is decided: who decides, what the answers are, what each must say, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from models.dossier.decision_record import Asked
from models.messages.decision_subjects import DecisionContent, NoDetail, Outcome, Subject
from models.messages.envelope import Envelope
from models.order.order import Order
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

Check = Callable[[Order, Content, DecisionContent, Envelope], None]
"""Looks at an answer's detail before it is taken. Raises Refusal where the order knows better."""
LevelsLeft = Callable[[Order, Asked], tuple[tuple[Role, ...], ...]]
"""The roles that have still to answer, by level."""
Effect = Callable[[Order, Asked, Envelope], None]
"""What follows once the subject is settled."""


@dataclass(frozen=True, slots=True)
class SubjectRule:
    """Who decides a subject, what the outcomes are, what each must say, and what follows from it."""

    subject: Subject
    roles: tuple[Role, ...]
    outcomes: tuple[Outcome, ...]
    detail: type[Content] = NoDetail
    details: dict[Outcome, type[Content]] = field(default_factory=dict)
    everyone: bool = False
    """All of the roles must answer, each by another person; otherwise one answer of any of them settles it."""
    per_line: bool = False
    voluntary: bool = False
    """Nobody is asked: whoever has the role may decide it while it makes sense."""
    levels: LevelsLeft | None = None
    """Who has still to answer, one level after another, where that is worked out from the order: the first level's turn it is."""
    check: Check | None = None
    effect: Effect | None = None

    @property
    def rule(self) -> str:
        """The rule that asks for the decision (`R20`)."""
        return self.subject.rule

    def detail_for(self, outcome: Outcome) -> type[Content]:
        """The class of the detail that must be given with this outcome."""
        return self.details.get(outcome, self.detail)

    def agrees(self, outcome: Outcome) -> bool:
        """Whether the outcome is the one (the first) on which several persons must agree."""
        return outcome is self.outcomes[0]

    def missing(self, order: Order, asked: Asked) -> tuple[Role, ...]:
        """The roles that have still to answer what was asked, and whose turn it is."""
        if asked.outcome is not None:
            return ()
        if self.levels is not None:
            return next(iter(self.levels(order, asked)), ())
        if not self.everyone:
            return self.roles
        given = {answer.role for answer in asked.answers}
        return tuple(role for role in self.roles if role not in given)

    def waits_for_others(self, order: Order, asked: Asked) -> bool:
        """Whether, with all answers alike so far, others must answer before the subject is settled."""
        if self.levels is not None:
            return any(self.levels(order, asked))
        return self.everyone and len(asked.answers) < len(self.roles)


def contradiction(zh: str, en: str, where: str, rule: str, code: Code = Code.CONTRADICTION) -> Refusal:
    """A refusal of an answer that contradicts what the order knows."""
    return Refusal(code, Words(zh, en), where=where, rule=rule)
