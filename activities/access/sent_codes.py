"""One-time codes on their way: which notices are codes, and who makes the code anew when it is sent.

A code stands in no table: the notice names it, and whoever sends it computes it from the installation's secret.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from models.values.vocabulary import Words

SIGNING = "signing_code:"
LOG_IN = "log_in_code:"
CODES = (SIGNING, LOG_IN)
"""How the identity of a notice begins that is a code (R31): it is over in minutes."""
OTHER_SECRET = Words(
    "发通知的进程与网关的 DINGDAN_LINK_SECRET 不同，验证码发不出去",
    "whoever sends notices has another DINGDAN_LINK_SECRET than the gateway; the code cannot be sent",
)


class SentCodes(Protocol):
    """Codes of one kind as the post office sends them, while they can still be used."""

    @property
    def begins(self) -> str:
        """How the identity of their notices begins."""
        ...

    def is_over(self, identity: str, now: datetime) -> bool:
        """Whether the code of a notice can be used no more."""
        ...

    def code(self, identity: str) -> str:
        """The code of a notice. Raises Refusal(not_set_up) where the gateway has another secret."""
        ...
