"""Numbers of orders and quotes that no other database on the same Temporal server gives out.

Each test has a database of its own, and all tests of a process share one server: a number is a workflow's id there. A
test that is tried a second time is a test of its own as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Engine

from activities.store.database import writing
from models.tables.registry import table
from models.values.calendar import business_date

_BETWEEN = 100
"""More than any test gives out."""
_starts: Iterator[int] = count(_BETWEEN, _BETWEEN)


def set_apart(engine: Engine) -> int:
    """Begin the numbers of today where no other test of this process does; where they begin."""
    start, day = next(_starts), business_date(datetime.now(UTC))
    with writing(engine) as connection:
        connection.execute(table("day_numbers").insert().values(day=day, last=start))
        connection.execute(table("case_day_numbers").insert().values(kind="quote", day=day, last=start))
    return start
