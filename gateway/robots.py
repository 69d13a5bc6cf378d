"""What robots may look at: the catalogue of the shop, which everybody may; no page of a customer, of the staff or of a link."""

from __future__ import annotations

CATALOGUE = "/shop"
OF_THE_CATALOGUE = ("/shop/p/", "/shop/compare", "/shop/terms", "/shop/pictures/", "/static/")
ROBOTS = "\n".join(
    (
        "User-agent: *",
        f"Allow: {CATALOGUE}$",
        *(f"Allow: {path}" for path in OF_THE_CATALOGUE),
        "Disallow: /",
        "",
    )
)
"""The answer to `/robots.txt` (RFC 9309): the longest line that fits counts."""
NOT_LISTED = {"X-Robots-Tag": "noindex, nofollow"}
"""For robots that found an address elsewhere, as one with a link's secret in a letter."""


def is_listed(path: str) -> bool:
    """Whether a page may stand in the lists of search engines."""
    return path == CATALOGUE or path.startswith(OF_THE_CATALOGUE)
