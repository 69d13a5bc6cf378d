"""One sum of money: split over several orders; or, once it counts, corrected, moved, told as bounced (R53)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.money.bank_lines import line_of, open_order
from activities.money.receipts_shown import ShownReceipt, receipt_of
from gateway.api.orders import ORDER_NUMBER
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.money.telling_money import place, require_one_order, senders, tell
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.money.matching import BankLine
from models.money.splitting import Part, Telling, split_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import PaymentMethod, Role, Words
from models.values.words import InvalidValue
from models.writing.written_numbers import Figure, Manner, plain_number

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
PARTS = 6
_NOT_AN_AMOUNT = Words("“{text}” 不是金额，例如 1,280.00", "“{text}” is no amount; write it like 1,280.00")
_NO_RECEIPT = Words("订单 {order} 没有凭证 {reference}", "order {order} has no receipt {reference}")
_NO_ORDER = Words("没有在办的订单 {order}", "there is no living order {order}")
_PARTLY = Words("拆分只办成了一部分：{done}。{why}", "the split was done in part: {done}. {why}")
_ACTS = ("payment_corrected", "money_transferred_out", "payment_bounced")
_NO_ACT = Words("没有这种办法", "there is no such act")
_LONGEST = 300


# --- splitting -------------------------------------------------------------------------------------------------------


@router.get("/money/split")
async def split_form(request: Request, session: Who, line: str = "", orders: str = "") -> HTMLResponse:
    """One sum and the orders that it is for; `orders` fills in those of a candidate with what is open of each."""
    session.caller.require_role(Role.FINANCE)
    door = door_of(request)
    found = await in_database(line_of, door.engine, senders(door.settings), line[:_LONGEST])
    values: dict[str, str] = {}
    for number, name in enumerate(
        [each for each in orders.split(",") if ORDER_NUMBER.fullmatch(each)][:PARTS]
    ):
        order = await in_database(open_order, door.engine, name)
        if order is not None:
            values |= {f"order{number}": name, f"amount{number}": f"{order.open_balance:,.2f}"}
    return _split_page(request, session, found, values, None)


def _split_page(
    request: Request, session: Session, line: BankLine, values: Mapping[str, str], refusal: Refusal | None
) -> HTMLResponse:
    return page(
        request, "money/split.html", 200 if refusal is None else 409, session=session, active="money", home="/money",
        line=line, values=values, refusal=refusal, most=PARTS, at=door_of(request).now().isoformat(),
    )  # fmt: skip


@router.post("/money/split")
async def split(request: Request, session: Who) -> Response:
    """Tell the whole sum to the first order and move the other parts from there; what was done is done once."""
    session.caller.require_role(Role.FINANCE)
    door, values = door_of(request), await staff_form(request, session)
    line = await in_database(line_of, door.engine, senders(door.settings), values.get("line", "")[:_LONGEST])
    try:
        tellings = split_of(line, _parts(values))
        for number in dict.fromkeys(
            [tellings[0].order, *(each.content.get("to", "") for each in tellings[1:])]
        ):
            if await in_database(open_order, door.engine, number) is None:
                raise Refusal(Code.UNKNOWN_ORDER, _NO_ORDER.filled(order=number[:40]), where="parts")
        await require_one_order(door, line, tellings[0].order)
        await place(door, session.caller, line, tellings[0].order)
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _split_page(request, session, line, values, refusal)
    try:
        await _tell_all(door, session, tellings, values, address_of(request))
    except Refusal as refusal:
        return _split_page(request, session, line, values, refusal)
    return RedirectResponse(f"/money?said=split&order={tellings[0].order}", 303)


async def _tell_all(
    door: Door, session: Session, tellings: list[Telling], values: Mapping[str, str], address: str
) -> None:
    """One after another. Raises Refusal for the first that is refused, with what was done before it."""
    done: list[str] = []
    for number, telling in enumerate(tellings):
        try:
            await tell(door, session.caller, telling, values, address, number)
        except Refusal as refusal:
            if not done:
                raise
            words = _PARTLY.filled(done="、".join(done), why=refusal.words)
            raise Refusal(refusal.code, words, where="parts", rule="R53") from refusal
        done.append(
            f"{telling.content.get('to') or telling.order} ¥{Decimal(telling.content['amount']):,.2f}"
        )


def _parts(values: Mapping[str, str]) -> list[Part]:
    """The rows that were filled in. Raises Refusal(malformed) for what is no amount."""
    found = []
    for number in range(PARTS):
        order, said = (values.get(f"{name}{number}", "").strip() for name in ("order", "amount"))
        if order or said:
            found.append(Part(order[:40], _amount(said)))
    return found


def _amount(text: str) -> Decimal:
    amount = Decimal("NaN")
    try:
        amount = Decimal(plain_number(text, Figure.MONEY, Manner.TYPED))
        is_money = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
    except InvalidValue as wrong:
        raise Refusal(Code.MALFORMED, wrong.words, where="parts") from None
    except InvalidOperation:
        is_money = False
    if not is_money:
        raise Refusal(Code.MALFORMED, _NOT_AN_AMOUNT.filled(text=text[:40]), where="parts")
    return amount


# --- once it counts --------------------------------------------------------------------------------------------------


@router.get("/money/receipt")
async def receipt(request: Request, session: Who, order: str = "", reference: str = "") -> HTMLResponse:
    """A payment that was confirmed, and what can still be done with it."""
    session.caller.require_role(Role.FINANCE)
    found = await _found(request, order, reference)
    return _receipt_page(request, session, found, {}, None)


async def _found(request: Request, order: str, reference: str) -> ShownReceipt:
    found = await in_database(receipt_of, door_of(request).engine, order[:40], reference[:_LONGEST])
    if found is None:
        words = _NO_RECEIPT.filled(order=order[:40], reference=reference[:_LONGEST])
        raise Refusal(Code.UNKNOWN_ORDER, words, where="reference")
    return found


def _receipt_page(
    request: Request,
    session: Session,
    found: ShownReceipt,
    values: Mapping[str, str],
    refusal: Refusal | None,
) -> HTMLResponse:
    return page(
        request, "money/receipt.html", 200 if refusal is None else 409, session=session, active="money", home="/money",
        receipt=found, values=values, refusal=refusal, at=door_of(request).now().isoformat(),
        methods={each.value: each for each in PaymentMethod},
    )  # fmt: skip


@router.post("/money/receipt")
async def act_on_receipt(request: Request, session: Who) -> Response:
    """Correct it, move it to another order, or say that it bounced: told to the order as every fact is."""
    session.caller.require_role(Role.FINANCE)
    door, values = door_of(request), await staff_form(request, session)
    found = await _found(request, values.get("order", ""), values.get("reference", ""))
    try:
        await tell(door, session.caller, _told(found, values), values, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _receipt_page(request, session, found, values, refusal)
    return RedirectResponse(f"/money?said={values['act']}&order={found.order}", 303)


def _told(found: ShownReceipt, values: Mapping[str, str]) -> Telling:
    """What the form says. Raises Refusal(malformed) for an act that is none, and for what is no amount."""
    act = values.get("act", "")
    if act not in _ACTS:
        raise Refusal(Code.MALFORMED, _NO_ACT, where="act")
    content: dict[str, object] = {"reference": found.reference, "reason": values.get("reason", "").strip()}
    if act == "money_transferred_out":
        content["to"] = values.get("to", "").strip()
        content["wrong_order"] = values.get("wrong_order") == "yes"
        if values.get("amount", "").strip():
            content["amount"] = str(_amount(values["amount"].strip()))
    return Telling(found.order, act, content)
