"""Quotes, after-sales cases and contracts on the real engine: they live as on the pure model, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands.cases.rehearsing import case_scripts
from commands.contracts.rehearsing import contract_scripts
from commands.quotes.rehearsing import quote_scripts
from commands.session import start_session
from commands.stories.beside_orders import on_a_server, played_on
from models.cases.terms import CaseEnding
from models.contracts.terms import ContractEnding
from models.messages.decision_subjects import Outcome, Subject
from models.quotes.quote import QuoteEnding
from models.values.vocabulary import Language
from rehearsal.beside import on_model
from rehearsal.beside.case_player import CASES
from rehearsal.beside.contract_player import CONTRACTS
from rehearsal.beside.kind import StoryKind
from rehearsal.beside.played import Played
from rehearsal.beside.quote_player import QUOTES
from rehearsal.files import read_company, story_files
from rehearsal.one_life import where_they_part
from rehearsal.story import Company
from runtime.settings import Settings

STORIES = Path(__file__).resolve().parents[2] / "stories"
COMPANY = read_company(STORIES)
ReadyToPlay = Callable[[list[Path], Company, datetime], Sequence[Any]]
SCRIPTS: dict[str, ReadyToPlay] = {
    "quotes": quote_scripts,
    "cases": case_scripts,
    "contracts": contract_scripts,
}
KINDS: dict[str, StoryKind[Any, Any]] = {"quotes": QUOTES, "cases": CASES, "contracts": CONTRACTS}
BY_ENDING: dict[str, dict[str, str]] = {
    "quotes": {
        QuoteEnding.ORDERED: "order-not-made-at-first",
        QuoteEnding.REFUSED: "below-floor",
        QuoteEnding.WITHDRAWN: "nobody-answers",
        QuoteEnding.EXPIRED: "costs-rise-before-sending",
    },
    "cases": {
        CaseEnding.AGREED: "exchanged-at-once-on-our-fault",
        CaseEnding.SILENT: "two-thousand-sheets-back",
        CaseEnding.FINAL: "objected-once",
        CaseEnding.NOT_SENT: "goods-never-sent",
        CaseEnding.WITHDRAWN: "withdrawn-by-the-customer",
    },
    "contracts": {
        ContractEnding.ORDER_ENDED: "ends-with-its-order",
        ContractEnding.EXPIRED: "runs-out",
        ContractEnding.TERMINATED: "terminated-in-writing",
        ContractEnding.LAPSED: "signed-by-a-stranger",
    },
}
"""One story for each way in which it can end: these are lived with every test, the others with the endurance tests."""
TOO_LATE_BY_CLOCK = "accepted-too-late"
"""Nothing but the time that is skipped makes this acceptance late (R103, R104): it is lived with every test as well."""


def scripts(kind: str, names: Sequence[str]) -> list[Any]:
    """These stories, ready to be played today."""
    files = [STORIES / kind / f"{name}.yaml" for name in names]
    return list(SCRIPTS[kind](files, COMPANY, datetime.now(UTC)))


def others(kind: str) -> list[str]:
    """All the rest."""
    first = {*BY_ENDING[kind].values(), TOO_LATE_BY_CLOCK}
    return [file.stem for file in story_files([STORIES / kind]) if file.stem not in first]


async def live(wanted: dict[str, list[Any]]) -> dict[str, list[Played[Any, Any]]]:
    """These scripts on one server, kind after kind."""

    async def all_kinds(settings: Settings) -> dict[str, list[Played[Any, Any]]]:
        return {kind: await played_on(settings, KINDS[kind], each) for kind, each in wanted.items()}

    return await on_a_server(start_session(Language.EN), COMPANY, all_kinds)


def assert_lived_as_on_the_model(kind: str, played: Played[Any, Any]) -> None:
    """As the story expects, and entry by entry as the pure player wrote it."""
    assert played.differences == [], played.name
    on_paper = on_model.play(KINDS[kind], played.script)
    assert list(where_they_part(on_paper.journal, played.journal)) == [], played.name
    assert (KINDS[kind].ending(played.dossier), KINDS[kind].stage(played.dossier)) == (
        KINDS[kind].ending(on_paper.dossier),
        KINDS[kind].stage(on_paper.dossier),
    )


def test_there_is_a_story_for_each_ending() -> None:
    for kind, endings in (("quotes", QuoteEnding), ("cases", CaseEnding), ("contracts", ContractEnding)):
        assert set(BY_ENDING[kind]) == set(endings)
        for ending, name in BY_ENDING[kind].items():
            (script,) = scripts(kind, [name])
            assert KINDS[kind].ending(on_model.play(KINDS[kind], script).dossier) == ending


def test_two_lives_that_differ_part() -> None:
    (early,), (late,) = scripts("quotes", ["at-target"]), scripts("quotes", ["accepted-too-late"])
    one, other = (on_model.play(QUOTES, each).journal for each in (early, late))
    assert list(where_they_part(one, one)) == []
    assert list(where_they_part(one, other)) != []
    assert list(where_they_part(one, one[:-1])) == [f"{len(one)} entries are {len(one) - 1}"]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_one_story_of_each_ending_is_lived_as_on_the_model() -> None:
    wanted = {kind: scripts(kind, list(names.values())) for kind, names in BY_ENDING.items()}
    wanted["quotes"] += scripts("quotes", [TOO_LATE_BY_CLOCK])
    for kind, lived in (await live(wanted)).items():
        assert len(lived) == len(wanted[kind])
        for each in lived:
            assert_lived_as_on_the_model(kind, each)
            if each.name == TOO_LATE_BY_CLOCK:
                assert each.dossier.outcome(Subject.LATE_ACCEPTANCE) is Outcome.HONOUR


@pytest.mark.endurance
@pytest.mark.timeout(1200)
async def test_all_other_stories_are_lived_as_on_the_model() -> None:
    wanted = {kind: scripts(kind, others(kind)) for kind in KINDS}
    for kind, lived in (await live(wanted)).items():
        assert {each.name for each in lived} == set(others(kind))
        for each in lived:
            assert_lived_as_on_the_model(kind, each)
