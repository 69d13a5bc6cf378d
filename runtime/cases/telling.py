"""Telling a case that is no order something: by update with an answer, else by signal; one that has ended says how."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.cases.case_request import LETTER as CASE_LETTER
from models.cases.terms import CaseEnding
from models.contracts.contract_request import LETTER as CONTRACT_LETTER
from models.contracts.terms import ContractEnding
from models.messages.envelope import Envelope, read_content
from models.messages.reply import Reply, Status
from models.quotes.answering import is_accepted_already
from models.quotes.contents import OfferAccepted
from models.quotes.quote import QuoteEnding
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from runtime.cases.beginning import begin_kept
from runtime.cases.rooms import QUOTE_LETTER
from runtime.databases import engine_of
from runtime.delivery.telling import PATIENCE_SECONDS, Told, update_or_signal
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

_ACCEPTED = "offer_accepted"
_ENDED = Words("{number} 已结束（{zh}），不再变动", "{number} has ended ({en}) and changes no more")


async def tell_case(
    client: Client, settings: Settings, number: str, envelope: Envelope, patience: float | None = None
) -> Told:
    """Tell a case a fact or a decision; one that was numbered while the server was away begins now.

    Raises Refusal: unknown_order, server_unavailable, server_refuses. What the case itself refuses stands in the reply.
    """
    from runtime.delivery.order_handles import order_handle
    from runtime.signed_facts import message_to

    wait = PATIENCE_SECONDS if patience is None else patience
    with named_answers():
        try:
            await begin_kept(client, settings, number)
        except Refusal as refusal:
            if refusal.code not in OF_THE_WORLD or refusal.code is Code.SERVER_UNAVAILABLE:
                raise
        message = message_to(settings, number, envelope)
        told = await update_or_signal(order_handle(client, number), envelope, message, wait)
    if told is not None:
        return told
    return await asyncio.to_thread(_after_its_end, settings, number, envelope)


def _after_its_end(settings: Settings, number: str, envelope: Envelope) -> Told:
    """Nothing runs under this number. Kept and shown, where it is not known already."""
    from activities.facts.late_facts import keep_late_fact

    engine = engine_of(settings)
    ending, known = _ENDINGS[number[:1]](engine, number, envelope)
    if known is not None:
        return Told(reply=Reply(status=Status.KNOWN, fact_id=envelope.fact_id, sequence=known))
    keep_late_fact(engine, number, envelope, datetime.now(UTC))
    zh, en = (ending.zh, ending.en) if ending is not None else ("–", "–")
    words = _ENDED.filled(number=number, zh=zh, en=en)
    return Told(reply=Reply.refused(Refusal(Code.ORDER_ENDED, words, where=number), envelope.fact_id, 0))


Ended = tuple[QuoteEnding | CaseEnding | ContractEnding | None, int | None]
"""How it ended; and how far it is recorded, where it knows already what is said."""


def _quote_ended(engine: Engine, number: str, envelope: Envelope) -> Ended:
    """R104: an acceptance of what was accepted already is known, also when the quote has become its order."""
    from activities.quotes.quote_views import show_quote

    quote = show_quote(engine, number)
    if envelope.kind == _ACCEPTED:
        said = read_content(OfferAccepted, envelope.content, inside="content")
        if is_accepted_already(said, quote.accepted_version, quote.accepted_digest):
            return None, quote.sequence
    return next((each for each in QuoteEnding if each.value == quote.ending), None), None


def _case_ended(engine: Engine, number: str, envelope: Envelope) -> Ended:
    from activities.cases.after_sales_views import show_case

    view = show_case(engine, number)
    return next((each for each in CaseEnding if each.value == view.ending), None), None


def _contract_ended(engine: Engine, number: str, envelope: Envelope) -> Ended:
    from activities.contracts.contract_views import show_contract

    view = show_contract(engine, number)
    return next((each for each in ContractEnding if each.value == view.ending), None), None


_ENDINGS: Mapping[str, Callable[[Engine, str, Envelope], Ended]] = {
    QUOTE_LETTER: _quote_ended,
    CASE_LETTER: _case_ended,
    CONTRACT_LETTER: _contract_ended,
}
