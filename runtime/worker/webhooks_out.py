"""The deliverer of this installation: what other shops hear of their orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.link_secret import link_secret
from runtime.settings import Settings

if TYPE_CHECKING:
    from activities.webhooks.deliverer import Deliverer


def build_deliverer(settings: Settings) -> Deliverer:
    """With its secret and its policy, which is read each time so that a change counts at once."""
    from activities.store.company_files import read_policy
    from activities.store.database import engine_at
    from activities.webhooks.deliverer import Deliverer

    return Deliverer(
        engine_at(settings.database_url),
        link_secret(settings),
        lambda: read_policy(settings.policy).webhooks,
        inner=settings.webhook_inner_addresses,
    )
