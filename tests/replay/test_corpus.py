"""What the corpus must hold: every kind of message, of trouble and of standing that an order really meets.

Read from the recorded histories and journals themselves, so that a kind that nobody records any more is missed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from models.dossier.journal import EntryKind
from models.facts.fact_kinds import FACT_KINDS
from models.values.vocabulary import Ending, PhaseName, Role
from runtime.delivery.order_handles import WORKFLOW
from tests.replay.corpus import Recorded, Recording, load, manifest, open_order, open_orders
from tests.replay.events import Signal, attributes, kind_of, of_kind, signals, updates
from tests.replay.scenarios.table import SCENARIOS
from tests.replay.signals_taken import envelope_in, kind_said, kinds_taken
from workflows.engine.carried import Carried, state_digest
from workflows.engine.limits import CALENDAR_ACTIVITY, RECORD_ACTIVITY
from workflows.engine.message_bytes import LARGEST_MESSAGE
from workflows.jobs import balance_reminders, daily_report

RECORDED = manifest()
WHERE_AN_ORDER_STANDS = {
    "intake",
    "verification",
    "confirmation-sheet",
    "confirmation-deposit",
    "production",
    "inspection",
    "clearance",
    "shipping",
    "delivery",
    "recall",
    "payment",
    "merchant-acceptance",
    "settlement",
    "hold",
    "hanging",
    "cancellation-pending",
    "cancellation-settling",
}

Has = Callable[[Recorded, Recording], bool]


@cache
def recording(name: str) -> Recording:
    """Each is read once."""
    return load(name)


def signal(condition: Callable[[Signal], bool]) -> Has:
    """A signal of this sort."""
    return lambda recorded, recording: any(condition(each) for each in signals(recording))


def bytes_like(condition: Callable[[bytes], bool]) -> Has:
    """A signal under a known name with one argument whose bytes are so."""
    return signal(
        lambda each: each.name in FACT_KINDS and len(each.arguments) == 1 and condition(each.arguments[0][1])
    )


def event(kind: str, condition: Callable[[dict[str, object]], bool] = lambda said: True) -> Has:
    """An event of this type."""
    return lambda recorded, recording: any(
        condition(attributes(each)) for run in recording.runs for each in of_kind(run, kind)
    )


def entry(kind: EntryKind, subject: str = "", role: Role | None = None, code: str = "") -> Has:
    """An entry in the journal."""
    return lambda recorded, recording: any(
        each.kind is kind
        and each.subject.startswith(subject)
        and role in (None, each.role)
        and each.data.get("code", "") in (code, code or each.data.get("code", ""))
        for each in recording.journal
    )


def both(*conditions: Has) -> Has:
    """All of these in one recording."""
    return lambda recorded, recording: all(each(recorded, recording) for each in conditions)


def failed_with(cause: str) -> Has:
    """A workflow task that failed for this reason."""
    return event(
        "WORKFLOW_TASK_FAILED", lambda said: said.get("cause") == f"WORKFLOW_TASK_FAILED_CAUSE_{cause}"
    )


def activity(name: str, kind: str = "ACTIVITY_TASK_SCHEDULED") -> Has:
    """A remote activity of this name."""
    return event(kind, lambda said: said["activityType"]["name"] == name)  # type: ignore[index]


def _before_the_first_task(recorded: Recorded, recording: Recording) -> bool:
    for each in recording.runs[0]["events"]:
        if kind_of(each) == "WORKFLOW_EXECUTION_SIGNALED":
            return True
        if kind_of(each) == "WORKFLOW_TASK_STARTED":
            return False
    return False


def _signals_in_one_task(recording: Recording) -> Iterator[int]:
    for run in recording.runs:
        count = 0
        for each in run["events"]:
            if kind_of(each) == "WORKFLOW_TASK_STARTED":
                yield count
                count = 0
            count += kind_of(each) == "WORKFLOW_EXECUTION_SIGNALED"


def _same_fact_again(recorded: Recorded, recording: Recording) -> bool:
    """A fact that was told twice with one content, the second time by signal, and stands once in the journal."""
    told = {json.dumps(each, sort_keys=True) for each in updates(recording)}
    again = [envelope_in(each) for each in signals(recording)]
    written = Counter(each.data.get("fact_id") for each in recording.journal if each.kind is EntryKind.FACT)
    return any(
        written[str(each["fact_id"])] == 1 and json.dumps(each, sort_keys=True) in told
        for each in again
        if "fact_id" in each
    )


def _held_for_days(recorded: Recorded, recording: Recording) -> bool:
    holds = [each for each in recording.journal if each.subject in {"hold_placed", "hold_released"}]
    facts = [each for each in holds if each.kind is EntryKind.FACT]
    return len(facts) > 1 and (facts[1].recorded_at - facts[0].recorded_at).days >= 2


KINDS: dict[str, Has] = {
    "a signal of a known kind": signal(lambda each: kind_said(each) == each.name in FACT_KINDS),
    "a signal of an unknown name": signal(lambda each: each.name not in FACT_KINDS),
    "a signal without argument": signal(lambda each: each.name in FACT_KINDS and not each.arguments),
    "a signal with two arguments": signal(lambda each: each.name in FACT_KINDS and len(each.arguments) == 2),
    "an unknown signal without argument": signal(
        lambda each: each.name not in FACT_KINDS and not each.arguments
    ),
    "a signal of a wrong type": bytes_like(lambda data: data == b"42"),
    "a signal that is no JSON": bytes_like(lambda data: data == b"{not json"),
    "a signal of bytes": signal(lambda each: bool(each.arguments) and each.arguments[0][0] == "binary/plain"),
    "a signal of nothing": signal(
        lambda each: bool(each.arguments) and each.arguments[0][0] == "binary/null"
    ),
    "a signal with NUL": bytes_like(lambda data: b"\\u0000" in data),
    "a signal that is too large": bytes_like(lambda data: len(data) > LARGEST_MESSAGE),
    "a signal without kind": signal(
        lambda each: each.name in FACT_KINDS and "content" in envelope_in(each) and kind_said(each) is None
    ),
    "an envelope of another kind than the signal": signal(
        lambda each: each.name in FACT_KINDS and kind_said(each) not in (None, each.name)
    ),
    "a signal that came with the start": lambda recorded, recording: (
        kind_of(recording.runs[0]["events"][1]) == "WORKFLOW_EXECUTION_SIGNALED"
    ),
    "signals before the first task": _before_the_first_task,
    "five signals in one task": lambda recorded, recording: (
        max(_signals_in_one_task(recording), default=0) >= 5
    ),
    "an update": event("WORKFLOW_EXECUTION_UPDATE_ACCEPTED"),
    "an update that a reset admits again": event("WORKFLOW_EXECUTION_UPDATE_ADMITTED"),
    "a cancel from the UI": event("WORKFLOW_EXECUTION_CANCEL_REQUESTED"),
    "a cancel that ends the order": both(
        event("WORKFLOW_EXECUTION_CANCEL_REQUESTED"), entry(EntryKind.ENDED, Ending.CANCELLED)
    ),
    "a cancel in production": both(
        event("WORKFLOW_EXECUTION_CANCEL_REQUESTED"), entry(EntryKind.DECIDED, "cancellation")
    ),
    "a cancel that comes too late": both(
        event("WORKFLOW_EXECUTION_CANCEL_REQUESTED"),
        entry(EntryKind.REFUSED, "cancellation", code="too_late"),
    ),
    "a local activity that failed": event("MARKER_RECORDED", lambda said: "failure" in said),
    "a burst by the remote activity": activity(RECORD_ACTIVITY),
    "a remote record that failed before it succeeded": event(
        "ACTIVITY_TASK_STARTED", lambda said: int(str(said.get("attempt", 1))) > 1
    ),
    "diverged stores and their repair": entry(EntryKind.REPAIRED, "epoch:1"),
    "a second repair": entry(EntryKind.REPAIRED, "epoch:2"),
    "a reset": both(failed_with("RESET_WORKFLOW"), entry(EntryKind.REPAIRED)),
    "a message that came while a run ended": failed_with("UNHANDLED_COMMAND"),
    "continue-as-new": event("WORKFLOW_EXECUTION_CONTINUED_AS_NEW"),
    "newer holidays": both(
        activity(CALENDAR_ACTIVITY), entry(EntryKind.FACT, "calendar_refreshed", Role.SYSTEM)
    ),
    "no holidays to be had": both(activity(CALENDAR_ACTIVITY), event("ACTIVITY_TASK_FAILED")),
    "a hold over days": _held_for_days,
    "a hold that stops the customer's clock": lambda recorded, recording: any(
        each.data.get("content", {}).get("customer_clocks_stop") for each in recording.journal
    ),
    "a hold through runs": both(event("WORKFLOW_EXECUTION_CONTINUED_AS_NEW"), _held_for_days),
    "a fact kept early": entry(EntryKind.EARLY),
    "a fact told twice": _same_fact_again,
    "a fact in conflict": entry(EntryKind.REFUSED, code="fact_conflict"),
    "adopted": entry(EntryKind.FACT, "adopted"),
}


GIVEN_BY_THE_BOOKS = {
    "stock_answered",
    "stock_allotted",
    "stock_fell_short",
    "stock_ready",
    "credit_answered",
    "contract_in_force",
    "contract_over",
    "intent_closed",
    "refund_answered",
}
"""What comes by no signal of a sender: the house tells it as an update, the shared books, an order's contract, the provider
of the shop's payments."""


