"""What comes after what an order waits for now: foreseen from the order as it is, without touching it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.order.order import Order
from models.values.vocabulary import PhaseName, Words
from workflows.procedure import phases_of

_WORDS: dict[StepKind, Words] = {
    StepKind.DETAILS: Words("补全资料", "details are completed"),
    StepKind.AWAIT_QUOTE: Words("客户接受报价", "the customer accepts the quote"),
    StepKind.READ_BACK: Words("电话订单复述", "the phone order is read back"),
    StepKind.CHECK_SHEET: Words("逐项核对确认书", "the sheet is checked item by item"),
    StepKind.CONTRACT: Words("签订合同", "the contract is signed"),
    StepKind.ASSESS_CUSTOMER: Words("财务评估客户信用", "finance assesses the customer"),
    StepKind.SEND_SHEET: Words("发出确认书", "the sheet is sent"),
    StepKind.SHEET_BACK: Words("客户签回确认书", "the signed sheet comes back"),
    StepKind.DEPOSIT: Words("定金到账", "the deposit arrives"),
    StepKind.PREPAYMENT: Words("全款到账", "the full payment arrives"),
    StepKind.HAND_OVER: Words("生产签收指令单", "production signs"),
    StepKind.PRODUCE: Words("生产", "the goods are made"),
    StepKind.INSPECT: Words("联合检验", "inspection"),
    StepKind.ENTER_WAREHOUSE: Words("入库", "the warehouse"),
    StepKind.BALANCE: Words("余款到账", "balance"),
    StepKind.SHIPPING_NOTICE: Words("开具发货通知单", "the shipping notice"),
    StepKind.TRANSPORT: Words("安排运输", "transport"),
    StepKind.SHIP: Words("发货", "the goods leave"),
    StepKind.CONFIRM_ORDER: Words("客户确认订单", "the customer confirms the order"),
    StepKind.PICK: Words("拣货", "the goods are picked"),
    StepKind.GIVE_SERVICE: Words("提供服务", "the service is given"),
    StepKind.ARRIVAL: Words("到货", "arrival"),
    StepKind.COLLECT_GOODS: Words("客户提货签收", "the customer signs for the goods"),
    StepKind.COMPLETION: Words("客户确认收货", "the receipt is confirmed"),
    StepKind.ONLINE_PAYMENT: Words("客户在线支付", "the customer pays online"),
    StepKind.ACCOUNT_BALANCE: Words("按账期付款", "payment on account"),
}
"""Steps that are not open yet have no figures, so they are told in few words."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One step that will be asked for, in which phase, and in words."""

    phase: PhaseName
    what: str
    words: Words


def upcoming(order: Order) -> list[Coming]:
    """What this order will wait for after its open steps, in the order of its procedure, as far as can be foreseen.

    A price that turns out wrong, goods that fail: what only happens sometimes is not told. On hold it is what comes
    when the order goes on; an order that is about to end waits for nothing more.
    """
    return list(_coming(order)) if order.lives and order.pending_ending is None else []


def _coming(order: Order) -> Iterator[Coming]:
    open_kinds = {step.kind for step in order.steps.values()}
    open_subjects = {asked.subject for asked in order.asked.values() if asked.outcome is None}
    phases = order.kind.phases
    for name in phases[phases.index(order.phase) :]:
        for ahead in phases_of(order)[name].ahead:
            what = ahead.what
            is_open = what in open_subjects if isinstance(what, Subject) else what in open_kinds
            if not is_open and ahead.when(order):
                words = Words(what.zh, what.en) if isinstance(what, Subject) else _WORDS[what]
                yield Coming(name, what.value, words)
