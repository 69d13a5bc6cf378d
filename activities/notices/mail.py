"""Notices by e-mail (SMTP). The Message-ID is the notice's own, the same each time: mail systems know it again."""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from activities.notices.channels import PATIENCE_SECONDS, Message, NotSent, Rejected, Unclear
from models.values.signs import shown

_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+$")
_PERMANENT = 500
_OF_THE_ACCOUNT = {530, 534, 535, 538}
"""Log-in refused: that is the channel's trouble and not the recipient's."""


_LONGEST_SUBJECT = 300
"""Signs, on one line: what stands behind a line break would be a header of its own."""


class SmtpSender:
    """One SMTP server, by URL: `smtp://user:password@host:port`, `smtps://…`, `smtp+starttls://…`."""

    knows_again = True

    def __init__(self, url: str, sender: str, patience: float = PATIENCE_SECONDS) -> None:
        self._place = urlsplit(url)
        self._sender = sender
        self._patience = patience

    def send(self, message: Message) -> None:
        """One connection a message: notices are few, and each then fails for itself. Raises NotSent, Rejected, Unclear."""
        try:
            mail = self._mail(message)
        except (ValueError, IndexError) as error:
            raise Rejected(f"{message.address!r}: {error}") from error
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_told(error)) from error
        with _closing(server):
            try:
                refused = server.send_message(mail)
            except smtplib.SMTPRecipientsRefused as error:
                raise _not_taken(error.recipients) from error
            except smtplib.SMTPResponseException as error:
                if error.smtp_code >= _PERMANENT and error.smtp_code not in _OF_THE_ACCOUNT:
                    raise Rejected(_told(error)) from error
                raise NotSent(_told(error), channel_is_down=False) from error
            except smtplib.SMTPNotSupportedError as error:
                raise Rejected(_told(error)) from error
            except (OSError, smtplib.SMTPException) as error:
                raise Unclear(_told(error)) from error
        if refused:
            raise _not_taken(refused, left=", ".join(refused))

    def _connected(self) -> smtplib.SMTP:
        place = self._place
        host, kind = place.hostname or "", place.scheme
        if kind == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, place.port or 465, timeout=self._patience, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, place.port or 25, timeout=self._patience)
        try:
            if kind == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if place.username:
                server.login(unquote(place.username), unquote(place.password or ""))
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    def _mail(self, message: Message) -> EmailMessage:
        if not all(_ADDRESS.match(each.strip()) for each in message.address.split(",")):
            raise ValueError("不是邮件地址 · no mail address")
        mail = EmailMessage()
        _, address = parseaddr(self._sender)
        mail["From"] = self._sender
        mail["To"] = message.address
        mail["Subject"] = shown(message.subject, _LONGEST_SUBJECT)
        mail["Date"] = format_datetime(datetime.now(UTC))
        digest = hashlib.sha256(message.identity.encode()).hexdigest()[:40]
        mail["Message-ID"] = f"<{digest}@{address.rpartition('@')[2] or 'dingdan'}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        for each in message.attachments:
            main, _, sub = each.media_type.partition("/")
            mail.add_attachment(each.content, maintype=main, subtype=sub, filename=shown(each.name))
        return mail


class _closing:  # noqa: N801 - reads as a word of the language
    """`quit` that never hides what went wrong before."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()


def _not_taken(refused: dict[str, tuple[int, bytes]], left: str = "") -> NotSent | Rejected:
    """What the server's answers to addresses come to: while it may still take one of them, it is tried again."""
    said = "; ".join(f"{address}: {_answer(*answer)}" for address, answer in refused.items())
    if any(code < _PERMANENT for code, _ in refused.values()):
        return NotSent(said, channel_is_down=False, left=left)
    return Rejected(said, left=left)


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {words}"


def _told(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
