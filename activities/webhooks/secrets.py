"""Secrets with which events are signed, by Standard Webhooks: made of the installation's own, and kept in no table."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
_NAME = "webhook endpoint"


def signing_secret(own: str, endpoint: str, number: int) -> str:
    """One of an endpoint's secrets, as its receiver keeps it; `own` is the installation's (`runtime.link_secret`)."""
    digest = hmac.digest(own.encode(), f"{_NAME} {endpoint} {number}".encode(), "sha256")
    return PREFIX + base64.b64encode(digest).decode()


def secret_digest(secret: str) -> str:
    """By what is known later that it is the same secret; it cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def signed_headers(secrets: list[str], message_id: str, now: datetime, body: str) -> dict[str, str]:
    """The headers of a signed event: one signature for each secret that counts now, the newest first."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(each).sign(message_id, now, body) for each in secrets),
    }
