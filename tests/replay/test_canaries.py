"""Canaries: for each thing that the corpus holds, the mechanism behind it is broken once and the corpus must see it.

The faults stand in `tests.replay.faults`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import temporalio.workflow
from temporalio.worker import (
    Interceptor,
)
from temporalio.workflow import NondeterminismError

from models.dossier import receive
from models.messages.envelope import Envelope
from models.values.vocabulary import PhaseName
from tests.replay import faults
from tests.replay.corpus import load, manifest
from tests.replay.living import differences, live_again
from workflows.engine import burst_recorder, fact_signals, limits, message_bytes
from workflows.engine.interceptor import CaseInterceptor
from workflows.jobs import balance_reminders, daily_report
from workflows.order import OrderWorkflow

RECORDED = manifest()
COMMANDS, FAILED = "other commands", "a task that fails"


async def found(
    name: str, *, sandboxed: bool = True, interceptors: tuple[Interceptor, ...] = (CaseInterceptor(),)
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


CANARIES: dict[str, Canary] = {
    "all signal handlers are renamed": Canary(
        faults.renamed(), "signalled-every-kind", "signals with a handler of their own", sandboxed=False
    ),
    "one signal handler is renamed": Canary(
        faults.renamed("payment_received"),
        "signalled-in-bursts",
        "signals with a handler of their own",
        sandboxed=False,
    ),
    "unknown names are not heard": Canary(faults.unheard, "unknown-signals", COMMANDS, sandboxed=False),
    "a signal's name no longer counts as its kind": Canary(
        faults.patch(fact_signals, "named", faults.without_its_name), "malformed-signals", "journal entry"
    ),
    "a message may be larger": Canary(
        faults.patch(message_bytes, "LARGEST_MESSAGE", 10**9), "malformed-signals", "journal entry 24"
    ),
    "NUL is let in": Canary(
        faults.patch(message_bytes, "canonical", faults.no_nul), "malformed-signals", "journal entry 22"
    ),
    "what is malformed is not kept": Canary(
        faults.patch(receive, "LONGEST_KEPT", 10), "malformed-signals", "journal entry"
    ),
    "an update is answered otherwise": Canary(
        faults.all_answered_zero, "told-twice-and-in-conflict", "answer to update"
    ),
    "the same fact is another": Canary(
        faults.patch(Envelope, "digest", lambda envelope: "0" * 64), "told-twice-and-in-conflict", COMMANDS
    ),
    "what came early is not used": Canary(faults.early_is_forgotten, "told-twice-and-in-conflict", COMMANDS),
    "early facts of a wild order are not used": Canary(
        faults.early_is_forgotten, "signalled-wild-order", COMMANDS
    ),
    "adopting does nothing": Canary(faults.no_effect("adopted"), "adopted", "state"),
    "a cancel from the UI is not heard": Canary(
        faults.patch(temporalio.workflow, "cancellation_reason", lambda: None),
        "ui-cancel-in-production",
        COMMANDS,
    ),
    "a cancel before the first task is not heard": Canary(
        faults.patch(temporalio.workflow, "cancellation_reason", lambda: None),
        "ui-cancel-before-the-first-task",
        COMMANDS,
    ),
    "the reason of a cancel is lost": Canary(
        faults.patch(temporalio.workflow, "cancellation_reason", lambda: ""),
        "ui-cancel-with-deposit",
        "journal entry",
    ),
    "a cancel is taken after goods left": Canary(
        faults.no_effect("cancellation_requested"), "ui-cancel-after-goods-left", "journal entry"
    ),
    "the remote record is dropped": Canary(
        faults.patch(temporalio.workflow, "execute_activity", faults.recorded_nowhere),
        "outage-then-the-remote-activity",
        COMMANDS,
    ),
    "the local record is dropped": Canary(
        faults.patch(temporalio.workflow, "execute_local_activity", faults.never_quickly),
        "outage-passed-by-the-local-activity",
        COMMANDS,
    ),
    "bursts are cut otherwise": Canary(
        faults.patch(limits, "MOST_ENTRIES_IN_A_BURST", 100), "outage-of-many-entries", "bursts"
    ),
    "a repair begins no new epoch": Canary(faults.same_epoch, "restored-backup", "journal entry"),
    "a repair tells nobody": Canary(
        faults.patch(burst_recorder, "stores_diverged", lambda *said: None),
        "restored-backup-twice",
        "journal entry",
    ),
    "an order that was reset is not repaired": Canary(
        faults.patch(limits, "MOST_REPAIRS_IN_A_ROW", 0), "reset-and-signals-applied-again", COMMANDS
    ),
    "a reset begins no new epoch": Canary(faults.same_epoch, "reset-and-forgotten", "journal entry"),
    "a run ends without settling": Canary(
        faults.patch(OrderWorkflow, "_settle", faults.does_not_wait),
        "continued-with-messages-in-flight",
        COMMANDS,
        sandboxed=False,
    ),
    "a cancel that comes while a run ends is not heard": Canary(
        faults.patch(temporalio.workflow, "cancellation_reason", lambda: None),
        "continued-with-a-cancel-in-flight",
        COMMANDS,
    ),
    "the next run does not know what was seen": Canary(
        faults.forgets_on_the_way, "held-through-runs", "state carried out of run 1"
    ),
    "holidays are not asked for": Canary(
        faults.patch(limits, "CALENDAR_ACTIVITY", "another"), "continued-without-holidays", COMMANDS
    ),
    "newer holidays are not taken": Canary(
        faults.no_effect("calendar_refreshed"), "continued-with-newer-holidays", "state carried out of run 1"
    ),
    "a hold does not move the promise": Canary(faults.hold_moves_nothing, "held-through-runs", COMMANDS),
    "a hold does not stop the customer's clock": Canary(
        faults.customer_clock_runs_on, "held-at-the-customer", COMMANDS
    ),
    "a step is added where an order is open": Canary(
        faults.one_more_need(PhaseName.CONFIRMATION), "open-in-confirmation-sheet", "journal entry"
    ),
    "a step is not closed where an order is open": Canary(
        faults.no_effect("production_signed"), "open-in-production", COMMANDS
    ),
    "search attributes are not written": Canary(faults.no_search_attributes, "slip-over-weekend", COMMANDS),
    "a rule is another and the commands are not": Canary(faults.another_reason, "slip-over-weekend", "state"),
    "a limit is longer": Canary(faults.an_hour_more, "slip-over-weekend", "journal entry"),
    "an offer lasts longer": Canary(faults.an_offer_lasts_longer, "quote-refused", "journal entry"),
    "another order is made of a quote": Canary(
        faults.another_order_is_asked_for, "quote-errand-fails-first", "errand"
    ),
    "an errand follows a local activity": Canary(
        faults.errands_have_no_place, "case-errand-in-its-place", COMMANDS
    ),
    "a case is taken up later": Canary(faults.a_case_is_taken_up_later, "case-withdrawn", "journal entry"),
    "an order hears nothing of its contract": Canary(
        faults.orders_hear_nothing, "contract-expired-errand-fails-first", COMMANDS
    ),
    "the next run of a contract does not know what was seen": Canary(
        faults.forgets_on_the_way, "contract-lapsed-through-runs", "state carried out of run 1"
    ),
    "the activity of reminders has another name": Canary(
        faults.patch(limits, "REMIND_ACTIVITY", "remind"), "job-reminders-in-pages", COMMANDS
    ),
    "each page of reminders is the first": Canary(
        faults.patch(balance_reminders, "ReminderPage", faults.page_one),
        "job-reminders-in-pages",
        "asked of an activity",
    ),
    "letters are not counted": Canary(
        faults.patch(balance_reminders, "ReminderProgress", faults.Silent), "job-reminders-in-pages", "result"
    ),
    "reminders are for another day than their schedule meant": Canary(
        faults.patch(balance_reminders, "business_date", faults.the_day_before),
        "job-reminders-scheduled",
        "asked of an activity",
    ),
    "the activity of reports has another name": Canary(
        faults.patch(limits, "REPORT_ACTIVITY", "report"), "job-report-watch-list", COMMANDS
    ),
    "a report is for another day than its schedule meant": Canary(
        faults.patch(daily_report, "business_date", faults.the_day_before),
        "job-report-scheduled",
        "asked of an activity",
    ),
}


@pytest.mark.parametrize("fault", CANARIES)
async def test_the_corpus_sees(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = CANARIES[fault]
    canary.breaks(monkeypatch)
    seen = await found(canary.recording, sandboxed=canary.sandboxed)
    assert seen, f"{fault}: {canary.recording} saw nothing"
    assert seen[0].startswith(canary.finds)


@pytest.mark.parametrize("name", ["signal-with-the-start", "signals-before-the-first-task"])
async def test_a_signal_before_the_first_task_is_missed(name: str) -> None:
    assert await found(name, interceptors=(CaseInterceptor(), faults.Deaf())) != []


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # of a task that fails in its middle
async def test_a_signal_with_two_arguments_stops_an_order_whose_worker_does_not_count_them() -> None:
    seen = await found("malformed-signals", interceptors=())
    assert seen[0].startswith(FAILED)


@pytest.mark.parametrize("sandboxed", [True, False])
async def test_nothing_is_seen_where_nothing_is_broken(sandboxed: bool) -> None:
    assert await found("continued-with-messages-in-flight", sandboxed=sandboxed) == []
