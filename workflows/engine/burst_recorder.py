"""The recorder of a case within its workflow: what happened goes to the order database in bursts, and is repaired there.

One activity takes a burst: first as a local one with a short limit, and where that fails as a remote one that is tried
without limit. An hour without a database delays records and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes
from temporalio.exceptions import ApplicationError, FailureError

from models.dossier.dossier import Dossier
from models.dossier.exceptions import stores_diverged
from models.dossier.records.changed_rows import RowTracker
from models.dossier.records.recording import Attempt, Burst, Claim, Saved
from models.dossier.records.shared_books import SharedAnswer, SharedQuestion
from models.values.editions import Edition
from workflows.engine import limits
from workflows.engine.burst_size import entries_that_fit, rows_that_fit
from workflows.engine.carried_case import CarriedCase
from workflows.engine.patches import BURSTS_BY_BYTES, is_new_way
from workflows.engine.step_list import shortened

STORES_DIVERGED = "stores_diverged"
D = TypeVar("D", bound=Dossier)
Attributes = Callable[[D, TypedSearchAttributes], list[SearchAttributeUpdate[Any]]]


def _asked_in_turn(question: SharedQuestion) -> int:
    return question.sequence


class BurstRecorder(Generic[D]):
    """Sends what is unsaved of one case, burst after burst."""

    def __init__(
        self,
        carried: CarriedCase[D],
        rows: RowTracker,
        attributes: Attributes[D],
        ends_run: Callable[[], bool],
        unknown: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
        found_another: Callable[[list[dict[str, Any]]], None],
        answered: Callable[[SharedAnswer], None],
        is_awaited: Callable[[], bool],
        activity: str = limits.RECORD_ACTIVITY,
    ) -> None:
        self._carried = carried
        self._activity = activity
        self._dossier = carried.dossier
        self._rows = rows
        self._attributes = attributes
        self._ends_run = ends_run
        """Whether the task that is at work is the last of its run."""
        self._unknown = unknown
        """What of this, which was said to the case, it does not know."""
        self._found_another = found_another
        """The database had another history: the case is to be looked at, and told what it does not know."""
        self._is_awaited = is_awaited
        """Whether something is to be done outside as soon as all is recorded."""
        self._answered = answered
        """A book that cases share has answered the case."""
        self.is_sending = False
        self._rows_left = False
        """Rows did not fit into the last burst."""
        self._anew = False
        """Every row is to be sent once more."""
        self._claims: dict[str, Claim] = {}
        self._answers: dict[str, bool] = {}
        self._put_to_books: set[str] = set()
        """Questions that were sent: one without an answer goes with the next burst, and makes none."""
        self.is_away = False
        """The order database does not answer: nobody waits for what is asked of it."""
        self.must_have_a_place = False
        """Something waits for what is recorded, and goes on then: the answer is to stand in the history by itself."""
        self._task = 0
        """The workflow task in which it stood so far when it began; none after a repair, which must not be told away."""
        self._stood_at: int | None = 0
        self._done_anew = False
        """The next burst begins an epoch in place of what a lost attempt left."""

    def ask(self, claim: Claim) -> None:
        """Ask whether the case may have this; the answer comes with the next burst."""
        if claim.key not in self._claims:
            self._answers.pop(claim.key, None)
            self._claims[claim.key] = claim

    def answer(self, claim: Claim) -> bool | None:
        """Whether another case has it; None while that is not known."""
        return self._answers.get(claim.key)

    def record_anew(self) -> None:
        """Send every row once more with the next burst, whether it changed or not."""
        self._anew = True

    def has_unsaved(self) -> bool:
        """Whether anything waits to be sent."""
        dossier = self._dossier
        waits = dossier.unsaved or dossier.unsent or self._rows_left or self._claims or self._anew
        return bool(waits or dossier.questions.keys() - self._put_to_books)

    def is_idle(self) -> bool:
        """Whether everything is recorded."""
        return not self.has_unsaved() and not self.is_sending

    async def keep(self) -> None:
        """Send whatever is unsaved, for as long as the run lasts.

        Raises ApplicationError (`stores_diverged`) where the database takes no repair: a case that records no more
        must not look healthy.
        """
        repairs = 0
        while True:
            await workflow.wait_condition(self.has_unsaved)
            self.is_sending = True
            repairs = 0 if await self._record_burst() else repairs + 1
            if repairs > limits.MOST_REPAIRS_IN_A_ROW:
                raise ApplicationError(
                    f"order {self._dossier.number}: the order database holds another history and takes no repair",
                    type=STORES_DIVERGED,
                    non_retryable=True,
                )
            self.is_sending = False

    async def _record_burst(self) -> bool:
        """Send what is unsaved; False where the order database holds another history under these numbers."""
        carried, dossier = self._carried, self._dossier
        entries = dossier.unsaved[: self._entries_in_a_burst()]
        is_last = len(entries) == len(dossier.unsaved)
        if self._anew and is_last:
            self._anew = False
            # Known they stay, so that a step that is done since is still closed there.
            carried.known_rows = dict.fromkeys(carried.known_rows, "")
            self._rows.forget()
        intentions = [
            intention
            for intention in dossier.unsent
            if not entries or intention.sequence <= entries[-1].sequence
        ]
        # Rows show the case as it is now, so they go with the last of its entries.
        changed = self._rows.changed(carried.known_rows, dossier.clock) if is_last else []
        fitting = rows_that_fit(changed, entries, intentions, limits.MOST_BYTES_IN_A_BURST)
        self._upsert_search_attributes()
        claims = list(self._claims.values())
        # What is asked of a shared book may rest on rows, and they go with the last entries.
        questions = sorted(dossier.questions.values(), key=_asked_in_turn) if is_last else []
        unheard = [each for each in dossier.unheard if entries and each.sequence <= entries[-1].sequence]
        saved = await self._deliver(
            Burst(
                order=dossier.number,
                epoch=carried.epoch,
                after_sequence=carried.saved_sequence,
                after_hash=carried.saved_hash,
                entries=entries,
                rows=[each.row for each in fitting],
                intentions=intentions,
                claims=claims,
                questions=questions,
                unheard=unheard,
                attempt=self._attempt(),
                done_anew=self._done_anew,
            )
        )
        self._done_anew = False
        if saved.diverged:
            self._repair(saved)
            return False
        for claim in claims:
            self._answers[claim.key] = claim.key in saved.elsewhere
            del self._claims[claim.key]
        del dossier.unsaved[: len(entries)]
        del dossier.unsent[: len(intentions)]
        del dossier.unheard[: len(unheard)]
        carried.saved_sequence, carried.saved_hash = saved.sequence, saved.hash
        self._rows.sent(fitting, carried.known_rows)
        self._rows_left = len(fitting) < len(changed)
        self._put_to_books.update(question.key for question in questions)
        for answer in saved.answers:
            self._answered(answer)
        return True

    def _entries_in_a_burst(self) -> int:
        """How many of the unsaved entries go into the next burst."""
        unsaved = self._dossier.unsaved
        by_count = min(len(unsaved), limits.MOST_ENTRIES_IN_A_BURST)
        by_bytes = entries_that_fit(unsaved, self._dossier.unsent, limits.MOST_BYTES_IN_A_BURST)
        if by_bytes == by_count or not is_new_way(self._dossier, BURSTS_BY_BYTES):
            return by_count
        return by_bytes

    async def _deliver(self, burst: Burst) -> Saved:
        summary = shortened(
            f"{burst.order} #{burst.after_sequence + 1}–{burst.after_sequence + len(burst.entries)}"
        )
        quickly = await self._deliver_quickly(burst, summary)
        if quickly is not None and not (quickly.diverged and self._knows_its_way):
            return quickly
        # Something is said because of another history, so that is asked for once more where the answer has a place.
        recorded: Saved = await workflow.execute_activity(
            self._activity,
            burst if quickly is not None else burst.model_copy(update={"attempt": None}),
            result_type=Saved,
            start_to_close_timeout=limits.REMOTE_RECORD_LIMIT,
            retry_policy=limits.REMOTE_RECORD_RETRY,
            summary=summary,
        )
        self.is_away = False
        return recorded

    async def _deliver_quickly(self, burst: Burst, summary: str) -> Saved | None:
        """Within a short time; None where that cannot be, or must not be tried."""
        quickly: Saved
        try:
            if burst.claims or burst.questions or self._needs_a_place():
                # What was claimed must be in the history with the fact that claims it: should this task fail, a local
                # activity would leave a claim of what then never was said. So with what is asked of a shared book.
                quickly = await workflow.execute_activity(
                    self._activity,
                    burst.model_copy(update={"attempt": None}),
                    result_type=Saved,
                    schedule_to_close_timeout=limits.CLAIM_LIMIT,
                    retry_policy=limits.LOCAL_RECORD_RETRY,
                    summary=summary,
                )
            # A task that ends a run fails when a signal comes meanwhile, and is done anew at a later time: a local
            # activity in it would have recorded what then never was. So the last burst of a run goes by the remote one.
            elif self._dossier.lives and not self._ends_run():
                quickly = await workflow.execute_local_activity(
                    self._activity,
                    burst,
                    result_type=Saved,
                    schedule_to_close_timeout=limits.LOCAL_RECORD_LIMIT,
                    retry_policy=limits.LOCAL_RECORD_RETRY,
                    summary=summary,
                )
            else:
                return None
        except FailureError:  # a local activity's error comes bare, not inside an ActivityError
            workflow.logger.info("order %s: the order database is away", burst.order)
            self.is_away = True
            return None
        self.is_away = False
        return quickly

    def _needs_a_place(self) -> bool:
        """Whether something goes on when this is recorded: an answer without a place may part it from what it follows."""
        if self.must_have_a_place and self._knows_its_way:
            return True
        return self._dossier.follows(Edition.ERRANDS_HAVE_A_PLACE) and self._is_awaited()

    @property
    def _knows_its_way(self) -> bool:
        """Whether nothing is done because of a local activity's answer: that has no place of its own in the history.

        Where a query is answered meanwhile, what follows the answer is lived in the next workflow task, and is lived again
        in the one before: at another time, and without the markers and timers of its own task.
        """
        return self._dossier.follows(Edition.NO_MARKERS)

    def _attempt(self) -> Attempt | None:
        """Until when all is certain, as this workflow task found it: what it says beyond that may be lost with it."""
        task = workflow.info().get_current_history_length()
        if task != self._task:
            self._task, self._stood_at = task, self._carried.saved_sequence
        if self._stood_at is None:
            return None
        return Attempt(run=workflow.info().run_id, stood_at=self._stood_at)

    def _repair(self, saved: Saved) -> None:
        """The database has another history: send every row anew in a new epoch, and go on.

        Where that is only what a lost attempt at a workflow task left, nothing diverged: whatever was said in it is known.
        Otherwise (a reset, a restored backup) it is told, and what the case does not know of it is said to it again.
        """
        carried = self._carried
        # A new epoch drops the rows of the old one, so every row is sent anew.
        carried.epoch = max(carried.epoch, saved.epoch) + 1
        carried.known_rows = {}
        self._rows.forget()
        self._rows_left = True
        unknown = self._unknown(saved.told)
        self._done_anew = saved.unfinished and not unknown
        if self._done_anew:
            workflow.logger.info("order %s: done anew, epoch %s", self._dossier.number, carried.epoch)
            return
        self._stood_at = None
        stores_diverged(self._dossier, carried.epoch, saved.sequence, saved.hash)
        workflow.logger.warning("order %s: stores diverged, epoch %s", self._dossier.number, carried.epoch)
        self._found_another(unknown)

    def _upsert_search_attributes(self) -> None:
        updates = self._attributes(self._dossier, workflow.info().typed_search_attributes)
        if updates:
            workflow.upsert_search_attributes(updates)
