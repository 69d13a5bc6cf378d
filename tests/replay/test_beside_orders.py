"""What the corpus must hold of quotes, after-sales cases and contracts, read from the recorded histories themselves."""

from __future__ import annotations

from collections.abc import Set
from functools import cache

import pytest

from models.cases.terms import CaseEnding, CaseStage
from models.contracts.terms import ContractEnding, ContractStage
from models.dossier.journal import EntryKind
from models.quotes.quote import QuoteEnding, QuoteStage
from models.values.vocabulary import Term
from tests.replay.corpus import Recorded, Recording, load, manifest, still_open
from tests.replay.durable_types import BESIDE_ORDERS, CARRIED, CASE, CONTRACT, QUOTE
from tests.replay.events import attributes, of_kind, result_of
from tests.replay.signals_taken import kinds_taken
from workflows.engine.carried_case import state_digest

RECORDED = manifest()
ENDINGS: dict[str, type[Term]] = {QUOTE: QuoteEnding, CASE: CaseEnding, CONTRACT: ContractEnding}
STAYS_OPEN_IN: dict[str, Set[Term]] = {
    QUOTE: set(QuoteStage)
    - {QuoteStage.ORDERED, QuoteStage.REFUSED, QuoteStage.WITHDRAWN, QuoteStage.CLOSED},
    CASE: set(CaseStage) - {CaseStage.CLOSED},
    CONTRACT: set(ContractStage) - {ContractStage.ENDING, ContractStage.ENDED},
}
GIVEN_BY_ERRANDS = {
    QUOTE: {"order_made", "order_not_made"},
    CASE: {"order_made", "order_not_made", "refund_counted"},
    CONTRACT: {"order_told"},
}
"""What no sender says: the case itself asked for it."""
OPEN = [(workflow, stands_in) for workflow in BESIDE_ORDERS for stands_in in sorted(still_open(workflow))]
types = pytest.mark.parametrize("workflow", BESIDE_ORDERS)


@cache
def recordings(workflow: str) -> tuple[tuple[Recorded, Recording], ...]:
    """All of a workflow type."""
    return tuple((each, load(name)) for name, each in RECORDED.items() if each.workflow == workflow)


@types
def test_every_ending_is_recorded(workflow: str) -> None:
    results = [result_of(recording) for _, recording in recordings(workflow)]
    assert {each["ending"] for each in results if each} == {each.value for each in ENDINGS[workflow]}


@types
def test_every_kind_of_fact_was_taken_from_a_signal_of_its_own_name(workflow: str) -> None:
    taken = {kind for each in recordings(workflow) for kind in kinds_taken(*each)}
    assert taken == set(BESIDE_ORDERS[workflow].durable.case.facts) - GIVEN_BY_ERRANDS[workflow]


@types
def test_what_errands_say_was_taken(workflow: str) -> None:
    journals = (recording.journal for _, recording in recordings(workflow))
    facts = {entry.subject for journal in journals for entry in journal if entry.kind is EntryKind.FACT}
    assert facts >= GIVEN_BY_ERRANDS[workflow]


@types
def test_an_errand_failed_before_it_was_done(workflow: str) -> None:
    errands = set(BESIDE_ORDERS[workflow].outside([]))
    assert any(_tried_again(recording, errands) for _, recording in recordings(workflow))


def _tried_again(recording: Recording, activities: set[str]) -> bool:
    for run in recording.runs:
        errands = {
            str(each["eventId"])
            for each in of_kind(run, "ACTIVITY_TASK_SCHEDULED")
            if attributes(each)["activityType"]["name"] in activities
        }
        for each in of_kind(run, "ACTIVITY_TASK_STARTED"):
            said = attributes(each)
            if str(said["scheduledEventId"]) in errands and int(said.get("attempt", 1)) > 1:
                return True
    return False


@types
def test_one_went_on_in_a_new_run(workflow: str) -> None:
    assert any(
        list(of_kind(recording.runs[0], "WORKFLOW_EXECUTION_CONTINUED_AS_NEW"))
        for _, recording in recordings(workflow)
    )


@types
def test_one_is_open_wherever_it_can_stand_for_days(workflow: str) -> None:
    assert set(still_open(workflow)) == {each.value for each in STAYS_OPEN_IN[workflow]}


@pytest.mark.parametrize(("workflow", "stands_in"), OPEN)
def test_what_is_open_is_read_as_its_next_run_would_get_it(workflow: str, stands_in: str) -> None:
    name = still_open(workflow)[stands_in]
    recorded, kept = RECORDED[name], load(name)
    carried = CARRIED[workflow].model_validate(kept.carried)
    assert carried.dossier.lives
    assert BESIDE_ORDERS[workflow].stage(carried.dossier).value == stands_in
    assert state_digest(carried.dossier) == recorded.digest
    assert (carried.saved_sequence, carried.saved_hash) == (kept.journal[-1].sequence, kept.journal[-1].hash)
