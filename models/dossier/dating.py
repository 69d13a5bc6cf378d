"""The rule of dating: how far ahead of now and how far back anything that is told may have happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from models.dossier.dossier import Dossier
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words


def require_dated(
    dossier: Dossier, moment: datetime, by: str, where: str, now: datetime | None = None
) -> None:
    """Raises Refusal (`in_future`, `too_far_back`) for a moment that lies too far ahead of the case's clock, or too many
    days before it; `by` may have an override of `dating` for the past.

    `now` where the case's clock has not been told yet what time it is.
    """
    dating = dossier.policy.dating
    clock = max(dossier.clock, now or dossier.clock)
    if moment > clock + timedelta(minutes=dating.ahead_minutes):
        raise Refusal(
            Code.IN_FUTURE,
            Words("发生时间在将来", "it is said to have happened in the future"),
            where=where,
        )
    age = (business_date(clock) - business_date(moment)).days
    if age > dating.back_days and ("dating", by) not in dossier.overrides:
        raise Refusal(
            Code.TOO_FAR_BACK,
            Words(
                f"发生时间早于 {dating.back_days} 天前，须先特批",
                f"it happened more than {dating.back_days} days ago; that needs an override of 'dating'",
            ),
            where=where,
        )


@contextmanager
def however_long_ago(dossier: Dossier, by: str) -> Iterator[None]:
    """What `by` says inside had been taken once and was lost with a store: how long ago it happened is not asked again."""
    allowed = ("dating", by)
    dossier.overrides.append(allowed)
    try:
        yield
    finally:
        dossier.overrides.remove(allowed)
