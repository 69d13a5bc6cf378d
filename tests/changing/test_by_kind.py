"""Each kind of change of docs/changing-open-orders.md, made as the page says, and once as it says not to.

As it says: no failed task, no new epoch, no order thrown back, each lives to its end. Not so: it is noticed here.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError, create_model
from temporalio.common import RetryPolicy

from models.dossier.journal import EntryKind
from models.dossier.open_steps import StepKind
from models.dossier.papers_due import Paper
from models.handlers.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_contents import ProductionReported
from models.messages.fact_kind import FactKind
from models.messages.reply import Status
from models.order.order import Order
from models.policy import LimitPolicy, Policy, SlipPolicy
from models.request.order_request import OrderRequest
from models.values.content import Content, Text
from models.values.editions import Edition
from models.values.first_fields import FIRST_FIELDS
from models.values.vocabulary import Headline, PhaseName, Role, Term, Words
from tests.changing.open_orders import OpenOrder, TakenOver, cut_off_orders, live_on, open_orders, taken_over
from tests.changing.variants import (
    NextEdition,
    a_breath_before_each_burst,
    always,
    an_hour_more,
    follows_tomorrow,
    key_renamed,
    knows_tomorrow,
    one_more,
    other_phases,
    without,
)
from tests.models.life import Life, line, start
from workflows.engine import limits
from workflows.engine.carried import Carried
from workflows.procedure import begin, proceed, receive

FEW = (
    "intake: phone-order-incomplete",
    "verification: price-difference",
    "confirmation: amended-after-confirmation",
    "production: held-five-days",
    "shipping: carrier-collects",
    "settlement: class-a",
)
"""Enough where each kind of change is tried: an order in a late phase has been through all that come before."""


def some() -> tuple[OpenOrder, ...]:
    """A few open orders."""
    return tuple(order for order in open_orders() if str(order) in FEW)


async def all_taken_over(orders: Sequence[OpenOrder] = ()) -> list[tuple[OpenOrder, TakenOver]]:
    """These open orders, or a few, with the code as it is now."""
    return [(order, await taken_over(order)) for order in orders or some()]


async def nobody_notices(orders: Sequence[OpenOrder] = ()) -> None:
    """Every open order is what it was, and lives to the end that it had."""
    for order, taken in await all_taken_over(orders):
        assert taken.is_as_before(order), f"{order}: {taken}"
        if order.afterwards:
            assert live_on(order, taken) == order.recorded.ending, str(order)


async def noticed(orders: Sequence[OpenOrder] = ()) -> dict[str, TakenOver]:
    """The open orders that are no longer what they were."""
    return {
        str(order): taken for order, taken in await all_taken_over(orders) if not taken.is_as_before(order)
    }


async def test_open_orders_stand_in_every_phase_and_live_to_their_end() -> None:
    assert {order.phase for order in open_orders()} == set(PhaseName) - {PhaseName.ENDED}
    assert len(open_orders()) >= 12
    assert {str(order) for order in some()} == set(FEW)
    await nobody_notices(open_orders())


# --- words -----------------------------------------------------------------------------------------------------------


async def test_words_may_be_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for terms in (StepKind, Paper, Subject, Headline, Role, PhaseName):
        for term in terms:
            assert isinstance(term, Term)
            monkeypatch.setattr(term, "zh", f"新{term.zh}")
            monkeypatch.setattr(term, "en", f"new {term.en}")
    await nobody_notices()


async def test_a_key_is_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    key_renamed(PhaseName.CONFIRMATION, "sheet_back", "signed_sheet")(monkeypatch)
    red = await noticed()
    assert {taken.differs_at is not None for taken in red.values()} == {True}
    assert "shipping: carrier-collects" in red


# --- a new field -----------------------------------------------------------------------------------------------------


def starts() -> Iterator[dict[str, object]]:
    """What open orders were started with, as it was written then."""
    for order in open_orders():
        yield json.loads(start_payload(order))


def start_payload(order: OpenOrder) -> bytes:
    """The argument of the order's first run."""
    started = order.recording.runs[0]["events"][0]["workflowExecutionStartedEventAttributes"]
    return base64.b64decode(started["input"]["payloads"][0]["data"])


