"""What the fields of orders and facts are called by those who fill them in (R11)."""

from __future__ import annotations

from models.words import Words

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
}


def field_words(place: str) -> Words:
    """`lines.2.unit_price` as people say it; what has no name of its own stays as it is written."""
    *before, field = place.split(".")
    words = _FIELDS.get(field, Words(field, field))
    if before and before[0] == "lines" and before[-1].isdigit():
        return Words(f"第{before[-1]}行{words.zh}", f"line {before[-1]}: {words.en}")
    return words
