"""Every refusal has one stable code, words in both languages and an exit code. This is the one table of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from models.values.vocabulary import Language, Words


class Code(StrEnum):
    """Stable codes: programs may rely on them, so they are only ever added to."""

    # the form of what came in
    MALFORMED = "malformed"
    MALFORMED_FILE = "malformed_file"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    UNKNOWN_FACT = "unknown_fact"
    UNKNOWN_SUBJECT = "unknown_subject"
    UNKNOWN_OUTCOME = "unknown_outcome"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_CLASS = "unknown_class"
    WRONG_UNIT = "wrong_unit"
    BAD_QUANTITY = "bad_quantity"
    BAD_MONEY = "bad_money"
    BAD_TAX_NUMBER = "bad_tax_number"
    DATE_IN_PAST = "date_in_past"
    TOO_FAR_BACK = "too_far_back"
    IN_FUTURE = "in_future"
    NOT_OFFERED = "not_offered"
    TOO_LARGE = "too_large"
    """More bytes than an order, or what is said to one, may have."""
    # what it is about
    UNKNOWN_ORDER = "unknown_order"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_LINE = "unknown_line"
    UNKNOWN_SHIPMENT = "unknown_shipment"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_POLICY = "unknown_policy"
    UNKNOWN_EDITION = "unknown_edition"
    """No such page, paper or path."""
    REQUEST_CONFLICT = "request_conflict"
    FACT_CONFLICT = "fact_conflict"
    ORDER_ENDED = "order_ended"
    REPLAYED = "replayed"
    # who says it
    NOT_SIGNED_IN = "not_signed_in"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNSIGNED = "unsigned"
    """The order takes only what is signed, and this is not, or not rightly."""
    WRONG_ROLE = "wrong_role"
    SAME_PERSON = "same_person"
    # what the order knows
    STALE_VERSION = "stale_version"
    NOT_ASKED = "not_asked"
    ALREADY_DECIDED = "already_decided"
    NOT_IN_WRITING = "not_in_writing"
    CONTRADICTION = "contradiction"
    WRONG_CURRENCY = "wrong_currency"
    TOO_LATE = "too_late"
    MONEY_BOUND = "money_bound"
    QUESTIONED = "questioned"
    """So much that it is asked back whether it is meant; nothing was said to the order."""
    BELOW_SHIPPED = "below_shipped"
    """Less would be ordered than has left the factory."""
    MORE_THAN_RECEIVED = "more_than_received"
    """More would come back than the customer received and has not sent back already."""
    NOT_RETURNABLE = "not_returnable"
    """Such goods do not come back for this cause."""
    NO_CAPACITY = "no_capacity"
    """No machine line makes it, or none has room; or a line could make nothing."""
    INVOICE_NUMBER_USED = "invoice_number_used"
    """Another invoice of the house has this number."""
    ABOVE_BILLED = "above_billed"
    """More would be invoiced than is billed and on no invoice yet."""
    ABOVE_INVOICED = "above_invoiced"
    """A red letter would take back more than remains of its invoice."""
    RECEIPT_KNOWN = "receipt_known"
    """This money of the bank is recorded already: it counts once in the house."""
    ABOVE_RECEIPT = "above_receipt"
    """More would be given than is left of what came in."""
    NAMED_TWICE = "named_twice"
    """One allocation names an order twice."""
    OTHER_CUSTOMER = "other_customer"
    """The order is another customer's."""
    NOT_CLEARED = "not_cleared"
    """A cheque counts once the bank has paid it."""
    CAPACITY_TAKEN = "capacity_taken"
    """These hours of a machine line are another order's by now, or do not hold the work."""
    PRICE_CHANGED = "price_changed"
    """What the customer saw in the shop is not what it costs now; nothing was ordered."""
    NOT_ENOUGH_STOCK = "not_enough_stock"
    """More is wanted in the shop than is there now; nothing was ordered."""
    # the world
    SERVER_UNAVAILABLE = "server_unavailable"
    SERVER_REFUSES = "server_refuses"
    """The Temporal server is there and does not take this; it will not take it later either."""
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    """The payment provider does not answer: it is asked again."""
    PROVIDER_REFUSES = "provider_refuses"
    """The payment provider says no, and will not say yes later either."""
    DATABASE_UNAVAILABLE = "database_unavailable"
    NOT_SET_UP = "not_set_up"
    DISK_FULL = "disk_full"
    STORY_DIFFERS = "story_differs"
    FAULT = "fault"
    """A fault of the program itself; it stands in its log."""


