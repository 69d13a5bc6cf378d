"""The payment provider of a story: what it says when an order asks whether it was paid, and whether it pays refunds (R39, R123)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from temporalio import activity

from models.dossier.dossier import Dossier
from models.dossier.errands import Errand, ErrandDone
from models.messages.envelope import engine_envelope
from models.order.order import Order
from models.shop.intent_errands import (
    CLOSE_INTENT_ACTIVITY,
    REFUND_INTENT_ACTIVITY,
    IntentQuestion,
    RefundWanted,
)
from rehearsal.story import StoryProvider
from workflows.phases.shop.errands import errand_of

Tell = Callable[[dict[str, Any]], object]
MOST_ERRANDS = 50
"""One after the other at one moment: who wants more goes in a circle."""


@dataclass(slots=True)
class ProviderInMemory:
    """Answers each question once and the same way ever after, as a provider with idempotency keys does."""

    said: StoryProvider = field(default_factory=StoryProvider)
    answers: dict[str, ErrandDone] = field(default_factory=dict)
    _refused: int = 0

    def close(self, question: IntentQuestion) -> ErrandDone:
        """Whether it was paid by now."""
        return self._once(question.key, lambda: _closed(question.key, paid=self.said.paid_at_the_limit))

    def refund(self, wanted: RefundWanted) -> ErrandDone:
        """Whether it was paid back; the first so many as the story says are not."""
        return self._once(wanted.key, lambda: self._refunded(wanted))

    def answer(self, order: Dossier, tell: Tell) -> None:
        """Do what an order wants done, and what it wants done then."""
        for _ in range(MOST_ERRANDS):
            errand = errand_of(order) if isinstance(order, Order) else None
            if errand is None or errand.key in self.answers:
                return
            done = self._done(errand)
            tell(told(done, errand.key, order.clock))
        raise AssertionError(
            f"order {order.number} has the provider do one thing after the other without an end"
        )

    def _done(self, errand: Errand) -> ErrandDone:
        if isinstance(errand.argument, IntentQuestion):
            return self.close(errand.argument)
        return self.refund(RefundWanted.model_validate(errand.argument.model_dump()))

    def _once(self, key: str, decide: Callable[[], ErrandDone]) -> ErrandDone:
        if key not in self.answers:
            self.answers[key] = decide()
        return self.answers[key]

    def _refunded(self, wanted: RefundWanted) -> ErrandDone:
        if self._refused < self.said.refuses_refunds:
            self._refused += 1
            return _refund_answered(wanted.key, paid=False, reason="账户余额不足")
        return _refund_answered(wanted.key, paid=True, reference=f"R-{wanted.key}")


def told(done: ErrandDone, key: str, now: datetime) -> dict[str, Any]:
    """The fact by which an order hears it, as its workflow tells it."""
    return engine_envelope(done.kind, done.content, f"story-{key}", now)


class ProvidersOfStories:
    """The providers of stories that are played side by side on the engine, by the number of their order."""

    def __init__(self) -> None:
        self._of: dict[str, ProviderInMemory] = {}

    def belongs(self, number: str, said: StoryProvider) -> None:
        """The order of this number is the one of that story."""
        self._of[number] = ProviderInMemory(said)

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """What a worker runs in place of the real provider."""
        return [self.close_intent, self.refund_intent]

    @activity.defn(name=CLOSE_INTENT_ACTIVITY)
    async def close_intent(self, question: IntentQuestion) -> ErrandDone:
        """Whether the order was paid."""
        return self._provider(question.order).close(question)

    @activity.defn(name=REFUND_INTENT_ACTIVITY)
    async def refund_intent(self, wanted: RefundWanted) -> ErrandDone:
        """Whether the refund was paid."""
        return self._provider(wanted.order).refund(wanted)

    def _provider(self, number: str) -> ProviderInMemory:
        return self._of.setdefault(number, ProviderInMemory())


def _closed(key: str, *, paid: bool) -> ErrandDone:
    return ErrandDone(kind="intent_closed", content={"key": key, "paid": paid})


def _refund_answered(key: str, *, paid: bool, reference: str = "", reason: str = "") -> ErrandDone:
    content = {"key": key, "paid": paid, "reference": reference, "reason": reason}
    return ErrandDone(kind="refund_answered", content=content)
