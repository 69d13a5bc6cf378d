"""The durable part of any case: what is said comes in, time passes by one timer, and what happened goes out.

Facts come by signal or update, what happened is recorded in bursts by one activity, a cancel is a wish like any other,
and a long history goes on in a new run. What the case is about stands in its `DurableKind`; nothing here knows an
order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from models.dossier.dossier import Dossier
    from models.dossier.errands import Errand, ErrandDone
    from models.dossier.receive import Checked
    from models.dossier.records.shared_books import SharedAnswer
    from models.messages.envelope import engine_envelope
    from models.messages.reply import Reply
    from models.values.calendar import Calendar
    from models.values.editions import is_known
    from models.values.errors import Code, Refusal
    from models.values.fingerprint import lasting
    from models.writing.written_numbers import Manner
    from workflows import case
    from workflows.engine import limits
    from workflows.engine.burst_recorder import BurstRecorder
    from workflows.engine.carried_case import CarriedCase
    from workflows.engine.durable_kind import DurableKind
    from workflows.engine.fact_signals import read_message
    from workflows.engine.intake import Intake
    from workflows.engine.message_bytes import ClosedMessage, named
    from workflows.engine.step_list import shortened, steps_of

CANCELLATION = "cancellation_requested"
RECORD_ANEW = "record_anew"
RECORDED = "recorded"
WOULD_ANSWER = "would_answer"
CALENDAR = "calendar_refreshed"
_CANCELLED_THERE = "在 Temporal 界面取消 · cancelled in the Temporal UI"
_LONGEST_REASON = 1000

D = TypeVar("D", bound=Dossier)


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
            is_awaited=self._awaits_records,
            activity=kind.record,
            answered=self._book_answered,
        )
        self._intake = Intake(kind, self._case, self._recorder, self._stir)
        self._errands: dict[str, asyncio.Task[None]] = {}
        """What is being done for it outside, or was, in this run."""
        self._not_sent_yet = 0
        """How much of it waits until what it rests on is recorded."""
        self._timer: asyncio.Task[None] | None = None
        self._timer_due: datetime | None = None
        self._cancel_heard = False
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

    def _unknown(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._intake.unknown(told)

    def _found_another_history(self, unknown: list[dict[str, Any]]) -> None:
        self._intake.found_another_history(unknown)

    def _book_answered(self, answer: SharedAnswer) -> None:
        self._intake.take_answer(answer)

    def _stir(self, *, changed: bool) -> None:
        self._stirred = True
        self._changed = self._changed or changed

    # --- what comes in -------------------------------------------------------------------------------------------

    def hear(self, raw: object, under: str) -> None:
        """Something said by a signal of this name: taken now, or in its turn. Never raises for what is said."""
        self._intake.hear(raw, under)

    @workflow.signal(name=RECORD_ANEW, description="全部重新登记 · every row is recorded once more")
    def record_anew(self, message: RawValue = None) -> None:  # type: ignore[assignment]
        """The order database lost rows of this case: it sends them all; nothing happened to the case itself."""
        self._recorder.record_anew()

    @workflow.signal(dynamic=True, description="任何其他名称，记为未采纳 · any other name, kept as refused")
    def receive_unknown(self, name: str, messages: Sequence[RawValue]) -> None:
        """A signal whose name nobody knows is kept as refused."""
        self.hear(named(read_message(messages[0] if len(messages) == 1 else None), name), name)

    @workflow.update(description="事实或决定，有答复 · a fact or a decision, answered")
    async def tell(self, message: RawValue = None) -> Reply:  # type: ignore[assignment]
        """The same envelope as a signal's, answered with accepted, kept early, known or refused."""
        return await self._intake.answer(self._checked_before(message) or read_message(message))

    @tell.validator
    def _check_told(self, message: RawValue = None) -> None:  # type: ignore[assignment]
        try:
            self._checked = (message, case.check(self._kind.case, read_message(message), Manner.SENT))
        except Refusal as refusal:
            raise ApplicationError(
                str(refusal), refusal.as_json(), type=refusal.code.value, non_retryable=True
            ) from None
        except (
            ClosedMessage
        ) as closed:  # a validator's own fault would only tell the caller that it is refused
            raise ApplicationError(
                str(closed), {"code": Code.NOT_SET_UP.value}, type=Code.NOT_SET_UP.value, non_retryable=True
            ) from None

    def _checked_before(self, message: RawValue | None) -> Checked | None:
        """What the validator read of this very message a moment ago; on replay no validator runs, and it is read anew."""
        checked, self._checked = self._checked, None
        return checked[1] if checked is not None and checked[0] is message else None

    @workflow.query(name="steps", description="未完步骤 · the open steps")
    def show_steps(self) -> list[dict[str, Any]]:
        """What the case waits for, that which holds it up first."""
        return steps_of(self._case)

    @workflow.query(
        name=WOULD_ANSWER, description="试问：会怎样答复，不改变什么 · how it would answer; changes nothing"
    )
    def show_answer(self, message: RawValue = None, at: str = "") -> Reply:  # type: ignore[assignment]
        """How the case would answer to an envelope at this moment (ISO 8601), for who asks before they say it."""
        now = datetime.fromisoformat(at) if at else workflow.now()
        try:
            checked = case.check(self._kind.case, read_message(message), Manner.SENT)
        except Refusal as refusal:
            return Reply.refused(refusal, "", 0)
        trial = self._case.model_copy(deep=True)
        return case.receive(self._kind.case, trial, checked, max(now, trial.clock))

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

    def _tell_itself(self, kind: str, content: dict[str, Any]) -> None:
        """A fact that the engine itself gives, at most one of a kind in a run."""
        self._intake.take(engine_envelope(kind, content, workflow.info().run_id, workflow.now()))

    # --- what is done outside ------------------------------------------------------------------------------------

    def _send_out(self) -> None:
        """Have done what the case wants done now, once."""
        errand = self._kind.errand(self._case)
        if errand is not None and errand.key not in self._errands:
            self._not_sent_yet += 1
            self._errands[errand.key] = asyncio.create_task(self._run(errand))

    def _awaits_records(self) -> bool:
        """Whether something is done outside when all is recorded."""
        errand = None if self._not_sent_yet else self._kind.errand(self._case)
        return self._not_sent_yet > 0 or (errand is not None and errand.key not in self._errands)

    async def _run(self, errand: Errand) -> None:
        # What it rests on is in the order database before anybody acts on it.
        await workflow.wait_condition(self._recorder.is_idle)
        self._not_sent_yet -= 1
        done: ErrandDone = await workflow.execute_activity(
            errand.activity,
            errand.argument,
            result_type=ErrandDone,
            start_to_close_timeout=limits.ERRAND_LIMIT,
            retry_policy=limits.ERRAND_RETRY,
            summary=shortened(f"{self._case.number} {errand.key}"),
        )
        run = f"{workflow.info().run_id}-{errand.key}"
        self._intake.take(engine_envelope(done.kind, done.content, run, workflow.now()))

    def _is_out(self) -> bool:
        return any(not task.done() for task in self._errands.values())

    def _failed(self) -> asyncio.Task[None] | None:
        """Whatever works beside the case and met an error: it fails this task like any other."""
        over = (task for task in self._errands.values() if task.done() and not task.cancelled())
        return self._intake.failed() or next((each for each in over if each.exception()), None)

    # --- time ----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._stirred = False
        look = case.look_again if self._changed else case.advance
        self._changed = False
        deadline = look(self._kind.case, self._case, workflow.now())
        self._set_timer(deadline)
        self._send_out()

    def operator_page(self) -> str:
        """What the case waits for, as the Temporal UI shows it (`workflows.engine.interceptor`)."""
        return self._kind.details(self._case, case.next_deadline(self._kind.case, self._case))

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
            and self._intake.is_empty()
            and not self._is_out()
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
