"""The player of case stories on the pure model: what the order database works out is worked out by the same functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from models.cases.case import Case
from models.cases.replacement import refund_asked, replacement_of
from models.cases.returns import at_most, refund_of
from models.cases.terms import Remedy
from models.dossier.journal import JournalEntry
from models.messages.envelope import engine_envelope
from models.messages.reply import Reply, Status
from models.values.money import ZERO
from models.values.quantity import NOTHING
from rehearsal.case_story import CaseExpectation, CaseMove, CaseScript
from workflows import aftersales
from workflows import case as cases


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """Where a case is not as its story says."""

    at: datetime
    what: str
    expected: str
    found: str


@dataclass(slots=True)
class PlayedCase:
    """One story as it went."""

    script: CaseScript
    case: Case
    returned: Decimal
    money: Decimal
    differences: list[CaseDifference] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The story's name."""
        return self.script.story.name

    @property
    def journal(self) -> list[JournalEntry]:
        """All that the case wrote."""
        return self.case.unsaved

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {
            "story": self.name,
            "case": self.case.number,
            "as_expected": self.as_expected,
            "stage": self.case.stage.value,
            "differences": [
                {"at": each.at.isoformat(), "what": each.what, "expected": each.expected, "found": each.found}
                for each in self.differences
            ],
            "journal": [
                entry.model_dump(mode="json", exclude={"previous", "hash"}) for entry in self.journal
            ],
        }


def play_case(script: CaseScript) -> PlayedCase:
    """The story on the pure model. Time stops at every deadline, as the case's timer does."""
    before = script.story.before
    case = aftersales.begin(script.start, script.begins)
    played = PlayedCase(script, case, before.returned, before.money)
    for move in script.moves:
        _live_until(played, move.at)
        if move.envelope is not None:
            _told(played, move, aftersales.receive(case, move.envelope, move.at))
        else:
            _looked(played, move)
        _run_errands(played, move.at)
    return played


def _live_until(played: PlayedCase, moment: datetime) -> None:
    case = played.case
    while (due := cases.next_deadline(aftersales.CASES, case)) is not None and due <= moment:
        aftersales.advance(case, due)
        _run_errands(played, due)
    aftersales.advance(case, moment)


def _run_errands(played: PlayedCase, now: datetime) -> None:
    """What the house works out and enters itself, at once."""
    case = played.case
    if case.lives and replacement_of(case) is not None:
        content = {"order": f"{now:%Y%m%d}-0009"}
        aftersales.receive(case, engine_envelope("order_made", content, "story-replace", now), now)
    asked = refund_asked(case, is_paid=case.remedy is Remedy.REFUND) if case.lives else None
    if asked is None:
        return
    received = case.goods.received if case.goods is not None else NOTHING
    kept, left = received - played.returned, played.money if asked.is_paid else ZERO
    if asked.amount is not None:
        after, value, payable = kept, asked.amount, at_most(asked.amount, left)
    else:
        figures = refund_of(asked.unit_price, kept, asked.quantity, left)
        after, value, payable = figures.kept_after, figures.value, figures.payable
    played.returned, played.money = received - after, played.money - payable
    said = {
        "kept_before": f"{kept:f}",
        "kept_after": f"{after:f}",
        "value": f"{value:f}",
        "payable": f"{payable:f}",
    }
    aftersales.receive(case, engine_envelope("refund_counted", said, f"story-{asked.round}", now), now)


def _told(played: PlayedCase, move: CaseMove, reply: Reply) -> None:
    shown = f"{reply.status.value} {reply.code}".strip()
    kind = str(move.envelope["kind"]) if move.envelope else ""
    if move.answer is None and reply.status is Status.REFUSED:
        _differs(played, move.at, f"reply to {kind}", "accepted", f"{shown}: {reply.en}")
    elif move.answer is not None and not move.answer.fits(reply):
        _differs(played, move.at, f"reply to {kind}", str(move.answer), shown)


def _looked(played: PlayedCase, move: CaseMove) -> None:
    if move.expected is not None:
        for what, expected, found in _compared(move.expected, played.case, played.journal):
            if expected != found:
                _differs(played, move.at, what, str(expected), str(found))


def _differs(played: PlayedCase, at: datetime, what: str, expected: str, found: str) -> None:
    played.differences.append(CaseDifference(at, what, expected, found))


def _compared(
    expected: CaseExpectation, case: Case, journal: Sequence[JournalEntry]
) -> Iterator[tuple[str, object, object]]:
    steps = sorted(case.steps.values(), key=lambda step: (step.due, step.key))
    named = {entry.rule for entry in journal}
    papers = {identity.partition(":")[0] for identity in case.intended}
    payable = sum((each.payable for each in case.counted), ZERO)
    looks: list[tuple[str, object, object]] = [
        ("stage", expected.stage, case.stage),
        ("waiting", None if expected.waiting is None else sorted(expected.waiting), sorted(case.steps)),
        ("waits_on", expected.waits_on, steps[0].roles if steps else ()),
        ("held", expected.held, case.held),
        ("value", expected.value, case.returned_value),
        ("payable", expected.payable, payable),
        ("difference", expected.difference, case.difference),
    ]
    yield from ((what, wanted, found) for what, wanted, found in looks if wanted is not None)
    if isinstance(expected.ended, bool):
        yield "ended", expected.ended, not case.lives
    elif expected.ended is not None:
        yield "ended", expected.ended, case.ending
    yield from (
        ("paper", paper.value, paper.value if paper.value in papers else "") for paper in expected.papers
    )
    yield from (("rule", rule, rule if rule in named else "") for rule in expected.rules)
