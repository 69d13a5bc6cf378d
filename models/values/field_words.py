"""What the fields of orders and facts are called by those who fill them in (R11)."""

from __future__ import annotations

from models.values.words import Words

_FIELDS = {
    "contact": Words("联系人", "contact"),
    "phone": Words("电话", "phone"),
    "fax": Words("传真", "fax"),
    "address": Words("收货地址", "address"),
    "consignee": Words("收货人", "consignee"),
    "customer": Words("客户编号", "customer"),
    "channel": Words("下单渠道", "channel"),
    "fulfilment": Words("履约方式", "fulfilment"),
    "product": Words("产品编号", "product"),
    "specification": Words("规格", "specification"),
    "quantity": Words("数量", "quantity"),
    "unit": Words("单位", "unit"),
    "unit_price": Words("单价", "unit price"),
    "tolerance_percent": Words("允许误差(%)", "tolerance (%)"),
    "payment_terms": Words("付款方式", "payment terms"),
    "deposit_percent": Words("定金比例(%)", "deposit (%)"),
    "packing": Words("包装", "packing"),
    "label": Words("标签", "label"),
    "special_requirements": Words("特殊要求", "special requirements"),
    "wanted_date": Words("要货日期", "wanted date"),
    "delivery_method": Words("交货方式", "delivery method"),
    "freight_terms": Words("运费条款", "freight terms"),
    "checkpoints": Words("跟踪关键点", "checkpoints"),
    "request_id": Words("来单编号", "request id"),
    "entered_by": Words("录入人", "entered by"),
    "amount": Words("金额", "amount"),
    "deposit": Words("定金", "deposit"),
    "promised": Words("预交日", "promised date"),
    "partial_delivery": Words("允许分批", "partial delivery"),
    "reference": Words("凭证", "reference"),
    "purpose": Words("用途", "purpose"),
    "method": Words("方式", "method"),
    "version": Words("版本", "version"),
    "signed_by": Words("签字人", "signed by"),
    "legible": Words("清晰", "legible"),
    "clerk": Words("客服", "clerk"),
    "line": Words("行", "line"),
    "lot": Words("批次", "lot"),
    "made": Words("完成", "made"),
    "finished": Words("完工", "finished"),
    "passed": Words("合格", "passed"),
    "to_rework": Words("返工", "to rework"),
    "scrapped": Words("报废", "scrapped"),
    "checked_with": Words("会检", "checked with"),
    "place": Words("地点", "place"),
    "carrier": Words("承运人", "carrier"),
    "tracking_number": Words("运单号", "tracking number"),
    "shipment": Words("发货批", "shipment"),
    "release": Words("放行", "release"),
    "document": Words("单据", "document"),
    "expected_arrival": Words("预计到货", "expected arrival"),
    "condition": Words("状况", "condition"),
    "words": Words("内容", "words"),
    "topic": Words("事项", "topic"),
    "reason": Words("原因", "reason"),
    "exception": Words("异常", "exception"),
    "resolution": Words("处理", "resolution"),
    "freight_out": Words("去程运费", "freight out"),
    "freight_back": Words("回程运费", "freight back"),
    "changes": Words("变更", "changes"),
    "lines": Words("产品行", "lines"),
    "items": Words("各行数量", "quantities by line"),
    "unclear": Words("不清楚的项", "unclear fields"),
    "clarified": Words("已澄清的项", "fields made clear"),
    "read_back": Words("已复述确认", "read back"),
    "in_writing": Words("书面下单", "in writing"),
    "entered_role": Words("录入人角色", "role of who entered it"),
    "note_reference": Words("签字书面编号", "signed note"),
    "subject": Words("决定事项", "subject"),
    "outcome": Words("结果", "outcome"),
    "detail": Words("决定内容", "detail"),
    "material_note": Words("原料说明", "raw-material note"),
    "recipe_changed": Words("工艺有变动", "recipe changed"),
    "alternatives": Words("可替代产品", "alternatives"),
    "production_date": Words("生产日期", "production date"),
    "finished_date": Words("成品日期", "finished-goods date"),
    "clauses_confirmed": Words("生产条款逐项确认", "production clauses confirmed"),
    "ship_date": Words("发货日", "ship date"),
    "assessment": Words("客户评估", "assessment of the customer"),
    "customer_answer": Words("客户答复", "the customer's answer"),
    "collection": Words("余款处理", "what becomes of the balance"),
    "cost": Words("扣留成本", "cost kept"),
    "refunded": Words("退款金额", "refunded"),
    "kept": Words("留存金额", "kept"),
    "until": Words("保留至", "kept until"),
    "currency": Words("币种", "currency"),
    "paid_at": Words("付款时间", "paid at"),
    "scrap": Words("报废数量", "scrap"),
    "expected_finish": Words("预计完工", "expected finish"),
    "cause": Words("原因类别", "cause"),
    "owner": Words("负责人", "owner"),
    "step": Words("步骤", "step"),
    "checkpoint": Words("监督点序号", "number of the checkpoint"),
    "fine": Words("正常", "all is well"),
    "due": Words("新时限", "new limit"),
    "labels_good": Words("标签合格", "labels good"),
    "packing_good": Words("外包装合格", "packing good"),
    "reasons": Words("原因说明", "reasons"),
    "remarks": Words("备注", "remarks"),
    "requirements_clear": Words("特殊要求清楚", "special requirements clear"),
    "content_hash": Words("内容校验码", "content hash"),
    "planned_for": Words("计划日期", "planned for"),
    "check_on": Words("跟踪日期", "to be looked at on"),
    "customer_clocks_stop": Words("客户时限一并停", "the customer's clocks stop too"),
    "rule": Words("规则编号", "rule"),
    "person": Words("员工", "person"),
    "calendar": Words("日历", "calendar"),
    "policy": Words("政策", "policy"),
    "policy_version": Words("政策版本", "policy version"),
    "edition": Words("规则版次", "edition"),
    "customer_order_number": Words("客户订单号", "customer's order number"),
    "added_lines": Words("增加的行", "lines added"),
    "dropped_lines": Words("去掉的行(行号)", "lines dropped (numbers)"),
    "total": Words("总额", "total"),
    "happened_at": Words("发生时间", "happened at"),
}

"""Fields of orders, facts and decisions. What stands in the journal is made of these words: they are only added to."""


def has_words(field: str) -> bool:
    """Whether people have a name for this field."""
    return field in _FIELDS


WANTED_OF_A_LINE = ("specification", "unit_price")
"""Fields of a line that an order may lack and that are then asked for (R12)."""


def field_words(place: str) -> Words:
    """`lines.2.unit_price` as people say it; what has no name of its own stays as it is written."""
    *before, field = place.split(".")
    words = _FIELDS.get(field, Words(field, field))
    if before and before[0] == "lines" and before[-1].isdigit():
        return Words(f"第{before[-1]}行{words.zh}", f"line {before[-1]}: {words.en}")
    return words
