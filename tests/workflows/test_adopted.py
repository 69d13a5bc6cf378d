"""What a raw signal, past API and command line, can move an order to, and what it cannot."""

from __future__ import annotations

from typing import Any

from models.order.order import Order
from models.policy import Policy
from models.values.editions import NEWEST
from tests.workflows.conftest import Desk, Handle, contact, order_start


async def seen(handle: Handle) -> Order:
    """The order as it is now."""
    return Order.model_validate(await handle.query("order"))


def adopted(fact_id: str, role: str = "operator", **content: Any) -> dict[str, Any]:
    """The fact in its envelope."""
    return contact(fact_id, kind="adopted", role=role, content={"reason": "新政策", **content})


async def test_a_raw_signal_is_refused_without_the_role_a_known_edition_or_the_policy_itself(
    desk: Desk,
) -> None:
    handle = await desk.place(order_start())
    for fact in (
        adopted("a/1", role="system", edition=NEWEST),
        adopted("a/2", edition=NEWEST + 1),
        adopted("a/3", edition=NEWEST - 1),
        adopted("a/4", policy_version="spring"),
        adopted("a/5", policy_version="spring", policy={"version": "autumn"}),
    ):
        await handle.signal("adopted", fact)
    await desk.tell(handle, contact("test/flush"))
    order = await seen(handle)
    assert (order.policy, order.edition) == (Policy(), NEWEST)
    kept = [entry.data["code"] for entry in desk.records.entries(order.number) if entry.kind == "refused"]
    assert kept == ["wrong_role", "unknown_edition", "contradiction", "unknown_policy", "unknown_policy"]


async def test_a_raw_signal_with_a_policy_only_is_taken_at_its_word_and_stands_in_the_journal(
    desk: Desk,
) -> None:
    """An order cannot look into an installation's files: whoever may write to the server itself may do this."""
    handle = await desk.place(order_start())
    await handle.signal("adopted", adopted("a/1", policy={"version": "spring", "hanging": {"days": 3}}))
    order = await seen(handle)
    assert (order.policy.version, order.policy.hanging.days) == ("spring", 3)
    await desk.tell(handle, contact("test/flush"))
    await handle.query("order")
    facts = [entry for entry in desk.records.entries(order.number) if entry.kind == "fact"]
    fact = next(entry for entry in facts if entry.subject == "adopted")
    assert (fact.role, fact.data["content"]["policy"]["version"]) == ("operator", "spring")
