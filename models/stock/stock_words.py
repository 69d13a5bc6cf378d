"""The words of the stock book: what moves goods, how a reservation stands, what an order asks for."""

from __future__ import annotations

from models.values.vocabulary import Term


class StockMove(Term):
    """Why the quantity of an item became another; a movement is never changed or deleted (R110)."""

    OPENING = "opening", "期初", "opening stock"
    PURCHASE = "purchase", "采购入库", "received from purchasing"
    PRODUCTION = "production", "生产入库", "received from production"
    SHIPPED = "shipped", "发货出库", "shipped"
    RETURNED = "returned", "退货入待检", "came back, to be inspected"
    PASSED = "passed", "检验合格入库", "inspected, back to stock"
    REWORK = "rework", "检验转返工", "inspected, goes to rework"
    SCRAPPED = "scrapped", "检验报废", "inspected, scrapped"
    COUNT = "count", "盘点", "counted"
    CORRECTION = "correction", "更正", "corrected"
    MISSING = "missing", "拣货短缺", "missing when it was picked"
    OFFERED = "offered", "预售上架", "offered for pre-sale"
    CAME_SHORT = "came_short", "预售到货不足", "fewer came for a pre-sale than were offered"
    LEFT_OVER = "left_over", "预售结余", "left over from a pre-sale"
    PUT_FIRST = "put_first", "插队", "an order was put first"
    """Moves nothing: it says who put which order before others that wait, and why (R112)."""


class BatchPayment(Term):
    """What is paid of a pre-sale order before its goods are there (R114)."""

    DEPOSIT = "deposit", "付定金", "a deposit"
    WHOLE = "whole", "付全款", "the whole"


class ReservationState(Term):
    """How what an order has reserved of an item stands (R111)."""

    HELD = "held", "暂留", "held"
    FIRM = "firm", "已锁定", "firm"
    WAITING = "waiting", "等货", "waits for stock"
    EXPIRED = "expired", "暂留到期", "expired"
    RELEASED = "released", "已释放", "given back"

    @property
    def counts(self) -> bool:
        """Whether its pieces are taken out of what is available."""
        return self in (ReservationState.HELD, ReservationState.FIRM, ReservationState.WAITING)


class StockAct(Term):
    """What an order asks of the stock book."""

    RESERVE = "reserve", "预留", "reserve all or nothing"
    WAIT = "wait", "留现货并等其余", "reserve what is there and wait for the rest"
    TAKE = "take", "只要现货", "reserve what is there and no more"
    FIRM = "firm", "锁定", "make it firm"
    EXPIRE = "expire", "到期", "let it expire"
    RELEASE = "release", "释放", "give it back"
    SHIP = "ship", "出库", "goods left"
    MISSING = "missing", "拣货短缺", "goods were missing"
    RETURNED = "returned", "退货", "goods came back"
    INSPECTED = "inspected", "退货检验", "what came back was inspected"


class StockState(Term):
    """How an order stands with the stock book."""

    NONE = "none", "未预留", "nothing reserved"
    HELD = "held", "暂留", "held"
    FIRM = "firm", "已锁定", "firm"
    SHORT = "short", "缺货", "short"
    LOST = "lost", "暂留已失效", "no longer held"
    RELEASED = "released", "已释放", "given back"
