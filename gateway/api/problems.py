"""Refusals as HTTP answers (RFC 9457): one table from codes to statuses."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from models.values.errors import EXIT_CODES, Code, Refusal
from models.values.vocabulary import Language, Words
from models.writing.amounts_in_texts import amounts_apart

PROBLEM = "application/problem+json"
RETRY_AFTER = "5"
"""Seconds after which a caller may try again when the world was away."""
_OF_EXIT: dict[int, int] = {3: 422, 4: 404, 5: 409, 6: 403, 7: 409, 8: 503, 9: 503, 10: 503, 11: 503}
_OF_CODE = {Code.NOT_SIGNED_IN: 401, Code.TOO_MANY_REQUESTS: 429, Code.MALFORMED: 400, Code.TOO_LARGE: 413}


class TooOften(Refusal):
    """More than this caller may; after so many seconds there is room again."""

    def __init__(self, words: Words, after_seconds: int, where: str = "") -> None:
        super().__init__(Code.TOO_MANY_REQUESTS, words, where=where)
        self.after_seconds = max(1, after_seconds)


def status_of(code: Code) -> int:
    """The HTTP status of a code."""
    return _OF_CODE.get(code) or _OF_EXIT.get(EXIT_CODES[code], 500)


def language_of(request: Request) -> Language:
    """Chinese, unless the caller prefers English."""
    wanted = request.query_params.get("language") or request.cookies.get("language")
    asked = wanted or request.headers.get("accept-language", "")
    return Language.EN if asked.lower().startswith("en") else Language.ZH


def problem(request: Request, refusal: Refusal, status: int | None = None) -> JSONResponse:
    """The refusal as a problem document."""
    shown = status or status_of(refusal.code)
    body: dict[str, Any] = {
        "type": f"urn:dingdan:problem:{refusal.code.value}",
        "title": refusal.code.value.replace("_", " "),
        "status": shown,
        "detail": refusal.words.in_language(language_of(request)),
        "instance": request.url.path,
        **refusal.as_json(),
    }
    body |= {name: amounts_apart(body[name]) for name in ("detail", "zh", "en")}
    headers = {}
    if shown in (429, 503):
        headers["Retry-After"] = str(refusal.after_seconds) if isinstance(refusal, TooOften) else RETRY_AFTER
    if shown == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, shown, headers, media_type=PROBLEM)


_IN_BOTH = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "zh", "en"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"enum": [code.value for code in Code]},
        "zh": {"type": "string"},
        "en": {"type": "string"},
        "where": {"type": "string"},
        "rule": {"type": "string"},
        "changes": {
            "type": "array",
            "description": "what became another since it was seen, where that is why (stale_version)",
            "items": {
                "type": "object",
                "properties": dict.fromkeys(("field", "before", "after"), _IN_BOTH),
            },
        },
    },
}
