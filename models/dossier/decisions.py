"""Asking for decisions and voiding them; and keeping duties apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.dossier.decision_record import Asked, key_of
from models.dossier.dossier import Dossier
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of
from models.values.vocabulary import Words

ANY_RULE = "R*"
"""An override of every separation of duties for one person."""


def ask(dossier: Dossier, subject: Subject, about: Mapping[str, Any], line: int | None = None) -> Asked:
    """The decision about exactly this. Another `about` than before voids the old answer and asks again."""
    known = dossier.decision(subject, line)
    words = {name: str(value) for name, value in about.items()}
    digest = digest_of(words)
    if known is not None and known.about == digest:
        return known
    if known is not None:
        void(dossier, subject, line)
    key = key_of(subject, line)
    version = 1 + max((old.version for old in dossier.voided if old.key == key), default=0)
    asked = Asked(
        subject=subject, line=line, version=version, about=digest, about_words=words, asked_at=dossier.clock
    )
    dossier.asked[key] = asked
    dossier.note(EntryKind.ASKED, key, rule=subject.rule, version=version, about=asked.about_words)
    return asked


def void(dossier: Dossier, subject: Subject, line: int | None = None) -> None:
    """What was decided counts no longer, because what it was about is another now."""
    asked = dossier.asked.pop(key_of(subject, line), None)
    if asked is None:
        return
    asked.voided_at = dossier.clock
    dossier.voided.append(asked)
    dossier.note(EntryKind.VOIDED, asked.key, rule=subject.rule, version=asked.version)


def is_set_aside(dossier: Dossier, rule: str, person: str) -> bool:
    """Whether the separation of duties was set aside openly for this person."""
    return bool({(rule, person), (ANY_RULE, person)} & set(dossier.overrides))


def keep_apart(dossier: Dossier, rule: str, person: str, others: set[str], words: Words) -> None:
    """Refuse when one person would do both halves of a duty, unless that was set aside openly."""
    if person in others and not is_set_aside(dossier, rule, person):
        raise Refusal(Code.SAME_PERSON, words, where="by", rule=rule)
