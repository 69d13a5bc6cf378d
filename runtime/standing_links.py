"""The links on this installation's notices and papers to customers (R85): none where the door has no public address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.link_secret import link_secret

if TYPE_CHECKING:
    from activities.access.standing_links import StandingLinks
    from runtime.settings import Settings


def standing_links(settings: Settings) -> StandingLinks:
    """They lead to `gateway_url`. Raises Refusal(not_set_up) as `link_secret`."""
    from activities.access.standing_links import StandingLinks
    from activities.store.database import engine_at

    address = settings.gateway_url.rstrip("/")
    secret = link_secret(settings) if address else ""
    return StandingLinks(engine_at(settings.database_url), secret, address, settings.link_days)
