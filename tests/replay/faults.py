"""Faults that canaries put in: each breaks one mechanism, by an attribute of an imported module, table or class.

So they move with the code. Modules of ours are passed through the sandbox; what is broken on the workflow class itself
is seen only without one, for the sandbox loads that anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
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

from activities.reminders import reminder_pages
from models.dossier import receive
from models.dossier.open_steps import Need
from models.dossier.records.recording import Burst, Saved
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.handlers.promise.slip import slip
from models.messages.envelope import Envelope
from models.messages.fact_kind import Handler
from models.order.order import Order
from models.order.promise import Promise
from models.quotes import facts as quote_facts
from models.quotes import offer, quoted_order
from models.quotes.quote import Quote
from models.request.order_request import OrderRequest
from models.values import calendar
from models.values.fingerprint import canonical
from models.values.vocabulary import PhaseName, PromiseCause, Role
from workflows import aftersales, case, procedure
from workflows import contract as contract_workflow
from workflows import order as order_workflow
from workflows import quote as quote_workflow
from workflows.engine.burst_recorder import BurstRecorder
from workflows.engine.carried import Carried
from workflows.engine.carried_case import CarriedCase
from workflows.order import OrderWorkflow
from workflows.phases import confirmation
from workflows.procedures.made_to_order import MADE_TO_ORDER

Breaks = Callable[[pytest.MonkeyPatch], None]


def patch(target: object, name: str, value: object) -> Breaks:
    """An attribute becomes another."""
    return lambda monkeypatch: monkeypatch.setattr(target, name, value)


def no_effect(kind: str) -> Breaks:
    """A kind of fact is journalled and does nothing."""
    return lambda monkeypatch: _handled_by(monkeypatch, kind, lambda order, envelope, content: None)


def _handled_by(monkeypatch: pytest.MonkeyPatch, kind: str, handler: Handler) -> None:
    monkeypatch.setitem(FACT_KINDS, kind, replace(FACT_KINDS[kind], handler=handler))


def _orders_with(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """What makes an order a case is another in these points."""
    otherwise = replace(procedure.ORDERS, **changed)
    monkeypatch.setattr(procedure, "ORDERS", otherwise)
    monkeypatch.setattr(order_workflow, "DURABLE", replace(order_workflow.DURABLE, case=otherwise))


def no_search_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written that orders are found by."""
    nothing = replace(order_workflow.DURABLE, attributes=lambda order, current: [])
    monkeypatch.setattr(order_workflow, "DURABLE", nothing)


# --- messages --------------------------------------------------------------------------------------------------------


def _handlers() -> dict[str | None, Any]:
    # The SDK has no public way to a class's handlers.
    return OrderWorkflow.__temporal_workflow_definition.signals  # type: ignore[attr-defined,no-any-return]


def renamed(*kinds: str) -> Breaks:
    """These signal handlers, or all of them, hear another name."""

    def breaks(monkeypatch: pytest.MonkeyPatch) -> None:
        for kind in kinds or [name for name in _handlers() if name]:
            monkeypatch.setitem(_handlers(), f"{kind}_v2", _handlers()[kind])
            monkeypatch.delitem(_handlers(), kind)

    return breaks


def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears a signal of an unknown name."""
    monkeypatch.delitem(_handlers(), None)


def without_its_name(value: object, signal: str) -> object:
    """The name of a signal says nothing."""
    return value


def no_nul(value: object) -> str:
    """NUL is not looked for."""
    return canonical(value).replace("\\u0000", "")


def all_answered_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer names its journal entry."""
    receive = case.receive
    monkeypatch.setattr(case, "receive", lambda *said: receive(*said).model_copy(update={"sequence": 0}))


def early_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came early stays where it is kept."""
    monkeypatch.setattr(receive, "retry_early", lambda order, kinds: False)


# --- the engine ------------------------------------------------------------------------------------------------------


async def recorded_nowhere(activity: object, burst: Burst, **options: object) -> Saved:
    """The remote activity is not called."""
    last = burst.entries[-1] if burst.entries else None
    return Saved(
        sequence=last.sequence if last else burst.after_sequence, hash=last.hash if last else burst.after_hash
    )


async def never_quickly(activity: object, burst: Burst, **options: object) -> Saved:
    """The local activity is not called."""
    raise ApplicationError("straight to the remote activity")


def same_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repair goes on in the old epoch."""
    write = Carried.__setattr__

    def keeps_its_epoch(carried: Carried, name: str, value: object) -> None:
        if name != "epoch":
            write(carried, name, value)

    monkeypatch.setattr(Carried, "__setattr__", keeps_its_epoch)


