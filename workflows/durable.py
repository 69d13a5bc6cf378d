"""The durable part of any case: what is said comes in, time passes by one timer, and what happened goes out.

Facts come by signal or update, what happened is recorded in bursts by one activity, a cancel is a wish like any other,
and a long history goes on in a new run. What the case is about stands in its `DurableKind`; nothing here knows an
order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from models.dossier import receive
    from models.dossier.changed_rows import RowTracker
    from models.dossier.dating import however_long_ago
    from models.dossier.dossier import Dossier
    from models.dossier.exceptions import refused_again
    from models.dossier.receive import Checked, note_unheard, remember_as_told
    from models.dossier.recording import Claim
    from models.messages.authors import known_as
    from models.messages.envelope import engine_envelope
    from models.messages.reply import Reply, Status
    from models.messages.signatures import Unsigned
    from models.values.calendar import Calendar
    from models.values.editions import is_known
    from models.values.errors import Refusal
    from models.values.fingerprint import lasting
    from models.writing.written_numbers import Manner
    from workflows import case
    from workflows.case import CaseKind
    from workflows.engine import limits
    from workflows.engine.burst_recorder import Attributes, BurstRecorder
    from workflows.engine.carried_case import CarriedCase
    from workflows.engine.fact_signals import read_message
    from workflows.engine.message_bytes import named
    from workflows.engine.patches import CLAIMS, FOUND_AT_ONCE, PLAIN_WRITING, PORTIONS
    from workflows.engine.step_list import shortened, steps_of

CANCELLATION = "cancellation_requested"
RECORD_ANEW = "record_anew"
RECORDED = "recorded"
CALENDAR = "calendar_refreshed"
_CANCELLED_THERE = "在 Temporal 界面取消 · cancelled in the Temporal UI"
_LONGEST_REASON = 1000

D = TypeVar("D", bound=Dossier)


def _nothing_to_prove(case: object, said: object) -> Claim | None:
    return None


def _nothing_to_claim(case: object, said: object, now: datetime) -> Claim | None:
    return None


def _nothing_claimed(case: object, claim: Claim, elsewhere: bool) -> None:
    pass


def _said_as(raw: object) -> str:
    """Under which name a case would know this; empty for what is no envelope."""
    if not isinstance(raw, dict):
        return ""
    by, fact_id = raw.get("by"), raw.get("fact_id")
    return known_as(by, fact_id) if isinstance(by, str) and isinstance(fact_id, str) else ""


@dataclass(frozen=True, slots=True)
class DurableKind(Generic[D]):
    """What makes one kind of durable case different from another."""

    case: CaseKind[D]
    rows: Callable[[D], RowTracker]
    """A tracker of its rows in the database, begun anew in each run."""
    details: Callable[[D, datetime | None], str]
    """The operator's page, with the next deadline."""
    timer_summary: Callable[[D, datetime], str]
    attributes: Attributes[D]
    """What must be upserted so that it is found as it is now."""
    weight: Callable[[D], int]
    """How much one fact costs, in lines of an order; at least 1."""
    proof: Callable[[D, object], Claim | None] = _nothing_to_prove
    """What must be shown to be signed before it is taken; the order database, which knows the keys, answers."""
    claim: Callable[[D, object, datetime], Claim | None] = _nothing_to_claim
    """What must be this case's alone before something said is taken; the order database answers."""
    claimed: Callable[[D, Claim, bool], None] = _nothing_claimed
    """The answer: whether another case has it."""


@dataclass(slots=True)
class _Waiting:
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


class UnknownEdition(Exception):
    """A newer program began this case, and this one does not know its rules."""


