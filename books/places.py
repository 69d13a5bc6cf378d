"""Where a rule is named: files of code, tests and stories, found by looking, so that files may move."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from models.rules import table
from rehearsal.beside.case_player import PlayedCase, play_case
from rehearsal.beside.case_story import FOLDER as CASES
from rehearsal.beside.case_story import case_script_of, read_case_story
from rehearsal.beside.contract_player import PlayedContract, play_contract
from rehearsal.beside.contract_story import FOLDER as CONTRACTS
from rehearsal.beside.contract_story import contract_script_of, read_contract_story
from rehearsal.beside.quote_player import PlayedQuote, play_quote
from rehearsal.beside.quote_story import FOLDER, quote_script_of, read_quote_story
from rehearsal.files import read_company, read_story, story_files
from rehearsal.house.house_story import FOLDER as HOUSE
from rehearsal.house.house_story import HouseStory, read_house_story
from rehearsal.played import Played
from rehearsal.pure import play
from rehearsal.script import script_of
from runtime.settings import ROOT

ROOMS = ("models", "workflows", "activities", "runtime", "gateway", "rehearsal", "commands")
STORIES = ROOT / "stories"
_NAMED = re.compile(r"(?<!\w)R(\d{2,3})(?!\d)")
_TABLE = Path(table.__file__).parent
_TESTS_OF_THE_BOOKS = ROOT / "tests" / "books"
_ANY_DAY = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
"""Stories start on a weekday after a day; which one makes no difference to the rules that they live."""

Places = dict[str, list[Path]]


def _named_in(files: Iterator[Path]) -> Places:
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for file in files:
        for number in sorted(set(_NAMED.findall(file.read_text(encoding="utf-8")))):
            found[f"R{number}"].append(file.relative_to(ROOT))
    return dict(found)


def _modules(folder: str) -> Iterator[Path]:
    """All but those that name rules because they speak of the table."""
    apart = {_TABLE, _TESTS_OF_THE_BOOKS}
    return (file for file in sorted((ROOT / folder).rglob("*.py")) if not apart & {file, *file.parents})


@cache
def places_in_code() -> Places:
    """Rule -> the modules that name it. The table of the rules is no place: it names them all."""
    return _named_in(file for room in ROOMS for file in _modules(room))


@cache
def places_in_tests() -> Places:
    """Rule -> the tests that name it."""
    return _named_in(_modules("tests"))


@cache
def played_stories() -> tuple[Played, ...]:
    """Every story of `stories/`, lived on the pure rules."""
    company = read_company(STORIES)
    return tuple(play(script_of(read_story(path), company, _ANY_DAY)) for path in story_files([STORIES]))


@cache
def played_quotes() -> tuple[PlayedQuote, ...]:
    """Every story of a quote, lived on the pure rules."""
    company = read_company(STORIES)
    return tuple(
        play_quote(quote_script_of(read_quote_story(path), company, _ANY_DAY, f"Q20270301-{place:04}"))
        for place, path in enumerate(sorted((STORIES / FOLDER).glob("*.yaml")), 1)
    )


@cache
def played_contracts() -> tuple[PlayedContract, ...]:
    """Every story of a contract, lived on the pure rules."""
    company = read_company(STORIES)
    return tuple(
        play_contract(
            contract_script_of(read_contract_story(path), company, _ANY_DAY, f"H20270301-{place:04}-1")
        )
        for place, path in enumerate(sorted((STORIES / CONTRACTS).glob("*.yaml")), 1)
    )


@cache
def played_cases() -> tuple[PlayedCase, ...]:
    """Every story of an after-sales case, lived on the pure rules."""
    company = read_company(STORIES)
    files = sorted((STORIES / CASES).glob("*.yaml"))
    return tuple(play_case(case_script_of(read_case_story(path), company, _ANY_DAY)) for path in files)


@cache
def house_stories() -> tuple[HouseStory, ...]:
    """Every story of the house: what it is about it says itself, for a house keeps no journal."""
    return tuple(map(read_house_story, sorted((STORIES / HOUSE).glob("*.yaml"))))


@cache
def places_in_stories() -> dict[str, list[str]]:
    """Rule -> the stories that live it: first those that say that they are about it, then those whose journal names it."""
    about: defaultdict[str, list[str]] = defaultdict(list)
    lived: defaultdict[str, list[str]] = defaultdict(list)
    lives = [(each.name, each.script.story.rules, each.journal) for each in played_stories()]
    lives += [(f"{FOLDER}/{each.name}", each.script.story.rules, each.journal) for each in played_quotes()]
    lives += [(f"{CASES}/{each.name}", each.script.story.rules, each.journal) for each in played_cases()]
    lives += [
        (f"{CONTRACTS}/{each.name}", each.script.story.rules, each.journal) for each in played_contracts()
    ]
    lives += [(f"{HOUSE}/{each.name}", each.rules, []) for each in house_stories()]
    for name, rules, journal in lives:
        own = set(rules)
        for rule in sorted(own):
            about[rule].append(name)
        for rule in sorted({entry.rule for entry in journal} - own - {""}):
            lived[rule].append(name)
    return {rule: about[rule] + lived[rule] for rule in sorted({*about, *lived})}
