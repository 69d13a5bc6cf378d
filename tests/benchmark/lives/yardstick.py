"""A fixed piece of plain Python, measured beside the figures: it says how loud the machine was.

The same work takes more CPU while neighbours use the same core and its caches. A figure in yardsticks can be compared
with one of another hour better than its milliseconds can; only what ran in one interleaved round can be compared well.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.benchmark.lives.table import Figure, shown, smallest_figure

_PIECES = 120
_START = datetime(2027, 3, 1, tzinfo=UTC)


def yardstick() -> float:
    """CPU milliseconds of the piece: objects, decimals, times, JSON and hashes, as an order has them."""
    before = time.process_time()
    head = ""
    for number in range(_PIECES):
        rows = [
            {
                "key": f"{number}|{place}",
                "amount": str(Decimal(number) * Decimal("12.34") + place),
                "at": (_START + timedelta(minutes=number * place)).isoformat(),
                "roles": sorted({"finance", "warehouse", f"person-{place}"}),
            }
            for place in range(8)
        ]
        text = json.dumps({"previous": head, "rows": rows}, sort_keys=True, ensure_ascii=False)
        head = hashlib.sha256(text.encode()).hexdigest()
        json.loads(text)
    return (time.process_time() - before) * 1000


def beside_yardstick(measured: Callable[[], Any], runs: int) -> tuple[list[Any], list[float]]:
    """What is measured, so many times, with a yardstick after each."""
    found, sticks = [], []
    for _ in range(runs):
        found.append(measured())
        sticks.append(yardstick())
    return found, sticks


def quiet_figure(
    name: str,
    words: str,
    values: Sequence[float],
    sticks: Sequence[float],
    unit: str = "ms CPU",
    **limits: Any,
) -> Figure:
    """The smallest of several runs, and how many yardsticks of the same minute that is."""
    plain = smallest_figure(name, words, values, "ms CPU", **limits)
    spread = f"{plain.spread}; {shown(plain.value / min(sticks))} yardsticks of {shown(min(sticks))} ms"
    return Figure(name, words, plain.value, plain.unit, spread, **limits)
