"""`rehearse`: plays stories with skipped time and says where they differ."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.cases.rehearsing import is_of_cases, rehearse_cases
from commands.contracts.rehearsing import is_of_contracts, rehearse_contracts
from commands.quotes.rehearsing import is_of_quotes, rehearse_quotes
from commands.session import FilesArgument, JsonOption, Session, session
from commands.speaking import Speech
from commands.stories.house import is_of_house, rehearse_house
from models.messages.authors import author_words
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.files import COMPANY_FILE, read_company, read_story, story_files
from rehearsal.moments import shown_offset
from rehearsal.played import Played, story_differs
from rehearsal.script import Script, script_of
from rehearsal.story import Company
from rehearsal.timeline import timeline

if TYPE_CHECKING:
    from runtime.server.embedded_server import EmbeddedServer
    from runtime.settings import Settings


def rehearse(
    stories: FilesArgument,
    model: Annotated[
        bool,
        typer.Option(
            "--model", help="只在规则模型上演，不用服务器，瞬间完成 · on the pure model only, at once"
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="不打印时间线 · no timelines")] = False,
    as_json: JsonOption = False,
) -> None:
    """用跳过的时间演一遍订单故事，与预期不符则退出码 1 · play stories with skipped time; exit 1 where they differ.

    starter.py rehearse stories/*.yaml | starter.py rehearse stories/quotes | starter.py rehearse stories/class-a.yaml --json

    用真实的流程、活动和数据库；报价、售后单、合同和公司（stories/house）的故事也一样。格式见 docs/stories.md。
    """
    current = session(as_json=as_json)
    stories = _beside_orders(current, stories, model=model, as_json=as_json)
    if not stories:
        return
    scripts = scripts_of(stories)
    if model:
        from rehearsal.pure import play

        results = [play(script) for script in scripts]
    else:
        results = asyncio.run(_on_the_engine(current, scripts))
    if as_json:
        current.speech.data([played.as_json() for played in results])
    else:
        for played in results:
            show_played(current.speech, played, with_timeline=not quiet)
    differing = [played for played in results if not played.as_expected]
    if differing and as_json:
        raise typer.Exit(story_differs(differing).exit_code)
    if differing:
        raise story_differs(differing)
    if not as_json:
        current.speech.say(
            f"{len(results)} 个故事全部与预期相符", f"all {len(results)} stories went as they expect"
        )


def _beside_orders(current: Session, stories: list[Path], *, model: bool, as_json: bool) -> list[Path]:
    """Play the stories of quotes, contracts, after-sales cases and the house; those of orders are left.

    Raises Refusal(story_differs).
    """
    of_cases = [path for path in stories if is_of_cases(path)]
    if of_cases:
        rehearse_cases(current, of_cases, model=model, as_json=as_json)
    of_quotes = [path for path in stories if is_of_quotes(path)]
    if of_quotes:
        rehearse_quotes(current, of_quotes, model=model, as_json=as_json)
    of_contracts = [path for path in stories if is_of_contracts(path)]
    if of_contracts:
        rehearse_contracts(current, of_contracts, model=model, as_json=as_json)
    of_house = [path for path in stories if is_of_house(path)]
    if of_house:
        rehearse_house(current, of_house, model=model, as_json=as_json)
    return [path for path in stories if path not in (*of_cases, *of_quotes, *of_contracts, *of_house)]


def scripts_of(paths: list[Path]) -> list[Script]:
    """The stories in files and folders, made ready. Raises Refusal that names the file."""
    files = story_files(paths)
    if not files:
        raise Refusal(
            Code.MALFORMED_FILE, Words("没有找到故事文件", "there are no story files"), where=str(paths[0])
        )
    companies: dict[Path, Company] = {}
    scripts: list[Script] = []
    for file in files:
        story = read_story(file)
        folder = (
            file.parent if (file.parent / COMPANY_FILE).exists() else Path(__file__).parents[2] / "stories"
        )
        if folder not in companies:
            companies[folder] = read_company(folder)
        scripts.append(script_of(story, companies[folder], datetime.now(UTC)))
    return scripts


async def _on_the_engine(current: Session, scripts: list[Script]) -> list[Played]:
    from runtime.server.embedded_server import EmbeddedServer

    with tempfile.TemporaryDirectory(prefix="dingdan-rehearsal-") as folder:
        async with EmbeddedServer(
            Path(folder), persistent=False, headless=True, binary=current.settings.temporal_binary
        ) as server:
            return await perform(current, server, scripts, lambda played: _progress(current.speech, played))


def server_settings(current: Session, server: EmbeddedServer) -> Settings:
    """The settings of what plays on that server: a SQLite order database in its folder."""
    database = f"sqlite:///{server.folder / 'dingdan.db'}"
    own = current.settings.model_copy(update={"var": server.folder, "database_url": database})
    return server.settings(own)


async def perform(
    current: Session,
    server: EmbeddedServer,
    scripts: list[Script],
    done: Callable[[Played], None],
    afterwards: Callable[[list[Played]], Awaitable[None]] | None = None,
    *,
    through_the_door: bool = False,
) -> list[Played]:
    """The scripts on a server, with a fresh SQLite order database in its folder and a worker of their own.

    `afterwards` runs while the worker is still there, so that the orders can be looked at. Through the door everything is
    said over HTTP, by each person with a key of their own.
    """
    from commands.company.setup import prepare
    from commands.desk.order_database import StoryDesk, import_company
    from commands.stories.story_door import open_door
    from rehearsal.engine import Stage, Straight, Way, play_all
    from rehearsal.stand_ins.provider_of_stories import ProvidersOfStories
    from runtime.connection import connect
    from runtime.worker.workers import build_document_worker, build_worker

    settings = server_settings(current, server)
    client = await connect(settings)
    await prepare(settings, client)
    for company in {id(script.company): script.company for script in scripts}.values():
        import_company(settings, company)
    desk, providers = StoryDesk(settings), ProvidersOfStories()
    async with AsyncExitStack() as beside:
        await beside.enter_async_context(build_worker(client, settings, provider=providers.activities))
        await beside.enter_async_context(build_document_worker(client, settings))
        way: Way = Straight(client, settings.task_queue, desk.open)
        if through_the_door:
            way = await beside.enter_async_context(open_door(settings, scripts, desk))
        results = await play_all(Stage(client, settings.task_queue, desk, way, providers), scripts, done)
        if afterwards is not None:
            await afterwards(results)
        return results


def _progress(speech: Speech, played: Played) -> None:
    sign = "✓" if played.as_expected else "✗"
    title = played.script.story.title
    speech.aside(f"{sign} {played.name} {title.zh}", f"{sign} {played.name}: {title.en}")


def show_played(speech: Speech, played: Played, *, with_timeline: bool = True) -> None:
    """One story's timeline and its differences."""
    title = played.script.story.title
    speech.title(f"{played.name}({played.number}) {title.zh}", f"{played.name} ({played.number}): {title.en}")
    if with_timeline:
        for moment in timeline(played.journal):
            late = speech.words("（补报）", " (told late)") if moment.mark else ""
            by = f"  {author_words(moment.by).in_language(speech.language)}" if moment.by else ""
            rule = f" [{moment.rule}]" if moment.rule else ""
            text = moment.words.in_language(speech.language)
            speech.line(f"  {speech.shown(moment.at)}  {text}{rule}{by}{late}")
    for difference in played.differences:
        after = shown_offset(difference.at - played.script.start)
        words = difference.words
        speech.say(f"  ✗ {after}  {words.zh}", f"  ✗ {after}  {words.en}")
    if played.as_expected:
        speech.say("  ✓ 与预期相符", "  ✓ as expected")
