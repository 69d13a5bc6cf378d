"""Every timeout and retry policy of the workflows, each with the reason for its numbers."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import RetryPolicy

RECORD_ACTIVITY = "record"
"""The one activity of an order: a burst into the order database (`activities.orders.recording.recorder`)."""

RECORD_CASE_ACTIVITY = "record_case"
"""The same for a case that is no order (`activities.cases.case_recorder`)."""

ORDER_ACTIVITY = "make_quoted_order"
"""The order that an accepted quote becomes (`runtime.delivery.quoted_orders`)."""

REPLACEMENT_ACTIVITY = "order_replacement"
"""The replacement order of an exchange (`runtime.cases.replacements`)."""

COUNT_ACTIVITY = "count_refund"
"""What goods that came back are worth, where all cases of the order are known (`activities.cases.refunds`)."""

ORDER_NEWS_ACTIVITY = "tell_contracted_order"
"""How an order's contract stands, told to the order (`runtime.contracts.order_told`)."""

SURVEY_ACTIVITY = "survey_page"
"""Ratings asked for (`activities.cases.ratings`)."""

STATEMENT_ACTIVITY = "reconcile_day"
"""Statements of payment providers compared with our books (`activities.shop.reconciling`)."""

ARCHIVE_ACTIVITY = "archive_page"
"""Orders archived (`activities.archive.archives`)."""

ERRAND_LIMIT = timedelta(seconds=60)
"""One attempt at something a case has done for it. An order is begun in milliseconds; a server that hangs is given up."""

ERRAND_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2, maximum_interval=timedelta(minutes=1)
)
"""Without limit, as records are: what is wrong with the thing itself comes back as an answer and not as an error."""

CALENDAR_ACTIVITY = "read_calendar"
"""The holidays as they are known by now, asked for between two runs of an order (`activities.store.holidays`)."""

CALENDAR_LIMIT = timedelta(seconds=20)
"""In all. An old calendar is no reason to stand still: the order goes on with what it has."""

REMIND_ACTIVITY = "remind_page"
"""One page of balance reminders (`activities.reminders.reminder_pages`)."""

REPORT_ACTIVITY = "write_report"
"""A report of the day (`activities.reports.report_maker`); it takes a second, with the limits of a page of reminders."""

DUTY_ACTIVITY = "watch_reports"
"""The daily production report, asked for or missed (`activities.reports.daily_reports`): one short transaction."""

AUDIT_ACTIVITY = "audit_page"
"""One page of orders whose stores are compared (`runtime.audit.audit_activity`)."""

AUDIT_LIMIT = timedelta(minutes=30)
"""A page is two hundred orders and other cases: seconds where few of them moved, half a minute where each is compared, minutes
where each must be healed and looked at again."""

REMIND_LIMIT = timedelta(minutes=5)
"""A page is a hundred customers and takes a second; a disk that hangs is given up then."""

REMIND_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=5))
"""Until the run's own limit: a database that is away in the morning sends its letters when it is back."""

LOCAL_RECORD_LIMIT = timedelta(seconds=2)
"""A transaction takes milliseconds. Longer than this the database is away, and callers of `tell` wait no more:
the answer to an update leaves the worker together with the workflow task that the local activity prolongs."""

LOCAL_RECORD_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2, maximum_attempts=3
)
"""Three quick tries pass over a busy lock or a lost connection; the rest is for the remote activity."""

REMOTE_RECORD_LIMIT = timedelta(seconds=30)
"""One attempt. A connection that hangs is given up then and tried anew; a late duplicate changes nothing."""

REMOTE_RECORD_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2, maximum_interval=timedelta(minutes=1)
)
"""Without limit: an hour without database delays records and loses nothing. A minute between tries at most,
so that records are complete a minute after the database is back."""

CLAIM_LIMIT = timedelta(seconds=2)
"""How long what is said next waits behind money whose receipt is being asked for. Longer than this the database is away:
the money waits for it alone, and everything else goes on."""

MOST_ENTRIES_IN_A_BURST = 200
"""How what piled up was cut before it was cut by bytes (`patches.BURSTS_BY_BYTES`)."""

MOST_BYTES_IN_A_BURST = 1_000_000
"""Of entries, rows and papers together, as JSON. Half of the 2 MB that the server takes in one payload."""

MOST_WEIGHT_IN_A_TASK = 2_000
"""Lines times facts that are taken at one go: 10 facts of an order of 200 lines, 400 of one of 5. The engine
breaks off an activation after two seconds, and would get the same facts again, for ever; this is 0.1 s of work."""

LONGEST_BETWEEN_PORTIONS = timedelta(seconds=1)
"""The next portion comes when the one before is recorded. Where the database is away, nobody who told something waits
for it longer than this."""

SHORTEST_TIMER = timedelta(seconds=1)
"""A deadline that has just passed never spins the order."""

MOST_REPAIRS_IN_A_ROW = 50
"""Each repair raises the epoch by one, so a reset order soon passes the database's epoch. A database that still
disagrees after so many is broken, and the order stops loudly."""
