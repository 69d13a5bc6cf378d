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
            healed, left = whole.counted(AuditOutcome.HEALED), whole.counted(AuditOutcome.LEFT)
            workflow.set_current_details(
                f"核对 {whole.orders} 单（没有变动而略过 {whole.unmoved}），已修复 {healed} 处，待人处理 {left} 处 · "
                f"{whole.orders} orders and other cases compared ({whole.unmoved} unmoved and passed over), "
                f"{healed} differences healed, {left} left"
            )
            if not done.after:
                return whole
            page = asked.model_copy(update={"after": done.after})
