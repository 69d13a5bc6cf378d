"""The post office: sends what was routed, and marks it.

A delivery is marked as being sent before it is, and as sent after. Where this process dies in between, a channel that
knows a message again gets it once more under the same identity; of any other a person says whether it went.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, select, update

from activities.access.sent_codes import CODES, SentCodes
from activities.access.standing_links import StandingLinks, orders_in
from activities.documents.document_store import DocumentStore
from activities.facts.desk_steps import close_step, open_step
from activities.facts.doubtful import KEY, doubt, same_delivery, subject_of
from activities.notices.channels import Attachment, Message, NotSent, Rejected, Sender, Unclear
from activities.notices.notice_texts import NoticeTexts
from activities.reminders.reminder_letters import held_until, is_out_of_date, withdraw
from activities.shop.own_orders import expected_of
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from models.documents.customer_texts import told_to_customer
from models.dossier.papers_due import Paper
from models.reports.desk_steps import DeskStepKind, desk_step
from models.reports.notice_routes import GIVE_UP_AFTER, POSTED, Channel, DeliveryState, next_attempt
from models.tables.registry import table
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Role, Words
from models.writing.printed_figures import day

AT_ONCE = 100
LEASE = timedelta(minutes=3)
"""Longer than any channel may take: after it whoever was sending has died."""
_NAMES_THE_DAY = (Paper.ORDER_PAID, Paper.ORDER_REOPENED)
_LONGEST_NAME = 40
_SYSTEM = "system"
_OPEN = Words("办理：", "Open the card: ")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one attempt."""

    order_number: str
    identity: str
    addressee: str
    channel: Channel
    state: DeliveryState
    problem: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


