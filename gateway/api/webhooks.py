"""Events of other systems: signed, recent, taken once, and what they mean by the company's tables."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from standardwebhooks import Webhook

from activities.facts.webhook_events import Message, Taken, take, tell_of_refused
from activities.scans.scan_folder import put_scan
from activities.store.company_files import read_sender_table
from activities.store.faults import named_faults
from gateway.api.bodies import TooLarge, parsed, read_body, require_json
from gateway.api.schemas import ANY_OBJECT, answers
from gateway.context import address_of, door_of, in_database
from models.facts.webhook_events import SenderTable, Understood, understand
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings
from runtime.webhook_keys import MOST_KEYS, keys_of, senders_of, table_file

router = APIRouter(tags=["webhooks"])

_NOT_SIGNED = Words("签名无效", "the signature is not valid")
_NOT_NOW = Words("签名时间超出五分钟", "it was not signed within the last five minutes")
_NO_HEADERS = Words(
    "缺少 webhook-id、webhook-timestamp 或 webhook-signature",
    "webhook-id, webhook-timestamp or webhook-signature is missing",
)
_NOT_A_SCAN = Words("扫描件不是 base64", "the scan is not base64")
_BROKEN = Words("此来源的设置有误，请稍后再试", "this sender is not set up rightly; try again later")
_NOBODY = SenderTable(sender="nobody", event=())
_log = logging.getLogger("dingdan.webhooks")
_NAME = re.compile(r"[^\w.-]+")
_LONGEST_ID = 200
_TOLERANCE = timedelta(minutes=5)
_NOBODYS_KEYS = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(MOST_KEYS)]
"""Keys that nobody has, made for this process: with them is checked what a stranger signs."""

Sender = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$", description="who sends: bank, carrier …")]
Id = Annotated[
    str,
    Header(max_length=_LONGEST_ID, pattern=r"^[\x20-\x7e]*$", description="the event's own id; taken once"),
]
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
    """Take an event, signed by Standard Webhooks. What is authentic and not understood is kept for a clerk.

    Answered with success is what an order hears of, or a person; with an error (400, 401, 409, 503) what its sender may
    send again. Of an authentic event somebody hears in any case: one that is signed at another time, or says another thing
    under an id that was used, is a step too.
    """
    door = door_of(request)
    require_json(request)
    table, keys, most = await in_database(_known, door.settings, sender)
    raw = await read_body(request, most)
    signed_at = _signed(raw, keys, webhook_id, webhook_timestamp, webhook_signature)
    if len(raw) > table.largest_bytes:
        raise TooLarge(table.largest_bytes)
    body, broken = _body_of(raw)
    message = Message(
        sender, webhook_id, signed_at, datetime.now(UTC), hashlib.sha256(raw).hexdigest(), address_of(request),
        body, raw.decode(errors="replace"), frozenset(table.facts_of(body)),
    )  # fmt: skip
    meant: Understood | Refusal = broken or _understood(table, message)
    try:
        if broken is not None:
            raise broken
        _require_now(signed_at, message.received_at)
        if isinstance(meant, Understood) and meant.scan:
            try:
                await in_database(_keep_scan, door.settings, message, meant)
            except Refusal as refusal:
                if refusal.code in OF_THE_WORLD:
                    raise
                meant = refusal
        taken = await in_database(take, door.engine, message, meant)
    except Refusal as refusal:
        if refusal.code not in OF_THE_WORLD:
            await in_database(tell_of_refused, door.engine, message, meant, refusal)
        raise
    if taken is Taken.TOLD:
        door.forward_now()
    status = 200 if taken in (Taken.KNOWN, Taken.IGNORED) else 202
    return JSONResponse({"status": taken.value, "zh": taken.zh, "en": taken.en}, status)


def _known(settings: Settings, sender: str) -> tuple[SenderTable, list[str], int]:
    """What the sender's events mean, its keys, and how much is read before the signature is checked: as much of anybody.

    A stranger is not told whether there is such a sender, nor by how long it takes: the same files are read, and as many
    signatures made, with keys that nobody has in place of those that are not there.

    Raises Refusal(not_set_up) where the company's own files are broken: what is wrong with them goes into the log.
    """
    tables: dict[str, SenderTable] = {}
    for name in senders_of(settings):
        try:
            tables[name] = read_sender_table(table_file(settings, name))
        except Refusal as broken:
            if name == sender:
                raise _not_set_up(sender, broken) from broken
    try:
        keys = keys_of(settings, sender)
    except Refusal as broken:
        raise _not_set_up(sender, broken) from broken
    most = max((each.largest_bytes for each in tables.values()), default=_NOBODY.largest_bytes)
    keys = keys if sender in tables else []
    return tables.get(sender, _NOBODY), keys + _NOBODYS_KEYS[len(keys) :], most


def _not_set_up(sender: str, broken: Refusal) -> Refusal:
    _log.error("%s [%s]", broken.words.en, broken.where)
    return Refusal(Code.NOT_SET_UP, _BROKEN, where=sender)


def _body_of(raw: bytes) -> tuple[dict[str, Any], Refusal | None]:
    """The event; nothing, and why, where it cannot be read."""
    try:
        return parsed(raw), None
    except Refusal as broken:
        return {}, broken


def _understood(table: SenderTable, message: Message) -> Understood | Refusal:
    try:
        with named_faults(f"{message.sender} {message.message_id}"):
            return understand(table, message.body, message.signed_at)
    except Refusal as refusal:
        return refusal


def _signed(raw: bytes, keys: list[str], message_id: str, timestamp: str, signature: str) -> datetime:
    """When it was signed, whenever that was. Raises Refusal(not_signed_in).

    A false signature is answered alike at any time, and for a sender whom nobody knows.
    """
    if not (message_id and timestamp and signature):
        raise Refusal(Code.NOT_SIGNED_IN, _NO_HEADERS, where="webhook-id")
    try:
        signed_at = datetime.fromtimestamp(int(float(timestamp)), UTC)
        text = raw.decode()
    except (ValueError, OverflowError, OSError):
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_SIGNED, where="webhook-signature") from None
    given = [each.encode() for each in signature.split()]
    right = [Webhook(key).sign(message_id, signed_at, text).encode() for key in keys]
    # every one is compared, so that the time it takes tells nothing
    matches = [hmac.compare_digest(each, own) for each in given for own in right]
    if not any(matches):
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_SIGNED, where="webhook-signature")
    return signed_at


def _require_now(signed_at: datetime, now: datetime) -> None:
    """Raises Refusal(not_signed_in) for what was signed at another time: somebody may have kept it since."""
    if abs(now - signed_at) > _TOLERANCE:
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_NOW, where="webhook-timestamp")


def _keep_scan(settings: Settings, message: Message, meant: Understood) -> None:
    """Into the watched folder before the message counts as taken: a crash in between brings the same file again."""
    try:
        content = base64.b64decode(meant.scan, validate=True)
    except ValueError:
        raise Refusal(Code.MALFORMED_FILE, _NOT_A_SCAN) from None
    name = _NAME.sub("_", f"{message.sender}-{meant.scan_name}")[-100:]
    put_scan(settings.scans / "in", name, content)
