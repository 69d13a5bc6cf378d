"""`rehearse` for stories of quotes: the same command, their own format and players."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.session import Session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.files import COMPANY_FILE, read_company, story_files
from rehearsal.moments import shown_offset
from rehearsal.quote_player import PlayedQuote, play_quote, play_quote_on_engine
from rehearsal.quote_story import FOLDER, QuoteScript, quote_script_of, read_quote_story
from rehearsal.story import Company

if TYPE_CHECKING:
    from runtime.settings import Settings

SIDE_BY_SIDE = 4
_STORIES = Path(__file__).resolve().parents[2] / "stories"


def is_of_quotes(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of quotes."""
    return path.name == FOLDER if path.is_dir() else path.parent.name == FOLDER


def quote_scripts(paths: list[Path], company: Company, now: datetime) -> list[QuoteScript]:
    """The stories in files and folders, made ready; each quote has a number by its name. Raises Refusal that names the file."""
    found = []
    for file in story_files(paths):
        story = read_quote_story(file)
        place = int(hashlib.sha256(story.name.encode()).hexdigest()[:6], 16) % 10_000
        found.append(quote_script_of(story, company, now, f"Q{now:%Y%m%d}-{place:04d}"))
    return found


def rehearse_quotes(current: Session, paths: list[Path], *, model: bool, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    company = read_company(_STORIES if not (paths[0].parent / COMPANY_FILE).exists() else paths[0].parent)
    scripts = quote_scripts(paths, company, datetime.now(UTC))
    results = (
        [play_quote(script) for script in scripts]
        if model
        else asyncio.run(_on_the_engine(current, company, scripts))
    )
    if as_json:
        current.speech.data([played.as_json() for played in results])
    else:
        for played in results:
            _show(current, played)
    differing = [played for played in results if not played.as_expected]
    if differing:
        names = ", ".join(played.name for played in differing)
        count = len(differing)
        words = Words(
            f"{count} 个故事与预期不符：{names}", f"{count} stories went otherwise than they expect: {names}"
        )
        raise Refusal(Code.STORY_DIFFERS, words)
    if not as_json:
        current.speech.say(
            f"{len(results)} 个报价故事全部与预期相符",
            f"all {len(results)} stories of quotes went as they expect",
        )


def _show(current: Session, played: PlayedQuote) -> None:
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


async def _on_the_engine(current: Session, company: Company, scripts: list[QuoteScript]) -> list[PlayedQuote]:
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
            return await played_on(settings, scripts)


async def played_on(settings: Settings, scripts: list[QuoteScript]) -> list[PlayedQuote]:
    """The scripts on a server that is set up, some side by side, with a worker of their own."""
    from activities.quotes.quote_views import journal_of_case
    from runtime.connection import connect
    from runtime.databases import engine_of
    from runtime.worker.workers import build_worker

    client, engine = await connect(settings), engine_of(settings)
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(script: QuoteScript) -> PlayedQuote:
        async with places:
            return await play_quote_on_engine(
                client, settings.task_queue, lambda number: journal_of_case(engine, number), script
            )

    async with build_worker(client, settings):
        return list(await asyncio.gather(*(one(script) for script in scripts)))
