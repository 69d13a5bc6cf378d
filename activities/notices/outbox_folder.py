"""Notices as files in a folder: where no other way is set up, everything can still be seen."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from activities.notices.channels import Message, NotSent


class OutboxFolder:
    """Writes each notice into a file of its own; writing one twice gives the same file."""

    knows_again = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write it. Raises NotSent where the folder cannot be written to."""
        target = self._folder / f"{message.file_name}.txt"
        # Two processes may write the same text at once: each its own part, and the last one stays.
        part = self._folder / f".{message.file_name}.{os.getpid()}-{threading.get_ident()}.part"
        names = "\n".join(f"附件 attached: {each.name}" for each in message.attachments)
        text = f"致 to: {message.address}\n{message.subject}\n\n{message.text}\n{names}".rstrip() + "\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(target)
        except OSError as error:
            raise NotSent(f"{self._folder}: {error.strerror}") from error
