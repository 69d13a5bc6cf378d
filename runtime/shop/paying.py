"""An intent on its way to being paid: made at the provider when somebody comes to pay, asked about when nothing is told (R123)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from activities.shop.intent_errands import ask_provider
from activities.shop.payment_views import ShownIntent, begin_at, keep_address, may_ask, shown_intent
from activities.shop.providers.provider import IntentWanted, not_there
from models.shop.checkout_money import IntentState
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings
from runtime.shop.providers import providers_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

_SUBJECT = Words("订单 {orders}", "order {orders}")
_PASSING = (Code.PROVIDER_UNAVAILABLE, Code.PROVIDER_REFUSES, Code.NOT_SET_UP)
_LONGEST_SUBJECT = 120
_log = logging.getLogger("dingdan.paying")


def ready_to_pay(engine: Engine, settings: Settings, number: str, now: datetime) -> ShownIntent:
    """The intent with the address at which it is paid, made at the provider where that was not done yet.

    One that is not open any more comes as it is. Raises Refusal: unknown_order, provider_unavailable (come again),
    provider_refuses, not_set_up.
    """
    providers = providers_of(settings)
    found = shown_intent(engine, number)
    if found.state is not IntentState.OPEN or found.pay_at:
        return found
    name = begin_at(engine, number, found.provider or providers.first.name, now)
    if not name:
        return shown_intent(engine, number)
    provider = providers(name)
    if provider is None:
        raise not_there(name)
    orders = ", ".join(order for order, _ in found.orders)
    wanted = IntentWanted(
        number, found.total, _SUBJECT.filled(orders=orders).in_language(settings.language)[:_LONGEST_SUBJECT],
        providers.told_at(name), f"{settings.reached_at}/shop/pay/{number}/back",
    )  # fmt: skip
    keep_address(engine, number, provider.create(wanted))
    return shown_intent(engine, number)


def as_it_stands(engine: Engine, settings: Settings, number: str, now: datetime) -> ShownIntent:
    """The intent as it stands; where nothing was told the provider is asked, every few seconds at most.

    A provider that is away leaves it as it is. Raises Refusal(unknown_order).
    """
    found = shown_intent(engine, number)
    waits = found.state in (IntentState.OPEN, IntentState.CLOSED) and found.provider
    if not waits or not may_ask(engine, number, now):
        return found
    _ask(engine, settings, found)
    return shown_intent(engine, number)


def _ask(engine: Engine, settings: Settings, found: ShownIntent) -> None:
    try:
        provider = providers_of(settings)(found.provider)
        if provider is None:
            raise not_there(found.provider)
        ask_provider(engine, provider, found.number)
    except Refusal as refusal:
        if refusal.code not in _PASSING:
            raise
        _log.warning("%s: %s", found.number, refusal.words.en)
