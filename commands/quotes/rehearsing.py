"""`rehearse` for stories of quotes: the same command, their own format and players."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, on_a_server, tell_results
from models.values.vocabulary import Words
from rehearsal.files import story_files
from rehearsal.quote_player import PlayedQuote, play_quote, play_quote_on_engine
from rehearsal.quote_story import FOLDER, QuoteScript, quote_script_of, read_quote_story
from rehearsal.story import Company

if TYPE_CHECKING:
    from runtime.settings import Settings

SIDE_BY_SIDE = 4
_WHAT = Words("报价", "quotes")


def is_of_quotes(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of quotes."""
    return is_in(FOLDER, path)


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
    company = company_of(paths)
    scripts = quote_scripts(paths, company, datetime.now(UTC))
    if model:
        results = [play_quote(script) for script in scripts]
    else:
        results = asyncio.run(on_a_server(current, company, lambda settings: played_on(settings, scripts)))
    tell_results(current, results, _WHAT, as_json=as_json)


async def played_on(settings: Settings, scripts: list[QuoteScript]) -> list[PlayedQuote]:
    """The scripts on a server that is set up, some side by side, with a worker of their own."""
    from activities.cases.case_views import journal_of_case
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
