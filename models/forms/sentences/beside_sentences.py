"""Sentences of the facts that quotes, after-sales cases and contracts take: what is told of each, and nothing that only programs read."""

from __future__ import annotations

from models.values.vocabulary import Words

_VERSION = Words("第{version}版", "version {version}")
_WORDS = Words("“{words}”", "“{words}”")
_REASON = Words("原因：{reason}", "because: {reason}")
_SIGNED_BY = Words("签字人 {signed_by}", "signed by {signed_by}")
_PAPER = Words("单据 {document}", "paper {document}")

BESIDE_ORDERS: dict[str, tuple[Words, ...]] = {
    "enquiry_changed": (Words("更改了询价", "changed the enquiry"), _REASON),
    "cost_sheet_made": (Words("编制了成本表", "made the cost sheet"),),
    "competition_noted": (
        Words("{competitor} 对第{line}行报 {unit_price}", "{competitor} asks {unit_price} for line {line}"),
        Words("数量 {quantity}", "for {quantity}"),
        Words("听自 {heard_from}", "heard from {heard_from}"),
        _WORDS,
    ),
    "offer_made": (Words("编制了报价", "made an offer"), _WORDS),
    "offer_sent": (Words("发出了报价", "sent the offer"), _VERSION),
    "counter_offered": (Words("客户还价", "the customer made a counter-offer"), _VERSION, _WORDS),
    "offer_accepted": (
        Words("客户接受了报价", "the customer accepted the offer"),
        _VERSION,
        _SIGNED_BY,
        _PAPER,
    ),
    "offer_refused": (Words("客户谢绝了报价", "the customer declined the offer"), _VERSION, _REASON),
    "withdrawn": (Words("撤回", "withdrawn"), _REASON),
    "order_made": (Words("已转为订单", "it became an order"), Words("{order}", "{order}")),
    "order_not_made": (Words("未能转为订单", "no order could be made"),),
    "order_wanted": (Words("请再转为订单", "asked to make the order once more"), _REASON),
    "case_acknowledged": (Words("受理了售后", "took the case up"),),
    "evidence_added": (Words("补充了证据", "added evidence"), _PAPER, _WORDS),
    "case_assessed": (Words("核查了证据", "looked into the evidence"), _WORDS),
    "goods_sent": (
        Words("货物已寄回", "the goods were sent back"),
        Words("{carrier}", "{carrier}"),
        Words("运单 {tracking_number}", "{tracking_number}"),
    ),
    "goods_received": (Words("收到退回货物 {quantity}", "{quantity} came back"),),
    "case_inspected": (
        Words("检验了退回货物：合格 {passed}", "inspected what came back: {passed} passed"),
        Words("不合格 {failed}", "{failed} failed"),
        _WORDS,
    ),
    "refund_counted": (
        Words("退货金额 {value}", "worth {value}"),
        Words("应退 {payable}", "{payable} to be paid back"),
    ),
    "remedy_done": (
        Words("处理完成", "the remedy is done"),
        Words("凭证 {reference}", "reference {reference}"),
        Words("{amount}", "{amount}"),
    ),
    "case_answered": (Words("客户答复", "the customer answered"), Words("{agrees}", "{agrees}"), _WORDS),
    "case_withdrawn": (Words("撤回了售后", "the case was withdrawn"), _REASON),
    "drafted": (Words("起草了合同", "drafted the contract"), _REASON),
    "signing_arranged": (
        Words("约定了签署", "arranged the signing"),
        _VERSION,
        Words("地点 {place}", "at {place}"),
        Words("{at}", "{at}"),
    ),
    "contract_signed": (Words("签署了合同", "signed the contract"), _VERSION, _SIGNED_BY, _PAPER),
    "contract_declined": (Words("客户未同意合同", "the customer declined the contract"), _VERSION, _REASON),
    "terminated": (Words("终止了合同", "terminated the contract"), _REASON, _PAPER),
    "order_told": (Words("订单已知悉合同状态", "the order heard how its contract stands"),),
}
"""Kind of fact -> the parts of its sentence; a field without a part stays with the fact."""
