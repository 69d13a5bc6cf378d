"""Stories of contracts as they are played: what only a contract looks at, and the order that hears of it (R107)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from temporalio import activity

from models.contracts.contract import OrderContract
from models.contracts.order_news import OrderNews
from models.dossier.errands import ErrandDone
from rehearsal.beside import on_model
from rehearsal.beside.contract_story import ContractMove, ContractScript
from rehearsal.beside.kind import Look, Outside, StoryKind
from rehearsal.beside.played import Played
from workflows import contracting
from workflows.contract import DURABLE, CarriedContract
from workflows.engine.limits import ORDER_NEWS_ACTIVITY

PlayedContract = Played[OrderContract, ContractScript]


def _looks(move: ContractMove, contract: OrderContract) -> Iterator[Look]:
    expected = move.expected
    if expected is None:
        return
    force = contract.in_force if contract.pending_ending is None else None
    covers = force is not None and force.terms.digest == move.order.digest
    yield "version", expected.version, contract.newest.version
    yield "in_force", expected.in_force, force.version if force is not None else 0
    yield "total", expected.total, contract.newest.terms.total
    yield "order_goes_on", expected.order_goes_on, covers


class OrdersOfContracts:
    """The orders of contracts, where stories are played: they have no life but what their story says."""

    def __init__(self, scripts: Sequence[ContractScript]) -> None:
        self._scripts: Mapping[str, ContractScript] = {each.start.number: each for each in scripts}

    @activity.defn(name=ORDER_NEWS_ACTIVITY)
    def tell_contracted_order(self, news: OrderNews) -> ErrandDone:
        """In place of the activity that tells real orders: whether the order had ended by then (R107)."""
        ended = self._scripts[news.contract].order_has_ended(news.at)
        return ErrandDone(kind="order_told", content={"news": news.key, "order_ended": ended})


def _outside(scripts: Sequence[ContractScript]) -> Outside:
    return {ORDER_NEWS_ACTIVITY: OrdersOfContracts(scripts).tell_contracted_order}


def _hash_of(contract: OrderContract, version: int) -> str | None:
    draft = contract.draft_numbered(version)
    return draft.digest if draft else None


CONTRACTS: StoryKind[OrderContract, ContractScript] = StoryKind(
    word="contract",
    durable=DURABLE,
    dossier=OrderContract,
    begin=contracting.begin,
    carried=lambda contract, events: CarriedContract(contract=contract, continue_after_events=events),
    stage=lambda contract: contract.stage,
    ending=lambda contract: contract.ending,
    looks=_looks,
    outside=_outside,
    hash_of=_hash_of,
)
"""What makes a story of a contract one of its own."""


def play_contract(script: ContractScript) -> PlayedContract:
    """The story on the pure model."""
    return on_model.play(CONTRACTS, script)
