"""`case open`, `tell`, `decide`, `show`, `list`, `statistics`: after-sales cases on the command line (R142 to R144)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from commands.cases.opening_files import OpeningWords, open_from_files
from commands.orders import tell
from commands.orders.field_list import help_with_fields
from commands.session import FilesArgument, JsonOption, session
from models.cases.case_request import CaseRequest
from models.cases.terms import CaseStage, CaseType, Cause, Remedy
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term, Words
from models.writing.printed_figures import figures, quantity
from runtime.cases.opening import AFTER_SALES
from runtime.databases import engine_of

if TYPE_CHECKING:
    pass

app = typer.Typer(help="售后：退货、换货、维修、投诉 · after-sales cases", no_args_is_help=True)
NumberArgument = Annotated[
    str, typer.Argument(help="售后单号，如 C20270105-0001-1 · the case's number", metavar="CASE")
]
app.command(
    "tell", help="向售后单报告一个事实：case_acknowledged、goods_received、remedy_done … · tell a case a fact"
)(tell.tell)
app.command("decide", help="决定售后、复核异议 · decide a case, review an objection")(tell.decide)


_WORDS = OpeningWords(
    name="case",
    together="opened",
    opened=Words("{number} 已登记（{request}）", "{number} opened ({request})"),
    known=Words("{number} 已有（{request}）", "{number} was opened before ({request})"),
)


def open_cases(files: FilesArgument, as_json: JsonOption = False) -> None:
    """登记售后（JSON、YAML） · open cases from files.

    starter.py case open return.yaml

    同一 request_id 再登记一次还是同一张售后单。坏的按 文件、条目、字段、原因 报告，好的照登。
    """
    open_from_files(session(as_json=as_json), files, AFTER_SALES, _WORDS, as_json=as_json)


app.command("open", help=help_with_fields(open_cases.__doc__, CaseRequest, "case"))(open_cases)


def term_words(terms: type[Term], value: str | None) -> Words:
    """A stored value of a closed set as people read it."""
    known = next((each for each in terms if each.value == value), None)
    return Words(known.zh, known.en) if known is not None else Words(value or "", value or "")


@app.command("list")
def list_all(
    stage: Annotated[str | None, typer.Option("--stage", help="状态，如 assessed 或 待决定 · stage")] = None,
    customer: Annotated[str | None, typer.Option("--customer", help="客户编号 · customer")] = None,
    order: Annotated[str | None, typer.Option("--order", help="订单号 · order")] = None,
    open_only: Annotated[
        bool, typer.Option("--open", help="只看未结案的 · only those that are open")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """售后单列表，最新的在前 · cases, the newest first.

    starter.py case list --open | starter.py case list --order 20270105-0001
    """
    from activities.cases.after_sales_views import list_cases

    current = session(as_json=as_json)
    found = list_cases(
        engine_of(current.settings),
        stage=_stage(stage),
        customer=customer,
        order=order,
        open_only=open_only,
    )
    if as_json:
        current.speech.data({"cases": [each.model_dump(mode="json") for each in found]})
        return
    columns = [
        Words("售后单", "case"),
        Words("订单", "order"),
        Words("客户", "customer"),
        Words("类型", "type"),
        Words("原因", "cause"),
        Words("产品", "goods"),
        Words("数量", "quantity"),
        Words("状态", "stage"),
        Words("处理", "remedy"),
    ]
    rows = [
        (
            each.number,
            each.order_number,
            each.customer_name,
            term_words(CaseType, each.type),
            term_words(Cause, each.cause),
            each.product,
            quantity(each.quantity) if each.quantity is not None else "",
            term_words(CaseStage, each.stage),
            term_words(Remedy, each.remedy),
        )
        for each in found
    ]
    current.speech.table(columns, rows)


def _stage(given: str | None) -> str | None:
    if given is None:
        return None
    found = next((each for each in CaseStage if given in (each.value, each.zh, each.en)), None)
    if found is None:
        allowed = ", ".join(CaseStage)
        words = Words(f"没有状态 {given}。有：{allowed}", f"there is no stage {given}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words, where="--stage")
    return found.value


@app.command("show")
def show(number: NumberArgument, as_json: JsonOption = False) -> None:
    """一张售后单：在等什么、证据、决定、金额、日志 · one case with its evidence and figures.

    starter.py case show C20270105-0001-1
    """
    from activities.cases.after_sales_views import show_case

    current = session(as_json=as_json)
    view = show_case(engine_of(current.settings), number)
    if as_json:
        current.speech.data(view.model_dump(mode="json"))
        return
    speech, stage = current.speech, term_words(CaseStage, view.stage)
    kind, cause = term_words(CaseType, view.type), term_words(Cause, view.cause)
    speech.say(
        f"{view.number} {view.customer_name} · {kind.zh} {cause.zh} · {stage.zh}",
        f"{view.number} {view.customer_name} · {kind.en}, {cause.en} · {stage.en}",
    )
    speech.line(f"  {view.order_number} {view.product} {view.specification}  {view.words}")
    speech.title("在等", "waits for")
    for step in view.steps:
        speech.line(
            f"  {speech.words(step.zh, step.en)}  {speech.shown(step.due)}  starter.py {step.command}"
        )
    if view.value is not None and view.payable is not None:
        value, payable = figures(view.value), figures(view.payable)
        speech.say(f"退货价值 {value}，应退 {payable}", f"worth {value}, to be paid back {payable}")
    if view.replacement:
        speech.say(f"换货订单 {view.replacement}", f"replacement order {view.replacement}")


@app.command("statistics")
def statistics(as_json: JsonOption = False) -> None:
    """售后统计：按产品和原因 · cases by product and cause.

    starter.py case statistics
    """
    from activities.cases.after_sales_views import count_cases

    current = session(as_json=as_json)
    found = count_cases(engine_of(current.settings))
    if as_json:
        current.speech.data({"statistics": [each.model_dump(mode="json") for each in found]})
        return
    columns = [
        Words("产品", "product"),
        Words("原因", "cause"),
        Words("件数", "cases"),
        Words("数量", "quantity"),
        Words("价值", "worth"),
        Words("已退", "paid back"),
    ]
    rows = [
        (
            each.product,
            term_words(Cause, each.cause),
            each.cases,
            quantity(each.quantity),
            figures(each.value),
            figures(each.payable),
        )
        for each in found
    ]
    current.speech.table(columns, rows)
