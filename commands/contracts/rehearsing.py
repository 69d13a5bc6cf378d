"""`rehearse` for stories of contracts: the same command, their own format and players."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, on_a_server, tell_results
from models.values.vocabulary import Words
from rehearsal.contract_player import OrdersOfStories, PlayedContract, play_contract, play_contract_on_engine
from rehearsal.contract_story import FOLDER, ContractScript, contract_script_of, read_contract_story
from rehearsal.files import story_files
from rehearsal.story import Company

if TYPE_CHECKING:
    from runtime.settings import Settings

SIDE_BY_SIDE = 4
_WHAT = Words("合同", "contracts")


def is_of_contracts(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of contracts."""
    return is_in(FOLDER, path)


def contract_scripts(paths: list[Path], company: Company, now: datetime) -> list[ContractScript]:
    """The stories in files and folders, made ready; each contract has a number by its name. Raises Refusal that names the file."""
    found = []
    for file in story_files(paths):
        story = read_contract_story(file)
        place = int(hashlib.sha256(story.name.encode()).hexdigest()[:6], 16) % 10_000
        found.append(contract_script_of(story, company, now, f"H{now:%Y%m%d}-{place:04d}-1"))
    return found


def rehearse_contracts(current: Session, paths: list[Path], *, model: bool, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    company = company_of(paths)
    scripts = contract_scripts(paths, company, datetime.now(UTC))
    if model:
        results = [play_contract(script) for script in scripts]
    else:
        results = asyncio.run(on_a_server(current, company, lambda settings: played_on(settings, scripts)))
    tell_results(current, results, _WHAT, as_json=as_json)


async def played_on(settings: Settings, scripts: list[ContractScript]) -> list[PlayedContract]:
    """The scripts on a server that is set up, some side by side, with a worker of their own; their orders are the stories'."""
    from activities.cases.case_recorder import CaseRecorder
    from activities.cases.case_views import journal_of_case
    from activities.store.holidays import CalendarReader
    from runtime.connection import connect
    from runtime.databases import engine_of
    from runtime.signed_facts import fact_key
    from runtime.worker.workers import build_worker

    client, engine = await connect(settings), engine_of(settings)
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(script: ContractScript) -> PlayedContract:
        async with places:
            return await play_contract_on_engine(
                client, settings.task_queue, lambda number: journal_of_case(engine, number), script
            )

    activities: list[Callable[..., Any]] = [
        CaseRecorder(engine, lambda: fact_key(settings)).record_case,
        CalendarReader(engine).read_calendar,
        OrdersOfStories(scripts).tell_contracted_order,
    ]
    async with build_worker(client, settings, activities=activities):
        return list(await asyncio.gather(*(one(script) for script in scripts)))
