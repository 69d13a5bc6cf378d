"""What payment providers tell: signed over the raw body, taken once, answered as each of them expects (R123)."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from activities.shop.intents import Taken, take_event
from activities.shop.providers.provider import Callback, PaymentProvider
from gateway.api.bodies import read_body
from gateway.api.schemas import answers
from gateway.context import door_of, in_database
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.shop.providers import providers_of

router = APIRouter(tags=["webhooks"])
LARGEST = 64_000
"""Bytes: no provider tells more of one payment."""
_NOBODY = Words("没有支付方 {provider}", "there is no payment provider {provider}")
_log = logging.getLogger("dingdan.callbacks")

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,40}$", description="which payment provider tells")]


@router.post(
    "/shop/callbacks/{provider}", openapi_extra={"security": []}, responses=answers(200, 400, 401, 404, 503)
)
async def callback(request: Request, provider: Name) -> Response:
    """Take what a payment provider tells of an intent. The same event again is answered like the first time, and does nothing.

    Success means that it is kept, with all that follows from it; anything else asks the provider to tell it again.
    """
    door = door_of(request)
    found = await asyncio.to_thread(providers_of(door.settings), provider)
    if found is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NOBODY.filled(provider=provider[:40]), where="provider")
    refusal: Refusal | None = None
    try:
        raw = await read_body(request, LARGEST)
        told = Callback(
            {name.lower(): value for name, value in request.headers.items()}, raw, request.url.path,
            dict(request.query_params),
        )  # fmt: skip
        if await _taken(request, found, told) is Taken.APPLIED:
            door.forward_now()
    except Refusal as refused:
        _log.warning("%s: %s %s", provider, refused.code.value, refused.words.en)
        refusal = refused
    answer = found.answer(refusal)
    return Response(answer.body, answer.status, media_type=answer.media_type)


async def _taken(request: Request, provider: PaymentProvider, told: Callback) -> Taken:
    event = await asyncio.to_thread(provider.read_callback, told)
    return await in_database(take_event, door_of(request).engine, event, datetime.now(UTC))
