"""The facts about a case, one row each (R142 to R144)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.cases import contents
from models.cases.case import (
    Assessment,
    Case,
    Counted,
    Evidence,
    Inspected,
    ReplacementTrouble,
)
from models.cases.case_request import MOST_FILES
from models.cases.deciding import case_decision
from models.cases.duties import agreed_by
from models.cases.terms import GOODS_COME_BACK, OF_MONEY, CaseEnding, Remedy
from models.decisions.cases import ROWS
from models.documents.credit_note import note_number
from models.dossier.decisions import keep_apart
from models.dossier.papers_due import Paper
from models.handlers.administration import FACTS as ADMINISTRATION
from models.invoices.terms import CreditNoteGround
from models.messages.decision_subjects import DecisionContent
from models.messages.envelope import DECISION, Envelope
from models.messages.fact_contents import CancellationRequested, ContactLogged
from models.messages.fact_kind import STAFF, FactKind, FactTable
from models.quotes.contents import OrderMade, OrderNotMade, OrderWanted
from models.values.editions import Edition
from models.values.errors import AlreadyKnown, Code, Refusal, TooEarly
from models.values.money import ZERO, as_text
from models.values.vocabulary import Role, Words
from models.writing.printed_figures import quantity as figures

FACTS = FactTable()
OWNERS = (Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT, Role.SALESPERSON)
_REMEDIERS = (Role.FINANCE, *OWNERS, Role.WAREHOUSE, Role.SHIPPER, Role.PRODUCTION, Role.QUALITY)
_MONEY_ROLES = (Role.FINANCE,)
BY_REMEDY: Mapping[Remedy, tuple[Role, ...]] = {
    Remedy.REFUND: _MONEY_ROLES,
    Remedy.CREDIT: _MONEY_ROLES,
    Remedy.RESHIP: (Role.WAREHOUSE, Role.SHIPPER, Role.SERVICE_CLERK),
    Remedy.REPAIR: (Role.PRODUCTION, Role.QUALITY, Role.WAREHOUSE),
    Remedy.ANSWER: OWNERS,
}
"""Who carries out which remedy: money is finance's (R143)."""
_NOT_NOW = Words("现在不需要这一项（{stage}）", "this is not waited for now ({stage})")
_TOO_MUCH_BACK = Words(
    "退回 {given}，多于同意退回的 {asked}", "{given} came back, more than the {asked} that were to"
)
_OTHERWISE = Words(
    "合格 {passed} 与不合格 {failed} 合计须等于收到的 {received}",
    "passed {passed} and failed {failed} come to the {received} that were received",
)
_NO_REFERENCE = Words("须注明凭证编号", "name the reference of the receipt or shipment")
_NO_WORDS = Words("须写明答复内容", "say what was answered")
_OTHER_AMOUNT = Words("应为 ¥{due}，不是 ¥{given}", "it is CNY {due}, not CNY {given}")
_BY_OTHERS = Words("这一项由{who}办理", "that is done by {who}")
_OWN_DECISION = Words(
    "职责必须分离：{who} 已作决定，不能由其付款", "duties are kept apart: {who} decided it and may not pay it"
)
_OWN_GOODS = Words(
    "职责必须分离：{who}已同意处理方案，不能检验退回的货物",
    "duties are kept apart: {who} agreed to the remedy and may not inspect the goods that came back for it",
)
_ONCE = Words("只能提出一次异议，已复核", "an objection is made once, and was reviewed")
_WHY = Words("请写明异议的原因", "say why you object")


def _not_asked(case: Case, where: str = "kind") -> Refusal:
    return Refusal(Code.NOT_ASKED, _NOT_NOW.filled(stage=case.stage), where=where, rule="R143")


# --- taken up and looked into ------------------------------------------------------------------------------------------


@FACTS.row(contents.CaseAcknowledged, OWNERS, Words("受理售后", "case acknowledged"))
def case_acknowledged(case: Case, envelope: Envelope, content: contents.CaseAcknowledged) -> None:
    """R143: within 24 hours; the customer hears until when it is decided."""
    if case.acknowledged_at is not None:
        raise AlreadyKnown
    case.acknowledged_at = envelope.happened_at
    case.intend(
        Paper.CASE_ACKNOWLEDGED, "1", (Role.CUSTOMER,), "R143", number=case.number, until=case.decide_by
    )


