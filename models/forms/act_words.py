"""What stands on the button of each act: its own word, and not one word for all."""

from __future__ import annotations

from models.dossier.open_steps import StepKind
from models.messages.decision_subjects import Outcome, Subject
from models.values.vocabulary import Words

_S, _D, _O = StepKind, Subject, Outcome

FACT_ACTS: dict[str, Words] = {
    "amendment_requested": Words("提交变更", "ask for the change"),
    "details_completed": Words("补全资料", "complete the details"),
    "sheet_sent": Words("登记已发出", "note it as sent"),
    "sheet_received": Words("登记客户已收到", "note that the customer has it"),
    "confirmation_returned": Words("登记签回", "note the signed sheet"),
    "sheet_scanned": Words("登记扫描件", "note the scan"),
    "payment_received": Words("确认到账", "confirm the payment"),
    "payment_bounced": Words("登记退票", "note that it bounced"),
    "payment_corrected": Words("冲销更正", "reverse the payment"),
    "cash_cleared": Words("现金清帐", "clear the cash"),
    "collection_remitted": Words("登记代收到账", "note the money handed over"),
    "second_telling_settled": Words("定下怎么算", "settle what it is"),
    "money_transferred_out": Words("转出款项", "move the money"),
    "money_transferred_in": Words("转入款项", "take the money in"),
    "production_signed": Words("签收指令单", "sign for the instruction"),
    "production_reported": Words("登记产量", "report what was made"),
    "production_exception": Words("上报生产异常", "report the trouble"),
    "checkpoint_reported": Words("登记监督点", "report the checkpoint"),
    "inspection_reported": Words("登记检验", "report the inspection"),
    "inspection_confirmed": Words("答复会检", "answer for the inspection"),
    "hand_over_confirmed": Words("答复交接", "answer for the hand-over"),
    "warehouse_entered": Words("入库", "enter the warehouse"),
    "document_supplied": Words("登记单据", "hand the paper in"),
    "transport_arranged": Words("登记运输安排", "note the transport"),
    "shipping_read_back": Words("已复述", "read back"),
    "shipped": Words("登记发货", "report the goods as shipped"),
    "shipment_notice_received": Words("登记客户已收到", "note that the customer has it"),
    "transit_reported": Words("登记在途情况", "report how it fares"),
    "arrived": Words("登记到货", "report the arrival"),
    "delivery_receipt": Words("登记签收", "report the receipt"),
    "receipt_confirmed": Words("确认收货", "confirm the receipt"),
    "recall_reported": Words("登记召回进展", "report the recall"),
    "goods_returned": Words("登记退回", "report the goods as back"),
    "cancellation_requested": Words("申请取消", "ask to cancel"),
    "exception_reported": Words("上报异常", "report the exception"),
    "exception_resolved": Words("办结异常", "resolve the exception"),
    "hold_placed": Words("暂停订单", "put the order on hold"),
    "hold_released": Words("恢复订单", "let the order go on"),
    "contact_logged": Words("记下联系", "log the contact"),
    "extension_given": Words("延长时限", "give more time"),
    "overridden": Words("特批", "set the duty aside"),
    "calendar_refreshed": Words("更新日历", "take the newer calendar"),
    "adopted": Words("采用新政策", "adopt it"),
    "stock_answered": Words("库存答复", "the book's answer"),
    "stock_allotted": Words("到货分配", "allot it"),
    "stock_fell_short": Words("登记短缺", "note the shortage"),
    "purchase_ordered": Words("登记采购到货日", "name the day it comes"),
    "picked": Words("登记拣货", "report it as picked"),
    "customer_file_refreshed": Words("更新客户档案", "take the file as it is now"),
    "sheet_checked": Words("登记核对结果", "note what the check found"),
    "reassigned": Words("改派", "reassign"),
    "credit_answered": Words("登记信用账答复", "take the credit book's answer"),
    "credit_assessed": Words("登记信用评估", "give the assessment"),
    "credit_review_requested": Words("再查一次信用", "look the credit up again"),
    "invoice_requested": Words("申请开票", "ask for the invoice"),
    "invoice_issued": Words("登记发票", "enter the invoice"),
    "invoice_reversed": Words("登记红字发票", "enter the red letter"),
    "credit_noted": Words("登记售后减账", "take the case's credit note"),
}
"""By the kind of fact, wherever no step has a word of its own."""

