"""The company's own files: `policy.toml`, read when an order is placed (the order keeps it), `notices.toml`, `webhooks/`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from models.facts.webhook_events import SenderTable
from models.messages.envelope import read_content, read_entered
from models.policy import Policy
from models.reports.balance_reminder import ReminderPolicy
from models.reports.notice_routes import NoticeTable
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner

_NO_SENDER = Words("没有这个来源的对照表：{file}", "there is no table for this sender: {file}")
REMINDERS = "reminders"
"""The part of the file that speaks of a job and not of orders."""


def read_policy(path: Path) -> Policy:
    """The policy of orders; without a file every default. Raises Refusal that names file and field."""
    raw = _read(path)
    raw.pop(REMINDERS, None)
    return read_entered(Policy, raw, Manner.TYPED, inside=path.name)


def read_reminder_policy(path: Path) -> ReminderPolicy:
    """The ladder of reminders; without one the default. Raises as `read_policy`."""
    return read_entered(
        ReminderPolicy, _read(path).get(REMINDERS, {}), Manner.TYPED, inside=f"{path.name}.{REMINDERS}"
    )


def read_notice_table(path: Path) -> NoticeTable:
    """Who hears of what by which way; without a file everybody by mail. Raises as `read_policy`."""
    raw = _read(path)
    return read_content(NoticeTable, raw, inside=path.name) if raw else NoticeTable()


def read_sender_table(path: Path) -> SenderTable:
    """What a sender's events mean. Raises as `read_policy`; without a file the sender is not known."""
    raw = _read(path)
    if not raw:
        raise Refusal(Code.UNKNOWN_PERSON, _NO_SENDER.filled(file=path), where=path.stem)
    return read_content(SenderTable, raw, inside=path.name)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        words = Words(f"文件 {path} 读不了：{broken}", f"the file {path} cannot be read: {broken}")
        raise Refusal(Code.MALFORMED_FILE, words, where=str(path)) from None
