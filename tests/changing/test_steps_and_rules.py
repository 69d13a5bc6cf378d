"""Steps, gates, phases and rules of docs/changing-open-orders.md, changed as the page says and once as it says not to."""

from __future__ import annotations

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.policy import Policy
from models.values.editions import Edition
from models.values.vocabulary import PhaseName, Role
from tests.changing.noticed import nobody_notices, noticed
from tests.changing.open_orders import cut_off_orders, open_orders
from tests.changing.variants import (
    NextEdition,
    always,
    follows_tomorrow,
    knows_tomorrow,
    one_more,
    other_phases,
    without,
)
from tests.models.life import Life, line, start
from workflows.engine.carried import Carried
from workflows.procedure import begin, proceed, receive

# --- steps and gates -------------------------------------------------------------------------------------------------

BEFORE_PRODUCTION = (PhaseName.INTAKE, PhaseName.VERIFICATION, PhaseName.CONFIRMATION)

STEPS = {
    "a new step": lambda binds: one_more(PhaseName.SHIPPING, binds, blocking=False),
    "a new gate before production": lambda binds: one_more(PhaseName.CONFIRMATION, binds, blocking=True),
    "a new gate before the goods leave": lambda binds: one_more(PhaseName.SHIPPING, binds, blocking=True),
    "a removed step": lambda binds: without(PhaseName.SHIPPING, StepKind.TRANSPORT, binds),
    "another order of phases": other_phases,
}  # fmt: skip


