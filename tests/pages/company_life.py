"""What happened in the house of pages beside its orders: who is away, what was handed over, what the bank told, what was
changed; and a customer who is logged in.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, select, update

from activities.access.api_keys import create_key
from activities.access.customer_sessions import begin_session
from activities.company.prices import keep_new_price
from activities.desk.handovers import Handover, hand_over
from activities.desk.introductions import put_away
from activities.facts.desk_steps import open_desk_steps
from activities.facts.pending_facts import keep_unplaced
from activities.sandbox.sandbox_orders import SandboxOrder, enter
from activities.scheduling.downtimes import tell_downtime
from activities.shop.intents import open_intent, take_event
from activities.shop.payment_views import pay_anew
from activities.store.absences import keep_absence
from activities.store.company_changes import Teller
from activities.store.database import reading, writing
from activities.store.imports import PriceRow, StaffRow, import_machine_lines, import_staff
from commands.company.example_company import EXAMPLES
from commands.company.imports import Kind, read_rows
from models.absences import Absence
from models.company.record_changes import ChangeWay
from models.messages.envelope import Envelope
from models.scheduling.machine_lines import Span
from models.shop.checkout_money import ProviderEvent, ProviderSays
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import Role, Unit
from tests.pages.page_table import CUSTOMER

ADDRESS = "wangfang@hongfeng.example"
NEWCOMERS = (
    StaffRow(person="sales-zhou", name="周洋", roles=(Role.SALESPERSON,), superior="manager-wu"),
    StaffRow(person="admin-fang", name="方圆", roles=(Role.ADMINISTRATOR,), superior="director-zhao"),
)
"""Who works here beside the company of the stories."""


def live(engine: Engine, numbers: dict[str, str], people: list[str], now: datetime) -> str:
    """Let it all happen; the token of the customer's session."""
    import_staff(engine, NEWCOMERS)
    for person in people:
        put_away(engine, person, now)
    today = business_date(now)
    away = Absence(person="sales-li", first_day=today, last_day=today.replace(day=12), deputy="sales-zhou")
    keep_absence(engine, away, "manager-wu", now)
    _hand_over(engine, numbers["to_sign"], now)
    _told_by_the_bank(engine, now)
    _run_lines(engine, now)
    create_key(
        engine, "bank-of-shenzhen", (Role.SYSTEM,), now, now + timedelta(days=90), facts=("payment_received",)
    )
    price = PriceRow(
        product="TP-80", name="热敏收银纸", specification="80mm×80m 55g", unit=Unit.ROLL, unit_price=Decimal("5.20"),
        valid_from=date(2027, 4, 1),
    )  # fmt: skip
    keep_new_price(engine, price, today, Teller("manager-wu", ChangeWay.PAGE, now))
    enter(
        engine, SandboxOrder(number=numbers["played"], customer="K-R2", begun_at=now, begun_by="clerk-chen")
    )
    with writing(engine) as connection:
        customers = table("customers")
        connection.execute(update(customers).where(customers.c.customer == CUSTOMER).values(email=ADDRESS))
        connection.execute(update(table("company_changes")).values(at=now))
    return begin_session(engine, ADDRESS, [CUSTOMER], now, "127.0.0.1")


def _hand_over(engine: Engine, order: str, now: datetime) -> None:
    """The supervisor gives a salesperson's step to a colleague."""
    asked = Handover(order_number=order, step="sheet_back:1", to_person="sales-zhou", reason="李明本周出差")
    hand_over(engine, asked, "manager-wu", {Role.SALES_SUPERVISOR.value}, now, "127.0.0.1")


def _told_by_the_bank(engine: Engine, now: datetime) -> None:
    for reference, amount in (("TX-20270309-07", "500.01"), ("TX-20270309-11", "5000.00")):
        content: dict[str, Any] = {"amount": amount, "reference": reference, "purpose": "balance"}
        told = Envelope(
            fact_id=f"bank/{reference}", kind="payment_received", by="bank", role=Role.SYSTEM, happened_at=now, content=content,
        )  # fmt: skip
        keep_unplaced(engine, "红枫包装 货款", told, now)


def step_keys(engine: Engine) -> dict[str, str]:
    """The first open step of each order, by the order's number."""
    steps = table("open_steps")
    query = select(steps.c.order_number, steps.c.key).order_by(steps.c.order_number, steps.c.key)
    found: dict[str, str] = {}
    with reading(engine) as connection:
        for number, key in connection.execute(query):
            found.setdefault(number, key)
    return found


def bank_line(engine: Engine) -> str:
    """The first sum that the money desk asks about, as its page names it."""
    return next(f"desk/{step.key}" for step in open_desk_steps(engine) if step.about.get("fact"))


def _run_lines(engine: Engine, now: datetime) -> None:
    """The machine lines of the example company; one of them stands tomorrow morning."""
    import_machine_lines(engine, read_rows(Kind.LINES, EXAMPLES / "lines.yaml"))
    tomorrow = now.replace(hour=0) + timedelta(days=1)
    tell_downtime(engine, "L1", Span(tomorrow, tomorrow + timedelta(hours=4)), "换刀轴", "factory-ma", now)


def to_pay(engine: Engine, order: str, at: datetime) -> str:
    """A payment of the shop that was asked for, closed by its provider, and asked for anew; the number of the later one."""
    with writing(engine) as connection:
        first = open_intent(connection, "co-1", {order: Decimal("176.00")}, at)
    closed = ProviderEvent(provider="test", event="expired", says=ProviderSays.CLOSED, intent=first, at=at)
    take_event(engine, closed, at)
    return pay_anew(engine, first, at)
