"""Whatever a case may wait for (待办的种类), with its words in both languages."""

from __future__ import annotations

from models.values.vocabulary import Term


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
