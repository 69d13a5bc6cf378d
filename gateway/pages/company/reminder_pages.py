"""Reminders of balances: who is due today, who is left alone until when, and the job run now (R51, R54)."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from temporalio.client import Client

from activities.reminders.reminder_pages import pause, preview
from activities.reminders.reminder_pauses import pauses_now, whose
from activities.store.company_files import read_reminder_policy
from activities.store.holidays import CalendarReader
from gateway.context import Door, door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, text_of, today_of
from gateway.pages.company.record_form import Choice, FieldKind, RecordField, RecordForm, form_page
from gateway.security.staff_sessions import staff_form
from models.access import Caller
from models.company.keepers import PAUSERS, has_one_of, require_customer, require_one_of, role_of
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.values.words import InvalidValue
from models.writing.written_dates import plain_day
from models.writing.written_numbers import Manner
from workflows.jobs.balance_reminders import WORKFLOW, ReminderRun

router = APIRouter(include_in_schema=False)
_RUNS = frozenset({Role.FINANCE})
_K = FieldKind
_FIELDS = (
    RecordField("subject", Words("订单号或客户编号", "order or customer (code)"), required=True),
    RecordField("until", Words("到哪一天为止", "up to which day"), _K.DATE, required=True),
    RecordField(
        "promised", Words("为什么", "which"), _K.CHOICE,
        (Choice("no", Words("豁免", "exempted")), Choice("yes", Words("客户承诺当日付款", "promised to pay by then"))),
        required=True,
    ),
    RecordField("reason", Words("原因", "why"), required=True),
)  # fmt: skip
_UNKNOWN = Words("没有订单或客户 {subject}", "there is no order or customer {subject}")
_PAST = Words("{day} 已过", "{day} has passed")
_NO_DAY = Words("请写日期，例如 2027-01-20", "write a day, for example 2027-01-20")
_NO_REASON = Words("请写原因", "say why")
_KEPT = Words("到期后自动恢复催收。", "Reminders go on by themselves after that day.")


@router.get("/company/reminders")
async def reminders(request: Request, session: Who) -> HTMLResponse:
    """Who is to be reminded today, and who is not for now; a salesperson's own customers alone."""
    require_one_of(session.caller, PAUSERS)
    door, today, own = door_of(request), today_of(request), session.caller.only_salesperson
    policy = await in_database(read_reminder_policy, door.settings.policy)
    letters = await in_database(preview, door.engine, today, policy)
    calendar = await in_database(CalendarReader(door.engine).read_calendar, today)
    return company_page(
        request, session, "company/reminders.html", "reminders", today=today, works=calendar.is_working_day(today),
        letters=[each for each in letters if own in (None, each.salesperson)],
        pauses=await in_database(pauses_now, door.engine, today, own), may_run=has_one_of(session.caller, _RUNS),
    )  # fmt: skip


@router.get("/company/reminders/pause")
async def pause_page(request: Request, session: Who, subject: str = "") -> HTMLResponse:
    """Where somebody is left alone for a while."""
    require_one_of(session.caller, PAUSERS)
    return form_page(request, session, _form({"subject": text_of(subject, 200), "promised": "no"}))


def _form(values: dict[str, str]) -> RecordForm:
    title = Words("暂不催收", "No reminder for a while")
    return RecordForm(title, "/company/reminders/pause", "/company/reminders", _FIELDS, values, note=_KEPT)


@router.post("/company/reminders/pause")
async def keep_pause(request: Request, session: Who) -> Response:
    """No reminder up to a day. Raises Refusal(wrong_role) for another salesperson's customer."""
    require_one_of(session.caller, PAUSERS)
    door, form = door_of(request), await staff_form(request, session, by_field=True)
    subject, reason = text_of(form.get("subject", ""), 200), text_of(form.get("reason", ""), 500)
    try:
        until = _day(form.get("until", ""))
        if until < today_of(request):
            raise Refusal(Code.DATE_IN_PAST, _PAST.filled(day=until), where="until")
        if not reason:
            raise Refusal(Code.MISSING_FIELD, _NO_REASON, where="reason")
        await in_database(_require_theirs, door, session.caller, subject)
        await in_database(
            pause, door.engine, subject, until, promised=form.get("promised") == "yes", reason=reason, by=session.caller.name
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code is Code.WRONG_ROLE:
            raise
        return form_page(request, session, _form(form), refusal=refusal)
    await note(request, session, f"no reminder for {subject} up to {until}", role_of(session.caller, PAUSERS))
    return RedirectResponse("/company/reminders?said=paused", 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(plain_day(text.strip(), Manner.TYPED))
    except (InvalidValue, ValueError):
        raise Refusal(Code.MALFORMED, _NO_DAY, where="until") from None


def _require_theirs(door: Door, caller: Caller, subject: str) -> None:
    """The subject is a customer or an order that they see. Raises Refusal (unknown_order, wrong_role)."""
    found = whose(door.engine, subject)
    if found is None:
        words = _UNKNOWN.filled(subject=subject[:100])
        raise Refusal(Code.UNKNOWN_ORDER, words, where="subject")
    if found.order:
        caller.require_sight(subject, found.customer, found.salesperson)
    else:
        require_customer(caller, subject, found.salesperson)


@router.post("/company/reminders/run")
async def run_now(request: Request, session: Who) -> Response:
    """Run today's job now: letters go out to all that are due, once. While the server is away nothing is sent, and that is
    said. Raises Refusal(wrong_role)."""
    require_one_of(session.caller, _RUNS)
    await staff_form(request, session)
    door, today = door_of(request), today_of(request)

    async def start(client: Client) -> None:
        await client.execute_workflow(
            WORKFLOW,
            ReminderRun(day=today),
            id=f"balance-reminders-{today}",
            task_queue=door.settings.task_queue,
        )

    try:
        await door.on_server(start)
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        return RedirectResponse("/company/reminders?said=away", 303)
    await note(request, session, f"reminders of {today} run", Role.FINANCE)
    return RedirectResponse("/company/reminders?said=run", 303)
