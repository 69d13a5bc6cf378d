"""The dossier: what every durable case has, whatever it is about.

A number, a clock, a journal, open steps, decisions, exceptions, papers that are due, facts that were seen, holds, the
staff, the policy and the edition of the rules that it keeps. An order is one; a quote, a contract or an after-sales
case can be another. Nothing here knows what an order is.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, PrivateAttr

from models.dossier.decision_record import Asked, key_of
from models.dossier.incidents import Hold, Trouble
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.open_steps import OpenStep
from models.dossier.papers_due import Intention, Paper, StaffId, as_journaled, as_said
from models.dossier.records.recording import Unheard
from models.dossier.records.shared_books import BookAnswer, SharedBook, SharedQuestion
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.seen import Seen
from models.policy import Policy
from models.staff import StaffAssignment
from models.values.calendar import MIDNIGHT_ENDS_THE_DAY, Calendar, business_date
from models.values.editions import Edition
from models.values.errors import TooEarly
from models.values.vocabulary import Role


class Dossier(BaseModel):
    """One durable case. All instants UTC, all dates business dates (+08:00)."""

    told_by_the_journal: ClassVar[tuple[str, ...]] = ()
    """Fields that only remember what stands in the journal: the head of the journal covers them, no digest need do it again."""

    commands: ClassVar[str] = ""
    """What stands before a command that moves a case of this kind on, as `starter.py` takes it."""

    number: str
    placed_at: datetime
    staff: StaffAssignment
    policy: Policy
    edition: int
    """The edition of the rules that it follows; it moves only by a recorded fact."""
    calendar: Calendar

    clock: datetime
    """The latest moment the case was told about: 'it is now …'."""
    ended_at: datetime | None = None

    asked: dict[str, Asked] = {}
    voided: list[Asked] = []
    steps: dict[str, OpenStep] = {}
    troubles: dict[str, Trouble] = {}
    holds: list[Hold] = []
    overrides: list[tuple[str, str]] = []
    """Duties that were set aside openly: rule and person."""
    last_movement: datetime

    seen: dict[str, str] = {}
    """Fact id -> short digest of its content: the same fact twice is known."""
    early: list[Envelope] = []
    """Facts that came before they could be used, in the order in which they came."""
    intended: set[str] = set()
    """Identities of the papers that became due: none becomes due twice."""
    questions: dict[str, SharedQuestion] = {}
    """What was asked of a book that cases share and is not answered yet, by its key."""
    asked_of_books: set[str] = set()
    """The keys of all that was ever asked of one: nothing is asked twice."""
    sequence: int = 0
    head: str = FIRST_LINK
    unsaved: list[JournalEntry] = []
    unsent: list[Intention] = []
    _unheard: list[Unheard] = PrivateAttr(default_factory=list)
    """Refusals of which nobody heard, until they are recorded: they belong to the recorder, and never to what the case is."""

    # --- writing the journal -------------------------------------------------------------------------------------

    def note(
        self,
        kind: EntryKind,
        subject: str,
        *,
        at: datetime | None = None,
        by: str = "",
        role: Role = Role.SYSTEM,
        rule: str = "",
        **data: Any,
    ) -> JournalEntry:
        """Write one journal entry, next in number and chained to the one before."""
        entry = JournalEntry.linked(
            self.sequence + 1, self.head, kind, subject, at or self.clock, self.clock, by, role, rule, data
        )
        self.sequence, self.head = entry.sequence, entry.hash
        self.unsaved.append(entry)
        return entry

    @property
    def unheard(self) -> list[Unheard]:
        """What was refused, nobody was answered about, and is not recorded yet."""
        return self._unheard

    def intend(
        self,
        paper: Paper,
        identity: str,
        to: tuple[Role, ...],
        rule: str,
        *,
        person: str = "",
        **values: object,
    ) -> None:
        """A paper or notice is due; the same identity is due only once. `person`: who is told in place of the roles."""
        own, identity = identity, f"{paper.value}:{identity}"
        if identity in self.intended:
            return
        self.intended.add(identity)
        words, said = as_journaled(paper, values), as_said(paper, values)
        entry = self.note(
            EntryKind.INTENTION, identity, rule=rule, to=[role.value for role in to], zh=words.zh, en=words.en
        )
        self.unsent.append(
            Intention(
                identity=identity,
                paper=paper,
                to=to,
                zh=said.zh,
                en=said.en,
                rule=rule,
                created_at=self.clock,
                sequence=entry.sequence,
                content=self.content_of(paper, own),
                named=tuple(value for value in values.values() if isinstance(value, StaffId)),
                person=person if person not in {self.staff.person(role) for role in to} else "",
            )
        )

    def content_of(self, paper: Paper, identity: str) -> dict[str, Any] | None:
        """What is to be printed on a paper of this case; None where it is a notice and no paper."""
        return None

    def require_seen(self, seen: Seen) -> None:
        """Raises Refusal(stale_version) where the case is not any more what somebody saw of it."""

    def require_fits(self, kind: str) -> None:
        """Raises Refusal(contradiction) for a fact that is about nothing a case of this kind has."""

    def follows(self, edition: Edition) -> bool:
        """Whether it follows the rules of this edition (`models.values.editions`)."""
        return self.edition >= edition

    # --- what cases share ----------------------------------------------------------------------------------------

    def ask_book(self, book: SharedBook, key: str, content: dict[str, Any], rule: str) -> None:
        """Ask a book that cases share (`models.dossier.records.shared_books`); nothing happens where this key was asked before.

        The answer comes as the fact `book.fact`. `content` is plain JSON and says all that the answer rests on.
        """
        if key in self.asked_of_books:
            return
        self.asked_of_books.add(key)
        entry = self.note(EntryKind.BOOK_ASKED, key, rule=rule, book=book.value, content=content)
        self.questions[key] = SharedQuestion(
            key=key, book=book, asked_at=self.clock, sequence=entry.sequence, content=content
        )

    def take_answer(self, answer: BookAnswer) -> bool:
        """A book answered a question, which is open no more; False where that was no open one, or asked another thing.

        Raises TooEarly where it was never asked: a case that is told its life again has not come to it.
        """
        if answer.question not in self.asked_of_books:
            raise TooEarly
        question = self.questions.get(answer.question)
        if question is None or question.asked != answer.asked:
            return False
        del self.questions[answer.question]
        return True

    # --- who and when --------------------------------------------------------------------------------------------

    @property
    def lives(self) -> bool:
        """Whether the case is still open: after its end every fact is refused."""
        return self.ended_at is None

    def today(self) -> date:
        """The business date of the clock."""
        return business_date(self.clock)

    @property
    def hold(self) -> Hold | None:
        """The hold that is in force now; None while the case goes on."""
        return self.holds[-1] if self.holds and self.holds[-1].released_at is None else None

    def held_days(self, end_of_day_minutes: int = MIDNIGHT_ENDS_THE_DAY) -> set[date]:
        """Business days that fell into a hold: the day of the release, but not the day it began, counts.

        A day ends so many minutes after midnight, here as wherever days are counted beside these.
        """
        days: set[date] = set()
        for hold in self.holds:
            first = business_date(hold.placed_at, end_of_day_minutes)
            last = business_date(hold.released_at or self.clock, end_of_day_minutes)
            days |= {first + timedelta(days=n) for n in range(1, (last - first).days + 1)}
        return days

    def moved_on(self) -> None:
        """Note that somebody did something about it at the time of its clock; a case that nobody moves is listed as hanging."""
        self.last_movement = max(self.last_movement, self.clock)

    # --- decisions and exceptions --------------------------------------------------------------------------------

    def decision(self, subject: Subject, line: int | None = None) -> Asked | None:
        """What was asked about a subject, answered or not."""
        return self.asked.get(subject if line is None else key_of(subject, line))

    def outcome(self, subject: Subject, line: int | None = None) -> Outcome | None:
        """How a subject was decided; None while it is open or was never asked."""
        asked = self.decision(subject, line)
        return asked.outcome if asked else None

    @property
    def unresolved(self) -> list[Trouble]:
        """Exceptions without a resolution."""
        return [trouble for trouble in self.troubles.values() if trouble.resolved_at is None]
