"""An order database that is set up and holds a small company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine

from activities.store import imports
from activities.store.database import engine_at, upgrade
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.vocabulary import CustomerClass, Role, Unit
from runtime.server.ports import free_port
from tests.activities.mailbox import Mailbox

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
"""9:30 in the morning of Tuesday 5 January 2027, business time."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    upgrade(database_url)
    engine = engine_at(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def company(engine: Engine) -> Engine:
    imports.import_customers(
        engine,
        [
            imports.CustomerRow(
                customer="c-1",
                name="甲公司",
                customer_class=CustomerClass.B,
                designated_signers=("王先生",),
                salesperson="s-7",
            ),
            imports.CustomerRow(customer="c-2", name="乙公司"),
        ],
    )
    imports.import_prices(
        engine,
        [
            imports.PriceRow(
                product="P-1",
                unit=Unit.ROLL,
                unit_price=Decimal("12.34"),
                tolerance_percent=Decimal("2.5"),
                valid_from=date(2026, 1, 1),
                valid_until=date(2026, 12, 31),
            ),
            imports.PriceRow(
                product="P-1",
                unit=Unit.ROLL,
                unit_price=Decimal("12.50"),
                tolerance_percent=Decimal("2.5"),
                valid_from=date(2027, 1, 1),
            ),
            imports.PriceRow(
                product="P-2", unit=Unit.TONNE, unit_price=Decimal("8000.00"), valid_from=date(2027, 1, 1)
            ),
        ],
    )
    imports.import_staff(
        engine,
        [
            imports.StaffRow(person="s-1", name="李", roles=(Role.SALESPERSON,), superior="s-9"),
            imports.StaffRow(person="s-2", name="张", roles=(Role.SERVICE_CLERK, Role.FINANCE)),
            imports.StaffRow(person="s-7", name="赵", roles=(Role.SALESPERSON,), superior="s-9"),
            imports.StaffRow(person="s-9", name="钱", roles=(Role.SALES_SUPERVISOR,)),
        ],
    )
    imports.import_calendar_days(
        engine,
        [
            imports.CalendarDayRow(day=date(2027, 1, 1), working=False, name="元旦"),
            imports.CalendarDayRow(day=date(2027, 1, 3), working=True),
        ],
    )
    return engine


def order_request(**changes: Any) -> OrderRequest:
    values: dict[str, Any] = {
        "request_id": "fax/1",
        "channel": "fax",
        "customer": "c-1",
        "contact": "王先生",
        "phone": "13800000000",
        "address": "上海",
        "consignee": "王先生",
        "lines": [{"line": 1, "product": "P-1", "quantity": "10.125", "unit": "roll", "unit_price": "12.35"}],
        "payment_terms": "deposit",
        "entered_by": "s-2",
    }
    return OrderRequest.model_validate({**values, **changes})


def order_start(number: str = "20270105-0001") -> OrderStart:
    return OrderStart.model_validate(
        {
            "number": number,
            "placed_at": NOW,
            "request": order_request().model_dump(mode="json"),
            "customer": {"customer": "c-1", "name": "甲公司", "customer_class": "B"},
            "staff": {"people": {"salesperson": "s-1"}},
        }
    )


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Controller]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller
    controller.stop()
