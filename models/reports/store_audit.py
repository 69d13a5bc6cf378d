"""What an audit of the stores found: where order database, journal and workflows of orders, quotes, cases and contracts differ,
or the books that they share, and what became of it (R47)."""

from __future__ import annotations

from enum import IntEnum

from pydantic import BaseModel

from models.values.vocabulary import Term, Words


class Difference(Term):
    """In what the stores differ. Its value is stored and never changes."""

    NO_ROW = "no_row", "订单库没有此单", "the order database has no such order or case"
    NO_REQUEST = "no_request", "订单库没有其下单请求", "the order database lacks its request"
    NOT_BEGUN = "not_begun", "已编号，流程未开始", "numbered, and its workflow never began"
    LOST = "lost", "未终结，流程却不在运行", "it has not ended, and its workflow does not run"
    OTHERS = "others", "服务器上此号是另一单", "on the server the number is another one's"
    BEHIND = "behind", "订单库落后于流程", "the order database is behind the workflow"
    BEYOND = "beyond", "订单库比流程多", "the order database has more than the workflow"
    UNKNOWN_FACT = "unknown_fact", "流程不知道此事实", "the workflow does not know this fact"
    JOURNAL_GAP = "journal_gap", "日志缺条目", "entries are missing from the journal"
    JOURNAL_CHANGED = "journal_changed", "日志条目被改动", "an entry of the journal was changed"
    ROW_MISSING = "row_missing", "订单库缺一行", "a row is missing from the order database"
    ROW_CHANGED = "row_changed", "订单库一行被改动", "a row of the order database was changed"
    ROW_TOO_MANY = "row_too_many", "订单库多一行", "the order database has a row too many"
    NO_CLAIM = "no_claim", "凭证登记缺失", "the register of receipts lacks a claim"
    NO_HALF = "no_half", "转入款没有通知到订单", "an order was not told of money that it got"
    STOCK_KEPT = "stock_kept", "订单已终结仍占库存", "it has ended and still has stock reserved"
    STOCK_FIGURE = "stock_figure", "库存数与流水、预留不符", "a figure of stock is not what its rows come to"
    SHOP_ASKED = (
        "shop_asked",
        "网店待付款单合计不符",
        "an intent of the shop does not ask what its parts come to",
    )
    SHOP_MONEY = (
        "shop_money",
        "网店收款与入账、退回不符",
        "money of the shop is not what orders got of it and what went back",
    )
    SHOP_LEDGER = (
        "shop_ledger",
        "支付方收款与订单账不符",
        "a payment at a provider is not what the order has of it",
    )
    UNANSWERED = "unanswered", "流程没有答复，无法核对", "the workflow does not answer and cannot be compared"


class AuditOutcome(Term):
    """What became of a difference."""

    FOUND = "found", "已发现", "found"
    HEALED = "healed", "已修复", "healed"
    LEFT = "left", "待人处理", "left for a person"


class AuditExit(IntEnum):
    """What the command exits with."""

    CLEAN = 0
    HEALED = 12
    LEFT = 13


class Finding(BaseModel):
    """One difference: which order, where, and which store says what; texts are empty where a store says nothing."""

    order: str
    """The number of an order or another case; of a figure of stock its product, of money of the shop its intent."""
    difference: Difference
    where: str = ""
    """A row (`payments|TX-7`), a fact (`bank/TX-7`), entries (`11–30`)."""
    database: str = ""
    workflow: str = ""
    outcome: AuditOutcome = AuditOutcome.FOUND

    @property
    def identity(self) -> tuple[str, Difference, str]:
        """The same difference, when it is looked at again."""
        return self.order, self.difference, self.where

    @property
    def words(self) -> Words:
        """The difference as people read it."""
        where = f" {self.where}" if self.where else ""
        zh = f"{self.difference.zh}{where}（订单库：{self.database or '-'}；流程：{self.workflow or '-'}）"
        en = f"{self.difference.en}{where} (database: {self.database or '-'}; workflow: {self.workflow or '-'})"
        return Words(zh, en)


class AuditPage(BaseModel):
    """Which orders to look at: a page after this number. `repair`: heal what can be healed.

    `moved_only`: pass over what stands as it did when it was last found right, as the nightly run does.
    """

    after: str = ""
    repair: bool = True
    moved_only: bool = False


class Audited(BaseModel):
    """What was looked at, and what was found."""

    orders: int = 0
    """All that were looked at, those with the rest that were passed over."""
    running: int = 0
    unmoved: int = 0
    """Those that stand as they did when they were last found right, and so were not compared anew."""
    findings: list[Finding] = []
    after: str = ""
    """The number after which the next page begins; empty at the end."""

    def with_page(self, page: Audited) -> Audited:
        """Both together."""
        return Audited(
            orders=self.orders + page.orders,
            running=self.running + page.running,
            unmoved=self.unmoved + page.unmoved,
            findings=[*self.findings, *page.findings],
            after=page.after,
        )

    def counted(self, outcome: AuditOutcome) -> int:
        """How many differences came to this."""
        return sum(each.outcome is outcome for each in self.findings)

    @property
    def exit(self) -> AuditExit:
        """Clean, all healed, or something left."""
        if not self.findings:
            return AuditExit.CLEAN
        healed = self.counted(AuditOutcome.HEALED) == len(self.findings)
        return AuditExit.HEALED if healed else AuditExit.LEFT
