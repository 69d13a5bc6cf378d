"""`keys`: the keys of services, of customers and of persons: made, listed, rotated and revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from commands.company.rights import kept_by_administrator
from commands.orders.envelopes import role_of
from commands.session import ByOption, JsonOption, Session, session
from models.access import ALL
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from activities.access.api_keys import KeyView, NewKey

app = typer.Typer(
    help="服务的密钥：新建（只显示一次）、列出、轮换、吊销 · keys of services", no_args_is_help=True
)


_NO_LIST = Words(
    "请用 --fact 逐一写明可报告的事实；只查看或只下单的密钥写 --no-facts",
    "name each fact that it may report with --fact; for a key that only reads or places orders say --no-facts",
)
_BOTH = Words("--fact 与 --no-facts 不能同时写", "--fact and --no-facts exclude each other")


@app.command("create")
def create(
    name: Annotated[
        str,
        typer.Argument(help="服务的名字，如 bank；本人的密钥写人员编号 · the service's name", metavar="NAME"),
    ],
    role: Annotated[
        list[str] | None, typer.Option("--role", help="以什么角色，可多次 · in which roles")
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", help="可报告的事实，可多次，须写明 · which facts, each named"),
    ] = None,
    no_facts: Annotated[bool, typer.Option("--no-facts", help="不报告任何事实 · it reports none")] = False,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="只限这些客户的订单 · only these customers' orders")
    ] = None,
    places_orders: Annotated[
        bool, typer.Option("--places-orders", help="可以下单 · may place orders")
    ] = False,
    person: Annotated[
        bool, typer.Option("--person", help="是员工本人的密钥 · it is the own key of somebody on the staff")
    ] = False,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3650, help="有效天数 · valid for so many days")
    ] = 365,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """新建一把密钥；密钥只显示这一次 · a new key, shown only this once.

    starter.py keys create bank --fact payment_received --fact payment_bounced

    starter.py keys create shop --role customer --customer K-B1 --places-orders --fact amendment_requested

    starter.py keys create ops --role operator --fact adopted

    starter.py keys create wu --person --role sales_supervisor --fact decision

    决定与主管、财务的事实（暂停、特批、放行……）只由人员本人作出：用 --person 的密钥。
    """
    from activities.access.api_keys import create_key

    current = session(as_json=as_json)
    if not fact and not no_facts:
        raise Refusal(Code.MISSING_FIELD, _NO_LIST, where="--fact")
    if fact and no_facts:
        raise Refusal(Code.MALFORMED, _BOTH, where="--no-facts")
    now = datetime.now(UTC)
    with kept_by_administrator(current.settings, by, f"keys create {name}"):
        made = create_key(
            engine_of(current.settings),
            name,
            tuple(role_of(each, Role.SYSTEM) for each in role or ["system"]),
            now,
            now + timedelta(days=days),
            facts=tuple(fact or ()),
            customers=tuple(customer or [ALL]),
            places_orders=places_orders,
            person=name if person else "",
        )
    _show(current, made, as_json=as_json)


def _show(current: Session, made: NewKey, *, as_json: bool) -> None:
    if as_json:
        current.speech.data({"key_id": made.key_id, "key": made.secret})
    else:
        current.speech.say(
            f"密钥（只显示这一次）：{made.secret}", f"the key, shown only this once: {made.secret}"
        )


@app.command("rotate")
def rotate(
    key_id: Annotated[str, typer.Argument(metavar="KEY")],
    old_days: Annotated[
        int, typer.Option("--old-days", min=0, max=90, help="旧密钥还有效几天 · the old key lasts so long")
    ] = 7,
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            min=1,
            max=3650,
            help="新密钥的有效天数；不写则与旧密钥同日到期 · the new key lasts so long; else it ends when the old one would",
        ),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", help="改用这些事实；原来没有清单的密钥须写 · these facts in place of its own"),
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """换一把同样权限的新密钥，旧的过几天失效 · a new key that opens the same; the old one ends soon.

    starter.py keys rotate dd_0123456789ab --old-days 1

    新密钥与旧密钥同日到期；要延长须写明：starter.py keys rotate dd_… --days 365

    没有事实清单的旧密钥（keys list 中标明待换）这样换：starter.py keys rotate dd_… --fact payment_received
    """
    from activities.access.api_keys import rotate_key

    current = session(as_json=as_json)
    now = datetime.now(UTC)
    with kept_by_administrator(current.settings, by, f"keys rotate {key_id}"):
        made = rotate_key(
            engine_of(current.settings),
            key_id,
            now,
            now + timedelta(days=old_days),
            tuple(fact or ()),
            until=None if days is None else now + timedelta(days=days),
        )
    _show(current, made, as_json=as_json)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出密钥（看不到密钥本身） · the keys, without their secrets."""
    from activities.access.api_keys import list_keys

    current = session(as_json=as_json)
    found = list_keys(engine_of(current.settings))
    if as_json:
        current.speech.data([{**each.model_dump(mode="json"), "to_renew": each.to_renew} for each in found])
        return
    current.speech.table(
        (Words("编号", "key"), Words("谁的", "whose"), Words("角色", "roles"), Words("事实", "facts"),
         Words("客户", "customers"), Words("到期", "expires"), Words("吊销", "revoked")),
        [
            (each.key_id, _whose(each), ", ".join(each.roles), _facts(each), ", ".join(each.customers),
             each.expires_at, each.revoked_at)
            for each in found
        ],
    )  # fmt: skip


def _whose(key: KeyView) -> Words:
    return Words(f"{key.person} 本人", f"{key.person}, own") if key.person else Words(key.name, key.name)


def _facts(key: KeyView) -> Words:
    if key.to_renew:
        return Words("* 没有清单，待换", "* without a list, to be renewed")
    listed = ", ".join(key.facts) or "-"
    return Words(listed, listed)


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY")], by: ByOption = None, as_json: JsonOption = False
) -> None:
    """吊销一把密钥，立即生效 · revoke a key, at once."""
    from activities.access.api_keys import revoke_key

    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"keys revoke {key_id}"):
        revoke_key(engine_of(current.settings), key_id, datetime.now(UTC))
    if as_json:
        current.speech.data({"key_id": key_id, "revoked": True})
    else:
        current.speech.say(f"{key_id} 已吊销", f"{key_id} is revoked")
