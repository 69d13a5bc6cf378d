"""What a customer thinks of an order: asked once, given once, changeable for a while (R141)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from models.cases.case_request import CaseRequest
from models.cases.terms import CaseType, Cause
from models.policy import AfterwardsPolicy
from models.values.calendar import ONE_DAY, Calendar, business_date, end_of
from models.values.content import Content, Text
from models.values.vocabulary import Role

Stars = Annotated[int, Field(ge=1, le=5)]


class Rating(Content):
    """1 to 5 for the goods and for the merchant."""

    goods: Stars
    merchant: Stars
    words: Text = ""


def asked_on(finished: datetime, calendar: Calendar) -> date:
    """The working day after an order was completed, or had ended, on which the customer is asked."""
    return calendar.working_days_after(business_date(finished), 1)


def changeable_until(asked: date, policy: AfterwardsPolicy) -> datetime:
    """The first moment at which a rating may not be changed any more."""
    return end_of(asked + policy.rating_days * ONE_DAY)


def is_low(rating: Rating, policy: AfterwardsPolicy) -> bool:
    """Whether it opens a complaint: 1 or 2 for either."""
    return min(rating.goods, rating.merchant) <= policy.low_rating


def complaint_of(order: str, customer: str, rating: Rating, author: str) -> CaseRequest:
    """The complaint that a low rating opens; the same rating gives the same one."""
    stars = f"货物 {rating.goods} 分，服务 {rating.merchant} 分"
    return CaseRequest(
        request_id=f"rating/{order}",
        order=order,
        customer=customer,
        type=CaseType.COMPLAINT,
        cause=Cause.LOW_RATING,
        words=f"{stars}。{rating.words}" if rating.words else stars,
        entered_by=author,
        entered_role=Role.CUSTOMER,
    )
