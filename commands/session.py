"""What every command shares: the settings, the person's language, and how it runs and fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from commands.speaking import Speech
from models.values.vocabulary import Language
from runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from temporalio.client import Client

Result = TypeVar("Result")

JsonOption = Annotated[bool, typer.Option("--json", help="给程序用的 JSON 输出 · JSON for programs")]
ByOption = Annotated[
    str | None,
    typer.Option("--by", envvar="DINGDAN_PERSON", help="谁说的（人员编号） · who says it (person id)"),
]
RoleOption = Annotated[str | None, typer.Option("--role", help="以什么角色 · in which role")]
AtOption = Annotated[
    str | None,
    typer.Option("--at", help="发生时间，如 2027-01-05T09:30；默认现在 · when it happened; now by default"),
]
IdOption = Annotated[
    str | None,
    typer.Option("--id", help="事实编号；同一编号重发不会重复 · fact id; the same id again changes nothing"),
]
SeenOption = Annotated[
    int | None,
    typer.Option(
        "--seen",
        help="所见的订单版本；已有新版则不采纳 · the order's version that was seen; refused if there is a newer one",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="内容项 路径=值，可多次 · content path=value, repeatable", metavar="PATH=VALUE"
    ),
]
ContentOption = Annotated[
    str | None, typer.Option("--content", help="内容 JSON · the content as JSON", metavar="JSON")
]
OrderArgument = Annotated[
    str, typer.Argument(help="订单号，如 20270105-0042 · the order number", metavar="ORDER")
]
FilesArgument = Annotated[list[Path], typer.Argument(help="文件 · files", metavar="FILE...")]


@dataclass(slots=True)
class Session:
    """One run of the command line."""

    settings: Settings
    speech: Speech
    as_json: bool = field(default=False)


_CURRENT: ContextVar[Session] = ContextVar("session")


def start_session(language: Language | None) -> Session:
    """Begin the session of this run. Raises Refusal where a setting cannot be used."""
    settings = load_settings()
    started = Session(settings, Speech(language or settings.language))
    _CURRENT.set(started)
    return started


def session(*, as_json: bool = False) -> Session:
    """The session that the running command belongs to."""
    found = _CURRENT.get()
    found.as_json = as_json
    return found


def with_client(current: Session, work: Callable[[Client], Awaitable[Result]]) -> Result:
    """Do something on the Temporal server. Raises Refusal(server_unavailable) where none answers."""

    async def run() -> Result:
        from runtime.connection import connect

        return await work(await connect(current.settings))

    return asyncio.run(run())
