"""What the fields of the company's records are called on pages, and how their values read in the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from models.company.record_changes import FieldChange, RecordKind, value_words
from models.credit.assessment import CreditStanding
from models.shop.catalogue import SoldAs
from models.values.vocabulary import (
    CustomerClass,
    DeliveryMethod,
    PaymentTerms,
    Role,
    Term,
    Unit,
    Words,
)
from models.writing.printed_figures import quantity

CUSTOMER = {
    "customer": Words("客户编号", "customer code"),
    "name": Words("名称", "name"),
    "customer_class": Words("客户等级", "class"),
    "contact": Words("联系人", "contact"),
    "phone": Words("电话", "phone"),
    "address": Words("地址", "address"),
    "email": Words("邮箱", "e-mail"),
    "fax": Words("传真", "fax"),
    "designated_signers": Words("指定签字人", "designated signers"),
    "signer_contacts": Words("签字人联系方式", "where signers are reached"),
    "salesperson": Words("业务员", "salesperson"),
    "service_clerk": Words("客服员", "service clerk"),
    "merchandiser": Words("跟单员", "merchandiser"),
    "region": Words("区域", "region"),
    "verified_by": Words("资料核实人", "data verified by"),
    "credit": Words("信用状况", "credit"),
    "credit_limit": Words("信用额度", "credit limit"),
    "contract": Words("销售合同", "sales contract"),
    "contract.reference": Words("合同号", "contract number"),
    "contract.payment_terms": Words("付款方式", "payment terms"),
    "contract.deposit_percent": Words("定金比例（%）", "deposit (%)"),
    "contract.account_days": Words("账期（天）", "days of credit"),
    "contract.delivery_methods": Words("交货方式", "delivery methods"),
    "contract.valid_from": Words("合同生效日", "contract valid from"),
    "contract.valid_until": Words("合同到期日", "contract valid until"),
}
PRICE = {
    "product": Words("产品编号", "product"),
    "name": Words("品名", "name"),
    "specification": Words("规格", "specification"),
    "unit": Words("单位", "unit"),
    "unit_price": Words("单价（含税）", "unit price, tax included"),
    "tolerance_percent": Words("允许误差（%）", "tolerance (%)"),
    "valid_from": Words("生效日", "valid from"),
    "valid_until": Words("截止日", "valid until"),
    "product_type": Words("产品类型", "product type"),
}
PERSON = {
    "person": Words("员工编号", "staff id"),
    "name": Words("姓名", "name"),
    "roles": Words("岗位", "roles"),
    "superior": Words("上级", "superior"),
    "deputy": Words("代理人", "deputy"),
    "email": Words("邮箱", "e-mail"),
    "product_types": Words("负责的产品类型", "product types"),
    "regions": Words("负责的区域", "regions"),
    "trades": Words("机台工种", "trades at machine lines"),
}
CALENDAR_DAY = {
    "day": Words("日期", "day"),
    "working": Words("上班", "working day"),
    "name": Words("名称", "name"),
}
MACHINE_LINE = {
    "line": Words("机台编号", "line"),
    "name": Words("名称", "name"),
    "products": Words("能做的产品", "products that it makes"),
    "rate": Words("每小时产量", "output an hour"),
    "unit": Words("单位", "unit"),
    "set_up_hours": Words("调机时间（小时）", "set-up (hours)"),
    "monday": Words("周一班次", "hours on Mondays"),
    "tuesday": Words("周二班次", "hours on Tuesdays"),
    "wednesday": Words("周三班次", "hours on Wednesdays"),
    "thursday": Words("周四班次", "hours on Thursdays"),
    "friday": Words("周五班次", "hours on Fridays"),
    "saturday": Words("周六班次", "hours on Saturdays"),
    "sunday": Words("周日班次", "hours on Sundays"),
    "crew": Words("开机人手", "people while it runs"),
}
PRODUCT = {
    "product": Words("产品编号", "product"),
    "name_en": Words("英文品名", "name in English"),
    "categories": Words("类目", "categories"),
    "description_zh": Words("中文说明", "description in Chinese"),
    "description_en": Words("英文说明", "description in English"),
    "weight": Words("单位重量（公斤）", "weight of one (kg)"),
    "sold_as": Words("销售方式", "sold"),
    "days": Words("订制所需工作日", "working days to make it"),
    "breaks": Words("阶梯价", "prices by quantity"),
    "most": Words("每行最多", "most in one line"),
    "samples": Words("可订样品", "samples may be ordered"),
    "shown": Words("上架", "shown in the shop"),
}
OWN_PRICE = {
    "customer": Words("客户编号", "customer"),
    "product": Words("产品编号", "product"),
    "unit_price": Words("客户专价（含税）", "own price, tax included"),
}
WORDS_OF: Mapping[RecordKind, Mapping[str, Words]] = {
    RecordKind.CUSTOMER: CUSTOMER,
    RecordKind.PRICE: PRICE,
    RecordKind.PERSON: PERSON,
    RecordKind.CALENDAR_DAY: CALENDAR_DAY,
    RecordKind.MACHINE_LINE: MACHINE_LINE,
    RecordKind.PRODUCT: PRODUCT,
    RecordKind.OWN_PRICE: OWN_PRICE,
}
_TERMS: Mapping[str, type[Term]] = {
    "customer_class": CustomerClass,
    "credit": CreditStanding,
    "roles": Role,
    "unit": Unit,
    "sold_as": SoldAs,
}
_OF_A_CONTRACT = (*PaymentTerms, *DeliveryMethod)
_PEOPLE = frozenset({"salesperson", "service_clerk", "merchandiser", "superior", "deputy", "verified_by"})
_QUANTITIES = frozenset({"rate", "set_up_hours", "weight", "most"})
_CONTRACT = {name.partition(".")[2]: words for name, words in CUSTOMER.items() if "." in name}


def field_name(kind: RecordKind, field: str) -> Words:
    """What a field is called."""
    return WORDS_OF[kind].get(field, Words(field, field))


def read_as(field: str, value: Any, name_of: Callable[[str], Words]) -> Words:
    """How a value reads: people by name, terms by their words."""
    if field in _PEOPLE and isinstance(value, str) and value:
        return name_of(value)
    if field == "contract":
        return value_words(value, _OF_A_CONTRACT, _CONTRACT)
    if field in _QUANTITIES and isinstance(value, str):
        text = quantity(Decimal(value))
        return Words(text, text)
    return value_words(value, _TERMS.get(field, ()))


def change_words(
    kind: RecordKind, change: FieldChange, name_of: Callable[[str], Words]
) -> tuple[Words, Words, Words]:
    """A change of a field: its name, before, after."""
    return (
        field_name(kind, change.field),
        read_as(change.field, change.before, name_of),
        read_as(change.field, change.after, name_of),
    )
