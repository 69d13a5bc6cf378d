"""Books that orders share are compared every night as orders are: what differs is put right, or is a step until it does no more (R47)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, update
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.orders.requests import open_request
from activities.quotes.quote_requests import open_quote
from activities.shop.intents import take_event
from activities.store.company_files import read_policy
from activities.store.database import engine_at, writing
from models.reports.desk_steps import DeskStepKind
from models.reports.store_audit import AuditExit, AuditOutcome, Difference
from models.request.order_request import AwaitedQuote, OrderRequest
from models.tables.registry import table
from runtime.audit.auditing import audit_all
from runtime.audit.books_compared import books_compared
from runtime.settings import Settings
from tests.activities.test_intents import NOW, opened, said
from tests.activities.test_waiting_orders import enquiry
from tests.gateway.conftest import ORDER, prepared

__all__ = ["prepared"]
pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(prepared: Settings) -> Engine:
    return engine_at(prepared.database_url)


async def test_a_row_of_the_register_of_quotes_comes_back(prepared: Settings, engine: Engine) -> None:
    """R104: an order waits for its quote; the row that says so is deleted by hand, named, and written anew."""
    request = OrderRequest.model_validate(
        {**ORDER, "lines": [{**ORDER["lines"][0], "unit_price": None}], "awaits_quote": {}}
    )
    policy = read_policy(prepared.policy)
    quote = open_quote(engine, enquiry(request), NOW, policy)[0].number
    waits = request.model_copy(update={"awaits_quote": AwaitedQuote(quote=quote)})
    order = open_request(engine, waits, NOW, policy)[0].number
    assert await books_compared(prepared, repair=True) == []
    with writing(engine) as connection:
        connection.execute(delete(table("quoted_orders")))
    (finding,) = await books_compared(prepared, repair=False)
    assert (finding.order, finding.difference, finding.where, finding.database, finding.workflow) == (
        quote, Difference.ROW_MISSING, f"quoted_orders|{quote}", "", order,
    )  # fmt: skip
    assert finding.words.zh == f"订单库缺一行 quoted_orders|{quote}（订单库：-；流程：{order}）"
    assert [each.outcome for each in await books_compared(prepared, repair=True)] == [AuditOutcome.HEALED]
    assert await books_compared(prepared, repair=True) == []
    assert open_desk_steps(engine) == []


async def test_money_of_the_shop_that_differs_is_a_step_until_it_does_no_more(
    prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """R123: the nightly run names it, leaves it for a person, and closes the step once both sides agree."""
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    assert (await audit_all(temporal_client, prepared, repair=True, moved_only=True)).findings == []
    intents = table("intents")
    with writing(engine) as connection:
        connection.execute(update(intents).values(total=Decimal("1.00"), state="open"))
    found = await audit_all(temporal_client, prepared, repair=False)
    assert found.exit is AuditExit.LEFT
    for _ in range(2):
        left = await audit_all(temporal_client, prepared, repair=True, moved_only=True)
        assert left.exit is AuditExit.LEFT
        assert [(each.difference, each.where, each.database, each.workflow, each.outcome) for each in left.findings] == [
            (Difference.SHOP_ASKED, f"intents|{intent}: total", "1.00", "176.00", AuditOutcome.LEFT),
            (Difference.ROW_CHANGED, f"intents|{intent}: state", "open", "paid_whole", AuditOutcome.LEFT),
        ]  # fmt: skip
        (step,) = open_desk_steps(engine)
        assert (step.kind, step.order_number) == (DeskStepKind.STORES_DIFFER, "")
    with writing(engine) as connection:
        connection.execute(update(intents).values(total=Decimal("176.00"), state="paid"))
    assert (await audit_all(temporal_client, prepared, repair=True, moved_only=True)).findings == []
    assert open_desk_steps(engine) == []


async def test_what_differs_for_a_moment_is_no_difference(
    prepared: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on its way while the books are read is gone when they are read once more."""
    opened(engine)
    intents = table("intents")
    with writing(engine) as connection:
        connection.execute(update(intents).values(total=Decimal("1.00")))

    async def meanwhile(seconds: float) -> None:
        with writing(engine) as connection:
            connection.execute(update(intents).values(total=Decimal("176.00")))

    monkeypatch.setattr("runtime.audit.books_compared.asyncio.sleep", meanwhile)
    assert await books_compared(prepared, repair=True) == []
