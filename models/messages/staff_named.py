"""Facts that may name a member of staff beside their author (指名人员)."""

from __future__ import annotations

from models.values.content import (
    Content,
)


class NamesStaff(Content):
    """What names a person of the staff."""

    on_staff: bool = False
    """Filled in where it comes in, for who is on the company's list today and was not when the order began."""
