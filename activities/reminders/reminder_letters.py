"""Letters of reminders on their way (R51, R54): held on holidays, taken back when out of date, done with before the next level."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, exists, select, tuple_, update

from activities.store.holidays import calendar_around
from models.messages.decision_subjects import Subject
from models.reports.notice_routes import DeliveryState
from models.tables.registry import table
from models.values.calendar import at, business_date
from models.values.vocabulary import Headline, Role
from models.writing.printed_figures import figures

HOUR = 9
"""Business time: when the job runs, and when a letter that was held over a holiday goes out."""
BALANCE, ACCOUNT = "balance", "account_balance"
"""The open steps of an unpaid balance: before shipment (R51) and by contract (R54)."""
CANCELLATION = f"decision:{Subject.CANCELLATION.value}"
"""The open step while a wish to cancel waits for its decision (R84)."""
_BEING_TRIED = (DeliveryState.WAITING.value, DeliveryState.SENDING.value)
_SETTLED = (DeliveryState.SENT.value, DeliveryState.WITHDRAWN.value)
_MAY_HAVE_GONE = (DeliveryState.SENDING.value, DeliveryState.SENT.value, DeliveryState.UNCERTAIN.value)
_TO_THE_CUSTOMER = (Role.CUSTOMER.value, "")
"""By name, or in the folder where everybody is told in one."""


def held_until(connection: Connection, now: datetime) -> datetime | None:
    """On a holiday the moment (UTC) at which letters go out again; None on a working day."""
    today = business_date(now)
    calendar = calendar_around(connection, today)
    if calendar.is_working_day(today):
        return None
    return at(calendar.working_days_after(today, 1), HOUR)


def is_asked_for() -> ColumnElement[bool]:
    """Orders (`orders` joined with `open_steps`) whose balance is asked for now.

    Unpaid, alive, not on hold, and no wish to cancel waits for its decision: until then it is not known what is owed (R51).
    """
    steps, orders = table("open_steps"), table("orders")
    waiting = steps.alias("waiting_for")
    to_be_cancelled = exists().where(
        waiting.c.order_number == orders.c.number,
        waiting.c.key == CANCELLATION,
        waiting.c.closed_at.is_(None),
    )
    return and_(
        steps.c.key.in_((BALANCE, ACCOUNT)),
        steps.c.closed_at.is_(None),
        orders.c.ending.is_(None),
        orders.c.headline != Headline.ON_HOLD.value,
        ~to_be_cancelled,
    )


def is_out_of_date(connection: Connection, paper: RowMapping, now: datetime) -> bool:
    """Whether a balance in the letter is asked for no longer, because it was paid or the order rests, or is another by now.

    R51: it stops the moment it is paid or promised, and no letter leaves with a sum that is not owed.
    """
    steps, orders = table("open_steps"), table("orders")
    asked = {each["order"]: each.get("amount") for each in (paper["content"] or {}).get("balances", [])}
    query = (
        select(orders.c.number, orders.c.open_balance)
        .join(steps, steps.c.order_number == orders.c.number)
        .where(orders.c.number.in_(asked), is_asked_for())
    )
    still = {number: figures(amount) for number, amount in connection.execute(query)}
    changed = any(order not in still or amount not in (None, still[order]) for order, amount in asked.items())
    return changed or _is_paused(connection, paper, business_date(now))


def _is_paused(connection: Connection, paper: RowMapping, day: date) -> bool:
    """Whether a balance whose level the letter raises was exempted, or promised to be paid, since it was written."""
    reminders, pauses, orders = table("reminders"), table("reminder_pauses"), table("orders")
    query = (
        select(pauses.c.until)
        .join(orders, (pauses.c.subject == orders.c.number) | (pauses.c.subject == orders.c.customer))
        .join(reminders, reminders.c.order_number == orders.c.number)
        .where(
            reminders.c.letter_order == paper["order_number"],
            reminders.c.letter == paper["identity"],
            pauses.c.until >= day,
        )
    )
    return connection.scalar(query.limit(1)) is not None


def withdraw(connection: Connection, paper: RowMapping) -> None:
    """Take back a letter that is no longer right: what is still owed is asked for by the next run.

    Where a copy has gone, or may have, its level counts.
    """
    deliveries, reminders = table("deliveries"), table("reminders")
    of_letter = and_(
        deliveries.c.order_number == paper["order_number"], deliveries.c.identity == paper["identity"]
    )
    connection.execute(
        update(deliveries)
        .where(of_letter, deliveries.c.state == DeliveryState.WAITING.value)
        .values(state=DeliveryState.WITHDRAWN.value)
    )
    gone = deliveries.c.state.in_(_MAY_HAVE_GONE) | deliveries.c.sent_at.is_not(None)
    if connection.scalar(select(deliveries.c.state).where(of_letter, gone).limit(1)) is None:
        connection.execute(
            delete(reminders).where(
                reminders.c.letter_order == paper["order_number"], reminders.c.letter == paper["identity"]
            )
        )


def is_done_with(connection: Connection, *of_ladder: ColumnElement[bool]) -> bool:
    """Whether the last letter of this ladder is, so that the next level may come (R51).

    The customer's copy is being tried no longer, and some copy was sent or settled by a person; or nobody hears of it.
    """
    reminders, deliveries, outbox = table("reminders"), table("deliveries"), table("outbox")
    last = (
        select(reminders.c.letter_order, reminders.c.letter)
        .where(*of_ladder)
        .order_by(reminders.c.level.desc())
        .limit(1)
        .subquery()
    )
    copies = connection.execute(
        select(deliveries.c.addressee, deliveries.c.state, deliveries.c.sent_at).join(
            last,
            and_(deliveries.c.order_number == last.c.letter_order, deliveries.c.identity == last.c.letter),
        )
    ).all()
    if not copies:
        routed = select(outbox.c.routed).join(
            last, and_(outbox.c.order_number == last.c.letter_order, outbox.c.identity == last.c.letter)
        )
        return connection.scalar(routed) is not False
    if any(addressee in _TO_THE_CUSTOMER and state in _BEING_TRIED for addressee, state, _ in copies):
        return False
    return any(state in _SETTLED or sent_at is not None for _, state, sent_at in copies)


def overtake(connection: Connection, customer: str) -> None:
    """A new letter lists everything: older ones that lacked an address do not go out once it is supplied."""
    reminders, deliveries = table("reminders"), table("deliveries")
    older = select(reminders.c.letter_order, reminders.c.letter).where(reminders.c.customer == customer)
    connection.execute(
        update(deliveries)
        .where(
            tuple_(deliveries.c.order_number, deliveries.c.identity).in_(older),
            deliveries.c.state == DeliveryState.NO_ADDRESS.value,
        )
        .values(state=DeliveryState.WITHDRAWN.value)
    )
