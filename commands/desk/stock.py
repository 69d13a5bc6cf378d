"""`stock …`: what is in stock, what moved, who has what, and what is done in the warehouse (R110 to R113)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from commands.company.rights import check_named
from commands.session import JsonOption, session
from models.messages.envelope import read_entered
from models.messages.fact_kind import STAFF
from models.stock import desk_acts
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.printed_figures import moment, quantity
from models.writing.written_numbers import Manner
from runtime.databases import engine_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.values.content import Content

app = typer.Typer(help="库存 · stock", no_args_is_help=True)
ProductArgument = Annotated[str, typer.Argument(help="产品编号 · product", metavar="PRODUCT")]
QuantityArgument = Annotated[str, typer.Argument(help="数量 · quantity", metavar="QUANTITY")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因 · why")]
SureOption = Annotated[
    bool, typer.Option("--sure", help="即使有订单因此缺货 · also where orders fall short by it")
]
ReferenceOption = Annotated[str, typer.Option("--reference", help="单号 · number of the paper")]
PersonOption = Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁 · who")]
KeyOption = Annotated[
    str, typer.Option("--key", help="同一编号只做一次 · the same key is done once", show_default=False)
]
_FIGURES = (
    Words("产品", "product"), Words("规格", "specification"), Words("单位", "unit"), Words("可供", "available"),
    Words("在库", "on hand"), Words("已预留", "reserved"), Words("待检", "quarantine"), Words("预计到货", "expected"),
)  # fmt: skip


@app.command("list")
def list_items(
    words: Annotated[str, typer.Argument(help="编号、品名或规格中的字 · words to look for")] = "",
    as_json: JsonOption = False,
) -> None:
    """库存清单：可供、在库、预留、待检 · all items with what can still be promised.

    starter.py stock list | starter.py stock list 收银纸 --json
    """
    from activities.stock.stock_lists import stock_items

    current = session(as_json=as_json)
    found = stock_items(engine_of(current.settings), words)
    if as_json:
        current.speech.data(
            [each.model_dump(mode="json") | {"available": str(each.available)} for each in found]
        )
        return
    current.speech.table(
        _FIGURES,
        [
            (each.product, each.specification or "-", each.unit, quantity(each.available), quantity(each.on_hand),
             quantity(each.reserved), quantity(each.quarantined), str(each.expected or "-"))
            for each in found
        ],
    )  # fmt: skip


@app.command()
def show(product: ProductArgument, as_json: JsonOption = False) -> None:
    """一种货品：谁预留了，出入库流水 · one item: who has it, and its movements.

    starter.py stock show XH-1
    """
    from activities.stock.stock_lists import movements_of, reservations_of, stock_item
    from models.stock.shelves import Shelves

    current = session(as_json=as_json)
    engine = engine_of(current.settings)
    found = stock_item(engine, product)
    item = desk_acts.known(Shelves({found.product: found} if found is not None else {}), product)
    rows, moves = reservations_of(engine, product), movements_of(engine, product)
    if as_json:
        current.speech.data(
            {
                **item.model_dump(mode="json"),
                "available": str(item.available),
                "reservations": [each.model_dump(mode="json") for each in rows],
                "movements": [each.model_dump(mode="json") for each in moves],
            }
        )
        return
    current.speech.title(
        f"{product} 可供 {quantity(item.available)}{item.unit.zh}",
        f"{product}: {quantity(item.available)} {item.unit.en} available",
    )
    current.speech.table(
        (Words("订单", "order"), Words("行", "line"), Words("已留", "reserved"), Words("等货", "waits for"),
         Words("情形", "stands")),
        [(each.order_number, str(each.line), quantity(each.quantity), quantity(each.waiting), each.state) for each in rows],
    )  # fmt: skip
    current.speech.table(
        (Words("时间", "when"), Words("事项", "what"), Words("在库", "on hand"), Words("待检", "quarantine"),
         Words("订单", "order"), Words("原因", "reason")),
        [
            (moment(each.at), each.kind, quantity(each.quantity), quantity(each.quarantined), each.order_number or "-",
             each.reason or "-")
            for each in moves
        ],
    )  # fmt: skip


@app.command()
def enter(
    product: ProductArgument,
    unit: Annotated[str, typer.Option("--unit", help="单位 · unit")],
    name: Annotated[str, typer.Option("--name", help="品名 · name")] = "",
    specification: Annotated[str, typer.Option("--specification", help="规格 · specification")] = "",
    by: PersonOption = "",
) -> None:
    """登记一种库存货品 · enter an item that is kept in stock.

    starter.py stock enter XH-1 --unit roll --name 现货收银纸 --by store-fan
    """
    from activities.stock.warehouse import enter_item

    current = session()
    named(by, (Role.WAREHOUSE, Role.PURCHASING))
    raw = {"product": product, "unit": unit, "name": name, "specification": specification}
    enter_item(engine_of(current.settings), read_entered(desk_acts.NewItem, raw, Manner.TYPED))
    current.speech.say(f"已登记 {product}", f"{product} is entered")


@app.command()
def receive(
    product: ProductArgument,
    amount: QuantityArgument,
    source: Annotated[
        str, typer.Option("--from", help="来源 · from: purchase, production, opening")
    ] = "purchase",
    lot: Annotated[str, typer.Option("--lot", help="批号 · lot")] = "",
    reference: ReferenceOption = "",
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """入库，先分给等货的订单 · goods come, and go to the orders that wait.

    starter.py stock receive XH-1 400 --reference CG-12 --by store-fan
    """
    from activities.stock.warehouse import receive as do

    raw = {"quantity": amount, "source": source, "lot": lot, "reference": reference}
    _do(do, desk_acts.GoodsCome, product, raw, by, (Role.WAREHOUSE, Role.PURCHASING), key)


@app.command()
def count(
    product: ProductArgument,
    counted: QuantityArgument,
    reason: ReasonOption,
    sure: SureOption = False,
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """盘点（不含待检）；少于已预留的先问一遍 · what was counted; fewer than are reserved is asked back.

    starter.py stock count XH-1 950 --reason 月末盘点 --by store-fan
    """
    from activities.stock.warehouse import count as do

    raw = {"counted": counted, "reason": reason, "sure": sure}
    _do(do, desk_acts.GoodsCounted, product, raw, by, (Role.WAREHOUSE, Role.MATERIAL_CONTROLLER), key)


@app.command()
def correct(
    product: ProductArgument,
    change: Annotated[str, typer.Option("--change", help="增减，减少写负数 · more, or below zero fewer")],
    reason: ReasonOption,
    sure: SureOption = False,
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """更正记错的流水 · put right what was told wrong.

    starter.py stock correct XH-1 --change=-5 --reason 入库多记 --by store-fan
    """
    from activities.stock.warehouse import correct as do

    raw = {"change": change, "reason": reason, "sure": sure}
    _do(do, desk_acts.GoodsCorrected, product, raw, by, (Role.WAREHOUSE, Role.MATERIAL_CONTROLLER), key)


@app.command("take-back")
def take_back(
    product: ProductArgument,
    amount: QuantityArgument,
    reason: ReasonOption = "",
    reference: ReferenceOption = "",
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """退货入待检 · goods came back, to be inspected.

    starter.py stock take-back XH-1 20 --reference TH-3 --by store-fan
    """
    from activities.stock.warehouse import take_back as do

    raw = {"quantity": amount, "reason": reason, "reference": reference}
    _do(do, desk_acts.GoodsBack, product, raw, by, (Role.WAREHOUSE,), key)


@app.command()
def inspect(
    product: ProductArgument,
    passed: Annotated[str, typer.Option("--passed", help="合格入库 · to stock")] = "0",
    rework: Annotated[str, typer.Option("--rework", help="返工 · to rework")] = "0",
    scrapped: Annotated[str, typer.Option("--scrapped", help="报废 · scrapped")] = "0",
    reason: ReasonOption = "",
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """检验待检的货 · inspect what is in quarantine.

    starter.py stock inspect XH-1 --passed 15 --scrapped 5 --by quality-yu
    """
    from activities.stock.warehouse import inspect as do

    raw = {"passed": passed, "rework": rework, "scrapped": scrapped, "reason": reason}
    _do(do, desk_acts.GoodsJudged, product, raw, by, (Role.QUALITY,), key)


@app.command()
def expect(
    product: ProductArgument,
    amount: QuantityArgument,
    day: Annotated[str, typer.Option("--day", help="预计到货日 · expected on")],
    reference: Annotated[str, typer.Option("--reference", help="采购单号 · number of the purchase")],
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """采购订了货：到货日告诉每张等货的订单 · purchasing ordered more; every order that waits hears the day.

    starter.py stock expect XH-1 500 --day 2027-03-12 --reference CG-13 --by buyer-tang
    """
    from activities.stock.warehouse import expect as do

    raw = {"quantity": amount, "expected": day, "reference": reference}
    _do(do, desk_acts.GoodsExpected, product, raw, by, (Role.PURCHASING,), key)


@app.command("put-first")
def put_first(
    product: ProductArgument,
    order: Annotated[str, typer.Argument(help="等货的订单 · order that waits", metavar="ORDER")],
    reason: ReasonOption,
    by: PersonOption = "",
    key: KeyOption = "",
) -> None:
    """主管决定让一张等货的订单插队 · a supervisor puts an order that waits before others.

    starter.py stock put-first XH-1 20270301-0007 --reason 停机待料 --by manager-wu
    """
    from activities.stock.warehouse import put_first as do

    raw = {"order": order, "reason": reason}
    _do(do, desk_acts.OrderPutFirst, product, raw, by, (Role.SALES_SUPERVISOR, Role.SERVICE_SUPERVISOR), key)


def _do(
    do: Callable[..., Any], content: type[Content], product: str, raw: dict[str, Any], by: str,
    roles: tuple[Role, ...], key: str,
) -> None:  # fmt: skip
    from activities.stock.stock_lists import stock_item

    current = session()
    named(by, roles)
    said = read_entered(content, {"product": product, **raw}, Manner.TYPED)
    engine = engine_of(current.settings)
    do(engine, said, by, datetime.now(UTC), f"{by}/{key or uuid4().hex}")
    item = stock_item(engine, product)
    there = quantity(item.available) if item is not None else "-"
    current.speech.say(f"已登记，{product} 可供 {there}", f"noted; {there} of {product} available")


def named(by: str, roles: tuple[Role, ...]) -> None:
    """Raises Refusal where nobody is named, or somebody who has none of these roles."""
    if not by:
        raise Refusal(
            Code.MISSING_FIELD, Words("请用 --by 写明是谁", "name who it was with --by"), where="--by"
        )
    check_named(session().settings, by, tuple(role for role in STAFF if role in roles))
