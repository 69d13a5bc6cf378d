"""One row for each kind of fact: what it carries, who may give it, what it is called, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from models.messages.envelope import Envelope
from models.values.content import Content
from models.values.vocabulary import Role, Words

_R = Role
SALES_SIDE = (_R.SALESPERSON, _R.SERVICE_CLERK, _R.MERCHANDISER)
STAFF = tuple(
    role for role in Role if role not in (_R.CUSTOMER, _R.SYSTEM, _R.LOGISTICS, _R.OPERATOR, _R.ADMINISTRATOR)
)
CARRIER_SIDE = (_R.LOGISTICS, _R.SYSTEM, _R.SERVICE_CLERK)

Inner = Callable[[Mapping[str, Any]], Mapping[str, type[Content]]]
"""What stands in fields of a content that are read later: from the content as it came, by the field's name."""
Handler = Callable[[Any, Envelope, Any], None]
"""Lets a fact take effect: the case, the envelope, the content as read. Raises Refusal before anything changes, or
TooEarly where the fact must wait."""
Already = Callable[[Any, Any], bool]
"""Whether a case that has ended holds already what this content says: told once more it is known, not late."""
_OneHandler = TypeVar("_OneHandler", bound=Handler)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: what it carries, which roles may report it, its name in both languages, and what it does."""

    content: type[Content]
    roles: tuple[Role, ...]
    words: Words
    handler: Handler
    inner: Inner | None = None
    already: Already | None = None


class FactTable(dict[str, FactKind]):
    """The facts of one module by their name on the wire, which is the name of the function that handles them."""

    def row(
        self, content: type[Content], roles: tuple[Role, ...], words: Words, already: Already | None = None
    ) -> Callable[[_OneHandler], _OneHandler]:
        """Puts the fact that the function handles into the table."""

        def put(handler: _OneHandler) -> _OneHandler:
            self[handler.__name__] = FactKind(content, roles, words, handler, already=already)
            return handler

        return put
