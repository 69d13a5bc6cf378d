"""Whatever is said to a quote in whatever order: what must be true of it at every moment, and that it comes to an end (R102 to R106)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.dossier.journal import FIRST_LINK
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.quotes.approval import levels_of
from models.quotes.offer import Offer
from models.quotes.quote import Quote, QuoteEnding
from models.quotes.quoted_order import order_of
from models.values.vocabulary import Role
from tests.models.quote_life import QuoteLife, costing, sheet
from workflows import case
from workflows.quoting import QUOTES

PRICES = st.decimals("0.0001", "9.9999", places=4).map(str)
VERSIONS = st.integers(1, 8)
SELLERS = st.sampled_from([Role.CUSTOMER, Role.SALESPERSON, Role.SERVICE_CLERK])
DECIDERS = st.sampled_from([Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR, Role.FINANCE])


class RandomQuote(RuleBasedStateMachine):
    """One quote, told anything at any time."""

    @initialize(finance=st.booleans())
    def asked_for(self, finance: bool) -> None:
        rows = [{"what": "quote", "amount_above": "30000", "levels": [["finance"]]}] if finance else []
        self.life = QuoteLife(policy={"approvals": rows})
        self.frozen: dict[int, tuple[Any, ...]] = {}
        self.accepted: tuple[int, str] | None = None

    @property
    def quote(self) -> Quote:
        return self.life.quote

    @rule(hours=st.sampled_from([1, 5, 24, 24 * 5, 24 * 15]))
    def time_passes(self, hours: int) -> None:
        self.life.later(hours=hours)

    @rule(cost=st.decimals("1", "60000", places=2).map(str))
    def costs_are_told(self, cost: str) -> None:
        self.life.hear("cost_sheet_made", Role.PURCHASING, {"sheets": [sheet(rows=costing(cost))]})

    @rule(price=st.none() | PRICES)
    def an_offer_is_made(self, price: str | None) -> None:
        asked = {"line": 1, "quantity": "10000", **({"unit_price": price} if price else {})}
        self.life.hear("offer_made", Role.SALESPERSON, {"prices": [asked]})

    @rule(version=VERSIONS)
    def one_is_sent(self, version: int) -> None:
        self.life.hear("offer_sent", Role.SALESPERSON, {"version": version})

    @rule(outcome=st.sampled_from(["approve", "send_back"]), role=DECIDERS)
    def one_is_approved(self, outcome: str, role: Role) -> None:
        self.life.decide(outcome, role, detail={"words": "-"})

    @rule(version=VERSIONS, price=PRICES)
    def the_customer_bids(self, version: int, price: str) -> None:
        bid = {"line": 1, "quantity": "10000", "unit_price": price}
        self.life.hear("counter_offered", Role.CUSTOMER, {"version": version, "prices": [bid]})

    @rule(version=VERSIONS, role=SELLERS, hours=st.sampled_from([0, 0, 3, 24 * 4]))
    def one_is_accepted(self, version: int, role: Role, hours: int) -> None:
        offer = self.quote.offer_numbered(version)
        said = {"version": version, "digest": offer.digest if offer and offer.digest else "0" * 12}
        if role is not Role.CUSTOMER:
            said |= {"signed_by": "王芳", "document": "F-1"}
        before = self.quote.accepted
        reply = self.life.hear("offer_accepted", role, said, happened=self.life.now - timedelta(hours=hours))
        if reply.status is Status.KNOWN:
            assert self.quote.accepted == before

    @rule(outcome=st.sampled_from(["honour", "requote"]))
    def a_late_one_is_decided(self, outcome: str) -> None:
        self.life.decide(outcome, Role.SALES_SUPERVISOR, Subject.LATE_ACCEPTANCE)

    @rule(made=st.booleans())
    def the_order_desk_answers(self, made: bool) -> None:
        if self.quote.accepted is None or not self.quote.lives:
            return
        if made:
            self.life.hear("order_made", Role.SYSTEM, {"order": "20270301-0001"})
        else:
            self.life.hear("order_not_made", Role.SYSTEM, {"code": "x", "zh": "不行", "en": "no"})
            self.life.hear("order_wanted", Role.SALESPERSON, {})

    @rule(refused=st.booleans(), version=VERSIONS)
    def it_is_given_up(self, refused: bool, version: int) -> None:
        if refused:
            self.life.hear("offer_refused", Role.CUSTOMER, {"version": version})
        elif version == 1:
            self.life.hear("withdrawn", Role.SALESPERSON, {"reason": "-"})

    @rule()
    def it_is_carried_over(self) -> None:
        """Written down and read again, as between two runs: the same quote."""
        again = Quote.model_validate_json(self.quote.model_dump_json())
        # what nobody was answered about belongs to the recorder, and is carried nowhere
        assert {name: getattr(again, name) for name in Quote.model_fields} == {
            name: getattr(self.quote, name) for name in Quote.model_fields
        }

    # --- at every moment ---------------------------------------------------------------------------------------------

    @invariant()
    def a_sent_version_never_changes(self) -> None:
        for offer in self.quote.offers:
            if offer.sent_at is not None:
                said = (offer.digest, offer.prices, offer.valid_until, offer.sent_at, offer.payment_terms)
                assert self.frozen.setdefault(offer.version, said) == said

    @invariant()
    def the_customer_has_one_version_at_most(self) -> None:
        in_force = [each for each in self.quote.offers if each.sent_at and not each.superseded_at]
        assert len(in_force) <= 1
        assert [offer.version for offer in self.quote.offers] == list(range(1, len(self.quote.offers) + 1))

    @invariant()
    def nothing_is_sent_without_the_approval_that_it_needs(self) -> None:
        for offer in self.quote.offers:
            if offer.sent_at is not None and not offer.by_customer and levels_of(self.quote, offer):
                records = [*self.quote.voided, *self.quote.asked.values()]
                about = [
                    each for each in records if each.about_words.get("offer_version") == str(offer.version)
                ]
                assert any(each.outcome == "approve" for each in about), offer.version

    @invariant()
    def an_order_rests_on_an_accepted_version(self) -> None:
        accepted, request = self.quote.accepted, order_of(self.quote)
        assert (accepted is None) is (request is None)
        if accepted is None or request is None:
            return
        offer = self.quote.offer_numbered(accepted.version)
        assert isinstance(offer, Offer)
        assert self.accepted in (None, (accepted.version, offer.digest))
        self.accepted = (accepted.version, offer.digest)
        assert accepted.late or offer.was_valid_at(accepted.at)
        assert request.lines[0].unit_price == offer.prices[0].unit_price
        assert request.total == offer.prices[0].amount > Decimal(0)

    @invariant()
    def whoever_waits_has_an_open_step_and_time_goes_on(self) -> None:
        if self.quote.lives:
            assert self.quote.steps
            deadline = case.next_deadline(QUOTES, self.quote)
            assert deadline is None or deadline > self.quote.clock
        else:
            assert not self.quote.steps
            assert self.quote.ending in set(QuoteEnding)

    @invariant()
    def the_journal_has_no_gap_and_is_chained(self) -> None:
        entries = self.quote.unsaved
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry.previous for entry in entries] == [FIRST_LINK, *(each.hash for each in entries[:-1])]

    def teardown(self) -> None:
        """It comes to an end whatever was said: an accepted one as an order, an expired one by itself, the rest withdrawn."""
        quote = self.quote
        if quote.lives and quote.accepted is not None:
            self.life.hear("order_made", Role.SYSTEM, {"order": "20270301-0001"})
        elif quote.closes_at is not None:
            self.life.until(quote.closes_at)
            assert quote.ending is QuoteEnding.EXPIRED
        elif quote.lives:
            self.life.hear("withdrawn", Role.SALESPERSON, {"reason": "-"})
        assert not quote.lives


TestRandomQuotes = RandomQuote.TestCase
TestRandomQuotes.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
