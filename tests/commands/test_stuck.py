"""`list --stuck`: an overview, one kind, and what is wrong with the question; all without an order database."""

from __future__ import annotations

from typing import Any

from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from runtime.settings import Settings
from tests.commands.conftest import Desk
from tests.runtime.watching import looks


async def test_what_is_stuck_is_listed_with_links_and_advice(
    desk: Desk, settings: Settings, temporal_client: Client, server_set_up: None
) -> None:
    waits = TypedSearchAttributes(
        [SearchAttributePair(SearchAttributeKey.for_keyword_list("DingdanWaitsOn"), ["legal"])]
    )
    await temporal_client.start_workflow(
        "OrderWorkflow", id="order-20270105-7701", task_queue="nobody", search_attributes=waits
    )
    handle = temporal_client.get_workflow_handle("order-20270105-7701")
    query = ("list", "--stuck", "waits_for_role", "--waiting", "legal", "--most", "0")
    listed: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    async for _ in looks("it is listed; others on this server may wait for the same role"):
        listed = await desk.read(*query)
        found = [each for each in listed["orders"] if each["number"] == "20270105-7701"]
        if found:
            break
    (order,) = found
    assert order["waits_on"] == ["legal"]
    assert order["link"].endswith("/workflows/order-20270105-7701")
    assert "DingdanWaitsOn%3D%22legal%22" in listed["link"]
    code, out, _ = await desk.run(*query)
    assert code == 0
    assert "starter.py reassign gives the work" in out.replace("\n", " ")
    await handle.terminate()

    queues = {kind: await desk.read("list", "--stuck", kind) for kind in ("no_worker", "no_press")}
    assert {kind: each["works"] for kind, each in queues.items()} == {"no_worker": False, "no_press": False}
    assert queues["no_press"]["queue"] == f"{settings.task_queue}-documents"
    code, out, _ = await desk.run("list", "--stuck", "no_worker")
    assert (code, "start worker.py" in out.replace("\n", " ")) == (0, True)
    stuck = {each["kind"]: each["count"] for each in (await desk.read("list", "--stuck", "all"))["stuck"]}
    assert set(stuck) == {
        "overdue", "activity_failing", "task_failing", "promise_in_danger", "no_movement", "lost", "no_worker", "no_press",
    }  # fmt: skip
    assert stuck["no_worker"] == 1

    for arguments, code, where in (
        (("--stuck", "sleepy"), 3, "--stuck"),
        (("--stuck", "waits_for_role"), 3, "--waiting"),
        (("--stuck", "no_movement", "--days", "0"), 2, "--days"),
    ):
        got, _, err = await desk.run("list", *arguments)
        assert (got, where in err) == (code, True), err
