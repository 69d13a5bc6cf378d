"""The one table of the rules, by their names; `docs/rules.md` is made from it."""

from __future__ import annotations

from models.rules.afterwards import AFTERWARDS
from models.rules.confirmation import CONFIRMATION
from models.rules.intake import INTAKE
from models.rules.payment import PAYMENT
from models.rules.production import PRODUCTION
from models.rules.rule import Chapter, Rule
from models.rules.settlement import SETTLEMENT
from models.rules.shipping import SHIPPING
from models.rules.verification import VERIFICATION
from models.rules.ways.credit import CREDIT
from models.rules.ways.demand import DEMAND
from models.rules.ways.duties import DUTIES
from models.rules.ways.invoices import INVOICES
from models.rules.ways.quotes import QUOTES
from models.rules.ways.scheduling import SCHEDULING
from models.rules.ways.shop import SHOP
from models.rules.ways.stock import STOCK
from models.values.words import Words

CHAPTERS: tuple[Chapter, ...] = (
    INTAKE,
    VERIFICATION,
    CONFIRMATION,
    PRODUCTION,
    PAYMENT,
    SHIPPING,
    SETTLEMENT,
    QUOTES,
    STOCK,
    CREDIT,
    SCHEDULING,
    DUTIES,
    AFTERWARDS,
    INVOICES,
    SHOP,
    DEMAND,
)
"""In the order of an order's life; then what is beside orders."""

RULES: dict[str, Rule] = {rule.name: rule for chapter in CHAPTERS for rule in chapter.rules}


def rule_words(rule: str) -> Words:
    """The rule's title; an empty one for what is no rule of this company."""
    known = RULES.get(rule)
    return known.title if known else Words("", "")
