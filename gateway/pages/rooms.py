"""Which modules of pages there are; a new one is a row here. Of two that match an address the earlier one answers."""

from __future__ import annotations

from gateway.pages.customers import customer_pages, customer_signing, link_pages
from gateway.pages.desk import desk_pages, rule_pages, staff_pages
from gateway.pages.floor import floor_pages
from gateway.pages.orders import order_form_pages, order_pages, upload_pages
from gateway.pages.people import account_pages, login_pages, people_pages
from gateway.pages.sandbox import sandbox_pages

PAGES = (
    login_pages,
    account_pages,
    people_pages,
    staff_pages,
    order_form_pages,
    upload_pages,
    order_pages,
    desk_pages,
    rule_pages,
    link_pages,
    customer_pages,
    customer_signing,
    sandbox_pages,
    floor_pages,
)
