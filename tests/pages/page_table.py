"""Every page that people look at, one row each: who looks at it and where. Axe and the pictures go by this table.

A new page is a new row: `{made}` and the like stand for numbers of the orders in `tests.pages.stage`, `{link_to_sign}` for
a customer's link.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `person`: who is logged in; nobody where it is empty. `pictured`: whether docs/pictures/ shows it.

    `opens`: a summary that is opened before one looks.
    """

    name: str
    path: str
    person: str = ""
    pictured: bool = False
    opens: str = ""


PAGES = (
    Page("log-in", "/login"),
    Page("inbox", "/", "clerk-chen", pictured=True),
    Page("inbox-of-finance", "/", "finance-qian"),
    Page("inbox-form", "/", "factory-ma", opens="article summary"),
    Page("inbox-empty", "/", "legal-bai"),
    Page("board", "/board", "clerk-chen", pictured=True),
    Page("search", "/search?q=2027", "clerk-chen"),
    Page("new-order", "/orders/new", "clerk-chen", pictured=True),
    Page("upload", "/orders/upload", "clerk-chen"),
    Page("order", "/orders/{slipped}", "clerk-chen", pictured=True),
    Page("order-priced", "/orders/{priced}", "manager-wu"),
    Page("order-open-balance", "/orders/{open_balance}", "director-zhao"),
    Page("order-ended", "/orders/{settled}", "sales-li"),
    Page("act", "/orders/{made}/acts/hold_placed", "clerk-chen"),
    Page("amendment", "/orders/{made}/acts/amendment_requested", "sales-li"),
    Page("floor", "/floor", "store-fan"),
    Page("rule", "/rules/R53", "finance-qian"),
    Page("no-such-page", "/orders/20000101-0001", "clerk-chen"),
    Page("account", "/account", "clerk-chen"),
    Page("password", "/account/password", "clerk-chen"),
    Page("customer-signs", "{link_to_sign}", pictured=True),
    Page("customer-receives", "{link_arrived}"),
)
