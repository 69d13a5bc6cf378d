"""A worker for orders: which workflow, which activities, and within which limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from runtime.settings import Settings
from runtime.worker.sandbox import sandbox

if TYPE_CHECKING:
    from activities.reports.report_maker import Reporting
    from runtime.watch.unsaved_bursts import UnsavedBursts

GRACEFUL_SHUTDOWN = timedelta(seconds=10)
"""Activities at work when a worker is told to stop may finish; a transaction needs milliseconds."""
STICKY_TIMEOUT = timedelta(seconds=2)
"""How long an order's next step waits for a worker that was killed before any other takes it (measured: 2.5 s
instead of 10.5 s with the SDK's default)."""

_PASSED_THROUGH = ("models", "activities", "runtime", "workflows")


def workflow_runner(converter: DataConverter = pydantic_data_converter) -> SandboxedWorkflowRunner:
    """The sandbox for orders, for a client with this data converter; whoever replays histories must use the same.

    All our modules are passed through, the workflow definitions too: loading these anew for each order took 100 KB and
    3 ms of each. What the sandbox no longer sees there is forbidden by `make lint`.
    """
    return sandbox(SandboxRestrictions.default.with_passthrough_modules(*_PASSED_THROUGH), converter)


def deployment_of(settings: Settings) -> WorkerDeploymentConfig | None:
    """Under which version a worker works; None where versions are off, as in the embedded default.

    Every workflow moves to the current version by itself (auto upgrade): orders live for weeks, and what changed is kept
    apart by patch markers and editions, not by old workers.
    """
    if not settings.deployment:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=settings.deployment, build_id=settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


def build_worker(
    client: Client,
    settings: Settings,
    *,
    task_queue: str | None = None,
    activities: Sequence[Callable[..., Any]] | None = None,
    cached_orders: int | None = None,
    threads: ThreadPoolExecutor | None = None,
    provider: Sequence[Callable[..., Any]] | None = None,
    bursts: UnsavedBursts | None = None,
) -> Worker:
    """A worker for orders; run it with `async with worker:` or `await worker.run()`.

    A test may name its own queue, activities or cache size; otherwise the settings and the product's own count.
    `provider`: who answers orders of the shop about money, in place of the real payment providers.
    `bursts` hears what of its orders could not be recorded.
    `threads` are those that workflows run on, where somebody watches them (`runtime.worker.engine_watch`).
    """
    from activities.archive.archives import Archiving
    from activities.cases.case_recorder import CaseRecorder
    from activities.cases.ratings import Surveys as SurveyPages
    from activities.cases.refunds import Refunds
    from activities.documents.document_store import DocumentStore
    from activities.orders.recording.recorder import Recorder
    from activities.reminders.reminder_pages import Reminding
    from activities.reports.daily_reports import DailyReports
    from activities.shop.intent_errands import IntentErrands
    from activities.shop.reconciling import Reconciling
    from activities.store.database import engine_at
    from activities.store.holidays import CalendarReader
    from runtime.audit.audit_activity import StoreAuditing
    from runtime.cases.replacements import Replacements
    from runtime.contracts.order_told import OrderTelling
    from runtime.quotes.quoted_orders import QuotedOrders
    from runtime.shop.providers import providers_of
    from runtime.signed_facts import fact_key, policy_of_new_orders
    from runtime.worker.recording_threads import RecordingThreads
    from workflows.aftersales_case import CaseWorkflow
    from workflows.contract import ContractWorkflow
    from workflows.engine.interceptor import CaseInterceptor
    from workflows.engine.limits import RECORD_ACTIVITY, RECORD_CASE_ACTIVITY
    from workflows.jobs.archiving import OrderArchive
    from workflows.jobs.balance_reminders import BalanceReminders
    from workflows.jobs.daily_report import DailyReport
    from workflows.jobs.production_duty import ProductionDuty
    from workflows.jobs.provider_statements import ProviderStatements
    from workflows.jobs.store_audit import StoreAudit
    from workflows.jobs.surveys import Surveys
    from workflows.order import OrderWorkflow
    from workflows.quote import QuoteWorkflow

    if activities is None:
        engine = engine_at(settings.database_url)
        providers = providers_of(settings)
        intents = IntentErrands(engine, providers, providers.told_at)
        recording = RecordingThreads(engine, settings.activity_threads)
        recorder = Recorder(
            engine, lambda: fact_key(settings), figures=lambda: policy_of_new_orders(settings).schedule
        )
        cases = CaseRecorder(engine, lambda: fact_key(settings))
        activities = [
            recording.activity(RECORD_ACTIVITY, recorder.record),
            recording.activity(RECORD_CASE_ACTIVITY, cases.record_case),
            CalendarReader(engine).read_calendar,
            Reminding(engine, settings.policy).remind_page,
            StoreAuditing(client, settings).audit_page,
            DailyReports(engine, settings.policy).watch_reports,
            QuotedOrders(client, settings).make_quoted_order,
            Refunds(engine).count_refund,
            SurveyPages(engine, lambda: policy_of_new_orders(settings).afterwards).survey_page,
            Archiving(
                engine, DocumentStore(settings.documents), lambda: policy_of_new_orders(settings).archive
            ).archive_page,
            Replacements(client, settings).order_replacement,
            OrderTelling(client, settings).tell_contracted_order,
            *(provider if provider is not None else (intents.close_intent, intents.refund_intent)),
            Reconciling(engine, providers.all).reconcile_day,
        ]
    return Worker(
        client,
        task_queue=task_queue or settings.task_queue,
        workflows=[
            OrderWorkflow,
            QuoteWorkflow,
            CaseWorkflow,
            ContractWorkflow,
            BalanceReminders,
            DailyReport,
            StoreAudit,
            Surveys,
            OrderArchive,
            ProductionDuty,
            ProviderStatements,
        ],
        activities=activities,
        activity_executor=ThreadPoolExecutor(settings.activity_threads, thread_name_prefix="activity"),
        max_concurrent_activities=settings.activity_threads,
        workflow_runner=workflow_runner(client.data_converter),
        workflow_task_executor=threads,
        deployment_config=deployment_of(settings),
        interceptors=[CaseInterceptor(), *([bursts] if bursts is not None else [])],
        max_cached_workflows=settings.cached_orders if cached_orders is None else cached_orders,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACEFUL_SHUTDOWN,
    )


def build_reporting(settings: Settings) -> Reporting:
    """The reports of this installation."""
    from activities.documents.document_store import DocumentStore
    from activities.documents.typesetting import Typesetter
    from activities.reports.report_maker import Reporting
    from activities.store.database import engine_at

    return Reporting(
        engine_at(settings.database_url),
        settings.var / "reports",
        settings.language,
        Typesetter(settings.templates, settings.language),
        DocumentStore(settings.documents),
    )


def build_document_worker(client: Client, settings: Settings) -> Worker:
    """A worker that makes reports, on a queue of its own."""
    from activities.reports.report_runs import documents_queue

    return Worker(
        client,
        task_queue=documents_queue(settings.task_queue),
        activities=[build_reporting(settings).write_report],
        activity_executor=ThreadPoolExecutor(1, thread_name_prefix="report"),
        max_concurrent_activities=1,
        graceful_shutdown_timeout=GRACEFUL_SHUTDOWN,
    )
