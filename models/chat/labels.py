"""What people write before a colon in a message, and which field of an order it says."""

from __future__ import annotations

LABELS = {
    "客户": "customer", "客户名称": "customer", "公司": "customer", "公司名称": "customer", "单位": "customer", "单位名称": "customer",
    "收货人": "consignee", "收件人": "consignee", "收货": "consignee", "联系人": "contact", "订货人": "contact",
    "电话": "phone", "手机": "phone", "手机号": "phone", "联系电话": "phone", "联系方式": "phone",
    "收货电话": "phone", "传真": "fax",
    "地址": "address", "收货地址": "address", "送货地址": "address", "收件地址": "address",
    "交货地点": "address",
    "品名": "product", "产品": "product", "型号": "product", "货号": "product",
    "品号": "product", "产品名称": "product", "品种": "product",
    "规格": "specification", "尺寸": "specification", "规格型号": "specification",
    "数量": "quantity", "订货数量": "quantity", "单价": "unit_price", "价格": "unit_price",
    "交期": "wanted_date", "交货期": "wanted_date", "交货日期": "wanted_date", "要货日期": "wanted_date", "到货日期": "wanted_date",
    "发货日期": "wanted_date",
    "付款": "terms", "付款方式": "terms", "结算": "terms", "结算方式": "terms",
    "运费": "freight", "发货方式": "terms", "运输方式": "terms", "物流": "terms",
    "包装": "packing", "包装要求": "packing", "标签": "label", "唛头": "label",
    "备注": "special_requirements", "要求": "special_requirements", "特殊要求": "special_requirements", "注意": "special_requirements",
    "采购单号": "customer_order_number", "采购订单号": "customer_order_number",
    "订单号": "customer_order_number", "合同号": "customer_order_number",
}  # fmt: skip
