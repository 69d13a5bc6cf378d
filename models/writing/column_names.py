"""What the columns of a table are called: the field's name, its Chinese or English label, or what the desk says for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.words import Words
from models.writing.signs import shown


class TableKind(StrEnum):
    """What the rows of a table are."""

    ORDERS = "orders"
    CUSTOMERS = "customers"
    PRICES = "prices"
    STAFF = "staff"
    CALENDAR = "calendar"
    LINES = "lines"
    PRODUCTS = "products"
    OWN_PRICES = "own_prices"


_ORDERS = {
    "request_id": "来单号 来单编号 申请号",
    "channel": "渠道 来单渠道 下单方式",
    "fulfilment": "订单类型",
    "customer": "客户 客户号 客户代码 客户编码",
    "customer_order_number": "客户单号 客户方订单号 采购单号 客户PO号",
    "contact": "联系人姓名",
    "phone": "联系电话 电话号码 手机 手机号",
    "fax": "传真号 传真号码",
    "address": "地址 送货地址 交货地址",
    "consignee": "收件人",
    "payment_terms": "付款条件 付款条款 结算方式",
    "deposit_percent": "定金 定金比例",
    "packing": "包装要求 包装方式",
    "label": "标签要求",
    "special_requirements": "特殊说明",
    "wanted_date": "交货日期 交期 需求日期",
    "delivery_method": "送货方式 发货方式 运输方式",
    "freight_terms": "运费 运费承担",
    "checkpoints": "关键点 监督点",
    "partial_delivery": "分批 可分批 允许分批交货",
    "sample": "样品单 样品编号",
    "words": "客户备忘录 客户信息备忘录 客户原话 备注",
    "unclear": "不清楚",
    "read_back": "已复述 复述",
    "in_writing": "书面",
    "entered_by": "录入 录入员",
    "entered_role": "录入角色",
    "line": "行号 序号",
    "product": "产品 产品号 产品代码 货号 品号",
    "specification": "产品规格 规格型号",
    "quantity": "订购数量 订货数量",
    "unit": "计量单位",
    "unit_price": "价格 含税单价 含税价",
    "tolerance_percent": "允许误差 误差 公差",
}
_CUSTOMERS = {
    "customer": "客户号 客户代码 客户编码 编号",
    "name": "名称 客户名 公司名称 单位名称",
    "customer_class": "等级 类别 客户类别",
    "designated_signers": "签字人",
    "verified_by": "核实人",
    "salesperson": "业务员 业务员编号 销售员",
    "service_clerk": "客服员 客服员编号",
    "merchandiser": "跟单员 跟单员编号",
    "region": "区域 地区 地域",
    "email": "邮箱 邮件 电子邮箱 电子邮件",
    "fax": "传真号 传真号码",
    "credit": "信用 信用状况 信用评估",
    "credit_limit": "信用额度 授信额度 额度",
}
_PRICES = {
    "product": "产品号 产品代码 货号 品号 编号",
    "name": "产品名称 品名 名称",
    "specification": "产品规格 规格型号",
    "unit": "计量单位",
    "unit_price": "价格 含税单价 含税价",
    "tolerance_percent": "允许误差 误差 公差",
    "valid_from": "生效日期 生效日 起始日期 开始日期",
    "valid_until": "失效日期 截止日期 结束日期 到期日",
    "product_type": "产品类型 产品类别",
}
_STAFF = {
    "person": "工号 员工编号 人员编号 编号",
    "name": "姓名 名称",
    "roles": "角色 岗位 职务",
    "superior": "上级 上级工号 主管",
    "deputy": "代理人 代班人",
    "email": "邮箱 邮件 电子邮箱 电子邮件",
    "product_types": "产品类型 负责产品类型",
    "regions": "区域 负责区域 地区",
    "trades": "工种 机台工种",
}
_CALENDAR = {"day": "日期", "working": "上班 工作日 是否上班", "name": "名称 节日 说明"}
_LINES = {
    "line": "机台 机台号 机台编号 编号",
    "name": "机台名称 名称",
    "products": "产品 能做的产品 产品编号",
    "rate": "速度 每小时产量 产能",
    "unit": "计量单位",
    "set_up_hours": "调机时间 调机小时 调机",
    "monday": "周一 星期一",
    "tuesday": "周二 星期二",
    "wednesday": "周三 星期三",
    "thursday": "周四 星期四",
    "friday": "周五 星期五",
    "saturday": "周六 星期六",
    "sunday": "周日 星期日 星期天",
    "crew": "人手 开机人手 定员",
}
_PRODUCTS = {
    "product": "产品 产品号 产品代码 货号 品号 编号",
    "name_en": "英文品名 英文名称",
    "categories": "类目 分类 类别",
    "description_zh": "中文说明 说明 描述 详情",
    "description_en": "英文说明 英文描述",
    "weight": "重量 单位重量 单重",
    "sold_as": "销售方式 供货方式",
    "days": "订制天数 生产天数 工作日",
    "breaks": "阶梯价 数量价",
    "most": "限购 每行最多 最多",
    "samples": "样品 可订样品",
    "shown": "上架 是否上架",
}
_OWN_PRICES = {
    "customer": "客户 客户号 客户代码 客户编码",
    "product": "产品 产品号 产品代码 货号 品号",
    "unit_price": "专价 客户专价 价格 含税单价 含税价",
}
_SPOKEN: Mapping[TableKind, Mapping[str, str]] = {
    TableKind.ORDERS: _ORDERS,
    TableKind.CUSTOMERS: _CUSTOMERS,
    TableKind.PRICES: _PRICES,
    TableKind.STAFF: _STAFF,
    TableKind.CALENDAR: _CALENDAR,
    TableKind.LINES: _LINES,
    TableKind.PRODUCTS: _PRODUCTS,
    TableKind.OWN_PRICES: _OWN_PRICES,
}
"""By table: the field, and what people write at the head of its column beside its own words."""
_OF_CUSTOMERS_ALONE = "name"
"""A field whose own words are right for one table and wrong for the others."""
_AMBIGUOUS: Mapping[TableKind, Mapping[str, str]] = {
    TableKind.ORDERS: {"日期": "wanted_date request_id", "单号": "request_id customer_order_number"},
    TableKind.CUSTOMERS: {"客户": "customer name"},
    TableKind.PRICES: {"产品": "product name", "日期": "valid_from valid_until"},
    TableKind.STAFF: {"人员": "person name", "员工": "person name"},
}
"""Heads that could be two columns: nobody guesses."""
_MARKS = re.compile(r"[*＊:：]|[(（【\[].*?[)）】\]]")
_EITHER = Words("列名“{head}”可以是 {fields}；请写清楚", "the column “{head}” may be {fields}: say which")


def _folded(head: str) -> str:
    plain = unicodedata.normalize("NFKC", head).casefold()
    return "".join(_MARKS.sub("", plain).split()).replace("_", "")


@cache
def _fields_of(table: TableKind) -> dict[str, str]:
    """Folded head → field."""
    found: dict[str, str] = {}
    for name, spoken in _SPOKEN[table].items():
        own = field_words(name)
        labels = (own.zh, own.en) if name != _OF_CUSTOMERS_ALONE or table is TableKind.CUSTOMERS else ()
        for head in (name, *labels, *spoken.split()):
            found.setdefault(_folded(head), name)
    return found


def column_of(head: str, table: TableKind) -> str | None:
    """The field that a column is of; None for a head that nobody knows.

    Raises Refusal(malformed) for a head that could be two columns.
    """
    spoken = _SPOKEN[table]
    if head in spoken:
        return head
    folded = _folded(head)
    either = _AMBIGUOUS.get(table, {}).get(folded)
    if either is not None:
        fields = Words.listed(
            Words(f"{field_words(name).zh}（{name}）", f"{field_words(name).en} ({name})")
            for name in either.split()
        )
        raise Refusal(
            Code.MALFORMED, _EITHER.filled(head=shown(head, 40), fields=fields), where=shown(head, 40)
        )
    return _fields_of(table).get(folded)


def field_named(head: str, table: TableKind) -> str:
    """The field that a column is of; a head that nobody knows stays as it is, for the reader to refuse.

    Raises Refusal(malformed) for a head that could be two columns.
    """
    found = column_of(head, table)
    return head if found is None else found
