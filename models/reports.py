"""What a report of the day says (DOMAIN §7): the watch list, and the tracking numbers. Plain data and plain text."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from models.vocabulary import Language, Term, Words


class ReportKind(Term):
    """Reports that are written for a business day."""

    WATCH_LIST = "watch_list", "关注清单", "watch list"
    TRACKING_NUMBERS = "tracking_numbers", "当日运输单号", "tracking numbers of the day"


class Entry(BaseModel):
    """One line: an order and what is to be said of it."""

    order: str
    customer: str
    zh: str
    en: str


class Section(BaseModel):
    """Lines of one kind, under one heading."""

    zh: str
    en: str
    rule: str
    entries: list[Entry]


class Report(BaseModel):
    """A report of a day. Sections without lines are said to be empty: nobody need wonder."""

    kind: ReportKind
    day: date
    sections: list[Section]

    @property
    def count(self) -> int:
        """How many lines it has."""
        return sum(len(section.entries) for section in self.sections)

    def text(self, language: Language) -> str:
        """The report as it is posted or printed."""
        lines = [f"{self.kind.label(language)} {self.day.isoformat()}"]
        for section in self.sections:
            title = Words(section.zh, section.en).in_language(language)
            lines += ["", f"{title} [{section.rule}]({len(section.entries)})"]
            for entry in section.entries:
                said = Words(entry.zh, entry.en).in_language(language)
                lines.append(f"  {entry.order}  {entry.customer}  {said}")
            if not section.entries:
                lines.append(Words("  (无)", "  (none)").in_language(language))
        return "\n".join(lines) + "\n"
