"""The decisions of the order desk: one mechanism, one table of subjects.

A decision is given in an envelope of kind `decision`. It names the subject, the line where the subject is asked
per line, the version of what was asked about (none means: what is asked now), an outcome of the subject's own
closed set, a reference to the signed note, and the detail that the outcome needs.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from pydantic import Field

from models.values.content import (
    Content,
    Instant,
    Line,
    NonNegativeMoney,
    NonNegativePrice,
    Paragraph,
    Reference,
    Text,
)
from models.values.money import ZERO
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import Collection, Term


class Subject(Term):
    """What is decided: its name, what people call it in both languages, and the rule that asks for it."""

    rule: str

    def __new__(cls, value: str, zh: str = "", en: str = "", rule: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en, member.rule = zh, en, rule
        return member

    CUSTOMER_DATA = "customer_data", "客户资料核实", "customer data verified", "R17"
    CONTRACT = "contract", "合同条款审批", "contract terms", "R15"
    PRICE = "price", "价格核定", "price settlement", "R20"
    TECHNICAL = "technical", "技术确认", "technical feasibility", "R21"
    OLD_RECIPE = "old_recipe", "无法生产的处理", "what to do about goods that cannot be made", "R22"
    PRODUCTION_DATE = "production_date", "生产交期", "production date and clauses", "R23"
    LATER_PROMISE = "later_promise", "放宽预交日", "later promised date", "R24"
    SHIP_DATE = "ship_date", "超期发货日", "ship date beyond the window", "R25"
    APPROVAL = "approval", "订单审批", "approval of the order", "R28"
    SMALL_ORDER = "small_order", "小额订单方式", "way of a small order", "R38"
    THREE_PARTY = "three_party", "三方确认", "three-party confirmation", "R37"
    EMERGENCY_PLAN = "emergency_plan", "应急处理方案", "emergency plan", "R42"
    TOLERANCE = "tolerance", "数量偏差处理", "quantity outside the tolerance", "R45"
    FINANCE_RELEASE = "finance_release", "财务放行", "finance release", "R52"
    RELEASE_TERMS = "release_terms", "放行前合同条款审批", "contract terms at release", "R15"
    BALANCE_RELEASE = "balance_release", "余款超限放行", "release of a balance above the limit", "R61"
    EMERGENCY_SHIPMENT = "emergency_shipment", "紧急发货", "emergency shipment", "R70"
    AMENDMENT = "amendment", "生产后变更", "amendment after production began", "R83"
    DROPPED_GOODS = "dropped_goods", "减去已生产的货", "goods made already are dropped", "R83"
    CANCELLATION = "cancellation", "生产后取消", "cancellation after production began", "R84"
    DEPOSIT_SETTLEMENT = "deposit_settlement", "已收款处理", "what becomes of money received", "R84"
    OVERPAYMENT = "overpayment", "多付款处理", "over-payment", "R53"
    HANGING = "hanging", "悬单处理", "hanging order", "R19"
    QUOTE_APPROVAL = "quote_approval", "报价审批", "approval of an offer", "R106"
    LATE_ACCEPTANCE = "late_acceptance", "逾期接受报价", "acceptance after the validity", "R104"
    CASE_ADMISSION = "case_admission", "超期售后受理", "admission of a late complaint", "R142"
    CASE_DECISION = "case_decision", "售后处理决定", "decision of a case", "R143"
    CASE_REVIEW = "case_review", "售后异议复核", "review after an objection", "R143"
    SHORTAGE = "shortage", "缺货处理", "what to do about a shortage", "R112"
    CREDIT = "credit", "信用扣单处理", "order held for credit", "R109"
    ORDER_APPROVAL = "order_approval", "订单逐级审批", "approval of the order, level by level", "R28"
    CONTRACT_APPROVAL = "contract_approval", "合同审批", "approval of a contract", "R107"
    SERVICE_DATE = "service_date", "服务日期", "dates of the service", "R87"
    ACCEPTANCE = "acceptance", "服务验收", "acceptance of the service", "R87"
    TRIAL = "trial", "样品试用结果", "result of the trial", "R130"
    ANOTHER_ROUND = "another_round", "再打一轮样", "another round of samples", "R130"
    SHOP_REVIEW = "shop_review", "网店订单审核", "review of a shop order", "R39"
    MERCHANT_ACCEPTANCE = "merchant_acceptance", "商家接单", "acceptance by the merchant", "R124"
    FAILED_REFUND = "failed_refund", "退款失败的处理", "a refund that failed", "R123"


class Outcome(Term):
    """Every outcome there is; each subject takes a few of them."""

    REAL = "real", "属实", "real"
    NOT_REAL = "not_real", "不实", "not real"
    APPROVE = "approve", "同意", "approved"
    REFUSE = "refuse", "不同意", "refused"
    SEND_BACK = "send_back", "退回业务", "sent back to sales"
    SETTLED = "settled", "已核定", "settled"
    PRODUCIBLE = "producible", "可以生产", "can be made"
    NOT_PRODUCIBLE = "not_producible", "无法生产", "cannot be made"
    INSIST = "insist", "坚持老工艺", "insists on the old recipe"
    SAMPLING = "sampling", "转新品打样", "goes to sampling"
    END = "end", "终止", "ends"
    DATED = "dated", "已定交期", "date named"
    CONFIRM = "confirm", "确认", "confirmed"
    OBJECT = "object", "有异议", "objected"
    PREPAID = "prepaid", "全款预付", "prepaid in full"
    GUARANTEED = "guaranteed", "业务员担保", "guaranteed"
    DEPOSIT = "deposit", "照付定金", "deposit as usual"
    NEW_DATE = "new_date", "新交期", "new date"
    SUBSTITUTE = "substitute", "替代品", "substitute"
    PARTIAL_DELIVERY = "partial_delivery", "分批交货", "partial delivery"
    CANCEL = "cancel", "取消订单", "order cancelled"
    ACCEPT = "accept", "接受", "accepted"
    MAKE_UP = "make_up", "补足", "the rest is made up"
    RETURN_SURPLUS = "return_surplus", "退回多余", "surplus returned"
    RELEASE = "release", "放行", "released"
    ON_CREDIT = "on_credit", "欠款发货", "ships on credit"
    CARRIER_COLLECTS = "carrier_collects", "物流代收", "the carrier collects"
    CREDIT = "credit", "转预存款", "credited"
    REFUND = "refund", "退款", "refunded"
    CLOSE = "close", "关闭", "closed"
    KEEP = "keep", "保留", "kept"
    HONOUR = "honour", "按原价成交", "honoured"
    REQUOTE = "requote", "重新报价", "to be quoted anew"
    WAIT = "wait", "等货", "waits"
    CHANGE = "change", "改货", "other goods"
    SPLIT = "split", "分批", "split"
    FREE = "free", "解除扣单", "freed"
    KEEP_HELD = "keep_held", "继续扣单", "kept held"
    REJECT = "reject", "不予验收", "rejected"
    TRY_AGAIN = "try_again", "再次退款", "tried again"


class NoDetail(Content):
    """The detail of an outcome that needs none; a remark may be added."""

    words: Text = ""


class PriceDetail(Content):
    """The right price, and the right specification where that was wrong (R20)."""

    unit_price: NonNegativePrice
    specification: Paragraph = ""
    words: Text = ""
    """Kept only: a note to the decision, for who reads the journal (R20)."""


class TechnicalDetail(Content):
    """Recipe and raw material in writing (R21), or what could be offered instead (R22)."""

    material_note: Text = ""
    recipe_changed: bool = False
    """Kept only: for who plans the line; nothing is asked anew by it (R21)."""
    alternatives: Text = ""
    material_short: Text = ""
    """What raw material is short, and how much: purchasing is asked for it (R113)."""


class ProductionDateDetail(Content):
    """R23: production date, quantity, finished-goods date after rewinding, every production clause confirmed.

    R151: the hours of a machine line that are booked by it, as they were proposed; all three, or none.
    """

    production_date: date
    quantity: PositiveQuantity
    finished_date: date
    clauses_confirmed: bool = True
    machine_line: Reference | None = None
    hours_from: Instant | None = None
    hours_until: Instant | None = None


class LaterPromiseDetail(Content):
    """R24, R25: a later promise, and a ship date, agreed with the customer."""

    promised: date
    ship_date: date | None = None
    words: Text = ""


class SmallOrderDetail(Content):
    """R38: the assessment of the customer that the choice rests on."""

    assessment: Text
    """Kept only: the ground of the choice, kept with the decision (R38)."""


class EmergencyPlanDetail(Content):
    """R42: the plan and the customer's answer to it."""

    customer_answer: Text
    promised: date | None = None
    words: Text = ""


