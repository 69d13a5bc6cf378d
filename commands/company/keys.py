"""`keys`: the keys of services, made, listed and revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from commands.orders.envelopes import role_of
from commands.session import JsonOption, Session, session
from models.access import ALL
from models.facts.fact_kinds import FACT_KINDS
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from activities.access.api_keys import NewKey

app = typer.Typer(
    help="服务的密钥:新建(只显示一次)、列出、轮换、吊销 · keys of services", no_args_is_help=True
)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="服务的名字,如 bank · the service's name", metavar="NAME")],
    role: Annotated[
        list[str] | None, typer.Option("--role", help="以什么角色,可多次 · in which roles")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="可报告的事实,可多次;不写为全部 · which facts")
    ] = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="只限这些客户的订单 · only these customers' orders")
    ] = None,
    places_orders: Annotated[
        bool, typer.Option("--places-orders", help="可以下单 · may place orders")
    ] = False,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3650, help="有效天数 · valid for so many days")
    ] = 365,
    as_json: JsonOption = False,
) -> None:
    """新建一把密钥;密钥只显示这一次 · a new key, shown only this once.

    starter.py keys create bank --fact payment_received --fact payment_bounced
    """
    from activities.access.api_keys import create_key

    current = session(as_json=as_json)
    unknown = [each for each in fact or () if each not in FACT_KINDS]
    if unknown:
        words = Words(f"没有事实 {unknown[0]}", f"there is no fact {unknown[0]}")
        raise Refusal(Code.UNKNOWN_FACT, words, where="--fact")
    now = datetime.now(UTC)
    made = create_key(
        engine_of(current.settings),
        name,
        tuple(role_of(each, Role.SYSTEM) for each in role or ["system"]),
        now,
        now + timedelta(days=days),
        facts=tuple(fact or [ALL]),
        customers=tuple(customer or [ALL]),
        places_orders=places_orders,
    )
    _show(current, made, as_json=as_json)


def _show(current: Session, made: NewKey, *, as_json: bool) -> None:
    if as_json:
        current.speech.data({"key_id": made.key_id, "key": made.secret})
    else:
        current.speech.say(
            f"密钥(只显示这一次):{made.secret}", f"the key, shown only this once: {made.secret}"
        )


@app.command("rotate")
def rotate(
    key_id: Annotated[str, typer.Argument(metavar="KEY")],
    days: Annotated[
        int, typer.Option("--old-days", min=0, max=90, help="旧密钥还有效几天 · the old key lasts so long")
    ] = 7,
    as_json: JsonOption = False,
) -> None:
    """换一把同样权限的新密钥,旧的过几天失效 · a new key that opens the same; the old one ends soon.

    starter.py keys rotate dd_0123456789ab --old-days 1
    """
    from activities.access.api_keys import rotate_key

    current = session(as_json=as_json)
    now = datetime.now(UTC)
    made = rotate_key(engine_of(current.settings), key_id, now, now + timedelta(days=days))
    _show(current, made, as_json=as_json)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出密钥(看不到密钥本身) · the keys, without their secrets."""
    from activities.access.api_keys import list_keys

    current = session(as_json=as_json)
    found = list_keys(engine_of(current.settings))
    if as_json:
        current.speech.data([each.model_dump(mode="json") for each in found])
        return
    current.speech.table(
        (Words("编号", "key"), Words("服务", "service"), Words("角色", "roles"), Words("事实", "facts"),
         Words("客户", "customers"), Words("到期", "expires"), Words("吊销", "revoked")),
        [
            (each.key_id, each.name, ", ".join(each.roles), ", ".join(each.facts), ", ".join(each.customers),
             each.expires_at, each.revoked_at)
            for each in found
        ],
    )  # fmt: skip


@app.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(metavar="KEY")], as_json: JsonOption = False) -> None:
    """吊销一把密钥,立即生效 · revoke a key, at once."""
    from activities.access.api_keys import revoke_key

    current = session(as_json=as_json)
    revoke_key(engine_of(current.settings), key_id, datetime.now(UTC))
    if as_json:
        current.speech.data({"key_id": key_id, "revoked": True})
    else:
        current.speech.say(f"{key_id} 已吊销", f"{key_id} is revoked")
