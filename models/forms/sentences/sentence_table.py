"""The sentences themselves: for each kind of fact and each subject of decision what a timeline says of it."""

from __future__ import annotations

from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.values.words import Words

Parts = tuple[Words, ...]
"""The parts of a sentence, in order; each stands only where everything it names was said."""

_SHIPMENT = Words("发货批次 {shipment}", "shipment {shipment}")
LINE = Words("第{line}行", "line {line}")
_LOT = Words("批次 {lot}", "batch {lot}")
_REFERENCE = Words("凭证 {reference}", "reference {reference}")
_RELEASE = Words("放行 {release}", "release {release}")
_GOODS = Words("{items}", "{items}")
_VERSION = Words("第{version}版", "version {version}")

FACT_SENTENCES: dict[str, Parts] = {
    "amendment_requested": (
        Words("要求变更订单：{changes}", "asked to change the order: {changes}"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "details_completed": (
        Words("补全了资料：{changes}", "completed what was missing: {changes}"),
        Words("澄清了{clarified}", "made clear: {clarified}"),
    ),
    "sheet_sent": (
        Words("发出了确认书第{version}版", "sent confirmation sheet version {version}"),
        Words("经{channel}", "by {channel}"),
    ),
    "sheet_received": (Words("客户收到了确认书第{version}版", "the customer has sheet version {version}"),),
    "confirmation_returned": (
        Words("确认书第{version}版已签回", "sheet version {version} came back"),
        Words("{signed_by} 签字", "signed by {signed_by}"),
        Words("经链接签字{link_signature}", "signed by a link{link_signature}"),
    ),
    "sheet_scanned": (Words("收到确认书第{version}版的扫描件", "sheet version {version} came as a scan"),),
    "payment_received": (
        Words("收到款项 {amount}", "{amount} was received"),
        Words("{purpose}", "{purpose}"),
        Words("{method}", "{method}"),
        _REFERENCE,
    ),
    "payment_bounced": (
        Words("凭证 {reference} 的款项被退回", "the payment with reference {reference} bounced"),
        Words("{amount}", "{amount}"),
    ),
    "payment_corrected": (
        Words("更正凭证 {reference}：这笔款记错了", "payment {reference} was told wrong and is taken back"),
    ),
    "cash_cleared": (Words("现金凭证 {reference} 已向财务清帐", "cash {reference} was handed to finance"),),
    "collection_remitted": (
        Words("物流交来代收款 {amount}", "the carrier remitted {amount}"),
        _SHIPMENT,
        _REFERENCE,
    ),
    "production_signed": (
        Words("生产签收了指令单第{version}版", "production signed for instruction version {version}"),
        Words("由 {clerk} 交接", "handed over by {clerk}"),
    ),
    "production_reported": (
        Words("生产日报", "production reported"),
        LINE,
        _LOT,
        Words("完成 {made}", "made {made}"),
        Words("报废 {scrap}", "scrap {scrap}"),
        Words("预计 {expected_finish} 完工", "to be finished on {expected_finish}"),
    ),
    "production_exception": (
        Words("生产异常 {exception}", "production trouble {exception}"),
        LINE,
        Words("{cause}：{reason}", "{cause}: {reason}"),
        Words("预计 {expected_finish} 完工", "to be finished on {expected_finish}"),
    ),
    "checkpoint_reported": (Words("看了第{checkpoint}个监督点", "looked at checkpoint {checkpoint}"),),
    "inspection_reported": (
        Words("质检结果", "inspected"),
        LINE,
        _LOT,
        Words("召回的发货批次 {shipment}", "what came back of shipment {shipment}"),
        Words("合格 {passed}", "passed {passed}"),
        Words("返工 {to_rework}", "to rework {to_rework}"),
        Words("报废 {scrapped}", "scrapped {scrapped}"),
        Words("与 {checked_with} 会检", "together with {checked_with}"),
    ),
    "warehouse_entered": (
        Words("成品入库 {quantity}", "{quantity} entered the warehouse"),
        LINE,
        _LOT,
        Words("库位 {place}", "place {place}"),
    ),
    "document_supplied": (
        Words("补交了{document}", "supplied the {document}"),
        Words("编号 {reference}", "number {reference}"),
        _RELEASE,
        _GOODS,
    ),
    "transport_arranged": (
        Words("安排了运输：{carrier}", "transport arranged with {carrier}"),
        Words("{method}", "{method}"),
        Words("计划 {planned_for} 发运", "to leave on {planned_for}"),
        _RELEASE,
    ),
    "shipping_read_back": (Words("发货员复述了发货要求", "the shipper read the instructions back"), _RELEASE),
    "shipped": (
        Words("已发货", "the goods left"),
        _SHIPMENT,
        _GOODS,
        Words("承运 {carrier}", "with {carrier}"),
        Words("运单号 {tracking_number}", "tracking number {tracking_number}"),
        Words("预计 {expected_arrival} 到货", "expected on {expected_arrival}"),
        _RELEASE,
    ),
    "shipment_notice_received": (Words("客户收到了发货告知书", "the customer has the shipment notice"), _SHIPMENT),
    "transit_reported": (
        Words("在途情况", "on the way"),
        _SHIPMENT,
        Words("在 {place}", "at {place}"),
        Words("货物{condition}", "goods {condition}"),
        Words("预计 {expected_arrival} 到货", "expected on {expected_arrival}"),
        Words("{words}", "{words}"),
    ),
    "arrived": (
        Words("货物到达", "the goods arrived"),
        _SHIPMENT,
        Words("在 {place}", "at {place}"),
        Words("货物{condition}", "goods {condition}"),
    ),
    "delivery_receipt": (
        Words("{signed_by} 签收", "{signed_by} signed for the goods"),
        _SHIPMENT,
        Words("货物{condition}", "goods {condition}"),
        Words("实收 {items}", "received {items}"),
    ),
    "receipt_confirmed": (Words("客户确认收货", "the customer confirmed the receipt"), Words("{words}", "{words}")),
    "recall_reported": (Words("召回进展", "news of the recall"), _SHIPMENT, Words("{words}", "{words}")),
    "goods_returned": (
        Words("召回的货物到厂", "recalled goods came back"),
        _SHIPMENT,
        _GOODS,
        Words("去程运费 {freight_out}", "freight out {freight_out}"),
        Words("回程运费 {freight_back}", "freight back {freight_back}"),
    ),
    "cancellation_requested": (Words("要求取消订单：{reason}", "asked to cancel the order: {reason}"),),
    "exception_reported": (
        Words("上报异常 {exception}：{words}", "reported trouble {exception}: {words}"),
        Words("在{step}阶段", "in {step}"),
        Words("由 {owner} 处理", "for {owner} to resolve"),
    ),
    "exception_resolved": (
        Words("解决了异常 {exception}：{resolution}", "resolved trouble {exception}: {resolution}"),
        Words("{outcome}", "{outcome}"),
        _GOODS,
    ),
    "after_sales_opened": (Words("售后单 {case} 已开，自动完成暂停计时", "case {case} was opened; silence completes nothing meanwhile"),),
    "after_sales_closed": (Words("售后单 {case} 已结案", "case {case} has ended"),),
    "hold_placed": (Words("暂停了订单：{reason}", "put the order on hold: {reason}"),),
    "hold_released": (Words("恢复了订单", "took the order up again"), Words("{reason}", "{reason}")),
    "sheet_checked": (
        Words("逐项核对了确认书第{version}版", "checked sheet version {version} item by item"),
        Words("有出入：{differing}", "these differ: {differing}"),
        Words("“{words}”", "“{words}”"),
    ),
    "reassigned": (
        Words("把{role}改派给 {person}", "gave the order's {role} to {person}"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "contact_logged": (
        Words("与客户联系", "spoke with the customer"),
        Words("经{channel}", "by {channel}"),
        Words("关于{topic}", "about {topic}"),
        Words("答复第 {answers} 个提问", "answered question {answers}"),
        Words("由 {owner} 答复", "for {owner} to answer"),
        Words("“{words}”", "“{words}”"),
    ),
    "extension_given": (
        Words("“{step}”的时限延长至 {due}", "extended the time limit of “{step}” to {due}"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "overridden": (
        Words("特批 {person} 不受 {rule} 职责分离的限制", "let {person} do both duties that {rule} keeps apart"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "calendar_refreshed": (Words("更新了节假日日历", "holidays and working days were brought up to date"),),
    "adopted": (
        Words("订单改用新的政策", "the order follows newer figures from now on"),
        Words("政策版本 {policy_version}", "policy version {policy_version}"),
        Words("规则版次 {edition}", "edition {edition} of the rules"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "corrected": (
        Words("人工更正：{what}", "put right by hand: {what}"),
        Words("第 {line} 行", "line {line}"),
        Words("批次 {lot}", "lot {lot}"),
        Words("发货 {shipment}", "shipment {shipment}"),
        Words("“{fact_kind}”", "“{fact_kind}”"),
        Words("编号 {fact}", "id {fact}"),
        Words("{told_by} 报告", "told by {told_by}"),
        Words("原为 {quantity_was}", "was {quantity_was}"),
        Words("现为 {quantity_now}", "is {quantity_now}"),
        Words("原为“{was}”", "was “{was}”"),
        Words("现为“{now}”", "is “{now}”"),
        Words("{agreed_by} 同意", "agreed by {agreed_by}"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "second_telling_settled": (
        Words("重复凭证 {reference}：{outcome}", "reference {reference} that was told twice: {outcome}"),
        Words("{amount}", "{amount}"),
        Words("正确的凭证 {right_reference}", "right reference {right_reference}"),
    ),
    "money_transferred_out": (
        Words("凭证 {reference} 的款转出", "money of reference {reference} moved out"),
        Words("{amount}", "{amount}"),
        Words("转到订单 {to}", "to order {to}"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "money_transferred_in": (
        Words("凭证 {reference} 转入 {amount}", "{amount} of reference {reference} moved in"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "inspection_confirmed": (Words("确认联合检验", "answered for the joint inspection"), Words("{words}", "{words}")),
    "hand_over_confirmed": (
        Words("确认交接生产指令单第{version}版", "answered for the hand-over of instruction version {version}"),
        Words("{words}", "{words}"),
    ),
    "stock_answered": (
        Words("库存账答复：{state}", "the stock book answered: {state}"),
        Words("暂留至 {held_until}", "held until {held_until}"),
    ),
    "stock_allotted": (Words("到货分给本单 {quantity}", "{quantity} of what came is this order's"), LINE),
    "stock_fell_short": (Words("库存比账上少，本单缺 {quantity}", "fewer are there than were counted on; {quantity} missing"), LINE),
    "stock_ready": (Words("预售货到，本单备好 {quantity}", "of the pre-sale {quantity} is ready for this order"), LINE),
    "purchase_ordered": (
        Words("采购订了 {product} {quantity}", "purchasing ordered {quantity} of {product}"),
        Words("预计 {expected} 到货", "expected on {expected}"),
        Words("编号 {reference}", "number {reference}"),
        Words("{words}", "{words}"),
    ),
    "material_ordered": (
        Words("采购订了第{line}行所缺的原材料", "purchasing ordered the raw material that line {line} is short of"),
        Words("预计 {expected} 到货", "expected on {expected}"),
        Words("编号 {reference}", "number {reference}"),
        Words("{words}", "{words}"),
    ),
    "quote_opened": (Words("已登记报价 {quote}", "the quote {quote} was made for the order"),),
    "quote_accepted": (
        Words("客户接受了报价 {quote} 第{version}版", "the customer accepted version {version} of the quote {quote}"),
    ),
    "quote_over": (Words("报价 {quote} 未成：{ending}", "the quote {quote} came to nothing: {ending}"),),
    "quote_waived": (Words("不再等报价", "the order waits for no quote any more"), Words("原因：{reason}", "because: {reason}")),
    "picked": (
        Words("仓库拣好了货", "the warehouse picked the goods"),
        _RELEASE,
        _GOODS,
        Words("共 {packages} 件", "{packages} packages"),
        Words("放在 {place}", "at {place}"),
        Words("与 {checked_with} 复核", "checked with {checked_with}"),
    ),
    "service_reported": (
        Words("服务进度 {percent}%", "the service is at {percent} %"),
        Words("{words}", "{words}"),
        Words("进度下调的原因：{reason}", "less than before because: {reason}"),
        Words("预计 {expected_finish} 完成", "expected to be finished on {expected_finish}"),
    ),
    "customer_file_refreshed": (Words("更新了客户档案", "the customer's file was brought up to date"), Words("{reason}", "{reason}")),
    "contract_in_force": (
        Words("合同 {contract} 第{version}版已由双方签署", "contract {contract} version {version} is signed by both"),
        Words("自 {since} 起生效", "in force since {since}"),
        Words("有效至 {valid_until}", "counts until {valid_until}"),
    ),
    "contract_over": (
        Words("合同 {contract} 已终结", "contract {contract} has ended"),
        Words("{reason}", "{reason}"),
    ),
    "credit_answered": (
        Words("信用账已答复", "the credit book answered"),
        Words("不放行的原因：{grounds}", "held because: {grounds}"),
        Words("额度 {limit}", "limit {limit}"),
        Words("其他订单占用 {others}", "{others} bound by other orders"),
        Words("可用余款 {free_balance}", "free balance {free_balance}"),
    ),
    "credit_assessed": (
        Words("评估了客户信用", "assessed the customer's credit"),
        Words("额度 {limit}", "limit {limit}"),
        Words("{prepaid_only}", "{prepaid_only}"),
        Words("依据：{reason}", "because: {reason}"),
    ),
    "invoice_requested": (
        Words("申请开票：{title}", "asked for an invoice: {title}"),
        Words("{invoice_kind}", "{invoice_kind}"),
        Words("税号 {tax_number}", "tax number {tax_number}"),
        Words("{amount}", "{amount}"),
    ),
    "invoice_issued": (
        Words("开具了发票 {invoice}", "issued invoice {invoice}"),
        Words("{amount}", "{amount}"),
        Words("日期 {issued_on}", "dated {issued_on}"),
        Words("文件 {document}", "file {document}"),
    ),
    "invoice_reversed": (
        Words("红字发票 {red_letter} 冲红发票 {invoice}", "red letter {red_letter} takes back invoice {invoice}"),
        Words("{amount}", "{amount}"),
        Words("日期 {issued_on}", "dated {issued_on}"),
        Words("文件 {document}", "file {document}"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    "credit_noted": (
        Words(
            "售后单 {case} 减账 {value}（{credit_note}）",
            "case {case} took {value} off the bill ({credit_note})",
        ),
        Words("应退 {paid_back}", "{paid_back} to be paid back"),
    ),
    "intent_closed": (
        Words("支付机构答复了付款情况", "the payment provider said whether it was paid"),
        Words("{paid}", "{paid}"),
    ),
    "refund_answered": (
        Words("支付机构答复了退款", "the payment provider answered about the refund"),
        Words("{paid}", "{paid}"),
        _REFERENCE,
        Words("原因：{reason}", "because: {reason}"),
    ),
    "credit_review_requested": (
        Words("请求再查客户信用", "asked for another look at the customer's credit"),
        Words("原因：{reason}", "because: {reason}"),
    ),
    DECISION: (Words("{subject}：{outcome}", "{subject}: {outcome}"), LINE, _VERSION),
}  # fmt: skip
"""Kind of fact -> the parts of its sentence. Every kind has a row."""

ANSWERS: dict[str, tuple[Words, Words]] = {
    "legible": (Words("字迹清晰", "legible"), Words("字迹不清", "not legible")),
    "requirements_clear": (Words("特殊要求清楚", "special requirements clear"), Words("特殊要求不清楚", "special requirements not clear")),
    "finished": (Words("已完工", "finished"), Words("", "")),
    "fine": (Words("正常", "all is well"), Words("有问题", "something is wrong")),
    "labels_good": (Words("标签合格", "labels good"), Words("标签不合格", "labels wrong")),
    "packing_good": (Words("外包装合格", "packing good"), Words("外包装不合格", "packing wrong")),
    "customer_clocks_stop": (Words("客户时限一并停", "customer's clocks stop too"), Words("客户时限照走", "customer's clocks go on")),
    "agrees": (Words("属实", "it is so"), Words("有异议", "it is not so")),
    "wrong_order": (Words("原来记错了订单", "it was told to the wrong order"), Words("", "")),
    "on_staff": (Words("", ""), Words("（不在员工名册）", "(not on the list of staff)")),
    "quality_good": (Words("质量合格", "quality good"), Words("质量不合格", "quality not good")),
    "nothing_there": (Words("货位上没有货", "nothing was at its place"), Words("", "")),
    "only_what_is_missing": (Words("只取消缺的", "only what is missing"), Words("", "")),
    "clauses_confirmed": (Words("生产条款逐项确认", "clauses confirmed"), Words("生产条款未确认", "clauses not confirmed")),
    "recipe_changed": (Words("工艺有变动", "recipe changed"), Words("工艺不变", "recipe as before")),
    "prepaid_only": (Words("仅限预付", "prepaid only"), Words("", "")),
    "paid": (Words("已付", "it was paid"), Words("未付", "it was not paid")),
}  # fmt: skip
"""What a yes and a no to a field mean; empty: nothing is worth telling."""

DECISION_SENTENCES: dict[Subject, Words] = {
    Subject.CUSTOMER_DATA: Words("核实客户资料：{outcome}", "verified the customer's data: {outcome}"),
    Subject.CONTRACT: Words("审批合同条款：{outcome}", "decided about the contract's terms: {outcome}"),
    Subject.RELEASE_TERMS: Words("放行前审批合同条款：{outcome}", "decided about the contract's terms before release: {outcome}"),
    Subject.PRICE: Words("核定价格：{outcome}", "settled the price: {outcome}"),
    Subject.TECHNICAL: Words("技术确认：{outcome}", "judged whether it can be made: {outcome}"),
    Subject.OLD_RECIPE: Words("无法生产的处理：{outcome}", "decided about goods that cannot be made: {outcome}"),
    Subject.PRODUCTION_DATE: Words("排定生产交期：{outcome}", "named the dates of production: {outcome}"),
    Subject.LATER_PROMISE: Words("放宽预交日：{outcome}", "decided about a later promise: {outcome}"),
    Subject.SHIP_DATE: Words("超期发货日：{outcome}", "decided about the late ship date: {outcome}"),
    Subject.APPROVAL: Words("审批订单：{outcome}", "decided about the order: {outcome}"),
    Subject.SMALL_ORDER: Words("小额订单的方式：{outcome}", "chose the way of the small order: {outcome}"),
    Subject.THREE_PARTY: Words("三方确认：{outcome}", "answered in the three-party confirmation: {outcome}"),
    Subject.EMERGENCY_PLAN: Words("应急处理方案：{outcome}", "made the emergency plan: {outcome}"),
    Subject.TOLERANCE: Words("数量偏差的处理：{outcome}", "decided about the quantity: {outcome}"),
    Subject.FINANCE_RELEASE: Words("财务放行：{outcome}", "finance decided about the release: {outcome}"),
    Subject.BALANCE_RELEASE: Words("余款超限的放行：{outcome}", "decided about the open balance: {outcome}"),
    Subject.EMERGENCY_SHIPMENT: Words("紧急发货：{outcome}", "decided about the emergency shipment: {outcome}"),
    Subject.AMENDMENT: Words("生产后的变更：{outcome}", "decided about the change: {outcome}"),
    Subject.DROPPED_GOODS: Words("减去已生产的货：{outcome}", "decided about goods made already: {outcome}"),
    Subject.CANCELLATION: Words("生产后的取消：{outcome}", "decided about the cancellation: {outcome}"),
    Subject.DEPOSIT_SETTLEMENT: Words("已收款的处理：{outcome}", "settled what becomes of money received: {outcome}"),
    Subject.OVERPAYMENT: Words("多付款的处理：{outcome}", "settled the over-payment: {outcome}"),
    Subject.SHORTAGE: Words("缺货的处理：{outcome}", "decided about the shortage: {outcome}"),
    Subject.HANGING: Words("悬单的处理：{outcome}", "decided about the hanging order: {outcome}"),
    Subject.QUOTE_APPROVAL: Words("审批报价：{outcome}", "decided about the offer: {outcome}"),
    Subject.LATE_ACCEPTANCE: Words("逾期接受的处理：{outcome}", "decided about the late acceptance: {outcome}"),
    Subject.CASE_ADMISSION: Words("超期售后的受理：{outcome}", "decided whether the late complaint is admitted: {outcome}"),
    Subject.CASE_DECISION: Words("售后处理决定：{outcome}", "decided about the case: {outcome}"),
    Subject.CASE_REVIEW: Words("售后异议复核：{outcome}", "reviewed the objection: {outcome}"),
    Subject.ORDER_APPROVAL: Words("逐级审批订单：{outcome}", "decided about the order, level by level: {outcome}"),
    Subject.CONTRACT_APPROVAL: Words("审批合同：{outcome}", "decided about the contract: {outcome}"),
    Subject.SERVICE_DATE: Words("定服务日期：{outcome}", "named the dates of the service: {outcome}"),
    Subject.ACCEPTANCE: Words("验收服务：{outcome}", "decided about the service: {outcome}"),
    Subject.TRIAL: Words("样品试用：{outcome}", "said of the trial: {outcome}"),
    Subject.ANOTHER_ROUND: Words("再打一轮样：{outcome}", "decided about another round of samples: {outcome}"),
    Subject.SHOP_REVIEW: Words("审核网店订单：{outcome}", "reviewed the shop order: {outcome}"),
    Subject.MERCHANT_ACCEPTANCE: Words("商家接单：{outcome}", "the merchant decided: {outcome}"),
    Subject.FAILED_REFUND: Words("退款失败的处理：{outcome}", "decided about the refund that failed: {outcome}"),
    Subject.CREDIT: Words("信用扣单的处理：{outcome}", "decided about the hold for credit: {outcome}"),
}  # fmt: skip
"""Subject -> what was decided. Every subject has a row."""