class ReleaseDetail(Content):
    """R52: what becomes of the balance that is still open."""

    collection: Collection = Collection.NONE
    words: Text = ""
    """Kept only: a note to the decision, for who reads the journal (R52)."""


class RestUse(Term):
    """What becomes of goods of a line that will not be sent any more (R84)."""

    NOT_MADE = "not_made", "不再生产", "not made"
    TO_STOCK = "to_stock", "转入库存", "goes to stock"
    SCRAPPED = "scrapped", "报废", "scrapped"


class CostGround(Term):
    """What a cancellation may cost the customer for: nothing but work and material (R84)."""

    WORK = "work", "人工", "work"
    MATERIAL = "material", "材料", "material"
    WORK_AND_MATERIAL = "work_and_material", "人工和材料", "work and material"


class RestOfLine(Content):
    """R84: what becomes of the rest of one line."""

    line: int
    use: RestUse


class CostDetail(Content):
    """R84: what the company keeps for its cost; after a part was shipped also what becomes of the rest, by line.

    A line that is not named: what lies here goes to stock, what is not made is not made.
    """

    cost: NonNegativeMoney = ZERO
    words: Text = ""
    """Kept only: a note to the decision, for who reads the journal (R84)."""
    lines: tuple[RestOfLine, ...] = ()
    cost_for: CostGround = CostGround.WORK_AND_MATERIAL
    """Kept only: the ground of the cost, for who reads the journal (R84)."""
    consent: Line = ""
    """The customer's consent in writing, needed where the cost is more than was paid too much (R84)."""


