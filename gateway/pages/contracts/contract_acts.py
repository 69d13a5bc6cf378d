"""What the forms about a contract say: their fields become the content of a fact (R107)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.telling import Said
from gateway.context import Door
from gateway.pages.cases.telling import business_moment, tell_form
from models.access import Caller
from models.contracts.facts import CONTRACT_FACTS
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.contracts.drafting import agreed_terms, redraft_of, written_day

CONTRACT_NUMBER = r"^H\d{8}-\d{4,6}-\d{1,6}$"
_NO_FORM = Words("表单无效", "this form is not valid")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "signing_arranged": ("version", "place"),
    "contract_signed": ("version", "digest", "signed_by", "document"),
    "contract_declined": ("version", "reason"),
    "terminated": ("reason", "document"),
}


def given(values: Mapping[str, str], *names: str) -> dict[str, Any]:
    """The fields that were filled in."""
    return {name: text for name in names if (text := values.get(name, "").strip())}


def content_in(kind: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The content that a form says; what is wrong with it the contract's own reading tells. Raises Refusal(malformed)."""
    if kind == DECISION:
        detail = given(values, "words")
        content = given(values, "subject", "outcome", "version", "note_reference")
        return {**content, **({"detail": detail} if detail else {})}
    fields = _FIELDS.get(kind)
    if fields is None:
        raise Refusal(Code.MALFORMED, _NO_FORM, where="kind")
    content = given(values, *fields)
    if kind == "signing_arranged" and (at := business_moment(values.get("at", "").strip(), "content.at")):
        content["at"] = at.isoformat()
    return content


async def tell_contract(
    door: Door, caller: Caller, number: str, kind: str, values: Mapping[str, str], address: str
) -> Said:
    """Tell the contract what a form says. Raises Refusal for what it refuses."""
    content = content_in(kind, values)
    return await tell_form(door, caller, number, kind, content, CONTRACT_FACTS, values, address)


async def redraft(
    door: Door, caller: Caller, number: str, order: str, values: Mapping[str, str], address: str
) -> Said:
    """Another version: what the order says now, with what the form says. Raises Refusal as `agreed_terms`, and for what it refuses."""
    agreed = await door.on_server(lambda client: agreed_terms(client, order))
    content = redraft_of(
        agreed,
        quality=values.get("quality", "").strip(),
        words=values.get("words", "").strip(),
        valid_until=written_day(values.get("valid_until", "")),
        reason=values.get("reason", "").strip(),
    )
    return await tell_form(door, caller, number, "drafted", content, CONTRACT_FACTS, values, address)
