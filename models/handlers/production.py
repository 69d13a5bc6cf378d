"""Production 生产: what the factory reports (R36, R40 to R42, R46)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.exceptions import open_exception, report_exception
from models.dossier.incidents import Trouble
from models.dossier.papers_due import Paper
from models.handlers.sheet import changes_of_sheets
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.amount_limits import require_made, require_scrap
from models.order.goods import Lot
from models.order.order import Order
from models.order.seen import stale
from models.values.calendar import business_date
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING
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
    fact_contents.ProductionSigned,
    (Role.PRODUCTION,),
    Words("生产指令签收", "production instruction signed for"),
)
def production_signed(order: Order, envelope: Envelope, content: fact_contents.ProductionSigned) -> None:
    """R40: production signs for the instruction of the version in force."""
    instruction = order.instruction
    newest = order.sheets[-1].version if order.sheets else 0
    if instruction is None or content.version > newest:
        raise TooEarly
    if content.version != instruction.version:
        words = Words(
            f"生产指令现为第{instruction.version}版",
            f"the instruction is version {instruction.version} now",
        )
        raise stale(words, changes_of_sheets(order, content.version), where="content.version", rule="R40")
    order.production_began_at = order.production_began_at or envelope.happened_at
    instruction.signed_at, instruction.signed_by, instruction.clerk = (
        envelope.happened_at,
        envelope.by,
        content.clerk,
    )


@FACTS.row(fact_contents.ProductionReported, (Role.PRODUCTION,), Words("生产日报", "production reported"))
def production_reported(order: Order, envelope: Envelope, content: fact_contents.ProductionReported) -> None:
    """R41: what was made. Nothing is made before production signed for its instruction (R33, R36)."""
    known_line(order, content.line)
    if order.instruction is None or order.instruction.signed_at is None:
        raise TooEarly
    require_made(order, content.line, content.made, "content.made")
    require_scrap(order, content.line, content.scrap, "content.scrap")
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


@FACTS.row(
    fact_contents.ProductionException,
    (Role.PRODUCTION, Role.TECHNICAL),
    Words("生产异常", "production exception"),
)
def production_exception(
    order: Order, envelope: Envelope, content: fact_contents.ProductionException
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
    order.intend(
        Paper.EXCEPTION,
        content.exception,
        (Role.SERVICE_CLERK, Role.SALESPERSON, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR),
        "R42",
        reason=content.reason,
    )


@FACTS.row(
    fact_contents.CheckpointReported,
    (Role.SERVICE_ASSISTANT, Role.SERVICE_CLERK),
    Words("监督点检查", "checkpoint looked at"),
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
        open_exception(
            order,
            f"checkpoint-{content.checkpoint}",
            content.words or order.request.checkpoints[content.checkpoint - 1],
            order.staff.person(Role.SERVICE_CLERK),
            "R46",
            envelope.happened_at,
        )


def still_to_make(order: Order, line: int) -> Decimal:
    """What is missing of a line, counting what is made and not scrapped."""
    ordered = order.line_numbered(line)
    made = sum((lot.made - lot.scrapped for lot in order.lots_of(line)), NOTHING)
    return max((ordered.quantity if ordered else NOTHING) - made, NOTHING)