async def does_not_wait(order: object, recorder: object) -> None:
    """A run ends whatever is still to be recorded."""


def forgets_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run does not know which facts were told."""
    continue_as_new = workflow.continue_as_new

    def with_nothing_seen(carried: CarriedCase[Any]) -> None:
        names = [name for name, value in carried if value is carried.dossier]
        forgotten = carried.dossier.model_copy(update={"seen": {}})
        continue_as_new(carried.model_copy(update=dict.fromkeys(names, forgotten)))

    monkeypatch.setattr(temporalio.workflow, "continue_as_new", with_nothing_seen)


# --- rules -----------------------------------------------------------------------------------------------------------


def hold_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hold does not move the promise."""
    move = Promise.move

    def but_for_holds(promise: Promise, cause: PromiseCause, *rest: Any, **named: Any) -> object:
        return None if cause is PromiseCause.HOLD else move(promise, cause, *rest, **named)

    monkeypatch.setattr(Promise, "move", but_for_holds)


def customer_clock_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hold never stops the customer's clock."""
    release = FACT_KINDS["hold_released"].handler

    def running(order: Order, envelope: Envelope, content: Any) -> None:
        stops, order.holds[-1].customer_clocks_stop = order.holds[-1].customer_clocks_stop, False
        release(order, envelope, content)
        order.holds[-1].customer_clocks_stop = stops

    _handled_by(monkeypatch, "hold_released", running)


def one_more_need(phase: PhaseName) -> Breaks:
    """A step that orders had not when they were recorded, as a careless change adds it."""
    before = MADE_TO_ORDER[phase]

    def needs(order: Order) -> Iterator[Need]:
        yield from before.needs(order)
        yield Need(
            "one_more",
            StepKind.READ_BACK,
            (Role.SERVICE_CLERK,),
            "R11",
            hours=order.policy.limits.details_hours,
        )

    return lambda monkeypatch: monkeypatch.setitem(MADE_TO_ORDER, phase, replace(before, needs=needs))


def another_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands stay the same; another cause in the state is another life all the same."""

    def otherwise(order: Order) -> None:
        slip(order)
        for change in order.promise.history:
            change.reason = "another rule"

    _orders_with(monkeypatch, before_each_round=otherwise)


def an_hour_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replay does not compare how long a timer runs; the journal has each due time."""
    goes_out = confirmation._sheet_goes_out

    def slower(order: Any, sheet: Any) -> Iterator[Need]:
        for need in goes_out(order, sheet):
            values = {name: getattr(need, name) for name in need.__slots__}
            yield type(need)(**{**values, "hours": need.hours + 1})

    monkeypatch.setattr(confirmation, "_sheet_goes_out", slower)


# --- cases beside orders -----------------------------------------------------------------------------------------------


def an_offer_lasts_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validity of offers is a day longer: no command is another."""
    until = offer.valid_until
    monkeypatch.setattr(quote_facts, "valid_until", lambda sent, days: until(sent, days + 1))


def a_case_is_taken_up_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything in an after-sales case has an hour more."""
    monkeypatch.setattr(aftersales, "hours_of", lambda hours: calendar.hours_of(hours + 1))


def another_order_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The accepted quote asks for another order than it did."""
    order_of = quoted_order.order_of

    def otherwise(quote: Quote) -> OrderRequest | None:
        request = order_of(quote)
        return request.model_copy(update={"words": "another order"}) if request is not None else None

    monkeypatch.setattr(quote_workflow, "order_of", otherwise)


def orders_hear_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A contract has nothing done outside."""
    silent = replace(contract_workflow.DURABLE, errand=lambda contract: None)
    monkeypatch.setattr(contract_workflow, "DURABLE", silent)


def errands_have_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done outside follows the answer of a local activity."""
    monkeypatch.setattr(BurstRecorder, "_needs_a_place", lambda recorder: False)


# --- jobs ------------------------------------------------------------------------------------------------------------


class Silent(reminder_pages.ReminderProgress):
    """A page whose letters are not counted."""

    def model_post_init(self, context: object) -> None:
        self.letters = 0


def page_one(**asked: Any) -> reminder_pages.ReminderPage:
    """Every page asked for is the first."""
    return _PAGE(**{**asked, "after_customer": ""})


def the_day_before(moment: Any, *rest: Any) -> Any:
    """Business days are counted wrongly."""
    return _BUSINESS_DATE(moment, *rest) - calendar.ONE_DAY


_BUSINESS_DATE, _PAGE = calendar.business_date, reminder_pages.ReminderPage


class Deaf(Interceptor):
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
