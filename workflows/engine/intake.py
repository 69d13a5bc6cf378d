"""What is said to a case, in its turn: as much in one workflow task as it can bear, and nothing before what must be asked
about it was answered: whose word it is, and whether the receipt that it speaks of is this case's alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from temporalio import workflow

from models.dossier import receive
from models.dossier.dating import however_long_ago
from models.dossier.dossier import Dossier
from models.dossier.exceptions import refused_again
from models.dossier.receive import note_unheard, remember_as_told
from models.dossier.records.recording import Claim
from models.dossier.records.shared_books import SharedAnswer
from models.messages.authors import known_as
from models.messages.reply import Reply, Status
from models.messages.signatures import Unsigned
from workflows import case
from workflows.engine import limits
from workflows.engine.burst_recorder import BurstRecorder
from workflows.engine.durable_kind import DurableKind
from workflows.engine.patches import CLAIMS, FOUND_AT_ONCE, PLAIN_WRITING, PORTIONS, is_new_way
from workflows.engine.step_list import shortened

D = TypeVar("D", bound=Dossier)


class Stir(Protocol):
    """Told when something happened to the case; `changed` where nobody said it, so that what follows is still to be done."""

    def __call__(self, *, changed: bool) -> None: ...


def _said_as(raw: object) -> str:
    """Under which name a case would know this; empty for what is no envelope."""
    if not isinstance(raw, dict):
        return ""
    by, fact_id = raw.get("by"), raw.get("fact_id")
    return known_as(by, fact_id) if isinstance(by, str) and isinstance(fact_id, str) else ""


@dataclass(slots=True)
class Waiting:
    """Something said that waits for its turn."""

    raw: object
    reply: Reply | None = None
    under: str | None = None
    """The name of the signal by which it came; None where who said it waits for the answer."""
    again: bool = False
    """It was said before, and the order database had kept it."""
    asked: str = ""
    """The key of the question that was asked about it."""
    is_proven: bool = False
    is_claimed: bool = False
    is_aside: bool = False
    """It waits alone, however long the database is away."""


class Intake(Generic[D]):
    """The way in of one case in one run."""

    def __init__(self, kind: DurableKind[D], dossier: D, recorder: BurstRecorder[D], stir: Stir) -> None:
        self._kind = kind
        self._case = dossier
        self._recorder = recorder
        self._stir = stir
        self._queue: deque[Waiting] = deque()
        self._portions: asyncio.Task[None] | None = None
        self._aside: list[asyncio.Task[None]] = []
        """What waits alone for a database that is away."""
        self._waiting: list[Waiting] = []
        """What was put into the queue and may not have been taken yet."""
        self._spent = 0
        self._spent_at = -1

    def hear(self, raw: object, under: str) -> None:
        """Something said by a signal of this name: taken now, or in its turn. Never raises for what is said."""
        said = self._entered(raw)
        if self._must_wait() or self._is_asked_about(said):
            self.put_into_queue(said, under)
        else:
            self.take(said, under)

    async def answer(self, raw: object) -> Reply:
        """Something said by whoever waits for the answer."""
        said = self._entered(raw)
        if not self._must_wait() and not self._is_asked_about(said):
            return self.take(said)
        waiting = self.put_into_queue(said)
        await workflow.wait_condition(lambda: waiting.reply is not None)
        if waiting.reply is None:
            raise AssertionError("a condition that held holds no more")
        return waiting.reply

    def is_empty(self) -> bool:
        """Whether nothing waits for its turn, nor aside."""
        return not self._queue and all(each.done() for each in self._aside)

    def _entered(self, said: object) -> object:
        """What was said, in plain writing; a run of before reads it as it stands, as it did then."""
        taken, another = receive.entered(self._kind.case.facts, said)
        return taken if not another or is_new_way(self._case, PLAIN_WRITING) else receive.as_it_stands(said)

    def take(self, raw: object, under: str | None = None, *, again: bool = False) -> Reply:
        """Take it now, whatever waits; `again` was said before, and the order database had kept it."""
        self._spent += self._kind.weight(self._case)
        with self._said_before(raw) if again else nullcontext():
            reply = case.receive(self._kind.case, self._case, raw, workflow.now())
        if under is not None:
            note_unheard(self._case, reply, raw, under)
        self._stir(changed=False)
        if again:
            self._remember(raw, reply)
        return reply

    def take_answer(self, answer: SharedAnswer) -> None:
        """What a book that cases share answered: a fact like any other; a case that ended needs it no more."""
        if self._case.lives and answer.key in self._case.questions:
            said = answer.envelope()
            with self._said_before(said):
                reply = self.take(said)
            if reply.status is Status.REFUSED:
                refused_again(self._case, said, reply)
                self._stir(changed=True)
        # One that is refused is asked no more either: the book would answer the same.
        self._case.questions.pop(answer.key, None)

    def _remember(self, raw: object, reply: Reply) -> None:
        """What was told again is known as the journal worded it; what is refused now was taken before, and is somebody's."""
        if reply.status is Status.REFUSED:
            refused_again(self._case, raw, reply)
            self._stir(changed=True)
        else:
            remember_as_told(self._case, self._kind.case.facts, raw)

    def _said_before(self, raw: object) -> AbstractContextManager[None]:
        return however_long_ago(self._case, str(raw.get("by", "")) if isinstance(raw, dict) else "")

    def _must_wait(self) -> bool:
        """Whether this workflow task has taken all that it can bear: the engine breaks it off after two seconds."""
        if self._queue:
            return True
        task = workflow.info().get_current_history_length()
        if task != self._spent_at:
            self._spent, self._spent_at = 0, task
        return self._spent >= limits.MOST_WEIGHT_IN_A_TASK and is_new_way(self._case, PORTIONS)

    def put_into_queue(self, raw: object, under: str | None = None, *, again: bool = False) -> Waiting:
        """It is taken in its turn, when what must be asked about it was answered."""
        # What the database had kept was proven when it was said.
        waiting = Waiting(raw, under=under, again=again, is_proven=again)
        self._queue.append(waiting)
        self._waiting = [each for each in self._waiting if each.reply is None] + [waiting]
        if self._portions is None:
            self._portions = asyncio.create_task(self._hand_out())
        return waiting

    async def _hand_out(self) -> None:
        """What waits is taken in the order in which it came, as much in one task as it can bear."""
        self._recorder.must_have_a_place = True
        while self._queue:
            if self._spent >= limits.MOST_WEIGHT_IN_A_TASK:
                await self._until_the_next_activation()
                self._spent, self._spent_at = 0, workflow.info().get_current_history_length()
            while self._queue and self._spent < limits.MOST_WEIGHT_IN_A_TASK:
                waiting = self._queue[0]
                cleared = await self._is_cleared(waiting)
                self._queue.popleft()
                if cleared:
                    waiting.reply = self.take(waiting.raw, waiting.under, again=waiting.again)
                else:
                    self._put_aside(waiting)
        self._portions = None
        self._recorder.must_have_a_place = False

    # --- what another history has --------------------------------------------------------------------------------

    def unknown(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What of this the case does not know, and has not before it either."""
        before = {_said_as(each.raw) for each in self._waiting if each.reply is None}
        return [
            each for each in told if (name := _said_as(each)) not in self._case.seen and name not in before
        ]

    def found_another_history(self, unknown: list[dict[str, Any]]) -> None:
        """The stores diverged: somebody's step opens now, and what was lost is taken again, each once."""
        for envelope in unknown:
            self.put_into_queue(envelope, again=True)
        self._stir(changed=is_new_way(self._case, FOUND_AT_ONCE))

    # --- what is asked before something is taken ---------------------------------------------------------------------

    def _is_asked_about(self, raw: object) -> bool:
        return self._question_about(Waiting(raw)) is not None

    def _question_about(self, waiting: Waiting) -> Claim | None:
        """What must be asked before this is taken: whose word it is, then whether what it speaks of is this case's alone."""
        proof = None if waiting.is_proven else self._kind.proof(self._case, waiting.raw)
        return proof or (None if waiting.is_claimed else self._claim_of(waiting))

    def _claim_of(self, waiting: Waiting) -> Claim | None:
        """Runs of before the question was asked never ask it."""
        with self._said_before(waiting.raw) if waiting.again else nullcontext():
            claim = self._kind.claim(self._case, waiting.raw, workflow.now())
        return claim if claim is not None and is_new_way(self._case, CLAIMS) else None

    async def _is_cleared(self, waiting: Waiting) -> bool:
        """Ask, and wait as long as the database is there; False where it is away and nobody waits aside."""
        while (question := self._question_about(waiting)) is not None:
            if waiting.asked != question.key:
                self._recorder.ask(question)
                waiting.asked = question.key
            await self._until_answered(question, waiting)
            answer = self._recorder.answer(question)
            if answer is None:
                return False
            self._hear_answer(waiting, question, answer)
        return True

    async def _until_answered(self, question: Claim, waiting: Waiting) -> None:
        await workflow.wait_condition(
            lambda: (
                self._recorder.answer(question) is not None
                or (self._recorder.is_away and not waiting.is_aside)
            )
        )
        if not waiting.is_aside:
            self._spent, self._spent_at = 0, workflow.info().get_current_history_length()

    def _hear_answer(self, waiting: Waiting, question: Claim, elsewhere: bool) -> None:
        if question.message:
            waiting.is_proven = True
            waiting.raw = Unsigned(receive.as_it_stands(waiting.raw)) if elsewhere else waiting.raw
        else:
            waiting.is_claimed = True
            self._kind.claimed(self._case, question, elsewhere)

    def _put_aside(self, waiting: Waiting) -> None:
        """The database is away: this waits for it, and what comes behind does not."""
        waiting.is_aside = True
        self._aside = [each for each in self._aside if not each.done()]
        self._aside.append(asyncio.create_task(self._take_when_answered(waiting)))

    async def _take_when_answered(self, waiting: Waiting) -> None:
        await self._is_cleared(waiting)
        waiting.reply = self.take(waiting.raw, waiting.under, again=waiting.again)

    def failed(self) -> asyncio.Task[None] | None:
        """What takes what waits, where it met an error: it fails this task like any other."""
        at_work = [*self._aside, *([self._portions] if self._portions is not None else [])]
        over = (each for each in at_work if each.done() and not each.cancelled())
        return next((each for each in over if each.exception() is not None), None)

    async def _until_the_next_activation(self) -> None:
        """Until what was taken is recorded, which comes back in an activation of its own; or so long, without database."""
        with suppress(TimeoutError):
            await workflow.wait_condition(
                self._recorder.is_idle,
                timeout=limits.LONGEST_BETWEEN_PORTIONS,
                timeout_summary=shortened(f"{len(self._queue)} …"),
            )
