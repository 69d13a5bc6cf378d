"""`quote make`, `tell`, `decide`, `show`, `list`: quotes on the command line, in the manner of orders (R102 to R104)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.cases.opening_files import OpeningWords, open_from_files
from commands.company.rights import entered_by_staff
from commands.orders import tell
from commands.orders.field_list import help_with_fields
from commands.session import (
    ByOption,
    FilesArgument,
    JsonOption,
    OrderArgument,
    Session,
    session,
    with_client,
)
from models.quotes.quote import QuoteStage
from models.quotes.quote_request import QuoteRequest, QuoteStart
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.printed_figures import figures, price, quantity
from runtime.cases.opening import ENQUIRIES, Opened
from runtime.databases import engine_of
from runtime.quotes.for_orders import enquiry_for

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.quotes.quote_views import OfferView, QuoteView

app = typer.Typer(help="报价：询价、成本、报价、答复 · quotes", no_args_is_help=True)
NumberArgument = Annotated[
    str, typer.Argument(help="报价号，如 Q20270105-0001 · the quote's number", metavar="QUOTE")
]
app.command(
    "tell", help="向报价报告一个事实：cost_sheet_made、offer_made、offer_sent … · tell a quote a fact"
)(tell.tell)
app.command("decide", help="审批报价、处理逾期接受 · approve an offer, honour a late acceptance")(tell.decide)


_WORDS = OpeningWords(
    name="quote",
    together="made",
    opened=Words("{number} 已登记（{request}）", "{number} taken in ({request})"),
    known=Words("{number} 已有（{request}）", "{number} was asked for before ({request})"),
)


def make(files: FilesArgument, as_json: JsonOption = False) -> None:
    """登记询价（JSON、YAML） · take enquiries in from files.

    starter.py quote make enquiry.yaml

    同一 request_id 再登记一次还是同一张报价。坏的按 文件、条目、字段、原因 报告，好的照登。
    """
    open_from_files(session(as_json=as_json), files, ENQUIRIES, _WORDS, as_json=as_json)


app.command("make", help=help_with_fields(make.__doc__, QuoteRequest, "quote"))(make)


@app.command("open")
def open_for_order(order: OrderArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """为等报价的订单登记报价：货物和条款取自订单 · make a quote for an order that waits for one.

    starter.py quote open 20270105-0001 --by li

    客户接受后，订单按报价的价格继续，不另立订单。
    """
    current = session(as_json=as_json)

    async def ask(client: Client) -> Opened[QuoteStart]:
        asked = await enquiry_for(client, order)
        values = {**asked, "request_id": f"desk/{uuid.uuid4().hex}", "entered_by": by or ""}
        return await ENQUIRIES.open(client, current.settings, entered_by_staff(current.settings, values))

    number = with_client(current, ask).start.number
    if as_json:
        current.speech.data({"quote": number, "order": order})
        return
    current.speech.say(f"{number} 已为订单 {order} 登记", f"{number} is made for the order {order}")


@app.command("list")
def list_quotes(
    stage: Annotated[str | None, typer.Option("--stage", help="状态，如 offered 或 已报价 · stage")] = None,
    customer: Annotated[str | None, typer.Option("--customer", help="客户编号 · customer")] = None,
    salesperson: Annotated[str | None, typer.Option("--salesperson", help="业务员编号 · salesperson")] = None,
    open_only: Annotated[
        bool, typer.Option("--open", help="只看未结束的 · only those that are open")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """报价列表，最新的在前 · quotes, the newest first.

    starter.py quote list --open | starter.py quote list --stage 已报价
    """
    from activities.quotes import quote_views

    current = session(as_json=as_json)
    found = quote_views.list_quotes(
        engine_of(current.settings),
        stage=_stage(stage),
        customer=customer,
        salesperson=salesperson,
        open_only=open_only,
    )
    if as_json:
        current.speech.data({"quotes": [each.model_dump(mode="json") for each in found]})
        return
    columns = [
        Words("报价", "quote"),
        Words("客户", "customer"),
        Words("产品", "goods"),
        Words("状态", "stage"),
        Words("版本", "version"),
        Words("金额", "total"),
        Words("有效至", "valid until"),
        Words("订单", "order"),
    ]
    current.speech.table(
        columns,
        [
            (
                each.number,
                each.customer_name,
                each.title,
                stage_words(each.stage),
                each.version or "",
                figures(each.total) if each.total is not None else "",
                each.valid_until,
                each.order_number,
            )
            for each in found
        ],
    )


def _stage(given: str | None) -> str | None:
    if given is None:
        return None
    found = next((each for each in QuoteStage if given in (each.value, each.zh, each.en)), None)
    if found is None:
        allowed = ", ".join(QuoteStage)
        words = Words(f"没有状态 {given}。有：{allowed}", f"there is no stage {given}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words, where="--stage")
    return found.value


def stage_words(stage: str) -> Words:
    """A stored stage as people read it."""
    known = next((each for each in QuoteStage if each.value == stage), None)
    return Words(known.zh, known.en) if known is not None else Words(stage, stage)


@app.command("show")
def show(number: NumberArgument, as_json: JsonOption = False) -> None:
    """一张报价：各版本、成本、毛利、在等什么、日志 · one quote with its versions, costs and margin.

    starter.py quote show Q20270105-0001
    """
    from activities.quotes.quote_views import show_quote

    current = session(as_json=as_json)
    view = show_quote(engine_of(current.settings), number)
    if as_json:
        current.speech.data(view.model_dump(mode="json"))
        return
    speech, stage = current.speech, stage_words(view.stage)
    speech.say(
        f"{view.number} {view.customer_name} · {stage.zh}", f"{view.number} {view.customer_name} · {stage.en}"
    )
    speech.title("在等", "waits for")
    for step in view.steps:
        speech.line(
            f"  {speech.words(step.zh, step.en)}  {speech.shown(step.due)}  starter.py {step.command}"
        )
    speech.title("版本", "versions")
    speech.table(
        [
            Words("版本", "version"),
            Words("谁的", "whose"),
            Words("行：数量 × 单价", "line: quantity × price"),
            Words("最多合计", "at most"),
            Words("毛利 %", "margin %"),
            Words("发出", "sent"),
            Words("有效至", "valid until"),
            Words("校验码", "hash"),
        ],
        [_offer_row(each) for each in view.offers],
    )
    _show_costs(current, view)
    if view.order_number:
        speech.say(f"已转订单 {view.order_number}", f"became order {view.order_number}")


def _offer_row(offer: OfferView) -> tuple[Any, ...]:
    whose = Words("客户", "customer") if offer.by_customer else Words("我方", "ours")
    prices = "; ".join(
        f"{each['line']}: {quantity(Decimal(each['quantity']))} × {each['unit_price']}"
        for each in offer.prices
    )
    return (
        offer.version,
        whose,
        prices,
        figures(offer.most),
        offer.margin,
        offer.sent_at,
        offer.valid_until,
        offer.digest[:12],
    )


def _show_costs(current: Session, view: QuoteView) -> None:
    if not view.costs:
        return
    current.speech.title("成本", "costs")
    current.speech.table(
        [
            Words("行", "line"),
            Words("数量", "for"),
            Words("项目", "what"),
            Words("用量", "quantity"),
            Words("单价", "rate"),
            Words("金额", "amount"),
            Words("依据", "basis"),
        ],
        [
            (
                each.line,
                quantity(Decimal(each.for_quantity)),
                f"{each.what} ({each.kind})",
                f"{quantity(each.quantity)} {each.measure}",
                price(each.rate),
                figures(each.amount),
                f"{each.basis} {each.purchased_on or ''}".strip(),
            )
            for each in view.costs
        ],
    )
