"""What people are called, for every page: a person of the staff stands on it by name and not by id."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from sqlalchemy import Engine

from activities.store.database import reading
from activities.store.staff_names import staff_names
from models.messages.authors import author_words
from models.values.vocabulary import Words

_FRESH_SECONDS = 2.0
"""A person who was renamed stands under the new name after so long."""


def names_now(engine: Engine) -> dict[str, str]:
    """Id -> name of all the staff who have one."""
    with reading(engine) as connection:
        return staff_names(connection)


@dataclass(slots=True)
class ShownNames:
    """The names of one running gateway, read anew when they are older than a moment."""

    by_id: dict[str, str] = field(default_factory=dict)
    read_at: float = float("-inf")

    def are_old(self) -> bool:
        """Whether they are to be read anew."""
        return time.monotonic() - self.read_at > _FRESH_SECONDS

    def keep(self, names: dict[str, str]) -> None:
        """Keep what was just read."""
        self.by_id, self.read_at = names, time.monotonic()

    def of(self, author: str) -> Words:
        """Who said something, by name; a key or a customer says that it is one; an unknown id stands as it is."""
        name = self.by_id.get(author)
        return Words(name, name) if name else author_words(author)
