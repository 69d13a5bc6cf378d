"""Stories of quotes as they are played: what only a quote looks at, and who makes its order (R104)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from temporalio import activity

from models.dossier.errands import ErrandDone
from models.quotes.costing import shown_percent
from models.quotes.quote import Quote
from models.quotes.quoted_order import QuotedOrder, order_of
from rehearsal.beside import on_model
from rehearsal.beside.kind import Look, Outside, StoryKind
from rehearsal.beside.order_desk import OrderDesk
from rehearsal.beside.played import Played
from rehearsal.beside.quote_story import QuoteMove, QuoteScript
from workflows import quoting
from workflows.engine.limits import ORDER_ACTIVITY
from workflows.quote import DURABLE, CarriedQuote

PlayedQuote = Played[Quote, QuoteScript]


def _looks(move: QuoteMove, quote: Quote) -> Iterator[Look]:
    expected = move.expected
    if expected is None:
        return
    newest = quote.offers[-1] if quote.offers else None
    yield "version", expected.version, quote.last_version
    yield "unit_price", expected.unit_price, newest.prices[0].unit_price if newest else None
    yield (
        "margin",
        expected.margin,
        str(shown_percent(quote.margin_of_offer(newest))) if newest and expected.margin else None,
    )
    request = order_of(quote)
    if isinstance(expected.order, bool):
        yield "order", expected.order, request is not None
    elif expected.order is not None:
        yield "order total", expected.order.total, request.total if request else None
        yield "order price", expected.order.unit_price, request.lines[0].unit_price if request else None
        wanted = request.wanted_date if request else None
        yield "order wanted on", expected.order.wanted_date, wanted.isoformat() if wanted else None


class OrdersOfQuotes:
    """Who makes orders of quotes, where stories are played: an order has a number, and no life."""

    def __init__(self, scripts: Sequence[QuoteScript]) -> None:
        self._desks = {each.start.number: OrderDesk(each.begins, each.story.not_made) for each in scripts}

    @activity.defn(name=ORDER_ACTIVITY)
    def make_quoted_order(self, asked: QuotedOrder) -> ErrandDone:
        """In place of the activity that begins real orders (R104)."""
        return self._desks[asked.quote].make()


def _outside(scripts: Sequence[QuoteScript]) -> Outside:
    return {ORDER_ACTIVITY: OrdersOfQuotes(scripts).make_quoted_order}


def _hash_of(quote: Quote, version: int) -> str | None:
    offer = quote.offer_numbered(version)
    return offer.digest if offer else None


QUOTES: StoryKind[Quote, QuoteScript] = StoryKind(
    word="quote",
    durable=DURABLE,
    dossier=Quote,
    begin=quoting.begin,
    carried=lambda quote, events: CarriedQuote(quote=quote, continue_after_events=events),
    stage=lambda quote: quote.stage,
    ending=lambda quote: quote.ending,
    looks=_looks,
    outside=_outside,
    hash_of=_hash_of,
)
"""What makes a story of a quote one of its own."""


def play_quote(script: QuoteScript) -> PlayedQuote:
    """The story on the pure model."""
    return on_model.play(QUOTES, script)
