"""Money that is to go from one order to another is looked at before it is told: the order itself knows no other one (R161)."""

from __future__ import annotations

from sqlalchemy import Engine

from activities.money.receipt_store import receiving_orders
from activities.store.database import reading
from models.messages.money_contents import MoneyTransferredOut
from models.money.house_receipt import ReceivingOrder, require_receiving
from models.values.errors import Code, Refusal
from models.values.receipts import half_id
from models.values.vocabulary import Way, Words

WHERE = "content.to"
_ONE_OR_THE_OTHER = Words(
    "写明了转给哪张订单（to），就不要填转款编号（transfer），编号由系统给",
    "where it says to which order it goes (to), leave out the id of the transfer: the house gives that",
)
_NOBODY_ASKED = Words(
    "转款编号（transfer）由系统给，请写明转给哪张订单（to）",
    "the id of a transfer is given by the house: say to which order it goes (to)",
)


def require_own_id(fact_id: str, said: MoneyTransferredOut) -> None:
    """R161: under an id of its own only the house tells of money, where another order asked for it. Said by anybody else an
    id that was used before would hide where the money went, and one that nobody asked for would send it nowhere.

    Raises Refusal (contradiction, not_asked).
    """
    if said.to and said.transfer:
        raise Refusal(Code.CONTRADICTION, _ONE_OR_THE_OTHER, where="content.transfer", rule="R161")
    if said.transfer and fact_id != half_id(said.transfer, Way.OUT):
        raise Refusal(Code.NOT_ASKED, _NOBODY_ASKED, where="content.transfer", rule="R161")


def require_transferable(engine: Engine, giver: str, to: str, *, wrong_order: bool) -> None:
    """A surplus goes to a living order of the same customer; what was told to the wrong order may be anybody's (R161).

    Raises Refusal (unknown_order, order_ended, other_customer), and those of `reading`. A giver that is not known yet is
    the telling's to judge.
    """
    with reading(engine) as connection:
        known = receiving_orders(connection, [giver, to])
    given_by, receiver = known.get(giver), known.get(to)
    if given_by is None or not to or to == giver:
        return
    customer = receiver.customer if wrong_order and receiver is not None else given_by.customer
    if receiver is not None and not receiver.customer:
        receiver = ReceivingOrder(
            receiver.number, customer, receiver.lives
        )  # numbered, and nothing recorded yet
    try:
        require_receiving(to, receiver, customer, WHERE)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.words, where=WHERE, rule="R161") from None
