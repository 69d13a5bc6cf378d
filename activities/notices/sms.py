"""Notices as text messages, through a gateway over HTTP."""

from __future__ import annotations

import hashlib

from activities.notices.channels import PATIENCE_SECONDS, Message
from activities.notices.fax import dialled
from activities.notices.web_calls import post


class SmsGateway:
    """A gateway that takes number and text, and knows a message again by its key (`Idempotency-Key`)."""

    knows_again = True

    def __init__(self, url: str, key: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._patience = url, patience
        self._authorization = {"Authorization": f"Bearer {key}"} if key else {}

    def send(self, message: Message) -> None:
        """Hand it over. Raises NotSent, Rejected, Unclear."""
        key = hashlib.sha256(message.identity.encode()).hexdigest()
        post(
            self._url,
            patience=self._patience,
            headers={**self._authorization, "Idempotency-Key": key},
            data={"to": dialled(message.address), "text": f"{message.subject}\n{message.text}"},
        )
