"""What runs on a schedule, declared as data and brought into being as often as one likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from activities.reports.report_runs import ReportRun
from models.reports.production_duty import DutyAsked
from models.reports.report import ReportKind
from models.reports.store_audit import AuditPage
from models.shop.reconciliation import StatementAsked
from models.values.vocabulary import Words
from workflows.jobs import archiving, daily_report, production_duty, provider_statements, store_audit, surveys
from workflows.jobs.balance_reminders import WORKFLOW, ReminderRun

BUSINESS_TIME = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Job:
    """A workflow that is started every day at a time of day (business time)."""

    name: str
    workflow: str
    argument: object
    hour: int
    words: Words
    minute: int = 0
    catch_up: timedelta = timedelta(hours=20)
    """A time missed by less than this is made good once, for the day it was meant for; less than a day, so that
    a server that was away for a week sends one day's letters and not five."""
    limit: timedelta = timedelta(hours=12)


JOBS = (
    Job(
        "balance-reminders",
        WORKFLOW,
        ReminderRun(),
        9,
        Words("催收余款（每个工作日）", "reminders of unpaid balances, every working day"),
    ),
    Job(
        "watch-list",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.WATCH_LIST),
        8,
        Words("关注清单（每个工作日）", "watch list, every working day"),
        minute=30,
    ),
    Job(
        "tracking-numbers",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.TRACKING_NUMBERS),
        17,
        Words("当日运输单号（每个工作日）", "tracking numbers of the day, every working day"),
        minute=30,
    ),
    Job(
        "weekly-statistics",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.WEEKLY_STATISTICS),
        17,
        Words("发货周报（每周最后一个工作日）", "statistics of shipped orders, last working day of the week"),
    ),
    Job(
        "monthly-archive",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.MONTHLY_ARCHIVE),
        8,
        Words(
            "销售发货单归档（每月第一个工作日）", "archive of delivery notes, first working day of the month"
        ),
    ),
    Job(
        "responsibility-report",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.RESPONSIBILITY),
        8,
        Words("责任报告（每月第一个工作日）", "responsibility report, first working day of the month"),
        minute=30,
    ),
    Job(
        "weekly-demand",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.DEMAND),
        17,
        Words(
            "网店需求周报（每周最后一个工作日）", "weekly demand of the shop, last working day of the week"
        ),
        minute=5,
    ),
    Job(
        "step-durations",
        daily_report.WORKFLOW,
        ReportRun(kind=ReportKind.DURATIONS),
        8,
        Words("环节用时月报（每月第一个工作日）", "how long steps took, first working day of the month"),
        minute=40,
    ),
    Job(
        "surveys",
        surveys.WORKFLOW,
        surveys.SurveyRun(),
        10,
        Words("请客户评价（每个工作日）", "ratings asked for, every working day"),
    ),
    Job(
        "production-report-asked",
        production_duty.WORKFLOW,
        DutyAsked(),
        8,
        Words(
            "生产日报（每个工作日有在产订单时）", "daily production report, asked for while orders are made"
        ),
    ),
    Job(
        "production-report-due",
        production_duty.WORKFLOW,
        DutyAsked(),
        18,
        Words("生产日报到期（每个工作日）", "daily production report, found missing when its time is over"),
        minute=1,
    ),
    Job(
        "store-audit",
        store_audit.WORKFLOW,
        AuditPage(moved_only=True),
        2,
        Words(
            "核对订单库、日志与流程（每夜）", "order database, journal and workflows compared, every night"
        ),
        catch_up=timedelta(hours=12),
    ),
    Job(
        "provider-statements",
        provider_statements.WORKFLOW,
        StatementAsked(),
        6,
        Words("核对支付方对账单（每日）", "statements of payment providers compared, every day"),
        catch_up=timedelta(hours=20),
    ),
    Job(
        "order-archive",
        archiving.WORKFLOW,
        archiving.ArchiveRun(),
        3,
        Words("订单归档（每夜，终结满 30 天的）", "orders archived, every night, 30 days after their end"),
        catch_up=timedelta(hours=12),
    ),
)
"""The job itself knows holidays and make-up days, which no calendar of the server does: so it is started every day."""


def schedule_of(job: Job, task_queue: str) -> Schedule:
    """The schedule as the server keeps it."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            job.workflow,
            job.argument,
            id=job.name,
            task_queue=task_queue,
            execution_timeout=job.limit,
            static_summary=f"{job.words.zh} · {job.words.en}",
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(hour=[ScheduleRange(job.hour)], minute=[ScheduleRange(job.minute)])
            ],
            time_zone_name=BUSINESS_TIME,
        ),
        # A run that hangs must not swallow the next day's: it waits, and the limit ends what hangs.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=job.catch_up),
        state=ScheduleState(note=f"{job.words.zh} · {job.words.en}"),
    )


async def bring_into_being(client: Client, task_queue: str) -> list[str]:
    """Create what is missing and bring the rest up to date, an operator's pause kept; the names of the new ones."""
    created = []
    for job in JOBS:
        schedule = schedule_of(job, task_queue)
        try:
            await client.create_schedule(job.name, schedule)
            created.append(job.name)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(job.name).update(_updated(schedule))
    return created


def _updated(schedule: Schedule) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def update(known: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = known.description.schedule.state
        return ScheduleUpdate(schedule=schedule)

    return update
