"""A story of the house made ready to be played: its moments absolute, the company's terms in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from models.messages.envelope import read_content
from models.policy import Policy
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.house.house_story import HouseEvent, HouseExpectation, HouseStory
from rehearsal.moments import filled, start_moment
from rehearsal.script import merged
from rehearsal.story import Company

_UNKNOWN = Words("故事 {story}：没有{what} {named}", "story {story}: there is no {what} {named}")
_PERSON = Words("员工", "person")
_PRODUCT = Words("产品", "product")


@dataclass(frozen=True, slots=True)
class HouseMove:
    """Something that is done, or looked at, at a moment (UTC)."""

    at: datetime
    place: int
    """Which event or expectation of the story it is, from 1 on."""
    event: HouseEvent | None = None
    expected: HouseExpectation | None = None


@dataclass(frozen=True, slots=True)
class HouseScript:
    """A story with everything filled in; `begins` is UTC."""

    story: HouseStory
    company: Company
    begins: datetime
    policy: Policy
    moves: tuple[HouseMove, ...]


def house_script_of(story: HouseStory, company: Company, now: datetime) -> HouseScript:
    """The story, played so that it starts after `now`.

    Raises Refusal that says what in it does not fit: a day that has passed, a person or a product that nobody knows.
    """
    weekday = story.start.weekday.number if story.start.weekday else None
    try:
        begins = start_moment(now, weekday, story.start.date, story.start.time).astimezone(UTC)
    except ValueError as wrong:
        words = Words(f"故事 {story.name}：{wrong}", f"story {story.name}: {wrong}")
        raise Refusal(Code.MALFORMED_FILE, words, where="start") from None
    _require_known(story, company)
    policy = filled(merged(company.policy, story.policy), {}, begins)
    done = [HouseMove(begins + each.after, place, each) for place, each in enumerate(story.events, start=1)]
    looked = [
        HouseMove(begins + each.after, place, expected=each)
        for place, each in enumerate(story.expect, start=1)
    ]
    moves = sorted([*done, *looked], key=lambda move: (move.at, move.expected is not None))
    return HouseScript(story, company, begins, read_content(Policy, policy, inside="policy"), tuple(moves))


def _require_known(story: HouseStory, company: Company) -> None:
    """Whom and what the story names, the company or the story itself has."""
    people = {each.person for each in company.staff} | {each.person for each in story.staff}
    products = {each.product for each in company.prices} | {each.product for each in story.prices}
    for where, named, known, what in (*_people(story, people), *_products(story, products)):
        if named not in known:
            words = _UNKNOWN.filled(story=story.name, what=what, named=named)
            raise Refusal(Code.MALFORMED_FILE, words, where=where)


_Named = Iterator[tuple[str, str, set[str], Words]]


def _people(story: HouseStory, known: set[str]) -> _Named:
    for place, event in enumerate(story.events, start=1):
        away = (event.away.person, event.away.deputy) if event.away is not None else ()
        for person in (*away, event.back):
            if person:
                yield f"events.{place}", person, known, _PERSON
    for place, each in enumerate(story.expect, start=1):
        of_roles: Iterable[dict[str, int]] = (each.in_charge or {}).values()
        for person in (*(each.desks or {}), *(who for people in of_roles for who in people)):
            yield f"expect.{place}", person, known, _PERSON


def _products(story: HouseStory, known: set[str]) -> _Named:
    given = [("dated", each.product) for each in story.dated]
    given += [("finished", each.product) for each in story.finished]
    given += [("products", each.product) for each in story.products]
    given += [
        (f"events.{place}", each.product)
        for place, event in enumerate(story.events, start=1)
        for each in (event.price, event.dates)
        if each is not None
    ]
    for where, product in given:
        yield where, product, known, _PRODUCT
