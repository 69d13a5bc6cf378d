"""Settlement and what the customer says after delivery (R80, R81)."""

from __future__ import annotations

from models.values.vocabulary import Ending, Headline, Role
from tests.models.life import SIGNER, Life

CONTRACT = {"reference": "HT-1", "payment_terms": "on_account", "account_days": 30}


def delivered() -> Life:
    """Class A on account: everything is with the customer, nothing is paid."""
    life = Life(
        payment_terms="on_account",
        deposit_percent=None,
        customer={"customer_class": "A", "contract": CONTRACT},
    )
    life.verified().sheet_out().signed().does("production_signed", version=1, clerk="service_clerk-1")
    life.made().passed().sent().does("arrived", shipment="1")
    return life.does("delivery_receipt", shipment="1", signed_by=SIGNER, role=Role.CUSTOMER)


def test_an_order_is_settled_when_the_payments_reach_the_bill() -> None:
    """R80: to the fen, and not before."""
    life = delivered().paid("4999.99")
    assert life.order.ending is None
    assert life.waiting == {"account_balance"}
    life.paid("0.01")
    assert (life.order.ending, life.order.headline) == (Ending.SETTLED, Headline.SETTLED)
    assert life.order.ledger.paid == life.order.bill


def test_a_receipt_confirmed_after_completion_is_known_and_moves_nothing() -> None:
    """R81: said before delivery it is kept until then; the customer's signature has completed the order."""
    before = Life().verified()
    assert before.tell("receipt_confirmed", role=Role.CUSTOMER).status.value == "kept_early"
    assert not before.order.receipt_confirmed
    life = delivered()
    waiting, headline = life.waiting, life.order.headline
    assert life.tell("receipt_confirmed", role=Role.CUSTOMER, words="很好").status.value == "known"
    assert not life.order.receipt_confirmed
    assert (life.waiting, life.order.headline) == (waiting, headline)
    assert delivered().paid("5000.00").order.ending is Ending.SETTLED
