"""Notices by fax: through a gateway over HTTP, or by mail to a gateway that faxes what is attached."""

from __future__ import annotations

import dataclasses
import hashlib
import re

from activities.notices.channels import PATIENCE_SECONDS, Message, Rejected
from activities.notices.mail import SmtpSender
from activities.notices.web_calls import post

_NUMBER = re.compile(r"^\+?\d{5,20}$")
_IGNORED = re.compile(r"[\s()\-/.]")


def dialled(text: str) -> str:
    """The number as it is dialled. Raises Rejected for what is no number of a fax or phone."""
    number = _IGNORED.sub("", text)
    if not _NUMBER.match(number):
        raise Rejected(f"{text}：不是电话号码 · no number of a fax or phone")
    return number


class FaxGateway:
    """A gateway over HTTP that takes number and PDF, and knows a notice again by its key (`Idempotency-Key`)."""

    knows_again = True

    def __init__(self, url: str, key: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._patience = url, patience
        self._authorization = {"Authorization": f"Bearer {key}"} if key else {}

    def send(self, message: Message) -> None:
        """Hand it over; the gateway dials. Raises NotSent, Rejected, Unclear."""
        key = hashlib.sha256(message.identity.encode()).hexdigest()
        files = [("file", (each.name, each.content, each.media_type)) for each in message.attachments]
        post(
            self._url,
            patience=self._patience,
            headers={**self._authorization, "Idempotency-Key": key},
            data={"to": dialled(message.address), "subject": message.subject, "text": message.text},
            files=files or {"file": (message.file_name, message.text.encode(), "text/plain; charset=utf-8")},
        )


class FaxByMail:
    """A gateway that faxes what comes by mail: `{number}@fax.example.com`."""

    knows_again = True

    def __init__(self, mail: SmtpSender, pattern: str) -> None:
        self._mail, self._pattern = mail, pattern

    def send(self, message: Message) -> None:
        """Mail it to the gateway's address for this number. Raises NotSent, Rejected, Unclear."""
        address = self._pattern.replace("{number}", dialled(message.address))
        self._mail.send(dataclasses.replace(message, address=address))
