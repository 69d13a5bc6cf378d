"""Papers and notices of an order as its page shows them: printed or not, sent or not yet, as it really is (R30, R51, R72)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from activities.documents.printed_papers import Document
from activities.notices.deliveries import DeliveryView
from gateway.shown_names import ShownNames
from models.documents.paper_words import title_of
from models.reports.notice_routes import GROUP, DeliveryState
from models.values.vocabulary import Role, Words

_NOT_SENT = Words("未发出", "not sent yet")
_ALL_SENT = Words("已发出", "sent")
_SOME_SENT = Words("已发出 {sent}/{all}", "{sent} of {all} sent")
_WITHDRAWN = Words("已撤回", "withdrawn")
_NOBODY = Words("不外发", "not sent to anybody")
_THE_GROUP = Words("工作群", "the group")


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A printed paper, and whether it went out. `problem`: what keeps it from being printed."""

    document: str | None
    title: Words
    created_at: datetime
    state: Words
    is_sent: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """A notice to one addressee, by one way, and what became of it."""

    words: Words
    to: Words
    channel: Words
    state: DeliveryState
    at: datetime
    problem: str


def papers_shown(documents: Iterable[Document], deliveries: Iterable[DeliveryView]) -> list[PaperShown]:
    """The papers of an order, each with what became of it."""
    known = list(deliveries)
    found = []
    for each in documents:
        states = [one.state for one in known if one.identity == each.identity]
        state = _state_of(states)
        sent = state.zh.startswith(_ALL_SENT.zh)
        found.append(
            PaperShown(each.document, title_of(each.paper), each.created_at, state, sent, each.problem)
        )
    return found


def _state_of(states: list[DeliveryState]) -> Words:
    if not states:
        return _NOBODY
    counted = [each for each in states if each is not DeliveryState.WITHDRAWN]
    if not counted:
        return _WITHDRAWN
    sent = counted.count(DeliveryState.SENT)
    if sent in (0, len(counted)):
        return _ALL_SENT if sent else _NOT_SENT
    return _SOME_SENT.filled(sent=sent, all=len(counted))


def notices_shown(deliveries: Iterable[DeliveryView], names: ShownNames) -> list[NoticeShown]:
    """What was to be told to whom, the newest first."""
    found = [
        NoticeShown(
            Words(each.zh.split("\n")[0], each.en.split("\n")[0]),
            _addressee(each.addressee, names),
            Words(each.channel.zh, each.channel.en),
            each.state,
            each.sent_at or each.entered_at,
            each.problem or "",
        )
        for each in deliveries
    ]
    return found[::-1]


def _addressee(value: str, names: ShownNames) -> Words:
    if value == GROUP:
        return _THE_GROUP
    role = next((each for each in Role if each.value == value), None)
    return Words(role.zh, role.en) if role is not None else names.of(value)
