"""Canaries: for each thing that the corpus holds, the mechanism behind it is broken once and the corpus must see it.

What a canary breaks is named by an attribute of an imported module, table or class, so that it moves with the code.
Modules of ours are passed through the sandbox; only what is broken on a workflow class itself is replayed without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import temporalio.workflow
from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    HandleSignalInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)
from temporalio.workflow import NondeterminismError

from activities import reminding
from models import calendar, changing, confirming, taking
from models.envelope import Envelope, canonical
from models.order import Order
from models.promise import Promise
from models.recording import Burst, Saved
from models.steps import Need, StepKind
from models.vocabulary import PhaseName, PromiseCause, Role
from tests.replay.corpus import load, manifest
from tests.replay.living import differences, live_again
from workflows import confirmation, procedure, reading, retry, search_attributes
from workflows.carried import Carried
from workflows.order import OrderWorkflow
from workflows.signals import ArgumentCount

RECORDED = manifest()
COMMANDS, FAILED = "other commands", "a task that fails"


async def found(
    name: str, *, sandboxed: bool = True, interceptors: tuple[Interceptor, ...] = (ArgumentCount(),)
) -> list[str]:
    """Where this life is another now; other commands are found by the replayer itself."""
    recorded, recording = RECORDED[name], load(name)
    try:
        lived = await live_again(recorded, recording, sandboxed=sandboxed, interceptors=interceptors)
    except NondeterminismError:
        return [COMMANDS]
    except RuntimeError as failed:
        return [f"{FAILED}: {failed}"]
    return list(differences(recorded, recording, lived))


@dataclass(frozen=True, slots=True)
class Canary:
    """What is broken, in which recording it is found, and as what: how the first difference begins."""

    breaks: Callable[[pytest.MonkeyPatch], None]
    recording: str
    finds: str
    sandboxed: bool = True


def patch(target: object, name: str, value: object) -> Callable[[pytest.MonkeyPatch], None]:
    """An attribute becomes another."""
    return lambda monkeypatch: monkeypatch.setattr(target, name, value)


def no_effect(kind: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A kind of fact is journalled and does nothing."""
    return lambda monkeypatch: monkeypatch.setitem(
        taking.HANDLERS, kind, lambda order, envelope, content: None
    )


# --- messages --------------------------------------------------------------------------------------------------------


def _handlers() -> dict[str | None, Any]:
    # The SDK has no public way to a class's handlers.
    return OrderWorkflow.__temporal_workflow_definition.signals  # type: ignore[attr-defined,no-any-return]


def _renamed(*kinds: str) -> Callable[[pytest.MonkeyPatch], None]:
    def breaks(monkeypatch: pytest.MonkeyPatch) -> None:
        for kind in kinds or [name for name in _handlers() if name]:
            monkeypatch.setitem(_handlers(), f"{kind}_v2", _handlers()[kind])
            monkeypatch.delitem(_handlers(), kind)

    return breaks


def _unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(_handlers(), None)


def _without_its_name(value: object, signal: str) -> object:
    return value


def _no_nul(value: object) -> str:
    return canonical(value).replace("\\u0000", "")


def _all_answered_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = procedure.receive
    monkeypatch.setattr(procedure, "receive", lambda *said: receive(*said).model_copy(update={"sequence": 0}))


def _early_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came early stays where it is kept."""
    monkeypatch.setattr(procedure, "retry_early", lambda order: False)


# --- the engine ------------------------------------------------------------------------------------------------------


async def _recorded_nowhere(activity: object, burst: Burst, **options: object) -> Saved:
    last = burst.entries[-1] if burst.entries else None
    return Saved(
        sequence=last.sequence if last else burst.after_sequence, hash=last.hash if last else burst.after_hash
    )


async def _never_quickly(activity: object, burst: Burst, **options: object) -> Saved:
    raise ApplicationError("straight to the remote activity")


def _same_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Carried.__setattr__

    def keeps_its_epoch(carried: Carried, name: str, value: object) -> None:
        if name != "epoch":
            write(carried, name, value)

    monkeypatch.setattr(Carried, "__setattr__", keeps_its_epoch)


async def _does_not_wait(order: object, recorder: object) -> None:
    return None


def _forgets_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    continue_as_new = workflow.continue_as_new

    def with_nothing_seen(carried: Carried) -> None:
        continue_as_new(carried.model_copy(update={"order": carried.order.model_copy(update={"seen": {}})}))

    monkeypatch.setattr(temporalio.workflow, "continue_as_new", with_nothing_seen)


# --- rules -----------------------------------------------------------------------------------------------------------


def _hold_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    move = Promise.move

    def but_for_holds(promise: Promise, cause: PromiseCause, *rest: Any, **named: Any) -> object:
        return None if cause is PromiseCause.HOLD else move(promise, cause, *rest, **named)

    monkeypatch.setattr(Promise, "move", but_for_holds)


def _customer_clock_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    release = taking.HANDLERS["hold_released"]

    def running(order: Order, envelope: Envelope, content: Any) -> None:
        stops, order.holds[-1].customer_clocks_stop = order.holds[-1].customer_clocks_stop, False
        release(order, envelope, content)
        order.holds[-1].customer_clocks_stop = stops

    monkeypatch.setitem(taking.HANDLERS, "hold_released", running)


def _one_more_need(phase: PhaseName) -> Callable[[pytest.MonkeyPatch], None]:
    """A step that orders had not when they were recorded, as a careless change adds it."""
    before = procedure.PHASES[phase]

    def needs(order: Order) -> Iterator[Need]:
        yield from before(order)
        yield Need("one_more", StepKind.READ_BACK, (Role.SERVICE_CLERK,), "R11", hours=before_hours(order))

    return lambda monkeypatch: monkeypatch.setitem(procedure.PHASES, phase, needs)


def before_hours(order: Order) -> Any:
    """Any limit will do."""
    return order.policy.limits.details_hours


def _another_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands stay the same; another cause in the state is another life all the same."""
    slip = confirming.slip

    def otherwise(order: Order) -> None:
        slip(order)
        for change in order.promise.history:
            change.reason = "another rule"

    monkeypatch.setattr(procedure, "slip", otherwise)


