"""`webhooks out`: where other shops hear of their orders: registered, listed, paused, rotated, sent to again (R85)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.company.rights import kept_by_administrator
from commands.session import ByOption, JsonOption, Session, session
from models.values.calendar import at
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.webhooks.order_events import ALL_EVENTS, OrderEvent, schema_of
from models.writing.written_dates import plain_day
from models.writing.written_numbers import Manner
from runtime.databases import engine_of
from runtime.link_secret import link_secret

if TYPE_CHECKING:
    from activities.webhooks.endpoints import Shown

app = typer.Typer(help="推送给别的商城的订单事件 · order events sent to other shops", no_args_is_help=True)
EndpointArgument = Annotated[
    str, typer.Argument(help="推送地址的编号，如 we_0123456789abcdef · the endpoint", metavar="ENDPOINT")
]
_WHICH = Words("请写明 --after 或 --since", "say --after or --since")
_COMMAND_LINE = "command line"


@app.command("register")
def register(
    name: Annotated[
        str,
        typer.Argument(
            help="服务的名字，即其密钥的名字 · the service, by the name of its keys", metavar="NAME"
        ),
    ],
    url: Annotated[str, typer.Argument(help="https://…", metavar="URL")],
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="哪些事件，可多次；不写即全部 · which events; all without"),
    ] = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="只限这些客户的订单 · only these customers' orders")
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记一个推送地址；签名密钥只显示这一次 · a new endpoint; its secret is shown only this once.

    starter.py webhooks out register shop https://shop.example/hooks --event order.shipped --event order.delivered
    """
    from activities.webhooks.endpoints import register_endpoint

    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"webhooks out register {name}"):
        made = register_endpoint(
            engine_of(current.settings), link_secret(current.settings), name, url, event or [ALL_EVENTS],
            datetime.now(UTC), by=by or _COMMAND_LINE, customers=customer or (),
            inner=current.settings.webhook_inner_addresses,
        )  # fmt: skip
    _show(current, made, as_json=as_json)


