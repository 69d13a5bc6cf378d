"""The player without any engine: the story on the pure model, in milliseconds. Scheduled jobs do not run here."""

from __future__ import annotations

from datetime import datetime

from models.messages.reply import Reply
from models.order.order import Order
from models.request.start_limits import require_startable
from models.values.errors import Refusal
from rehearsal.beside.contracted import with_terms_as_ordered
from rehearsal.expectation import DuePaper, Seen
from rehearsal.played import Played
from rehearsal.script import Looking, Receiving, Script, Stocking, Telling
from rehearsal.stand_ins.books_in_memory import BooksInMemory
from rehearsal.stand_ins.order_books import OrderBooks
from rehearsal.stand_ins.provider_of_stories import ProviderInMemory
from rehearsal.stand_ins.receipts_of_stories import StoryReceipts
from rehearsal.stand_ins.stock_of_stories import stock_of, stocked
from workflows.procedure import advance, begin, entered, next_deadline, receive

MOST_WAKE_UPS = 10_000


def play(script: Script, number: str = "20270101-0001") -> Played:
    """The story from its start to its last moment. Time stops at every deadline, as the order's timer does."""
    played, warehouse = Played(script, number), StoryWarehouse(script)
    books, receipts = warehouse.books, StoryReceipts()
    try:
        start = script.order_start(number)
        require_startable(start)
        order = begin(start, script.start)
        answer(order, books)
    except Refusal as refusal:
        played.refused(refusal)
        return played
    for move in script.moves:
        live_until(order, move.at, books)
        if isinstance(move, Telling):
            reply: Reply = receive(order, entered(with_terms_as_ordered(move.envelope, order)), move.at)
            answer(order, books)
            played.told(move, reply)
        elif isinstance(move, Stocking):
            warehouse.happens(order, move)
        elif isinstance(move, Receiving):
            code, told = receipts.happens(order.number, order.customer.customer, move)
            for envelope in told:
                receive(order, entered(envelope), move.at)
                answer(order, books)
            played.received(move, code)
        elif isinstance(move, Looking):
            papers = [DuePaper.of_intention(each, script.company) for each in order.unsent]
            played.looked(move, order, order.unsaved, Seen(papers, jobs_ran=False))
    played.order, played.journal = order, list(order.unsaved)
    return played


class StoryWarehouse:
    """The stock of a story: what its order asks of it, and what happens there."""

    def __init__(self, script: Script) -> None:
        self.stock = stock_of(script)
        self.books = OrderBooks(self.stock, ProviderInMemory(script.story.provider))

    def happens(self, order: Order, move: Stocking) -> None:
        """Let it happen; the order hears what concerns it."""
        for envelope in stocked(self.stock, move, order.number):
            receive(order, entered(envelope), move.at)
            answer(order, self.books)


def answer(order: Order, books: BooksInMemory) -> None:
    """What the order asks of the books that orders share is answered at once."""
    books.answer(order, lambda said: receive(order, said, order.clock))


def live_until(order: Order, moment: datetime, books: BooksInMemory | None = None) -> None:
    """Let time pass, waking the order at each of its deadlines; `books` answer what it asks meanwhile."""
    books = books or OrderBooks()
    for _ in range(MOST_WAKE_UPS):
        deadline = next_deadline(order)
        if deadline is None or deadline > moment:
            break
        advance(order, deadline)
        answer(order, books)
    else:
        raise RuntimeError(f"order {order.number} asks to be woken without end at {order.clock}")
    advance(order, moment)
    answer(order, books)
