"""A real mail server on loopback."""

from __future__ import annotations

import asyncio
import email
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.notices.mail import SmtpSender


class Mailbox:
    """What a mail server took; what it answers to a recipient can be chosen."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.taken: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.breaks_after_data = False

    async def handle_RCPT(  # noqa: N802 - the server's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.taken.append(list(envelope.rcpt_tos))
        if self.breaks_after_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"


def smtp(controller: Controller) -> SmtpSender:
    return SmtpSender(f"smtp://127.0.0.1:{controller.port}", "订单部 <orders@example.com>", patience=30)
