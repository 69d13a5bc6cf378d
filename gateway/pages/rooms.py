"""Which modules of pages there are; a new one is a row here. Of two that match an address the earlier one answers."""

from __future__ import annotations

from gateway.pages.archive import archive_pages
from gateway.pages.calendar import calendar_pages
from gateway.pages.cases import case_pages, customer_cases
from gateway.pages.company import (
    change_pages,
    company_pages,
    customer_record_pages,
    holiday_import_pages,
    holiday_pages,
    job_pages,
    key_pages,
    notice_pages,
    price_pages,
    reminder_pages,
    report_pages,
    staff_record_pages,
    statement_pages,
)
from gateway.pages.contracts import contract_pages, customer_contracts
from gateway.pages.credit import credit_pages
from gateway.pages.customers import (
    customer_asking,
    customer_choices,
    customer_home,
    customer_invoices,
    customer_pages,
    customer_signing,
    given_link_pages,
    link_pages,
)
from gateway.pages.desk import (
    desk_pages,
    handover_pages,
    introduction_pages,
    palette_pages,
    reassignment_pages,
    rule_pages,
    staff_pages,
)
from gateway.pages.entry import entry_pages
from gateway.pages.figures import figure_pages
from gateway.pages.floor import floor_pages, production_report_pages
from gateway.pages.invoices import invoice_pages, salespeople_pages
from gateway.pages.listing import list_files, list_pages, many_pages
from gateway.pages.money import house_receipt_pages, money_pages, receipt_pages
from gateway.pages.operations import stuck_pages
from gateway.pages.orders import (
    act_pages,
    card_links,
    order_form_pages,
    order_pages,
    sheet_check_pages,
    upload_pages,
)
from gateway.pages.people import account_pages, kept_form_pages, login_pages, people_pages
from gateway.pages.quotes import customer_quotes, quote_pages
from gateway.pages.sandbox import sandbox_pages
from gateway.pages.scheduling import line_pages, replan_pages, schedule_pages
from gateway.pages.shop import (
    cart_pages,
    catalogue_pages,
    checkout_pages,
    enquiry_pages,
    finance_pages,
    own_order_pages,
    own_price_pages,
    payment_pages,
    product_pages,
    shop_account_pages,
    shop_log_in_pages,
)
from gateway.pages.stock import presale_pages, stock_pages
from gateway.pages.webhooks import endpoint_pages

PAGES = (
    login_pages,
    kept_form_pages,
    account_pages,
    people_pages,
    staff_pages,
    handover_pages,
    introduction_pages,
    palette_pages,
    list_pages,
    list_files,
    many_pages,
    order_form_pages,
    entry_pages,
    upload_pages,
    order_pages,
    sheet_check_pages,
    calendar_pages,
    act_pages,
    card_links,
    desk_pages,
    rule_pages,
    figure_pages,
    money_pages,
    receipt_pages,
    house_receipt_pages,
    link_pages,
    quote_pages,
    customer_quotes,
    contract_pages,
    customer_contracts,
    case_pages,
    customer_cases,
    customer_home,
    customer_invoices,
    company_pages,
    customer_record_pages,
    statement_pages,
    credit_pages,
    invoice_pages,
    salespeople_pages,
    archive_pages,
    price_pages,
    staff_record_pages,
    key_pages,
    endpoint_pages,
    given_link_pages,
    holiday_import_pages,
    holiday_pages,
    report_pages,
    notice_pages,
    reminder_pages,
    job_pages,
    stuck_pages,
    change_pages,
    customer_pages,
    customer_signing,
    customer_asking,
    customer_choices,
    sandbox_pages,
    floor_pages,
    production_report_pages,
    reassignment_pages,
    stock_pages,
    presale_pages,
    line_pages,
    schedule_pages,
    replan_pages,
    catalogue_pages,
    shop_log_in_pages,
    cart_pages,
    checkout_pages,
    enquiry_pages,
    own_order_pages,
    shop_account_pages,
    own_price_pages,
    product_pages,
    payment_pages,
    finance_pages,
)
