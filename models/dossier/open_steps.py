"""Open steps: whatever an order waits for, from whom, why, until when and what happens then.

A phase says what it still needs; the steps follow from that. So a phase cannot wait without an open step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from models.dossier.step_moves import Move, move_of
from models.values.field_words import WANTED_OF_A_LINE
from models.values.vocabulary import Role, Term, Words


class CaseStepKind(Term):
    """What a case that is no order waits for, in words; decisions and holds are the same as of orders."""

    MAKE_OFFER = (
        "make_offer",
        "核算成本并做出报价第{version}版",
        "work out the cost and make offer version {version}",
    )
    SEND_OFFER = "send_offer", "向客户发出报价第{version}版", "send offer version {version} to the customer"
    OFFER_ANSWER = "offer_answer", "客户答复报价第{version}版", "the customer answers offer version {version}"
    QUOTE_EXPIRED = (
        "quote_expired",
        "报价第{version}版已过期：重新报价或撤回",
        "offer version {version} has expired: quote anew, or withdraw",
    )
    ORDER_FROM_QUOTE = "order_from_quote", "由报价生成订单", "the order is made of the quote"
    ORDER_NOT_MADE = (
        "order_not_made",
        "报价未能转订单：{reason_zh}",
        "no order could be made of the quote: {reason_en}",
    )
    ACKNOWLEDGE_CASE = (
        "acknowledge_case",
        "受理售后（{type_zh}：{cause_zh}）并告知客户",
        "take the case up ({type_en}: {cause_en}) and tell the customer",
    )
    ASSESS_CASE = "assess_case", "核查售后证据", "assess the evidence of the case"
    RETURNED_GOODS = (
        "returned_goods",
        "客户寄回 {quantity} {unit_zh}",
        "the customer sends {quantity} {unit_en} back",
    )
    RECEIVE_RETURN = (
        "receive_return",
        "签收退回货物 {quantity} {unit_zh}",
        "receive {quantity} {unit_en} that come back",
    )
    INSPECT_CASE = (
        "inspect_case",
        "检验退回货物 {quantity} {unit_zh}",
        "inspect {quantity} {unit_en} that came back",
    )
    COUNT_REFUND = "count_refund", "计算退货金额", "the value of the goods is worked out"
    PAY_REFUND = (
        "pay_refund",
        "退款 ¥{payable}（退货价值 ¥{value}）",
        "pay CNY {payable} back (the goods were worth CNY {value})",
    )
    GIVE_CREDIT = "give_credit", "抵扣货款 ¥{value}", "credit CNY {value} against the bill"
    ORDER_REPLACEMENT = "order_replacement", "系统登记换货订单", "the replacement order is entered"
    REPLACEMENT_NOT_MADE = (
        "replacement_not_made",
        "换货订单未能登记：{reason_zh}",
        "the replacement order could not be entered: {reason_en}",
    )
    SETTLE_EXCHANGE = (
        "settle_exchange",
        "换货 {replacement} 差价 ¥{difference}（负数为应退）",
        "exchange {replacement}: a difference of CNY {difference} (below zero: to be refunded)",
    )
    SHIP_AGAIN = "ship_again", "补发货物", "ship the goods again"
    REPAIR_GOODS = "repair_goods", "维修并寄回", "repair the goods and send them back"
    ANSWER_CASE = "answer_case", "答复客户", "answer the customer"
    AGREE_TO_REMEDY = (
        "agree_to_remedy",
        "客户认可或提出异议；逾期视为认可",
        "the customer agrees or objects; silence agrees",
    )
    DRAFT_CONTRACT = (
        "draft_contract",
        "重新起草合同（第{version}版）：{reason}",
        "draft the contract anew (version {version}): {reason}",
    )
    ARRANGE_SIGNING = (
        "arrange_signing",
        "安排签署合同第{version}版的地点和时间",
        "arrange place and time of signing contract version {version}",
    )
    SIGN_FOR_COMPANY = (
        "sign_for_company",
        "我方签署合同第{version}版",
        "sign contract version {version} for the company",
    )
    SIGN_FOR_CUSTOMER = (
        "sign_for_customer",
        "客户签署合同第{version}版",
        "the customer signs contract version {version}",
    )
    TELL_ORDER = "tell_order", "系统告知订单 {contracted}", "order {contracted} is told"


class StepKind(Term):
    """What is waited for, in words. `{…}` is filled in from the step."""

    DETAILS = "details", "补全或澄清：{fields_zh}", "complete or clarify: {fields_en}"
    OPEN_QUOTE = (
        "open_quote",
        "为本单报价，或不再等报价（{reason_zh}）",
        "make a quote for the order, or go on without one ({reason_en})",
    )
    AWAIT_QUOTE = "await_quote", "等客户接受报价 {quote}", "the customer to accept the quote {quote}"
    READ_BACK = "read_back", "电话订单复述确认", "read the phone order back"
    WRITTEN_ORDER = "written_order", "补交手工订单", "hand in the written order"
    REWORK_ORDER = (
        "rework_order",
        "主管退回，业务修改：{reason}",
        "sent back by the supervisor, to be changed: {reason}",
    )
    DECISION = "decision", "待决定：{subject_zh}", "to be decided: {subject_en}"
    SEND_SHEET = (
        "send_sheet",
        "制作并发出确认书第{version}版",
        "make and send confirmation sheet version {version}",
    )
    SHEET_LEGIBLE = "sheet_legible", "客户确认收到清晰传真", "customer confirms a legible copy"
    SHEET_BACK = "sheet_back", "客户签回确认书第{version}版", "signed sheet version {version} to come back"
    VERIFY_SIGNATURE = (
        "verify_signature",
        "核对回传件的签字：第{version}版 {document}",
        "look at the signature on the scanned sheet: version {version}, {document}",
    )
    SHEET_OWED = (
        "sheet_owed",
        "A类客户后补确认书第{version}版",
        "class A customer owes signed sheet version {version}",
    )
    DEPOSIT = "deposit", "定金到账 ¥{amount}", "deposit of CNY {amount} to arrive"
    PREPAYMENT = "prepayment", "全款到账 ¥{amount}", "full payment of CNY {amount} to arrive"
    CONFIRM_PAYMENT = (
        "confirm_payment",
        "财务核实款项 {reference}",
        "finance confirms payment {reference} as real",
    )
    HAND_OVER = (
        "hand_over",
        "生产指令单第{version}版签收",
        "production signs for instruction version {version}",
    )
    PRODUCE = (
        "produce",
        "生产第{line}行，还差 {quantity} {unit_zh}",
        "produce line {line}, {quantity} {unit_en} to go",
    )
    CHECKPOINT = "checkpoint", "监督点：{text}", "checkpoint: {text}"
    EXCEPTION = "exception", "处理异常：{text}", "resolve the exception: {text}"
    GOODS_EXCEPTION = (
        "goods_exception",
        "处理货物异常：{text}（{outcomes}）",
        "decide about goods: {text} ({outcomes})",
    )
    RECHECK_PROMISE = "recheck_promise", "返工后重新核对交期", "promise to be checked again after rework"
    INSPECT = (
        "inspect",
        "检验第{line}行批次{lot}，{quantity} {unit_zh}",
        "inspect line {line} lot {lot}, {quantity} {unit_en}",
    )
    ENTER_WAREHOUSE = (
        "enter_warehouse",
        "合格品入库：第{line}行批次{lot}",
        "enter line {line} lot {lot} into the warehouse",
    )
    CLEAR_CASH = "clear_cash", "业务员现金清帐 ¥{amount}", "salesperson clears cash of CNY {amount}"
    BALANCE = "balance", "余款到账 ¥{amount}", "balance of CNY {amount} to arrive"
    EXPLAIN_AGENT = (
        "explain_agent",
        "向客户说明指定货代",
        "explain the designated freight agent to the customer",
    )
    SHIPPING_NOTICE = (
        "shipping_notice",
        "复核并开具发货通知单",
        "check all data once more and issue the shipping notice",
    )
    NOTICE_OWED = (
        "notice_owed",
        "紧急发货，补开发货通知单",
        "shipping notice owed after an emergency shipment",
    )
    TRANSPORT = "transport", "安排运输", "arrange transport"
    READ_INSTRUCTIONS_BACK = (
        "read_instructions_back",
        "发货员复述发货要求",
        "shipper reads the instructions back",
    )
    SHIP = "ship", "发货", "ship the goods"
    NOTICE_LEGIBLE = "notice_legible", "客户确认收到发货告知书", "customer confirms the shipment notice"
    FOLLOW_SHIPMENT = "follow_shipment", "跟踪到货情况", "follow the shipment"
    ARRIVAL = "arrival", "等待到货", "goods to arrive"
    COLLECT_GOODS = (
        "collect_goods",
        "客户提货签收，逾期将召回",
        "customer collects and signs, or the goods are recalled",
    )
    RECALL = "recall", "召回货物到厂", "recalled goods to come back"
    MISSING_GOODS = (
        "missing_goods",
        "查找未召回的货物：{goods_zh}",
        "goods missing from a recall to be found or written off: {goods_en}",
    )
    INSPECT_RETURN = "inspect_return", "检验召回货物", "inspect what came back"
    REMITTANCE = "remittance", "物流代收款到账 ¥{amount}", "money collected by the carrier, CNY {amount}"
    ACCOUNT_BALANCE = "account_balance", "按合同收款 ¥{amount}", "payment by contract of CNY {amount}"
    TOLD_TWICE = (
        "told_twice",
        "凭证 {reference} 已计入另一张订单，是拆分、转来还是另一笔款？",
        "reference {reference} counts for another order already: split it, move it, or is it another transfer?",
    )
    MONEY_MOVES = (
        "money_moves",
        "凭证 {reference}:¥{amount} 待从原订单转来",
        "reference {reference}: CNY {amount} to come from the order that has it",
    )
    RESUME = "resume", "订单暂停：{reason}", "order on hold: {reason}"
    CONFIRM_INSPECTION = (
        "confirm_inspection",
        "{clerk} 确认参加第{line}行批次{lot}的联合检验",
        "{clerk} confirms the joint inspection of line {line} lot {lot}",
    )
    CONFIRM_HAND_OVER = (
        "confirm_hand_over",
        "{clerk} 确认交接生产指令单第{version}版",
        "{clerk} confirms having handed over instruction version {version}",
    )
    CHECK_SHEET = (
        "check_sheet",
        "逐项核对确认书第{version}版",
        "check confirmation sheet version {version} item by item",
    )
    ANSWER_QUESTION = "answer_question", "答复客户提问：{text}", "answer the customer's question: {text}"
    COMPLETION = (
        "completion",
        "等客户确认收货，满 {days} 天视为确认",
        "the customer to confirm the receipt; silence for {days} days confirms it",
    )
    STOCK_ANSWER = "stock_answer", "库存账答复", "the stock book to answer"
    CONFIRM_ORDER = (
        "confirm_order",
        "客户确认订单（邮件或页面），第{version}版",
        "customer confirms the order by mail or page, version {version}",
    )
    CHANGE_ORDER = (
        "change_order",
        "缺货，按客户意见变更订单：{goods_zh}",
        "short of goods, the order to be amended as the customer wants: {goods_en}",
    )
    AWAIT_STOCK = (
        "await_stock",
        "等货：第{line}行还差 {quantity} {unit_zh}",
        "stock to come: line {line}, {quantity} {unit_en} missing",
    )
    ORDER_MATERIAL = (
        "order_material",
        "第{line}行缺原材料，采购订购并告知到货日：{material}",
        "line {line} is short of raw material; purchasing orders it and names the day: {material}",
    )
    TERMS_REFUSED = (
        "terms_refused",
        "条款与合同不符且未获批准，先变更订单：{fields_zh}",
        "the terms differ from the contract and were refused; amend the order first: {fields_en}",
    )
    PICK = (
        "pick",
        "拣货并核对数量和质量：放行{release}",
        "pick and check quantity and quality: release {release}",
    )
    CONTRACT = (
        "contract",
        "起草合同，经审批后由双方签订（{lack_zh}）",
        "draft the contract, have it approved, and both sides sign it ({lack_en})",
    )
    GIVE_SERVICE = (
        "give_service",
        "提供服务并报进度，已报 {percent}%",
        "give the service and report how far it is, {percent} % so far",
    )
    ASSESS_CUSTOMER = "assess_customer", "评估客户信用：{customer}", "assess the credit of {customer}"
    CREDIT_CHECK = "credit_check", "查询客户信用", "the customer's credit is looked up"
    CREDIT_HELD = (
        "credit_held",
        "信用扣单：{reason_zh}；付款、改条款或重新评估后再查",
        "held for credit: {reason_en}; looked at again after a payment, other terms or another assessment",
    )
    ISSUE_INVOICE = (
        "issue_invoice",
        "开具发票 ¥{amount}：{title}",
        "issue an invoice of CNY {amount}: {title}",
    )
    RED_LETTER = (
        "red_letter",
        "账单已减少，发票 {invoice} 须冲红 ¥{amount}",
        "less is billed: take CNY {amount} of invoice {invoice} back by red letter",
    )
    ONLINE_PAYMENT = (
        "online_payment",
        "客户在线支付 ¥{amount}；逾期自动取消",
        "the customer to pay CNY {amount} online; unpaid it is cancelled by itself",
    )
    PROVIDER_ANSWER = (
        "provider_answer",
        "支付机构答复是否已付款",
        "the payment provider to say whether it was paid",
    )
    LATE_MONEY = (
        "late_money",
        "未付款已取消，等待可能迟到的款项",
        "cancelled unpaid; late money may still come",
    )
    REFUND_UNDER_WAY = (
        "refund_under_way",
        "原路退款 ¥{amount}",
        "refund of CNY {amount}, the way it came",
    )


AnyStepKind = StepKind | CaseStepKind

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
