"""The statement of account 对账单: on a page, as PDF by the company's own template, as a workbook (R53, R80)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from activities.access.logins import Session
from activities.company.records import record_of
from activities.company.statements import Account, account_of, usual_period
from activities.desk.palette import find_customers
from activities.documents.typesetting import Typesetter
from activities.reports.report_files import workbook_of
from gateway.api.problems import language_of
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, day_of, text_of, today_of
from models.company.keepers import STATEMENT_READERS, own_customers_only, require_customer, require_one_of
from models.company.record_changes import RecordKind
from models.reports.report import Cell, Column, Section
from models.reports.statement import Statement
from models.values.money import ZERO
from models.values.vocabulary import Language, Words
from models.writing.printed_figures import both, day, figures, moment

router = APIRouter(include_in_schema=False)
TEMPLATE = "statement_of_account"
_COLUMNS = [
    Column(zh="日期", en="day"), Column(zh="订单", en="order"), Column(zh="事项", en="what"),
    Column(zh="凭证", en="reference"), Column(zh="应收", en="charged"), Column(zh="已收", en="received"),
    Column(zh="余额", en="balance"),
]  # fmt: skip
_TITLE = Words("对账单 {name} {first} – {last}", "statement of account: {name}, {first} – {last}")


async def _account(request: Request, session: Session, customer: str, first: str, last: str) -> Account:
    """The account that was asked for. Raises Refusal (wrong_role, unknown_customer, contradiction)."""
    require_one_of(session.caller, STATEMENT_READERS)
    door = door_of(request)
    record = await in_database(record_of, door.engine, RecordKind.CUSTOMER, {"customer": customer})
    require_customer(session.caller, customer, record.values["salesperson"])
    usual = usual_period(today_of(request))
    period = day_of(first, usual[0]), day_of(last, usual[1])
    return await in_database(account_of, door.engine, customer, *period)


@router.get("/company/statement")
async def statement(
    request: Request, session: Who, customer: str = "", first: str = "", last: str = ""
) -> HTMLResponse:
    """The statement of a customer and a period; without a customer, where one is chosen."""
    require_one_of(session.caller, STATEMENT_READERS)
    key, usual = text_of(customer, 200), usual_period(today_of(request))
    account = await _account(request, session, key, first, last) if key else None
    choices = await in_database(
        find_customers, door_of(request).engine, "", salesperson=own_customers_only(session.caller), most=500
    )
    return company_page(
        request, session, "company/statement.html", "statements", account=account, customer=key, choices=choices,
        first=day_of(first, usual[0]), last=day_of(last, usual[1]),
        periods=[("last", usual), ("this", (today_of(request).replace(day=1), today_of(request)))],
    )  # fmt: skip


@router.get("/company/statement.pdf")
async def as_pdf(
    request: Request, session: Who, customer: str = "", first: str = "", last: str = ""
) -> Response:
    """The same, printed by the company's template."""
    account = await _account(request, session, text_of(customer, 200), first, last)
    settings, language = door_of(request).settings, language_of(request)
    content = printed(account.statement, moment(door_of(request).now()))
    made = await in_database(Typesetter(settings.templates, language).set_by, TEMPLATE, content)
    return _file(made, "application/pdf", account.statement, "pdf")


@router.get("/company/statement.xlsx")
async def as_workbook(
    request: Request, session: Who, customer: str = "", first: str = "", last: str = ""
) -> Response:
    """The same as a workbook: amounts are numbers, days are dates, and no text is a formula."""
    account = await _account(request, session, text_of(customer, 200), first, last)
    found, language = account.statement, language_of(request)
    title = _TITLE.filled(name=found.name, first=found.first, last=found.last).in_language(language)
    made = await in_database(workbook_of, title, [table_of(found, language)], language)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(made, kind, found, "xlsx")


def _file(content: bytes, media_type: str, found: Statement, ending: str) -> Response:
    name = f"对账单-{found.customer}-{found.first}-{found.last}.{ending}"
    plain = f"statement-{found.first}-{found.last}.{ending}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    }
    return Response(content, media_type=media_type, headers=headers)


def printed(found: Statement, made_at: str) -> dict[str, Any]:
    """What the template needs: amounts with their thousands and two decimals."""
    return {
        "number": f"{found.customer} {day(found.first)}",
        "customer": found.customer,
        "name": found.name,
        "first": day(found.first),
        "last": day(found.last),
        "made_at": made_at,
        "opening": figures(found.opening),
        "lines": [
            {
                "day": day(line.movement.day),
                "order": line.movement.order,
                "what": both(line.movement.kind),
                "reference": line.movement.reference,
                "charged": _figure(line.movement.charged),
                "received": _figure(line.movement.received),
                "balance": figures(line.balance),
            }
            for line in found.lines
        ],
        "charged": figures(found.charged),
        "received": figures(found.received),
        "closing": figures(found.closing),
    }


def _figure(value: Any) -> str:
    return figures(value) if value is not None else ""


def table_of(found: Statement, language: Language) -> Section:
    """The statement as a table: from the opening to the closing balance."""

    def row(what: Words, when: date | None, *cells: Cell) -> list[Cell]:
        return [when, "", what.in_language(language), "", *cells]

    rows = [row(Words("期初余额", "opening balance"), found.first, None, None, found.opening)]
    for line in found.lines:
        each = line.movement
        what = Words(each.kind.zh, each.kind.en).in_language(language)
        rows.append([each.day, each.order, what, each.reference, each.charged, each.received, line.balance])
    closing = Words("期末余额", "closing balance")
    rows.append(row(closing, found.last, found.charged, found.received, found.closing + ZERO))
    return Section(zh="对账单", en="statement", rule="R53", columns=_COLUMNS, rows=rows)
