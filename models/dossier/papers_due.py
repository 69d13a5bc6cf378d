"""Papers and notices that are due: journaled as intentions, each with an identity so that it goes out once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.values.vocabulary import Role, Term, Words
from models.writing.printed_figures import moment


class Paper(Term):
    """What is to be made or said. `{…}` is filled in when it becomes due."""

    RECEIPT = "receipt", "订单 {number} 已受理", "order {number} was taken in"
    WAITING_TIME = (
        "waiting_time",
        "预计 {hours} 小时内发出确认书",
        "the confirmation sheet takes up to {hours} hours",
    )
    QUESTION = "question", "请补全或澄清：{fields}", "please complete or clarify: {fields}"
    PRICE_DIFFERENCE = (
        "price_difference",
        "{differences}，请核实",
        "{differences}",
    )
    APOLOGY = (
        "apology",
        "第{line}行无法生产，深表歉意。建议：{alternatives}",
        "line {line} cannot be made, with apologies; offered: {alternatives}",
    )
    SHEET = (
        "confirmation_sheet",
        "客户订单确认书第{version}版，总额 ¥{total}，预交日 {promised}",
        "confirmation sheet version {version}, total CNY {total}, promised {promised}",
    )
    SHEET_AGAIN = (
        "sheet_again",
        "回传的确认书第{version}版有误：{faults}，请重新签回",
        "sheet version {version} came back faulty: {faults}; please return it again",
    )
    NEW_PROMISE = (
        "new_promise",
        "预交日由 {before} 改为 {after}（{cause}）",
        "the promised date moves from {before} to {after} ({cause})",
    )
    GUARANTEE = (
        "guarantee",
        "业务员 {guarantor} 担保发货，请总监知悉",
        "{guarantor} guarantees the shipment; for the director's information",
    )
    INSTRUCTION = (
        "production_instruction",
        "生产指令单第{version}版，完成日 {due}",
        "production instruction version {version}, due {due}",
    )
    EXCEPTION = "exception_notice", "异常：{reason}", "exception: {reason}"
    FINISHED = (
        "finished_notice",
        "成品已入库，请通知客户",
        "goods are in the warehouse; please tell the customer",
    )
    BALANCE = "balance_notice", "余款催收通知：应付 ¥{amount}", "balance notice: CNY {amount} is due"
    REMINDER = "balance_reminder", "余款催收：¥{amount}", "reminder of a balance: CNY {amount}"
    SHIPPING = (
        "shipping_notice",
        "商品销售发货（申请）通知单，放行{release}",
        "shipping notice for release {release}",
    )
    DELIVERY_NOTE = "delivery_note", "销售发货单，放行{release}", "delivery note for release {release}"
    RELEASE_WITHDRAWN = (
        "release_withdrawn",
        "放行{release}已收回，重新放行前不得发货：{reason}",
        "release {release} is taken back, nothing leaves before a new one: {reason}",
    )
    SHIPMENT = (
        "shipment_notice",
        "发货告知书：{carrier} {tracking}，预计到货 {arrival}",
        "shipment notice: {carrier} {tracking}, expected {arrival}",
    )
    TRANSIT = "transit_notice", "在途情况：{condition} {words}", "in transit: {condition} {words}"
    ARRIVED = "arrival_notice", "货已到，请{what}", "the goods have arrived; please {what}"
    COLLECT = (
        "collect_reminder",
        "到货已 {days} 天，{limit} 天不提货将召回",
        "arrived {days} days ago; uncollected goods are recalled after {limit} days",
    )
    RECALL = (
        "recall_notice",
        "死单召回，运费由{payer}承担",
        "dead order, being recalled; freight carried by {payer}",
    )
    RECALL_OFF = (
        "recall_called_off",
        "客户已提货，召回取消",
        "the customer collected; the recall is called off",
    )
    COLLECTION_LOWERED = (
        "collection_lowered",
        "货物{shipment}代收货款由 ¥{before} 改为 ¥{after}",
        "of shipment {shipment} the carrier collects CNY {after} and no longer {before}",
    )
    PICKING_LIST = "picking_list", "拣货单，放行{release}", "picking list for release {release}"
    SHORTAGE = (
        "shortage_notice",
        "缺货：{goods}，请选择等货、改货、分批或取消",
        "short of goods: {goods}; please choose: wait, other goods, split, or cancel",
    )
    BATCH_LATE = (
        "batch_late",
        "预售货约定 {agreed} 到，逾期超过 {days} 天：可继续等、改货、分批，或免费取消并全额退款，请选择",
        "your pre-sale goods were agreed for {agreed} and are more than {days} days late; please choose: wait, other "
        "goods, split, or cancel free of charge with your money back",
    )
    OVERDUE = "overdue_notice", "超期：{what}", "overdue: {what}"
    EXTENSION = (
        "extension_notice",
        "办理时限延长至 {due}：{reason}",
        "the time limit is extended to {due}: {reason}",
    )
    HANGING = "hanging_notice", "悬单提醒：已 {days} 天无进展", "hanging order: nothing for {days} days"
    OVERPAID = "overpaid_notice", "多付 ¥{amount}", "CNY {amount} too much was paid"
    PAYMENT = "payment_notice", "已确认收款 ¥{amount}", "payment of CNY {amount} is confirmed"
    PAYMENT_FELL = (
        "payment_fell",
        "款项 {reference} ¥{amount} 不再计入：{reason}",
        "payment {reference} of CNY {amount} counts no more: {reason}",
    )
    DEPOSIT_BACK = (
        "deposit_back",
        "定金已重新到账，生产指令单第{version}版继续有效",
        "the deposit is there again; production instruction version {version} holds",
    )
    CANCELLED = "cancellation_notice", "订单已取消：{reason}", "the order is cancelled: {reason}"
    REST_CANCELLED = (
        "rest_cancelled_notice",
        "其余部分已取消：{reason}（{rest}）",
        "the rest is cancelled: {reason} ({rest})",
    )
    AMENDMENT_OVERTAKEN = (
        "amendment_overtaken",
        "{first} 提出的变更（{fields}）以 {later} 后来提出的为准",
        "the change that {first} asked for ({fields}) is overtaken by a later one of {later}",
    )
    TRACKING_NUMBERS = "tracking_numbers", "当日运输单号 {day}", "tracking numbers of {day}"
    WATCH_LIST = "watch_list", "关注清单 {day}", "watch list of {day}"
    STATISTICS = "weekly_statistics", "发货周报 {first} 至 {last}", "shipped orders, {first} to {last}"
    ARCHIVE = "monthly_archive", "销售发货单归档 {month}", "delivery notes of {month}"
    RESPONSIBILITY = "responsibility_report", "责任报告 {month}", "responsibility report of {month}"
    DEMAND = "weekly_demand", "网店需求周报 {day}", "weekly demand of the shop, {day}"
    DURATIONS = "step_durations", "环节用时月报 {month}", "how long steps took, {month}"
    WARRANTY = "service_begins", "客户已签收，进入产品使用服务", "delivered; product-use service begins"
    JOINT_CHECK = (
        "joint_check_notice",
        "{what}写明由 {clerk} 参加，请确认或提出异议",
        "{what} names {clerk}; please confirm it, or object",
    )
    SIGNING_CODE = (
        "signing_code",
        "确认书签字验证码",
        "one-time code for signing the confirmation sheet",
    )
    STEP_GIVEN = (
        "step_given",
        "{giver} 把「{what_zh}」转交给您：{reason}",
        "{giver} hands “{what_en}” over to you: {reason}",
    )
    URGED = "step_urged", "{by} 催办：{what}", "{by} asks you to see to: {what}"
    LOG_IN_CODE = "log_in_code", "客户登录验证码", "one-time code for a customer's log-in"
    CUSTOMER_ASKED = "customer_asked", "客户提问：{words}", "the customer asks: {words}"
    REORDER_ASKED = "reorder_asked", "客户想再下一单：{words}", "the customer wants to order again: {words}"
    ANSWER = "answer_to_customer", "您的提问已有答复：{answer}", "your question is answered: {answer}"
    REASSIGNED = (
        "reassigned_notice",
        "本单{role}由 {before} 改为 {after}",
        "the {role} of this order is {after} now, no longer {before}",
    )
    SHIPMENT_CHECK = (
        "shipment_check",
        "货物{shipment}跟踪：{day} {condition} {words}",
        "shipment {shipment} as checked: {day} {condition} {words}",
    )
    DAILY_REPORT = (
        "daily_report_owed",
        "{day} 的生产日报未报，在产订单：{orders}",
        "the production report of {day} is owed; in production: {orders}",
    )
    ENQUIRY = (
        "enquiry_taken",
        "询价 {number} 已收到，{hours} 小时内答复",
        "enquiry {number} was taken in; you hear of it within {hours} hours",
    )
    QUOTATION = (
        "quotation",
        "报价单第{version}版，有效至 {until}",
        "quotation version {version}, valid until {until}",
    )
    OFFER_REMINDER = (
        "offer_reminder",
        "报价 {number} 第{version}版有效至 {until}，请答复",
        "quotation {number} version {version} is valid until {until}; please answer",
    )
    OFFER_EXPIRED = (
        "offer_expired",
        "报价 {number} 第{version}版已过期；如仍需要，请联系业务员",
        "quotation {number} version {version} has expired; if you still want it, ask your salesperson",
    )
    OFFER_SENT_BACK = (
        "offer_sent_back",
        "报价第{version}版被退回：{reason}",
        "offer version {version} was sent back: {reason}",
    )
    COUNTER_OFFER = (
        "counter_offer",
        "客户对报价第{answers}版还价（第{version}版）：{prices}",
        "the customer made a counter-offer (version {version}) to version {answers}: {prices}",
    )
    OFFER_ACCEPTED = (
        "offer_accepted",
        "客户接受了报价第{version}版",
        "the customer accepted offer version {version}",
    )
    ACCEPTED_LATE = (
        "accepted_late",
        "报价 {number} 在有效期之后才被接受，我们会尽快答复",
        "quotation {number} was accepted after its validity; you hear from us soon",
    )
    QUOTE_WITHDRAWN = (
        "quote_withdrawn",
        "报价 {number} 已撤回：{reason}",
        "quotation {number} is withdrawn: {reason}",
    )
    CASE_OPENED = (
        "case_opened",
        "订单 {order} 的售后单 {number} 已收到（{type}：{cause}），{hours} 小时内受理",
        "case {number} about order {order} was opened ({type}: {cause}); it is taken up within {hours} hours",
    )
    CASE_ACKNOWLEDGED = (
        "case_acknowledged",
        "售后单 {number} 已受理，{until} 前给您处理决定",
        "case {number} is taken up; you hear what was decided by {until}",
    )
    CASE_GRANTED = (
        "case_granted",
        "售后单 {number} 已同意：{remedy}",
        "case {number} is granted: {remedy}",
    )
    CASE_GRANTED_GOODS = (
        "case_granted_goods",
        "售后单 {number} 已同意：{remedy}。请在 {until} 前寄回货物并填写运单号",
        "case {number} is granted: {remedy}. Please send the goods back by {until} and tell us the tracking number",
    )
    CASE_REFUSED = (
        "case_refused",
        "售后单 {number} 未予同意：{reason}",
        "case {number} is not granted: {reason}",
    )
    CASE_GOODS_REMINDER = (
        "case_goods_reminder",
        "售后单 {number}：请在 {until} 前寄回货物，逾期将结案",
        "case {number}: please send the goods back by {until}, or it will be closed",
    )
    CASE_UNSENT = (
        "case_unsent",
        "售后单 {number}：货物未寄回，已结案",
        "case {number} is closed: the goods were not sent back",
    )
    CASE_INSPECTED = (
        "case_inspected",
        "售后单 {number}：退回货物检验合格 {passed}，不合格 {failed}",
        "case {number}: of the goods that came back {passed} passed and {failed} did not",
    )
    REFUND_DUE = (
        "refund_due",
        "售后单 {number}：应退 ¥{payable}（退货价值 ¥{value}）",
        "case {number}: CNY {payable} to be paid back (the goods were worth CNY {value})",
    )
    EXCHANGE_DIFFERENCE = (
        "exchange_difference",
        "售后单 {number} 换货订单 {replacement}：差价 ¥{difference}（负数为应退）",
        "case {number}, replacement {replacement}: a difference of CNY {difference} (below zero: to be refunded)",
    )
    CASE_REMEDIED = (
        "case_remedied",
        "售后单 {number} 已处理：{remedy}。如有异议请在 {until} 前提出，逾期视为认可",
        "case {number} is remedied: {remedy}. If you object, say so by {until}; silence agrees",
    )
    CASE_OBJECTED = (
        "case_objected",
        "客户对售后单 {number} 的处理有异议：{words}",
        "the customer objects to the remedy of case {number}: {words}",
    )
    CASE_CLOSED = (
        "case_closed",
        "售后单 {number} 已结案：{ending}",
        "case {number} is closed: {ending}",
    )
    SURVEY = (
        "survey",
        "订单 {order} 已完成，请为货物和服务评分（1 至 5 分，{until} 前可修改）",
        "order {order} is complete: please rate the goods and the service from 1 to 5; you may change it until {until}",
    )
    CONTRACT = (
        "contract",
        "订单 {order} 的合同 {number} 第{version}版已批准，请阅读",
        "contract {number} version {version} of order {order} is approved; please read it",
    )
    CONTRACT_SENT_BACK = (
        "contract_sent_back",
        "合同 {number} 第{version}版被退回：{reason}",
        "contract {number} version {version} was sent back: {reason}",
    )
    SIGNING_ARRANGED = (
        "signing_arranged",
        "合同 {number} 第{version}版的签署：{at}，{place}",
        "contract {number} version {version} is signed at {at}, {place}",
    )
    CONTRACT_DECLINED = (
        "contract_declined",
        "客户不签合同 {number} 第{version}版：{reason}",
        "the customer does not sign contract {number} version {version}: {reason}",
    )
    CONTRACT_IN_FORCE = (
        "contract_in_force",
        "订单 {order} 的合同 {number} 第{version}版已由双方签署，自 {since} 生效",
        "contract {number} version {version} of order {order} is signed by both and in force since {since}",
    )
    CONTRACT_EXPIRES = (
        "contract_expires",
        "订单 {order} 的合同 {number} 有效至 {until}，到期前请续签或办结",
        "contract {number} of order {order} counts until {until}: renew it, or finish the order before",
    )
    CONTRACT_ENDED = (
        "contract_ended",
        "订单 {order} 的合同 {number} 已终结：{ending}",
        "contract {number} of order {order} has ended: {ending}",
    )
    CONTRACT_WANTED = (
        "contract_wanted",
        "订单 {order} 须先签合同才能生产和放行，请起草",
        "order {order} needs a contract before production and release; please draft it",
    )
    ORDER_APPROVED = (
        "order_approved",
        "订单已审批，合计 ¥{total}：请各部门按各自的待办办理",
        "the order is approved, CNY {total} in all: each department sees to its own steps",
    )
    MATERIAL_EXPECTED = (
        "material_expected",
        "第{line}行所缺原材料（{material}）预计 {expected} 到货：{words}",
        "raw material that line {line} is short of ({material}) is expected on {expected}: {words}",
    )
    QUOTE_OVER = (
        "quote_over",
        "报价 {quote} 未成（{ending}）：请另行报价，或不再等报价",
        "the quote {quote} came to nothing ({ending}): make another one, or go on without",
    )
    CONTRACT_LOST = (
        "contract_lost",
        "合同 {contract} 不再有效（{ending}）：重签之前不放行",
        "contract {contract} counts no more ({ending}): nothing is released before another one is signed",
    )
    SERVICE_PROGRESS = (
        "service_progress",
        "服务进度 {percent}%（此前 {before}%）{words}",
        "the service is at {percent} % ({before} % before) {words}",
    )
    SERVICE_GIVEN = (
        "service_given",
        "服务已全部完成，请客户验收；{until} 前没有异议视为验收",
        "the service was given in whole; the customer accepts it, and so does silence until {until}",
    )
    SERVICE_ACCEPTED = (
        "service_accepted",
        "服务已验收：{how}",
        "the service is accepted: {how}",
    )
    SAMPLE_ROUND = (
        "sample_round",
        "样品第 {round} 轮：{words}",
        "samples, round {round}: {words}",
    )
    TRIAL_BEGINS = (
        "trial_begins",
        "样品第 {round} 轮开始试用，{until} 前请答复：认可、修改或不要",
        "round {round} of the samples is on trial; please answer until {until}: approved, changed, or not wanted",
    )
    TRIAL_REMINDER = (
        "trial_reminder",
        "样品试用 {until} 到期，没有答复即关闭",
        "the trial of the samples is over on {until}, and closed without an answer",
    )
    SAMPLE_TRIED = ("sample_tried", "样品试用结束：{how}", "the trial of the samples is over: {how}")
    CREDIT_HELD = (
        "credit_held_notice",
        "信用扣单（¥{amount}）：{reason}",
        "held for the customer's credit (CNY {amount}): {reason}",
    )
    CREDIT_FREED = (
        "credit_freed_notice",
        "财务解除信用扣单，限 ¥{amount}：{reason}",
        "finance freed the order for CNY {amount}: {reason}",
    )
    CREDIT_KEPT = (
        "credit_kept_notice",
        "财务继续扣单（¥{amount}）：{reason}",
        "finance keeps the order held (CNY {amount}): {reason}",
    )
    CREDIT_NOTE = (
        "credit_note",
        "贷项通知单 {number}：账单减少 ¥{amount}（{reason}）",
        "credit note {number}: CNY {amount} less are billed ({reason})",
    )
    INVOICE_ASKED = (
        "invoice_asked",
        "客户申请开票：{title}（{kind}）",
        "an invoice is asked for: {title} ({kind})",
    )
    INVOICE_ISSUED = (
        "invoice_issued",
        "发票 {number} 已开具，¥{amount}（其中税额 ¥{tax}）",
        "invoice {number} is issued: CNY {amount} (of it tax CNY {tax})",
    )
    RED_LETTER = (
        "red_letter",
        "红字发票 {number} 冲红发票 {invoice}：¥{amount}（{reason}）",
        "red-letter invoice {number} takes back invoice {invoice}: CNY {amount} ({reason})",
    )
    PAYABLE = (
        "payable",
        "订单已审核，请在 {until} 前支付 ¥{amount}，逾期自动取消",
        "your order is reviewed; please pay CNY {amount} until {until}, then it is cancelled by itself",
    )
    ORDER_PAID = (
        "order_paid",
        "已收到货款 ¥{amount}，等待商家接单",
        "CNY {amount} are paid; the merchant looks at your order",
    )
    PAYMENT_LAPSED = (
        "payment_lapsed",
        "{until} 前未付款，订单已取消",
        "it was not paid until {until} and is cancelled",
    )
    ORDER_REOPENED = (
        "order_reopened",
        "迟到的货款已到，订单恢复",
        "late money came, and the order goes on",
    )
    OTHER_AMOUNT = (
        "other_amount",
        "在线收款 {reference} ¥{amount}，当时应付 ¥{due}",
        "online payment {reference} of CNY {amount}, CNY {due} were due",
    )
    REFUND_ASKED = (
        "refund_asked",
        "原路退款 ¥{amount} 已提交：{reason}",
        "a refund of CNY {amount} is on its way back: {reason}",
    )
    REFUNDED = (
        "refunded",
        "已退款 ¥{amount}：{reason}",
        "CNY {amount} were refunded: {reason}",
    )
    REFUND_FAILED = (
        "refund_failed",
        "退款 ¥{amount} 失败：{reason}，请财务处理",
        "a refund of CNY {amount} failed: {reason}; finance decides",
    )
    MERCHANT_ACCEPTED = (
        "merchant_accepted",
        "商家已接单，{until} 前发货",
        "the merchant accepted your order; it leaves until {until}",
    )
    DELAY_TOLD = (
        "delay_told",
        "{what}可能晚于 {due}：{reason}",
        "{what} may be later than {due}: {reason}",
    )
    SHOP_ORDERED = "shop_ordered", "网店下单成功：{numbers}", "ordered in the shop: {numbers}"


class StaffId(str):
    """A person of the staff within a text. The journal has the id; who is told reads the name."""

    __slots__ = ()


def as_journaled(paper: Paper, values: Mapping[str, object]) -> Words:
    """What becomes due, in the words of the journal: moments as ISO 8601 in UTC. Kept as said, and not hashed."""
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
    return Words(paper.zh, paper.en).filled(**plain)


def as_said(paper: Paper, values: Mapping[str, object]) -> Words:
    """The same for those who are told: moments in business time."""
    plain = {name: moment(value) if isinstance(value, datetime) else value for name, value in values.items()}
    return Words(paper.zh, paper.en).filled(**plain)


class Intention(BaseModel):
    """One paper or notice that is due. `identity` is unique within the order: the same one is never due twice."""

    model_config = ConfigDict(frozen=True)

    identity: str
    paper: Paper
    to: tuple[Role, ...]
    zh: str
    en: str
    rule: str
    created_at: datetime
    sequence: int
    content: dict[str, Any] | None = None
    """What is to be printed (`models.order.paper_contents`); None for a notice."""
    named: tuple[str, ...] = ()
    """Ids of staff that stand in the words, to be replaced by names."""
    person: str = ""
    """Who of the staff in particular is told, where it is not whoever has the role for this order."""
