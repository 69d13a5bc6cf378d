"""The test provider as a web application: what shops ask of it, and the page on which a person pays or fails."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Form, Header, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from models.values.vocabulary import Term
from rehearsal.payment_provider.pay_page import pay_page
from rehearsal.payment_provider.telling import Teller, of_intent, of_payment, of_refund
from rehearsal.payment_provider.till import PAID, NoSuch, SaysNo, There, Till

SLOW_SECONDS = 15.0
"""Longer than a shop waits for an answer."""


class PayFault(Term):
    """What may go wrong when somebody pays: chosen on the page, and then it is so."""

    NONE = "none", "一切正常", "all goes well"
    LATE = "late", "通知迟到", "told late"
    TWICE = "twice", "通知三遍", "told three times"
    LOST = "lost", "通知丢失", "never told"
    OUT_OF_ORDER = "out_of_order", "先报过期再报付款", "told as expired first, then as paid"
    WRONG_SIGNATURE = "wrong_signature", "签名不对", "told with a wrong signature"
    AMOUNT = "amount", "金额不同", "another amount"
    CURRENCY = "currency", "币种不同", "another currency"
    PAID_TWICE = "paid_twice", "付了两笔", "two payments"
    CHANGED = "changed", "同一通知内容不同", "the same event with another content"


class CallFault(Term):
    """What may go wrong when a shop asks: asked for by `POST /v1/faults`."""

    DOWN = "down", "停机", "away"
    SLOW = "slow", "很慢", "slow"
    LOST = "lost", "做了但没有答复", "done, and the answer lost"
    REFUSED = "refused", "拒绝", "refused"
    LATER = "later", "处理中，稍后告知", "at work; told later"


class IntentMade(BaseModel):
    """A shop's intent."""

    intent: str = Field(pattern=r"^[\w-]{1,64}$")
    amount: str = Field(pattern=r"^\d{1,10}\.\d\d$")
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    subject: str = Field(default="", max_length=200)
    notify_url: str = Field(pattern=r"^https?://")
    return_url: str = Field(pattern=r"^https?://")


class RefundMade(BaseModel):
    """A shop's refund."""

    refund: str = Field(pattern=r"^[\w-]{1,64}$")
    intent: str
    payment: str
    amount: str = Field(pattern=r"^\d{1,10}\.\d\d$")
    reason: str = ""


class FaultAsked(BaseModel):
    """Which calls meet which fault: create, query, close, refund, statement."""

    call: str = Field(pattern="^(create|query|close|refund|statement)$")
    fault: CallFault
    times: int = Field(default=1, ge=1, le=1000)


@dataclass(frozen=True, slots=True)
class Counter:
    """What all routes of one running server share."""

    till: Till
    teller: Teller
    key: str
    own_url: str
    slow_seconds: float

    async def meets(self, call: str) -> str:
        """The fault of a call that is done all the same. Raises HTTPException for one that is not done."""
        fault = self.till.fault(call)
        if fault == CallFault.DOWN:
            raise HTTPException(503, "down")
        if fault == CallFault.REFUSED:
            raise HTTPException(403, "refused")
        if fault == CallFault.SLOW:
            await asyncio.sleep(self.slow_seconds)
        return fault


def admitted(request: Request, authorization: Annotated[str, Header()] = "") -> Counter:
    """The counter, for a shop that has the key. Raises HTTPException(401)."""
    counter = _counter(request)
    if not hmac.compare_digest(authorization.encode(), f"Bearer {counter.key}".encode()):
        raise HTTPException(401, "key")
    return counter


def _counter(request: Request) -> Counter:
    found: Counter = request.app.state.counter
    return found


Shop = Annotated[Counter, Depends(admitted)]
Person = Annotated[Counter, Depends(_counter)]
router = APIRouter()


def _unless_lost(fault: str) -> None:
    """Raises HTTPException where it was done and the answer is to be lost."""
    if fault == CallFault.LOST:
        raise HTTPException(502, "lost")


# --- what shops ask ----------------------------------------------------------------------------------------------------


@router.post("/v1/intents")
async def create(said: IntentMade, shop: Shop) -> JSONResponse:
    """Make an intent; the same number again is the same intent."""
    fault = await shop.meets("create")
    there = _or_refused(lambda: shop.till.make(said.model_dump()))
    _unless_lost(fault)
    pay_at = f"{shop.own_url}/pay/{there.intent}"
    return JSONResponse({"intent": there.intent, "state": there.state, "pay_at": pay_at})


@router.get("/v1/intents/{intent}")
async def query(intent: str, shop: Shop) -> JSONResponse:
    """How an intent stands."""
    await shop.meets("query")
    return JSONResponse(asdict(_or_refused(lambda: shop.till.of(intent))))


@router.post("/v1/intents/{intent}/close")
async def close(intent: str, shop: Shop) -> JSONResponse:
    """Close an intent, unless it is paid."""
    fault = await shop.meets("close")
    there = _or_refused(lambda: shop.till.close(intent))
    _unless_lost(fault)
    return JSONResponse({"state": there.state}, 409 if there.state == PAID else 200)


