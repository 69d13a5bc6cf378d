"""Papers and notices that are due: journaled as intentions, each with an identity so that it goes out once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.dossier.papers import cases, contracts, goods, money, orders, people, quotes, reports, shop, ways
from models.values.vocabulary import Role, Term, Words
from models.writing.printed_figures import moment


class Paper(Term):
    """What is to be made or said. `{…}` is filled in when it becomes due."""

    # The values and words stand in `models.dossier.papers`, by what a paper is about.
    RECEIPT = orders.RECEIPT
    WAITING_TIME = orders.WAITING_TIME
    QUESTION = orders.QUESTION
    PRICE_DIFFERENCE = orders.PRICE_DIFFERENCE
    APOLOGY = orders.APOLOGY
    SHEET = orders.SHEET
    SHEET_AGAIN = orders.SHEET_AGAIN
    NEW_PROMISE = orders.NEW_PROMISE
    GUARANTEE = goods.GUARANTEE
    INSTRUCTION = orders.INSTRUCTION
    EXCEPTION = orders.EXCEPTION
    FINISHED = goods.FINISHED
    BALANCE = money.BALANCE
    REMINDER = money.REMINDER
    SHIPPING = goods.SHIPPING
    DELIVERY_NOTE = goods.DELIVERY_NOTE
    RELEASE_WITHDRAWN = goods.RELEASE_WITHDRAWN
    SHIPMENT = goods.SHIPMENT
    TRANSIT = goods.TRANSIT
    ARRIVED = goods.ARRIVED
    COLLECT = goods.COLLECT
    RECALL = goods.RECALL
    RECALL_OFF = goods.RECALL_OFF
    COLLECTION_LOWERED = goods.COLLECTION_LOWERED
    PICKING_LIST = goods.PICKING_LIST
    SHORTAGE = goods.SHORTAGE
    BATCH_LATE = goods.BATCH_LATE
    OVERDUE = orders.OVERDUE
    EXTENSION = orders.EXTENSION
    HANGING = orders.HANGING
    OVERPAID = money.OVERPAID
    PAYMENT = money.PAYMENT
    PAYMENT_FELL = money.PAYMENT_FELL
    DEPOSIT_BACK = money.DEPOSIT_BACK
    CANCELLED = orders.CANCELLED
    REST_CANCELLED = orders.REST_CANCELLED
    AMENDMENT_OVERTAKEN = orders.AMENDMENT_OVERTAKEN
    TRACKING_NUMBERS = reports.TRACKING_NUMBERS
    WATCH_LIST = reports.WATCH_LIST
    STATISTICS = reports.STATISTICS
    ARCHIVE = reports.ARCHIVE
    RESPONSIBILITY = reports.RESPONSIBILITY
    DEMAND = reports.DEMAND
    DURATIONS = reports.DURATIONS
    WARRANTY = goods.WARRANTY
    JOINT_CHECK = people.JOINT_CHECK
    SIGNING_CODE = people.SIGNING_CODE
    STEP_GIVEN = people.STEP_GIVEN
    URGED = people.URGED
    LOG_IN_CODE = people.LOG_IN_CODE
    CUSTOMER_ASKED = people.CUSTOMER_ASKED
    REORDER_ASKED = people.REORDER_ASKED
    ANSWER = people.ANSWER
    REASSIGNED = people.REASSIGNED
    SHIPMENT_CHECK = goods.SHIPMENT_CHECK
    DAILY_REPORT = reports.DAILY_REPORT
    ENQUIRY = quotes.ENQUIRY
    QUOTATION = quotes.QUOTATION
    OFFER_REMINDER = quotes.OFFER_REMINDER
    OFFER_EXPIRED = quotes.OFFER_EXPIRED
    OFFER_SENT_BACK = quotes.OFFER_SENT_BACK
    COUNTER_OFFER = quotes.COUNTER_OFFER
    OFFER_ACCEPTED = quotes.OFFER_ACCEPTED
    ACCEPTED_LATE = quotes.ACCEPTED_LATE
    QUOTE_WITHDRAWN = quotes.QUOTE_WITHDRAWN
    CASE_OPENED = cases.CASE_OPENED
    CASE_ACKNOWLEDGED = cases.CASE_ACKNOWLEDGED
    CASE_GRANTED = cases.CASE_GRANTED
    CASE_GRANTED_GOODS = cases.CASE_GRANTED_GOODS
    CASE_REFUSED = cases.CASE_REFUSED
    CASE_GOODS_REMINDER = cases.CASE_GOODS_REMINDER
    CASE_UNSENT = cases.CASE_UNSENT
    CASE_INSPECTED = cases.CASE_INSPECTED
    REFUND_DUE = cases.REFUND_DUE
    EXCHANGE_DIFFERENCE = cases.EXCHANGE_DIFFERENCE
    CASE_REMEDIED = cases.CASE_REMEDIED
    CASE_OBJECTED = cases.CASE_OBJECTED
    CASE_CLOSED = cases.CASE_CLOSED
    SURVEY = cases.SURVEY
    CONTRACT = contracts.CONTRACT
    CONTRACT_SENT_BACK = contracts.CONTRACT_SENT_BACK
    SIGNING_ARRANGED = contracts.SIGNING_ARRANGED
    CONTRACT_DECLINED = contracts.CONTRACT_DECLINED
    CONTRACT_IN_FORCE = contracts.CONTRACT_IN_FORCE
    CONTRACT_EXPIRES = contracts.CONTRACT_EXPIRES
    CONTRACT_ENDED = contracts.CONTRACT_ENDED
    CONTRACT_WANTED = contracts.CONTRACT_WANTED
    ORDER_APPROVED = orders.ORDER_APPROVED
    MATERIAL_EXPECTED = orders.MATERIAL_EXPECTED
    QUOTE_OVER = quotes.QUOTE_OVER
    CONTRACT_LOST = contracts.CONTRACT_LOST
    SERVICE_PROGRESS = ways.SERVICE_PROGRESS
    SERVICE_GIVEN = ways.SERVICE_GIVEN
    SERVICE_ACCEPTED = ways.SERVICE_ACCEPTED
    SAMPLE_ROUND = ways.SAMPLE_ROUND
    TRIAL_BEGINS = ways.TRIAL_BEGINS
    TRIAL_REMINDER = ways.TRIAL_REMINDER
    SAMPLE_TRIED = ways.SAMPLE_TRIED
    CREDIT_HELD = money.CREDIT_HELD
    CREDIT_FREED = money.CREDIT_FREED
    CREDIT_KEPT = money.CREDIT_KEPT
    CREDIT_NOTE = money.CREDIT_NOTE
    INVOICE_ASKED = money.INVOICE_ASKED
    INVOICE_ISSUED = money.INVOICE_ISSUED
    RED_LETTER = money.RED_LETTER
    PAYABLE = shop.PAYABLE
    ORDER_PAID = shop.ORDER_PAID
    PAYMENT_LAPSED = shop.PAYMENT_LAPSED
    ORDER_REOPENED = shop.ORDER_REOPENED
    OTHER_AMOUNT = shop.OTHER_AMOUNT
    REFUND_ASKED = shop.REFUND_ASKED
    REFUNDED = shop.REFUNDED
    REFUND_FAILED = shop.REFUND_FAILED
    MERCHANT_ACCEPTED = shop.MERCHANT_ACCEPTED
    DELAY_TOLD = shop.DELAY_TOLD
    SHOP_ORDERED = shop.SHOP_ORDERED


class StaffId(str):
    """A person of the staff within a text. The journal has the id; who is told reads the name."""

    __slots__ = ()


def as_journaled(paper: Paper, values: Mapping[str, object]) -> Words:
    """What becomes due, in the words of the journal: moments as ISO 8601 in UTC. Kept as said, and not hashed."""
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
    return Words(paper.zh, paper.en).filled(**plain)


def as_said(paper: Paper, values: Mapping[str, object]) -> Words:
    """The same for those who are told: moments in business time."""
    plain = {name: moment(value) if isinstance(value, datetime) else value for name, value in values.items()}
    return Words(paper.zh, paper.en).filled(**plain)


class Intention(BaseModel):
    """One paper or notice that is due. `identity` is unique within the order: the same one is never due twice."""

    model_config = ConfigDict(frozen=True)

    identity: str
    paper: Paper
    to: tuple[Role, ...]
    zh: str
    en: str
    rule: str
    created_at: datetime
    sequence: int
    content: dict[str, Any] | None = None
    """What is to be printed (`models.order.paper_contents`); None for a notice."""
    named: tuple[str, ...] = ()
    """Ids of staff that stand in the words, to be replaced by names."""
    person: str = ""
    """Who of the staff in particular is told, where it is not whoever has the role for this order."""
