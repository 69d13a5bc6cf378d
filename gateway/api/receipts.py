"""Money that came in, over HTTP: told once by bank and reference, listed, allocated to orders, as pages and commands do (R160, R161).

A bank's own key tells of money and sees what it told of; what becomes of it is said by a person of finance, with the
own key.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from activities.money.house_receipts import Teller, record_receipt
from activities.money.receipt_acts import act_on_receipt
from activities.money.receipt_lists import ReceiptsShown, count_receipts, find_receipts, show_receipt
from gateway.api.bodies import json_object
from gateway.api.orders import Key, Who, once
from gateway.api.schemas import answers, takes
from gateway.api.telling import Said
from gateway.context import Door, door_of, in_database, keep_act
from models.access import ALL, Caller
from models.messages.envelope import read_entered
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import ReceiptAct, ReceiptRecorded
from models.values.content import Content, Reference
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(prefix="/v1", tags=["receipts"])
Number = Annotated[str, Path(pattern=r"^M\d{8}-\d{4,6}$", description="receipt", examples=["M20270105-0001"])]
TELLS_OF_MONEY = "payment_received"
_NOT_THEIRS = Words(
    "收款由银行的密钥（可报告 payment_received）登记，由财务本人查看和分配",
    "receipts are told by a bank's key that may report payment_received; persons of finance see and allocate them",
)
_NO_CUSTOMER = Words("不得登记此客户的收款", "money of this customer is not yours to tell of")
_NO_RECEIPT = Words("没有收款 {number}", "there is no receipt {number}")


class ReceiptBody(ReceiptRecorded):
    """A sum that came in. `act_id` is the sender's own reference for saying so: the same one twice is one receipt."""

    act_id: Reference


class ReceiptActBody(Content):
    """What finance does with a receipt; beside `act` and `act_id` stands what that act says."""

    model_config = ConfigDict(extra="allow")

    act: ReceiptAct
    act_id: Reference = Field(description="the sender's own reference; the same one twice is one act")


def _is_finance(caller: Caller) -> bool:
    return Role.FINANCE in caller.roles and _reports(caller)


def _may_tell(caller: Caller) -> bool:
    return _is_finance(caller) or (Role.SYSTEM in caller.roles and _reports(caller))


def _reports(caller: Caller) -> bool:
    return bool({ALL, TELLS_OF_MONEY} & set(caller.facts))


def _require(fits: bool) -> None:
    if not fits:
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, rule="R160")


def _teller(door: Door, caller: Caller, act_id: str) -> Teller:
    return Teller(caller.author, door.now(), f"{caller.author}/{caller.fact_id(f'receipt/{act_id}')}")


@router.post("/receipts", openapi_extra=takes(ReceiptBody), responses=answers(201, 409, 422, 503))
async def tell(request: Request, caller: Who, key: Key = None) -> Response:
    """Money came in for a customer. The same bank and reference is one receipt; finance allocates it."""
    door, sent = door_of(request), await json_object(request)
    _require(_may_tell(caller))

    async def work() -> Said:
        said = read_entered(ReceiptBody, sent, Manner.SENT)
        if not caller.sees("", said.customer, caller.name):
            raise Refusal(Code.WRONG_ROLE, _NO_CUSTOMER, where="customer", rule="R160")
        recorded = ReceiptRecorded.model_validate(said.model_dump(exclude={"act_id"}))
        done = await in_database(record_receipt, door.engine, recorded, _teller(door, caller, said.act_id))
        await _noted(request, caller, done, ReceiptAct.RECORDED)
        return Said(201, _shown(done))

    return await once(door, caller, key, sent, work)


@router.get("/receipts", responses=answers(200))
async def listed(
    request: Request,
    caller: Who,
    q: Annotated[str, Query(max_length=100, description="number, reference, customer or order")] = "",
    show: ReceiptsShown = ReceiptsShown.ALL,
) -> dict[str, Any]:
    """The first hundred that fit, and how many there are; a bank's key sees those that it told of."""
    _require(_may_tell(caller))
    engine, own = door_of(request).engine, None if _is_finance(caller) else caller.author
    found = await in_database(find_receipts, engine, q, show, by=own)
    total = await in_database(count_receipts, engine, q, show, by=own)
    return {"total": total, "receipts": [_shown(each) for each in found]}


@router.get("/receipts/{number}", responses=answers(200, 404))
async def one(request: Request, number: Number, caller: Who) -> dict[str, Any]:
    """One receipt: where it is, what was done with it, and to finance how it is proposed to be allocated."""
    _require(_may_tell(caller))
    found = await in_database(show_receipt, door_of(request).engine, number)
    if _is_finance(caller):
        proposal = [{"order": each.order, "amount": str(each.amount)} for each in found.proposal.parts]
        acts = [
            {"act": each.kind.value, "amount": str(each.amount), "by": each.by, "at": each.at.isoformat()}
            for each in found.acts
        ]
        return {**_shown(found.receipt), "acts": acts, "proposed": proposal, "balance": str(found.balance)}
    if found.receipt.by != caller.author:
        words = _NO_RECEIPT.filled(number=number)
        raise Refusal(Code.UNKNOWN_ORDER, words, where="receipt", rule="R160")
    return _shown(found.receipt)


@router.post(
    "/receipts/{number}/acts", openapi_extra=takes(ReceiptActBody), responses=answers(200, 404, 409, 422, 503)
)
async def act(request: Request, number: Number, caller: Who, key: Key = None) -> Response:
    """Finance clears, allocates, moves, pays back, takes back, or strikes: `parts`, or `order`, `amount`, `reason`, `part`."""
    door, sent = door_of(request), await json_object(request)
    _require(_is_finance(caller))

    async def work() -> Said:
        body = read_entered(ReceiptActBody, sent, Manner.SENT)
        said = {name: value for name, value in sent.items() if name not in ("act", "act_id")}
        teller = _teller(door, caller, body.act_id)
        done = await in_database(act_on_receipt, door.engine, number, body.act, said, teller, Manner.SENT)
        door.forward_now()
        await _noted(request, caller, done, body.act)
        return Said(200, _shown(done))

    return await once(door, caller, key, [number, sent], work)


def _shown(receipt: HouseReceipt) -> dict[str, Any]:
    return {
        **lasting(receipt),
        "state": receipt.state.value,
        "given": str(receipt.given),
        "rest": str(receipt.rest),
    }


async def _noted(request: Request, caller: Caller, receipt: HouseReceipt, kind: ReceiptAct) -> None:
    role = Role.FINANCE if _is_finance(caller) else Role.SYSTEM
    await keep_act(request, caller.author, f"receipt {receipt.number} {kind.value}", role)
