"""The order's contract 合同: before production is instructed, and again before goods are released (R107)."""

from __future__ import annotations

from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.order.kinds.contract import contract_lack, wants_contract
from models.order.order import Order
from models.values.vocabulary import Role
from workflows.phases.phase import Needs


def settle_contract(order: Order) -> None:
    """Tell the salesperson that a contract is to be drafted, once for each version of the order."""
    if contract_lack(order) is not None:
        order.intend(
            Paper.CONTRACT_WANTED,
            str(order.request_version),
            (Role.SALESPERSON,),
            "R107",
            order=order.number,
        )


def contract_needs(order: Order, *, blocking: bool = True) -> Needs:
    """A step while no contract in force says what the order says; nothing where none is needed."""
    lack = contract_lack(order)
    if lack is None:
        return
    yield Need(
        f"contract:{order.request_version}",
        StepKind.CONTRACT,
        (Role.SALESPERSON,),
        "R107",
        hours=order.policy.contract.draft_hours + order.policy.contract.signing_hours,
        blocking=blocking,
        values={"lack_zh": lack.zh, "lack_en": lack.en},
    )


def is_to_be_signed(order: Order) -> bool:
    """Whether a contract will be asked for, or is."""
    return wants_contract(order) and contract_lack(order) is not None