@FACTS.row(contents.EvidenceAdded, (Role.CUSTOMER, *STAFF), Words("补充证据", "evidence added"))
def evidence_added(case: Case, envelope: Envelope, content: contents.EvidenceAdded) -> None:
    """R143: the same file again is known."""
    if any(each.document == content.document for each in case.evidence):
        raise AlreadyKnown
    if len(case.evidence) >= MOST_FILES:
        words = Words("证据最多 {most} 份", "a case has at most {most} pieces of evidence")
        raise Refusal(Code.TOO_LARGE, words.filled(most=MOST_FILES), where="content.document", rule="R143")
    case.evidence.append(
        Evidence(
            document=content.document,
            words=content.words,
            by=envelope.by,
            role=envelope.role,
            at=envelope.happened_at,
        )
    )


@FACTS.row(contents.CaseAssessed, (*OWNERS, Role.QUALITY, Role.TECHNICAL), Words("核查证据", "case assessed"))
def case_assessed(case: Case, envelope: Envelope, content: contents.CaseAssessed) -> None:
    """R143: what the evidence shows. Another look before the decision takes the place of the first one."""
    if case.decided_at is not None and not case.waits_for_review:
        raise _not_asked(case)
    if case.acknowledged_at is None:
        raise TooEarly
    if case.follows(Edition.OWN_WORK_EVERYWHERE) and envelope.by not in case.assessors:
        case.assessors.append(envelope.by)
    case.assessment = Assessment(
        by=envelope.by,
        at=envelope.happened_at,
        words=content.words,
        remedy=content.remedy,
        amount=content.amount,
    )


# --- goods -------------------------------------------------------------------------------------------------------------


@FACTS.row(contents.GoodsSent, (Role.CUSTOMER, *OWNERS), Words("货物寄回", "goods sent back"))
def goods_sent(case: Case, envelope: Envelope, content: contents.GoodsSent) -> None:
    """R143: within 15 days after the decision."""
    _require_goods_expected(case)
    if case.sent_at is not None:
        raise AlreadyKnown
    case.sent_at = envelope.happened_at


def _require_goods_expected(case: Case) -> None:
    if case.request.type in GOODS_COME_BACK and case.decided_at is None:
        raise TooEarly
    if not case.waits_for_goods:
        raise _not_asked(case)


@FACTS.row(
    contents.GoodsReceived, (Role.WAREHOUSE, Role.QUALITY), Words("收到退回货物", "goods received back")
)
def goods_received(case: Case, envelope: Envelope, content: contents.GoodsReceived) -> None:
    """R142, R143: so much came back, at most what the case has."""
    _require_goods_expected(case)
    if content.quantity > case.asked_quantity:
        words = _TOO_MUCH_BACK.filled(given=figures(content.quantity), asked=figures(case.asked_quantity))
        raise Refusal(Code.MORE_THAN_RECEIVED, words, where="content.quantity", rule="R142")
    case.came_back, case.received_at = content.quantity, envelope.happened_at


@FACTS.row(contents.CaseInspected, (Role.QUALITY,), Words("检验退回货物", "returned goods inspected"))
def case_inspected(case: Case, envelope: Envelope, content: contents.CaseInspected) -> None:
    """R142: the remedy goes by what passed. Who agreed to the remedy does not say how much it is (R106)."""
    if case.waits_for_goods:
        raise TooEarly
    if not case.waits_for_inspection or case.came_back is None:
        raise _not_asked(case)
    if case.follows(Edition.OWN_WORK_EVERYWHERE):
        keep_apart(case, "R143", envelope.by, agreed_by(case), _OWN_GOODS.filled(who=envelope.by))
    if content.passed + content.failed != case.came_back:
        words = _OTHERWISE.filled(
            passed=figures(content.passed), failed=figures(content.failed), received=figures(case.came_back)
        )
        raise Refusal(Code.CONTRADICTION, words, where="content.passed", rule="R142")
    case.inspected = Inspected(
        passed=content.passed, failed=content.failed, by=envelope.by, at=envelope.happened_at
    )
    case.intend(
        Paper.CASE_INSPECTED,
        "1",
        (Role.CUSTOMER, Role.SERVICE_CLERK),
        "R143",
        number=case.number,
        passed=f"{content.passed.normalize():f}",
        failed=f"{content.failed.normalize():f}",
    )


