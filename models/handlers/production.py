"""Production 生产: what the factory reports (R36, R40 to R42, R46)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.exceptions import (
    CONCERNED,
    Alarm,
    EarlyAndAmiss,
    clear_alarm,
    open_exception,
    raise_alarm,
    report_exception,
    resolve_alarm,
)
from models.dossier.incidents import Trouble
from models.dossier.named_people import require_named
from models.dossier.papers_due import Paper
from models.handlers.dangers import expect_after
from models.handlers.joint_checks import tell_hand_over
from models.handlers.promise.sheet import changes_of_sheets
from models.messages import goods_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.goods import Lot
from models.order.money.amount_limits import require_made, require_scrap
from models.order.order import Order
from models.order.seen import stale
from models.values.calendar import business_date
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING, tolerated
from models.values.vocabulary import Role, Words

FACTS = FactTable()


def known_line(order: Order, line: int) -> None:
    """Refuse a line that the order does not have."""
    if order.line_numbered(line) is None:
        raise Refusal(
            Code.UNKNOWN_LINE,
            Words(f"没有第 {line} 行", f"there is no line {line}"),
            where="content.line",
        )


@FACTS.row(
    goods_contents.ProductionSigned,
    (Role.PRODUCTION,),
    Words("生产指令签收", "production instruction signed for"),
)
def production_signed(order: Order, envelope: Envelope, content: goods_contents.ProductionSigned) -> None:
    """R40: production signs for the instruction of the version in force."""
    require_named(
        order, content.clerk, Role.SERVICE_CLERK, where="content.clerk", rule="R40", on_staff=content.on_staff
    )
    instruction = order.instruction
    newest = order.instructed_version
    if instruction is None or content.version > newest:
        raise TooEarly
    if content.version != instruction.version:
        words = Words(
            f"生产指令现为第{instruction.version}版",
            f"the instruction is version {instruction.version} now",
        )
        raise stale(words, changes_of_sheets(order, content.version), where="content.version", rule="R40")
    order.production_began_at = order.production_began_at or envelope.happened_at
    if content.clerk != instruction.clerk:
        instruction.answered_at = None
    instruction.signed_at, instruction.signed_by, instruction.clerk = (
        envelope.happened_at,
        envelope.by,
        content.clerk,
    )
    tell_hand_over(order, instruction)


@FACTS.row(goods_contents.ProductionReported, (Role.PRODUCTION,), Words("生产日报", "production reported"))
def production_reported(order: Order, envelope: Envelope, content: goods_contents.ProductionReported) -> None:
    """R41: what was made. Nothing is made before production signed for its instruction (R33, R36).

    Goods that are reported before there is an instruction at all were made without right: that is shown at once, and
    they are counted when the gate opens.
    """
    known_line(order, content.line)
    said_goods = content.made > 0 or content.scrap > 0 or content.finished
    before_the_gate(order, content.line, goods=said_goods)
    if order.instruction is None or order.instruction.signed_at is None:
        raise TooEarly
    require_made(order, content.line, content.made, "content.made")
    require_scrap(order, content.line, content.scrap, "content.scrap")
    if content.finished and content.made == 0 and still_unmade(order, content.line):
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"第 {content.line} 行一件未产，不能报完工：请报产量 made；不能生产请报 production_exception",
                f"nothing of line {content.line} was made, so it is not finished: say made,"
                " or report a production_exception where it cannot be made",
            ),
            where="content.made",
            rule="R41",
        )
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
        order.expected_finish.pop(content.line, None)
    if content.expected_finish is not None:
        order.expected_finish[content.line] = content.expected_finish
    order.recheck_lines.discard(content.line)
    _ask_back(order, envelope, content)


_SCRAP = Words(
    "第{line}行批次{lot}报废 {scrap}，多于产出 {made}，请生产部核实",
    "line {line} lot {lot}: more was scrapped ({scrap}) than made ({made}); production checks the report",
)
_SHORT = Words(
    "第{line}行报完工,产出 {made},少于容差下限 {least},请生产部核实",
    "line {line} is reported finished with {made} made, below the least of its tolerance, {least}; production checks it",
)
_PUT_RIGHT = Words("后续日报已更正", "a later report put it right")
_DECIDED = Words("客户已决定数量偏差", "the customer decided about the quantity")


def still_unmade(order: Order, line: int) -> bool:
    """Whether nothing of the line was ever reported made."""
    return not any(lot.made > 0 for lot in order.lots_of(line))


def before_the_gate(order: Order, line: int, *, goods: bool) -> None:
    """R33, R36: goods of which one hears before the factory was instructed are an exception at once, and kept."""
    if order.instruction is not None or not goods:
        return
    raise EarlyAndAmiss(
        Alarm(
            "before-the-gate",
            Words(
                f"未下达生产指令(确认书、定金或三方确认未齐)即报第 {line} 行有货,待放行后计入",
                f"goods of line {line} are reported before production was instructed (sheet, deposit or three-party"
                " confirmation is missing); they count when it is",
            ),
            order.staff.person(Role.MERCHANDISER),
            "R36",
            line=line,
        )
    )


def _ask_back(order: Order, envelope: Envelope, content: goods_contents.ProductionReported) -> None:
    """R41: figures that can hardly be meant are taken, and production is asked at once what is behind them."""
    lot, ordered = order.lot(content.line, content.lot), order.line_numbered(content.line)
    if lot is not None:
        words = _SCRAP.filled(line=lot.line, lot=lot.lot, scrap=lot.scrap_in_production, made=lot.made)
        _doubt(order, envelope, f"scrap-{lot.line}-{lot.lot}", words, lot.scrap_in_production > lot.made)
    if ordered is not None:
        made = sum((each.made for each in order.lots_of(content.line)), NOTHING)
        least, _ = tolerated(ordered.quantity, order.tolerance_of(ordered))
        words = _SHORT.filled(line=content.line, made=made, least=least)
        short = content.line in order.finished_lines and made < least
        _doubt(order, envelope, f"short-{content.line}", words, short)


def _doubt(order: Order, envelope: Envelope, key: str, words: Words, doubtful: bool) -> None:
    if doubtful:
        raise_alarm(order, Alarm(key, words, envelope.by, "R41"), envelope.happened_at)
        return
    for trouble in _doubts(order, key):
        clear_alarm(order, trouble, _PUT_RIGHT)


def _doubts(order: Order, key: str) -> list[Trouble]:
    return [each for each in order.unresolved if each.rule == "R41" and each.key.partition("#")[0] == key]


def short_is_decided(order: Order, line: int) -> None:
    """R45: the customer said what becomes of a quantity outside the tolerance; production need not answer for it any more."""
    for trouble in _doubts(order, f"short-{line}"):
        resolve_alarm(order, trouble, _DECIDED)


@FACTS.row(
    goods_contents.ProductionException,
    (Role.PRODUCTION, Role.TECHNICAL),
    Words("生产异常", "production exception"),
)
def production_exception(
    order: Order, envelope: Envelope, content: goods_contents.ProductionException
) -> None:
    """R42: told at once to clerk, salesperson, service supervisor and director, who agree a plan."""
    if order.goods_out and not order.production_began:
        raise TooEarly
    reported = Trouble(
        key=content.exception,
        words=content.reason,
        owner=order.staff.person(Role.SERVICE_SUPERVISOR),
        rule="R42",
        reported_at=envelope.happened_at,
        needs_plan=True,
        cause=content.cause.value,
        line=content.line,
    )
    if not report_exception(order, reported):
        return
    if content.line is not None:
        order.recheck_lines.discard(content.line)
    if content.expected_finish is not None:
        expect_after(order, reported, content.line, content.expected_finish)
    order.intend(
        Paper.EXCEPTION,
        content.exception,
        CONCERNED,
        "R42",
        reason=content.reason,
    )


@FACTS.row(
    goods_contents.CheckpointReported,
    (Role.SERVICE_ASSISTANT, Role.SERVICE_CLERK),
    Words("监督点检查", "checkpoint looked at"),
)
def checkpoint_reported(order: Order, envelope: Envelope, content: goods_contents.CheckpointReported) -> None:
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
        open_exception(
            order,
            f"checkpoint-{content.checkpoint}",
            content.words or order.request.checkpoints[content.checkpoint - 1],
            order.staff.person(Role.SERVICE_CLERK),
            "R46",
            envelope.happened_at,
        )


def still_to_make(order: Order, line: int) -> Decimal:
    """What is missing of a line, counting what is made and not scrapped, and what is made a second time (R74)."""
    ordered = order.line_numbered(line)
    again = order.made_again(line)
    made = sum((lot.made - lot.scrapped for lot in order.lots_of(line)), NOTHING)
    return max((ordered.quantity if ordered else NOTHING) + again - made, NOTHING)
