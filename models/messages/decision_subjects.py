"""The decisions of the order desk: one mechanism, one table of subjects (DOMAIN §6, DESIGN §2).

A decision is given in an envelope of kind `decision`. It names the subject, the line where the subject is asked
per line, the version of what was asked about (none means: what is asked now), an outcome of the subject's own
closed set, a reference to the signed note, and the detail that the outcome needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import Field

from models.values.content import Content, NonNegativeMoney, Reference, Text
from models.values.money import ZERO
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import Collection, Role, Term


class Subject(Term):
    """What is decided."""

    CUSTOMER_DATA = "customer_data", "客户资料核实", "customer data verified"
    CONTRACT = "contract", "合同条款审批", "contract terms"
    PRICE = "price", "价格核定", "price settlement"
    TECHNICAL = "technical", "技术确认", "technical feasibility"
    OLD_RECIPE = "old_recipe", "无法生产的处理", "what to do about goods that cannot be made"
    PRODUCTION_DATE = "production_date", "生产交期", "production date and clauses"
    LATER_PROMISE = "later_promise", "放宽预交日", "later promised date"
    SHIP_DATE = "ship_date", "超期发货日", "ship date beyond the window"
    APPROVAL = "approval", "订单审批", "approval of the order"
    SMALL_ORDER = "small_order", "小额订单方式", "way of a small order"
    THREE_PARTY = "three_party", "三方确认", "three-party confirmation"
    EMERGENCY_PLAN = "emergency_plan", "应急处理方案", "emergency plan"
    TOLERANCE = "tolerance", "数量偏差处理", "quantity outside the tolerance"
    FINANCE_RELEASE = "finance_release", "财务放行", "finance release"
    BALANCE_RELEASE = "balance_release", "余款超限放行", "release of a balance above the limit"
    EMERGENCY_SHIPMENT = "emergency_shipment", "紧急发货", "emergency shipment"
    AMENDMENT = "amendment", "生产后变更", "amendment after production began"
    CANCELLATION = "cancellation", "生产后取消", "cancellation after production began"
    DEPOSIT_SETTLEMENT = "deposit_settlement", "已收款处理", "what becomes of money received"
    OVERPAYMENT = "overpayment", "多付款处理", "over-payment"
    HANGING = "hanging", "悬单处理", "hanging order"


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


class NoDetail(Content):
    """The outcome says it all; words may be added."""

    words: Text = ""


class PriceDetail(Content):
    """The right price, and the right specification where that was wrong (R20)."""

    unit_price: NonNegativeMoney
    specification: Text = ""
    words: Text = ""


class TechnicalDetail(Content):
    """Recipe and raw material in writing (R21), or what could be offered instead (R22)."""

    material_note: Text = ""
    recipe_changed: bool = False
    alternatives: Text = ""


class ProductionDateDetail(Content):
    """R23: production date, quantity, finished-goods date after rewinding, every production clause confirmed."""

    production_date: date
    quantity: PositiveQuantity
    finished_date: date
    clauses_confirmed: bool = True


class LaterPromiseDetail(Content):
    """R24, R25: a later promise, and a ship date, agreed with the customer."""

    promised: date
    ship_date: date | None = None
    words: Text = ""


class SmallOrderDetail(Content):
    """R38: the assessment of the customer that the choice rests on."""

    assessment: Text


class EmergencyPlanDetail(Content):
    """R42: the plan and the customer's answer to it."""

    customer_answer: Text
    promised: date | None = None
    words: Text = ""


class ReleaseDetail(Content):
    """R52: what becomes of the balance that is still open."""

    collection: Collection = Collection.NONE
    words: Text = ""


class CostDetail(Content):
    """R84: what the company keeps for its cost."""

    cost: NonNegativeMoney = ZERO
    words: Text = ""


class SettlementDetail(Content):
    """How money received is settled: what goes back and what is kept."""

    refunded: NonNegativeMoney = ZERO
    kept: NonNegativeMoney = ZERO
    reference: Text = ""


class KeepDetail(Content):
    """R19: until when a hanging order is kept."""

    until: date | None = None
    words: Text = ""


@dataclass(frozen=True, slots=True)
class SubjectRule:
    """Who decides a subject, what the outcomes are and what each must say."""

    rule: str
    roles: tuple[Role, ...]
    outcomes: tuple[Outcome, ...]
    detail: type[Content] = NoDetail
    details: dict[Outcome, type[Content]] = field(default_factory=dict)
    everyone: bool = False
    """All of the roles must answer, each by another person; otherwise one answer of any of them settles it."""
    per_line: bool = False
    voluntary: bool = False
    """Nobody is asked: whoever has the role may decide it while it makes sense."""

    def detail_for(self, outcome: Outcome) -> type[Content]:
        """The content that this outcome carries."""
        return self.details.get(outcome, self.detail)

    def agrees(self, outcome: Outcome) -> bool:
        """Whether the outcome is the one (the first) on which several persons must agree."""
        return outcome is self.outcomes[0]


