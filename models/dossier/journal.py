"""The journal: everything that happened to an order, numbered without gaps and chained by hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.values.fingerprint import digest_of
from models.values.vocabulary import Language, Role, Term

FIRST_LINK = "0" * 64
_WORDING = {lang.value for lang in Language}
"""How an entry is worded is shown and not hashed: a better word changes no open order's chain."""


class EntryKind(Term):
    """What kind of thing a journal entry tells of; its value is stored and never changes."""

    PLACED = "placed", "订单受理", "order taken in"
    FACT = "fact", "事实", "fact"
    EARLY = "early", "提前到达的事实", "fact kept until it can be used"
    REFUSED = "refused", "未采纳", "refused"
    DECIDED = "decided", "决定", "decision"
    ASKED = "asked", "请求决定", "decision asked for"
    VOIDED = "voided", "决定失效", "decision void"
    PHASE = "phase", "进入阶段", "phase entered"
    WAITING = "waiting", "等待", "step opened"
    DONE = "done", "完成", "step closed"
    OVERDUE = "overdue", "超期", "overdue"
    ESCALATED = "escalated", "上报", "superior told"
    RELEASED = "released", "放行", "goods released"
    PROMISE = "promise", "预交日变动", "promise moved"
    INTENTION = "intention", "待办文书", "paper or notice due"
    EXCEPTION = "exception", "异常", "exception"
    LIABILITY = "liability", "责任", "liability"
    HANGING = "hanging", "悬单", "hanging"
    DEAD = "dead", "死单", "dead order"
    HELD = "held", "暂停", "held"
    ENDED = "ended", "终结", "ended"
    REFRESHED = "refreshed", "客户档案更新", "customer file refreshed"
    REPAIRED = "repaired", "存储分歧", "stores diverged"
    BROUGHT_BACK = "brought_back", "订单恢复", "order brought back"
    REASSIGNED = "reassigned", "改派", "reassigned"
    COMPLETED = "completed", "完成", "completed"
    EXPIRED = "expired", "过期", "expired"
    BOOK_ASKED = "book_asked", "查询公用账", "asked of a shared book"
    CREDIT_NOTE = "credit_note", "贷项通知单", "credit note"
    INVOICED = "invoiced", "发票", "invoice"
    REFUNDED = "refunded", "已退款", "refunded"


class JournalEntry(BaseModel):
    """One entry. `happened_at` is the real time, `recorded_at` the workflow's time when it was written; both UTC."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    kind: EntryKind
    subject: str
    happened_at: datetime
    recorded_at: datetime
    by: str = ""
    role: Role = Role.SYSTEM
    rule: str = ""
    data: dict[str, Any] = {}
    previous: str
    hash: str

    @staticmethod
    def linked(
        sequence: int,
        previous: str,
        kind: EntryKind,
        subject: str,
        happened_at: datetime,
        recorded_at: datetime,
        by: str,
        role: Role,
        rule: str,
        data: dict[str, Any],
    ) -> JournalEntry:
        """An entry whose hash covers its content and the entry before it."""
        link = digest_of(
            [
                sequence,
                previous,
                kind.value,
                subject,
                happened_at.isoformat(),
                recorded_at.isoformat(),
                by,
                role.value,
                rule,
                {name: value for name, value in data.items() if name not in _WORDING},
            ]
        )
        return JournalEntry(
            sequence=sequence,
            kind=kind,
            subject=subject,
            happened_at=happened_at,
            recorded_at=recorded_at,
            by=by,
            role=role,
            rule=rule,
            data=data,
            previous=previous,
            hash=link,
        )
