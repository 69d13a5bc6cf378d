"""Manual corrections 人工更正: what an operator may put right in an order, within the bounds of what happened since.

They are for slips that no fact of the business takes back: what was reported too high, a place, a tracking number, a fact
that waits and should not. Everything else has its own fact (`payment_corrected`, `amendment_requested`, `reassigned`,
`extension_given`). Rows are never edited: the order is told, and its rows follow. What stood there and what stands there now
is in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from models.dossier.named_people import require_named
from models.messages.authors import own_fact_id
from models.messages.corrections import Corrected, Correction
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.goods import Lot, Shipment
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_NOT_SO = Words("现为 {now}，不是 {said}；请重新查看", "it is {now} now and not {said}; look at it again")
_NO_LOT = Words("第 {line} 行没有批次 {lot}", "line {line} has no lot {lot}")
_NO_SHIPMENT = Words("没有发货 {shipment}", "there is no shipment {shipment}")
_NO_FACT = Words("没有这样一个等待中的事实：{fact}（{by}）", "no such fact is kept: {fact} by {by}")
_MORE = Words(
    "只能改少；多出的部分用 {fact} 报告", "it only becomes less; what there is more is told by {fact}"
)
_BELOW = Words("不能少于 {least}：其后已{what_zh}", "not below {least}: so much was {what_en} since")
_OWN = Words(
    "更正须由业务人员同意，不能是运维本人", "somebody of the business agrees to it, and not the operator"
)


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """Whose figure it is (None: anybody of the staff), and how it is put right; it refuses before it changes anything."""

    role: Role | None
    put_right: Callable[[Order, Corrected], None]


@FACTS.row(Corrected, (Role.OPERATOR,), Words("人工更正", "put right by an operator"))
def corrected(order: Order, envelope: Envelope, content: Corrected) -> None:
    """One thing of the closed list becomes what it is in the world; what follows from it follows by the rules."""
    if content.agreed_by == envelope.by:
        raise Refusal(Code.SAME_PERSON, _OWN, where="content.agreed_by")
    rule = CORRECTIONS[content.what]
    require_named(
        order, content.agreed_by, rule.role, where="content.agreed_by", rule="", on_staff=content.on_staff
    )
    rule.put_right(order, content)


def _lot_made(order: Order, content: Corrected) -> None:
    """Never below what was inspected, scrapped, is in rework or left; of a finished line something was made (R41)."""
    lot = _lot(order, content)
    wanted = _less(content, lot.made, "production_reported")
    least = lot.passed + lot.scrapped + lot.left_uninspected + lot.rework
    if wanted < least:
        raise _refused(
            _BELOW.filled(least=least, what_zh="检验、返工或发出", what_en="inspected, in rework or sent")
        )
    others = any(each.made > 0 for each in order.lots_of(lot.line) if each is not lot)
    if wanted == 0 and lot.line in order.finished_lines and not others:
        words = Words("已报完工的行不能一件未产", "of a line that is reported finished something was made")
        raise _refused(words)
    lot.made = wanted


def _lot_entered(order: Order, content: Corrected) -> None:
    """Never below what left the factory of the line."""
    lot = _lot(order, content)
    wanted = _less(content, lot.entered, "warehouse_entered")
    least = lot.entered - (order.entered(lot.line) - order.shipped(lot.line))
    if wanted < least:
        raise _refused(_BELOW.filled(least=least, what_zh="发出", what_en="sent"))
    lot.entered = wanted


def _lot_place(order: Order, content: Corrected) -> None:
    lot = _lot(order, content)
    _require_as_said(content.was, lot.place, "content.was")
    lot.place = content.now


def _tracking_number(order: Order, content: Corrected) -> None:
    shipment = _shipment(order, content)
    _require_as_said(content.was, shipment.tracking_number, "content.was")
    shipment.tracking_number = content.now


def _early_fact(order: Order, content: Corrected) -> None:
    """It stays known: told once more under its id it does not come back. The id is that of its author, or with the author before it."""
    ids = {content.fact, own_fact_id(content.told_by, content.fact)}
    for envelope in order.early:
        if envelope.by == content.told_by and envelope.fact_id in ids:
            _require_as_said(content.fact_kind, envelope.kind, "content.fact_kind")
            order.early = [each for each in order.early if each is not envelope]
            return
    raise _refused(_NO_FACT.filled(fact=content.fact, by=content.told_by), "content.fact")


CORRECTIONS: dict[Correction, CorrectionRule] = {
    Correction.LOT_MADE: CorrectionRule(Role.PRODUCTION, _lot_made),
    Correction.LOT_ENTERED: CorrectionRule(Role.WAREHOUSE, _lot_entered),
    Correction.LOT_PLACE: CorrectionRule(Role.WAREHOUSE, _lot_place),
    Correction.TRACKING_NUMBER: CorrectionRule(Role.SHIPPER, _tracking_number),
    Correction.EARLY_FACT: CorrectionRule(None, _early_fact),
}
"""The closed list. Another correction is a member of `Correction`, a row here, and its tests."""


def _lot(order: Order, content: Corrected) -> Lot:
    lot = order.lot(content.line, content.lot) if content.line is not None else None
    if lot is None:
        raise _refused(_NO_LOT.filled(line=content.line, lot=content.lot), "content.lot")
    return lot


def _shipment(order: Order, content: Corrected) -> Shipment:
    shipment = order.find_shipment(content.shipment)
    if shipment is None:
        raise _refused(_NO_SHIPMENT.filled(shipment=content.shipment), "content.shipment")
    return shipment


def _less(content: Corrected, now: Decimal, by_fact: str) -> Decimal:
    """What it is to be: less than it is. What there is more of has its own fact."""
    was, wanted = content.quantity_was, content.quantity_now
    if was is None or wanted is None or was != now:
        raise _refused(_NOT_SO.filled(now=now, said=was), "content.quantity_was")
    if wanted >= was:
        raise _refused(_MORE.filled(fact=by_fact))
    return wanted


def _require_as_said(said: str, now: str, where: str) -> None:
    if said != now:
        raise _refused(_NOT_SO.filled(now=now or "-", said=said or "-"), where)


def _refused(words: Words, where: str = "content.quantity_now") -> Refusal:
    return Refusal(Code.CONTRADICTION, words, where=where)
