"""Orders of the shop: to be paid, paid, taken on, refunded."""

from __future__ import annotations

PAYABLE = (
    "payable",
    "订单已审核，请在 {until} 前支付 ¥{amount}，逾期自动取消",
    "your order is reviewed; please pay CNY {amount} until {until}, then it is cancelled by itself",
)
ORDER_PAID = (
    "order_paid",
    "已收到货款 ¥{amount}，等待商家接单",
    "CNY {amount} are paid; the merchant looks at your order",
)
PAYMENT_LAPSED = (
    "payment_lapsed",
    "{until} 前未付款，订单已取消",
    "it was not paid until {until} and is cancelled",
)
ORDER_REOPENED = (
    "order_reopened",
    "迟到的货款已到，订单恢复",
    "late money came, and the order goes on",
)
OTHER_AMOUNT = (
    "other_amount",
    "在线收款 {reference} ¥{amount}，当时应付 ¥{due}",
    "online payment {reference} of CNY {amount}, CNY {due} were due",
)
REFUND_ASKED = (
    "refund_asked",
    "原路退款 ¥{amount} 已提交：{reason}",
    "a refund of CNY {amount} is on its way back: {reason}",
)
REFUNDED = (
    "refunded",
    "已退款 ¥{amount}：{reason}",
    "CNY {amount} were refunded: {reason}",
)
REFUND_FAILED = (
    "refund_failed",
    "退款 ¥{amount} 失败：{reason}，请财务处理",
    "a refund of CNY {amount} failed: {reason}; finance decides",
)
MERCHANT_ACCEPTED = (
    "merchant_accepted",
    "商家已接单，{until} 前发货",
    "the merchant accepted your order; it leaves until {until}",
)
DELAY_TOLD = (
    "delay_told",
    "{what}可能晚于 {due}：{reason}",
    "{what} may be later than {due}: {reason}",
)
SHOP_ORDERED = "shop_ordered", "网店下单成功：{numbers}", "ordered in the shop: {numbers}"
