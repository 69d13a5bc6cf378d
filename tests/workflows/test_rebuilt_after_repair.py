"""What was repaired is what the model makes of its journal: told again, early ones too (R47, R67)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from activities.orders.views.order_views import journal_of
from models.dossier.journal import EntryKind
from models.messages.reply import Status
from models.values.calendar import BUSINESS_ZONE
from tests.workflows.conftest import contact, order_start
from tests.workflows.test_done_anew import Counter, _with, counter
from workflows.rebuilding import rebuilt

__all__ = ["counter"]


def early(fact_id: str) -> Any:
    """A signature before there is a sheet."""
    return contact(
        fact_id, kind="confirmation_returned", role="customer", by="c-1",
        content={"version": 1, "signed_by": "王先生"}, happened_at=datetime.now(BUSINESS_ZONE).isoformat(),
    )  # fmt: skip


async def test_what_was_said_early_and_again_is_rebuilt_as_it_stands(counter: Counter) -> None:
    start = order_start()
    handle = await counter.place(start)
    await counter.shown(handle)
    assert (await handle.execute_update("tell", contact("call/1")))["status"] == Status.ACCEPTED.value
    reply = await handle.execute_update("tell", early("fax/early"))
    assert reply["status"] == "kept_early", reply
    assert (await handle.execute_update("tell", contact("call/2")))["status"] == Status.ACCEPTED.value
    await counter.shown(handle)
    await handle.terminate("the disk of the server was lost")
    anew = await counter.place(start)
    await _with(counter, anew, "call/2")
    await counter.shown(anew)
    journal = journal_of(counter.engine, start.number)
    assert any(entry.kind is EntryKind.REPAIRED for entry in journal)
    assert any(entry.kind is EntryKind.EARLY for entry in journal)
    again = rebuilt(start, journal, lambda key: False)
    assert again.exact
