"""The pages that are measured: a row for each; another page is another row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A page and who looks at it. `{open}` and `{ended}` are numbers of an open order and of one
    that has ended."""

    name: str
    path: str
    person: str = "service_supervisor-1"


ADDRESSES = (
    Address("list, open", "/orders?open=yes"),
    Address("list, all", "/orders"),
    Address("list, ended", "/orders?open=no&sort=-ended_at"),
    Address("list, by promise", "/orders?open=yes&sort=promised"),
    Address("list, by amount", "/orders?sort=-total"),
    Address("list, settled", "/orders?status=settled"),
    Address("list, phase", "/orders?open=yes&phase=clearance"),
    Address("list, waits for finance", "/orders?waits_role=finance"),
    Address("list, waits for a person", "/orders?waits_person=finance-1"),
    Address("list, overdue", "/orders?open=yes&overdue=yes"),
    Address("list, in danger", "/orders?danger=yes"),
    Address("list, a salesperson", "/orders?salesperson=salesperson-3"),
    Address("list, a customer", "/orders?customer=K0042"),
    Address("list, a product", "/orders?product=TP-007"),
    Address("list, a year", "/orders?placed_from={year}-01-01&placed_to={year}-12-31"),
    Address("list, amounts", "/orders?amount_from=1000&amount_to=6000"),
    Address("list, one's own", "/orders?open=yes", "salesperson-3"),
    Address("search, number", "/orders?q={open}"),
    Address("search, customer", "/orders?q=红枫"),
    Address("search, initials", "/orders?q=szhf"),
    Address("search, very many", "/orders?q=有限公司"),
    Address("search, very many open", "/orders?open=yes&q=纸业"),
    Address("search, product", "/orders?q=热敏纸"),
    Address("search, one's own very many", "/orders?q=有限公司", "salesperson-3"),
    Address("search, tracking number", "/orders?q={tracking}"),
    Address("search, voucher", "/orders?q={voucher}"),
    Address("search, customer's number", "/orders?q=PO-5-000005"),
    Address("search, nothing", "/orders?q=没有这个"),
    Address("board", "/board"),
    Address("board, one's own", "/board", "salesperson-3"),
    Address("inbox, finance", "/", "finance-1"),
    Address("inbox, production", "/", "production-1"),
    Address("inbox, salesperson", "/", "salesperson-3"),
    Address("order, open", "/orders/{open}"),
    Address("order, ended", "/orders/{ended}"),
    Address("new order", "/orders/new"),
    Address("figures", "/figures"),
    Address("figures, salesperson", "/figures", "salesperson-3"),
    Address("figures, behind one", "/figures/shipped?span=month"),
    Address("money desk", "/money", "finance-1"),
    Address("calendar", "/calendar"),
    Address("customers", "/company/customers"),
    Address("customer", "/company/customer?id=K0042"),
    Address("statement", "/company/statement?customer=K0042"),
    Address("floor, warehouse", "/floor", "warehouse-1"),
    Address("floor, production", "/floor", "production-1"),
    Address("palette", "/palette?q=红枫"),
)
