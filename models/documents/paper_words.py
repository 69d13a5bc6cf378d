"""What printed papers are called."""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.values.vocabulary import Words

_TITLES: dict[Paper, Words] = {
    Paper.RECEIPT: Words("客户信息备忘录", "customer memo"),
    Paper.SHEET: Words("客户订单确认书", "confirmation sheet"),
    Paper.INSTRUCTION: Words("生产指令单", "production instruction"),
    Paper.FINISHED: Words("包装标签", "package labels"),
    Paper.BALANCE: Words("余款催收通知书", "balance notice"),
    Paper.REMINDER: Words("余款催收函", "reminder of balances"),
    Paper.SHIPPING: Words("发货（申请）通知单", "shipping notice"),
    Paper.DELIVERY_NOTE: Words("销售发货单", "delivery note"),
    Paper.SHIPMENT: Words("发货告知书与到货回单", "shipment notice and delivery receipt"),
    Paper.PICKING_LIST: Words("拣货单", "picking list"),
    Paper.RECALL: Words("召回通知", "recall notice"),
    Paper.QUOTATION: Words("报价单", "quotation"),
    Paper.CREDIT_NOTE: Words("贷项通知单", "credit note"),
}


def title_of(paper: str) -> Words:
    """What the paper is called."""
    return next((words for each, words in _TITLES.items() if each.value == paper), Words(paper, paper))