_R, _O = Role, Outcome

SUBJECTS: dict[Subject, SubjectRule] = {
    Subject.CUSTOMER_DATA: SubjectRule("R17", (_R.SERVICE_CLERK, _R.SALESPERSON), (_O.REAL, _O.NOT_REAL)),
    Subject.CONTRACT: SubjectRule("R15", (_R.LEGAL, _R.FINANCE), (_O.APPROVE, _O.REFUSE), everyone=True),
    Subject.PRICE: SubjectRule(
        "R20", (_R.SERVICE_SUPERVISOR, _R.MARKETING_DIRECTOR), (_O.SETTLED,), PriceDetail, per_line=True
    ),
    Subject.TECHNICAL: SubjectRule(
        "R21", (_R.TECHNICAL,), (_O.PRODUCIBLE, _O.NOT_PRODUCIBLE), TechnicalDetail, per_line=True
    ),
    Subject.OLD_RECIPE: SubjectRule(
        "R22", (_R.CUSTOMER,), (_O.INSIST, _O.SAMPLING, _O.END), per_line=True
    ),
    Subject.PRODUCTION_DATE: SubjectRule(
        "R23", (_R.PRODUCTION,), (_O.DATED,), ProductionDateDetail, per_line=True
    ),
    Subject.LATER_PROMISE: SubjectRule(
        "R24", (_R.SERVICE_CLERK, _R.SALESPERSON), (_O.CONFIRM, _O.REFUSE), everyone=True, voluntary=True,
        details={_O.CONFIRM: LaterPromiseDetail},
    ),
    Subject.SHIP_DATE: SubjectRule("R25", (_R.SALES_SUPERVISOR,), (_O.APPROVE, _O.REFUSE)),
    Subject.APPROVAL: SubjectRule("R28", (_R.SALES_SUPERVISOR,), (_O.APPROVE, _O.SEND_BACK)),
    Subject.SMALL_ORDER: SubjectRule(
        "R38", (_R.SALESPERSON,), (_O.PREPAID, _O.GUARANTEED, _O.DEPOSIT), SmallOrderDetail
    ),
    Subject.THREE_PARTY: SubjectRule(
        "R37", (_R.SALESPERSON, _R.MATERIAL_CONTROLLER, _R.FINANCE), (_O.CONFIRM, _O.OBJECT), everyone=True
    ),
    Subject.EMERGENCY_PLAN: SubjectRule(
        "R42",
        (_R.SERVICE_SUPERVISOR, _R.MARKETING_DIRECTOR),
        (_O.NEW_DATE, _O.SUBSTITUTE, _O.PARTIAL_DELIVERY, _O.CANCEL),
        EmergencyPlanDetail,
    ),
    Subject.TOLERANCE: SubjectRule(
        "R45", (_R.CUSTOMER,), (_O.ACCEPT, _O.MAKE_UP, _O.RETURN_SURPLUS), per_line=True
    ),
    Subject.FINANCE_RELEASE: SubjectRule(
        "R52", (_R.FINANCE,), (_O.RELEASE, _O.REFUSE), details={_O.RELEASE: ReleaseDetail}
    ),
    Subject.BALANCE_RELEASE: SubjectRule(
        "R61", (_R.MARKETING_DIRECTOR,), (_O.ON_CREDIT, _O.CARRIER_COLLECTS, _O.REFUSE)
    ),
    Subject.EMERGENCY_SHIPMENT: SubjectRule("R70", (_R.SERVICE_SUPERVISOR,), (_O.APPROVE,), voluntary=True),
    Subject.AMENDMENT: SubjectRule("R83", (_R.PRODUCTION,), (_O.APPROVE, _O.REFUSE)),
    Subject.CANCELLATION: SubjectRule(
        "R84", (_R.SALES_SUPERVISOR,), (_O.APPROVE, _O.REFUSE), details={_O.APPROVE: CostDetail}
    ),
    Subject.DEPOSIT_SETTLEMENT: SubjectRule("R84", (_R.FINANCE,), (_O.SETTLED,), SettlementDetail),
    Subject.OVERPAYMENT: SubjectRule("R53", (_R.FINANCE,), (_O.CREDIT, _O.REFUND), SettlementDetail),
    Subject.HANGING: SubjectRule("R19", (_R.SALES_SUPERVISOR,), (_O.CLOSE, _O.KEEP), KeepDetail),
}  # fmt: skip


class DecisionContent(Content):
    """What an envelope of kind `decision` carries."""

    subject: Subject
    outcome: Outcome
    line: int | None = None
    version: int | None = None
    note_reference: Reference | None = None
    """The signed note. An answer by word of mouth only is refused (R21, R23)."""
    detail: dict[str, Any] = Field(default_factory=dict)
