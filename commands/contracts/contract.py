"""`contract draft`, `tell`, `decide`, `show`, `list`: contracts of orders on the command line (R107)."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.cases.after_sales import term_words
from commands.company.rights import entered_by_staff
from commands.orders import tell
from commands.session import ByOption, JsonOption, OrderArgument, Session, session, with_client
from models.contracts.contract_request import ContractStart
from models.contracts.terms import ContractSide, ContractStage
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from models.writing.printed_figures import figures
from runtime.cases.opening import DRAFTS, Opened
from runtime.contracts.drafting import AgreedTerms, agreed_terms, draft_of, redraft_of, written_day
from runtime.databases import engine_of

if TYPE_CHECKING:
    from temporalio.client import Client

app = typer.Typer(help="合同：起草、审批、签署、变更、终止 · contracts of orders", no_args_is_help=True)
NumberArgument = Annotated[
    str, typer.Argument(help="合同号，如 H20270105-0001-1 · the contract's number", metavar="CONTRACT")
]
app.command(
    "tell",
    help="向合同报告一个事实：signing_arranged、contract_signed、terminated … · tell a contract a fact",
)(tell.tell)
app.command("decide", help="审批合同：contract_approval · approve a contract, or send it back")(tell.decide)


@app.command("draft")
def draft(
    order: OrderArgument,
    by: ByOption = None,
    quality: Annotated[str, typer.Option("--quality", help="质量标准 · quality standard")] = "",
    words: Annotated[str, typer.Option("--words", help="其他约定 · further clauses")] = "",
    valid_until: Annotated[
        str, typer.Option("--valid-until", help="有效至，如 2027-12-31 · last day on which it counts")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="变更原因 · why it is changed")] = "",
    terms: Annotated[
        bool,
        typer.Option("--terms", help="只看订单约定了什么，不起草 · show what the order says, draft nothing"),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """按订单起草合同；订单已有合同的，起草为新版（补充协议） · draft a contract from its order.

    starter.py contract draft 20270105-0001 --by li --quality 'GB/T 28210-2011 一等品'

    货物、价格、交货日、付款方式取自订单，不再录入。
    """
    from activities.contracts.contract_requests import living_contract

    current = session(as_json=as_json)
    agreed = with_client(current, lambda client: agreed_terms(client, order))
    if terms:
        current.speech.data({"order": order, "terms": lasting(agreed.terms), "digest": agreed.terms.digest})
        return
    living = living_contract(engine_of(current.settings), order)
    if living is not None:
        content = redraft_of(
            agreed, quality=quality, words=words, valid_until=written_day(valid_until), reason=reason
        )
        tell.tell(living, "drafted", content=json.dumps(content), by=by, as_json=as_json)
        return
    said = {"quality": quality, "words": words, "valid_until": valid_until}
    _report(current, _drafted(current, agreed, by, said), as_json=as_json)


def _drafted(
    current: Session, agreed: AgreedTerms, by: str | None, said: dict[str, Any]
) -> Opened[ContractStart]:
    values = {**draft_of(agreed, **said), "request_id": f"desk/{uuid.uuid4().hex}", "entered_by": by or ""}

    async def ask(client: Client) -> Opened[ContractStart]:
        return await DRAFTS.open(client, current.settings, entered_by_staff(current.settings, values))

    return with_client(current, ask)


def _report(current: Session, opened: Opened[ContractStart], *, as_json: bool) -> None:
    number = opened.start.number
    if as_json:
        current.speech.data({"contract": number, "order": opened.start.request.order, "known": opened.known})
        return
    current.speech.say(f"{number} 已起草，待审批", f"{number} is drafted and goes to its approval")


@app.command("list")
def list_all(
    stage: Annotated[
        str | None, typer.Option("--stage", help="状态，如 to_sign 或 待双方签署 · stage")
    ] = None,
    customer: Annotated[str | None, typer.Option("--customer", help="客户编号 · customer")] = None,
    order: Annotated[str | None, typer.Option("--order", help="订单号 · order")] = None,
    open_only: Annotated[
        bool, typer.Option("--open", help="只看未终结的 · only those that are open")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """合同列表，最新的在前 · contracts, the newest first.

    starter.py contract list --open | starter.py contract list --order 20270105-0001
    """
    from activities.contracts.contract_views import list_contracts

    current = session(as_json=as_json)
    found = list_contracts(
        engine_of(current.settings), stage=_stage(stage), customer=customer, order=order, open_only=open_only
    )
    if as_json:
        current.speech.data({"contracts": [each.model_dump(mode="json") for each in found]})
        return
    columns = [
        Words("合同", "contract"),
        Words("订单", "order"),
        Words("客户", "customer"),
        Words("状态", "stage"),
        Words("版本", "version"),
        Words("含税合计", "total with tax"),
        Words("有效至", "counts until"),
    ]
    rows = [
        (
            each.number,
            each.order_number,
            each.customer_name,
            term_words(ContractStage, each.stage),
            str(each.version),
            figures(each.total),
            each.valid_until.isoformat(),
        )
        for each in found
    ]
    current.speech.table(columns, rows)


def _stage(given: str | None) -> str | None:
    if given is None:
        return None
    found = next((each for each in ContractStage if given in (each.value, each.zh, each.en)), None)
    if found is None:
        allowed = ", ".join(ContractStage)
        words = Words(f"没有状态 {given}。有：{allowed}", f"there is no stage {given}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words, where="--stage")
    return found.value


@app.command("show")
def show(number: NumberArgument, as_json: JsonOption = False) -> None:
    """一份合同：在等什么、各版本、签字、日志 · one contract with its versions and signatures.

    starter.py contract show H20270105-0001-1
    """
    from activities.contracts.contract_views import show_contract

    current = session(as_json=as_json)
    view = show_contract(engine_of(current.settings), number)
    if as_json:
        current.speech.data(view.model_dump(mode="json"))
        return
    speech, stage = current.speech, term_words(ContractStage, view.stage)
    speech.say(
        f"{view.number} {view.customer_name} · 订单 {view.order_number} · {stage.zh}",
        f"{view.number} {view.customer_name} · order {view.order_number} · {stage.en}",
    )
    speech.title("在等", "waits for")
    for step in view.steps:
        speech.line(
            f"  {speech.words(step.zh, step.en)}  {speech.shown(step.due)}  starter.py {step.command}"
        )
    speech.title("各版本", "versions")
    for each in view.drafts:
        total, digest = figures(each.total), each.digest[:12]
        speech.line(f"  {each.version}. {total} · {each.terms['delivery_date']} · {each.quality} · {digest}")
    for signed in view.signatures:
        side = term_words(ContractSide, signed.side).in_language(speech.language)
        speech.line(f"  {signed.version}. {side}: {signed.signed_by} {speech.shown(signed.signed_at)}")
