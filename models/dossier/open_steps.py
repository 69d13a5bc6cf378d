"""Open steps: whatever an order waits for, from whom, why, until when and what happens then.

A phase says what it still needs; the steps follow from that. So a phase cannot wait without an open step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from models.dossier.step_kinds import AnyStepKind, CaseStepKind, StepKind
from models.dossier.step_moves import Move, move_of
from models.values.field_words import WANTED_OF_A_LINE
from models.values.vocabulary import Role, Words

_MONEY_COMES = (StepKind.DEPOSIT, StepKind.PREPAYMENT, StepKind.BALANCE, StepKind.ACCOUNT_BALANCE)
ALSO_BY: dict[StepKind, tuple[Role, ...]] = dict.fromkeys(_MONEY_COMES, (Role.FINANCE,))
"""Who else moves a step on: the customer owes the money, and finance is who sees it come in (R53)."""

AFTERWARDS: dict[StepKind, Words] = {
    StepKind.DETAILS: Words("资料齐全后进入审核", "verification begins"),
    StepKind.OPEN_QUOTE: Words("客户接受报价后进入审核", "the customer accepts it, and verification begins"),
    StepKind.AWAIT_QUOTE: Words("接受后价格即为已核定", "accepted, its prices are settled"),
    StepKind.READ_BACK: Words("复述后进入审核", "verification begins"),
    StepKind.SEND_SHEET: Words("客户签字回传", "the customer signs and returns it"),
    StepKind.SHEET_BACK: Words("签回后下达生产指令；每迟一天预交日顺延一天", "production is instructed; each day moves the promise a day"),
    StepKind.DEPOSIT: Words("到账后下达生产指令", "production is instructed"),
    StepKind.PREPAYMENT: Words("到账后下达生产指令", "production is instructed"),
    StepKind.HAND_OVER: Words("开始生产", "production begins"),
    StepKind.PRODUCE: Words("完成后联合检验", "joint inspection"),
    StepKind.INSPECT: Words("合格品入库", "passed goods enter the warehouse"),
    StepKind.ENTER_WAREHOUSE: Words("核实款项", "payment is checked"),
    StepKind.BALANCE: Words("到账后财务放行发货", "finance releases the shipment"),
    StepKind.SHIPPING_NOTICE: Words("安排发货", "the goods may be shipped"),
    StepKind.SHIP: Words("向客户发出发货告知书", "the shipment notice goes to the customer"),
    StepKind.ARRIVAL: Words("通知客户提货，有未付款的请其付清", "the customer is told to collect, and to pay what is open"),
    StepKind.COLLECT_GOODS: Words("签收后交付完成；满15天未提视为死单", "delivered; uncollected goods become a dead order"),
    StepKind.TOLD_TWICE: Words("之后才计入本单", "then it counts here"),
    StepKind.MONEY_MOVES: Words("到账后计入本单", "when it comes it counts here"),
    StepKind.MISSING_GOODS: Words("找回、客户提走或核销后继续", "found, collected, or written off"),
    StepKind.ASSESS_CUSTOMER: Words("有额度或改预付后制作确认书", "with a limit, or prepaid, the sheet is made"),
    StepKind.CONTRACT: Words("双方签订后生产和放行", "production and release, once both have signed"),
    StepKind.CREDIT_HELD: Words("通过后订单继续", "the order goes on once it passes"),
    StepKind.RECALL: Words("检验后死单终结", "inspected, then the order ends as dead"),
    StepKind.CHECK_SHEET: Words("核对无误后发出；有出入则改出新版", "then it is sent; where something differs a new version is made"),
    StepKind.COMPLETION: Words("确认后完成，结清即终结", "then it is completed, and ends when it is settled"),
    StepKind.CONFIRM_ORDER: Words("确认后锁定库存", "then the stock is made firm"),
    StepKind.CHANGE_ORDER: Words("变更后重新预留", "stock is reserved anew"),
    StepKind.AWAIT_STOCK: Words("到货后按下单先后分配", "it goes to who waits, by placing time"),
    StepKind.ORDER_MATERIAL: Words("到货日告知生产和业务", "production and sales hear the day"),
    StepKind.TERMS_REFUSED: Words("变更后再次与合同核对", "amended, it is compared with the contract again"),
    StepKind.PICK: Words("打包后发货", "packed, then shipped"),
    StepKind.GIVE_SERVICE: Words("进度告知客户；100% 后请客户验收", "the customer hears of it, and accepts it at 100 %"),
    StepKind.ISSUE_INVOICE: Words("发票交给客户", "the customer has the invoice"),
    StepKind.RED_LETTER: Words("发票与账单一致", "invoices and bill agree again"),
    StepKind.ONLINE_PAYMENT: Words("到账后由商家接单", "then the merchant accepts it"),
    StepKind.PROVIDER_ANSWER: Words("已付则继续，未付则取消", "paid it goes on, unpaid it is cancelled"),
    StepKind.LATE_MONEY: Words("到账则恢复或退款；没有则终结", "late money opens it anew or goes back; without it it ends"),
    StepKind.REFUND_UNDER_WAY: Words("退款后告知客户", "the customer is told when it is paid"),
}  # fmt: skip
"""What happens when the step is done, where that is not plain from the step itself."""

_RESOLVED = "tell {order} exception_resolved --role service_supervisor --set exception={exception}"
COMMANDS: dict[StepKind, str] = {
    StepKind.DETAILS: "tell {order} details_completed --set changes.{field}=…",
    StepKind.OPEN_QUOTE: "tell {order} quote_waived --set reason=…",
    StepKind.AWAIT_QUOTE: "tell {order} contact_logged --set channel=phone --set words=…",
    StepKind.REWORK_ORDER: "tell {order} details_completed --set changes.…",
    StepKind.READ_BACK: "tell {order} contact_logged --set channel=phone --set topic=read_back --set words=…",
    StepKind.WRITTEN_ORDER: "tell {order} document_supplied --set document=written_order --set reference=…",
    StepKind.DECISION: "decide {order} {subject} {outcomes} --note …",
    StepKind.SEND_SHEET: "tell {order} sheet_sent --set version={version}",
    StepKind.SHEET_LEGIBLE: "tell {order} sheet_received --set version={version}",
    StepKind.SHEET_BACK: "tell {order} confirmation_returned --set version={version} --set signed_by=…",
    StepKind.VERIFY_SIGNATURE: "tell {order} confirmation_returned --set version={version} --set document={document} --set signed_by=…",
    StepKind.SHEET_OWED: "tell {order} confirmation_returned --set version={version} --set signed_by=…",
    StepKind.DEPOSIT: "tell {order} payment_received --set purpose=deposit --set amount={amount} --set reference=…",
    StepKind.PREPAYMENT: "tell {order} payment_received --set purpose=whole --set amount={amount} --set reference=…",
    StepKind.BALANCE: "tell {order} payment_received --set amount={amount} --set reference=…",
    StepKind.ACCOUNT_BALANCE: "tell {order} payment_received --set amount={amount} --set reference=…",
    StepKind.CONFIRM_PAYMENT: "tell {order} payment_received --role finance --set reference={reference} --set amount=…",
    StepKind.HAND_OVER: "tell {order} production_signed --set version={version} --set clerk=…",
    StepKind.PRODUCE: "tell {order} production_reported --set line={line} --set made=… --set finished=true",
    StepKind.CHECKPOINT: "tell {order} checkpoint_reported --set checkpoint={number}",
    StepKind.EXCEPTION: "tell {order} exception_resolved --set exception={exception} --set resolution=…",
    StepKind.GOODS_EXCEPTION: _RESOLVED + " --set outcome=… --set resolution=…",
    StepKind.RECHECK_PROMISE: "tell {order} production_reported --set line={line} --set expected_finish=…",
    StepKind.INSPECT: "tell {order} inspection_reported --set line={line} --set lot={lot} --set passed={quantity} --set checked_with=…",
    StepKind.ENTER_WAREHOUSE: "tell {order} warehouse_entered --set line={line} --set lot={lot} --set quantity={quantity}",
    StepKind.CLEAR_CASH: "tell {order} cash_cleared --set reference={reference}",
    StepKind.EXPLAIN_AGENT: "tell {order} contact_logged --set channel=phone --set topic=freight_agent --set words=…",
    StepKind.SHIPPING_NOTICE: "tell {order} document_supplied --set document=shipping_notice --set reference=…",
    StepKind.NOTICE_OWED: "tell {order} document_supplied --set document=shipping_notice --set reference=…",
    StepKind.TRANSPORT: "tell {order} transport_arranged --set carrier=… --set method=…",
    StepKind.READ_INSTRUCTIONS_BACK: "tell {order} shipping_read_back",
    StepKind.SHIP: "tell {order} shipped --set carrier=… --set tracking_number=…",
    StepKind.NOTICE_LEGIBLE: "tell {order} shipment_notice_received --set shipment={shipment}",
    StepKind.FOLLOW_SHIPMENT: "tell {order} transit_reported --set shipment={shipment}",
    StepKind.ARRIVAL: "tell {order} arrived --set shipment={shipment}",
    StepKind.COLLECT_GOODS: "tell {order} delivery_receipt --set shipment={shipment} --set signed_by=…",
    StepKind.RECALL: "tell {order} goods_returned --set shipment={shipment} --set freight_out=… --set freight_back=…",
    StepKind.MISSING_GOODS: _RESOLVED + " --set outcome=write_off --set resolution=…",
    StepKind.INSPECT_RETURN: "tell {order} inspection_reported --set shipment={shipment} --set passed=… --set checked_with=…",
    StepKind.REMITTANCE: "tell {order} collection_remitted --set shipment={shipment} --set amount={amount} --set reference=…",
    StepKind.TOLD_TWICE: "tell {order} second_telling_settled --set reference={reference} --set outcome=…",
    StepKind.MONEY_MOVES: "tell {order} second_telling_settled --set reference={reference} --set outcome=…",
    StepKind.RESUME: "resume {order}",
    StepKind.CONFIRM_INSPECTION: "tell {order} inspection_confirmed --set inspection={number} --set agrees=true",
    StepKind.CONFIRM_HAND_OVER: "tell {order} hand_over_confirmed --set version={version} --set agrees=true",
    StepKind.CHECK_SHEET: "tell {order} sheet_checked --set version={version}",
    StepKind.ANSWER_QUESTION: "tell {order} contact_logged --set channel=phone --set answers={question} --set words=…",
    StepKind.COMPLETION: "tell {order} receipt_confirmed",
    StepKind.CONFIRM_ORDER: "tell {order} confirmation_returned --set version={version} --set signed_by=…",
    StepKind.CHANGE_ORDER: "tell {order} amendment_requested --set changes.…",
    StepKind.ORDER_MATERIAL: "tell {order} material_ordered --set line={line} --set expected=…",
    StepKind.TERMS_REFUSED: "tell {order} amendment_requested --set changes.…",
    StepKind.PICK: "tell {order} picked --set release={release}",
    StepKind.AWAIT_STOCK: "tell {order} purchase_ordered --set product={product} --set quantity={quantity} --set expected=…",
    StepKind.GIVE_SERVICE: "tell {order} service_reported --set percent=…",
    StepKind.STOCK_ANSWER: "tell {order} contact_logged --set channel=phone --set words=…",
    StepKind.ASSESS_CUSTOMER: "tell {order} credit_assessed --set limit=…",
    StepKind.CONTRACT: "tell {order} contact_logged --set channel=phone --set words=…",
    StepKind.CREDIT_HELD: "tell {order} credit_review_requested --set reason=…",
    StepKind.CREDIT_CHECK: "tell {order} credit_review_requested --set reason=…",
    StepKind.ISSUE_INVOICE: "tell {order} invoice_issued --set request={request} --set invoice=…",
    StepKind.RED_LETTER: "tell {order} invoice_reversed --set invoice={invoice} --set amount={amount} --set red_letter=… --set reason=…",
    StepKind.ONLINE_PAYMENT: "tell {order} payment_received --set purpose=whole --set amount={amount} --set reference=…",
    StepKind.PROVIDER_ANSWER: "tell {order} payment_received --set purpose=whole --set amount=… --set reference=…",
    StepKind.LATE_MONEY: "tell {order} payment_received --set purpose=whole --set amount=… --set reference=…",
    StepKind.REFUND_UNDER_WAY: "tell {order} contact_logged --set channel=phone --set words=…",
}  # fmt: skip
"""The command that moves the order on, as arguments of `starter.py`."""

COMMANDS_OF_CASES: dict[CaseStepKind, str] = {
    CaseStepKind.MAKE_OFFER: "tell {order} offer_made",
    CaseStepKind.SEND_OFFER: "tell {order} offer_sent --set version={version}",
    CaseStepKind.OFFER_ANSWER: "tell {order} offer_accepted --set version={version} --set digest={digest}"
    " --set signed_by=… --set document=…",
    CaseStepKind.ORDER_NOT_MADE: "tell {order} order_wanted",
    CaseStepKind.ACKNOWLEDGE_CASE: "tell {order} case_acknowledged",
    CaseStepKind.ASSESS_CASE: "tell {order} case_assessed --set words=…",
    CaseStepKind.RETURNED_GOODS: "tell {order} goods_sent --set carrier=… --set tracking_number=…",
    CaseStepKind.RECEIVE_RETURN: "tell {order} goods_received --set quantity={quantity}",
    CaseStepKind.INSPECT_CASE: "tell {order} case_inspected --set passed={quantity} --set failed=0",
    CaseStepKind.PAY_REFUND: "tell {order} remedy_done --set amount={payable} --set reference=…",
    CaseStepKind.GIVE_CREDIT: "tell {order} remedy_done --set amount={value} --set reference=…",
    CaseStepKind.REPLACEMENT_NOT_MADE: "tell {order} order_wanted",
    CaseStepKind.SETTLE_EXCHANGE: "tell {order} remedy_done --set reference=…",
    CaseStepKind.SHIP_AGAIN: "tell {order} remedy_done --set reference=…",
    CaseStepKind.REPAIR_GOODS: "tell {order} remedy_done --set reference=…",
    CaseStepKind.ANSWER_CASE: "tell {order} remedy_done --set words=…",
    CaseStepKind.AGREE_TO_REMEDY: "tell {order} case_answered --set agrees=true",
    CaseStepKind.DRAFT_CONTRACT: "tell {order} drafted --set quality=…",
    CaseStepKind.ARRANGE_SIGNING: "tell {order} signing_arranged --set version={version} --set place=… --set at=…",
    CaseStepKind.SIGN_FOR_COMPANY: "tell {order} contract_signed --set version={version} --set digest={digest}",
    CaseStepKind.SIGN_FOR_CUSTOMER: "tell {order} contract_signed --set version={version} --set digest={digest}"
    " --set signed_by=… --set document=…",
}  # fmt: skip
"""The same for what only such a case waits for; it stands behind what the case is (`quote`)."""


AFTERWARDS_OF_CASES: dict[CaseStepKind, Words] = {
    CaseStepKind.MAKE_OFFER: Words("按毛利审批后发给客户", "approved by its margin, then sent to the customer"),
    CaseStepKind.SEND_OFFER: Words("等客户答复；到期自动失效", "the customer answers; it expires by itself"),
    CaseStepKind.OFFER_ANSWER: Words("接受后自动生成订单；逾期失效", "accepted, it becomes the order; else it expires"),
    CaseStepKind.QUOTE_EXPIRED: Words("无人处理则自动关闭", "closed by itself where nobody does anything"),
    CaseStepKind.ORDER_FROM_QUOTE: Words("报价结束", "the quote ends"),
    CaseStepKind.ORDER_NOT_MADE: Words("再次生成订单", "it is tried once more"),
    CaseStepKind.ACKNOWLEDGE_CASE: Words("核查证据", "the evidence is assessed"),
    CaseStepKind.ASSESS_CASE: Words("由主管或总监决定", "supervisor or director decides"),
    CaseStepKind.RETURNED_GOODS: Words("签收后检验；逾期未寄则结案", "received and inspected; not sent, the case is closed"),
    CaseStepKind.RECEIVE_RETURN: Words("质检检验", "quality inspects"),
    CaseStepKind.INSPECT_CASE: Words("按检验合格数量处理", "the remedy goes by what passed"),
    CaseStepKind.COUNT_REFUND: Words("财务退款或抵扣", "finance pays or credits"),
    CaseStepKind.PAY_REFUND: Words("请客户确认", "the customer is asked to agree"),
    CaseStepKind.GIVE_CREDIT: Words("请客户确认", "the customer is asked to agree"),
    CaseStepKind.ORDER_REPLACEMENT: Words("换货订单照常办理", "the replacement goes its way as an order"),
    CaseStepKind.REPLACEMENT_NOT_MADE: Words("再次登记", "it is tried once more"),
    CaseStepKind.SETTLE_EXCHANGE: Words("请客户确认", "the customer is asked to agree"),
    CaseStepKind.SHIP_AGAIN: Words("请客户确认", "the customer is asked to agree"),
    CaseStepKind.REPAIR_GOODS: Words("请客户确认", "the customer is asked to agree"),
    CaseStepKind.ANSWER_CASE: Words("请客户确认", "the customer is asked to agree"),
    CaseStepKind.AGREE_TO_REMEDY: Words("结案", "the case is closed"),
    CaseStepKind.DRAFT_CONTRACT: Words("法务和财务审批新版", "legal and finance approve the new version"),
    CaseStepKind.ARRANGE_SIGNING: Words("双方签署", "both sides sign"),
    CaseStepKind.SIGN_FOR_COMPANY: Words("双方都签后生效", "in force once both have signed"),
    CaseStepKind.SIGN_FOR_CUSTOMER: Words("双方都签后生效", "in force once both have signed"),
    CaseStepKind.TELL_ORDER: Words("订单继续", "the order goes on"),
}  # fmt: skip
"""What happens when it is done."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a phase still needs. `due` is an absolute instant; a need that does not block is owed and asked for."""

    key: str
    kind: AnyStepKind
    roles: tuple[Role, ...]
    rule: str
    due: datetime | None = None
    hours: Decimal = Decimal(0)
    blocking: bool = True
    values: dict[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    """Who in particular, where it is not whoever has the role for this case."""


class OpenStep(BaseModel):
    """A need since it was first seen. Times UTC."""

    key: str
    kind: AnyStepKind
    roles: tuple[Role, ...]
    people: tuple[str, ...] = ()
    rule: str
    since: datetime
    due: datetime
    blocking: bool = True
    values: dict[str, str] = {}
    overdue_at: datetime | None = None
    escalated_at: datetime | None = None
    extended_to: datetime | None = None
    """More time that was given and told to the customer (R13): what the limit follows from does not take it back."""

    @property
    def words(self) -> Words:
        """What is waited for, in both languages."""
        return Words(
            self.kind.zh.format_map(_Given(self.values)), self.kind.en.format_map(_Given(self.values))
        )

    @property
    def afterwards(self) -> Words:
        """What happens when it is done."""
        if isinstance(self.kind, CaseStepKind):
            return AFTERWARDS_OF_CASES.get(self.kind, Words("继续", "it goes on"))
        return AFTERWARDS.get(self.kind, Words("订单继续", "the order goes on"))

    @property
    def move(self) -> Move:
        """What moves it on."""
        if isinstance(self.kind, CaseStepKind):
            return move_of(COMMANDS_OF_CASES.get(self.kind, "show {order}"), self.values)
        template = COMMANDS.get(self.kind, "show {order}")
        if self.kind is StepKind.DETAILS and self.values.get("field") in WANTED_OF_A_LINE:
            template = _LINE_DETAILS
        if self.kind in (StepKind.SHIPPING_NOTICE, StepKind.NOTICE_OWED):
            template += _DESTINATION
        return move_of(template, self.values)

    def command(self, order: str) -> str:
        """The command that moves the order on."""
        return self.move.command(order)


_DESTINATION = " --set address={address} --set consignee={consignee} --set contact={contact}"
"""R70: what the order has stands there to be checked."""
_LINE_DETAILS = "tell {order} details_completed --set changes.lines.0.line=… --set changes.lines.0.{field}=…"


class _Given(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
