"""The table of scenarios: what is played to record it, by the name of its recording."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from models.reports.report import ReportKind
from tests.replay.scenarios import beside_orders, cancels, jobs, messages, runs, stores
from tests.replay.scenarios.cancels import GRANTED, REFUSED, RETURNED, SETTLED, cancelled
from tests.replay.scenarios.signalled import by_signals, in_bursts
from tests.replay.scenarios.stage import Scene, stage
from tests.replay.scenarios.told_by_update import OPEN, still_open, told
from workflows.jobs.balance_reminders import ReminderRun

SCENARIOS: dict[str, Scene] = {
    "signalled-every-kind": by_signals("every-kind-of-signal"),
    "signalled-dead-with-money": by_signals("dead-with-money"),
    "signalled-collected-during-recall": by_signals("collected-during-recall"),
    "signalled-carrier-collects": by_signals("carrier-collects"),
    "signalled-amended": by_signals("amended-after-confirmation"),
    "signalled-cancelled": by_signals("cancelled-after-production"),
    "signalled-wild-order": by_signals("wild-order"),
    "signalled-assessed": by_signals("assessment-ran-out"),
    "signalled-held-for-credit": by_signals("credit-kept-held"),
    "signalled-from-stock": by_signals("purchase-told"),
    "signalled-counted-short": by_signals("counted-short"),
    "signalled-short-when-picked": by_signals("from-stock-missing"),
    "signalled-reassigned": by_signals("reassigned"),
    "signalled-case-open": by_signals("case-stops-completion"),
    "signalled-service": by_signals("service-rejected"),
    "signalled-pre-sale": by_signals("pre-sale"),
    "signalled-contract": by_signals("contract-before-production"),
    "signalled-invoices": by_signals("red-letter"),
    "signalled-credited-by-a-case": by_signals("credited-by-a-case"),
    "signalled-waits-for-its-quote": by_signals("waits-for-its-quote"),
    "signalled-goes-on-without-its-quote": by_signals("goes-on-without-its-quote"),
    "shop-completed": told("shop-completed-by-silence", "an order of the shop"),
    "shop-reopened": told("shop-reopened-by-late-money", "an order of the shop"),
    "shop-refused": told("shop-merchant-refuses", "an order of the shop"),
    "signalled-in-bursts": in_bursts("class-b-same-day", "1h 20m", "7h", "5d 5h", "5d 10h", "9d"),
    "malformed-signals": messages.malformed,
    "unknown-signals": messages.unknown,
    "signal-with-the-start": messages.with_the_start,
    "signals-before-the-first-task": messages.before_the_first_task,
    "told-twice-and-in-conflict": messages.told_twice,
    "refused-updates": messages.refused_updates,
    "adopted": messages.adopted,
    "corrected": messages.corrected,
    "ui-cancel-before-confirmation": cancelled("90m"),
    "ui-cancel-with-deposit": cancelled("5h", RETURNED, reason="客户来电取消"),
    "ui-cancel-in-production": cancelled("8h", GRANTED, SETTLED),
    "ui-cancel-refused": cancelled("8h", REFUSED, reason="x" * 1200, ends=False),
    "ui-cancel-after-goods-left": cancels.too_late,
    "ui-cancel-before-the-first-task": cancels.before_the_first_task,
    "outage-passed-by-the-local-activity": stores.outage(stores.LOCAL_TRIES - 1),
    "outage-then-the-remote-activity": stores.outage(stores.LOCAL_TRIES + 3),
    "outage-from-the-start": stores.outage_from_the_start,
    "outage-at-the-end": stores.outage_at_the_end,
    "outage-of-many-entries": stores.outage_of_many,
    "restored-backup": stores.restored("2h", "7h"),
    "restored-backup-twice": stores.restored("1h", "2h", "7h"),
    "restored-backup-asked-for-anew": stores.restored("2h", "7h"),
    "reset-and-forgotten": stores.reset("2h 30m", "7h", "5d 3h", reapply=False),
    "reset-and-updates-applied-again": stores.reset("2h 30m", "7h", "5d 3h", reapply=True),
    "reset-and-signals-applied-again": stores.reset("2h 30m", "7h", "5d 3h", reapply=True, by_signal=True),
    "continued-with-messages-in-flight": runs.with_messages_in_flight,
    "continued-with-a-cancel-in-flight": runs.with_a_cancel_in_flight,
    "continued-with-newer-holidays": runs.with_holidays(to_be_had=True),
    "continued-without-holidays": runs.with_holidays(to_be_had=False),
    "held-at-the-customer": told("held-at-the-customer", "a hold over days"),
    "held-through-runs": told("held-five-days", "a hold over days", runs_of=40),
    **{f"open-in-{stands_in}": still_open(stands_in, cut) for stands_in, cut in OPEN.items()},
    "job-reminders-in-pages": jobs.reminders(ReminderRun(day=jobs.DUE)),
    "job-reminders-page-tried-again": jobs.reminders(ReminderRun(day=jobs.DUE), failures=1),
    "job-reminders-of-one-customer": jobs.reminders(ReminderRun(day=jobs.DUE, customer="K-00007")),
    "job-reminders-on-a-sunday": jobs.reminders(ReminderRun(day=jobs.A_SUNDAY)),
    "job-reminders-of-today": jobs.reminders(ReminderRun()),
    "job-reminders-scheduled": jobs.scheduled("balance-reminders", jobs.REMINDERS),
    "job-report-scheduled": jobs.scheduled("watch-list", jobs.REPORTS),
    "job-report-of-today": jobs.report(ReportKind.TRACKING_NUMBERS, None),
    **{f"job-report-{kind.value.replace('_', '-')}": jobs.report(kind, jobs.DUE) for kind in ReportKind},
    **beside_orders.SCENES,
}


async def record(names: Iterable[str]) -> None:
    """Play these scenarios one after the other on one server and keep what they record."""
    async with stage() as here:
        for name in names:
            await SCENARIOS[name](here, name)
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()
