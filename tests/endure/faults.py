"""What is done to an installation while people work, and how often it was done."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Fault(StrEnum):
    """A closed list: one that never happened in a run fails it."""

    WORKER_KILLED = "worker killed"
    WORKER_PAUSED = "worker paused"
    SERVER_KILLED = "server killed"
    SERVER_PAUSED = "server paused"
    GATEWAY_KILLED = "gateway killed"
    PRESS_KILLED = "press killed"
    DATABASE_KILLED = "database killed"
    DATABASE_PAUSED = "database paused"
    DISK_FULL = "disk full"
    DATABASE_RESTORED = "database restored from an older copy"
    FACT_REPEATED = "fact repeated"
    FACT_EARLY = "fact told before its turn"
    FACT_CORRUPTED = "fact corrupted"
    PAYMENT_REPEATED = "payment told three times"
    PAYMENT_UNTOLD = "payment never told by the provider"
    PAID_TWICE = "paid twice at the provider"


OF_THE_HOUSE = (
    Fault.WORKER_KILLED,
    Fault.SERVER_KILLED,
    Fault.GATEWAY_KILLED,
    Fault.PRESS_KILLED,
    Fault.DATABASE_KILLED,
    Fault.WORKER_PAUSED,
    Fault.SERVER_PAUSED,
    Fault.DATABASE_PAUSED,
    Fault.DISK_FULL,
)
"""Done to processes, one after the other, each before any is done again."""
OF_PAYING = (Fault.PAYMENT_REPEATED, Fault.PAYMENT_UNTOLD, Fault.PAID_TWICE)
"""What goes wrong at the payment provider: only where orders of the shop are lived."""
Faults = Counter[Fault]
