"""Inspection 检验 and the warehouse: what quality reports (R43, R44, R76)."""

from __future__ import annotations

from models.dossier.decisions import keep_apart
from models.dossier.named_people import require_named
from models.handlers.dangers import expect_rework
from models.handlers.goods.replacements import restock
from models.handlers.joint_checks import tell_inspection
from models.handlers.production import before_the_gate, known_line
from models.messages import goods_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.incidents import Inspection
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

FACTS = FactTable()


@FACTS.row(goods_contents.InspectionReported, (Role.QUALITY,), Words("质检结果", "inspection reported"))
def inspection_reported(order: Order, envelope: Envelope, content: goods_contents.InspectionReported) -> None:
    """R43, R44: joint inspection by quantity, of labels too. Who produced does not pass; nor more than was made."""
    known_line(order, content.line)
    before_the_gate(order, content.line, goods=content.shipment is None)
    keep_apart(
        order,
        "R43",
        envelope.by,
        {content.checked_with},
        Words("质检与客服须为两人联合检验", "the inspection is joint: quality and the clerk are two persons"),
    )
    if content.checked_with != envelope.by:  # both are one person only where that was set aside openly
        require_named(
            order,
            content.checked_with,
            Role.SERVICE_CLERK,
            where="content.checked_with",
            rule="R43",
            on_staff=content.on_staff,
        )
    if content.shipment is not None:
        _inspect_returned(order, envelope, content)
        return
    if (not content.labels_good or not content.packing_good) and content.passed > 0:
        raise Refusal(
            Code.CONTRADICTION,
            Words("标签或包装不合格的货不能判为合格", "goods with bad labels or packing do not pass"),
            where="content.passed",
            rule="R43",
        )
    judged = content.passed + content.to_rework + content.scrapped
    lot = order.lot(content.line, content.lot)
    # Of goods that left all the same it may still be told that they had passed (R61).
    late = NOTHING if lot is None else min(max(judged - lot.uninspected, NOTHING), lot.left_uninspected)
    if lot is None or judged > lot.uninspected + late or late > content.passed:
        if content.line in order.finished_lines:
            there = lot.uninspected if lot else NOTHING
            raise Refusal(
                Code.CONTRADICTION,
                Words(
                    f"待检只有 {there}，不能判定 {judged}", f"only {there} is to be inspected, not {judged}"
                ),
                where="content.passed",
                rule="R43",
            )
        raise TooEarly
    keep_apart(
        order,
        "R43",
        envelope.by,
        set(lot.produced_by),
        Words("生产者不能自检放行", "who produced does not pass the quality"),
    )
    lot.passed_late(late)
    # What was never looked at comes first; beyond that it is what came back from rework.
    never_seen = lot.uninspected - lot.rework
    lot.rework += content.to_rework - max(judged - never_seen, NOTHING)
    lot.passed += content.passed
    lot.scrapped += content.scrapped
    lot.rounds += 1
    lot.inspected_by = [*lot.inspected_by, envelope.by]
    if content.to_rework > 0 or content.scrapped > 0:
        order.recheck_lines.add(content.line)
        if content.to_rework > 0:
            expect_rework(order, content.line)
    else:
        order.recheck_lines.discard(content.line)
    _keep_inspection(order, envelope, content)


def _inspect_returned(order: Order, envelope: Envelope, content: goods_contents.InspectionReported) -> None:
    shipment = order.find_shipment(content.shipment or "")
    if shipment is None or shipment.returned_at is None:
        raise TooEarly
    judged = content.passed + content.to_rework + content.scrapped
    known = shipment.returned_inspected.get(content.line, NOTHING)
    if known + judged > shipment.returned.get(content.line, NOTHING):
        raise Refusal(
            Code.CONTRADICTION,
            Words("检验数量多于召回数量", "more is inspected than came back"),
            where="content.passed",
            rule="R76",
        )
    shipment.returned_inspected[content.line] = known + judged
    shipment.returned_passed[content.line] = (
        shipment.returned_passed.get(content.line, NOTHING) + content.passed
    )
    if shipment.goes_again:
        own = shipment.returned.get(content.line, NOTHING) - shipment.late.get(content.line, NOTHING)
        # What was made again meanwhile is looked at last.
        late = max(known + judged - max(own, known), NOTHING)
        restock(order, content.line, content.passed, content.to_rework + content.scrapped, late)
    _keep_inspection(order, envelope, content)


def _keep_inspection(order: Order, envelope: Envelope, content: goods_contents.InspectionReported) -> None:
    order.inspections.append(
        Inspection(
            number=len(order.inspections) + 1,
            line=content.line,
            lot=content.lot,
            shipment=content.shipment or "",
            passed=content.passed,
            to_rework=content.to_rework,
            scrapped=content.scrapped,
            inspected_by=envelope.by,
            checked_with=content.checked_with,
            at=envelope.happened_at,
            recorded_at=order.clock,
            reasons=content.reasons,
        )
    )
    tell_inspection(order, order.inspections[-1])


@FACTS.row(
    goods_contents.WarehouseEntered, (Role.QUALITY, Role.WAREHOUSE), Words("成品入库", "warehouse entered")
)
def warehouse_entered(order: Order, envelope: Envelope, content: goods_contents.WarehouseEntered) -> None:
    """R43: only what passed enters the warehouse."""
    known_line(order, content.line)
    before_the_gate(order, content.line, goods=True)
    lot = order.lot(content.line, content.lot)
    if lot is None:
        raise TooEarly
    late = min(max(content.quantity - lot.not_entered, NOTHING), lot.left_unentered)
    if content.quantity > lot.not_entered + late and lot.uninspected > 0:
        raise TooEarly
    if content.quantity > lot.not_entered + late:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"合格未入库只有 {lot.not_entered}",
                f"only {lot.not_entered} passed and is not in the warehouse",
            ),
            where="content.quantity",
            rule="R43",
        )
    lot.left_unentered -= late
    lot.entered += content.quantity
    lot.place = content.place or lot.place