@pytest.mark.parametrize("kind", KINDS)
def test_the_corpus_holds(kind: str) -> None:
    has = KINDS[kind]
    orders = (name for name, each in RECORDED.items() if each.workflow == WORKFLOW and each.scenario)
    assert any(has(RECORDED[name], recording(name)) for name in orders), f"no recording holds {kind}"


def test_every_kind_of_fact_was_taken_from_a_signal_of_its_own_name() -> None:
    orders = {name: each for name, each in RECORDED.items() if each.signals and each.workflow == WORKFLOW}
    taken = {kind for name, each in orders.items() for kind in kinds_taken(each, recording(name))}
    assert taken == set(FACT_KINDS) - GIVEN_BY_THE_BOOKS


def test_what_the_shared_books_say_was_taken() -> None:
    """It comes by no signal of a sender: the case asked for it, or the desk tells it as an update."""
    orders = (recording(name).journal for name, each in RECORDED.items() if each.workflow == WORKFLOW)
    facts = {entry.subject for journal in orders for entry in journal if entry.kind is EntryKind.FACT}
    assert facts >= GIVEN_BY_THE_BOOKS


def test_an_order_is_open_wherever_one_can_stand() -> None:
    assert set(open_orders()) >= WHERE_AN_ORDER_STANDS
    phases = {Carried.model_validate(open_order(each)[1].carried).order.phase for each in open_orders()}
    assert phases == set(PhaseName) - {PhaseName.ENDED}


