"""What becomes of goods that were damaged, short, refused or lost: the outcomes of such an exception (R74, R76)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.incidents import Trouble
from models.handlers.cancellation import cancel_rest
from models.handlers.goods.goods_exceptions import outcomes_of
from models.handlers.goods.replacements import make_lost_again, replace
from models.handlers.goods.shipments import added_up, named
from models.messages.envelope import Envelope
from models.messages.fact_contents import ExceptionResolved
from models.messages.goods_contents import Condition, GoodsOutcome
from models.order.goods import GoodsTrouble, Shipment
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

_G = GoodsOutcome
DECIDES = (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR)
"""Who says what becomes of such goods; that the customer takes them as they are, whoever spoke with the customer says."""
SPEAKS_WITH_THE_CUSTOMER = (Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER, Role.SERVICE_ASSISTANT)
_UNCOUNTED = (Condition.DAMAGED, Condition.SHORT)
"""What is told without saying how many pieces, until a receipt counts what is missing."""


def goods_of(order: Order, trouble: Trouble, content: ExceptionResolved) -> GoodsTrouble | None:
    """What an exception says of goods; None where it says nothing of any, or ends in words.

    Damage on the way may end in words, for the receipt will tell what arrived, or by an outcome.
    """
    known = order.goods_troubles.get(trouble.key)
    if known is not None or content.outcome is None or trouble.rule != "R74":
        return known
    shipment = next((each for each in order.shipments if trouble.key in transit_keys(each.shipment)), None)
    if shipment is None or shipment.condition is not Condition.DAMAGED:
        return None
    return GoodsTrouble(
        key=trouble.key,
        shipment=shipment.shipment,
        condition=Condition.DAMAGED,
        quantities=dict(shipment.quantities),
    )


def transit_keys(shipment: str) -> tuple[str, ...]:
    """Under which the system keeps what happens to a shipment on its way; a person may have used the plain one."""
    return (f"transit-{shipment}", f"transit-{shipment}/R74")


def resolve_goods(
    order: Order, envelope: Envelope, trouble: Trouble, goods: GoodsTrouble, content: ExceptionResolved
) -> None:
    """R74, R76: one of the outcomes, with its effect. Raises Refusal before anything changes."""
    outcome = _outcome(order, envelope, goods, content)
    shipment = order.find_shipment(goods.shipment)
    if shipment is None:
        return
    pieces = _pieces(shipment, goods, content)
    order.goods_troubles[goods.key] = goods
    goods.outcome = outcome
    trouble.resolution, trouble.resolved_at = content.resolution, envelope.happened_at
    if outcome is not _G.ACCEPT or goods.condition in (Condition.SHORT, Condition.LOST):
        _off_the_bill(order, shipment, goods, pieces)
    if outcome is _G.RESHIP:
        _send_again(order, shipment, goods, pieces)
    elif outcome is _G.WRITE_OFF and shipment.goes_again:
        make_lost_again(order, shipment, pieces)
    elif outcome is _G.END:
        cancel_rest(order, envelope, content.resolution)
    left = {line: rest for line in goods.quantities if (rest := shipment.rest(line)) > 0}
    if left and goods.condition is not Condition.DAMAGED and shipment.delivered_at is not None:
        # only some of the missing pieces were spoken of: the others are still missing
        goods.outcome, goods.quantities = None, left
        trouble.resolution, trouble.resolved_at = "", None


def _outcome(
    order: Order, envelope: Envelope, goods: GoodsTrouble, content: ExceptionResolved
) -> GoodsOutcome:
    """The outcome that was named, if this role may name it now."""
    allowed, outcome = outcomes_of(goods), content.outcome
    possible = ", ".join(allowed)
    if order.troubles[goods.key].resolved_at is not None and goods.outcome is not None:
        raise Refusal(
            Code.ALREADY_DECIDED,
            Words("已定为：{zh}", "this is decided already: {en}").filled(
                zh=goods.outcome.zh, en=goods.outcome.en
            ),
            where="content.exception",
            rule="R74",
        )
    if outcome is None:
        raise Refusal(
            Code.MISSING_FIELD,
            Words("请写明处理结果：{allowed}", "name the outcome: {allowed}").filled(allowed=possible),
            where="content.outcome",
            rule="R74",
        )
    if outcome not in allowed or (outcome is _G.RESHIP and order.rest_is_cancelled):
        raise Refusal(
            Code.UNKNOWN_OUTCOME,
            Words("可选结果：{allowed}", "the outcomes are: {allowed}").filled(
                allowed=", ".join(each for each in allowed if each is not outcome)
            ),
            where="content.outcome",
            rule="R74",
        )
    may = DECIDES + (SPEAKS_WITH_THE_CUSTOMER if outcome is _G.ACCEPT else ())
    if envelope.role not in may:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{outcome.zh}”由{'、'.join(role.zh for role in may)}决定，不是{envelope.role.zh}",
                f"{outcome.en}: decided by {', '.join(role.en for role in may)}, not by {envelope.role.en}",
            ),
            where="role",
            rule="R74",
        )
    return outcome


def _pieces(shipment: Shipment, goods: GoodsTrouble, content: ExceptionResolved) -> dict[int, Decimal]:
    """The pieces that the outcome is about: those that are named, or all that the exception is about."""
    there = _concerned(shipment, goods)
    counted = added_up(content.items)
    if goods.condition in _UNCOUNTED and not (
        goods.condition is Condition.SHORT and shipment.delivered_at is not None
    ):
        if not counted and content.outcome in (_G.RESHIP, _G.CREDIT):
            raise Refusal(
                Code.MISSING_FIELD,
                Words("请写明涉及的数量（行号与数量）", "name the pieces that it is about, by line"),
                where="content.items",
                rule="R74",
            )
        pieces = counted
    else:
        pieces = counted or there
    if any(quantity > there.get(line, NOTHING) for line, quantity in pieces.items()):
        raise Refusal(
            Code.CONTRADICTION,
            Words("数量多于异常所涉：{goods}", "more than the exception is about: {goods}").filled(
                goods=named(there)
            ),
            where="content.items",
            rule="R74",
        )
    return pieces


def _concerned(shipment: Shipment, goods: GoodsTrouble) -> dict[int, Decimal]:
    with_the_customer = goods.condition is Condition.DAMAGED
    has = {
        line: shipment.billed(line) if with_the_customer else shipment.rest(line) for line in goods.quantities
    }
    return {
        line: least
        for line, each in goods.quantities.items()
        if (least := min(each, has.get(line, NOTHING))) > 0
    }


def _off_the_bill(order: Order, shipment: Shipment, goods: GoodsTrouble, pieces: dict[int, Decimal]) -> None:
    if goods.condition is Condition.REFUSED:
        shipment.called_back_at = order.clock
        return
    where = shipment.spoiled if goods.condition is Condition.DAMAGED else shipment.written_off
    for line, quantity in pieces.items():
        where[line] = where.get(line, NOTHING) + quantity


def _send_again(order: Order, shipment: Shipment, goods: GoodsTrouble, pieces: dict[int, Decimal]) -> None:
    if goods.condition is Condition.REFUSED:
        shipment.goes_again = True
    elif goods.condition is Condition.DAMAGED:
        replace(order, pieces)
    else:
        make_lost_again(order, shipment, pieces)
