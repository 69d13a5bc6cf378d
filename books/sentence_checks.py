"""What is wrong with an entry of the procedures: what is empty, is not there, or does not speak of its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from books.places import places_in_stories
from books.seen import named, words_of
from books.sentences import Carried, Sentence, is_built, sentences, stands, waiting, waits
from models.rules.table import RULES
from runtime.settings import ROOT


def faults_of(sentence: Sentence) -> list[str]:
    """Everything that is wrong with it; nothing where it is as it should be."""
    if sentence.same_as:
        return list(_faults_of_same(sentence.same_as))
    return [fault for part in sentence.own_parts for fault in _faults_of_part(part)]


def _faults_of_same(place: str) -> Iterator[str]:
    other = sentences().get(place)
    if other is None:
        yield f"same as {place}, which there is not"
    elif other.same_as:
        yield f"same as {place}, which itself is the same as {other.same_as}"


def _faults_of_part(part: Carried) -> Iterator[str]:
    if waits(part):
        yield from (
            f"{rule} is built: say so in a part of its own" for rule in part.rules if rule not in waiting()
        )
        return
    for rule in part.rules:
        if rule not in RULES:
            yield f"{rule} is no rule of the table"
        elif not is_built(rule):
            yield f"{rule} is not built and stands not in the list of those that wait"
    yield from _faults_of_code(part)
    yield from _faults_of_stories(part)
    yield from _faults_of_seen(part)


def _faults_of_code(part: Carried) -> Iterator[str]:
    if not part.code:
        yield "no code"
    for place in part.code:
        if not stands(place):
            yield f"code {place} is not there"
        elif ":" not in place and not names_one_of(part.rules, ROOT / place):
            yield f"code {place} names none of {', '.join(part.rules)}"


def _faults_of_stories(part: Carried) -> Iterator[str]:
    if bool(part.stories) is bool(part.tests):
        yield "neither story nor test" if not part.stories else "a story, and tests in place of one"
    if bool(part.tests) is not bool(part.why_no_story):
        yield (
            "tests in place of a story without a reason"
            if part.tests
            else "a reason for no story, and no test"
        )
    for name in part.stories:
        if not (ROOT / "stories" / f"{name}.yaml").is_file():
            yield f"story {name} is not there"
        elif not any(name in places_in_stories().get(rule, ()) for rule in part.rules):
            yield f"story {name} lives none of {', '.join(part.rules)}"
    for place in part.tests:
        if not stands(place):
            yield f"test {place} is not there"
        elif not names_one_of(part.rules, ROOT / place):
            yield f"test {place} names none of {', '.join(part.rules)}"


def _faults_of_seen(part: Carried) -> Iterator[str]:
    if not part.seen:
        yield "nothing that a person sees"
    for seen in part.seen:
        if words_of(seen) is None:
            kind, name = named(seen)
            yield f"there is no {kind} {name}"


def names_one_of(rules: tuple[str, ...], file: Path) -> bool:
    """Whether the file speaks of one of the rules."""
    text = file.read_text(encoding="utf-8")
    return any(re.search(rf"(?<!\w){rule}(?!\d)", text) for rule in rules)
