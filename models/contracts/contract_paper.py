"""What stands on the contract 合同: plain data for its template (R107)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.contracts.terms import ContractSide
from models.values.vocabulary import Term
from models.writing.printed_figures import amount, both, day, figures, moment, percent, price, quantity

if TYPE_CHECKING:
    from models.contracts.contract import Draft, OrderContract
    from models.contracts.terms import ContractLine


def contract_paper(contract: OrderContract, draft: Draft) -> dict[str, Any]:
    """The content of the paper of a version; signatures and the day on which it came into force once it has them."""
    terms, signing = draft.terms, draft.signing
    return {
        "number": contract.number,
        "version": str(draft.version),
        "supplement": draft.supplement,
        "reason": draft.reason,
        "content_hash": draft.digest,
        "made_at": moment(draft.drafted_at),
        "order": contract.request.order,
        "quote": contract.request.quote or "",
        "customer": contract.customer.name,
        "signers": list(contract.customer.designated_signers),
        "lines": [_line(line) for line in terms.lines],
        "total": amount(terms.total),
        "quality": draft.quality,
        "delivery_date": day(terms.delivery_date),
        "payment_terms": both(terms.payment_terms),
        "deposit": percent(terms.deposit_percent) if terms.deposit_percent is not None else "",
        "delivery_method": _both(terms.delivery_method),
        "packing": terms.packing,
        "special_requirements": terms.special_requirements,
        "words": draft.words,
        "valid_until": day(draft.valid_until),
        "place": signing.place if signing is not None else "",
        "signing_at": moment(signing.at) if signing is not None else "",
        "ours": _signature(draft, ContractSide.COMPANY),
        "theirs": _signature(draft, ContractSide.CUSTOMER),
        "in_force_from": moment(draft.in_force_from) if draft.in_force_from is not None else "",
    }


def _signature(draft: Draft, side: ContractSide) -> dict[str, str] | None:
    signed = draft.signature_of(side)
    return (
        {"by": signed.signed_by, "at": moment(signed.at), "document": signed.document}
        if signed is not None
        else None
    )


def _line(line: ContractLine) -> dict[str, Any]:
    return {
        "line": str(line.line),
        "product": line.product,
        "specification": line.specification,
        "quantity": quantity(line.quantity),
        "unit": both(line.unit),
        "unit_price": price(line.unit_price),
        "amount": figures(line.amount),
        "tolerance": f"±{percent(line.tolerance_percent)}" if line.tolerance_percent is not None else "",
    }


def _both(term: Term | None) -> Any:
    return both(term) if term is not None else ""
