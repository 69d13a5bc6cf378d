"""Who may say what: the roles of a fact or a decision, and those in which a key that is no person's own may say it."""

from __future__ import annotations

from models.decisions.subjects import SUBJECTS
from models.facts.known_facts import KNOWN_FACTS
from models.messages.authors import OF_PERSONS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.values.vocabulary import Role

SAID_BY_PERSONS = frozenset(
    {"overridden", "hold_placed", "hold_released", "extension_given", "exception_resolved", "cash_cleared",
     "collection_remitted", "sheet_checked", "reassigned", "credit_assessed",
     "corrected"}
)  # fmt: skip
"""Facts that a person answers for, in whichever role; no key of a service or of a customer says them."""
OF_THE_HOUSE = frozenset(
    {"calendar_refreshed", "money_transferred_in", "order_made", "order_not_made", "stock_answered", "stock_allotted",
     "stock_fell_short", "stock_ready", "credit_answered", "refund_counted", "after_sales_opened", "after_sales_closed",
     "contract_in_force", "contract_over", "order_told", "credit_noted", "intent_closed", "refund_answered",
     "quote_opened", "quote_accepted", "quote_over"}
)  # fmt: skip
"""Facts that the programs of the house give themselves; nobody outside does."""
_IN_ONE_ROLE = {"payment_received": Role.SYSTEM, "payment_bounced": Role.SYSTEM}
"""A service tells of money as the bank does: finance then confirms it as real, and cash is taken by persons (R35, R53)."""


def who_may(kind: str, subject: Subject | None = None) -> tuple[Role, ...]:
    """The roles that may report this fact, or decide this subject; all for a kind that nobody knows."""
    if subject is not None:
        return SUBJECTS[subject].roles
    known = KNOWN_FACTS.get(kind)
    return known.roles if known is not None else tuple(Role)


def key_roles(kind: str, subject: Subject | None = None) -> tuple[Role, ...]:
    """The roles in which a key that is no person's own may say this; none for what only persons say.

    Of decisions that is the customer's own answer alone, and of the operator's facts the one that the role has.
    """
    may = who_may(kind, subject)
    if kind == DECISION:
        return tuple(role for role in may if role is Role.CUSTOMER)
    if kind in SAID_BY_PERSONS | OF_THE_HOUSE:
        return ()
    only = _IN_ONE_ROLE.get(kind)
    return tuple(role for role in may if role not in OF_PERSONS and only in (None, role))