@pytest.mark.parametrize("change", STEPS)
async def test_by_the_next_edition_no_open_order_notices(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows_tomorrow(monkeypatch)
    STEPS[change](follows_tomorrow)(monkeypatch)
    await nobody_notices()


@pytest.mark.parametrize("change", STEPS)
async def test_without_an_edition_open_orders_rewrite_their_history(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    STEPS[change](always)(monkeypatch)
    red = await noticed()
    assert red, "no order noticed"
    assert any(taken.differs_at is not None or taken.failed for taken in red.values())


async def test_a_gate_without_an_edition_stops_every_order_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one_more(PhaseName.CONFIRMATION, always, blocking=True)(monkeypatch)
    red = await noticed(cut_off_orders())
    beyond = {str(order) for order in cut_off_orders() if order.phase not in BEFORE_PRODUCTION}
    assert {name for name, taken in red.items() if "Nondeterminism" in taken.failed} == beyond
    silent = {name for name, taken in red.items() if not taken.failed}
    assert (len(cut_off_orders()), len(beyond), len(silent)) == (12, 7, 2), "the page says so"
    assert silent == {str(order) for order in cut_off_orders() if order.phase is PhaseName.CONFIRMATION}


async def test_an_owed_step_without_an_edition_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No task fails: the order database holds another history, and each such order goes on in a new epoch."""
    one_more(PhaseName.CONFIRMATION, always, blocking=False)(monkeypatch)
    red = await noticed(cut_off_orders())
    assert set(red) == {
        str(order)
        for order in cut_off_orders()
        if order.phase not in (PhaseName.INTAKE, PhaseName.VERIFICATION)
    }
    assert len(red) == 9, "the page says so"
    assert [taken.failed for taken in red.values() if taken.failed] == []


def test_a_gate_without_an_edition_throws_orders_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lived again from its beginning an order stands at the gate; carried into a new run it is beyond it."""
    yesterday = Life().in_production()
    carried = Carried(order=yesterday.order).model_dump_json()
    one_more(PhaseName.CONFIRMATION, always, blocking=True)(monkeypatch)
    again = Life()
    for entry in yesterday.entries(EntryKind.FACT):
        told = {
            "fact_id": entry.data["fact_id"], "kind": entry.subject, "by": entry.by, "role": entry.role,
            "happened_at": entry.happened_at.isoformat(), "content": entry.data["content"],
        }  # fmt: skip
        receive(again.order, told, entry.recorded_at)
    onward = Carried.model_validate_json(carried).order
    proceed(onward)
    phases = [life.phase for life in (yesterday.order, again.order, onward)]
    assert phases == [PhaseName.PRODUCTION, PhaseName.CONFIRMATION, PhaseName.PRODUCTION]


def test_a_gate_by_edition_binds_the_order_that_begins_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one_more(PhaseName.CONFIRMATION, follows_tomorrow, blocking=True, done=lambda order: order.read_back)(
        monkeypatch
    )
    today, tomorrow = Life(), Life()
    tomorrow.order.edition = NextEdition.TOMORROW
    for life in (today, tomorrow):
        life.confirmed()
    assert (today.order.phase, tomorrow.order.phase) == (PhaseName.PRODUCTION, PhaseName.CONFIRMATION)
    tomorrow.does("contact_logged", channel="phone", topic="read_back", words="已核查")
    assert tomorrow.order.phase is PhaseName.PRODUCTION


# --- a wrong rule, and a new one -------------------------------------------------------------------------------------


async def test_a_rule_put_right_shows_in_the_orders_in_which_it_acted_and_in_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those would be made anew before a release, each with its reason; after it the old way stays for open orders."""
    without(PhaseName.SHIPPING, StepKind.EXPLAIN_AGENT, always)(monkeypatch)
    acted = {
        str(order)
        for order in open_orders()
        if order.phase not in BEFORE_PRODUCTION
        and any(entry.subject == "explain_agent" for entry in order.recording.journal)
    }
    red = set(await noticed(open_orders()))
    assert "shipping: carrier-collects" in red
    assert red <= acted


async def test_a_new_rule_binds_orders_of_its_edition_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """R20: one letter for all lines (edition 2) where it was a letter for each."""
    two = [line(1), line(2)]
    begun = start(lines=two, listed={"list_price": "4.00"})
    letters = {}
    for edition in (Edition.FIRST, Edition.ONE_LETTER_FOR_ALL_PRICES):
        order = begin(begun.model_copy(update={"edition": edition}), begun.placed_at)
        letters[edition] = sum(each.paper is Paper.PRICE_DIFFERENCE for each in order.unsent)
    assert letters == {Edition.FIRST: 2, Edition.ONE_LETTER_FOR_ALL_PRICES: 1}


# --- an operator moves an open order ---------------------------------------------------------------------------------


def test_an_operator_moves_an_open_order_to_the_next_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    knows_tomorrow(monkeypatch)
    one_more(PhaseName.CONFIRMATION, follows_tomorrow, blocking=True, done=lambda order: order.read_back)(
        monkeypatch
    )
    moved, beyond = Life().verified(), Life().in_production()
    before = [entry.hash for entry in moved.order.unsaved]
    for life in (moved, beyond):
        life.does("adopted", role=Role.OPERATOR, edition=NextEdition.TOMORROW.value, reason="新规则")
    assert [entry.hash for entry in moved.order.unsaved][: len(before)] == before
    assert "one_more" in moved.waiting
    assert (beyond.order.phase, "one_more" in beyond.waiting) == (PhaseName.PRODUCTION, False)
    moved.does("contact_logged", channel="phone", topic="read_back", words="已核查")
    moved.sheet_out().signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    assert moved.order.phase is PhaseName.PRODUCTION
    assert (
        moved.tell("adopted", role=Role.FINANCE, edition=NextEdition.TOMORROW.value, reason="x").status
        is Status.REFUSED
    )
    assert (
        moved.tell("adopted", role=Role.OPERATOR, edition=NextEdition.TOMORROW + 1, reason="x").code
        == "unknown_edition"
    )


def test_an_operator_moves_an_open_order_to_another_policy() -> None:
    life = Life().verified().sheet_out()
    due = life.order.steps["sheet_back:1"].due
    later = Policy.model_validate({"version": "2027-04", "limits": {"signature_hours": 5}})
    life.does(
        "adopted",
        role=Role.OPERATOR,
        policy_version="2027-04",
        reason="新政策",
        policy=later.model_dump(mode="json"),
    )
    assert life.order.policy.version == "2027-04"
    assert life.order.steps["sheet_back:1"].due == due
    assert start().policy.version != "2027-04"