def test_a_field_that_must_be_given_makes_open_orders_unreadable() -> None:
    """The optional one is tried in test_growth."""
    demanding = create_model("OrderRequest", __base__=OrderRequest, incoterm=(Text, ...))
    willing = create_model("OrderRequest", __base__=OrderRequest, incoterm=(Text, ""))
    for given in starts():
        willing.model_validate(given["request"])
        with pytest.raises(ValidationError, match="incoterm"):
            demanding.model_validate(given["request"])


# --- a new fact ------------------------------------------------------------------------------------------------------


class CreditChecked(Content):
    """A fact that nobody knew yesterday."""

    words: Text = ""


def check_credit(order: Order, envelope: Envelope, content: CreditChecked) -> None:
    """Remembers it."""
    order.written_order = envelope.fact_id


CREDIT_CHECKED = FactKind(CreditChecked, (Role.FINANCE,), Words("信用核查", "credit checked"), check_credit)


async def test_a_new_fact_touches_no_open_order_until_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACT_KINDS, "credit_checked", CREDIT_CHECKED)
    for order, taken in await all_taken_over():
        assert taken.is_as_before(order)
        assert taken.order is not None
        told = {
            "fact_id": "finance/1", "kind": "credit_checked", "by": "finance-1", "role": "finance",
            "happened_at": taken.order.clock.isoformat(), "content": {},
        }  # fmt: skip
        assert receive(taken.order, told, taken.order.clock).status is Status.ACCEPTED
        assert taken.order.phase is order.phase


def test_a_name_that_an_order_once_refused_is_no_new_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told before anybody knew it, it was kept as refused; replayed by a program that knows it, it would be taken."""

    def told() -> Life:
        life = Life()
        said = {"fact_id": "finance/1", "kind": "credit_checked", "by": "finance-1", "role": "finance"}
        receive(life.order, {**said, "happened_at": life.now.isoformat(), "content": {}}, life.now)
        return life

    yesterday = told().order
    monkeypatch.setitem(FACT_KINDS, "credit_checked", CREDIT_CHECKED)
    assert told().order.head != yesterday.head


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


# --- figures ---------------------------------------------------------------------------------------------------------


async def test_other_defaults_of_the_policy_reach_no_open_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each order carries the whole policy with which it began; what came later than the order it takes from the code."""
    begun = next(starts())["policy"]
    assert isinstance(begun, dict)
    models: tuple[type[BaseModel], ...] = (LimitPolicy, SlipPolicy, Policy)
    monkeypatch.setattr(LimitPolicy.model_fields["sheet_hours"], "default", Decimal(1))
    monkeypatch.setattr(SlipPolicy.model_fields["deposit_slips"], "default", True)
    for each in models:
        each.model_rebuild(force=True)
    try:
        assert Policy.model_validate({"limits": {}}).limits.sheet_hours == 1
        assert Policy.model_validate(begun).limits.sheet_hours != 1
        came_later = {**begun, "limits": {"price_hours": 8}}
        assert Policy.model_validate(came_later).limits.sheet_hours == 1
        await nobody_notices()
    finally:
        monkeypatch.undo()
        for each in models:
            each.model_rebuild(force=True)


async def test_retries_and_time_limits_of_activities_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOCAL_RECORD_RETRY", RetryPolicy(maximum_attempts=7))
    monkeypatch.setattr(limits, "LOCAL_RECORD_LIMIT", limits.LOCAL_RECORD_LIMIT * 3)
    await nobody_notices()


async def test_a_figure_in_a_rule_is_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    an_hour_more(PhaseName.CONFIRMATION)(monkeypatch)
    red = await noticed()
    assert len(red) >= 3
    assert all(taken.differs_at for taken in red.values())


async def test_how_bursts_are_cut_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ENTRIES_IN_A_BURST", 3)
    monkeypatch.setattr(
        "workflows.durable.entries_that_fit", lambda entries, papers, most: min(len(entries), 3)
    )
    assert any("Nondeterminism" in taken.failed for taken in (await noticed()).values())


