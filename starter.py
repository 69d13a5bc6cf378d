"""Dingdan's command line: place an order, tell it a fact, decide, look, rehearse, demo.

It only assembles; each command stands in `commands/`.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer
from typer.exceptions import TyperException

from commands.cases import after_sales
from commands.company import erasing, holidays, imports, keys, links, logins, setup, take_over, webhooks
from commands.contracts import contract
from commands.desk import (
    audit,
    credit,
    documents,
    invoices,
    notices,
    presale,
    production_report,
    reassign,
    receipt,
    remind,
    report,
    resolve,
    scan,
    stock,
)
from commands.orders import bring_back, heard, look, place, receipts, schema, tell
from commands.orders.field_list import help_with_fields
from commands.quotes import quote
from commands.session import Session, start_session
from commands.speaking import Speech, nobody_reads
from commands.stories import demo, rehearse, simulate
from commands.usage import usage_refusal
from models.request.order_request import OrderRequest
from models.values.errors import Refusal
from models.values.vocabulary import Language
from runtime.refusals import UNEXPECTED, refusal_of_world

INTERRUPTED = 130

app = typer.Typer(
    name="starter.py",
    help="订单从接单到签收，一张订单一个持久流程 · one order, from first call to delivery receipt, as one durable workflow.\n\n"
    "先 `make run`（另开一个终端），再：import → place → waiting 角色 → tell / decide → show。\n\n"
    "退出码 exit codes:0 好 · 1 故事不符 · 2 用法 · 3 填写有误 · 4 找不到 · 5 冲突 · 6 无权 · 7 与订单矛盾 · "
    "8 服务器 · 9 数据库 · 10 未安装好 · 11 磁盘满 · 12、13 见 audit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def begin(
    language: Annotated[
        Language | None, typer.Option("--language", help="zh 或 en；默认取 DINGDAN_LANGUAGE · zh or en")
    ] = None,
) -> None:
    """Read the settings once, before any command."""
    start_session(language)


app.command("import")(imports.import_files)
app.command("place", help=help_with_fields(place.place.__doc__, OrderRequest, "order"))(place.place)
app.command("heard")(heard.heard)
app.command("tell")(tell.tell)
app.command("decide")(tell.decide)
app.command("show")(look.show)
app.command("list")(look.list_orders)
app.command("waiting")(look.waiting)
app.command("cancel")(tell.cancel)
app.command("hold")(tell.hold)
app.command("resume")(tell.resume)
app.command("amend")(tell.amend)
app.command("bring-back")(bring_back.bring_back)
app.command("documents")(documents.documents)
app.command("notices")(notices.notices)
app.command("receipts")(receipts.receipts)
app.command("resolve")(resolve.resolve)
app.command("remind")(remind.remind)
app.command("exempt")(remind.exempt)
app.command("credit")(credit.credit)
app.command("assess")(credit.assess)
app.command("transfer")(receipt.transfer)
app.command("invoices")(invoices.invoices)
app.command("accounts")(invoices.accounts)
app.command("archive")(invoices.archive)
app.command("report")(report.report)
app.command("production-report")(production_report.production_report)
app.command("holidays")(holidays.holidays)
app.command("reassign")(reassign.reassign)
app.command("audit")(audit.audit)
app.command("scan")(scan.scan)
app.command("password")(logins.password)
app.command("unlock")(logins.unlock)
app.command("erase")(erasing.erase)
app.command("link")(links.link)
app.command("links")(links.links)
app.command("revoke-link")(links.revoke_link)
app.add_typer(quote.app, name="quote")
app.add_typer(contract.app, name="contract")
app.add_typer(after_sales.app, name="case")
app.add_typer(receipt.app, name="receipt")
app.add_typer(stock.app, name="stock")
app.add_typer(presale.app, name="presale")
app.add_typer(logins.app, name="logins")
app.add_typer(keys.app, name="keys")
app.add_typer(webhooks.app, name="webhooks")
app.command("schema")(schema.schema)
app.command("rehearse")(rehearse.rehearse)
app.command("simulate")(simulate.simulate)
app.command("setup")(setup.setup)
app.command("take-over")(take_over.take_over)
app.command("demo")(demo.demo)


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Never raises: what goes wrong is told in words."""
    command = typer.main.get_command(app)
    as_json = "--json" in arguments
    try:
        code = command.main(list(arguments), prog_name="starter.py", standalone_mode=False)
    except TyperException as wrong:
        _show_usage(wrong, arguments, as_json=as_json)
        return wrong.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except typer.Exit as left:
        return left.exit_code
    except SystemExit as left:  # nobody reads the help any more
        return left.code if isinstance(left.code, int) else 0
    except BaseException as error:  # noqa: BLE001 - the last place where a fault can be told in words
        return _tell_failure(error, arguments, as_json=as_json)
    return code if isinstance(code, int) else 0


def _show_usage(wrong: TyperException, arguments: Sequence[str], *, as_json: bool) -> None:
    refusal = usage_refusal(wrong)
    if refusal is not None:
        Speech(_language(arguments)).refuse(refusal, as_json=as_json)
        return
    show = getattr(wrong, "show", None)
    if callable(show):
        show()
    else:
        sys.stderr.write(f"{wrong.format_message()}\n")


def _tell_failure(error: BaseException, arguments: Sequence[str], *, as_json: bool) -> int:
    speech = Speech(_language(arguments))
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        return _tell_failure(error.exceptions[0], arguments, as_json=as_json)
    refusal = refusal_of_world(error)
    if isinstance(refusal, Refusal):
        speech.refuse(refusal, as_json=as_json)
        return refusal.exit_code
    speech.aside(
        f"程序出错：{type(error).__name__}。请把 DINGDAN_TRACE=1 时的输出交给维护者",
        f"a fault of the program: {type(error).__name__}; run again with DINGDAN_TRACE=1 and pass on the output",
    )
    if os.environ.get("DINGDAN_TRACE"):
        traceback.print_exception(error, file=sys.stderr)
    return UNEXPECTED


def _language(arguments: Sequence[str]) -> Language:
    named = [after for name, after in pairwise(arguments) if name == "--language"]
    known = [each for each in (*named, os.environ.get("DINGDAN_LANGUAGE", "")) if each in set(Language)]
    return Language(known[0]) if known else Language.ZH


def main() -> None:
    """The entry point. Told to end, a command stops what it started, as with Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # What a person must know is told in words; the engine's own remarks are for those who look for a fault.
    logging.getLogger("temporalio").setLevel(
        logging.INFO if os.environ.get("DINGDAN_TRACE") else logging.CRITICAL
    )
    code = run(sys.argv[1:])
    for stream in filter(None, (sys.stdout, sys.stderr)):  # a shell may have closed one
        try:
            stream.flush()
        except BrokenPipeError:
            nobody_reads(stream)
    # The SDK's threads can abort an interpreter that is shutting down (sdk-python#300).
    os._exit(code)


__all__ = ["Session", "app", "main", "run"]

if __name__ == "__main__":
    main()