@router.post("/v1/refunds")
async def refund(said: RefundMade, shop: Shop) -> JSONResponse:
    """Pay back; the same number again is the same refund."""
    fault = await shop.meets("refund")
    back = _or_refused(lambda: shop.till.pay_back(said.model_dump()))
    _unless_lost(fault)
    if fault == CallFault.LATER:
        shop.teller.tell(shop.till.of(said.intent).notify_url, of_refund(back), late=0.5)
        return JSONResponse(asdict(back) | {"state": "asked"})
    return JSONResponse(asdict(back))


@router.get("/v1/statement/{day}")
async def statement(day: str, shop: Shop) -> JSONResponse:
    """Payments and refunds of a business day."""
    await shop.meets("statement")
    return JSONResponse({"rows": shop.till.rows(day)})


@router.post("/v1/faults")
async def ask_for_fault(said: FaultAsked, shop: Shop) -> JSONResponse:
    """The next calls of a kind meet a fault."""
    shop.till.ask_for(said.call, said.fault.value, said.times)
    return JSONResponse({"asked": True})


# --- what people do ----------------------------------------------------------------------------------------------------


@router.get("/pay/{intent}")
async def page(intent: str, person: Person) -> HTMLResponse:
    """The page on which somebody pays."""
    return HTMLResponse(pay_page(_or_refused(lambda: person.till.of(intent)), list(PayFault)))


@router.post("/pay/{intent}")
async def pay(
    intent: str,
    person: Person,
    outcome: Annotated[str, Form(pattern="^(pay|fail|expire|refund)$")],
    fault: Annotated[PayFault, Form()] = PayFault.NONE,
    amount: Annotated[str, Form()] = "",
    seconds: Annotated[float, Form(ge=0, le=600)] = 3.0,
) -> RedirectResponse:
    """Somebody pays, fails, lets the time run out, or has it paid back here; then they go back to the shop."""
    till, teller = person.till, person.teller
    there = _or_refused(lambda: till.of(intent))
    if outcome == "pay":
        _pay(till, teller, there, fault, _amount(amount), seconds)
    elif outcome == "fail":
        teller.tell(there.notify_url, of_intent(there, "failed"))
    elif outcome == "expire":
        teller.tell(there.notify_url, of_intent(till.close(intent), "closed"))
    else:
        _pay_back_here(till, teller, there)
    return RedirectResponse(there.return_url, 303)


def _pay_back_here(till: Till, teller: Teller, there: There) -> None:
    for paid in there.payments:
        said = {
            "refund": f"own-{paid.payment}",
            "intent": there.intent,
            "payment": paid.payment,
            "amount": paid.amount,
        }
        teller.tell(there.notify_url, of_refund(_or_refused(partial(till.pay_back, said))))


def create_app(
    key: str, own_url: str, state: Path | None = None, slow_seconds: float = SLOW_SECONDS
) -> FastAPI:
    """The application. `key` is the secret that the shop has too, `own_url` where people reach this server."""
    counter = Counter(Till(state), Teller(key), key, own_url, slow_seconds)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await counter.teller.end()

    app = FastAPI(
        title="Test payment provider", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.state.counter = counter
    app.include_router(router)
    return app


Done = TypeVar("Done")


def _or_refused(work: Callable[[], Done]) -> Done:
    try:
        return work()
    except NoSuch as missing:
        raise HTTPException(404, str(missing)) from missing
    except SaysNo as no:
        raise HTTPException(422, str(no)) from no


def _amount(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return f"{Decimal(text.strip()):.2f}"
    except InvalidOperation:
        raise HTTPException(422, "amount") from None


def _pay(till: Till, teller: Teller, there: There, fault: PayFault, amount: str, seconds: float) -> None:
    """Somebody pays, and the shop is told as the fault says."""
    url = there.notify_url
    if fault is PayFault.OUT_OF_ORDER:
        teller.tell(url, of_intent(there, "closed"))
    other = amount or f"{Decimal(there.amount) - 1:.2f}"
    paid = till.pay(
        there.intent,
        other if fault is PayFault.AMOUNT else "",
        "USD" if fault is PayFault.CURRENCY else "",
    )
    told = of_payment(there, paid)
    if fault is PayFault.LOST:
        return
    late = seconds if fault in (PayFault.LATE, PayFault.OUT_OF_ORDER) else 0
    teller.tell(url, told, late=late, wrongly_signed=fault is PayFault.WRONG_SIGNATURE)
    if fault is PayFault.TWICE:
        for after in (0, seconds):
            teller.tell(url, told, late=after)
    elif fault is PayFault.CHANGED:
        teller.tell(url, replace(told, amount="1.00"), late=seconds)
    elif fault is PayFault.PAID_TWICE:
        teller.tell(url, of_payment(there, till.pay(there.intent)))
