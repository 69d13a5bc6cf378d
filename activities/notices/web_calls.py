"""One HTTP call to a gateway or bot, and what its failures mean for what was to be sent."""

from __future__ import annotations

from typing import Any

import httpx

from activities.notices.channels import PATIENCE_SECONDS, NotSent, Rejected, Unclear

_TRY_LATER = {408, 425, 429}


def post(url: str, *, patience: float = PATIENCE_SECONDS, **request: Any) -> httpx.Response:
    """The answer of success. Raises NotSent, Rejected, Unclear; none of them tells the address, which may be secret."""
    try:
        answer = httpx.post(url, timeout=patience, trust_env=False, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        raise NotSent(_told(error)) from error
    except httpx.HTTPError as error:
        raise Unclear(_told(error)) from error
    if answer.status_code in _TRY_LATER or answer.status_code >= 500:
        # a server that says so has not done it; one that broke down in between may have
        if answer.status_code in {*_TRY_LATER, 503}:
            raise NotSent(f"HTTP {answer.status_code}")
        raise Unclear(f"HTTP {answer.status_code}")
    if answer.status_code >= 300:
        raise Rejected(f"HTTP {answer.status_code}: {answer.text[:200]}")
    return answer


def _told(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")
