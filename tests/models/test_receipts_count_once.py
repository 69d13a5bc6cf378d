"""Random money told to several orders that share a register: no reference ever counts twice (R53).

`LONG_PROPERTIES=1` looks longer.
"""

from __future__ import annotations

import os
from collections import defaultdict
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.dossier.receive import Checked
from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import read_content
from models.messages.reply import Reply, Status
from models.values.money import ZERO
from models.values.receipts import folded
from models.values.vocabulary import Role, Way
from tests.models.life import PEOPLE, Life
from workflows.procedure import claim_of, claimed, receive

ORDERS = st.integers(0, 2)
REFERENCES = st.sampled_from(["TX-1", "tx-1", " TX-1", "TX-2"])
AMOUNTS = st.sampled_from(["1500.00", "1500.00", "6000.00"])
TELLERS = st.sampled_from([Role.FINANCE, Role.SYSTEM, Role.SALESPERSON])


class SeveralOrders(RuleBasedStateMachine):
    """Three orders, one register that gives a receipt to who asks first, and halves of transfers that wait to be told."""

    @initialize()
    def place(self) -> None:
        """R53"""
        self.lives = [Life() for _ in range(3)]
        for number, life in enumerate(self.lives):
            life.order.number = f"N-{number}"
        self.holders: dict[str, str] = {}
        self.waiting: list[tuple[int, str, dict[str, Any], Role]] = []
        self.told: set[str] = set()
        self.said = 0

    def say(self, number: int, kind: str, content: dict[str, Any], role: Role) -> Reply:
        """As the workflow takes it: what must be asked is asked first."""
        self.said += 1
        life = self.lives[number]
        order = life.order
        envelope = fact_envelope(
            f"f/{self.said}",
            kind,
            content,
            by=PEOPLE.get(role.value, "bank"),
            role=role,
            happened_at=life.now,
        )
        said = Checked(envelope, envelope, FACT_KINDS[kind], read_content(FACT_KINDS[kind].content, content))
        claim = claim_of(order, said, life.now)
        if claim is not None:
            holder = self.holders.setdefault(claim.key, order.number)
            claimed(order, claim, holder != order.number)
        reply = receive(order, said, life.now)
        self.record(number)
        return reply

    def record(self, number: int) -> None:
        """As the recorder: claims follow the payments, and halves of transfers go to the other order."""
        order = self.lives[number].order
        counted = {p.claim(order.number) for p in order.ledger.payments if not p.bounced and not p.elsewhere}
        for key in {p.claim(order.number) for p in order.ledger.payments} - counted:
            if self.holders.get(key) == order.number:
                del self.holders[key]
        for payment in order.ledger.told_twice:
            holder = self.holders.get(payment.claim(order.number), "")
            if payment.asked is not None and holder and payment.asked_transfer not in self.told:
                self.told.add(payment.asked_transfer)
                asked = {"reference": payment.reference, "amount": str(payment.asked), "reason": "-"}
                more = {"wrong_order": True, "transfer": payment.asked_transfer}
                self.waiting.append((int(holder[-1]), "money_transferred_out", asked | more, Role.FINANCE))
        for half in order.ledger.transfers:
            if half.way is Way.OUT and f"{half.transfer}/in" not in self.told:
                self.told.add(f"{half.transfer}/in")
                receivers = [
                    n
                    for n, life in enumerate(self.lives)
                    if any(p.asked_transfer == half.transfer for p in life.order.ledger.payments)
                ]
                receiver = int(half.to[-1]) if half.to else receivers[0]
                given = {"reference": half.reference, "amount": str(half.amount), "method": half.method.value}
                more = {"paid_at": half.paid_at.isoformat(), "transfer": half.transfer}
                self.waiting.append((receiver, "money_transferred_in", given | more, Role.SYSTEM))

    @rule(number=ORDERS, reference=REFERENCES, amount=AMOUNTS, role=TELLERS, cash=st.booleans())
    def pay(self, number: int, reference: str, amount: str, role: Role, *, cash: bool) -> None:
        """Money is told by anybody to any order."""
        content = {"reference": reference, "amount": amount, "method": "cash" if cash else "bank"}
        self.say(number, "payment_received", content, role)

    @rule(number=ORDERS, reference=REFERENCES, fact=st.sampled_from(["payment_bounced", "payment_corrected"]))
    def fall(self, number: int, reference: str, fact: str) -> None:
        """It bounces, or was told wrong."""
        known = self.lives[number].order.ledger.find(reference)
        if known is not None:
            self.say(number, fact, {"reference": reference, "reason": "-"}, Role.FINANCE)

    @precondition(lambda self: any(life.order.ledger.told_twice for life in self.lives))
    @rule(
        outcome=st.sampled_from(["move", "split", "void", "other_transfer"]),
        amount=AMOUNTS,
        right=st.sampled_from(["TX-2", ""]),
    )
    def settle(self, outcome: str, amount: str, right: str) -> None:
        """Finance says what a second telling is."""
        number, payment = next(
            (n, life.order.ledger.told_twice[-1])
            for n, life in enumerate(self.lives)
            if life.order.ledger.told_twice
        )
        content = {"reference": payment.voucher, "outcome": outcome}
        if outcome == "split":
            content["amount"] = amount
        if outcome == "other_transfer":
            content |= {"right_reference": right} if right else {"note": "同号"}
        self.say(number, "second_telling_settled", content, Role.FINANCE)

    @precondition(lambda self: any(p.counts for life in self.lives for p in life.order.ledger.payments))
    @rule(other=ORDERS, wrong=st.booleans(), amount=st.sampled_from(["", "500.00"]))
    def give(self, other: int, amount: str, *, wrong: bool) -> None:
        """Finance moves money of its own accord."""
        number, payment = next(
            (n, p) for n, life in enumerate(self.lives) for p in life.order.ledger.payments if p.counts
        )
        content = {"reference": payment.voucher, "to": f"N-{other}", "wrong_order": wrong, "reason": "-"}
        self.say(
            number, "money_transferred_out", content | ({"amount": amount} if amount else {}), Role.FINANCE
        )

    @precondition(lambda self: self.waiting)
    @rule()
    def hear(self) -> None:
        """The next half is told; twice, because whoever tells it may have been killed in between."""
        number, kind, content, role = self.waiting.pop(0)
        self.say(number, kind, content, role)
        self.say(number, kind, content, role)

    @rule(number=ORDERS)
    def later(self, number: int) -> None:
        """An hour passes for all."""
        for life in self.lives:
            life.later(hours=1)

    @invariant()
    def no_reference_counts_twice(self) -> None:
        """R53: in one order at most, and moved only as much as it was."""
        counted: dict[str, list[str]] = defaultdict(list)
        for life in self.lives:
            for payment in life.order.ledger.payments:
                if payment.counts and not payment.transfer:
                    counted[payment.claim(life.order.number)].append(life.order.number)
        assert {key: orders for key, orders in counted.items() if len(orders) > 1} == {}
        assert {key: self.holders.get(key) for key in counted} == {
            key: orders[0] for key, orders in counted.items()
        }

    @invariant()
    def what_is_moved_is_neither_made_nor_lost(self) -> None:
        """R53: what came in by transfers went out by them, or waits to be told."""
        halves: dict[str, dict[Way, Decimal]] = defaultdict(dict)
        for life in self.lives:
            for half in life.order.ledger.transfers:
                halves[half.transfer][half.way] = half.amount
            came = [payment.transfer for payment in life.order.ledger.payments if payment.transfer]
            assert len(came) == len(set(came))
            for payment in life.order.ledger.payments:
                assert ZERO <= payment.here <= payment.amount
        on_the_way = {content["transfer"] for _, kind, content, _ in self.waiting if kind.endswith("_in")}
        for transfer, each in halves.items():
            assert Way.OUT in each
            assert each.get(Way.IN, each[Way.OUT]) == each[Way.OUT]
            assert Way.IN in each or transfer in on_the_way

    @invariant()
    def nobody_learns_another_orders_number(self) -> None:
        """R53: but where finance named it."""
        for number, life in enumerate(self.lives):
            text = " ".join(p.model_dump_json() for p in life.order.ledger.payments)
            assert not any(f'"N-{other}"' in text for other in range(3) if other != number)


def test_a_folded_reference_is_what_people_mean() -> None:
    assert {folded(each) for each in ("TX-1", " tx-1 ", "TX-1", "Tx-1")} == {"tx-1"}
    assert folded("STRASSE-1") == folded("straße-1")
    assert Status.ACCEPTED.value == "accepted"


LONG = bool(os.environ.get("LONG_PROPERTIES"))
TestSeveralOrders = SeveralOrders.TestCase
TestSeveralOrders.settings = settings(
    max_examples=400 if LONG else 60,
    stateful_step_count=40 if LONG else 25,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
