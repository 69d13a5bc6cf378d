"""`receipt`, `transfer`: money that came in, recorded once and given to orders; money moved between orders (R160, R161)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from commands.company.rights import check_named
from commands.orders import tell
from commands.session import ByOption, IdOption, JsonOption, OrderArgument, session
from models.messages.envelope import read_entered
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.databases import engine_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from activities.money.house_receipts import Teller
    from models.money.house_receipt import HouseReceipt

Said = TypeVar("Said", bound=Content)
app = typer.Typer(
    help="收款：登记、分配到订单、余额、支票兑付、退回 · money that came in, and which orders get it",
    no_args_is_help=True,
)
NumberArgument = Annotated[
    str, typer.Argument(help="收款号，如 M20270105-0001 · the receipt's number", metavar="RECEIPT")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因 · why")]
_NO_ONE = Words("请用 --by 写明哪位财务", "name who of finance says it with --by")
_NO_PART = Words(
    "写成 订单=金额，例如 20270105-0001=3500.00", "write ORDER=AMOUNT, for example 20270105-0001=3500.00"
)


@app.command("record")
def record(
    customer: Annotated[str, typer.Argument(help="客户编号 · the customer's code", metavar="CUSTOMER")],
    amount: Annotated[str, typer.Argument(help="金额，元 · how much, in CNY", metavar="AMOUNT")],
    reference: Annotated[str, typer.Argument(help="银行凭证号 · the bank's reference", metavar="REFERENCE")],
    bank: Annotated[str, typer.Option("--bank", help="哪家银行 · which bank")] = "",
    payer: Annotated[str, typer.Option("--payer", help="付款人 · who paid")] = "",
    method: Annotated[str, typer.Option("--method", help="bank、cheque … · how it came")] = "bank",
    paid_at: Annotated[str, typer.Option("--at", help="到账时间，默认现在 · when it came")] = "",
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记一笔收款；同一银行同一凭证只登记一次 · record money that came in, once by bank and reference.

    starter.py receipt record K-B1 12000.00 TX-7 --bank 工行 --by qian
    """
    from activities.money.house_receipts import record_receipt
    from models.money.receipt_terms import ReceiptRecorded

    raw = {
        "customer": customer, "amount": amount, "reference": reference, "bank": bank, "payer": payer, "method": method,
        **({"paid_at": paid_at} if paid_at else {}),
    }  # fmt: skip
    said = _read(ReceiptRecorded, raw)
    _does(by, act, as_json, lambda engine, teller: record_receipt(engine, said, teller))


@app.command("allocate")
def allocate(
    number: NumberArgument,
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            help="订单=金额，可多个；其余留作余额 · ORDER=AMOUNT …; the rest is balance", metavar="PARTS"
        ),
    ] = None,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="按系统建议的分配 · as it is proposed")
    ] = False,
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """把一笔收款分配到订单 · give a receipt to orders; what is named for none stays as the customer's balance.

    starter.py receipt allocate M20270105-0001 20270105-0001=3500.00 20270105-0002=6200.00 --by qian
    """
    from activities.money.house_receipts import allocate as give
    from activities.money.receipt_lists import show_receipt
    from models.money.receipt_terms import AllocationAsked

    rows = [_part(each) for each in parts or ()]
    if proposed:
        found = show_receipt(engine_of(session().settings), number).proposal
        rows = [{"order": each.order, "amount": str(each.amount)} for each in found.parts]
    said = _read(AllocationAsked, {"parts": rows})
    _does(by, act, as_json, lambda engine, teller: give(engine, number, said, teller))