# --- what the house works out and enters itself ------------------------------------------------------------------------


@FACTS.row(contents.RefundCounted, (Role.SYSTEM,), Words("已计算退货金额", "refund worked out"))
def refund_counted(case: Case, envelope: Envelope, content: contents.RefundCounted) -> None:
    """R142: what the order database worked out, once for each remedy."""
    if case.count is not None:
        raise AlreadyKnown
    case.counted.append(
        Counted(
            round=case.round,
            kept_before=content.kept_before,
            kept_after=content.kept_after,
            value=content.value,
            payable=content.payable,
        )
    )
    if case.remedy in OF_MONEY and content.value > ZERO:
        number = note_number(case.number, case.round + 1)
        case.intend(
            Paper.CREDIT_NOTE,
            number,
            (Role.CUSTOMER, Role.SALESPERSON, Role.FINANCE),
            "R164",
            number=number,
            amount=as_text(content.value),
            reason=Words(CreditNoteGround.AFTER_SALES.zh, CreditNoteGround.AFTER_SALES.en),
        )
    if case.remedy is Remedy.REFUND:
        case.intend(
            Paper.REFUND_DUE,
            str(case.round + 1),
            (Role.FINANCE,),
            "R142",
            number=case.number,
            payable=as_text(content.payable),
            value=as_text(content.value),
        )


@FACTS.row(OrderMade, (Role.SYSTEM,), Words("已转订单", "order made"))
def order_made(case: Case, envelope: Envelope, content: OrderMade) -> None:
    """R144: the one replacement."""
    if case.replacement:
        raise AlreadyKnown
    case.replaced = case.to_replace
    case.replacement, case.replacement_trouble = content.order, None


@FACTS.row(OrderNotMade, (Role.SYSTEM,), Words("未能转订单", "order not made"))
def order_not_made(case: Case, envelope: Envelope, content: OrderNotMade) -> None:
    """R144: somebody has to mend what kept it back."""
    case.replacement_trouble = ReplacementTrouble(code=content.code, zh=content.zh, en=content.en)


@FACTS.row(OrderWanted, OWNERS, Words("重新转订单", "order wanted"))
def order_wanted(case: Case, envelope: Envelope, content: OrderWanted) -> None:
    """R144: it is tried once more."""
    if case.replacement_trouble is None:
        raise _not_asked(case)
    case.replacement_trouble = None
    case.replacement_tries += 1


# --- the remedy, and what the customer says of it ----------------------------------------------------------------------


@FACTS.row(contents.RemedyDone, _REMEDIERS, Words("处理完成", "remedy done"))
def remedy_done(case: Case, envelope: Envelope, content: contents.RemedyDone) -> None:
    """R143: money by finance with the reference of its receipt; goods with that of the shipment; an answer in words."""
    if case.remedied_at is not None or case.grant is None:
        raise _not_asked(case)
    if not is_to_carry_out(case):
        raise TooEarly
    remedy, who = case.remedy or Remedy.ANSWER, carries_out(case)
    if envelope.role not in who:
        words = _BY_OTHERS.filled(who=Words.listed(who))
        raise Refusal(Code.WRONG_ROLE, words, where="role", rule="R143")
    if remedy is Remedy.ANSWER:
        if not content.words:
            raise Refusal(Code.MISSING_FIELD, _NO_WORDS, where="content.words", rule="R143")
    elif not content.reference:
        raise Refusal(Code.MISSING_FIELD, _NO_REFERENCE, where="content.reference", rule="R143")
    if envelope.role is Role.FINANCE:
        agreed = agreed_by(case) if case.follows(Edition.OWN_WORK_EVERYWHERE) else {case.grant.by}
        keep_apart(case, "R143", envelope.by, agreed, _OWN_DECISION.filled(who=envelope.by))
    due = amount_due(case)
    if due is not None and content.amount is not None and content.amount != due:
        words = _OTHER_AMOUNT.filled(due=as_text(due), given=as_text(content.amount))
        raise Refusal(Code.CONTRADICTION, words, where="content.amount", rule="R142")
    case.paid_reference = content.reference
    is_remedied(case, by=envelope.by)