STEP_ACTS: dict[StepKind, Words] = {
    _S.READ_BACK: Words("已复述", "read back"),
    _S.EXPLAIN_AGENT: Words("已说明", "explained"),
    _S.WRITTEN_ORDER: Words("补交手工订单", "hand in the written order"),
    _S.REWORK_ORDER: Words("改好再报", "change it and ask again"),
    _S.SEND_SHEET: Words("登记已发出", "note it as sent"),
    _S.VERIFY_SIGNATURE: Words("登记核对结果", "note what was seen"),
    _S.PRODUCE: Words("完工登记", "report what was made"),
    _S.RECHECK_PROMISE: Words("报新的完工日", "name the new finish"),
    _S.INSPECT_RETURN: Words("登记退货检验", "report what came back"),
    _S.SHIPPING_NOTICE: Words("开单", "issue the notice"),
    _S.NOTICE_OWED: Words("补单", "issue the notice"),
    _S.GOODS_EXCEPTION: Words("定下处理", "decide"),
    _S.MISSING_GOODS: Words("办结", "settle it"),
    _S.RESUME: Words("恢复订单", "let the order go on"),
    _S.CONFIRM_ORDER: Words("登记客户确认", "note the customer's confirmation"),
    _S.CHANGE_ORDER: Words("变更订单", "amend the order"),
    _S.AWAIT_STOCK: Words("报到货日", "name the day it comes"),
}
"""Where the same fact means another act at this step."""

