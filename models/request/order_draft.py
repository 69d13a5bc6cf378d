"""An order that is still being written: what of it can be read, what is wrong with it, what is still empty (R12)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from models.request.order_request import OrderRequest
from models.values.entry import plain_of
from models.values.errors import Code, Refusal
from models.values.field_errors import Mistake, mistakes_of, refusal_of
from models.values.money import ZERO
from models.values.words import Words
from models.values.written_numbers import Manner

_STAND_INS: dict[str, object] = {
    "request_id": "-",
    "channel": "fax",
    "customer": "-",
    "entered_by": "-",
    "line": 1,
    "product": "-",
    "quantity": "1",
    "unit": "roll",
}
"""What stands where an order must have a value and the draft has none; nobody is shown it."""
_ROUNDS = 3
_LINES = ("lines",)
_OF_A_LINE = 3
_UNREADABLE = Words("这张订单读不出来", "this order cannot be read")


@dataclass(frozen=True, slots=True)
class Draft:
    """The order as far as it is written. `problems` and `empty` are by place: `customer`, `lines.0.quantity`.

    `request` has stand-ins where nothing could be read: ask `has` before using a value.
    """

    request: OrderRequest
    problems: Mapping[str, Words]
    empty: frozenset[str]

    def has(self, place: str) -> bool:
        """Whether a value stands there that can be used."""
        return place not in self.problems and place not in self.empty

    @property
    def total(self) -> Decimal:
        """What the lines cost that are complete enough to be counted."""
        return sum(
            (
                line.amount
                for place, line in enumerate(self.request.lines)
                if self.has(f"lines.{place}.quantity") and self.has(f"lines.{place}.unit_price")
            ),
            ZERO,
        )


def draft_of(values: Mapping[str, Any]) -> Draft:
    """The draft in these values, as a person typed them. Raises Refusal for what is wrong as a whole: no lines, say."""
    readable, mistakes = plain_of(OrderRequest, copy.deepcopy(dict(values)), Manner.TYPED)
    problems: dict[str, Words] = {}
    empty: set[str] = set()
    for mistake in mistakes:
        place = _place_of(mistake)
        if ".".join(place) not in problems and len(place) == (_OF_A_LINE if place[:1] == _LINES else 1):
            problems[".".join(place)] = mistake.words
            _set_aside(readable, place)
    for _ in range(_ROUNDS):
        try:
            return Draft(OrderRequest.model_validate(readable), problems, frozenset(empty))
        except ValidationError as invalid:
            found = {_place_of(mistake): mistake for mistake in mistakes_of(invalid)}
            # a line with a mistake is not counted, and then there seem to be too few
            if any(len(place) > 1 for place in found):
                found.pop(_LINES, None)
            for place, mistake in found.items():
                if place in (_LINES, ()):
                    raise refusal_of(invalid) from None
                if mistake.missing:
                    empty.add(".".join(place))
                else:
                    problems[".".join(place)] = mistake.words
                _set_aside(readable, place)
    raise Refusal(Code.MALFORMED, _UNREADABLE)


def _place_of(mistake: Mistake) -> tuple[str, ...]:
    """The field at which a mistake stands: an entry of a list stands at the list, but for the lines."""
    return mistake.place[:3] if mistake.place[:1] == _LINES else mistake.place[:1]


def _set_aside(values: dict[str, Any], place: tuple[str, ...]) -> None:
    """Leave a value out, or put its stand-in there."""
    target: Any = values
    for part in place[:-1]:
        target = target[int(part)] if isinstance(target, list) else target[part]
    target.pop(place[-1], None)
    if place[-1] in _STAND_INS:
        target[place[-1]] = _STAND_INS[place[-1]]
