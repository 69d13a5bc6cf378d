"""`simulate`: what another policy would have come to, on generated demand through the real rules."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.desk.remind import day_of
from commands.session import JsonOption, Session, session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

if TYPE_CHECKING:
    from models.policy import Policy
    from rehearsal.simulation.demand import Wanted
    from rehearsal.simulation.lives import Life
    from rehearsal.simulation.outcome import Outcome

STORIES = Path(__file__).resolve().parents[2] / "stories"
MOST_ORDERS, MOST_DAYS = 20_000, 730
BEGINS = date(2030, 1, 7)
"""A Monday to come: the engine's clock only goes forward, and the same demand must come out tomorrow."""
_DIFFERS = Words(
    "{count} 张订单在引擎上与规则模型不同：{orders}",
    "{count} orders went otherwise on the engine than on the model: {orders}",
)
_NO_FILE = Words("没有这个政策文件：{file}", "there is no such policy file: {file}")
_NO_FOLDER = Words("{into} 不是目录，图存不进去", "{into} is no folder to keep pictures in")


def simulate(
    orders: Annotated[
        int, typer.Option("--orders", min=1, max=MOST_ORDERS, help="订单数 · how many orders")
    ] = 500,
    days: Annotated[
        int, typer.Option("--days", min=1, max=MOST_DAYS, help="在多少天内下单 · placed within so many days")
    ] = 120,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", help="另一份政策文件，与现行的对比 · the other policy, compared with the one in force"
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", help="同一种子，同一结果 · the same seed, the same result")
    ] = 1,
    begins: Annotated[
        str | None, typer.Option("--begins", help="第一天，默认 2030-01-07 · the first day")
    ] = None,
    on_engine: Annotated[
        int,
        typer.Option(
            "--on-engine",
            min=0,
            max=200,
            help="多少张也在真引擎上演，须一致 · how many live on the engine too",
        ),
    ] = 20,
    into: Annotated[
        Path | None, typer.Option("--into", help="图存到此目录 · keep the pictures in this folder")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """假如换一份政策：同样的需求按真实规则各过一遍，并排对比 · the same demand through the real rules under two policies.

    starter.py simulate --orders 500 --days 120 --policy other.toml --into var/simulation

    需求是生成的（按单定制；示例公司的客户和价格），每张订单各自生活，不抢机台；准时、顺延、死单、欠款和各岗位工作量各列一行。
    """
    from rehearsal.files import read_company
    from rehearsal.simulation.comparison import compared
    from rehearsal.simulation.demand import demand_of
    from rehearsal.simulation.outcome import outcome_of

    current = session(as_json=as_json)
    policies = _policies(current, policy)
    if into is not None and into.exists() and not into.is_dir():
        raise Refusal(Code.MALFORMED, _NO_FOLDER.filled(into=into), where="--into")
    first = day_of(begins, "--begins") if begins else BEGINS
    demand = list(demand_of(read_company(STORIES), orders, days, seed, first))
    lived = {name: _lived(current, name, demand, each) for name, each in policies.items()}
    outcomes = [outcome_of(name, lives) for name, lives in lived.items()]
    checked = sum(_on_the_engine(current, _some(lives, on_engine)) for lives in lived.values())
    pictures = _kept(current, outcomes, into) if into is not None else []
    if as_json:
        current.speech.data(
            {
                "seed": seed,
                "begins": first.isoformat(),
                "days": days,
                "policies": [each.as_json() for each in outcomes],
                "equal_on_the_engine": checked,
                "pictures": [str(file) for file in pictures],
            }
        )
        return
    columns = [Words("项目", "figure"), *(Words(each.name, each.name) for each in outcomes)]
    language = current.speech.language
    current.speech.table(
        columns, [[row.words.in_language(language), *row.values] for row in compared(outcomes)]
    )
    current.speech.say(
        f"种子 {seed}，{first} 起 {days} 天，{orders} 张订单；其中 {checked} 张在引擎上演过，与模型一致",
        f"seed {seed}, {orders} orders within {days} days from {first}; {checked} of the lives were equal on the engine",
    )
    for file in pictures:
        current.speech.line(f"→ {file}")


def _policies(current: Session, other: Path | None) -> dict[str, Policy]:
    """The policy in force and the other one, each under its file's name. Raises Refusal that names file and field."""
    from activities.store.company_files import read_policy

    own = Path(current.settings.policy)
    found = {own.name: read_policy(own)}
    if other is not None:
        if not other.is_file():
            raise Refusal(Code.MALFORMED_FILE, _NO_FILE.filled(file=other), where=str(other))
        name = other.name if other.name not in found else str(other)
        found[name] = read_policy(other)
    return found


def _lived(current: Session, name: str, demand: Sequence[Wanted], policy: Policy) -> list[Life]:
    from rehearsal.simulation.lives import live

    return [
        live(wanted.under(policy), f"{wanted.script.start:%Y%m%d}-{number:05}")
        for number, wanted in enumerate(_shown(current, name, demand), start=1)
    ]


def _shown(current: Session, name: str, demand: Sequence[Wanted]) -> Iterable[Wanted]:
    """With a bar that grows, where somebody looks on."""
    from rich.progress import track

    errors = current.speech.errors
    return track(demand, description=name, console=errors, disable=not errors.is_terminal, transient=True)


def _some(lives: Sequence[Life], count: int) -> list[Life]:
    """So many of them, evenly over the days."""
    if count >= len(lives):
        return list(lives)
    return [lives[place * len(lives) // count] for place in range(count)]


def _on_the_engine(current: Session, lives: Sequence[Life]) -> int:
    """How many of the lives were lived once more, on the real engine. Raises Refusal(story_differs) where one went otherwise.

    Skipped time is real time for the machine: side by side on a busy one a life may come too late for its moment. So one
    that went otherwise is lived again by itself, and only then believed.
    """
    otherwise = _otherwise(current, lives)
    found = [where for life, _ in otherwise for _, where in _otherwise(current, [life])]
    if found:
        words = _DIFFERS.filled(count=len(found), orders=", ".join(found))
        raise Refusal(Code.STORY_DIFFERS, words, where=found[0])
    return len(lives)


def _otherwise(current: Session, lives: Sequence[Life]) -> list[tuple[Life, str]]:
    """The lives that are not those of the engine, each with the first thing in which it differs."""
    if not lives:
        return []
    from commands.stories.rehearse import perform
    from rehearsal.played import Played
    from rehearsal.simulation.likeness import differing
    from runtime.server.embedded_server import EmbeddedServer

    async def played() -> list[Played]:
        with tempfile.TemporaryDirectory(prefix="dingdan-simulation-") as folder:
            async with EmbeddedServer(
                Path(folder), persistent=False, headless=True, binary=current.settings.temporal_binary
            ) as server:
                return await perform(current, server, [life.script for life in lives], lambda _: None)

    return [
        (life, f"{life.wanted.name} ({where})")
        for life, again in zip(lives, asyncio.run(played()), strict=True)
        if (where := differing(life, again))
    ]


def _kept(current: Session, outcomes: Sequence[Outcome], into: Path) -> list[Path]:
    from rehearsal.simulation.pictures import pictures_of

    into.mkdir(parents=True, exist_ok=True)
    files = []
    for name, drawn in pictures_of(outcomes, current.speech.language).items():
        (into / name).write_text(drawn, encoding="utf-8")
        files.append(into / name)
    return files
