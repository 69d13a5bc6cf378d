"""Patch markers: changes of the *commands* that a workflow sends, which open cases must not make in the middle.

One constant for each, with the version since which it is in the code and when it may be taken out. A marker is asked
for only where the way really parts, so that an ordinary life holds none. How to add one: docs/changing-open-orders.md.
"""

from __future__ import annotations

from temporalio import workflow

from models.dossier.dossier import Dossier
from models.values.editions import Edition

PORTIONS = "portions"
"""More is said than one workflow task can bear: the rest is taken in parts, each when the one before is recorded.

Since 0.2.0. May be taken out when no order is open that was begun before 0.2.0."""

BURSTS_BY_BYTES = "bursts-by-bytes"
"""What piled up goes to the order database in parts of a megabyte; it was parts of 200 entries.

Since 0.2.0. May be taken out when no order is open that was begun before 0.2.0."""

PLAIN_WRITING = "plain-writing"
"""What comes in is brought into one writing and held to its signs: `１２` is 12, `1_000` and U+202E are refused.

The marker stands only in lives in which something is told that reads otherwise by this. Since 0.2.0. May be taken out when
no order is open that was begun before 0.2.0."""

CLAIMS = "claims"
"""Before money is taken the order database is asked whether its receipt counts for another order already (R53).

The marker stands only in lives in which money is told. Since 0.2.0. May be taken out when no order is open that was begun
before 0.2.0."""

FOUND_AT_ONCE = "found-at-once"
"""The stores had diverged: what follows from that is done when it is found. It was done with the next fact.

The marker stands only in lives whose stores diverged. Since 0.2.0. May be taken out when no order is open that was begun
before 0.2.0."""


def is_new_way(dossier: Dossier, patch: str) -> bool:
    """Whether the case goes the way that came with this patch.

    A marker is lived again in the task in which it stands, and what follows the answer of a local activity may be lived in
    the one before (a query parts them, and the engine then says no). So cases of an edition that has all of it need none.
    """
    return dossier.follows(Edition.NO_MARKERS) or workflow.patched(patch)