@app.command("move")
def move(
    number: NumberArgument,
    order: OrderArgument,
    amount: Annotated[str, typer.Argument(help="金额，元 · how much, in CNY", metavar="AMOUNT")],
    reason: ReasonOption = "",
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """把余额转到该客户的订单，自此时起计入 · move balance to an order of the customer, from now on.

    starter.py receipt move M20270105-0001 20270105-0003 2300.00 --reason 客户要求 --by qian
    """
    from activities.money.house_receipts import move_balance
    from models.money.receipt_terms import BalanceMoved

    said = _read(BalanceMoved, {"order": order, "amount": amount, "reason": reason})
    _does(by, act, as_json, lambda engine, teller: move_balance(engine, number, said, teller))


@app.command("refund")
def refund(
    number: NumberArgument,
    amount: Annotated[str, typer.Argument(help="金额，元 · how much, in CNY", metavar="AMOUNT")],
    reason: ReasonOption = "",
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """余额已退给客户 · balance was paid back to the customer."""
    from activities.money.house_receipts import refund_balance
    from models.money.receipt_terms import BalanceRefunded

    said = _read(BalanceRefunded, {"amount": amount, "reason": reason})
    _does(by, act, as_json, lambda engine, teller: refund_balance(engine, number, said, teller))


@app.command("cleared")
def cleared(
    number: NumberArgument, by: ByOption = None, act: IdOption = None, as_json: JsonOption = False
) -> None:
    """支票已兑付，可以分配 · the bank paid the cheque; it can be given to orders."""
    from activities.money.house_receipts import clear_cheque

    _does(by, act, as_json, lambda engine, teller: clear_cheque(engine, number, teller))


@app.command("bounced")
def bounced(
    number: NumberArgument,
    reason: ReasonOption = "",
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """收款被银行退回；分到钱的订单随即得知 · it bounced; every order with a part of it hears so."""
    from activities.money.house_receipts import bounce_receipt
    from models.money.receipt_terms import ReasonSaid

    said = _read(ReasonSaid, {"reason": reason})
    _does(by, act, as_json, lambda engine, teller: bounce_receipt(engine, number, said, teller))


@app.command("correct")
def correct(
    number: NumberArgument,
    reason: ReasonOption = "",
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记有误：划去并留存，再重新登记 · it was recorded wrong: struck, kept, and recorded anew."""
    from activities.money.house_receipts import correct_receipt
    from models.money.receipt_terms import ReasonSaid

    said = _read(ReasonSaid, {"reason": reason})
    _does(by, act, as_json, lambda engine, teller: correct_receipt(engine, number, said, teller))


@app.command("take-back")
def take_back(
    number: NumberArgument,
    part: Annotated[str, typer.Argument(help="哪一部分，如 M20270105-0001/1 · which part", metavar="PART")],
    reason: ReasonOption = "",
    by: ByOption = None,
    act: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """订单没有计入的部分收回余额 · a part that its order never took is balance again."""
    from activities.money.house_receipts import take_part_back
    from models.money.receipt_terms import ReasonSaid

    said = _read(ReasonSaid, {"reason": reason, "part": part})
    _does(by, act, as_json, lambda engine, teller: take_part_back(engine, number, said, teller))


@app.command("show")
def show(number: NumberArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """一笔收款、各部分、建议的分配和客户余额 · one receipt, its parts, what is proposed, the customer's balance."""
    from activities.money.receipt_lists import show_receipt

    current = session(as_json=as_json)
    _finance(by)
    found = show_receipt(engine_of(current.settings), number)
    if as_json:
        current.speech.data(
            _as_json(found.receipt)
            | {
                "balance": str(found.balance),
                "proposed_by": found.proposal.by.value,
                "proposed": [
                    {"order": each.order, "amount": str(each.amount)} for each in found.proposal.parts
                ],
            }
        )
        return
    _tell(found.receipt, as_json=False)
    current.speech.say(f"客户余额 ¥{found.balance}", f"the customer's balance is CNY {found.balance}")
    if found.receipt.allocated_at is None:
        current.speech.title(f"建议：{found.proposal.by.zh}", f"proposed: {found.proposal.by.en}")
        rows = [(each.order, each.amount) for each in found.proposal.parts]
        current.speech.table((Words("订单", "order"), Words("金额", "amount")), rows)


@app.command("list")
def find(
    text: Annotated[
        str,
        typer.Argument(help="凭证、收款号、客户、订单 · reference, number, customer, order", metavar="TEXT"),
    ] = "",
    waiting: Annotated[
        bool, typer.Option("--waiting", help="只看待分配 · only those to be allocated")
    ] = False,
    balance: Annotated[bool, typer.Option("--balance", help="只看有余额 · only those with a rest")] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """收款一览 · receipts, the newest first; those that wait the oldest first."""
    from activities.money.receipt_lists import ReceiptsShown, count_receipts, find_receipts

    current = session(as_json=as_json)
    _finance(by)
    show = ReceiptsShown.WAITING if waiting else ReceiptsShown.BALANCE if balance else ReceiptsShown.ALL
    engine = engine_of(current.settings)
    found = find_receipts(engine, text.strip(), show)
    if as_json:
        current.speech.data([_as_json(each) for each in found])
        return
    current.speech.table(
        (
            Words("收款", "receipt"), Words("客户", "customer"), Words("凭证", "reference"), Words("金额", "amount"),
            Words("余", "left"), Words("到账", "paid"), Words("情况", "state"),
        ),
        [(each.number, each.customer, each.reference, each.amount, each.rest, each.paid_at, each.state) for each in found],
    )  # fmt: skip
    total = count_receipts(engine, text.strip(), show)
    if total > len(found):
        current.speech.say(
            f"共 {total} 笔，列出前 {len(found)} 笔", f"{total} in all; these are the first {len(found)}"
        )


def transfer(
    order: OrderArgument,
    to: Annotated[str, typer.Argument(help="转给哪张订单 · to which order", metavar="TO")],
    reference: Annotated[str, typer.Option("--reference", help="哪笔款 · which payment")] = "",
    amount: Annotated[str, typer.Option("--amount", help="金额；不填为全部 · how much; all without")] = "",
    wrong_order: Annotated[
        bool, typer.Option("--wrong-order", help="当初记错了订单 · it was told to the wrong order")
    ] = False,
    reason: ReasonOption = "",
    by: ByOption = None,
    fact_id: IdOption = None,
    as_json: JsonOption = False,
) -> None:
    """财务把一张订单多付的款转给同一客户的另一张订单 · finance moves an order's surplus to another order of the customer.

    starter.py transfer 20270105-0001 20270105-0002 --reference TX-9 --amount 100.00 --reason 客户要求 --by qian

    本单自己需要的钱不能转；记错订单的可整笔转出并保留付款时间：--wrong-order。
    """
    said: dict[str, Any] = {"reference": reference, "to": to, "reason": reason, "wrong_order": wrong_order}
    if amount:
        said["amount"] = amount
    tell.tell(
        order, "money_transferred_out", content=json.dumps(said), by=by, fact_id=fact_id, as_json=as_json
    )


# --- what the commands share -----------------------------------------------------------------------------------------


def _finance(by: str | None) -> str:
    """Who of finance it is. Raises Refusal (missing_field, wrong_role, unknown_person)."""
    if not by:
        raise Refusal(Code.MISSING_FIELD, _NO_ONE, where="--by", rule="R160")
    check_named(session().settings, by, (Role.FINANCE,))
    return by


def _does(
    by: str | None, act: str | None, as_json: bool, does: Callable[[Engine, Teller], HouseReceipt]
) -> None:
    from activities.money.house_receipts import Teller

    current = session(as_json=as_json)
    person = _finance(by)
    teller = Teller(person, datetime.now(UTC), f"{person}/{act or uuid.uuid4().hex}")
    _tell(does(engine_of(current.settings), teller), as_json=as_json)


def _read(content: type[Said], raw: dict[str, Any]) -> Said:
    return read_entered(content, raw, Manner.TYPED)


def _part(text: str) -> dict[str, str]:
    order, sign, amount = text.partition("=")
    if not sign:
        raise Refusal(Code.MALFORMED, _NO_PART, where="PARTS", rule="R160")
    return {"order": order.strip(), "amount": amount.strip()}


def _as_json(receipt: HouseReceipt) -> dict[str, Any]:
    return receipt.model_dump(mode="json", exclude_defaults=True) | {
        "state": receipt.state.value,
        "given": str(receipt.given),
        "rest": str(receipt.rest),
    }


def _tell(receipt: HouseReceipt, *, as_json: bool) -> None:
    current = session(as_json=as_json)
    if as_json:
        current.speech.data(_as_json(receipt))
        return
    given, rest = receipt.given, receipt.rest
    current.speech.say(
        f"{receipt.number} {receipt.customer} {receipt.reference} ¥{receipt.amount} = 订单 ¥{given} + 余额 ¥{rest}"
        f" + 已退 ¥{receipt.refunded}（{receipt.state.zh}）",
        f"{receipt.number} {receipt.customer} {receipt.reference} CNY {receipt.amount} = CNY {given} at orders + CNY {rest} balance"
        f" + CNY {receipt.refunded} paid back ({receipt.state.en})",
    )
    rows: Sequence[Sequence[Any]] = [
        (each.part, each.order, each.amount, each.paid_at, each.state) for each in receipt.parts
    ]
    columns = (
        Words("部分", "part"),
        Words("订单", "order"),
        Words("金额", "amount"),
        Words("计自", "counts from"),
    )
    if rows:
        current.speech.table((*columns, Words("情况", "state")), rows)
