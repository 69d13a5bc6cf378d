"""Production and inspection: what the factory and quality report (R40 to R46, R76)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.papers_due import Paper
from models.handlers.decisions import keep_apart
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.order.goods import Lot
from models.order.incidents import Inspection, Trouble
from models.order.order import Order
from models.values.calendar import business_date
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words


def known_line(order: Order, line: int) -> None:
    """Refuse a line that the order does not have."""
    if order.request.line_numbered(line) is None:
        raise Refusal(
            Code.UNKNOWN_LINE,
            Words(f"没有第 {line} 行", f"there is no line {line}"),
            where="content.line",
        )


def production_signed(order: Order, envelope: Envelope, content: fact_contents.ProductionSigned) -> None:
    """R40: production signs for the instruction of the version in force."""
    instruction = order.instruction
    newest = order.sheets[-1].version if order.sheets else 0
    if instruction is None or content.version > newest:
        raise TooEarly
    if content.version != instruction.version:
        raise Refusal(
            Code.STALE_VERSION,
            Words(
                f"生产指令现为第{instruction.version}版",
                f"the instruction is version {instruction.version} now",
            ),
            where="content.version",
            rule="R40",
        )
    order.production_began_at = order.production_began_at or envelope.happened_at
    instruction.signed_at, instruction.signed_by, instruction.clerk = (
        envelope.happened_at,
        envelope.by,
        content.clerk,
    )


def production_reported(order: Order, envelope: Envelope, content: fact_contents.ProductionReported) -> None:
    """R41: what was made. Nothing is made before production signed for its instruction (R33, R36)."""
    known_line(order, content.line)
    if order.instruction is None or order.instruction.signed_at is None:
        raise TooEarly
    if content.made > 0 or content.scrap > 0:
        lot = order.lot(content.line, content.lot)
        if lot is None:
            lot = order.lots[f"{content.line}/{content.lot}"] = Lot(line=content.line, lot=content.lot)
        lot.made += content.made
        lot.scrap_in_production += content.scrap
        lot.produced_on = lot.produced_on or business_date(envelope.happened_at)
        if envelope.by not in lot.produced_by:
            lot.produced_by.append(envelope.by)
    if content.finished:
        order.finished_lines.add(content.line)
    order.recheck_lines.discard(content.line)


def production_exception(
    order: Order, envelope: Envelope, content: fact_contents.ProductionException
) -> None:
    """R42: told at once to clerk, salesperson, service supervisor and director, who agree a plan."""
    if order.goods_out and not order.production_began:
        raise TooEarly
    order.troubles[content.exception] = Trouble(
        key=content.exception,
        words=content.reason,
        owner=order.staff.person(Role.SERVICE_SUPERVISOR),
        rule="R42",
        reported_at=envelope.happened_at,
        needs_plan=True,
        cause=content.cause.value,
        line=content.line,
    )
    if content.line is not None:
        order.recheck_lines.discard(content.line)
    order.intend(
        Paper.EXCEPTION,
        content.exception,
        (Role.SERVICE_CLERK, Role.SALESPERSON, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR),
        "R42",
        reason=content.reason,
    )


def checkpoint_reported(order: Order, envelope: Envelope, content: fact_contents.CheckpointReported) -> None:
    """R46: a checkpoint was looked at; a problem becomes an exception with an owner."""
    if content.checkpoint > len(order.request.checkpoints):
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有这个监督点", "there is no such checkpoint"),
            where="content.checkpoint",
            rule="R46",
        )
    order.checkpoints_seen.add(content.checkpoint)
    if not content.fine:
        key = f"checkpoint-{content.checkpoint}"
        order.troubles[key] = Trouble(
            key=key,
            words=content.words or order.request.checkpoints[content.checkpoint - 1],
            owner=order.staff.person(Role.SERVICE_CLERK),
            rule="R46",
            reported_at=envelope.happened_at,
        )


def inspection_reported(order: Order, envelope: Envelope, content: fact_contents.InspectionReported) -> None:
    """R43, R44: joint inspection by quantity, of labels too. Who produced does not pass; nor more than was made."""
    known_line(order, content.line)
    keep_apart(
        order,
        "R43",
        envelope.by,
        {content.checked_with},
        Words("质检与客服须为两人联合检验", "the inspection is joint: quality and the clerk are two persons"),
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
    if lot is None or judged > lot.uninspected:
        if content.line in order.finished_lines:
            there = lot.uninspected if lot else NOTHING
            raise Refusal(
                Code.CONTRADICTION,
                Words(
                    f"待检只有 {there},不能判定 {judged}", f"only {there} is to be inspected, not {judged}"
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
    lot.passed += content.passed
    lot.scrapped += content.scrapped
    lot.rework = content.to_rework
    lot.rounds += 1
    lot.inspected_by = [*lot.inspected_by, envelope.by]
    if content.to_rework > 0 or content.scrapped > 0:
        order.recheck_lines.add(content.line)
    else:
        order.recheck_lines.discard(content.line)
    _keep(order, envelope, content)


def _inspect_returned(order: Order, envelope: Envelope, content: fact_contents.InspectionReported) -> None:
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
    _keep(order, envelope, content)


def _keep(order: Order, envelope: Envelope, content: fact_contents.InspectionReported) -> None:
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


def warehouse_entered(order: Order, envelope: Envelope, content: fact_contents.WarehouseEntered) -> None:
    """R43: only what passed enters the warehouse."""
    known_line(order, content.line)
    lot = order.lot(content.line, content.lot)
    if lot is None or (content.quantity > lot.not_entered and lot.uninspected > 0):
        raise TooEarly
    if content.quantity > lot.not_entered:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"合格未入库只有 {lot.not_entered}",
                f"only {lot.not_entered} passed and is not in the warehouse",
            ),
            where="content.quantity",
            rule="R43",
        )
    lot.entered += content.quantity
    lot.place = content.place or lot.place


def still_to_make(order: Order, line: int) -> Decimal:
    """What is missing of a line, counting what is made and not scrapped."""
    ordered = order.request.line_numbered(line)
    made = sum((lot.made - lot.scrapped for lot in order.lots_of(line)), NOTHING)
    return max((ordered.quantity if ordered else NOTHING) - made, NOTHING)
