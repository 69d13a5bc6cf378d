"""Goods that arrive damaged or short, are refused, or are lost: an exception with an owner and closed outcomes (R47, R74, R76)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from models.dossier.decisions import void
from models.dossier.exceptions import open_exception, own_key
from models.dossier.incidents import Trouble
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.cancellation import cancel_rest
from models.handlers.shipments import added_up, named, spoken
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_contents import Condition, ExceptionResolved, GoodsOutcome
from models.order.goods import GoodsTrouble, Shipment
from models.order.order import Order
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

_G = GoodsOutcome
DECIDES = (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR)
"""Who says what becomes of such goods; that the customer takes them as they are, whoever spoke with the customer says."""
SPEAKS_WITH_THE_CUSTOMER = (Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER, Role.SERVICE_ASSISTANT)
OF_A_DELIVERY = (_G.RESHIP, _G.CREDIT, _G.ACCEPT, _G.END)
OF_A_RECALL = (_G.WRITE_OFF,)
_UNCOUNTED = (Condition.DAMAGED, Condition.SHORT)
"""What is told without saying how many pieces, until a receipt counts what is missing."""
_FOUND = "货物已找到 · the goods were found"


def report_goods(
    order: Order,
    at: datetime,
    shipment: Shipment,
    condition: Condition,
    quantities: dict[int, Decimal],
    *,
    key: str = "",
    words: str = "",
    must_decide: bool = True,
) -> None:
    """R74: told to salesperson and clerk with date and condition, owned until an outcome is decided.

    `key` and `words` are those of the exception; by default its condition and shipment say what it is.
    """
    if must_decide and not quantities:
        return  # all of it is accounted for
    key = own_key(order, key or f"{condition.value}-{shipment.shipment}", "R74")
    known = order.goods_troubles.get(key)
    if known is not None and known.outcome is not None and known.quantities == quantities:
        return
    told = _told(shipment, condition, quantities, at)
    open_exception(
        order,
        key,
        words or f"{told.zh} · {told.en}",
        order.staff.person(Role.SERVICE_CLERK),
        "R74",
        at,
        cause="carrier",
    )
    order.goods_troubles[key] = GoodsTrouble(
        key=key,
        shipment=shipment.shipment,
        condition=condition,
        quantities=quantities,
        must_decide=must_decide,
    )
    if must_decide:
        order.note(EntryKind.EXCEPTION, key, rule="R74", condition=condition.value, goods=named(quantities))
        order.intend(
            Paper.EXCEPTION,
            f"{key}:{order.sequence}",
            (Role.SALESPERSON, Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR),
            "R74",
            reason=told,
        )


def _told(shipment: Shipment, condition: Condition, quantities: dict[int, Decimal], at: datetime) -> Words:
    goods = spoken(quantities)
    return Words(
        f"发货单 {shipment.shipment} {condition.zh},{business_date(at)}:{goods.zh}",
        f"shipment {shipment.shipment}, {business_date(at)}: {condition.en}, {goods.en}",
    )


def watch_recalled(order: Order, shipment: Shipment, at: datetime) -> None:
    """R76, R47: what did not come back with the rest of a recall has an owner until it is found or written off."""
    out, key = shipment.out, own_key(order, f"recall-{shipment.shipment}", "R76")
    known = order.goods_troubles.get(key)
    if not out or shipment.returned_at is None:
        if not out:
            goods_found(order, shipment, at)
        return
    if known is not None and known.quantities == out:
        return
    goods = spoken(out)
    words = Words(
        f"发货单 {shipment.shipment} 召回短少:{goods.zh}",
        f"shipment {shipment.shipment}: not back from the recall, {goods.en}",
    )
    owner = order.staff.person(Role.MATERIAL_CONTROLLER) or order.staff.person(Role.SERVICE_CLERK)
    open_exception(order, key, f"{words.zh} · {words.en}", owner, "R76", at, cause="carrier")
    order.goods_troubles[key] = GoodsTrouble(
        key=key, shipment=shipment.shipment, condition=Condition.LOST, quantities=out
    )
    order.note(EntryKind.EXCEPTION, key, rule="R76", owner=owner, goods=named(out))
    order.intend(
        Paper.EXCEPTION,
        f"{key}:{order.sequence}",
        (Role.MATERIAL_CONTROLLER, Role.LOGISTICS, Role.SALESPERSON, Role.SERVICE_SUPERVISOR),
        "R76",
        reason=words,
    )


def goods_found(order: Order, shipment: Shipment, at: datetime) -> None:
    """What was missing, lost or refused of a shipment has turned up: it is nobody's question any more."""
    for goods in open_troubles(order, shipment):
        if goods.condition is not Condition.DAMAGED:
            trouble = order.troubles[goods.key]
            trouble.resolution, trouble.resolved_at = _FOUND, at


def open_troubles(order: Order, shipment: Shipment) -> list[GoodsTrouble]:
    """What is still to be decided about the goods of a shipment."""
    return [
        goods
        for goods in order.goods_troubles.values()
        if goods.shipment == shipment.shipment
        and goods.must_decide
        and order.troubles[goods.key].resolved_at is None
    ]