class DurableCase(Generic[D]):
    """Base of every durable workflow: messages, one timer, recorder, end of a run. A subclass gives it its kind and calls `live`."""

    def __init__(self, kind: DurableKind[D], carried: CarriedCase[D]) -> None:
        self._kind = kind
        self._carried = carried
        self._case: D = carried.dossier
        if not is_known(self._case.edition):
            # The task fails until a program comes that knows it: lived by other rules, it would have to be rewritten.
            raise UnknownEdition(f"case {self._case.number} follows edition {self._case.edition}")
        self._stirred = True
        """Something happened since `live` last looked."""
        self._changed = False
        """Something changed that nobody said: what follows from it is still to be done."""
        self._recorder = BurstRecorder(
            carried,
            kind.rows(self._case),
            kind.attributes,
            ends_run=self._is_long,
            unknown=self._unknown,
            found_another=self._found_another_history,
        )
        self._timer: asyncio.Task[None] | None = None
        self._timer_due: datetime | None = None
        self._cancel_heard = False
        self._queue: deque[_Waiting] = deque()
        self._portions: asyncio.Task[None] | None = None
        self._aside: list[asyncio.Task[None]] = []
        """What waits alone for a database that is away."""
        self._waiting: list[_Waiting] = []
        """What was put into the queue and may not have been taken yet."""
        self._spent = 0
        self._spent_at = -1
        self._checked: tuple[RawValue | None, Checked] | None = None

    async def live(self) -> None:
        """Look at the case whenever something happened to it, until it has ended.

        Raises what stops the recorder: a case that records no more must not look healthy.
        """
        recorder = asyncio.create_task(self._recorder.keep())
        while self._case.lives:
            await self._wait(lambda: self._stirred, recorder)
            self._look()
            if self._is_long():
                await self._refresh_calendar(recorder)
                await self._settle(recorder)
                if self._case.lives:
                    workflow.continue_as_new(self._carried)
        await self._settle(recorder)

    # --- what comes in -------------------------------------------------------------------------------------------

    def hear(self, raw: object, under: str) -> None:
        """Something said by a signal of this name: taken now, or in its turn. Never raises for what is said."""
        said = self._entered(raw)
        if self._must_wait() or self._is_asked_about(said):
            self._put_into_queue(said, under)
        else:
            self._take(said, under)

    @workflow.signal(name=RECORD_ANEW, description="全部重新登记 · every row is recorded once more")
    def record_anew(self, message: RawValue = None) -> None:  # type: ignore[assignment]
        """The order database lost rows of this case: it sends them all; nothing happened to the case itself."""
        self._recorder.record_anew()

    @workflow.signal(dynamic=True, description="任何其他名称,记为未采纳 · any other name, kept as refused")
    def receive_unknown(self, name: str, messages: Sequence[RawValue]) -> None:
        """A signal whose name nobody knows is kept as refused."""
        self.hear(named(read_message(messages[0] if len(messages) == 1 else None), name), name)

    @workflow.update(description="事实或决定,有答复 · a fact or a decision, answered")
    async def tell(self, message: RawValue = None) -> Reply:  # type: ignore[assignment]
        """The same envelope as a signal's, answered with accepted, kept early, known or refused."""
        raw = self._entered(self._checked_before(message) or read_message(message))
        if not self._must_wait() and not self._is_asked_about(raw):
            return self._take(raw)
        waiting = self._put_into_queue(raw)
        await workflow.wait_condition(lambda: waiting.reply is not None)
        if waiting.reply is None:
            raise AssertionError("a condition that held holds no more")
        return waiting.reply

    @tell.validator
    def _check_told(self, message: RawValue = None) -> None:  # type: ignore[assignment]
        try:
            self._checked = (message, case.check(self._kind.case, read_message(message), Manner.SENT))
        except Refusal as refusal:
            raise ApplicationError(
                str(refusal), refusal.as_json(), type=refusal.code.value, non_retryable=True
            ) from None

    def _checked_before(self, message: RawValue | None) -> Checked | None:
        """What the validator read of this very message a moment ago; on replay no validator runs, and it is read anew."""
        checked, self._checked = self._checked, None
        return checked[1] if checked is not None and checked[0] is message else None

    @workflow.query(name="steps", description="未完步骤 · the open steps")
    def show_steps(self) -> list[dict[str, Any]]:
        """What the case waits for, that which holds it up first."""
        return steps_of(self._case)

    @workflow.query(name=RECORDED, description="已写入订单库的内容 · what the order database has of it")
    def show_recorded(self) -> dict[str, Any]:
        """Where the case stands, and what it believes the order database to have of it: for whoever compares the stores."""
        carried = self._carried
        return {
            "sequence": self._case.sequence,
            "head": self._case.head,
            "epoch": carried.epoch,
            "idle": self._recorder.is_idle(),
            "rows": carried.known_rows,
        }

    def _entered(self, said: object) -> object:
        """What was said, in plain writing; a run of before reads it as it stands, as it did then."""
        taken, another = receive.entered(self._kind.case.facts, said)
        return taken if not another or workflow.patched(PLAIN_WRITING) else receive.as_it_stands(said)

    def _take(self, raw: object, under: str | None = None, *, again: bool = False) -> Reply:
        self._spent += self._kind.weight(self._case)
        with self._said_before(raw) if again else nullcontext():
            reply = case.receive(self._kind.case, self._case, raw, workflow.now())
        if under is not None:
            note_unheard(self._case, reply, raw, under)
        self._stirred = True
        if again:
            self._remember(raw, reply)
        return reply

    def _remember(self, raw: object, reply: Reply) -> None:
        """What was told again is known as the journal worded it; what is refused now was taken before, and is somebody's."""
        if reply.status is Status.REFUSED:
            refused_again(self._case, raw, reply)
            self._changed = True
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
        return self._spent >= limits.MOST_WEIGHT_IN_A_TASK and workflow.patched(PORTIONS)

    def _put_into_queue(self, raw: object, under: str | None = None, *, again: bool = False) -> _Waiting:
        # What the database had kept was proven when it was said.
        waiting = _Waiting(raw, under=under, again=again, is_proven=again)
        self._queue.append(waiting)
        self._waiting = [each for each in self._waiting if each.reply is None] + [waiting]
        if self._portions is None:
            self._portions = asyncio.create_task(self._hand_out())
        return waiting

    async def _hand_out(self) -> None:
        """What waits is taken in the order in which it came, as much in one task as it can bear."""
        while self._queue:
            if self._spent >= limits.MOST_WEIGHT_IN_A_TASK:
                await self._until_the_next_activation()
                self._spent, self._spent_at = 0, workflow.info().get_current_history_length()
            while self._queue and self._spent < limits.MOST_WEIGHT_IN_A_TASK:
                waiting = self._queue[0]
                cleared = await self._is_cleared(waiting)
                self._queue.popleft()
                if cleared:
                    waiting.reply = self._take(waiting.raw, waiting.under, again=waiting.again)
                else:
                    self._put_aside(waiting)
        self._portions = None

    # --- what another history has --------------------------------------------------------------------------------

    def _unknown(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What of this the case does not know, and has not before it either."""
        before = {_said_as(each.raw) for each in self._waiting if each.reply is None}
        return [
            each for each in told if (name := _said_as(each)) not in self._case.seen and name not in before
        ]

    def _found_another_history(self, unknown: list[dict[str, Any]]) -> None:
        """The stores diverged: somebody's step opens now, and what was lost is taken again, each once."""
        for envelope in unknown:
            self._put_into_queue(envelope, again=True)
        self._stirred = True
        if workflow.patched(FOUND_AT_ONCE):
            self._changed = True

    # --- what is asked before something is taken ---------------------------------------------------------------------

    def _is_asked_about(self, raw: object) -> bool:
        return self._question_about(_Waiting(raw)) is not None

    def _question_about(self, waiting: _Waiting) -> Claim | None:
        """What must be asked before this is taken: whose word it is, then whether what it speaks of is this case's alone."""
        proof = None if waiting.is_proven else self._kind.proof(self._case, waiting.raw)
        return proof or (None if waiting.is_claimed else self._claim_of(waiting))

    def _claim_of(self, waiting: _Waiting) -> Claim | None:
        """Runs of before the question was asked never ask it."""
        with self._said_before(waiting.raw) if waiting.again else nullcontext():
            claim = self._kind.claim(self._case, waiting.raw, workflow.now())
        return claim if claim is not None and workflow.patched(CLAIMS) else None

    async def _is_cleared(self, waiting: _Waiting) -> bool:
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

    async def _until_answered(self, question: Claim, waiting: _Waiting) -> None:
        await workflow.wait_condition(
            lambda: (
                self._recorder.answer(question) is not None
                or (self._recorder.is_away and not waiting.is_aside)
            )
        )
        if not waiting.is_aside:
            self._spent, self._spent_at = 0, workflow.info().get_current_history_length()

    def _hear_answer(self, waiting: _Waiting, question: Claim, elsewhere: bool) -> None:
        if question.message:
            waiting.is_proven = True
            waiting.raw = Unsigned(receive.as_it_stands(waiting.raw)) if elsewhere else waiting.raw
        else:
            waiting.is_claimed = True
            self._kind.claimed(self._case, question, elsewhere)

    def _put_aside(self, waiting: _Waiting) -> None:
        """The database is away: this waits for it, and what comes behind does not."""
        waiting.is_aside = True
        self._aside = [each for each in self._aside if not each.done()]
        self._aside.append(asyncio.create_task(self._take_when_answered(waiting)))

    async def _take_when_answered(self, waiting: _Waiting) -> None:
        await self._is_cleared(waiting)
        waiting.reply = self._take(waiting.raw, waiting.under, again=waiting.again)

    def _failed(self) -> asyncio.Task[None] | None:
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

    def _tell_itself(self, kind: str, content: dict[str, Any]) -> None:
        """A fact that the engine itself gives, at most one of a kind in a run."""
        self._take(engine_envelope(kind, content, workflow.info().run_id, workflow.now()))

    # --- time ----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._stirred = False
        look = case.look_again if self._changed else case.advance
        self._changed = False
        deadline = look(self._kind.case, self._case, workflow.now())
        self._set_timer(deadline)
        workflow.set_current_details(self._kind.details(self._case, deadline))

    def _set_timer(self, deadline: datetime | None) -> None:
        # A timer for a deadline that moved on is left to fire: looking once too often is cheaper than replacing it.
        if deadline is None or (self._timer_due is not None and self._timer_due <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = deadline
        self._timer = asyncio.create_task(self._ring_at(deadline))

    async def _ring_at(self, deadline: datetime) -> None:
        await workflow.sleep(
            max(deadline - workflow.now(), limits.SHORTEST_TIMER),
            summary=self._kind.timer_summary(self._case, deadline),
        )
        self._timer = self._timer_due = None
        self._stirred = True

    async def _wait(self, condition: Callable[[], bool], recorder: asyncio.Task[None]) -> None:
        """Wait for a condition or for the recorder to fail; a cancel that comes meanwhile becomes a fact."""
        try:
            await workflow.wait_condition(
                lambda: condition() or recorder.done() or self._failed() is not None
            )
        except asyncio.CancelledError:
            # Without a request it is the worker that drops the case from its cache.
            task = asyncio.current_task()
            if workflow.cancellation_reason() is None or self._cancel_heard or task is None:
                raise
            self._cancel_heard = True
            task.uncancel()
            # A cancel from the Temporal UI is a wish like any other (R84), said by the system.
            reason = workflow.cancellation_reason() or _CANCELLED_THERE
            self._tell_itself(CANCELLATION, {"reason": reason[:_LONGEST_REASON]})
        if recorder.done():
            recorder.result()
        failed = self._failed()
        if failed is not None:
            failed.result()

    # --- the end of a run ----------------------------------------------------------------------------------------

    def _is_long(self) -> bool:
        forced = self._carried.continue_after_events
        info = workflow.info()
        return info.is_continue_as_new_suggested() or 0 < forced <= info.get_current_history_length()

    def _is_settled(self) -> bool:
        return (
            self._recorder.is_idle()
            and not self._stirred
            and not self._queue
            and all(each.done() for each in self._aside)
            and workflow.all_handlers_finished()
        )

    async def _refresh_calendar(self, recorder: asyncio.Task[None]) -> None:
        """Newer holidays come as a fact, so that they are in the journal."""
        asked: workflow.ActivityHandle[Calendar] = workflow.start_activity(
            limits.CALENDAR_ACTIVITY,
            self._case.today(),
            result_type=Calendar,
            schedule_to_close_timeout=limits.CALENDAR_LIMIT,
        )
        while not asked.done():  # a cancel that comes meanwhile ends the wait and not the question
            await self._wait(asked.done, recorder)
        try:
            calendar = asked.result()
        except FailureError:
            workflow.logger.info("order %s: no newer calendar to be had", self._case.number)
            return
        if calendar != self._case.calendar:
            self._tell_itself(CALENDAR, {"calendar": lasting(calendar)})

    async def _settle(self, recorder: asyncio.Task[None]) -> None:
        """Everything recorded, every caller answered, nothing new: only then a run may end."""
        while not self._is_settled():
            await self._wait(lambda: self._stirred or self._is_settled(), recorder)
            if self._stirred:
                self._look()