class PostOffice:
    """Sends what the outbox holds, by the channels that are set up."""

    def __init__(
        self,
        engine: Engine,
        texts: NoticeTexts,
        senders: Mapping[Channel, Sender],
        store: DocumentStore,
        clock: Callable[[], datetime] = _now,
        *,
        keeps_holidays: bool = True,
        codes: tuple[SentCodes, ...] = (),
        links: StandingLinks | None = None,
        card_of: Callable[[str, str, str], str] | None = None,
    ) -> None:
        self._engine = engine
        self._texts = texts
        self._senders = senders
        self._store = store
        self._clock = clock
        self._keeps_holidays = keeps_holidays
        self._codes = codes
        self._card_of = card_of
        self._links = links

    # --- sending --------------------------------------------------------------------------------------------------

    def send_due(self) -> list[Delivered]:
        """Try what is due, each once; a channel that is down is left alone until later.

        Raises Refusal where the database cannot be used.
        """
        self._recover()
        deliveries, down, done = table("deliveries"), set[str](), list[Delivered]()
        query = (
            select(deliveries)
            .where(
                deliveries.c.state == DeliveryState.WAITING.value,
                deliveries.c.next_at <= self._clock(),
                deliveries.c.channel.in_([each.value for each in self._senders]),
            )
            .order_by(deliveries.c.entered_at, *(deliveries.c[name] for name in KEY))
        )
        with reading(self._engine) as connection:
            due = connection.execute(query.limit(AT_ONCE)).mappings().all()
        for row in due:
            if row["channel"] not in down:
                with self._each(row):
                    done += self._try(row, down)
        return done

    def _try(self, row: RowMapping, down: set[str]) -> list[Delivered]:
        codes = self._codes_of(row)
        if self._is_code(row) and (codes is None or codes.is_over(row["identity"], self._clock())):
            self._withdraw(row)
            return []
        paper = self._claim(row)
        if paper is None:
            return []
        outcome = self._send(row, paper)
        if outcome.state is DeliveryState.WAITING and outcome.channel_is_down:
            down.add(row["channel"])
        return [self._mark(row, paper, outcome, row["attempts"] + 1)]

    @contextmanager
    def _each(self, row: RowMapping) -> Iterator[None]:
        """One delivery: a fault met with it is a clerk's question, and the others go out. Raises trouble of the world."""
        try:
            with named_faults("/".join(str(row[name]) for name in KEY)):
                yield
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            doubt(self._engine, row, refusal, self._clock())

    def _recover(self) -> None:
        """Those that were being sent by a process that died."""
        deliveries, now = table("deliveries"), self._clock()
        query = select(deliveries).where(
            deliveries.c.state == DeliveryState.SENDING.value, deliveries.c.next_at < now
        )
        with reading(self._engine) as connection:
            lost = connection.execute(query).mappings().all()
        for row in lost:
            with self._each(row):
                paper = self._paper_of(row)
                sender = self._senders.get(_channel(row["channel"]))
                again = sender is not None and sender.knows_again
                state = DeliveryState.WAITING if again else DeliveryState.UNCERTAIN
                self._mark(row, paper, _Outcome(state, "the sender died"), row["attempts"])

    def _claim(self, row: RowMapping) -> RowMapping | None:
        """The paper, where this process is the one to send it; None where another is, or it is no longer wanted."""
        deliveries = table("deliveries")
        with writing(self._engine) as connection:
            paper = connection.execute(select(table("outbox")).where(_same_paper(row))).mappings().one()
            if paper["paper"] == Paper.REMINDER.value and self._stays(connection, row, paper):
                return None
            claimed = connection.execute(
                update(deliveries)
                .where(same_delivery(row), deliveries.c.state == DeliveryState.WAITING.value)
                .values(
                    state=DeliveryState.SENDING.value,
                    attempts=deliveries.c.attempts + 1,
                    next_at=self._clock() + LEASE,
                )
            )
            return paper if claimed.rowcount else None

    @staticmethod
    def _is_code(row: RowMapping) -> bool:
        return str(row["identity"]).startswith(CODES)

    def _codes_of(self, row: RowMapping) -> SentCodes | None:
        """Whoever makes the codes of which this is one."""
        identity = str(row["identity"])
        return next((each for each in self._codes if identity.startswith(each.begins)), None)

    def _withdraw(self, row: RowMapping) -> None:
        """A code that is over, or that nobody here can make, is sent to nobody (R31)."""
        deliveries = table("deliveries")
        with writing(self._engine) as connection:
            connection.execute(
                update(deliveries)
                .where(same_delivery(row), deliveries.c.state == DeliveryState.WAITING.value)
                .values(state=DeliveryState.WITHDRAWN.value)
            )

    def _stays(self, connection: Connection, row: RowMapping, letter: RowMapping) -> bool:
        """Whether this letter does not go now: it is taken back when it is out of date, and held on holidays (R51)."""
        if is_out_of_date(connection, letter, self._clock()):
            withdraw(connection, letter)
            return True
        until = held_until(connection, self._clock()) if self._keeps_holidays else None
        if until is not None:
            deliveries = table("deliveries")
            waits = deliveries.c.state == DeliveryState.WAITING.value
            connection.execute(update(deliveries).where(same_delivery(row), waits).values(next_at=until))
        return until is not None

    def _send(self, row: RowMapping, paper: RowMapping) -> _Outcome:
        sender = self._senders[_channel(row["channel"])]
        try:
            with named_faults(f"the letter {row['order_number']} {row['identity']}"):
                message = self._message(row, paper)
            sender.send(message)
        except Refusal as refusal:
            # a template or the store: it concerns this paper, and is mended by a person
            reason = f"{refusal.words.zh} · {refusal.words.en}"
            return _Outcome(DeliveryState.WAITING, reason, of_the_paper=refusal.where or paper["paper"])
        except NotSent as error:
            return _Outcome(
                DeliveryState.WAITING, str(error), channel_is_down=error.channel_is_down, left=error.left
            )
        except Rejected as error:
            return _Outcome(DeliveryState.REJECTED, str(error), left=error.left)
        except Unclear as error:
            state = DeliveryState.WAITING if sender.knows_again else DeliveryState.UNCERTAIN
            return _Outcome(state, str(error), channel_is_down=True)
        return _Outcome(DeliveryState.SENT)

    def _message(self, row: RowMapping, paper: RowMapping) -> Message:
        files = list(paper["attachments"] or [])
        if paper["document"]:
            files.insert(0, {"name": f"{_letter_text(row)}.pdf", "document": f"{paper['document']}.pdf"})
        addressee = next((role for role in Role if role.value == row["addressee"]), None)
        kind, words, theirs = (
            _paper(paper["paper"]),
            Words(paper["zh"], paper["en"]),
            _reaches_the_customer(row, paper),
        )
        text = self._texts.text_of(
            kind,
            {
                "number": row["order_number"],
                "words": told_to_customer(kind, words) if theirs else words,
                "rule": "" if theirs else paper["rule"],
                "link": self._link(row, paper) if theirs else "",
                "content": paper["content"] or {},
                "to": addressee or Words(row["addressee"], row["addressee"]),
                "is_customer": addressee is Role.CUSTOMER,
                "attachments": [file["name"] for file in files],
                "expected": self._expected(kind, paper),
                **self._code_in(row),
            },
        )
        return Message(
            identity="/".join(str(row[name]) for name in KEY),
            address=row["address"],
            subject=text.subject,
            text=text.text + self._way_to_card(row, paper),
            file_name=_letter_text(row),
            attachments=[
                Attachment(
                    file["name"],
                    self._store.read(file["document"]),
                    _media_type(file["name"]),
                    self._store.shown(file["document"]),
                )
                for file in files
            ],
        )

    def _way_to_card(self, row: RowMapping, paper: RowMapping) -> str:
        """In a chat group the way to the card that a notice is about; nothing where it reaches the customer."""
        if (
            self._card_of is None
            or _channel(row["channel"]) not in POSTED
            or _reaches_the_customer(row, paper)
        ):
            return ""
        link = self._card_of(row["order_number"], row["identity"], paper["rule"])
        words = self._texts.in_its_language(_OPEN)
        return f"\n\n{words}{link}" if link else ""

    def _code_in(self, row: RowMapping) -> dict[str, str]:
        """The code that this notice is about: it stands in the message alone, and in no table."""
        codes = self._codes_of(row)
        return {} if codes is None else {"code": codes.code(row["identity"])}

    def _expected(self, kind: Paper, paper: RowMapping) -> str:
        """The day on which what was paid in the shop is expected; empty where this notice is about something else (R122)."""
        if kind not in _NAMES_THE_DAY:
            return ""
        return day(expected_of(self._engine, paper["order_number"], paper["created_at"]))

    def _link(self, row: RowMapping, paper: RowMapping) -> str:
        """Where the customer who reads this copy reads on; empty where the door has no public address (R85)."""
        if self._links is None:
            return ""
        return self._links.of_notice(orders_in(row["order_number"], paper["content"]))

    # --- marking --------------------------------------------------------------------------------------------------

    def _mark(self, row: RowMapping, paper: RowMapping, outcome: _Outcome, attempt: int) -> Delivered:
        """Note what became of this attempt, and what follows. One that outlived its lease, while another went on with it,
        says no more than that it was sent after all."""
        now, state = self._clock(), outcome.state
        values: dict[str, Any] = {"state": state.value, "problem": outcome.reason or None, "next_at": now}
        if state is DeliveryState.SENT or outcome.left:
            values["sent_at"] = now
        if outcome.left:
            values["address"] = outcome.left
        if state is DeliveryState.WAITING:
            values["next_at"] = next_attempt(now, row["attempts"] + 1)
        with writing(self._engine) as connection:
            deliveries = table("deliveries")
            marking = update(deliveries).where(same_delivery(row))
            if state is not DeliveryState.SENT:
                marking = marking.where(
                    deliveries.c.state == DeliveryState.SENDING.value, deliveries.c.attempts == attempt
                )
            if connection.execute(marking.values(values)).rowcount:
                self._steps(connection, row, paper, outcome, now)
        channel = _channel(row["channel"])
        return Delivered(
            row["order_number"], row["identity"], row["addressee"], channel, state, outcome.reason
        )

    def _steps(
        self, connection: Connection, row: RowMapping, paper: RowMapping, outcome: _Outcome, now: datetime
    ) -> None:
        """What a person must look at after this attempt, and what has mended itself."""
        channel = _channel(row["channel"])
        down = f"{DeskStepKind.CHANNEL_DOWN.value}:{channel.value}"
        about = {
            **{name: row[name] for name in KEY},
            "channel_zh": channel.zh,
            "channel_en": channel.en,
            "subject_zh": paper["zh"],
            "subject_en": paper["en"],
            "address": outcome.left or row["address"],
            "reason": outcome.reason,
        }
        kind, subject = None, subject_of(row)
        if outcome.state is DeliveryState.SENT:
            close_step(connection, down, now, by=_SYSTEM, resolution="sent again")
            asked = f"{DeskStepKind.WAS_IT_SENT.value}:{subject}"
            close_step(connection, asked, now, by=_SYSTEM, resolution="it was sent")
        elif outcome.state is DeliveryState.REJECTED:
            kind = DeskStepKind.REJECTED
        elif outcome.state is DeliveryState.UNCERTAIN:
            kind = DeskStepKind.WAS_IT_SENT
        elif outcome.of_the_paper:
            kind, subject = DeskStepKind.PAPER_PROBLEM, outcome.of_the_paper
        elif now - row["entered_at"] > GIVE_UP_AFTER:
            kind, subject = DeskStepKind.CHANNEL_DOWN, channel.value
        if kind is not None:
            step = desk_step(kind, subject, now, rule=paper["rule"], order=row["order_number"], **about)
            open_step(connection, step)

    def _paper_of(self, row: RowMapping) -> RowMapping:
        with reading(self._engine) as connection:
            return connection.execute(select(table("outbox")).where(_same_paper(row))).mappings().one()


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: DeliveryState
    reason: str = ""
    channel_is_down: bool = False
    of_the_paper: str = ""
    left: str = ""
    """Of several addresses those that it did not reach."""


def _same_paper(row: RowMapping) -> Any:
    outbox = table("outbox")
    return and_(outbox.c.order_number == row["order_number"], outbox.c.identity == row["identity"])


def _paper(value: str) -> Paper:
    return next(paper for paper in Paper if paper.value == value)


def _channel(value: str) -> Channel:
    return next(channel for channel in Channel if channel.value == value)


def _letter_text(row: RowMapping) -> str:
    """A name that every file system takes; the digest keeps apart what no file name can."""
    identity = str(row["identity"])
    plain = re.sub(r"[^\w.-]+", "_", identity)[:_LONGEST_NAME]
    digest = hashlib.sha256(identity.encode()).hexdigest()[:8]
    return "-".join(part for part in (row["order_number"], plain, digest) if part)


def _reaches_the_customer(row: RowMapping, paper: RowMapping) -> bool:
    """Whether the customer reads this copy, by name or in the folder where everybody is told in one: no rule stands in it."""
    told_in_one = row["addressee"] == "" and Role.CUSTOMER.value in (paper["roles"] or [])
    return row["addressee"] == Role.CUSTOMER.value or told_in_one


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
