"""The recorder of cases that are no orders: one burst, one transaction, as orders have it."""

from __future__ import annotations

from sqlalchemy import Engine
from temporalio import activity

from activities.cases.told_to_orders import tell_closed
from activities.facts.signed_facts import HouseKey, unproven
from activities.orders.recording.recorder import record_burst
from activities.orders.recording.shelf import CASES
from activities.quotes.waiting_orders import tell_over
from activities.store.database import writing
from models.dossier.records.recording import Burst, Saved


class CaseRecorder:
    """Records bursts of such cases into one database; what is due to be printed or sent is entered in the outbox with them."""

    def __init__(self, engine: Engine, house_key: HouseKey | None = None) -> None:
        """`house_key`: what the programs of the house sign with; without one nothing counts as signed by the house."""
        self._engine, self._house_key = engine, house_key

    # An exception thrown into the thread in the middle of a commit would leave the database locked.
    @activity.defn(name="record_case", no_thread_cancel_exception=True)
    def record_case(self, burst: Burst) -> Saved:
        """Record the burst; the same burst again changes nothing. All clocks are those of the burst.

        Raises Refusal (`database_unavailable`, `disk_full`, `not_set_up`): the engine tries again.
        """
        with writing(self._engine) as connection:
            saved = record_burst(connection, burst, CASES)
            if not saved.diverged:
                tell_closed(connection, burst.order, burst.entries)
                tell_over(connection, burst.order, burst.entries)
            to_prove = [claim for claim in burst.claims if claim.message]
            if saved.diverged or not to_prove:
                return saved
            elsewhere = unproven(connection, burst.order, to_prove, self._house_key)
            return saved.model_copy(update={"elsewhere": elsewhere}) if elsewhere else saved
