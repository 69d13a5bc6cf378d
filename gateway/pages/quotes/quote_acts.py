"""What the forms about a quote say: their fields become the content of a fact (R102 to R104)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.telling import Said
from gateway.context import Door
from gateway.pages.cases.telling import tell_form
from models.access import Caller
from models.messages.envelope import DECISION
from models.quotes.facts import QUOTE_FACTS
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

MOST_PRICES = 40
COST_FORM_ROWS = 8
QUOTE_NUMBER = r"^Q\d{8}-\d{4,6}$"
_NO_FORM = Words("表单无效", "this form is not valid")
_COST_FIELDS = ("kind", "what", "quantity", "measure", "rate", "basis", "purchased_on")


def content_in(kind: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The content that a form says; what is wrong with it the quote's own reading tells. Raises Refusal(malformed)."""
    made = _CONTENT.get(kind)
    if made is None:
        raise Refusal(Code.MALFORMED, _NO_FORM, where="kind")
    return made(values)


def _given(values: Mapping[str, str], *names: str) -> dict[str, Any]:
    """The fields that were filled in."""
    return {name: values[name].strip() for name in names if values.get(name, "").strip()}


def _priced(values: Mapping[str, str], *, only_given: bool) -> list[dict[str, Any]]:
    """The rows of prices: `line0`, `quantity0`, `unit_price0`, and where it is offered `offered0`."""
    found = []
    for place in range(MOST_PRICES):
        row = {name: values.get(f"{name}{place}", "").strip() for name in ("line", "quantity", "unit_price")}
        if not row["line"] or (only_given and not row["unit_price"]) or values.get(f"left_out{place}"):
            continue
        found.append({name: value for name, value in row.items() if value})
    return found


def _costs(values: Mapping[str, str]) -> dict[str, Any]:
    rows = []
    for place in range(COST_FORM_ROWS):
        row = {name: values.get(f"{name}{place}", "").strip() for name in _COST_FIELDS}
        if row["what"] or row["rate"]:
            rows.append({name: value for name, value in row.items() if value})
    line, _, quantity = values.get("break", "").partition(":")
    return {"sheets": [{"line": line, "quantity": quantity, "rows": rows}]}


def _offer(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "prices": _priced(values, only_given=False),
        **_given(values, "payment_terms", "deposit_percent", "words", "delivery_date"),
    }


def _counter(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "prices": _priced(values, only_given=True),
        **_given(values, "version", "digest", "words", "delivery_date"),
    }


def _accepted(values: Mapping[str, str]) -> dict[str, Any]:
    chosen = []
    for name, value in values.items():
        if name.startswith("chosen") and value.strip():
            chosen.append({"line": name.removeprefix("chosen"), "quantity": value.strip()})
    return {**_given(values, "version", "digest", "signed_by", "document"), "quantities": chosen}


def _decision(values: Mapping[str, str]) -> dict[str, Any]:
    detail = _given(values, "words")
    return {
        **_given(values, "subject", "outcome", "version", "note_reference"),
        **({"detail": detail} if detail else {}),
    }


_CONTENT = {
    "cost_sheet_made": _costs,
    "competition_noted": lambda values: _given(
        values, "competitor", "line", "unit_price", "quantity", "heard_from", "words"
    ),
    "offer_made": _offer,
    "offer_sent": lambda values: _given(values, "version", "channel"),
    "counter_offered": _counter,
    "offer_accepted": _accepted,
    "offer_refused": lambda values: _given(values, "version", "reason"),
    "withdrawn": lambda values: _given(values, "reason"),
    "order_wanted": lambda values: _given(values, "reason"),
    DECISION: _decision,
}
OF_CUSTOMERS = frozenset({"counter_offered", "offer_accepted", "offer_refused"})
"""What a customer says on the own page."""


async def tell_quote(
    door: Door, caller: Caller, number: str, kind: str, values: Mapping[str, str], address: str
) -> Said:
    """Tell the quote what a form says; the same form sent twice is one fact. Raises Refusal for what it refuses."""
    return await tell_form(door, caller, number, kind, content_in(kind, values), QUOTE_FACTS, values, address)
