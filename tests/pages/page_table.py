"""Every page that people look at, one row each: who looks at it and where. Axe and the pictures go by this table.

A new page is a new row: `{made}` and the like stand for numbers of the orders in `tests.pages.stage`, `{link_to_sign}` for
a customer's link, `{step_of_priced}` for the first open step of an order, `{bank_line}` for a sum of which the bank told.
"""

from __future__ import annotations

from dataclasses import dataclass

ZH_DESKTOP, EN_DESKTOP = "desktop-zh", "desktop-en"
ZH_PHONE, EN_PHONE = "phone-zh", "phone-en"
EVERYWHERE = (ZH_DESKTOP, EN_DESKTOP, ZH_PHONE, EN_PHONE)
DESK = (ZH_DESKTOP,)
CUSTOMER = "K-B1"
"""The customer who is logged in."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `person`: who is logged in; nobody where it is empty. `pictured`: how docs/pictures/ shows it.

    `opens`: a summary that is opened before one looks; `answered`: the status it is answered with.
    """

    name: str
    path: str
    person: str = ""
    pictured: tuple[str, ...] = ()
    opens: str = ""
    answered: int = 200


PAGES = (
    Page("log-in", "/login"),
    Page("introduction", "/introduction", "clerk-chen", pictured=DESK),
    Page("first-log-in", "/", "admin-fang"),
    Page("inbox", "/", "clerk-chen", pictured=EVERYWHERE),
    Page("inbox-of-role", "/?tab=role", "clerk-chen"),
    Page("inbox-of-team", "/?tab=team", "manager-wu", pictured=DESK),
    Page("inbox-of-finance", "/", "finance-qian"),
    Page("inbox-deciding", "/", "director-zhao", pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("inbox-in-stead", "/", "sales-zhou"),
    Page("inbox-form", "/", "factory-ma", opens="article summary"),
    Page("inbox-empty", "/", "legal-bai"),
    Page("hand-over", "/handovers/new?order={late}&step={step_of_late}", "factory-ma"),
    Page(
        "hand-over-of-team",
        "/handovers/new?order={to_sign}&step={step_of_to_sign}",
        "manager-wu",
        pictured=DESK,
    ),
    Page("list", "/orders?open=yes", "clerk-chen", pictured=EVERYWHERE),
    Page(
        "list-filters",
        "/orders?status=in_production&overdue=yes&salesperson=sales-li",
        "clerk-chen",
        opens="main details summary",
    ),
    Page("list-nothing", "/orders?q=%25", "clerk-chen"),
    Page("board", "/board", "clerk-chen", pictured=DESK),
    Page("calendar", "/calendar", "clerk-chen", pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("calendar-move", "/calendar/move?order={late}&kind=promised&day=2027-03-15", "clerk-chen"),
    Page("schedule", "/schedule", "factory-ma"),
    Page("schedule-replan", "/schedule/replan", "factory-ma"),
    Page(
        "schedule-if",
        "/schedule/if?kind=stands&line=L1&begins=2027-03-10T08:00&ends=2027-03-12T17:00",
        "factory-ma",
    ),
    Page(
        "schedule-rush",
        "/schedule/if?kind=rush&product=TP-80&quantity=9000&unit=roll&day=2027-03-10",
        "director-zhao",
    ),
    Page("new-order", "/orders/new", "clerk-chen", pictured=EVERYWHERE),
    Page("new-order-again", "/orders/new?again={slipped}", "clerk-chen", pictured=DESK),
    Page("upload", "/orders/upload", "clerk-chen"),
    Page("order", "/orders/{slipped}", "clerk-chen", pictured=EVERYWHERE),
    Page("order-priced", "/orders/{priced}", "manager-wu"),
    Page("order-open-balance", "/orders/{open_balance}", "director-zhao"),
    Page("order-ended", "/orders/{settled}", "sales-li"),
    Page("step", "/orders/{priced}/steps/{step_of_priced}", "supervisor-he", pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("act", "/orders/{made}/acts/hold_placed", "clerk-chen"),
    Page("amendment", "/orders/{made}/acts/amendment_requested", "sales-li"),
    Page("floor", "/floor", "factory-ma", pictured=(ZH_PHONE,)),
    Page("floor-warehouse", "/floor", "store-fan"),
    Page("floor-order", "/floor?order={late}", "factory-ma"),
    Page("figures", "/figures", "director-zhao", pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("figure-behind", "/figures/balances", "director-zhao"),
    Page("money", "/money", "finance-qian", pictured=DESK),
    Page("money-split", "/money/split?line={bank_line}", "finance-qian"),
    Page("money-receipt", "/money/receipt?order={settled}&reference=cash-on-site/SJ-1", "finance-qian"),
    Page("money-receipts", "/money/receipts", "finance-qian"),
    Page("shop-payments", "/shop/payments", "finance-qian"),
    Page("shop-pay", "/shop/pay/{intent}", answered=503),
    Page("shop-pay-back", "/shop/pay/{intent}/back"),
    Page("accounts", "/accounts", "finance-qian"),
    Page("invoices", "/invoices", "finance-qian"),
    Page("invoices-of-order", "/invoices/{settled}", "finance-qian"),
    Page("archive", "/archive", "clerk-chen"),
    Page("quotes", "/quotes", "sales-li"),
    Page("quote-new", "/quotes/new", "sales-li"),
    Page("contracts", "/contracts", "sales-li"),
    Page("contract-new", "/contracts/new?order={made}", "sales-li"),
    Page("cases", "/cases", "clerk-chen"),
    Page("case-new", "/cases/new", "clerk-chen"),
    Page("case-statistics", "/cases/statistics", "director-zhao"),
    Page("stock", "/stock", "store-fan"),
    Page("presale", "/presale", "director-zhao"),
    Page("presale-new", "/presale/new", "manager-wu"),
    Page("sandbox", "/sandbox", "clerk-chen", pictured=DESK),
    Page("rule", "/rules/R53", "finance-qian"),
    Page("company", "/company", "director-zhao", pictured=DESK),
    Page("customers", "/company/customers", "director-zhao", pictured=DESK),
    Page("customer", "/company/customer?id=K-B1", "director-zhao", pictured=DESK),
    Page("customer-edit", "/company/customer/edit?id=K-B1", "director-zhao"),
    Page("customer-new", "/company/customer/new", "clerk-chen"),
    Page(
        "statement",
        "/company/statement?customer=K-B1&first=2027-02-01&last=2027-03-09",
        "finance-qian",
        pictured=DESK,
    ),
    Page("credit", "/credit", "finance-qian"),
    Page("credit-customer", "/credit/customer?id=K-L3", "finance-qian"),
    Page("prices", "/company/prices", "director-zhao", pictured=DESK),
    Page("price", "/company/price?product=TP-80", "director-zhao"),
    Page("price-new", "/company/price/new?product=TP-80", "director-zhao"),
    Page("price-edit", "/company/price/edit?product=TP-80&valid_from=2027-04-01", "director-zhao"),
    Page("lines", "/company/lines", "director-zhao"),
    Page("line", "/company/line?id=L1", "director-zhao"),
    Page("line-edit", "/company/line/edit?id=L1", "factory-ma"),
    Page("line-new", "/company/line/new", "factory-ma"),
    Page("staff", "/company/staff", "admin-fang", pictured=DESK),
    Page("person", "/company/person?id=sales-li", "admin-fang"),
    Page("person-edit", "/company/person/edit?id=sales-li", "admin-fang"),
    Page("person-new", "/company/person/new", "admin-fang"),
    Page("keys", "/company/keys", "admin-fang"),
    Page("key-new", "/company/key/new", "admin-fang"),
    Page("endpoints", "/company/endpoints", "admin-fang"),
    Page("endpoint-new", "/company/endpoints/new", "admin-fang"),
    Page("links", "/company/links", "clerk-chen"),
    Page("holidays", "/company/holidays?year=2027", "director-zhao"),
    Page("holiday-edit", "/company/holiday/edit", "director-zhao"),
    Page("holidays-import", "/company/holidays/import", "director-zhao"),
    Page("reports", "/company/reports?kind=watch_list&day=2027-03-09", "director-zhao"),
    Page("notices", "/company/notices", "clerk-chen"),
    Page("reminders", "/company/reminders", "finance-qian"),
    Page("reminders-pause", "/company/reminders/pause", "finance-qian"),
    Page("jobs", "/company/jobs", "admin-fang"),
    Page("stuck", "/company/stuck", "admin-fang"),
    Page("senders", "/company/senders", "admin-fang"),
    Page("changes", "/company/changes", "director-zhao"),
    Page("no-such-page", "/orders/20000101-0001", "clerk-chen", answered=404),
    Page("account", "/account", "clerk-chen"),
    Page("password", "/account/password", "clerk-chen"),
    Page("second-factor", "/account/second-factor", "clerk-chen"),
    Page("log-ins", "/people", "admin-fang"),
    Page("customer-log-in", "/c/login"),
    Page("customer-home", "/c/orders", CUSTOMER, pictured=(ZH_PHONE,)),
    Page("customer-order", "/c/orders/{slipped}", CUSTOMER, pictured=(ZH_PHONE,)),
    Page("customer-signs", "{link_to_sign}", pictured=EVERYWHERE),
    Page("customer-receives", "{link_arrived}"),
    Page("shop", "/shop", pictured=EVERYWHERE),
    Page("shop-search", "/shop?q=rmz"),
    Page("shop-product", "/shop/p/KB-32", pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("shop-product-made", "/shop/p/BX-5"),
    Page("shop-product-rated", "/shop/p/TP-80"),
    Page("shop-compare", "/shop/compare?product=KB-32&product=TP-80&product=BX-5"),
    Page("shop-cart", "/shop/cart", CUSTOMER, pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("shop-cart-empty", "/shop/cart"),
    Page("shop-log-in", "/shop/login"),
    Page("shop-checkout", "/shop/checkout", CUSTOMER, pictured=(ZH_DESKTOP, ZH_PHONE)),
    Page("shop-done", "/shop/done/{done}", CUSTOMER, pictured=(ZH_PHONE,)),
    Page("shop-orders", "/shop/orders", CUSTOMER, pictured=(ZH_PHONE,)),
    Page("shop-account", "/shop/account", CUSTOMER),
    Page("shop-enquiry", "/shop/enquiry?product=KB-32"),
    Page("shop-terms", "/shop/terms"),
    Page("shop-products", "/company/products", "manager-wu", pictured=DESK),
    Page("shop-product-kept", "/company/product?product=KB-32", "manager-wu"),
    Page("shop-product-edit", "/company/product/edit?product=KB-32", "manager-wu"),
    Page("shop-product-new", "/company/product/new?product=TP-80", "manager-wu"),
    Page("shop-own-prices", "/company/own-prices", "manager-wu"),
    Page("shop-own-price", "/company/own-price?customer=K-B1&product=TP-57", "manager-wu"),
    Page("shop-own-price-new", "/company/own-price/new", "manager-wu"),
    Page("shop-own-price-edit", "/company/own-price/edit?customer=K-B1&product=TP-57", "manager-wu"),
)
