"""The job that compares the stores every night, page by page, and heals what can be healed (R47)."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.reports.store_audit import Audited, AuditOutcome, AuditPage
    from workflows.engine import limits

WORKFLOW = "StoreAudit"
MOST_SHOWN = 200
"""So many differences the result names; all that are left are steps of the desk."""


@workflow.defn(name=WORKFLOW)
class StoreAudit:
    """One run of the job."""

    @workflow.run
    async def run(self, asked: AuditPage) -> Audited:
        """Page by page until every order was looked at; a page that meets trouble of the world is done anew."""
        whole = Audited()
        page = asked
        while True:
            done: Audited = await workflow.execute_activity(
                limits.AUDIT_ACTIVITY,
                page,
                result_type=Audited,
                start_to_close_timeout=limits.AUDIT_LIMIT,
                retry_policy=limits.REMIND_RETRY,
                summary=page.after or "-",
            )
            whole = whole.with_page(done)
            whole.findings = whole.findings[:MOST_SHOWN]
            workflow.set_current_details(
                f"核对 {whole.orders} 张订单，已修复 {whole.counted(AuditOutcome.HEALED)} 处，"
                f"待人处理 {whole.counted(AuditOutcome.LEFT)} 处 · {whole.orders} orders compared, "
                f"{whole.counted(AuditOutcome.HEALED)} differences healed, {whole.counted(AuditOutcome.LEFT)} left"
            )
            if not done.after:
                return whole
            page = AuditPage(after=done.after, repair=asked.repair)