def _show(current: Session, made: Shown, *, as_json: bool) -> None:
    if as_json:
        current.speech.data({"endpoint": made.endpoint, "secret": made.secret})
        return
    current.speech.say(
        f"{made.endpoint} 的签名密钥（只显示这一次）：{made.secret}",
        f"the signing secret of {made.endpoint}, shown only this once: {made.secret}",
    )


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出推送地址、待发送的事件、出了什么问题 · endpoints, what waits, what went wrong."""
    from activities.webhooks.endpoints import list_endpoints

    current = session(as_json=as_json)
    found = list_endpoints(engine_of(current.settings))
    if as_json:
        current.speech.data([each.model_dump(mode="json") for each in found])
        return
    current.speech.table(
        (Words("编号", "endpoint"), Words("服务", "service"), Words("地址", "address"), Words("状态", "state"),
         Words("待发送", "waiting"), Words("已放弃", "given up"), Words("上次送达", "sent last"), Words("问题", "problem")),
        [
            (each.endpoint, each.name, each.url, each.state, each.waiting, each.given_up, each.sent_at,
             each.cause_words or each.problem or None)
            for each in found
        ],
    )  # fmt: skip


def _act(
    named: str, by: str | None, as_json: bool, what: str, said: Words, work: Callable[[Session], Any]
) -> None:
    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"webhooks out {what} {named}"):
        work(current)
    if as_json:
        current.speech.data({"endpoint": named, "done": what})
    else:
        current.speech.say(f"{named} {said.zh}", f"{named} {said.en}")


@app.command("pause")
def pause(endpoint: EndpointArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """暂停发送；其间的事件留待恢复 · send nothing there; what happens meanwhile waits."""
    from activities.webhooks.endpoints import pause_endpoint

    said = Words("已暂停", "is paused")
    _act(endpoint, by, as_json, "pause", said, lambda now: pause_endpoint(engine_of(now.settings), endpoint))


@app.command("resume")
def resume(endpoint: EndpointArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """恢复发送，先发留下的 · send there again, what waited first."""
    from activities.webhooks.endpoints import resume_endpoint

    _act(
        endpoint, by, as_json, "resume", Words("已恢复", "is sent to again"),
        lambda now: resume_endpoint(engine_of(now.settings), endpoint, datetime.now(UTC), by=by or _COMMAND_LINE),
    )  # fmt: skip


@app.command("remove")
def remove(endpoint: EndpointArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """删除，不能恢复 · remove it, for good."""
    from activities.webhooks.endpoints import remove_endpoint

    _act(
        endpoint, by, as_json, "remove", Words("已删除", "is removed"),
        lambda now: remove_endpoint(engine_of(now.settings), endpoint, datetime.now(UTC), by=by or _COMMAND_LINE),
    )  # fmt: skip


@app.command("rotate")
def rotate(
    endpoint: EndpointArgument,
    old_days: Annotated[
        int,
        typer.Option("--old-days", min=0, max=30, help="旧签名密钥还用几天 · the old secret signs so long"),
    ] = 7,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """换一个签名密钥；其间两个都签 · a new secret; meanwhile both sign."""
    from activities.webhooks.endpoints import rotate_secret

    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"webhooks out rotate {endpoint}"):
        made = rotate_secret(
            engine_of(current.settings), link_secret(current.settings), endpoint, datetime.now(UTC),
            timedelta(days=old_days),
        )  # fmt: skip
    _show(current, made, as_json=as_json)


@app.command("replay")
def replay(
    endpoint: EndpointArgument,
    after: Annotated[
        int | None, typer.Option("--after", min=0, help="从此序号之后 · after this cursor")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="从这一刻起，如 2027-03-01 或 2027-03-01T09:30 · from this moment on"),
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """重发事件，编号与从前相同，收过的一方认得 · send events again, under the ids that they had.

    starter.py webhooks out replay we_0123456789abcdef --since 2027-03-01
    """
    from activities.webhooks.endpoints import send_again

    current = session(as_json=as_json)
    if (after is None) is (since is None):
        raise Refusal(Code.MISSING_FIELD, _WHICH, where="--after")
    moment = _moment(since) if since is not None else None
    with kept_by_administrator(current.settings, by, f"webhooks out replay {endpoint}"):
        count = send_again(
            engine_of(current.settings), endpoint, datetime.now(UTC), after=after or 0, since=moment
        )
    if as_json:
        current.speech.data({"endpoint": endpoint, "events": count})
    else:
        current.speech.say(f"将重发 {count} 个事件", f"{count} events are sent again")


def _moment(text: str) -> datetime:
    """A day, or a moment in business time. Raises Refusal(malformed)."""
    day, _, clock = text.strip().replace(" ", "T").partition("T")
    try:
        hour, minute = (int(part) for part in (clock or "0:00").split(":")[:2])
        return at(datetime.fromisoformat(plain_day(day, Manner.TYPED)).date(), hour, minute)
    except ValueError:
        words = Words(f"时间读不懂：{text}", f"this is no moment: {text}")
        raise Refusal(Code.MALFORMED, words, where="--since") from None


@app.command("events")
def events(
    after: Annotated[int, typer.Option("--after", min=0, help="从此序号之后 · after this cursor")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500)] = 100,
) -> None:
    """列出事件（JSON） · the events that are kept, as they are sent."""
    from activities.webhooks.order_events import events_after, give_positions
    from models.access import ALL

    current = session(as_json=True)
    engine = engine_of(current.settings)
    give_positions(engine, datetime.now(UTC))
    current.speech.data(events_after(engine, after, [ALL], most=limit))


@app.command("schema")
def schema() -> None:
    """每种事件的 JSON Schema · of each event."""
    session(as_json=True).speech.data({event.value: schema_of(event) for event in OrderEvent})
