"""A case as rows of the order database: what lists, inboxes, pages and the statistics read (R143)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.cases.case import Case
from models.cases.case_request import CaseGoods, CaseRequest
from models.dossier.records.case_rows import decision_rows, step_rows
from models.dossier.records.changed_rows import RowTracker, Watched
from models.values.money import ZERO
from models.values.vocabulary import Role

KIND = "case"
STEPS = "case_steps"
_BESIDE = frozenset({"order_cases"})
"""Tables with one row for each case."""


def row_tracker(case: Case) -> RowTracker:
    """A tracker of the rows of this case."""
    return RowTracker(
        case.number, lambda: watched_rows(case), column="case_number", steps=STEPS, beside=_BESIDE
    )


def title_of(request: CaseRequest, goods: CaseGoods | None) -> str:
    """What it is about: what is asked, and of which goods."""
    about = f"{goods.product} {goods.specification}".strip() if goods is not None else request.order
    return f"{request.type.zh} {request.cause.zh} · {about}"


def watched_rows(case: Case) -> Iterator[Watched]:
    """Every row as it is now, the one of the case first."""
    yield _head(case)
    yield _row(case)
    yield from decision_rows(case)
    yield from step_rows(case, STEPS)


def _head(case: Case) -> Watched:
    values: dict[str, Any] = {
        "kind": KIND,
        "placed_at": case.placed_at,
        "customer": case.customer.customer,
        "customer_name": case.customer.name,
        "customer_class": case.customer.customer_class,
        "salesperson": case.staff.person(Role.SALESPERSON),
        "title": title_of(case.request, case.goods),
        "stage": case.stage,
        "ending": case.ending,
        "ended_at": case.ended_at,
        "policy_version": case.policy.version,
        "edition": case.edition,
    }
    return Watched("cases", (), tuple(values.values()), lambda: values)


def order_case_row(case: Case) -> dict[str, Any]:
    """The row of the case's own table."""
    grant, inspected, assessment = case.grant, case.inspected, case.assessment
    return {
        **asked_row(case.request, case.goods),
        "held": case.held,
        "owner": case.owner,
        "assessed": assessment.words if assessment is not None else "",
        "remedy": case.remedy or (assessment.remedy if assessment is not None else None),
        "our_fault": grant.our_fault if grant is not None else None,
        "refusal": case.refusal,
        "decided_by": grant.by if grant is not None else "",
        "decided_at": case.decided_at,
        "send_by": case.send_by,
        "sent_at": case.sent_at,
        "came_back": case.came_back,
        "passed": inspected.passed if inspected is not None else None,
        "failed": inspected.failed if inspected is not None else None,
        "value": case.returned_value if case.counted else None,
        "payable": sum((each.payable for each in case.counted), ZERO) if case.counted else None,
        "replacement": case.replacement or None,
        "difference": case.difference if case.replacement else None,
        "remedied_at": case.remedied_at,
        "agree_by": case.agree_by,
        "paid_reference": case.paid_reference,
        "objection": case.objection,
        "evidence": [each.model_dump(mode="json") for each in case.evidence],
    }


def asked_row(request: CaseRequest, goods: CaseGoods | None) -> dict[str, Any]:
    """What stands in it from the first moment."""
    return {
        "request_id": request.request_id,
        "order_number": request.order,
        "type": request.type,
        "cause": request.cause,
        "line": goods.line if goods is not None else None,
        "product": goods.product if goods is not None else "",
        "specification": goods.specification if goods is not None else "",
        "unit": goods.unit if goods is not None else None,
        "unit_price": goods.unit_price if goods is not None else None,
        "quantity": request.quantity,
        "words": request.words,
    }


def _row(case: Case) -> Watched:
    values = order_case_row(case)
    return Watched("order_cases", (), (repr(values),), lambda: values)
