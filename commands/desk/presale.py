"""`presale …`: pre-sale batches, who ordered of them, and what is done with them (R113, R114)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from commands.desk.stock import (
    KeyOption,
    PersonOption,
    QuantityArgument,
    ReasonOption,
    ReferenceOption,
    named,
)
from commands.session import JsonOption, session
from models.messages.envelope import read_entered
from models.stock import batch_acts
from models.stock.shelves import Shelves, StockItem
from models.values.vocabulary import Role, Words
from models.writing.printed_figures import quantity
from models.writing.written_numbers import Manner
from runtime.databases import engine_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.values.content import Content

app = typer.Typer(help="预售批次 · pre-sale batches", no_args_is_help=True)
BatchArgument = Annotated[str, typer.Argument(help="批次编号 · number of the batch", metavar="BATCH")]
DayOption = Annotated[str, typer.Option("--day", help="约定到货日 · the day it is agreed for")]
OFFERERS = (Role.PURCHASING, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR)
_FIGURES = (
    Words("批次", "batch"), Words("产品", "product"), Words("到货日", "comes on"), Words("先付", "paid first"),
    Words("预售", "offered"), Words("还可售", "can be sold"), Words("已到合格", "passed"), Words("待检", "to inspect"),
)  # fmt: skip


@app.command("list")
def list_batches(
    everything: Annotated[bool, typer.Option("--all", help="连已到齐的 · completed ones, too")] = False,
    as_json: JsonOption = False,
) -> None:
    """预售批次：约定日、还可售、已到 · the batches with what can still be sold.

    starter.py presale list | starter.py presale list --all --json
    """
    from activities.stock.presale import batches

    current = session(as_json=as_json)
    found = batches(engine_of(current.settings), also_completed=everything)
    if as_json:
        current.speech.data([_data(each) for each in found])
        return
    current.speech.table(_FIGURES, [_row(each) for each in found])


@app.command()
def show(batch: BatchArgument, as_json: JsonOption = False) -> None:
    """一个批次：谁订了，备好多少 · one batch: who ordered of it, and what is ready.

    starter.py presale show PS-1
    """
    from activities.stock.presale import batch as found_by
    from activities.stock.stock_lists import reservations_of

    current = session(as_json=as_json)
    engine = engine_of(current.settings)
    found = found_by(engine, batch)
    item, _ = batch_acts.batch_of(Shelves({found.product: found} if found is not None else {}), batch)
    rows = reservations_of(engine, batch)
    if as_json:
        orders = [each.model_dump(mode="json") for each in rows]
        current.speech.data({**_data(item), "reservations": orders})
        return
    current.speech.table(_FIGURES, [_row(item)])
    current.speech.table(
        (Words("订单", "order"), Words("行", "line"), Words("已订", "has"), Words("已备好", "ready"),
         Words("批次外等货", "waits beyond"), Words("情形", "stands")),
        [
            (each.order_number, str(each.line), quantity(each.quantity), quantity(each.ready), quantity(each.waiting),
             each.state)
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def offer(
    batch: BatchArgument,
    product: Annotated[str, typer.Argument(help="产品编号 · product", metavar="PRODUCT")],
    amount: QuantityArgument,
    day: DayOption,
    payment: Annotated[str, typer.Option("--payment", help="先付 · paid first: deposit, whole")] = "deposit",
    by: PersonOption = "",
) -> None:
    """上架预售：数量、约定日、付定金或全款 · offer goods before they are there.

    starter.py presale offer PS-1 XH-1 500 --day 2027-03-15 --payment whole --by buyer-tang
    """
    from activities.stock.presale import offer_batch

    current = session()
    named(by, OFFERERS)
    raw = {"batch": batch, "product": product, "quantity": amount, "expected": day, "payment": payment}
    said = read_entered(batch_acts.NewBatch, raw, Manner.TYPED)
    offer_batch(engine_of(current.settings), said, by, datetime.now(UTC))
    current.speech.say(f"已上架 {batch}", f"{batch} is offered")


@app.command()
def receive(
    batch: BatchArgument, amount: QuantityArgument, reference: ReferenceOption = "", by: PersonOption = "",
    key: KeyOption = "",
) -> None:  # fmt: skip
    """采购到货，待检 · goods came from purchasing, to be inspected.

    starter.py presale receive PS-1 500 --reference CG-7 --by store-fan
    """
    from activities.stock.presale import receive_batch

    raw = {"quantity": amount, "reference": reference}
    _do(receive_batch, batch_acts.BatchReceived, batch, raw, by, (Role.WAREHOUSE, Role.PURCHASING), key)


@app.command()
def inspect(
    batch: BatchArgument,
    passed: Annotated[str, typer.Option("--passed", help="合格 · passed")] = "0",
    scrapped: Annotated[str, typer.Option("--scrapped", help="不合格 · did not pass")] = "0",
    reason: ReasonOption = "",
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """到货检验：合格的按下单先后分给订单 · what passed goes to orders by placing time.

    starter.py presale inspect PS-1 --passed 450 --scrapped 50 --reason 受潮 --by qc-he
    """
    from activities.stock.presale import inspect_batch

    raw = {"passed": passed, "scrapped": scrapped, "reason": reason}
    _do(inspect_batch, batch_acts.BatchJudged, batch, raw, by, (Role.QUALITY,), key)


@app.command("date")
def another_day(
    batch: BatchArgument, day: DayOption, reason: ReasonOption, by: PersonOption = "", key: KeyOption = ""
) -> None:
    """改约定日，告知每张订单 · it comes on another day; every order hears it.

    starter.py presale date PS-1 --day 2027-03-20 --reason 船期 --by buyer-tang
    """
    from activities.stock.presale import date_batch

    raw = {"expected": day, "reason": reason}
    _do(date_batch, batch_acts.BatchDated, batch, raw, by, (Role.PURCHASING,), key)


@app.command()
def enlarge(
    batch: BatchArgument, amount: QuantityArgument, reason: ReasonOption = "", by: PersonOption = "",
    key: KeyOption = "",
) -> None:  # fmt: skip
    """加量 · more is offered.

    starter.py presale enlarge PS-1 100 --by buyer-tang
    """
    from activities.stock.presale import enlarge_batch

    _do(
        enlarge_batch,
        batch_acts.BatchEnlarged,
        batch,
        {"quantity": amount, "reason": reason},
        by,
        OFFERERS,
        key,
    )


@app.command()
def complete(
    batch: BatchArgument,
    reason: ReasonOption = "",
    sure: Annotated[
        bool, typer.Option("--sure", help="即使有订单因此缺货 · also where orders fall short by it")
    ] = False,
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """到齐结束：缺的由最晚下单的承担，多的入库存 · all has come; who ordered last falls short, the rest goes to stock.

    starter.py presale complete PS-1 --sure --by buyer-tang
    """
    from activities.stock.presale import complete_batch

    raw = {"reason": reason, "sure": sure}
    _do(complete_batch, batch_acts.BatchCompleted, batch, raw, by, (Role.PURCHASING,), key)


def _do(
    do: Callable[..., Any], content: type[Content], batch: str, raw: dict[str, Any], by: str,
    roles: tuple[Role, ...], key: str,
) -> None:  # fmt: skip
    from activities.stock.presale import batch as found_by

    current = session()
    named(by, roles)
    said = read_entered(content, {"batch": batch, **raw}, Manner.TYPED)
    engine = engine_of(current.settings)
    do(engine, said, by, datetime.now(UTC), f"{by}/{key or uuid4().hex}")
    item = found_by(engine, batch)
    there = quantity(item.available) if item is not None else "-"
    current.speech.say(f"已登记，{batch} 还可售 {there}", f"noted; {there} of {batch} can be sold")


def _row(item: StockItem) -> tuple[str, ...]:
    about = item.batch
    if about is None:
        return ()
    can_be_sold = quantity(item.available) if about.completed_at is None else "-"
    return (
        item.product, about.product, str(item.expected or about.agreed), about.payment, quantity(about.offered),
        can_be_sold, quantity(about.passed), quantity(about.to_inspect),
    )  # fmt: skip


def _data(item: StockItem) -> dict[str, Any]:
    return item.model_dump(mode="json") | {"available": str(item.available)}
