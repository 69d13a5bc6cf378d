"""What finance does with a receipt, by the name of the act: one table for pages, programs and the command line (R160, R161)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine

from activities.money import house_receipts
from activities.money.house_receipts import Teller
from models.messages.envelope import read_entered
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import (
    AllocationAsked,
    BalanceMoved,
    BalanceRefunded,
    ReasonSaid,
    ReceiptAct,
)
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner

_NO_ACT = Words("没有这种办法。有：{allowed}", "there is no such act; there are: {allowed}")
_NOTHING_TO_SAY = Words("兑付没有别的内容", "clearing a cheque says nothing else")
Does = Callable[[Engine, str, Any, Teller], HouseReceipt]
_ACTS: Mapping[ReceiptAct, tuple[type[Content], Does]] = {
    ReceiptAct.ALLOCATED: (AllocationAsked, house_receipts.allocate),
    ReceiptAct.MOVED: (BalanceMoved, house_receipts.move_balance),
    ReceiptAct.REFUNDED: (BalanceRefunded, house_receipts.refund_balance),
    ReceiptAct.BOUNCED: (ReasonSaid, house_receipts.bounce_receipt),
    ReceiptAct.CORRECTED: (ReasonSaid, house_receipts.correct_receipt),
    ReceiptAct.TAKEN_BACK: (ReasonSaid, house_receipts.take_part_back),
}


def act_on_receipt(
    engine: Engine,
    number: str,
    kind: ReceiptAct | str,
    said: Mapping[str, Any],
    teller: Teller,
    manner: Manner,
) -> HouseReceipt:
    """Do it, once under the teller's id. Raises Refusal: malformed, and as the act itself in `activities.money.house_receipts`."""
    act = next((each for each in ReceiptAct if each.value == kind), None)
    if act is ReceiptAct.CLEARED:
        if said:
            raise Refusal(Code.MALFORMED, _NOTHING_TO_SAY, where=next(iter(said)), rule="R160")
        return house_receipts.clear_cheque(engine, number, teller)
    if act is None or act not in _ACTS:
        allowed = ", ".join([ReceiptAct.CLEARED, *_ACTS])
        raise Refusal(Code.MALFORMED, _NO_ACT.filled(allowed=allowed), where="act", rule="R160")
    content, does = _ACTS[act]
    return does(engine, number, read_entered(content, dict(said), manner), teller)
