"""What was compared wholly and found right, with how both stores stood then: what stands so still need not be compared anew (R47).

What that proves: the order database gives the same rows, byte for byte, and the same run of the workflow has as many events in
its history, so neither of the two that agreed is another. What it does not prove: that a newer program makes the same rows of the
same case, and that a server which was put back to a copy did not live as many other events since. So who begins with a
newer program compares all anew, and every open case is compared wholly at least each so many nights besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import Engine, delete, select

from activities.store.database import reading, writing
from activities.store.upsert import TableRow, upsert_all
from models.tables.registry import table

ENDED = "ended"
"""The life of what has ended: its workflow is asked nothing any more, and the server forgets it in its time."""
_IN_ONE_QUESTION = 500


class Right(NamedTuple):
    """One that was found right: where its journal ended, the digest of its rows, how its workflow stood, and when."""

    sequence: int
    head: str
    rows: str
    life: str
    compared_on: date

    def is_due(self, number: str, today: date, nights: int) -> bool:
        """Whether it is to be compared wholly though it has not moved: each has a night of its own, so that no night has all.

        Whoever missed that night, as the server was away, is not let wait for the next. What has ended is never due: it was
        compared with no workflow, and the rest of it is what the digest is of.
        """
        if self.life == ENDED or self.compared_on >= today:
            return False
        since = (today - self.compared_on).days
        return since >= nights or (today.toordinal() - crc32(number.encode())) % nights == 0


def found_right(engine: Engine, numbers: Sequence[str]) -> dict[str, Right]:
    """What is known of these numbers. Raises the refusals of `database.reading`."""
    kept = table("found_right")
    found: dict[str, Right] = {}
    for start in range(0, len(numbers), _IN_ONE_QUESTION):
        some = numbers[start : start + _IN_ONE_QUESTION]
        with reading(engine) as connection:
            for row in connection.execute(select(kept).where(kept.c.number.in_(some))):
                found[row.number] = Right(row.sequence, row.head, row.rows, row.life, row.compared_on)
    return found


def keep_right(engine: Engine, right: Sequence[tuple[str, Right]], wrong: Sequence[str]) -> None:
    """Note what was found right just now, and forget of the others that they ever were. Raises those of `database.writing`."""
    kept = table("found_right")
    if not right and not wrong:
        return
    with writing(engine) as connection:
        upsert_all(connection, (TableRow(kept, {"number": number}, each._asdict()) for number, each in right))
        for start in range(0, len(wrong), _IN_ONE_QUESTION):
            some = wrong[start : start + _IN_ONE_QUESTION]
            connection.execute(delete(kept).where(kept.c.number.in_(some)))
