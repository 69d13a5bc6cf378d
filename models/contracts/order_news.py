"""What a contract has its order told: that it is in force, that it counts no more; or asks whether the order still lives (R107)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.contracts.contents import ContractInForce, ContractOver
from models.contracts.contract import Draft, OrderContract
from models.values.fingerprint import lasting

IN_FORCE = "contract_in_force"
OVER = "contract_over"


class OrderNews(BaseModel):
    """One thing to be told to the order; without a kind it is only asked whether the order has ended."""

    model_config = ConfigDict(frozen=True)

    key: str
    contract: str
    order: str
    kind: str | None = None
    content: dict[str, Any] = {}
    at: datetime
    """When it became news; the same each time that the telling is tried."""

    @property
    def fact_id(self) -> str:
        """The same news has the same id, however often it is told."""
        return f"{self.contract}/{self.key}"


def news_of(contract: OrderContract) -> OrderNews | None:
    """What the order is to be told now; None while it knows all."""
    if not contract.lives:
        return None
    draft = contract.in_force
    if draft is None:
        return None
    if contract.pending_ending is not None:
        return None if contract.order_ended else _untold(contract, _over(contract))
    news = _untold(contract, _in_force(contract, draft))
    if news is None and contract.reminder_due:
        key = f"standing:{draft.valid_until.isoformat()}"
        return _untold(
            contract,
            OrderNews(key=key, contract=contract.number, order=contract.request.order, at=contract.clock),
        )
    return news


def _untold(contract: OrderContract, news: OrderNews) -> OrderNews | None:
    return None if news.key in contract.told else news


def _in_force(contract: OrderContract, draft: Draft) -> OrderNews:
    content = ContractInForce(
        contract=contract.number,
        version=draft.version,
        digest=draft.digest,
        terms=draft.terms.digest,
        since=draft.in_force_from or contract.clock,
        valid_until=draft.valid_until,
    )
    return OrderNews(
        key=f"in_force:{draft.version}",
        contract=contract.number,
        order=contract.request.order,
        kind=IN_FORCE,
        content=lasting(content),
        at=contract.clock,
    )


def _over(contract: OrderContract) -> OrderNews:
    ending = contract.pending_ending.value if contract.pending_ending is not None else ""
    content = ContractOver(contract=contract.number, ending=ending, reason=contract.termination)
    return OrderNews(
        key="over",
        contract=contract.number,
        order=contract.request.order,
        kind=OVER,
        content=lasting(content),
        at=contract.clock,
    )