class SettlementDetail(Content):
    """How money received is settled: what goes back and what is kept."""

    refunded: NonNegativeMoney = ZERO
    kept: NonNegativeMoney = ZERO
    reference: Line = ""
    """Kept only: the bank's or finance's own number, for who reads the journal (R84)."""


class KeepDetail(Content):
    """R19: until when a hanging order is kept."""

    until: date | None = None
    words: Text = ""
    """Kept only: a note to the decision, for who reads the journal (R19)."""


class WaitDetail(Content):
    """R112: when the goods come, where purchasing has not said so: until then the customer waits."""

    expected: date | None = None
    words: Text = ""
    """Kept only: what the customer said, for who reads the journal (R112)."""


class ShortCancelDetail(Content):
    """R112: what is cancelled: all of it, or only what is not there."""

    only_what_is_missing: bool = False
    words: Text = ""
    """Kept only: what the customer said, for who reads the journal (R112)."""


class CreditDetail(Content):
    """R109: why finance frees an order from its hold, or keeps it."""

    reason: Paragraph = Field(min_length=1)
    """Kept only: the ground of the decision, for who reads the journal (R109)."""


class ServiceDateDetail(Content):
    """R87: on which days the service is given, as those who give it say."""

    start_date: date
    end_date: date
    words: Text = ""
    """Kept only: a note to the dates, for who reads the journal (R87)."""


class RejectionDetail(Content):
    """R87: what is not right about a service that the customer does not accept."""

    words: Text = Field(min_length=1)


class TrialDetail(Content):
    """R130: what is to be another about the sample; the next round is made by it."""

    words: Text = Field(min_length=1)


class ShopRefusalDetail(Content):
    """R39, R124: why an order of the shop is refused; the customer reads it."""

    words: Text = Field(min_length=1)


class PaidByHandDetail(Content):
    """R123: under which reference finance paid a refund that the provider did not pay."""

    reference: Reference


class DecisionContent(Content):
    """What an envelope of kind `decision` carries."""

    subject: Subject
    outcome: Outcome
    line: int | None = None
    version: int | None = None
    note_reference: Reference | None = None
    """The signed note. An answer by word of mouth only is refused (R21, R23)."""
    detail: dict[str, Any] = Field(default_factory=dict)
