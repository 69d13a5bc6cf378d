"""Ratings in the order database: asked for by a job, given and changed on the customer's page (R141)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, func, or_, select, update
from temporalio import activity

from activities.notices.outbox import enter_row
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from activities.store.upsert import insert_into
from models.access import no_order
from models.cases.rating import Rating, asked_on, changeable_until, is_low
from models.dossier.papers_due import Paper, as_said
from models.policy import AfterwardsPolicy
from models.tables.registry import table
from models.values.calendar import at, business_date, end_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Role, Words

ORDERS_AT_ONCE = 200
_LOOKS_BACK = timedelta(days=40)
"""Orders that ended longer ago are not asked about: their customers were asked, or it is too long ago."""
_OVER = Words("评价已于 {until} 截止", "a rating could be given until {until}")
HOUR = 10


class SurveyPage(BaseModel):
    """Ask the customers of the orders whose day this is, after this order."""

    day: date
    after: str = ""


class SurveyProgress(BaseModel):
    """What one page came to. `after` is where to go on; empty: all were looked at."""

    after: str = ""
    asked: int = 0
    is_holiday: bool = False


class RatingView(BaseModel):
    """What is known of the rating of an order. Times UTC."""

    order_number: str
    customer: str
    asked_at: datetime
    until: datetime
    goods: int | None
    merchant: int | None
    words: str
    rated_at: datetime | None
    changes: int
    case_number: str | None


class Surveys:
    """Asks for ratings, in one database."""

    def __init__(self, engine: Engine, policy: Callable[[], AfterwardsPolicy]) -> None:
        self._engine = engine
        self._policy = policy

    @activity.defn(name="survey_page", no_thread_cancel_exception=True)
    def survey_page(self, page: SurveyPage) -> SurveyProgress:
        """Ask for the ratings of one page in one transaction; a page done again asks nobody twice.

        Nobody is asked on holidays. Raises Refusal where the database cannot be used.
        """
        return ask_for_ratings(self._engine, page, self._policy())


def ask_for_ratings(engine: Engine, page: SurveyPage, policy: AfterwardsPolicy) -> SurveyProgress:
    """As `Surveys.survey_page`."""
    with writing(engine) as connection:
        calendar = calendar_around(connection, page.day)
        if not calendar.is_working_day(page.day):
            return SurveyProgress(is_holiday=True)
        found = _finished(connection, page)
        asked = 0
        for number, customer, ended_at in found:
            if asked_on(ended_at, calendar) <= page.day:
                asked += _ask(connection, number, customer, page.day, policy)
    last = found[-1][0] if len(found) == ORDERS_AT_ONCE else ""
    return SurveyProgress(after=last, asked=asked)


def _finished(connection: Connection, page: SurveyPage) -> list[tuple[str, str, datetime]]:
    """Orders that were completed lately (R81), or ended so before that was a state, and were not asked about."""
    orders, ratings = table("orders"), table("ratings")
    before = end_of(page.day)
    finished = func.coalesce(orders.c.completed_at, orders.c.ended_at).label("finished")
    query = (
        select(orders.c.number, orders.c.customer, finished)
        .outerjoin(ratings, ratings.c.order_number == orders.c.number)
        .where(
            or_(orders.c.completed_at.is_not(None), orders.c.ending == Ending.SETTLED.value),
            finished >= before - _LOOKS_BACK,
            finished < before,
            ratings.c.order_number.is_(None),
            orders.c.number > page.after,
        )
        .order_by(orders.c.number)
        .limit(ORDERS_AT_ONCE)
    )
    return [(row.number, row.customer, row.finished) for row in connection.execute(query)]


def _ask(connection: Connection, number: str, customer: str, day: date, policy: AfterwardsPolicy) -> int:
    until = changeable_until(day, policy)
    moment = at(day, HOUR)
    entered = connection.scalar(
        insert_into(connection, table("ratings"))
        .values(
            order_number=number,
            customer=customer,
            asked_at=moment,
            until=until,
            words="",
            changes=0,
            complaint_due=False,
        )
        .on_conflict_do_nothing()
        .returning(table("ratings").c.order_number)
    )
    if entered is None:
        return 0
    words = as_said(Paper.SURVEY, {"order": number, "until": until - timedelta(seconds=1)})
    enter_row(
        connection,
        order=number,
        identity=f"{Paper.SURVEY.value}:1",
        paper=Paper.SURVEY,
        to=(Role.CUSTOMER,),
        words=words,
        rule="R141",
        created_at=moment,
        content=None,
    )
    return 1


def rating_of(engine: Engine, order: str, customers: tuple[str, ...]) -> RatingView:
    """The rating of an order of one of these customers. Raises Refusal(unknown_order) where it was not asked for."""
    ratings = table("ratings")
    query = select(ratings).where(ratings.c.order_number == order, ratings.c.customer.in_(customers))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise no_order(order)
    return RatingView.model_validate(dict(row))


def ratings_of(engine: Engine, customers: tuple[str, ...]) -> list[RatingView]:
    """What these customers were asked to rate, the newest first."""
    ratings = table("ratings")
    query = select(ratings).where(ratings.c.customer.in_(customers)).order_by(ratings.c.asked_at.desc())
    with reading(engine) as connection:
        return [
            RatingView.model_validate(dict(row)) for row in connection.execute(query.limit(100)).mappings()
        ]


def rate(
    engine: Engine,
    order: str,
    customers: tuple[str, ...],
    rating: Rating,
    now: datetime,
    policy: AfterwardsPolicy,
) -> RatingView:
    """Give the rating of an order, or change it: there is one, and the same again changes nothing.

    A low one is due to open a complaint, once. Raises Refusal: unknown_order, too_late.
    """
    ratings = table("ratings")
    with writing(engine) as connection:
        row = (
            connection.execute(
                select(ratings)
                .where(ratings.c.order_number == order, ratings.c.customer.in_(customers))
                .with_for_update()
            )
            .mappings()
            .first()
        )
        if row is None:
            raise no_order(order)
        if now >= row["until"]:
            words = _OVER.filled(until=business_date(row["until"] - timedelta(seconds=1)))
            raise Refusal(Code.TOO_LATE, words, where="goods", rule="R141")
        given = {"goods": rating.goods, "merchant": rating.merchant, "words": rating.words}
        if any(row[name] != value for name, value in given.items()):
            due = is_low(rating, policy) and row["case_number"] is None
            connection.execute(
                update(ratings)
                .where(ratings.c.order_number == order)
                .values(
                    **given,
                    rated_at=now.astimezone(UTC),
                    changes=row["changes"] + (1 if row["rated_at"] is not None else 0),
                    complaint_due=due,
                )
            )
    return rating_of(engine, order, customers)


def complaints_due(engine: Engine) -> list[RatingView]:
    """Low ratings whose complaint is not opened yet, the oldest first."""
    ratings = table("ratings")
    query = select(ratings).where(ratings.c.complaint_due).order_by(ratings.c.rated_at).limit(100)
    with reading(engine) as connection:
        return [RatingView.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def complaint_opened(engine: Engine, order: str, case: str | None) -> None:
    """The complaint of a low rating is there; None: it cannot be opened, and is not tried again."""
    ratings = table("ratings")
    with writing(engine) as connection:
        connection.execute(
            update(ratings)
            .where(ratings.c.order_number == order)
            .values(complaint_due=False, **({"case_number": case} if case is not None else {}))
        )
