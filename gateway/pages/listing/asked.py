"""What an address of the list asks for, within what the caller may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from activities.access.logins import Session
from activities.listing.kept_views import view_named
from activities.listing.wanted import FILTERS, Wanted, wanted_of
from gateway.api.orders import seen_by
from gateway.context import door_of, in_database

NAMED = (*FILTERS, "sort")
"""What stands in an address besides the place where a page ended and the view that was chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: as it stands in the address, and the name of the kept view that it comes from."""

    values: dict[str, str]
    kept: str = ""
    cursor: str = ""

    def address(self, path: str = "/orders", **other: str) -> str:
        """The address of this with other values; an empty one leaves a value out, and so the place in the pages."""
        values = {**self.values, **other}
        given = [(name, value) for name, value in values.items() if value]
        return f"{path}?{urlencode(given)}" if given else path

    @property
    def is_filtered(self) -> bool:
        """Whether any order is left out."""
        return any(self.values.get(name) for name in FILTERS)


async def asked_in(request: Request, session: Session) -> Asked:
    """What the address asks for; a kept view says what the address does not. Raises Refusal(malformed) for a view that is none."""
    sent = request.query_params
    values = {name: sent.get(name, "").strip() for name in NAMED}
    kept = sent.get("kept", "").strip()
    if kept:
        view = await in_database(view_named, door_of(request).engine, session.caller.name, kept)
        values = {name: values[name] if name in sent else view.asked.get(name, "") for name in NAMED}
    return Asked({name: value for name, value in values.items() if value}, kept, sent.get("cursor", ""))


def as_wanted(request: Request, session: Session, asked: Asked) -> Wanted:
    """The question to the order database. Raises Refusal(malformed) at the name of what cannot be read."""
    values: Mapping[str, str] = {**asked.values, "cursor": asked.cursor[:500]}
    return wanted_of(values, seen_by(session.caller), door_of(request).now())
