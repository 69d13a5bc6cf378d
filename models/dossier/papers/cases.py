"""After-sales cases, and the survey that follows an order."""

from __future__ import annotations

CASE_OPENED = (
    "case_opened",
    "订单 {order} 的售后单 {number} 已收到（{type}：{cause}），{hours} 小时内受理",
    "case {number} about order {order} was opened ({type}: {cause}); it is taken up within {hours} hours",
)
CASE_ACKNOWLEDGED = (
    "case_acknowledged",
    "售后单 {number} 已受理，{until} 前给您处理决定",
    "case {number} is taken up; you hear what was decided by {until}",
)
CASE_GRANTED = (
    "case_granted",
    "售后单 {number} 已同意：{remedy}",
    "case {number} is granted: {remedy}",
)
CASE_GRANTED_GOODS = (
    "case_granted_goods",
    "售后单 {number} 已同意：{remedy}。请在 {until} 前寄回货物并填写运单号",
    "case {number} is granted: {remedy}. Please send the goods back by {until} and tell us the tracking number",
)
CASE_REFUSED = (
    "case_refused",
    "售后单 {number} 未予同意：{reason}",
    "case {number} is not granted: {reason}",
)
CASE_GOODS_REMINDER = (
    "case_goods_reminder",
    "售后单 {number}：请在 {until} 前寄回货物，逾期将结案",
    "case {number}: please send the goods back by {until}, or it will be closed",
)
CASE_UNSENT = (
    "case_unsent",
    "售后单 {number}：货物未寄回，已结案",
    "case {number} is closed: the goods were not sent back",
)
CASE_INSPECTED = (
    "case_inspected",
    "售后单 {number}：退回货物检验合格 {passed}，不合格 {failed}",
    "case {number}: of the goods that came back {passed} passed and {failed} did not",
)
REFUND_DUE = (
    "refund_due",
    "售后单 {number}：应退 ¥{payable}（退货价值 ¥{value}）",
    "case {number}: CNY {payable} to be paid back (the goods were worth CNY {value})",
)
EXCHANGE_DIFFERENCE = (
    "exchange_difference",
    "售后单 {number} 换货订单 {replacement}：差价 ¥{difference}（负数为应退）",
    "case {number}, replacement {replacement}: a difference of CNY {difference} (below zero: to be refunded)",
)
CASE_REMEDIED = (
    "case_remedied",
    "售后单 {number} 已处理：{remedy}。如有异议请在 {until} 前提出，逾期视为认可",
    "case {number} is remedied: {remedy}. If you object, say so by {until}; silence agrees",
)
CASE_OBJECTED = (
    "case_objected",
    "客户对售后单 {number} 的处理有异议：{words}",
    "the customer objects to the remedy of case {number}: {words}",
)
CASE_CLOSED = (
    "case_closed",
    "售后单 {number} 已结案：{ending}",
    "case {number} is closed: {ending}",
)
SURVEY = (
    "survey",
    "订单 {order} 已完成，请为货物和服务评分（1 至 5 分，{until} 前可修改）",
    "order {order} is complete: please rate the goods and the service from 1 to 5; you may change it until {until}",
)
