"""A case as pages show it: its words, and what a customer reads of where it stands (R143)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.access import Caller
from models.cases.terms import CaseEnding, CaseStage, CaseType, Cause, Remedy
from models.facts.speakers import who_may
from models.values.vocabulary import Role, Term, Words

READERS = (
    Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT, Role.SERVICE_SUPERVISOR, Role.SALESPERSON, Role.SALES_SUPERVISOR,
    Role.MARKETING_DIRECTOR, Role.FINANCE, Role.QUALITY, Role.WAREHOUSE, Role.PRODUCTION, Role.TECHNICAL, Role.SHIPPER,
)  # fmt: skip
"""Who works on cases."""
OPENED_BY_CUSTOMERS = tuple(cause for cause in Cause if cause is not Cause.LOW_RATING)
"""The causes that a form offers; a low rating opens its complaint by itself."""
_STATES: Mapping[CaseStage, Words] = {
    CaseStage.OPENED: Words("已收到，我们会尽快受理", "we have it and take it up soon"),
    CaseStage.ACKNOWLEDGED: Words("我们正在核查", "we are looking into it"),
    CaseStage.ASSESSED: Words("我们正在决定如何处理", "we are deciding what to do"),
    CaseStage.GOODS_AWAITED: Words("请寄回货物", "please send the goods back"),
    CaseStage.GOODS_SENT: Words("货物在途，等我们签收", "the goods are on their way to us"),
    CaseStage.GOODS_RECEIVED: Words("货物已到，正在检验", "the goods are here and being inspected"),
    CaseStage.TO_REMEDY: Words("我们正在办理", "we are seeing to it"),
    CaseStage.REMEDIED: Words("已处理，请您确认", "it is remedied; please tell us whether you agree"),
    CaseStage.OBJECTED: Words("已收到您的异议，主管正在复核", "we have your objection; it is being reviewed"),
    CaseStage.CLOSED: Words("已结案", "closed"),
}


def term_of(terms: type[Term], value: str | None) -> Term | None:
    """A stored value of a closed set as people read it."""
    return next((each for each in terms if each.value == value), None)


def state_of_case(stage: str) -> Words:
    """Where it stands, in words for the customer."""
    known = next((each for each in CaseStage if each.value == stage), None)
    return _STATES[known] if known is not None else Words("", "")


def case_words() -> dict[str, Any]:
    """The closed sets of cases, as pages name them."""
    return {
        "case_type": lambda value: term_of(CaseType, value),
        "case_cause": lambda value: term_of(Cause, value),
        "case_stage": lambda value: term_of(CaseStage, value),
        "case_remedy": lambda value: term_of(Remedy, value),
        "case_ending": lambda value: term_of(CaseEnding, value),
        "remedies": list(Remedy),
    }


def may(caller: Caller, kind: str) -> bool:
    """Whether a form for this is shown to them."""
    return any(role in caller.roles for role in who_may(kind))
