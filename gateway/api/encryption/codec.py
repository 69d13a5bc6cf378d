"""The codec server 编解码 of the Temporal UI and command line: what the house encrypted is opened for operators who are logged in.

The form is that of the SDK's remote codecs: `POST /codec/decode` and `/codec/encode` with `{"payloads": […]}`, answered alike.
A browser lets the UI's page use it because it is named here as an origin that may; a person comes with the session of the
door's own log-in, which a browser sends only to the site that it is of (see docs/security.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from temporalio.api.common.v1 import Payload, Payloads

from activities.access.sessions import Session
from gateway.api.bodies import read_body, require_json
from gateway.context import door_of
from gateway.security.staff_sessions import staff
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.encryption.data_converter import data_converter_of
from runtime.encryption.payload_codec import UnknownPayloadKey, key_of

router = APIRouter(tags=["codec"])
LARGEST = 8_000_000
"""Bytes of a request: the UI asks for a page of a history at once."""
_UNREADABLE = Words(
    '内容应为 {{"payloads": […]}}：{reason}', 'the body is {{"payloads": […]}}: {reason}'
)  # fmt: skip
Who = Annotated[Session, Depends(staff)]


@router.post("/codec/decode", include_in_schema=False)
async def decode(request: Request, session: Who) -> Response:
    """What was encrypted, opened; what was not passes. Refuses who is no operator, and a key that is missing, by its id."""
    given = await _given(request, session)
    codec = data_converter_of(door_of(request).settings).payload_codec
    opened = await codec.decode(given) if codec is not None else given
    missing = next(filter(None, map(key_of, opened)), None)
    if missing is not None:
        raise UnknownPayloadKey(missing)
    return _answer(opened)


@router.post("/codec/encode", include_in_schema=False)
async def encode(request: Request, session: Who) -> Response:
    """What an operator sends by the UI, encrypted with the newest key; as it is where the house encrypts nothing."""
    given = await _given(request, session)
    codec = data_converter_of(door_of(request).settings).payload_codec
    return _answer(await codec.encode(given) if codec is not None else given)


async def _given(request: Request, session: Session) -> Sequence[Payload]:
    session.caller.require_role(Role.OPERATOR)
    require_json(request)
    body = await read_body(request, LARGEST)
    try:
        if not body.lstrip().startswith(b"{"):
            raise ParseError("{")
        return list(Parse(body, Payloads()).payloads)
    except (ParseError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise Refusal(Code.MALFORMED, _UNREADABLE.filled(reason=reason), where="body") from None


def _answer(payloads: Sequence[Payload]) -> Response:
    return Response(MessageToJson(Payloads(payloads=payloads), indent=None), media_type="application/json")
