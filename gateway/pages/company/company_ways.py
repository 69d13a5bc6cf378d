"""Where one can go among the company's records, and who is shown the way; the pages refuse by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.access import SEES_ALL, Caller
from models.company.keepers import (
    CALENDAR_KEEPERS,
    CREDIT_READERS,
    LINK_KEEPERS,
    NOTICE_READERS,
    PAUSERS,
    PEOPLE_KEEPERS,
    READS_SENDERS,
    RUNS_JOBS,
    SEES_STUCK,
    STATEMENT_READERS,
    has_one_of,
    lists_customers,
)
from models.company.report_readers import reads_reports
from models.values.vocabulary import Role, Words


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a page of the company."""

    name: str
    path: str
    words: Words
    about: Words
    shown_to: Callable[[Caller], bool]


def _anybody(caller: Caller) -> bool:
    return True


def _roles(roles: frozenset[Role]) -> Callable[[Caller], bool]:
    return lambda caller: has_one_of(caller, roles)


WAYS = (
    Way(
        "customers", "/company/customers", Words("客户", "Customers"),
        Words("档案、等级、合同、签字人、未付余额", "files, class, contract, signers, what is open"), lists_customers,
    ),
    Way(
        "statements", "/company/statement", Words("对账单", "Statements"),
        Words("按客户和期间对账，PDF、XLSX", "of account, by customer and period; PDF, XLSX"), _roles(STATEMENT_READERS),
    ),
    Way(
        "credit", "/credit", Words("客户信用", "Credit"),
        Words("额度、占用、扣单、逾期", "limits, what is owed, orders held, overdue bills"), _roles(CREDIT_READERS),
    ),
    Way(
        "prices", "/company/prices", Words("价目表", "Prices"),
        Words("现行价、将行价、历史", "in force, to come, before"), _anybody,
    ),
    Way(
        "products", "/company/products", Words("网店商品", "Products of the shop"),
        Words("图片、类目、阶梯价、上架", "pictures, categories, prices by quantity, shown or not"), _anybody,
    ),
    Way(
        "lines", "/company/lines", Words("机台", "Machine lines"),
        Words("产品、产量、班次、停机", "products, output, hours, when they stand"), _anybody,
    ),
    Way(
        "staff", "/company/staff", Words("人员", "Staff"),
        Words("岗位、上级、代理、不在岗", "roles, superiors, deputies, absences"), _anybody,
    ),
    Way(
        "holidays", "/company/holidays", Words("节假日", "Holidays"),
        Words("放假与补班，期限按它推算", "days off and made up for; limits go by them"), _roles(SEES_ALL | CALENDAR_KEEPERS),
    ),
    Way(
        "reports", "/company/reports", Words("报表", "Reports"),
        Words("关注清单、运输单号、周报、月归档", "watch list, tracking numbers, week, month"), reads_reports,
    ),
    Way(
        "notices", "/company/notices", Words("通知", "Notices"),
        Words("发给谁、发了没有、为何没发", "to whom, whether sent, why not"), _roles(NOTICE_READERS),
    ),
    Way(
        "reminders", "/company/reminders", Words("催款", "Reminders"),
        Words("今天催谁、谁暂不催", "who is reminded today, who is left alone"), _roles(PAUSERS),
    ),
    Way(
        "links", "/company/links", Words("客户链接", "Customers' links"),
        Words("给了谁、用过没有、撤销", "given, used, revoked"), _roles(LINK_KEEPERS),
    ),
    Way(
        "keys", "/company/keys", Words("密钥", "Keys"),
        Words("服务与本人的密钥：新建、吊销", "of services and persons: make, revoke"), _roles(PEOPLE_KEEPERS),
    ),
    Way(
        "endpoints", "/company/endpoints", Words("推送地址", "Endpoints"),
        Words("别的商城收订单事件：登记、暂停、重发", "where other shops hear of their orders"), _roles(PEOPLE_KEEPERS),
    ),
    Way(
        "jobs", "/company/jobs", Words("定时任务", "Jobs"),
        Words("上次、下次何时运行", "when they ran and will run"), _roles(RUNS_JOBS),
    ),
    Way(
        "stuck", "/company/stuck", Words("卡住的", "Stuck"),
        Words("哪些订单卡住、为什么、怎么办", "which orders are stuck, why, what to do"), _roles(SEES_STUCK),
    ),
    Way(
        "senders", "/company/senders", Words("推送来源", "Senders"),
        Words("别的系统推来的事件", "events of other systems"), _roles(READS_SENDERS),
    ),
    Way(
        "changes", "/company/changes", Words("变更记录", "Changes"),
        Words("谁在何时改了什么", "who changed what, when"), _roles(SEES_ALL | PEOPLE_KEEPERS),
    ),
)  # fmt: skip


def ways_of(caller: Caller) -> tuple[Way, ...]:
    """The ways that are shown to who is logged in."""
    return tuple(way for way in WAYS if way.shown_to(caller))
