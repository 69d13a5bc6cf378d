"""What `rehearse` does alike for stories of quotes, contracts, cases and the house: it tells how they went, and sets a server up."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from commands.session import Session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.beside import on_model
from rehearsal.beside.kind import D, S, Story, StoryKind
from rehearsal.beside.played import Difference, Played
from rehearsal.files import COMPANY_FILE, read_company
from rehearsal.moments import shown_offset
from rehearsal.story import Company

if TYPE_CHECKING:
    from runtime.settings import Settings

_STORIES = Path(__file__).resolve().parents[2] / "stories"
_R = TypeVar("_R")


def is_in(folder: str, path: Path) -> bool:
    """Whether a file, or a folder, holds stories that stand in folders of this name."""
    return path.name == folder if path.is_dir() else path.parent.name == folder


def company_of(paths: Sequence[Path]) -> Company:
    """The company beside these stories, or that of the product's own."""
    beside = paths[0].parent
    return read_company(beside if (beside / COMPANY_FILE).exists() else _STORIES)


def number_of(name: str) -> str:
    """The four figures by which a story's case is numbered, by its name."""
    return f"{int(hashlib.sha256(name.encode()).hexdigest()[:6], 16) % 10_000:04d}"


def rehearse_beside(
    current: Session,
    kind: StoryKind[D, S],
    scripts: Sequence[S],
    company: Company,
    what: Words,
    *,
    model: bool,
    as_json: bool,
) -> None:
    """Play stories of one kind and say where they differ. Raises Refusal(story_differs)."""
    if model:
        results = [on_model.play(kind, script) for script in scripts]
    else:
        results = asyncio.run(
            on_a_server(current, company, lambda settings: played_on(settings, kind, scripts))
        )
    tell_results(current, results, what, as_json=as_json)


async def played_on(settings: Settings, kind: StoryKind[D, S], scripts: Sequence[S]) -> list[Played[D, S]]:
    """The scripts on a server that is set up, some side by side, with a worker of their own; their orders are the stories'."""
    from activities.cases.case_recorder import CaseRecorder
    from activities.cases.case_views import journal_of_case
    from activities.store.holidays import CalendarReader
    from rehearsal.beside.on_engine import Place, play_all
    from runtime.connection import connect
    from runtime.databases import engine_of
    from runtime.signed_facts import fact_key
    from runtime.worker.workers import build_worker

    client, engine = await connect(settings), engine_of(settings)
    activities: list[Callable[..., Any]] = [
        CaseRecorder(engine, lambda: fact_key(settings)).record_case,
        CalendarReader(engine).read_calendar,
        *kind.outside(scripts).values(),
    ]
    place = Place(client, settings.task_queue, lambda number: journal_of_case(engine, number))
    async with build_worker(client, settings, activities=activities):
        return await play_all(kind, place, scripts)


class Begun(Protocol):
    """What of a script is shown."""

    @property
    def story(self) -> Story:
        """As it was written."""
        ...

    @property
    def begins(self) -> datetime:
        """When, UTC."""
        ...


class Result(Protocol):
    """What came of a story of any kind, as far as it is told."""

    @property
    def name(self) -> str:
        """The story's name."""
        ...

    @property
    def script(self) -> Begun:
        """What was played."""
        ...

    @property
    def differences(self) -> Sequence[Difference]:
        """Where it went otherwise."""
        ...

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        ...

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        ...


def tell_results(current: Session, results: Sequence[Result], what: Words, *, as_json: bool) -> None:
    """Say how they went, `what` they are of. Raises Refusal(story_differs)."""
    if as_json:
        current.speech.data([played.as_json() for played in results])
    else:
        for played in results:
            _show(current, played)
    differing = [played.name for played in results if not played.as_expected]
    if differing:
        names, count = ", ".join(differing), len(differing)
        words = Words(
            f"{count} 个故事与预期不符：{names}", f"{count} stories went otherwise than they expect: {names}"
        )
        raise Refusal(Code.STORY_DIFFERS, words)
    if not as_json:
        current.speech.say(
            f"{len(results)} 个{what.zh}故事全部与预期相符",
            f"all {len(results)} stories of {what.en} went as they expect",
        )


def _show(current: Session, played: Result) -> None:
    title, speech = played.script.story.title, current.speech
    speech.title(f"{played.name} {title.zh}", f"{played.name}: {title.en}")
    for each in played.differences:
        after = shown_offset(each.at - played.script.begins)
        speech.say(
            f"  ✗ {after}  {each.what}：应为 {each.expected}，实为 {each.found}",
            f"  ✗ {after}  {each.what}: expected {each.expected}, found {each.found}",
        )
    if played.as_expected:
        speech.say("  ✓ 与预期相符", "  ✓ as expected")


async def on_a_server(current: Session, company: Company, play: Callable[[Settings], Awaitable[_R]]) -> _R:
    """What `play` gives on an embedded server that is set up with this company, and gone afterwards."""
    from commands.company.setup import prepare
    from commands.desk.order_database import import_company
    from runtime.connection import connect
    from runtime.server.embedded_server import EmbeddedServer

    with tempfile.TemporaryDirectory(prefix="dingdan-rehearsal-") as folder:
        async with EmbeddedServer(
            Path(folder), persistent=False, headless=True, binary=current.settings.temporal_binary
        ) as server:
            database = f"sqlite:///{server.folder / 'dingdan.db'}"
            own = current.settings.model_copy(update={"var": server.folder, "database_url": database})
            settings = server.settings(own)
            await prepare(settings, await connect(settings))
            import_company(settings, company)
            return await play(settings)
