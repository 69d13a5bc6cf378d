"""The world side of balance reminders (R51, R54): read what is owed, enter letters and what was sent, page by page."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, func, select
from temporalio import activity

from activities.facts.desk_steps import close_step, open_step
from activities.notices.outbox import enter_row
from activities.reminders.reminder_letters import ACCOUNT, BALANCE, HOUR, is_asked_for, is_done_with, overtake
from activities.store.company_files import read_reminder_policy
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.holidays import calendar_around
from activities.store.upsert import insert_into, upsert
from models.dossier.papers_due import Paper
from models.reports.balance_reminder import Letter, OpenBalance, ReminderPolicy, letters
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.calendar import at, business_date
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Role

CUSTOMERS_AT_ONCE = 100
_A_MOMENT = timedelta(seconds=1)


class ReminderPage(BaseModel):
    """Ask for the letters of one day to the customers after this one."""

    day: date
    after_customer: str = ""
    customer: str = ""
    """Only this one; empty: all."""


class ReminderProgress(BaseModel):
    """What one page came to. `after_customer` is where to go on; empty: all were looked at."""

    after_customer: str = ""
    customers: int = 0
    letters: int = 0
    is_holiday: bool = False


class Reminding:
    """Reminds customers of one database; letters go the way of all papers."""

    def __init__(self, engine: Engine, policy: Path) -> None:
        self._engine = engine
        self._policy = policy

    @activity.defn(name="remind_page", no_thread_cancel_exception=True)
    def remind_page(self, page: ReminderPage) -> ReminderProgress:
        """Enter the letters of one page in one transaction; a page done again sends nothing twice.

        Nothing is sent on holidays. Raises Refusal where database or policy file cannot be used.
        """
        policy = read_reminder_policy(self._policy)
        with writing(self._engine) as connection:
            if not calendar_around(connection, page.day).is_working_day(page.day):
                return ReminderProgress(is_holiday=True)
            customers = _customers(connection, page.after_customer, page.customer)
            entered = _remind_page(connection, customers, page.day, policy)
        last = customers[-1] if len(customers) == CUSTOMERS_AT_ONCE else ""
        return ReminderProgress(after_customer=last, customers=len(customers), letters=entered)


def _remind_page(connection: Connection, customers: list[str], day: date, policy: ReminderPolicy) -> int:
    """The letters of a page; where one of them cannot be made, customer by customer, so that only that one goes without.

    A fault met with one customer is a clerk's step until a letter to that customer can be made again.
    """
    try:
        return _remind(connection, customers, day, policy)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
    entered = 0
    for customer in customers:
        try:
            entered += _remind(connection, [customer], day, policy)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            open_step(connection, _unreminded(customer, day, refusal))
    return entered


def _remind(connection: Connection, customers: list[str], day: date, policy: ReminderPolicy) -> int:
    """All of them or, in case of a fault, none. Raises Refusal."""
    with named_faults(f"reminders of {', '.join(customers)}"), connection.begin_nested():
        entered = 0
        for letter in letters(balances_of(connection, customers, day), day, policy):
            entered += _enter(connection, letter)
            key = step_key(DeskStepKind.UNREMINDED, letter.customer)
            close_step(connection, key, at(day, HOUR), by="system", resolution="reminded")
    return entered


def _unreminded(customer: str, day: date, refusal: Refusal) -> DeskStep:
    return desk_step(
        DeskStepKind.UNREMINDED,
        customer,
        at(day, HOUR),
        rule="R51",
        roles=(Role.FINANCE, Role.SERVICE_CLERK),
        customer=customer,
        reason_zh=refusal.words.zh,
        reason_en=refusal.words.en,
    )


def _customers(connection: Connection, after: str, only: str = "") -> list[str]:
    steps, orders = table("open_steps"), table("orders")
    query = (
        select(orders.c.customer)
        .join(steps, steps.c.order_number == orders.c.number)
        .where(
            is_asked_for(),
            orders.c.customer > after,
            *([orders.c.customer == only] if only else []),
        )
        .distinct()
        .order_by(orders.c.customer)
        .limit(CUSTOMERS_AT_ONCE)
    )
    return list(connection.scalars(query))


def balances_of(connection: Connection, customers: list[str], day: date) -> list[OpenBalance]:
    """The open balances of these customers that are asked for: not of an order on hold, or about to be cancelled."""
    steps, orders = table("open_steps"), table("orders")
    query = (
        select(orders, steps.c.key, steps.c.since.label("step_since"), steps.c.due.label("step_due"))
        .join(steps, steps.c.order_number == orders.c.number)
        .where(is_asked_for(), orders.c.customer.in_(customers))
    )
    return [_balance(connection, row, day) for row in connection.execute(query).mappings()]


def counts_from(key: str, since: datetime, due: datetime) -> date:
    """The day from which an unpaid balance counts, by its step: from its notice, on account from its due day (R51, R54)."""
    # A due day ends at midnight, which is the next day's first moment.
    return business_date(since if key == BALANCE else due - _A_MOMENT)


def _balance(connection: Connection, row: RowMapping, day: date) -> OpenBalance:
    since = counts_from(row["key"], row["step_since"], row["step_due"])
    reminders, pauses = table("reminders"), table("reminder_pauses")
    of_ladder = (reminders.c.order_number == row["number"], reminders.c.since == since)
    sent, last = connection.execute(select(func.count(), func.max(reminders.c.day)).where(*of_ladder)).one()
    of_this = select(func.max(pauses.c.until)).where(pauses.c.subject.in_((row["number"], row["customer"])))
    promised = connection.scalar(of_this.where(pauses.c.promised, pauses.c.until < day))
    return OpenBalance(
        order=row["number"],
        customer=row["customer"],
        customer_name=row["customer_name"],
        salesperson=row["salesperson"],
        amount=row["open_balance"],
        since=since,
        on_account=row["key"] == ACCOUNT,
        sent=sent,
        sent_on=last,
        paused_until=connection.scalar(of_this),
        promise_broken=promised is not None and promised >= since,
        still_on_its_way=sent > 0 and not is_done_with(connection, *of_ladder),
    )


def _enter(connection: Connection, letter: Letter) -> bool:
    """Enter the letter where it raises a level that nobody has raised meanwhile; whether it did."""
    reminders = table("reminders")
    first, identity = letter.balances[0].order, _identity(connection, letter)
    raised = 0
    for balance in letter.balances:
        if balance.order in letter.due:
            row = {
                "order_number": balance.order,
                "since": balance.since,
                "level": balance.sent + 1,
                "day": letter.day,
                "customer": letter.customer,
                "amount": balance.amount,
                "letter_order": first,
                "letter": identity,
            }
            statement = insert_into(connection, reminders).values(row).on_conflict_do_nothing()
            raised += connection.scalar(statement.returning(reminders.c.level)) is not None
    if not raised:
        return False
    overtake(connection, letter.customer)
    enter_row(
        connection,
        order=first,
        identity=identity,
        paper=Paper.REMINDER,
        to=letter.level.told,
        words=letter.words,
        rule="R51",
        created_at=at(letter.day, HOUR),
        content=letter.content(),
    )
    return True


def _identity(connection: Connection, letter: Letter) -> str:
    """The letter's own: one that follows a letter taken back on the same day is another one."""
    outbox = table("outbox")
    plain = f"{Paper.REMINDER.value}:{letter.customer}:{letter.day.isoformat()}"
    of_the_day = (outbox.c.identity == plain) | outbox.c.identity.startswith(f"{plain}:", autoescape=True)
    orders = [balance.order for balance in letter.balances]
    entered = connection.scalar(select(func.count()).where(outbox.c.order_number.in_(orders), of_the_day))
    return f"{plain}:{entered + 1}" if entered else plain


