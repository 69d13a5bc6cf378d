"""What goes out on a channel, and what may become of it: sent, surely not sent, refused, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

PATIENCE_SECONDS = 20.0
"""How long another machine may take to answer."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes
    media_type: str
    place: str = ""
    """Where it is kept, as a path or a link: for a channel that carries words only."""

    @property
    def is_picture(self) -> bool:
        """Whether a chat group can show it."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Message:
    """One notice to one address. `identity` is the same each time it is tried."""

    identity: str
    address: str
    subject: str
    text: str
    file_name: str
    attachments: list[Attachment] = field(default_factory=list)


class NotSent(Exception):
    """Surely not sent; the channel or this message may go later. `channel_is_down`: nothing else would go now.

    `left`: of several addresses those that it did not reach; the others have it.
    """

    def __init__(self, reason: str, *, channel_is_down: bool = True, left: str = "") -> None:
        super().__init__(reason)
        self.channel_is_down = channel_is_down
        self.left = left


class Rejected(Exception):
    """The other side will not take it, now or later: a person must look. `left` as in NotSent."""

    def __init__(self, reason: str, *, left: str = "") -> None:
        super().__init__(reason)
        self.left = left


class Unclear(Exception):
    """It may have been sent: the connection broke, or the answer never came."""


class Sender(Protocol):
    """One channel that is set up."""

    knows_again: bool
    """Whether the other side can tell that it has this message already: then an unclear one is simply sent again."""

    def send(self, message: Message) -> None:
        """Send it. Raises NotSent, Rejected, Unclear."""
