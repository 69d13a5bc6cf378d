"""A contract as rows of the order database: what lists, inboxes and pages read (R107)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.contracts.contract import Draft, OrderContract
from models.contracts.contract_request import ContractRequest
from models.dossier.records.case_rows import decision_rows, step_rows
from models.dossier.records.changed_rows import RowTracker, Watched
from models.values.fingerprint import lasting
from models.values.vocabulary import Role

KIND = "contract"
STEPS = "case_steps"
_BESIDE = frozenset({"contracts"})
"""Tables with one row for each case."""
_MOST_NAMED = 3


def row_tracker(contract: OrderContract) -> RowTracker:
    """A tracker of the rows of this contract."""
    return RowTracker(
        contract.number, lambda: watched_rows(contract), column="case_number", steps=STEPS, beside=_BESIDE
    )


def title_of(request: ContractRequest) -> str:
    """What it is about: its order and goods."""
    lines = request.terms.lines
    more = f" +{len(lines) - _MOST_NAMED}" if len(lines) > _MOST_NAMED else ""
    goods = "; ".join(f"{line.product} {line.specification}".strip() for line in lines[:_MOST_NAMED])
    return f"{request.order} · {goods}{more}"


def watched_rows(contract: OrderContract) -> Iterator[Watched]:
    """Every row as it is now, the one of the case first."""
    yield _head(contract)
    yield _row(contract)
    for draft in contract.drafts:
        yield Watched(
            "contract_drafts",
            (("version", draft.version),),
            (draft.model_dump_json(),),
            lambda draft=draft: _draft(draft),  # type: ignore[misc]
        )
        yield from _signatures(draft)
    yield from decision_rows(contract)
    yield from step_rows(contract, STEPS)


def _head(contract: OrderContract) -> Watched:
    values: dict[str, Any] = {
        "kind": KIND,
        "placed_at": contract.placed_at,
        "customer": contract.customer.customer,
        "customer_name": contract.customer.name,
        "customer_class": contract.customer.customer_class,
        "salesperson": contract.staff.person(Role.SALESPERSON),
        "title": title_of(contract.request),
        "stage": contract.stage,
        "ending": contract.ending,
        "ended_at": contract.ended_at,
        "policy_version": contract.policy.version,
        "edition": contract.edition,
    }
    return Watched("cases", (), tuple(values.values()), lambda: values)


def _row(contract: OrderContract) -> Watched:
    force = contract.in_force
    values: dict[str, Any] = {
        "request_id": contract.request.request_id,
        "order_number": contract.request.order,
        "version": contract.newest.version,
        "in_force": force.version if force is not None else None,
        "in_force_from": force.in_force_from if force is not None else None,
        "valid_until": (force or contract.newest).valid_until,
        "total": (force or contract.newest).terms.total,
        "termination": contract.termination,
    }
    return Watched("contracts", (), (repr(values),), lambda: values)


def _draft(draft: Draft) -> dict[str, Any]:
    signing = draft.signing
    return {
        "supplement": draft.supplement,
        "terms": lasting(draft.terms),
        "total": draft.terms.total,
        "quality": draft.quality,
        "words": draft.words,
        "reason": draft.reason,
        "valid_until": draft.valid_until,
        "digest": draft.digest,
        "drafted_by": draft.drafted_by,
        "drafted_at": draft.drafted_at,
        "approved_at": draft.approved_at,
        "sent_back": draft.sent_back,
        "declined": draft.declined,
        "superseded_at": draft.superseded_at,
        "signing_place": signing.place if signing is not None else "",
        "signing_at": signing.at if signing is not None else None,
        "in_force_from": draft.in_force_from,
    }


def _signatures(draft: Draft) -> Iterator[Watched]:
    for signed in draft.signatures:
        values = {
            "signed_by": signed.signed_by,
            "document": signed.document,
            "digest": draft.digest,
            "by": signed.by,
            "role": signed.role,
            "signed_at": signed.at,
        }
        where = (("version", draft.version), ("side", signed.side.value))
        yield Watched("signatures", where, (signed.model_dump_json(),), lambda values=values: values)  # type: ignore[misc]
