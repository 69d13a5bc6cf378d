"""Telling a quote something: by update with an answer, else by signal; one that has ended says how (R104)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.messages.envelope import Envelope, read_content
from models.messages.reply import Reply, Status
from models.quotes.answering import is_accepted_already
from models.quotes.contents import OfferAccepted
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of
from runtime.delivery.telling import PATIENCE_SECONDS, Told, update_or_signal
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

_ACCEPTED = "offer_accepted"
_ENDED = Words("报价已结束（{zh}），不再变动", "the quote has ended ({en}) and changes no more")


async def tell_quote(
    client: Client, settings: Settings, number: str, envelope: Envelope, patience: float | None = None
) -> Told:
    """Tell a quote a fact or a decision; one that was numbered while the server was away begins now.

    Raises Refusal: unknown_order, server_unavailable, server_refuses. What the quote itself refuses stands in the reply.
    An acceptance of what was accepted already is known, also when the quote has become its order.
    """
    from runtime.delivery.order_handles import order_handle
    from runtime.quotes.placing import begin_kept
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
    from activities.quotes.quote_views import show_quote
    from models.quotes.quote import QuoteEnding

    engine = engine_of(settings)
    quote = show_quote(engine, number)
    if envelope.kind == _ACCEPTED:
        said = read_content(OfferAccepted, envelope.content, inside="content")
        if is_accepted_already(said, quote.accepted_version, quote.accepted_digest):
            return Told(reply=Reply(status=Status.KNOWN, fact_id=envelope.fact_id, sequence=quote.sequence))
    keep_late_fact(engine, number, envelope, datetime.now(UTC))
    ended = next((each for each in QuoteEnding if each.value == quote.ending), None)
    words = _ENDED.filled(zh=ended.zh if ended else "–", en=ended.en if ended else "–")
    return Told(reply=Reply.refused(Refusal(Code.ORDER_ENDED, words, where=number), envelope.fact_id, 0))
