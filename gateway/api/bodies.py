"""What comes in as JSON: read exactly (no float), within limits of size, depth and number of fields."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from models.messages.json_text import NotJson, read_json
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

LARGEST = 256_000
DEEPEST = 20
MOST_VALUES = 5_000

_TOO_LARGE = Words("内容过大，最多 {most} 字节", "the body is too large; at most {most} bytes")
_NOT_TAKEN = Words("内容读不了：{reason}", "the body cannot be read: {reason}")
_TOO_DEEP = Words("嵌套过深或字段过多", "nested too deeply, or too many fields")
_HALF_A_SIGN = Words("文字中有半个字符（\\ud800…）", "a text holds half a character (\\ud800…)")
_NOT_OBJECT = Words("内容应为一个 JSON 对象", "the body is one JSON object")
_NOT_THIS_TYPE = Words("内容类型应为 {wanted}", "the content type is {wanted}")


class TooLarge(Refusal):
    """The body is larger than anything that is meant."""

    def __init__(self, most: int) -> None:
        super().__init__(Code.MALFORMED, _TOO_LARGE.filled(most=most), where="body")


class WrongType(Refusal):
    """Not the type of content that is taken here."""

    def __init__(self, wanted: str) -> None:
        super().__init__(Code.MALFORMED, _NOT_THIS_TYPE.filled(wanted=wanted), where="content-type")


async def read_body(request: Request, most: int = LARGEST) -> bytes:
    """The body, read no further than its limit. Raises TooLarge."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > most:
        raise TooLarge(most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(most)
        parts.append(part)
    return b"".join(parts)


def require_json(request: Request) -> None:
    """Raises WrongType for a body that does not say it is JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongType("application/json")


async def json_object(request: Request) -> dict[str, Any]:
    """The body as an object, counted against the key it came with; numbers with a point stay as they were written.

    Raises Refusal (malformed, too_many_requests).
    """
    require_json(request)
    raw = await read_body(request)
    author = getattr(request.state, "author", "")
    if author:
        request.app.state.door.quotas.take_bytes(author, len(raw))
    return parsed(raw)


def parsed(raw: bytes) -> dict[str, Any]:
    """Bytes as an object. Raises Refusal(malformed)."""
    try:
        found = read_json(raw)
    except NotJson as wrong:
        raise Refusal(Code.MALFORMED, _NOT_TAKEN.filled(reason=wrong.words), where="body") from None
    if not isinstance(found, dict):
        raise Refusal(Code.MALFORMED, _NOT_OBJECT, where="body")
    _measure(found)
    return found


def _measure(value: object) -> None:
    count, level = 0, [value]
    for _ in range(DEEPEST):
        count += len(level)
        if count > MOST_VALUES:
            break
        if any(isinstance(each, str) and _half_a_sign(each) for each in level):
            raise Refusal(Code.MALFORMED, _HALF_A_SIGN, where="body")
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise Refusal(Code.MALFORMED, _TOO_DEEP, where="body")


def _half_a_sign(text: str) -> bool:
    return not text.isascii() and any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.values(), *value.keys()]
    return list(value) if isinstance(value, list) else []
