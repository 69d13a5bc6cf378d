"""One-time codes for a signature by a link (R31): six digits, ten minutes, five tries, a new one each minute at most. Pure.

A code belongs to one link, one name and one very document; a newer one takes its place.
"""

from __future__ import annotations

from datetime import datetime, timedelta

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)
"""Between two codes for the same link."""
_SHOWN_SIGNS = 2


def code_from(number: int) -> str:
    """Six digits made of a large random number."""
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def is_open(expires_at: datetime, tries: int, used_at: datetime | None, now: datetime) -> bool:
    """Whether a code may still be tried."""
    return used_at is None and tries < MOST_TRIES and now < expires_at


def masked(address: str) -> str:
    """An address that its owner knows again and nobody else learns: `wa…@example.com`, `13…78`."""
    name, at, place = address.partition("@")
    if at:
        return f"{name[:_SHOWN_SIGNS]}…@{place}"
    return f"{name[:_SHOWN_SIGNS]}…{name[-_SHOWN_SIGNS:]}" if len(name) > 2 * _SHOWN_SIGNS else "…"
