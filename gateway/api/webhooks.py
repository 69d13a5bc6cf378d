"""Events of other systems: signed, recent, taken once, and what they mean by the company's tables."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from standardwebhooks import Webhook, WebhookVerificationError

from activities.facts.webhook_events import Message, Taken, take
from activities.scans.scan_folder import LARGEST_BYTES, put_scan
from activities.store.company_files import read_sender_table
from activities.store.faults import named_faults
from gateway.api.bodies import parsed, read_body, require_json
from gateway.api.schemas import ANY_OBJECT, answers
from gateway.context import address_of, door_of, in_database
from models.facts.webhook_events import SenderTable, Understood, understand
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings
from runtime.webhook_keys import keys_of, senders_of, table_file

router = APIRouter(tags=["webhooks"])

_NOT_SIGNED = Words("签名无效", "the signature is not valid")
_NOT_NOW = Words("签名时间超出五分钟", "it was not signed within the last five minutes")
_NO_HEADERS = Words(
    "缺少 webhook-id、webhook-timestamp 或 webhook-signature",
    "webhook-id, webhook-timestamp or webhook-signature is missing",
)
_NOT_A_SCAN = Words("扫描件不是 base64,或过大", "the scan is not base64, or too large")
_BROKEN = Words("此来源的设置有误,请稍后再试", "this sender is not set up rightly; try again later")
_NOBODY = SenderTable(sender="nobody", event=())
_log = logging.getLogger("dingdan.webhooks")
_NAME = re.compile(r"[^\w.-]+")
_LONGEST_ID = 200

Sender = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$", description="who sends: bank, carrier …")]
Id = Annotated[str, Header(max_length=_LONGEST_ID, description="the event's own id; taken once")]
Signed = Annotated[str, Header(max_length=20, description="when it was signed, seconds since 1970")]
Signature = Annotated[
    str, Header(max_length=1000, description="`v1,` and base64 of HMAC-SHA256; several apart by blanks")
]


@router.post(
    "/hooks/{sender}",
    openapi_extra=ANY_OBJECT | {"security": []},
    responses=answers(200, 202, 409, 422, 503),
)
async def hook(
    request: Request,
    sender: Sender,
    webhook_id: Id = "",
    webhook_timestamp: Signed = "",
    webhook_signature: Signature = "",
) -> JSONResponse:
    """Take an event, signed by Standard Webhooks. What is authentic and not understood is kept for a clerk."""
    door = door_of(request)
    require_json(request)
    table, keys = await in_database(_known, door.settings, sender)
    raw = await read_body(request, table.largest_bytes)
    signed_at = _signed(raw, keys, webhook_id, webhook_timestamp, webhook_signature)
    message = Message(
        sender, webhook_id, signed_at, datetime.now(UTC), hashlib.sha256(raw).hexdigest(), address_of(request),
        parsed(raw),
    )  # fmt: skip
    meant: Understood | Refusal
    try:
        with named_faults(f"{sender} {webhook_id}"):
            meant = understand(table, message.body, signed_at)
        if meant.scan:
            await in_database(_keep_scan, door.settings, message, meant)
    except Refusal as refusal:
        meant = refusal
    taken = await in_database(take, door.engine, message, meant)
    if taken is Taken.TOLD:
        door.forward_now()
    status = 200 if taken in (Taken.KNOWN, Taken.IGNORED) else 202
    return JSONResponse({"status": taken.value, "zh": taken.zh, "en": taken.en}, status)


def _known(settings: Settings, sender: str) -> tuple[SenderTable, list[str]]:
    """What the sender's events mean, and its keys: a stranger is not told whether there is such a sender.

    Raises Refusal(not_set_up) where the company's own files are broken: what is wrong with them goes into the log.
    """
    try:
        if sender not in senders_of(settings):
            return _NOBODY, []
        return read_sender_table(table_file(settings, sender)), keys_of(settings, sender)
    except Refusal as broken:
        _log.error("%s [%s]", broken.words.en, broken.where)
        raise Refusal(Code.NOT_SET_UP, _BROKEN, where=sender) from broken


def _signed(raw: bytes, keys: list[str], message_id: str, timestamp: str, signature: str) -> datetime:
    """When it was signed. Raises Refusal(not_signed_in)."""
    if not (message_id and timestamp and signature):
        raise Refusal(Code.NOT_SIGNED_IN, _NO_HEADERS, where="webhook-id")
    headers = {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
    words, where = _NOT_SIGNED, "webhook-signature"
    for key in keys:
        try:
            Webhook(key).verify(raw, headers, json_parse=False)
        except WebhookVerificationError as wrong:
            if "timestamp too" in str(wrong):
                words, where = _NOT_NOW, "webhook-timestamp"
        except ValueError:
            continue  # a signature that is no base64, or a body that is no text
        else:
            return datetime.fromtimestamp(int(float(timestamp)), UTC)
    raise Refusal(Code.NOT_SIGNED_IN, words, where=where)


def _keep_scan(settings: Settings, message: Message, meant: Understood) -> None:
    """Into the watched folder before the message counts as taken: a crash in between brings the same file again."""
    try:
        content = base64.b64decode(meant.scan, validate=True)
    except ValueError:
        raise Refusal(Code.MALFORMED_FILE, _NOT_A_SCAN) from None
    if not content or len(content) > LARGEST_BYTES:
        raise Refusal(Code.MALFORMED_FILE, _NOT_A_SCAN)
    name = _NAME.sub("_", f"{message.sender}-{meant.scan_name}")[-100:]
    put_scan(settings.scans / "in", name, content)