OUTCOME_ACTS: dict[tuple[Subject, Outcome], Words] = {
    (_D.CUSTOMER_DATA, _O.REAL): Words("核实属实", "they are real"),
    (_D.CUSTOMER_DATA, _O.NOT_REAL): Words("核实不实", "they are not real"),
    (_D.CONTRACT, _O.APPROVE): Words("同意条款", "approve the terms"),
    (_D.CONTRACT, _O.REFUSE): Words("不同意条款", "refuse the terms"),
    (_D.PRICE, _O.SETTLED): Words("核定此价", "settle this price"),
    (_D.TECHNICAL, _O.PRODUCIBLE): Words("可以生产", "it can be made"),
    (_D.TECHNICAL, _O.NOT_PRODUCIBLE): Words("无法生产", "it cannot be made"),
    (_D.OLD_RECIPE, _O.INSIST): Words("坚持老工艺", "insist on the old recipe"),
    (_D.OLD_RECIPE, _O.SAMPLING): Words("转新品打样", "go to sampling"),
    (_D.OLD_RECIPE, _O.END): Words("终止订单", "end the order"),
    (_D.PRODUCTION_DATE, _O.DATED): Words("已定交期", "name the date"),
    (_D.LATER_PROMISE, _O.CONFIRM): Words("确认放宽", "agree to the later day"),
    (_D.LATER_PROMISE, _O.REFUSE): Words("不放宽", "keep the day"),
    (_D.SHIP_DATE, _O.APPROVE): Words("同意发货日", "approve the ship date"),
    (_D.SHIP_DATE, _O.REFUSE): Words("不同意，重定交期", "refuse, have it dated anew"),
    (_D.APPROVAL, _O.APPROVE): Words("批准订单", "approve the order"),
    (_D.APPROVAL, _O.SEND_BACK): Words("退回业务", "send it back to sales"),
    (_D.SMALL_ORDER, _O.PREPAID): Words("全款预付", "prepaid in full"),
    (_D.SMALL_ORDER, _O.GUARANTEED): Words("业务员担保", "I guarantee it"),
    (_D.SMALL_ORDER, _O.DEPOSIT): Words("照付定金", "deposit as usual"),
    (_D.THREE_PARTY, _O.CONFIRM): Words("确认无误", "confirm"),
    (_D.THREE_PARTY, _O.OBJECT): Words("提出异议", "object"),
    (_D.EMERGENCY_PLAN, _O.NEW_DATE): Words("改定新交期", "name a new date"),
    (_D.EMERGENCY_PLAN, _O.SUBSTITUTE): Words("用替代品", "use a substitute"),
    (_D.EMERGENCY_PLAN, _O.PARTIAL_DELIVERY): Words("分批交货", "deliver in parts"),
    (_D.EMERGENCY_PLAN, _O.CANCEL): Words("取消订单", "cancel the order"),
    (_D.TOLERANCE, _O.ACCEPT): Words("照收", "accept it"),
    (_D.TOLERANCE, _O.MAKE_UP): Words("要求补足", "have the rest made"),
    (_D.TOLERANCE, _O.RETURN_SURPLUS): Words("退回多余", "return the surplus"),
    (_D.FINANCE_RELEASE, _O.RELEASE): Words("放行发货", "release the goods"),
    (_D.FINANCE_RELEASE, _O.REFUSE): Words("不放行", "do not release"),
    (_D.BALANCE_RELEASE, _O.ON_CREDIT): Words("批准欠款发货", "ship on credit"),
    (_D.BALANCE_RELEASE, _O.CARRIER_COLLECTS): Words("由物流代收", "let the carrier collect"),
    (_D.BALANCE_RELEASE, _O.REFUSE): Words("不批准", "refuse"),
    (_D.EMERGENCY_SHIPMENT, _O.APPROVE): Words("批准紧急发货", "approve the emergency"),
    (_D.AMENDMENT, _O.APPROVE): Words("同意变更", "approve the change"),
    (_D.AMENDMENT, _O.REFUSE): Words("不同意变更", "refuse the change"),
    (_D.DROPPED_GOODS, _O.APPROVE): Words("同意减去", "let them be dropped"),
    (_D.DROPPED_GOODS, _O.REFUSE): Words("不同意减去", "keep them in the order"),
    (_D.CANCELLATION, _O.APPROVE): Words("同意取消", "approve the cancellation"),
    (_D.CANCELLATION, _O.REFUSE): Words("不同意取消", "keep the order"),
    (_D.DEPOSIT_SETTLEMENT, _O.SETTLED): Words("结清已收款", "settle the money"),
    (_D.OVERPAYMENT, _O.CREDIT): Words("转为预存款", "keep it as credit"),
    (_D.OVERPAYMENT, _O.REFUND): Words("退款", "refund it"),
    (_D.HANGING, _O.CLOSE): Words("关闭订单", "close the order"),
    (_D.SHORTAGE, _O.WAIT): Words("等货到齐", "wait for all of it"),
    (_D.SHORTAGE, _O.CHANGE): Words("改要别的货", "take other goods"),
    (_D.SHORTAGE, _O.SPLIT): Words("先发现货，其余后补", "send what is there first"),
    (_D.SHORTAGE, _O.CANCEL): Words("取消缺的或全部", "cancel what is missing, or all"),
    (_D.HANGING, _O.KEEP): Words("保留订单", "keep the order"),
    (_D.QUOTE_APPROVAL, _O.APPROVE): Words("同意报价", "approve the offer"),
    (_D.QUOTE_APPROVAL, _O.SEND_BACK): Words("退回报价", "send the offer back"),
    (_D.LATE_ACCEPTANCE, _O.HONOUR): Words("按原价成交", "honour the old price"),
    (_D.LATE_ACCEPTANCE, _O.REQUOTE): Words("重新报价", "quote anew"),
    (_D.CASE_ADMISSION, _O.APPROVE): Words("受理超期售后", "admit the late complaint"),
    (_D.CASE_ADMISSION, _O.REFUSE): Words("不受理", "do not admit it"),
    (_D.CASE_DECISION, _O.APPROVE): Words("同意处理", "grant the case"),
    (_D.CASE_DECISION, _O.REFUSE): Words("不同意", "do not grant it"),
    (_D.CASE_REVIEW, _O.APPROVE): Words("改为同意", "grant it after all"),
    (_D.CASE_REVIEW, _O.KEEP): Words("维持原决定", "keep to it"),
    (_D.ORDER_APPROVAL, _O.APPROVE): Words("批准订单", "approve the order"),
    (_D.ORDER_APPROVAL, _O.SEND_BACK): Words("退回业务", "send it back to sales"),
    (_D.CREDIT, _O.FREE): Words("解除信用扣单", "free the order"),
    (_D.CREDIT, _O.KEEP_HELD): Words("继续扣单", "keep it held"),
}
"""By subject and outcome."""


def act_of(kind: str, step: str = "") -> Words:
    """The word of a fact; `step` is the kind of the step that it answers, if any does."""
    at_step = next((words for known, words in STEP_ACTS.items() if known.value == step), None)
    return at_step or FACT_ACTS[kind]


def outcome_act(subject: str, outcome: Outcome) -> Words:
    """The word of an outcome of a subject."""
    known = next((each for each in Subject if each.value == subject), None)
    words = OUTCOME_ACTS.get((known, outcome)) if known is not None else None
    return words or Words(outcome.zh, outcome.en)