def stands_still(order: Order, shipment: Shipment) -> bool:
    """Whether nobody waits for it to arrive or to be collected, because it was refused or lost and nothing is decided."""
    lost = (Condition.LOST, Condition.REFUSED)
    return shipment.delivered_at is None and any(
        goods.condition in lost for goods in open_troubles(order, shipment)
    )


def outcomes_of(goods: GoodsTrouble) -> tuple[GoodsOutcome, ...]:
    """How an exception about goods may end: what is missing of a recall is found, or written off."""
    return OF_A_RECALL if goods.key.startswith("recall-") else OF_A_DELIVERY


def resolve_goods(
    order: Order, envelope: Envelope, trouble: Trouble, goods: GoodsTrouble, content: ExceptionResolved
) -> None:
    """R74, R76: one of the outcomes, with its effect. Raises Refusal before anything changes."""
    outcome = _outcome(order, envelope, goods, content)
    shipment = order.find_shipment(goods.shipment)
    if outcome is None or shipment is None:
        trouble.resolution, trouble.resolved_at = content.resolution, envelope.happened_at
        return
    pieces = _pieces(shipment, goods, content)
    goods.outcome = outcome
    trouble.resolution, trouble.resolved_at = content.resolution, envelope.happened_at
    if outcome is not _G.ACCEPT or goods.condition in (Condition.SHORT, Condition.LOST):
        _off_the_bill(order, shipment, goods, pieces)
    if outcome is _G.RESHIP:
        _send_again(order, shipment, goods, pieces)
    elif outcome is _G.WRITE_OFF and shipment.goes_again:
        replace(order, pieces)
    elif outcome is _G.END:
        cancel_rest(order, envelope, content.resolution)
    left = {line: rest for line in goods.quantities if (rest := shipment.rest(line)) > 0}
    if left and goods.condition is not Condition.DAMAGED and shipment.delivered_at is not None:
        # only some of the missing pieces were spoken of: the others are still missing
        goods.outcome, goods.quantities = None, left
        trouble.resolution, trouble.resolved_at = "", None


def _outcome(
    order: Order, envelope: Envelope, goods: GoodsTrouble, content: ExceptionResolved
) -> GoodsOutcome | None:
    """The outcome that was named, if this role may name it now."""
    allowed, outcome = outcomes_of(goods), content.outcome
    if outcome is None and not goods.must_decide:
        return None
    possible = ", ".join(allowed)
    if order.troubles[goods.key].resolved_at is not None and goods.outcome is not None:
        raise Refusal(
            Code.ALREADY_DECIDED,
            Words("已定为:{zh}", "this is decided already: {en}").filled(
                zh=goods.outcome.zh, en=goods.outcome.en
            ),
            where="content.exception",
            rule="R74",
        )
    if outcome is None:
        raise Refusal(
            Code.MISSING_FIELD,
            Words("请写明处理结果:{allowed}", "name the outcome: {allowed}").filled(allowed=possible),
            where="content.outcome",
            rule="R74",
        )
    if outcome not in allowed or (outcome is _G.RESHIP and order.rest_is_cancelled):
        raise Refusal(
            Code.UNKNOWN_OUTCOME,
            Words("可选结果:{allowed}", "the outcomes are: {allowed}").filled(
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
                f"“{outcome.zh}”由{'、'.join(role.zh for role in may)}决定,不是{envelope.role.zh}",
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
                Words("请写明涉及的数量(行号与数量)", "name the pieces that it is about, by line"),
                where="content.items",
                rule="R74",
            )
        pieces = counted
    else:
        pieces = counted or there
    if any(quantity > there.get(line, NOTHING) for line, quantity in pieces.items()):
        raise Refusal(
            Code.CONTRADICTION,
            Words("数量多于异常所涉:{goods}", "more than the exception is about: {goods}").filled(
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
    else:
        replace(order, pieces)


def replace(order: Order, pieces: dict[int, Decimal]) -> None:
    """R74: what did not reach the customer well is made again; the order goes back to where goods are made."""
    for line, quantity in pieces.items():
        order.replaced[line] = order.replaced.get(line, NOTHING) + quantity
        order.finished_lines.discard(line)
    go_back_to_the_goods(order)


def restock(order: Order, line: int, passed: Decimal, failed: Decimal) -> None:
    """R74: of refused goods that came back and are sent again, what passed goes out, the rest is made anew."""
    order.restocked[line] = order.restocked.get(line, NOTHING) + passed
    if failed > 0:
        replace(order, {line: failed})
    go_back_to_the_goods(order)


def go_back_to_the_goods(order: Order) -> None:
    """From settlement back to where goods are made and sent; what was answered for the goods that left is no answer for these."""
    void(order, Subject.FINANCE_RELEASE)
    void(order, Subject.BALANCE_RELEASE)
    if order.phase is order.kind.last:
        order.phase = order.kind.side_by_side[0]
        order.note(EntryKind.PHASE, order.phase.value)
