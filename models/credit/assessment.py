"""Finance's assessment of a customer: a limit, or prepaid only; it holds for a while and its history is kept (R108)."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field, ValidationInfo, field_validator

from models.values.content import Content, Line, NonNegativeMoney, Text
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term, Words
from models.values.words import InvalidValue

NOT_BY_THE_SELLER = Words(
    "职责必须分离：{who}向该客户销售，不能评估其信用",
    "duties are kept apart: {who} sells to this customer and may not assess their credit",
)
"""R106, R108: a limit is no work of who sells by it."""


class CreditStanding(Term):
    """What is known of a customer's credit. Of one of whom nothing is said nothing is asked: the company knows them."""

    UNASSESSED = "unassessed", "待评估", "to be assessed"
    LIMITED = "limited", "有信用额度", "has a credit limit"
    PREPAID_ONLY = "prepaid_only", "仅限预付", "prepaid only"


class CreditAssessment(Content):
    """What finance found (R108): the most that the customer may owe, in CNY, or that all is to be paid first."""

    limit: NonNegativeMoney | None = None
    prepaid_only: bool = Field(default=False, validate_default=True)
    reason: Text = ""
    """What the assessment rests on; it stands in the customer's history (R108)."""

    @field_validator("prepaid_only")
    @classmethod
    def _or_a_limit(cls, prepaid_only: bool, info: ValidationInfo) -> bool:
        if "limit" in info.data and (info.data["limit"] is None) is not prepaid_only:
            raise InvalidValue(
                "请给出信用额度，或选“仅限预付”，二者取一", "give a limit, or prepaid only: one of the two"
            )
        return prepaid_only

    @property
    def standing(self) -> CreditStanding:
        """What the customer's file says of it."""
        return CreditStanding.PREPAID_ONLY if self.prepaid_only else CreditStanding.LIMITED


class Assessed(CreditAssessment):
    """An assessment as it is kept: who made it, and on which business day."""

    assessed_on: date
    assessed_by: Line = ""

    def holds_on(self, day: date, days: int) -> bool:
        """R108: whether it still holds on this business day, if it holds so many days; its first day counts."""
        return day < self.assessed_on + timedelta(days=days)


def require_no_seller(assessor: str, salesperson: str) -> None:
    """R106, R108: the customer's own salesperson does not assess them. Raises Refusal(same_person).

    Asked wherever an assessment is told beside the orders, where no edition counts.
    """
    if assessor and assessor == salesperson:
        words = NOT_BY_THE_SELLER.filled(who=assessor)
        raise Refusal(Code.SAME_PERSON, words, where="by", rule="R108")
