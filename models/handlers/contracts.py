"""What an order hears of its contract (R107)."""

from __future__ import annotations

from models.contracts.contents import ContractInForce, ContractOver
from models.contracts.terms import ContractEnding
from models.dossier.papers_due import Paper
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.kinds.contract import SignedContract, wants_contract
from models.order.order import Order
from models.values.errors import AlreadyKnown
from models.values.vocabulary import Role, Words

FACTS = FactTable()


@FACTS.row(ContractInForce, (Role.SYSTEM,), Words("合同生效", "contract in force"))
def contract_in_force(order: Order, envelope: Envelope, content: ContractInForce) -> None:
    """R107: signed by both sides, on these terms: production and release may go on where the order says the same."""
    known = order.signed_contract
    if known is not None and known.contract == content.contract and known.version >= content.version:
        raise AlreadyKnown
    order.signed_contract = SignedContract(
        contract=content.contract,
        version=content.version,
        digest=content.digest,
        terms=content.terms,
        since=content.since,
        valid_until=content.valid_until,
    )


@FACTS.row(ContractOver, (Role.SYSTEM,), Words("合同终结", "contract over"))
def contract_over(order: Order, envelope: Envelope, content: ContractOver) -> None:
    """R107: nothing more is produced or released under it; who sold it, and who keeps the order, are told."""
    known = order.signed_contract
    if known is None or known.contract != content.contract:
        raise AlreadyKnown
    order.signed_contract = None
    if wants_contract(order):
        ending = next((each for each in ContractEnding if each.value == content.ending), None)
        order.intend(
            Paper.CONTRACT_LOST,
            content.contract,
            (Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER, Role.FINANCE),
            "R107",
            contract=content.contract,
            ending=Words(ending.zh, ending.en) if ending is not None else content.ending,
        )
