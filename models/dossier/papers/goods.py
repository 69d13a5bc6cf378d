"""Goods: finished, released, on the road, collected or recalled, short."""

from __future__ import annotations

GUARANTEE = (
    "guarantee",
    "业务员 {guarantor} 担保发货，请总监知悉",
    "{guarantor} guarantees the shipment; for the director's information",
)
FINISHED = (
    "finished_notice",
    "成品已入库，请通知客户",
    "goods are in the warehouse; please tell the customer",
)
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
WARRANTY = "service_begins", "客户已签收，进入产品使用服务", "delivered; product-use service begins"
SHIPMENT_CHECK = (
    "shipment_check",
    "货物{shipment}跟踪：{day} {condition} {words}",
    "shipment {shipment} as checked: {day} {condition} {words}",
)
