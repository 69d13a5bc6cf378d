"""Shipments on their way: which one is meant, and whether it will be in time (R72)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from models.dossier.exceptions import open_exception, own_key
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.envelope import Envelope
from models.messages.goods_contents import Item
from models.order.goods import Shipment
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING
from models.values.vocabulary import (
    Role,
    Words,
)
from models.writing.printed_figures import quantity


def check_arrival(order: Order, envelope: Envelope, shipment: Shipment) -> None:
    """R72: an expected arrival after the day that the sheet names is an exception, told at once."""
    wanted, expected = order.request.wanted_date, shipment.expected_arrival
    key = own_key(order, f"late-{shipment.shipment}:{expected}", "R72")
    if wanted is None or expected is None or expected <= wanted or key in order.troubles:
        return
    late = Words(
        "预计 {expected} 到货,晚于要货日期 {wanted}", "expected on {expected}, wanted by {wanted}"
    ).filled(expected=expected, wanted=wanted)
    open_exception(
        order,
        key,
        f"{late.zh} · {late.en}",
        order.staff.person(Role.SERVICE_CLERK),
        "R72",
        envelope.happened_at,
        cause="carrier",
    )
    order.note(EntryKind.EXCEPTION, key, rule="R72", expected=str(expected), wanted=str(wanted))
    order.intend(
        Paper.EXCEPTION, key, (Role.CUSTOMER, Role.SALESPERSON, Role.SERVICE_CLERK), "R72", reason=late
    )


def check_count(order: Order, envelope: Envelope, shipment: Shipment, counted: Mapping[int, Decimal]) -> None:
    """R63: where the carrier counted another quantity than was told, or other lines, it is an exception, told at once.

    What left stays what the warehouse told until somebody corrects it.
    """
    if not counted:
        return
    told = shipment.quantities
    other = [
        (line, told.get(line, NOTHING), counted.get(line, NOTHING))
        for line in sorted({*told, *counted})
        if told.get(line, NOTHING) != counted.get(line, NOTHING)
    ]
    if not other:
        return
    zh = "；".join(
        f"第{line}行发出 {quantity(ours)}，承运人清点 {quantity(theirs)}" for line, ours, theirs in other
    )
    en = "; ".join(
        f"line {line}: {quantity(ours)} sent, {quantity(theirs)} counted by the carrier"
        for line, ours, theirs in other
    )
    key = own_key(order, f"count-{shipment.shipment}", "R63")
    owner = order.staff.person(Role.MATERIAL_CONTROLLER)
    open_exception(order, key, f"{zh} · {en}", owner, "R63", envelope.happened_at, cause="carrier")
    order.note(EntryKind.EXCEPTION, key, rule="R63", by=envelope.by, role=envelope.role, zh=zh, en=en)
    order.intend(
        Paper.EXCEPTION,
        key,
        (Role.SHIPPER, Role.MATERIAL_CONTROLLER, Role.SERVICE_CLERK, Role.SALESPERSON),
        "R63",
        reason=Words(zh, en),
    )


def known_shipment(order: Order, name: str, rule: str) -> Shipment:
    """The shipment of this name. Raises TooEarly while it may still be sent, Refusal(contradiction) where none can be."""
    shipment = order.find_shipment(name)
    if shipment is None:
        if order.releases:
            raise TooEarly
        raise Refusal(
            Code.CONTRADICTION,
            Words(f"从未发出过货物 {name}", f"shipment {name} was never sent"),
            where="content.shipment",
            rule=rule,
        )
    return shipment


def added_up(items: Iterable[Item]) -> dict[int, Decimal]:
    """Quantities by line; a line that is named twice adds up. Empty where nothing is named."""
    quantities: dict[int, Decimal] = {}
    for item in items:
        quantities[item.line] = quantities.get(item.line, NOTHING) + item.quantity
    return quantities


def named(quantities: dict[int, Decimal]) -> str:
    """Quantities by line as they stand in the journal: `1:590.000,2:3.000`."""
    return ",".join(f"{line}:{each}" for line, each in quantities.items())


def spoken(quantities: dict[int, Decimal]) -> Words:
    """The same for people: `第1行 590、第2行 3` and `line 1: 590, line 2: 3`."""
    return Words(
        "、".join(f"第{line}行 {quantity(each)}" for line, each in quantities.items()),
        ", ".join(f"line {line}: {quantity(each)}" for line, each in quantities.items()),
    )


def take(shipment: Shipment, counted: dict[int, Decimal]) -> dict[int, Decimal]:
    """R78: the customer has so much of it; nothing counted: all that is still out, or that was thought lost.

    What was written off and is there after all is the customer's. What of it had been made again is returned: of lost
    pieces those come first that were only credited (R74). Raises Refusal where it is more than was sent.
    """
    out = shipment.out
    if not counted and out == shipment.quantities:
        return {}  # signed for as a whole: nothing is to be counted
    amounts = counted or out or {line: lost for line, lost in shipment.written_off.items() if lost > 0}
    lost = shipment.written_off
    _within(amounts, {line: out.get(line, NOTHING) + lost.get(line, NOTHING) for line in shipment.quantities})
    if amounts == shipment.quantities == out and not shipment.received:
        return {}
    found: dict[int, Decimal] = {}
    for line, amount in amounts.items():
        there = amount - out.get(line, NOTHING)
        only_lost = lost.get(line, NOTHING) - shipment.remade.get(line, NOTHING)
        _no_longer_lost(shipment, line, there)
        found[line] = _no_longer_remade(shipment, line, there - only_lost)
        shipment.received[line] = shipment.received.get(line, NOTHING) + amount
    return found


def recount(shipment: Shipment, counted: dict[int, Decimal]) -> None:
    """R74: signed for as a whole before, and now counted: it is fewer."""
    _within(counted, {line: shipment.taken(line) for line in shipment.quantities})
    shipment.received = counted


def take_back(
    shipment: Shipment, counted: dict[int, Decimal], at: datetime, *, collected_first: bool
) -> None:
    """R76: so much is back at the factory; nothing counted: all that is still out.

    Where it came back before it was signed for, what came first decides (R77). What had been made again meanwhile is
    late, where goods of this shipment are sent again (R74). Raises Refusal where it is more than was sent.
    """
    gone = {
        line: shipment.returned.get(line, NOTHING) + (shipment.taken(line) if collected_first else NOTHING)
        for line in shipment.quantities
    }
    lost = shipment.written_off
    room = {line: sent - gone[line] for line, sent in shipment.quantities.items()}
    still_out = {line: rest for line, each in room.items() if (rest := each - lost.get(line, NOTHING)) > 0}
    back = counted or still_out or {line: each for line, each in room.items() if each > 0}
    _within(back, room, of_a_recall=True)
    kept = {line: shipment.taken(line) for line in shipment.quantities}
    for line, amount in back.items():
        there = amount - still_out.get(line, NOTHING)
        _no_longer_lost(shipment, line, there)
        late = _no_longer_remade(shipment, line, there)
        if shipment.goes_again and late > 0:
            shipment.late[line] = shipment.late.get(line, NOTHING) + late
        shipment.returned[line] = shipment.returned.get(line, NOTHING) + amount
        kept[line] = min(kept[line], shipment.quantities[line] - shipment.returned[line])
    shipment.returned_at = shipment.returned_at or at
    if shipment.delivered_at is not None:
        shipment.received = {line: amount for line, amount in kept.items() if amount > 0}
        shipment.delivered_at = shipment.delivered_at if shipment.received else None


def _no_longer_lost(shipment: Shipment, line: int, amount: Decimal) -> None:
    if amount > 0:
        shipment.written_off[line] = shipment.written_off.get(line, NOTHING) - amount


def _no_longer_remade(shipment: Shipment, line: int, amount: Decimal) -> Decimal:
    """How much of so many pieces had been made again; of these nobody waits for any."""
    found = max(min(amount, shipment.remade.get(line, NOTHING)), NOTHING)
    if found > 0:
        shipment.remade[line] -= found
    return found


def _within(amounts: dict[int, Decimal], most: dict[int, Decimal], *, of_a_recall: bool = False) -> None:
    """Raises Refusal (contradiction) where more is counted of a line than there can be."""
    if any(amount > most.get(line, NOTHING) for line, amount in amounts.items()):
        raise Refusal(
            Code.CONTRADICTION,
            Words("召回数量多于发货数量", "more came back than was sent")
            if of_a_recall
            else Words("签收数量多于发货数量", "more was received than was sent"),
            where="content.items",
            rule="R76" if of_a_recall else "R78",
        )
