"""The player without any engine: the story on the pure model, in milliseconds. Scheduled jobs do not run here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.messages.reply import Reply
from models.order.order import Order
from models.request.start_limits import require_startable
from models.values.errors import Refusal
from rehearsal.beside.contracted import with_terms_as_ordered
from rehearsal.expectation import DuePaper, Seen
from rehearsal.played import Looked, Played
from rehearsal.script import Looking, Move, Receiving, Script, Stocking, Telling
from rehearsal.stand_ins.books_in_memory import BooksInMemory
from rehearsal.stand_ins.order_books import OrderBooks
from rehearsal.stand_ins.provider_of_stories import ProviderInMemory
from rehearsal.stand_ins.receipts_of_stories import StoryReceipts
from rehearsal.stand_ins.stock_of_stories import stock_of, stocked
from workflows.procedure import advance, begin, claim_of, claimed, entered, next_deadline, receive

MOST_WAKE_UPS = 10_000


def play(script: Script, number: str = "20270101-0001") -> Played:
    """The story from its start to its last moment. Time stops at every deadline, as the order's timer does."""
    lives = _Lives(script, number)
    try:
        lives.begin()
    except Refusal as refusal:
        lives.played.refused(refusal)
        return lives.played
    for moves in zip(*(each.moves for each in script.all_alike), strict=True):
        lives.live(moves)
    first = lives.orders[0]
    lives.played.order, lives.played.journal = first, list(first.unsaved)
    return lives.played


class _Lives:
    """The order of a story, or its orders that are alike, and what they share."""

    def __init__(self, script: Script, number: str) -> None:
        self.script, self.played = script, Played(script, number)
        self.warehouse, self.receipts = StoryWarehouse(script), StoryReceipts()
        self.claims, self.orders = ClaimsInMemory(self.receipts), list[Order]()

    def begin(self) -> None:
        """Place them, one after the other at one moment. Raises Refusal."""
        for place, each in enumerate(self.script.all_alike):
            start = each.order_start(_number_after(self.played.number, place))
            require_startable(start)
            self.orders.append(begin(start, self.script.start))
            answer(self.orders[-1], self.warehouse.books)

    def live(self, moves: Sequence[Move]) -> None:
        """One move of each order."""
        for order, own in zip(self.orders, moves, strict=True):
            live_until(order, own.at, self.warehouse.books)
        for place, (order, own) in enumerate(zip(self.orders, moves, strict=True), 1):
            if isinstance(own, Telling) and own.only in {None, place}:
                self._tell(order, own)
        move = moves[0]
        if isinstance(move, Stocking):
            self.warehouse.happens(self.orders[0], move)
        elif isinstance(move, Receiving):
            self._receive(move)
        elif isinstance(move, Looking):
            self.played.looked(move, [_looked(order, self.script) for order in self.orders])

    def _tell(self, order: Order, move: Telling) -> None:
        self.claims.ask(order, move)
        reply: Reply = receive(order, entered(with_terms_as_ordered(move.envelope, order)), move.at)
        answer(order, self.warehouse.books)
        self.played.told(move, reply)

    def _receive(self, move: Receiving) -> None:
        orders = {each.number: each for each in self.orders}
        code, told = self.receipts.happens(list(orders), self.script.request.customer, move)
        for number, envelope in told:
            receive(orders[number], entered(envelope), move.at)
            answer(orders[number], self.warehouse.books)
        self.played.received(move, code)


def _number_after(number: str, place: int) -> str:
    day, _, last = number.rpartition("-")
    return f"{day}-{int(last) + place:04}" if place else number


def _looked(order: Order, script: Script) -> Looked:
    papers = [DuePaper.of_intention(each, script.company) for each in order.unsent]
    return Looked(order, order.unsaved, Seen(papers, jobs_ran=False))


class ClaimsInMemory:
    """What counts once in the house (R53, R162, R151): whoever of the orders asked first has it, and finance's receipts before all.

    A single order has nobody who could have it before.
    """

    def __init__(self, receipts: StoryReceipts) -> None:
        self._receipts, self._held = receipts, dict[str, str]()

    def ask(self, order: Order, telling: Telling) -> None:
        """Before it is told: whether this order has what the fact names."""
        claim = claim_of(order, entered(telling.envelope), telling.at)
        if claim is None:
            return
        holder = self._held.setdefault(claim.key, order.number)
        claimed(order, claim, holder != order.number or self._receipts.has(claim.key))


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
