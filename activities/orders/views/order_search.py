"""Orders searched, sorted and cut into pages that stay as they are while orders are placed.

The work is done in `activities.listing`; who looks for orders asks here.
"""

from __future__ import annotations

from activities.listing.found import Page, find_orders
from activities.listing.wanted import MOST, SORTS, Wanted

__all__ = ["MOST", "SORTS", "Page", "Wanted", "find_orders"]
