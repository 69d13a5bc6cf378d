"""The audit as an activity of the nightly job: one page of orders, on a worker's own connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from models.reports.store_audit import Audited, AuditPage
from runtime.settings import Settings
from workflows.engine.limits import AUDIT_ACTIVITY

if TYPE_CHECKING:
    from temporalio.client import Client


class StoreAuditing:
    """Audits the stores of one installation."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    @activity.defn(name=AUDIT_ACTIVITY)
    async def audit_page(self, page: AuditPage) -> Audited:
        """Compare one page of orders, and heal it. Raises Refusal (server or database unavailable): it is tried again."""
        from runtime.audit.auditing import audit_page

        return await audit_page(self._client, self._settings, page)
