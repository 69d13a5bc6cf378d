"""The closed sets of after-sales cases (R142 to R144)."""

from __future__ import annotations

from models.values.vocabulary import Term


class CaseType(Term):
    """What the customer asks for."""

    RETURN = "return", "退货", "return"
    EXCHANGE = "exchange", "换货", "exchange"
    REPAIR = "repair", "维修", "repair"
    COMPLAINT = "complaint", "投诉", "complaint"


GOODS_COME_BACK = frozenset({CaseType.RETURN, CaseType.EXCHANGE, CaseType.REPAIR})
"""Of these the goods travel back, and the quantity is the case's alone for as long as it runs (R142)."""


class Cause(Term):
    """Why, as the customer says; the statistics count by it."""

    UNWANTED = "unwanted", "无理由", "no reason"
    DEFECT = "defect", "质量问题", "defect"
    DAMAGED = "damaged", "货物破损", "damaged"
    SHORT = "short", "数量短缺", "short"
    WRONG_GOODS = "wrong_goods", "发错货", "wrong goods"
    LOST = "lost", "货物丢失", "lost"
    LATE = "late", "交货延误", "late"
    SERVICE = "service", "服务不满意", "service"
    LOW_RATING = "low_rating", "评价偏低", "low rating"


OF_GOODS = frozenset({Cause.DEFECT, Cause.DAMAGED, Cause.SHORT, Cause.WRONG_GOODS, Cause.LOST})
"""What is wrong with the goods themselves: it is told within 30 days, or the supervisor admits it (R142)."""


class Remedy(Term):
    """What the customer gets."""

    REFUND = "refund", "退款", "refund"
    CREDIT = "credit", "抵扣货款", "credit against the bill"
    RESHIP = "reship", "补发或换货", "re-shipment"
    REPAIR = "repair", "维修", "repair"
    ANSWER = "answer", "答复", "answer"


OF_MONEY = frozenset({Remedy.REFUND, Remedy.CREDIT})
"""Remedies whose amount is worked out and settled by finance."""


class CaseStage(Term):
    """Where a case stands, as people read it (R143)."""

    OPENED = "opened", "待受理", "opened"
    ACKNOWLEDGED = "acknowledged", "待核查", "acknowledged"
    ASSESSED = "assessed", "待决定", "assessed"
    GOODS_AWAITED = "goods_awaited", "待寄回", "goods awaited"
    GOODS_SENT = "goods_sent", "退货途中", "goods sent"
    GOODS_RECEIVED = "goods_received", "待检验", "goods received"
    TO_REMEDY = "to_remedy", "待处理", "to be remedied"
    REMEDIED = "remedied", "待客户确认", "remedied"
    OBJECTED = "objected", "客户有异议", "objected"
    CLOSED = "closed", "已结案", "closed"


class CaseEnding(Term):
    """How a case ends."""

    AGREED = "agreed", "客户认可", "agreed"
    SILENT = "silent", "逾期未答，视为认可", "agreed by silence"
    FINAL = "final", "复核后结案", "closed after review"
    NOT_SENT = "not_sent", "货物未寄回", "goods not sent"
    WITHDRAWN = "withdrawn", "客户撤回", "withdrawn"