def _an_hour_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replay does not compare how long a timer runs; the journal has each due time."""
    goes_out = confirmation._sheet_goes_out

    def slower(order: Any, sheet: Any) -> Iterator[Need]:
        for need in goes_out(order, sheet):
            values = {name: getattr(need, name) for name in need.__slots__}
            yield type(need)(**{**values, "hours": need.hours + 1})

    monkeypatch.setattr(confirmation, "_sheet_goes_out", slower)


# --- jobs ------------------------------------------------------------------------------------------------------------


class _Silent(reminding.ReminderProgress):
    """A page whose letters are not counted."""

    def model_post_init(self, context: object) -> None:
        self.letters = 0


def _page_one(**asked: Any) -> reminding.ReminderPage:
    return _PAGE(**{**asked, "after_customer": ""})


def _the_day_before(moment: Any, *rest: Any) -> Any:
    return _BUSINESS_DATE(moment, *rest) - calendar.ONE_DAY


_BUSINESS_DATE, _PAGE = calendar.business_date, reminding.ReminderPage

CANARIES: dict[str, Canary] = {
    "all signal handlers are renamed": Canary(
        _renamed(), "signalled-every-kind", "signals with a handler of their own", sandboxed=False
    ),
    "one signal handler is renamed": Canary(
        _renamed("payment_received"),
        "signalled-in-bursts",
        "signals with a handler of their own",
        sandboxed=False,
    ),
    "unknown names are not heard": Canary(_unheard, "unknown-signals", COMMANDS, sandboxed=False),
    "a signal's name no longer counts as its kind": Canary(
        patch(reading, "named", _without_its_name), "malformed-signals", "journal entry"
    ),
    "a message may be larger": Canary(
        patch(reading, "LARGEST_MESSAGE", 10**9), "malformed-signals", "journal entry 24"
    ),
    "NUL is let in": Canary(patch(reading, "canonical", _no_nul), "malformed-signals", "journal entry 22"),
    "what is malformed is not kept": Canary(
        patch(taking, "LONGEST_KEPT", 10), "malformed-signals", "journal entry"
    ),
    "an update is answered otherwise": Canary(
        _all_answered_zero, "told-twice-and-in-conflict", "answer to update"
    ),
    "the same fact is another": Canary(
        patch(Envelope, "digest", lambda envelope: "0" * 64), "told-twice-and-in-conflict", COMMANDS
    ),
    "what came early is not used": Canary(_early_is_forgotten, "told-twice-and-in-conflict", COMMANDS),
    "early facts of a wild order are not used": Canary(_early_is_forgotten, "signalled-wild-order", COMMANDS),
    "adopting does nothing": Canary(no_effect("adopted"), "adopted", "state"),
    "a cancel from the UI is not heard": Canary(
        patch(temporalio.workflow, "cancellation_reason", lambda: None), "ui-cancel-in-production", COMMANDS
    ),
    "a cancel before the first task is not heard": Canary(
        patch(temporalio.workflow, "cancellation_reason", lambda: None),
        "ui-cancel-before-the-first-task",
        COMMANDS,
    ),
    "the reason of a cancel is lost": Canary(
        patch(temporalio.workflow, "cancellation_reason", lambda: ""),
        "ui-cancel-with-deposit",
        "journal entry",
    ),
    "a cancel is taken after goods left": Canary(
        no_effect("cancellation_requested"), "ui-cancel-after-goods-left", "journal entry"
    ),
    "the remote record is dropped": Canary(
        patch(temporalio.workflow, "execute_activity", _recorded_nowhere),
        "outage-then-the-remote-activity",
        COMMANDS,
    ),
    "the local record is dropped": Canary(
        patch(temporalio.workflow, "execute_local_activity", _never_quickly),
        "outage-passed-by-the-local-activity",
        COMMANDS,
    ),
    "bursts are cut otherwise": Canary(
        patch(retry, "MOST_ENTRIES_IN_A_BURST", 100), "outage-of-many-entries", "bursts"
    ),
    "a repair begins no new epoch": Canary(_same_epoch, "restored-backup", "journal entry"),
    "a repair tells nobody": Canary(
        patch(changing, "stores_diverged", lambda *said: None), "restored-backup-twice", "journal entry"
    ),
    "an order that was reset is not repaired": Canary(
        patch(retry, "MOST_REPAIRS_IN_A_ROW", 0), "reset-and-signals-applied-again", COMMANDS
    ),
    "a reset begins no new epoch": Canary(_same_epoch, "reset-and-forgotten", "journal entry"),
    "a run ends without settling": Canary(
        patch(OrderWorkflow, "_settle", _does_not_wait),
        "continued-with-messages-in-flight",
        COMMANDS,
        sandboxed=False,
    ),
    "a cancel that comes while a run ends is not heard": Canary(
        patch(temporalio.workflow, "cancellation_reason", lambda: None),
        "continued-with-a-cancel-in-flight",
        COMMANDS,
    ),
    "the next run does not know what was seen": Canary(
        _forgets_on_the_way, "held-through-runs", "state carried out of run 1"
    ),
    "holidays are not asked for": Canary(
        patch(retry, "CALENDAR_ACTIVITY", "another"), "continued-without-holidays", COMMANDS
    ),
    "newer holidays are not taken": Canary(
        no_effect("calendar_refreshed"), "continued-with-newer-holidays", "state carried out of run 1"
    ),
    "a hold does not move the promise": Canary(_hold_moves_nothing, "held-through-runs", "journal entry"),
    "a hold does not stop the customer's clock": Canary(
        _customer_clock_runs_on, "held-at-the-customer", COMMANDS
    ),
    "a step is added where an order is open": Canary(
        _one_more_need(PhaseName.CONFIRMATION), "open-in-confirmation-sheet", "journal entry"
    ),
    "a step is not closed where an order is open": Canary(
        no_effect("production_signed"), "open-in-production", COMMANDS
    ),
    "search attributes are not written": Canary(
        patch(search_attributes, "changed_attributes", lambda order, current: []),
        "slip-over-weekend",
        COMMANDS,
    ),
    "a rule is another and the commands are not": Canary(_another_reason, "slip-over-weekend", "state"),
    "a limit is longer": Canary(_an_hour_more, "slip-over-weekend", "journal entry"),
    "the activity of reminders has another name": Canary(
        patch(retry, "REMIND_ACTIVITY", "remind"), "job-reminders-in-pages", COMMANDS
    ),
    "each page of reminders is the first": Canary(
        patch(reminding, "ReminderPage", _page_one), "job-reminders-in-pages", "asked of an activity"
    ),
    "letters are not counted": Canary(
        patch(reminding, "ReminderProgress", _Silent), "job-reminders-in-pages", "result"
    ),
    "reminders are for another day than their schedule meant": Canary(
        patch(calendar, "business_date", _the_day_before), "job-reminders-scheduled", "asked of an activity"
    ),
    "the activity of reports has another name": Canary(
        patch(retry, "REPORT_ACTIVITY", "report"), "job-report-watch-list", COMMANDS
    ),
    "a report is for another day than its schedule meant": Canary(
        patch(calendar, "business_date", _the_day_before), "job-report-scheduled", "asked of an activity"
    ),
}


@pytest.mark.parametrize("fault", CANARIES)
async def test_the_corpus_sees(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = CANARIES[fault]
    canary.breaks(monkeypatch)
    seen = await found(canary.recording, sandboxed=canary.sandboxed)
    assert seen, f"{fault}: {canary.recording} saw nothing"
    assert seen[0].startswith(canary.finds)


class _Deaf(Interceptor):
    """Signals that come before the order's first breath are lost, as with handlers that `__init__` gives out."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        class Inbound(WorkflowInboundInterceptor):
            async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002
                if workflow.info().get_current_history_length() > _AFTER_THE_FIRST_TASK:
                    await super().handle_signal(input)

        return Inbound


_AFTER_THE_FIRST_TASK = 30


@pytest.mark.parametrize("name", ["signal-with-the-start", "signals-before-the-first-task"])
async def test_a_signal_before_the_first_task_is_missed(name: str) -> None:
    assert await found(name, interceptors=(ArgumentCount(), _Deaf())) != []


async def test_a_signal_with_two_arguments_stops_an_order_whose_worker_does_not_count_them() -> None:
    seen = await found("malformed-signals", interceptors=())
    assert seen[0].startswith(FAILED)


@pytest.mark.parametrize("sandboxed", [True, False])
async def test_nothing_is_seen_where_nothing_is_broken(sandboxed: bool) -> None:
    assert await found("continued-with-messages-in-flight", sandboxed=sandboxed) == []