@pytest.mark.parametrize("stands_in", sorted(open_orders()))
def test_an_open_order_is_read_as_its_next_run_would_get_it(stands_in: str) -> None:
    recorded, kept = open_order(stands_in)
    carried = Carried.model_validate(kept.carried)
    assert recorded.ending is None
    assert carried.order.lives
    assert state_digest(carried.order) == recorded.digest
    assert (carried.saved_sequence, carried.saved_hash) == (kept.journal[-1].sequence, kept.journal[-1].hash)


def test_an_open_order_that_nobody_recorded_is_told_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no open order stands in 'nowhere'; there are: .*production"):
        open_order("nowhere")


@pytest.mark.parametrize("workflow", [balance_reminders.WORKFLOW, daily_report.WORKFLOW])
def test_both_jobs_ran_by_a_schedule_and_for_a_day_that_was_named(workflow: str) -> None:
    runs = {name: each for name, each in RECORDED.items() if each.workflow == workflow}
    started = [attributes(recording(name).runs[0]["events"][0]) for name in runs]
    scheduled = [
        "TemporalScheduledStartTime" in json.dumps(each.get("searchAttributes", {})) for each in started
    ]
    assert set(scheduled) == {True, False}


def test_every_scenario_is_recorded_and_every_recording_of_one_has_its_scenario() -> None:
    assert {name for name, each in RECORDED.items() if each.scenario} == set(SCENARIOS)
