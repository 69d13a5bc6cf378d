"""The rules in a few words each: what a person reads beside `R23`. The full table stands in `models.rules.table`."""

from __future__ import annotations

from models.rules import table
from models.words import Words

RULES: dict[str, Words] = {name: rule.title for name, rule in table.RULES.items()}

rule_words = table.rule_words