def is_to_carry_out(case: Case) -> bool:
    """Whether everything is known that the remedy rests on, and somebody is to carry it out."""
    if case.grant is None or case.remedied_at is not None or case.waits_for_inspection:
        return False
    if case.is_exchange and case.remedy is Remedy.RESHIP:
        return bool(case.replacement) and not case.waits_for_goods and not case.is_to_count
    return not case.waits_for_goods and not case.is_to_count


def carries_out(case: Case) -> tuple[Role, ...]:
    """Who carries the remedy out that is on now; the difference of an exchange is finance's (R144)."""
    if case.is_exchange and case.remedy is Remedy.RESHIP:
        return _MONEY_ROLES
    return BY_REMEDY[case.remedy or Remedy.ANSWER]


def amount_due(case: Case) -> Decimal | None:
    """What finance pays or credits; None where the remedy is no money."""
    count = case.count
    if count is None:
        return None
    match case.remedy:
        case Remedy.REFUND:
            return count.payable
        case Remedy.CREDIT:
            return count.value
        case _:
            return None


def is_remedied(case: Case, *, by: str) -> None:
    """The remedy is there: the customer may object once; after a review the case is closed (R143)."""
    case.remedied_at, case.remedied_by = case.clock, by
    until, remedy = case.agree_by, case.remedy or Remedy.ANSWER
    if until is None:
        case.pending_ending = CaseEnding.FINAL
        return
    case.intend(
        Paper.CASE_REMEDIED,
        "1",
        (Role.CUSTOMER, Role.SALESPERSON),
        "R143",
        number=case.number,
        remedy=Words(remedy.zh, remedy.en),
        until=until,
    )


@FACTS.row(contents.CaseAnswered, (Role.CUSTOMER, *OWNERS), Words("客户答复", "customer's answer"))
def case_answered(case: Case, envelope: Envelope, content: contents.CaseAnswered) -> None:
    """R143: agreed, or objected once; then the supervisor reviews it."""
    if case.objected_at is not None:
        if not content.agrees and case.waits_for_review:
            raise AlreadyKnown
        raise Refusal(Code.ALREADY_DECIDED, _ONCE, where="content.agrees", rule="R143")
    if case.remedied_at is None:
        raise _not_asked(case)
    if content.agrees:
        case.pending_ending = CaseEnding.AGREED
        return
    if not content.words:
        raise Refusal(Code.MISSING_FIELD, _WHY, where="content.words", rule="R143")
    case.objected_at, case.objection = case.clock, content.words
    case.intend(
        Paper.CASE_OBJECTED,
        "1",
        (Role.SERVICE_SUPERVISOR, Role.SERVICE_CLERK),
        "R143",
        number=case.number,
        words=content.words,
    )


@FACTS.row(contents.CaseWithdrawn, (Role.CUSTOMER, *OWNERS), Words("撤回售后", "case withdrawn"))
def case_withdrawn(case: Case, envelope: Envelope, content: contents.CaseWithdrawn) -> None:
    """Not after goods came back or a remedy was given: then it goes its way."""
    _withdraw(case)


def _withdraw(case: Case) -> None:
    if case.came_back is not None or case.replacement or (case.remedied_at is not None and not case.refusal):
        raise _not_asked(case)
    case.pending_ending = CaseEnding.WITHDRAWN


@FACTS.row(CancellationRequested, (Role.SYSTEM,), Words("取消", "cancellation requested"))
def cancellation_requested(case: Case, envelope: Envelope, content: CancellationRequested) -> None:
    """Whoever cancels it in the engine's own pages withdraws it."""
    _withdraw(case)


@FACTS.row(ContactLogged, STAFF, Words("联系记录", "contact logged"))
def contact_logged(case: Case, envelope: Envelope, content: ContactLogged) -> None:
    """R18: kept in the journal."""


_SAME_AS_OF_ORDERS = ("calendar_refreshed", "extension_given", "overridden")
CASE_FACTS: Mapping[str, FactKind] = {
    **FACTS,
    **{name: ADMINISTRATION[name] for name in _SAME_AS_OF_ORDERS},
    DECISION: FactKind(
        DecisionContent,
        tuple(sorted({role for rule in ROWS for role in rule.roles})),
        Words("决定", "decision"),
        case_decision,
    ),
}
"""What may be said to a case."""
