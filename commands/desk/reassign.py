"""`reassign`: everything that is one person's goes to another, order by order (R133)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.company.rights import check_named, note_act, own_role
from commands.orders.envelopes import roles_to_type
from commands.session import JsonOption, session, with_client
from commands.speaking import Speech
from models.access import TOLD
from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.messages.authors import own_fact_id
from models.messages.envelope import Envelope
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.databases import engine_of
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

KIND = "reassigned"
Results = list[tuple[str, Words, bool]]


def reassign(
    from_: Annotated[str, typer.Option("--from", help="谁的订单 · whose orders")],
    role: Annotated[str, typer.Option("--role", help="岗位，如 service_clerk · in which role")],
    to: Annotated[str, typer.Option("--to", help="交给谁 · to whom")],
    reason: Annotated[str, typer.Option("--reason", help="原因 · why")],
    by: Annotated[
        str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁改派的（上级） · who, a superior")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """改派某人某岗位的全部进行中订单，逐单给出结果 · reassign all open orders of a person in a role, with a result for each.

    starter.py reassign --from clerk-chen --role service_clerk --to clerk-lin --reason 离职 --by supervisor-he

    只改派一单：starter.py tell ORDER reassigned --set role=service_clerk --set person=clerk-lin --set reason=… --by …
    """  # fmt: skip
    from activities.orders.in_charge import orders_of

    current = session(as_json=as_json)
    wanted = next((each for each in Role if role in (each.value, each.zh)), None)
    if wanted is None:
        words = Words("没有岗位 {role}。有：{allowed}", "there is no role {role}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words.filled(role=role, allowed=roles_to_type()), where="--role")
    if not by:
        words = Words("请用 --by 写明谁改派的", "name who reassigns with --by")
        raise Refusal(Code.MISSING_FIELD, words, where="--by")
    may = FACT_KINDS[KIND].roles
    check_named(current.settings, by, may)
    numbers = orders_of(engine_of(current.settings), from_, wanted)
    said_as = own_role(current.settings, by, may) or may[0]
    once = uuid.uuid4().hex
    content = {"role": wanted.value, "person": to, "reason": reason}

    def envelope(number: str) -> Envelope:
        return fact_envelope(
            own_fact_id(by, f"desk/{once}/{number}"), KIND, content,
            by=by, role=said_as, happened_at=datetime.now(UTC), manner=Manner.TYPED,
        )  # fmt: skip

    results = with_client(
        current,
        lambda client: _each(client, current.settings, {number: envelope(number) for number in numbers}),
    )
    if as_json:
        current.speech.data(
            [
                {"order": number, "done": done, "zh": words.zh, "en": words.en}
                for number, words, done in results
            ]
        )
    else:
        _show(current.speech, results)
    if any(not done for *_, done in results):
        raise typer.Exit(1)


def _show(speech: Speech, results: Results) -> None:
    for number, words, done in results:
        speech.line(f"{'✓' if done else '✗'} {number}  {words.in_language(speech.language)}")
    count = sum(done for *_, done in results)
    speech.say(f"改派 {count}/{len(results)} 单", f"{count} of {len(results)} orders were reassigned")


async def _each(client: Client, settings: Settings, envelopes: dict[str, Envelope]) -> Results:
    """Tell each order; one that refuses stops none of the others."""
    from runtime.delivery.telling import tell_order

    results: Results = []
    for number, envelope in envelopes.items():
        try:
            told = await tell_order(client, settings, number, envelope)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            results.append((number, refusal.words, False))
            continue
        refused = told.refusal
        note_act(settings, number, envelope, refused.code.value if refused is not None else TOLD)
        words = refused.words if refused is not None else Words("已改派", "reassigned")
        results.append((number, words, refused is None))
    return results