EXIT_CODES: dict[Code, int] = {
    Code.STORY_DIFFERS: 1,
    # 2 is the command line's own "wrong usage"
    **dict.fromkeys(
        (
            Code.MALFORMED, Code.MALFORMED_FILE, Code.UNKNOWN_FIELD, Code.MISSING_FIELD, Code.UNKNOWN_FACT,
            Code.UNKNOWN_SUBJECT, Code.UNKNOWN_OUTCOME, Code.UNKNOWN_CHANNEL, Code.UNKNOWN_CLASS, Code.WRONG_UNIT,
            Code.BAD_QUANTITY, Code.BAD_MONEY, Code.BAD_TAX_NUMBER, Code.DATE_IN_PAST, Code.TOO_FAR_BACK, Code.IN_FUTURE, Code.NOT_OFFERED,
            Code.TOO_LARGE, Code.SERVER_REFUSES,
        ),
        3,
    ),
    **dict.fromkeys(
        (
            Code.UNKNOWN_ORDER, Code.UNKNOWN_PRODUCT, Code.UNKNOWN_CUSTOMER, Code.UNKNOWN_PERSON, Code.UNKNOWN_LINE,
            Code.UNKNOWN_SHIPMENT, Code.UNKNOWN_PLACE, Code.UNKNOWN_POLICY, Code.UNKNOWN_EDITION,
        ),
        4,
    ),
    **dict.fromkeys((Code.REQUEST_CONFLICT, Code.FACT_CONFLICT, Code.ORDER_ENDED, Code.REPLAYED), 5),
    **dict.fromkeys((Code.WRONG_ROLE, Code.SAME_PERSON, Code.NOT_SIGNED_IN, Code.TOO_MANY_REQUESTS, Code.UNSIGNED), 6),
    **dict.fromkeys(
        (
            Code.STALE_VERSION, Code.NOT_ASKED, Code.ALREADY_DECIDED, Code.NOT_IN_WRITING, Code.CONTRADICTION,
            Code.WRONG_CURRENCY, Code.TOO_LATE, Code.MONEY_BOUND, Code.QUESTIONED, Code.BELOW_SHIPPED,
            Code.MORE_THAN_RECEIVED, Code.NOT_RETURNABLE,
            Code.NO_CAPACITY, Code.INVOICE_NUMBER_USED, Code.ABOVE_BILLED, Code.ABOVE_INVOICED,
            Code.RECEIPT_KNOWN, Code.ABOVE_RECEIPT, Code.NAMED_TWICE, Code.OTHER_CUSTOMER, Code.NOT_CLEARED,
            Code.CAPACITY_TAKEN, Code.PROVIDER_REFUSES, Code.PRICE_CHANGED, Code.NOT_ENOUGH_STOCK,
        ),
        7,
    ),
    Code.SERVER_UNAVAILABLE: 8,
    Code.PROVIDER_UNAVAILABLE: 8,
    Code.DATABASE_UNAVAILABLE: 9,
    Code.NOT_SET_UP: 10,
    Code.DISK_FULL: 11,
    Code.FAULT: 70,
}  # fmt: skip
"""What the command line exits with, by code: 3 form, 4 unknown, 5 conflict, 6 rights, 7 contradicts, 8–11 the world."""


OF_THE_WORLD = frozenset(
    {Code.SERVER_UNAVAILABLE, Code.DATABASE_UNAVAILABLE, Code.NOT_SET_UP, Code.DISK_FULL}
)
"""Troubles that concern everything, not the thing at hand: they pass, and it is tried again."""


ChangeWords = dict[str, dict[str, str]]
"""What became another: `field`, `before` and `after`, each in both languages (`zh`, `en`)."""


class Refusal(Exception):
    """Something is refused: which rule of form, right or state, where, and what would be allowed.

    `changes`: what became another since somebody saw it, where that is why (stale_version).
    """

    def __init__(
        self,
        code: Code,
        words: Words,
        *,
        where: str = "",
        rule: str = "",
        changes: tuple[ChangeWords, ...] = (),
    ) -> None:
        super().__init__(f"{code.value}: {words.en}")
        self.code = code
        self.words = words
        self.where = where
        self.rule = rule
        self.changes = changes

    @property
    def exit_code(self) -> int:
        """What a command that met this refusal exits with."""
        return EXIT_CODES[self.code]

    def as_json(self, language: Language | None = None) -> dict[str, Any]:
        """The one shape of an error for command line, update and HTTP."""
        shape: dict[str, Any] = {"code": self.code.value, "zh": self.words.zh, "en": self.words.en}
        if language is not None:
            shape = {"code": self.code.value, "message": self.words.in_language(language)}
        if self.where:
            shape["where"] = self.where
        if self.rule:
            shape["rule"] = self.rule
        if self.changes:
            shape["changes"] = list(self.changes)
        return shape


class TooEarly(Exception):
    """A fact that the order cannot use yet; it is kept and used when its time comes."""


class AlreadyKnown(Exception):
    """A fact that says, under another id, what the case knows: nothing changes, and it is answered as known."""
