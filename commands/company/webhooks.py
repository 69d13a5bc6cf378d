"""`webhooks`: who signs events to the door, with which keys, and what their events mean."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.company import endpoints
from commands.session import JsonOption, session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of

app = typer.Typer(
    help="别的系统推送的事件：密钥、对照表 · events of other systems: keys and tables", no_args_is_help=True
)
app.add_typer(endpoints.app, name="out")
SenderArgument = Annotated[
    str, typer.Argument(help="来源，如 bank(webhooks/bank.toml) · the sender", metavar="SENDER")
]


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """有哪些来源、地址、各有几把密钥 · senders, their addresses, how many keys each has."""
    from activities.store.company_files import read_sender_table
    from runtime.webhook_keys import keys_of, senders_of, table_file

    current = session(as_json=as_json)
    settings = current.settings
    rows, broken = [], list[Refusal]()
    for sender in senders_of(settings):
        try:
            table = read_sender_table(table_file(settings, sender))
            facts = sorted({event.fact for event in table.event if event.fact})
            rows.append((sender, f"/hooks/{sender}", len(keys_of(settings, sender)), facts))
        except Refusal as refusal:
            broken.append(refusal)
    if as_json:
        names = ("sender", "path", "keys", "facts")
        current.speech.data([dict(zip(names, row, strict=True)) for row in rows])
    else:
        current.speech.table(
            (Words("来源", "sender"), Words("地址", "path"), Words("密钥", "keys"), Words("事实", "facts")),
            [(sender, path, keys, ", ".join(facts)) for sender, path, keys, facts in rows],
        )
    for each in broken:
        current.speech.aside(f"{each.where}:{each.words.zh}", f"{each.where}: {each.words.en}")
    if broken:
        raise typer.Exit(broken[0].exit_code)


@app.command("new-key")
def new_key(sender: SenderArgument, as_json: JsonOption = False) -> None:
    """新建一把签名密钥；旧的在 retire 之前仍有效 · a new key to sign with; the old one counts until it is retired."""
    from runtime.webhook_keys import new_key as make

    current = session(as_json=as_json)
    made = make(current.settings, sender)
    if as_json:
        current.speech.data({"sender": sender, "key": made})
    else:
        current.speech.say(f"请交给 {sender}:{made}", f"give it to {sender}: {made}")


@app.command("retire")
def retire(sender: SenderArgument, as_json: JsonOption = False) -> None:
    """吊销旧密钥，只留最新的一把 · only the newest key counts from now on."""
    from runtime.webhook_keys import retire_old_key

    current = session(as_json=as_json)
    retire_old_key(current.settings, sender)
    if as_json:
        current.speech.data({"sender": sender, "keys": 1})
    else:
        current.speech.say(f"{sender} 的旧密钥已吊销", f"the old key of {sender} is retired")


@app.command("try")
def try_(
    sender: SenderArgument,
    file: Annotated[Path, typer.Argument(help="一个事件（JSON） · an event as JSON", metavar="FILE")],
    as_json: JsonOption = False,
) -> None:
    """试一试对照表：这个事件会成为什么事实 · what fact an event would become; nothing is told."""
    from activities.store.company_files import read_sender_table
    from models.facts.webhook_events import understand
    from runtime.files.records import read_json_file
    from runtime.webhook_keys import table_file

    current = session(as_json=as_json)
    body = read_json_file(file)
    if not isinstance(body, dict):
        words = Words("事件应为一个 JSON 对象", "an event is one JSON object")
        raise Refusal(Code.MALFORMED_FILE, words, where=str(file))
    meant = understand(read_sender_table(table_file(current.settings, sender)), body, datetime.now(UTC))
    if meant.envelope is None:
        nothing = Words("不向订单报告什么", "no order is told anything")
        scan = Words("扫描件，交去识别", "a scan, to be recognised")
        words = scan if meant.scan else nothing
        current.speech.data({"fact": None, "scan": bool(meant.scan)}) if as_json else current.speech.say(
            words.zh, words.en
        )
        return
    current.speech.data({"order": meant.order, **meant.envelope.model_dump(mode="json")})


@app.command("event")
def event(
    sender: SenderArgument,
    message: Annotated[str, typer.Argument(help="消息编号 · the event's id", metavar="ID")],
    as_json: JsonOption = False,
) -> None:
    """看一条没看懂的消息 · an event that was not understood, as it came."""
    from activities.facts.webhook_events import body_of

    current = session(as_json=as_json)
    body = body_of(engine_of(current.settings), sender, message)
    if body is None:
        words = Words(f"没有留存 {sender} 的消息 {message}", f"no event {message} of {sender} is kept")
        raise Refusal(Code.UNKNOWN_ORDER, words, where=message)
    current.speech.data(body)
