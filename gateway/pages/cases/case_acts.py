"""What the forms about a case say: their fields become the content of a fact (R143)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.telling import Said
from gateway.context import Door
from gateway.pages.cases.telling import tell_form
from models.access import Caller
from models.cases.facts import CASE_FACTS
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

CASE_NUMBER = r"^C\d{8}-\d{4,6}-\d{1,6}$"
_NO_FORM = Words("表单无效", "this form is not valid")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "case_acknowledged": ("words",),
    "evidence_added": ("document", "words"),
    "case_assessed": ("words", "remedy", "amount"),
    "goods_sent": ("carrier", "tracking_number"),
    "goods_received": ("quantity", "condition"),
    "case_inspected": ("passed", "failed", "words"),
    "remedy_done": ("amount", "reference", "words"),
    "case_answered": ("agrees", "words"),
    "case_withdrawn": ("reason",),
    "order_wanted": ("reason",),
}
_GRANT = ("remedy", "amount", "words", "our_fault", "goods_back")
OF_CUSTOMERS = frozenset({"case_answered", "goods_sent", "case_withdrawn", "evidence_added"})
"""What a customer says on the own page."""


def content_in(kind: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The content that a form says; what is wrong with it the case's own reading tells. Raises Refusal(malformed)."""
    if kind == DECISION:
        return _decision(values)
    fields = _FIELDS.get(kind)
    if fields is None:
        raise Refusal(Code.MALFORMED, _NO_FORM, where="kind")
    return _given(values, fields)


def _given(values: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    """The fields that were filled in; what is ticked says yes or no."""
    given: dict[str, Any] = {name: text for name in names if (text := values.get(name, "").strip())}
    return {name: {"yes": True, "no": False}.get(text, text) for name, text in given.items()}


def _decision(values: Mapping[str, str]) -> dict[str, Any]:
    granting = values.get("outcome") == "approve" and values.get("subject") != "case_admission"
    detail = _given(values, _GRANT if granting else ("words",))
    return {
        **_given(values, ("subject", "outcome", "version", "note_reference")),
        **({"detail": detail} if detail else {}),
    }


async def tell_case(
    door: Door, caller: Caller, number: str, kind: str, values: Mapping[str, str], address: str
) -> Said:
    """Tell the case what a form says. Raises Refusal for what it refuses."""
    return await tell_form(door, caller, number, kind, content_in(kind, values), CASE_FACTS, values, address)
