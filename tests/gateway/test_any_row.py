"""Pages over rows that nobody should have written: shown as they are, and none of them hides another one (R20)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, update

from activities.store.database import engine_at, writing
from models.tables.registry import table
from runtime.settings import Settings
from tests.activities.test_reminding import record
from tests.gateway.test_pages import Person, person, staff
from tests.models.life import Life, start

__all__ = ["person", "staff"]


def numbered(engine: Engine, folder: Path, number: str) -> str:
    """An unpaid order in the warehouse, as it was placed and as it is now."""
    begun = start().model_copy(update={"number": number})
    with writing(engine) as connection:
        connection.execute(
            table("requests")
            .insert()
            .values(
                request_id=number, content_hash=number, number=number, customer="K-1", placed_at=begun.placed_at,
                start=begun.model_dump(mode="json"),
            )
        )  # fmt: skip
    return record(engine, folder, Life().in_warehouse(), number=number)


async def test_no_stored_value_hides_the_pages(person: Person, staff: Settings, tmp_path: Path) -> None:
    """R20: an order that came to more than any amount may be, with words of another program in its rows."""
    engine = engine_at(staff.database_url)
    bad, good = (numbered(engine, tmp_path, number) for number in ("20270301-0001", "20270301-0002"))
    orders, lines, steps = table("orders"), table("order_lines"), table("open_steps")
    huge = Decimal("19999999999.98")
    with writing(engine) as connection:
        connection.execute(
            update(orders)
            .where(orders.c.number == bad)
            .values(total=huge, bill=huge, open_balance=huge, headline="newer", phase="newer", terms="newer")
        )
        connection.execute(
            update(lines)
            .where(lines.c.order_number == bad)
            .values(unit_price=Decimal("0.0385"), amount=huge, unit="bushel", tolerance_percent=Decimal(900))
        )
        connection.execute(
            update(steps).where(steps.c.order_number == bad).values(kind="newer", roles=["newer", "finance"])
        )
    for name in ("chen", "qian"):
        await person.comes(name)
        for path in ("/", "/board", "/orders", "/orders?q=2", "/orders/export.csv", f"/orders/{good}"):
            answer = await person.client.get(path)
            assert answer.status_code == 200, path
        shown = await person.client.get(f"/orders/{bad}")
        assert shown.status_code == 200
        assert "19,999,999,999.98" in shown.text
        assert "0.0385" in shown.text
        board = (await person.client.get("/board")).text
        assert bad in board
        assert good in board