def test_another_default_of_what_is_told_is_another_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal leaves out what is at its default; so a default is never changed."""

    def made() -> str:
        return Life().in_production().made().order.head

    before = made()
    monkeypatch.setattr(ProductionReported.model_fields["finished"], "default", True)
    ProductionReported.model_rebuild(force=True)
    try:
        assert made() != before
    finally:
        monkeypatch.undo()
        ProductionReported.model_rebuild(force=True)


# --- a wrong rule, and a new one -------------------------------------------------------------------------------------


async def test_a_rule_put_right_shows_in_the_orders_in_which_it_acted_and_in_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those recordings are made anew until 0.2.0, each with its reason; afterwards the old way stays for open orders."""
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


# --- commands --------------------------------------------------------------------------------------------------------


async def test_other_commands_behind_a_patch_marker_are_not_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    a_breath_before_each_burst(marked=True)(monkeypatch)
    await nobody_notices()


async def test_other_commands_without_a_marker_fail_every_task(monkeypatch: pytest.MonkeyPatch) -> None:
    a_breath_before_each_burst(marked=False)(monkeypatch)
    red = await noticed()
    assert set(red) == set(FEW)
    assert all("Nondeterminism" in taken.failed for taken in red.values())


# --- names -----------------------------------------------------------------------------------------------------------


def test_no_module_stands_in_what_is_kept() -> None:
    """So modules are renamed freely; classes with their row of first fields."""
    for order in open_orders():
        text = json.dumps(order.recording.runs)
        said = re.findall(r'"data": "([^"]+)"', text)
        kept = [base64.b64decode(each).decode(errors="replace") for each in said] + [text]
        assert not [
            each for each in kept if re.search(r"\b(models|workflows|activities|runtime)\.[a-z_]+\.", each)
        ]


async def test_a_class_is_renamed_together_with_its_row_of_first_fields(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The row without the class: fields that were empty then no longer count, and the sheet is another."""
    monkeypatch.setitem(FIRST_FIELDS, "CustomerRequest", FIRST_FIELDS["OrderRequest"])
    monkeypatch.delitem(FIRST_FIELDS, "OrderRequest")
    red = await noticed()
    assert {"production: held-five-days", "settlement: class-a"} <= set(red)
    assert all(taken.differs_at for taken in red.values())
    OrderRequest.__name__ = "CustomerRequest"
    try:
        await nobody_notices()
    finally:
        OrderRequest.__name__ = "OrderRequest"


def test_a_field_renamed_on_the_wire_is_forgotten_without_a_word() -> None:
    """An order on hold whose `holds` go by another name is on hold no more, and nobody is told."""
    life = Life()
    life.does("hold_placed", reason="等客户")
    written = Carried(order=life.order).model_dump_json()
    assert Carried.model_validate_json(written).order.hold is not None
    assert Carried.model_validate_json(written.replace('"holds"', '"pauses"')).order.hold is None


# --- an operator moves an open order ---------------------------------------------------------------------------------


def test_an_operator_moves_an_open_order_to_the_next_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    knows_tomorrow(monkeypatch)
    one_more(PhaseName.CONFIRMATION, follows_tomorrow, blocking=True, done=lambda order: order.read_back)(
        monkeypatch
    )
    moved, beyond = Life().verified(), Life().in_production()
    before = [entry.hash for entry in moved.order.unsaved]
    for life in (moved, beyond):
        life.does("adopted", role=Role.OPERATOR, edition=3, reason="新规则")
    assert [entry.hash for entry in moved.order.unsaved][: len(before)] == before
    assert "one_more" in moved.waiting
    assert (beyond.order.phase, "one_more" in beyond.waiting) == (PhaseName.PRODUCTION, False)
    moved.does("contact_logged", channel="phone", topic="read_back", words="已核查")
    moved.sheet_out().signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    assert moved.order.phase is PhaseName.PRODUCTION
    assert moved.tell("adopted", role=Role.FINANCE, edition=3, reason="x").status is Status.REFUSED
    assert moved.tell("adopted", role=Role.OPERATOR, edition=4, reason="x").code == "unknown_edition"


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
