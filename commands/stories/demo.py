"""`demo`: the whole product on one screen, from nothing: server, worker, orders, weeks of life, and the end of it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.session import Session, session
from commands.stories.rehearse import perform, scripts_of, server_settings, show_played
from models.values.vocabulary import Words
from rehearsal.engine import SIDE_BY_SIDE
from rehearsal.played import Played, story_differs

FOLDER = "demo"
STORIES = Path(__file__).resolve().parents[2] / "stories"

SHOWN = (
    "class-b-same-day", "slip-over-weekend", "faulty-sheets", "price-difference", "class-a", "small-guaranteed-dies",
    "carrier-collects", "rework", "two-lots-two-shipments", "amended-in-production", "cancelled-after-production",
    "dead-with-money", "from-stock", "pre-sale", "service", "sample-with-fee", "shop-completed-by-silence",
)  # fmt: skip
"""What is shown where nothing else is asked for: one of each kind, and the turns that an order most often takes."""

COLUMNS = (
    Words("订单", "order"),
    Words("故事", "story"),
    Words("客户等级", "class"),
    Words("付款条件", "terms"),
    Words("状态", "status"),
    Words("首次预交日", "first promise"),
    Words("现预交日", "current promise"),
    Words("已付", "paid"),
    Words("未付", "open balance"),
    Words("等待", "waiting for"),
)


def demo(
    stories: Annotated[
        list[Path] | None, typer.Argument(help="只演这些故事 · only these stories", metavar="STORY...")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="演全部故事，要几分钟 · every story, which takes minutes")
    ] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="演完不停，可在界面里看，Ctrl-C 结束 · stay until Ctrl-C")
    ] = False,
) -> None:
    """演示：启动一切，用跳过的时间演完示例订单，再停下 · start everything, live the example orders, stop.

    starter.py demo | starter.py demo --all | starter.py demo stories/class-a.yaml --stay
    """
    current = session()
    shown = [STORIES] if everything else [STORIES / f"{name}.yaml" for name in SHOWN]
    results = asyncio.run(_run(current, stories or shown, stay=stay))
    differing = [played for played in results if not played.as_expected]
    if differing:
        raise story_differs(differing)


async def _run(current: Session, paths: Sequence[Path], *, stay: bool) -> list[Played]:
    from activities.notices.deliveries import paper_counts
    from runtime.databases import engine_of
    from runtime.server.embedded_server import EmbeddedServer
    from runtime.worker.paperwork import build_press
    from runtime.worker.post import post_everything

    speech = current.speech
    scripts = scripts_of(list(paths))
    folder = current.settings.var / FOLDER
    if folder.exists():
        await asyncio.to_thread(shutil.rmtree, folder)
    speech.say("启动内置的 Temporal 服务器 …", "starting the embedded Temporal server …")
    finished: list[Played] = []

    def tell_progress(played: Played) -> None:
        finished.append(played)
        sign = "✓" if played.as_expected else "✗"
        title = played.script.story.title
        count = f"{len(finished)}/{len(scripts)}"
        speech.say(
            f"  {sign} {count} {played.name}：{title.zh}", f"  {sign} {count} {played.name}: {title.en}"
        )

    async def show(results: list[Played]) -> None:
        for played in results:
            show_played(speech, played)
        own = server_settings(current, server)
        await asyncio.to_thread(build_press(own).print_due)
        await asyncio.to_thread(post_everything, own)
        printed, sent = await asyncio.to_thread(paper_counts, engine_of(own))
        _table(current, results)
        _addresses(current, folder, server.ui_url)
        current.speech.say(
            f"  打印的文书     {folder / 'documents'}（{printed} 份 PDF）",
            f"  printed papers {folder / 'documents'} ({printed} PDF files)",
        )
        current.speech.say(
            f"  发出的通知     {folder / 'outbox'}（{sent} 条，没有设置邮箱等，故写成文件）",
            f"  notices        {folder / 'outbox'} ({sent}; no mail or group is set up, so they are files)",
        )
        current.speech.say(f"  报表           {folder / 'reports'}", f"  reports        {folder / 'reports'}")
        if stay:
            speech.say("按 Ctrl-C 结束", "press Ctrl-C to end")
            await server.watch()

    async with EmbeddedServer(folder, binary=current.settings.temporal_binary) as server:
        speech.say(
            f"界面 {server.ui_url}。下单 {len(scripts)} 张，跳过时间，{SIDE_BY_SIDE} 张并行 …",
            f"UI at {server.ui_url}; placing {len(scripts)} orders, {SIDE_BY_SIDE} at a time, with skipped time …",
        )
        return await perform(current, server, scripts, tell_progress, show, through_the_door=True)


def _table(current: Session, results: Sequence[Played]) -> None:
    rows = []
    for played in results:
        order = played.order
        if order is None:
            continue
        steps = [step.words for step in order.steps.values()]
        rows.append(
            (
                played.number,
                played.name,
                order.customer_class,
                order.terms,
                order.headline,
                order.promise.first_promised,
                order.promise.promised,
                f"¥{order.ledger.paid}",
                f"¥{order.open_balance}",
                steps[:2],
            )
        )
    current.speech.title("订单一览", "the orders")
    current.speech.table(COLUMNS, rows)


def _addresses(current: Session, folder: Path, ui_url: str) -> None:
    speech = current.speech
    speech.title("到哪里看", "where to look")
    speech.say(
        f"  Temporal 界面  {ui_url}（演示运行期间）", f"  Temporal UI     {ui_url} (while the demo runs)"
    )
    speech.say(f"  订单数据库     {folder / 'dingdan.db'}", f"  order database  {folder / 'dingdan.db'}")
    speech.say(
        f'  再看这些订单   DINGDAN_VAR="{folder}" make run，界面 http://127.0.0.1:8233',
        f'  look again      DINGDAN_VAR="{folder}" make run, UI at http://127.0.0.1:8233',
    )
