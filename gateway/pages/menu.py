"""What stands in the head of every page of the staff: where one can go, and who is shown the way (R85)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.access import Caller
from models.company.keepers import ARCHIVE_READERS, INVOICE_READERS, SCHEDULE_READERS
from models.figures.figure_names import LEADS
from models.values.errors import Refusal
from models.values.vocabulary import Role, Words


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A way to a page. A page that may not be seen refuses by itself; the entry only spares people the way."""

    name: str
    """What the page gives as `active` when it is the one that is looked at."""
    path: str
    words: Words
    shown_to: Callable[[Caller], bool]


def anybody(caller: Caller) -> bool:
    """Every log-in is shown the way."""
    return True


def in_roles(*roles: Role) -> Callable[[Caller], bool]:
    """Who has one of these roles is shown the way."""
    return lambda caller: any(role in caller.roles for role in roles)


def may_place(caller: Caller) -> bool:
    """Who may place orders is shown the way."""
    try:
        caller.require_placing()
    except Refusal:
        return False
    return True


_OF_PROMISES = (
    Role.SALESPERSON, Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT, Role.SERVICE_SUPERVISOR, Role.MERCHANDISER,
    Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR, Role.PRODUCTION, Role.MATERIAL_CONTROLLER,
)  # fmt: skip
"""Who promises days to customers, or is held to them."""
ON_THE_FLOOR = (
    Role.PRODUCTION, Role.QUALITY, Role.WAREHOUSE, Role.SHIPPER, Role.MATERIAL_CONTROLLER, Role.LOGISTICS,
)  # fmt: skip
"""Who works with a phone in the hand."""

_OF_QUOTES = (
    Role.SALESPERSON, Role.SERVICE_CLERK, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR,
)  # fmt: skip
"""Who makes quotes, and approves them."""
_OF_CONTRACTS = (
    Role.LEGAL, Role.SALESPERSON, Role.FINANCE, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR,
)  # fmt: skip
"""Who drafts contracts, approves and signs them."""
_OF_CASES = (
    Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT, Role.SERVICE_SUPERVISOR, Role.SALESPERSON, Role.MARKETING_DIRECTOR,
    Role.FINANCE, Role.QUALITY, Role.WAREHOUSE,
)  # fmt: skip
"""Who works on after-sales cases."""
_OF_STOCK = (
    Role.WAREHOUSE, Role.PURCHASING, Role.MATERIAL_CONTROLLER, Role.QUALITY, Role.SALESPERSON, Role.SERVICE_CLERK,
    Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR,
)  # fmt: skip
"""Who keeps stock, or promises it."""

MENU = (
    MenuEntry("inbox", "/", Words("我的待办", "my inbox"), anybody),
    MenuEntry("orders", "/orders?open=yes", Words("订单", "orders"), anybody),
    MenuEntry("board", "/board", Words("看板", "board"), anybody),
    MenuEntry("calendar", "/calendar", Words("交期日历", "calendar"), in_roles(*_OF_PROMISES)),
    MenuEntry("schedule", "/schedule", Words("排产表", "plan of the lines"), in_roles(*SCHEDULE_READERS)),
    MenuEntry("floor", "/floor", Words("现场", "on the floor"), in_roles(*ON_THE_FLOOR)),
    MenuEntry(
        "production-report",
        "/production-report",
        Words("生产日报", "production report"),
        in_roles(Role.PRODUCTION),
    ),
    MenuEntry("new", "/orders/new", Words("新订单", "new order"), may_place),
    MenuEntry("quotes", "/quotes", Words("报价", "quotes"), in_roles(*_OF_QUOTES)),
    MenuEntry("contracts", "/contracts", Words("合同", "contracts"), in_roles(*_OF_CONTRACTS)),
    MenuEntry("cases", "/cases", Words("售后", "cases"), in_roles(*_OF_CASES)),
    MenuEntry("figures", "/figures", Words("经营看板", "figures"), in_roles(*LEADS)),
    MenuEntry("stock", "/stock", Words("库存", "stock"), in_roles(*_OF_STOCK)),
    MenuEntry("presale", "/presale", Words("预售", "pre-sale"), in_roles(*_OF_STOCK)),
    MenuEntry("money", "/money", Words("收款", "money"), in_roles(Role.FINANCE)),
    MenuEntry("shop-payments", "/shop/payments", Words("网店支付", "shop payments"), in_roles(Role.FINANCE)),
    MenuEntry("invoices", "/invoices", Words("发票", "invoices"), in_roles(*INVOICE_READERS)),
    MenuEntry("archive", "/archive", Words("归档", "archive"), in_roles(*ARCHIVE_READERS)),
    MenuEntry("company", "/company", Words("公司资料", "company"), anybody),
    MenuEntry("people", "/people", Words("人员登录", "log-ins"), in_roles(Role.ADMINISTRATOR)),
)


def menu_of(caller: Caller) -> tuple[MenuEntry, ...]:
    """The ways that are shown to who is logged in, in order."""
    return tuple(entry for entry in MENU if entry.shown_to(caller))
