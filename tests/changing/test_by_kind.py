"""Each kind of change of docs/changing-open-orders.md, made as the page says, and once as it says not to.

As it says: no failed task, no new epoch, no order thrown back, each lives to its end. Not so: it is noticed here.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError, create_model
from temporalio.common import RetryPolicy

from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactKind
from models.messages.goods_contents import ProductionReported
from models.messages.reply import Status
from models.order.order import Order
from models.policy import LimitPolicy, Policy, SlipPolicy
from models.request.order_request import OrderRequest
from models.values.content import Content, Text
from models.values.first_fields import FIRST_FIELDS
from models.values.vocabulary import Headline, PhaseName, Role, Term, Words
from tests.changing.noticed import FEW, all_taken_over, nobody_notices, noticed, some
from tests.changing.open_orders import OpenOrder, open_orders
from tests.changing.variants import (
    a_breath_before_each_burst,
    an_hour_more,
    key_renamed,
)
from tests.models.life import Life
from workflows.engine import limits
from workflows.engine.carried import Carried
from workflows.procedure import receive


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
        "workflows.engine.burst_recorder.entries_that_fit", lambda entries, papers, most: min(len(entries), 3)
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