class Reminder(BaseModel):
    """A reminder that went out."""

    order_number: str
    level: int
    day: date
    customer: str


def reminders_of(engine: Engine, order: str) -> list[Reminder]:
    """The reminders that went out for an order."""
    reminders = table("reminders")
    query = select(reminders).where(reminders.c.order_number == order).order_by(reminders.c.day)
    with reading(engine) as connection:
        return [Reminder.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def pause(engine: Engine, subject: str, until: date, *, promised: bool, reason: str, by: str) -> None:
    """No reminder for an order or customer up to this day: exempted, or promised to be paid."""
    key = {"subject": subject, "until": until}
    with writing(engine) as connection:
        upsert(connection, table("reminder_pauses"), key, {"promised": promised, "reason": reason, "by": by})


def preview(engine: Engine, day: date, policy: ReminderPolicy) -> list[Letter]:
    """The letters that would go out on a day, without sending any; none on a holiday."""
    found: list[Letter] = []
    after = ""
    with reading(engine) as connection:
        if not calendar_around(connection, day).is_working_day(day):
            return found
        while customers := _customers(connection, after):
            for customer in customers:
                # one that cannot be looked at is a clerk's step of the job itself, and hides no other
                with suppress(Refusal), named_faults(f"reminders of {customer}"):
                    found += letters(balances_of(connection, [customer], day), day, policy)
            after = customers[-1]
    return found
