"""One HTTP call to a gateway, a bot or another shop, and what its failures mean for what was to be sent.

No redirect is followed, no more of an answer is read than a person would, and no answer may take for ever.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Timer
from typing import Any

import httpx

from activities.notices.channels import PATIENCE_SECONDS, NotSent, Rejected, Unclear

LARGEST_ANSWER = 64 * 1024
"""So many bytes of an answer are read; what comes after them is left."""
_TRY_LATER = {408, 425, 429}
_ALL_IN_ALL = 2
"""A call takes at most so many times the patience with any one part of it, however slowly its answer drips."""


def post(url: str, *, patience: float = PATIENCE_SECONDS, **request: Any) -> httpx.Response:
    """The answer of success. Raises NotSent, Rejected, Unclear; none of them tells the address, which may be secret."""
    try:
        answer = answered(url, patience=patience, **request)
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


def post_outside(
    url: str, content: bytes, headers: dict[str, str], *, patience: float, allow: Callable[[str, str], None]
) -> int:
    """The status with which an address that others named answers, whatever it is.

    The host is looked up once, each of its addresses is asked about (`allow(address, host)` raises what it likes), and the
    call goes to the one that was looked at: a name that means another machine a moment later changes nothing.

    Raises NotSent where nobody was reached, Unclear where no answer came.
    """
    address = httpx.URL(url)
    host = address.host
    try:
        found = socket.getaddrinfo(host, address.port or None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"{type(error).__name__}: {str(error)[:200]}") from error
    reached = [str(each[4][0]) for each in found]
    if not reached:
        raise NotSent(f"no address of {host}")
    for each in reached:
        allow(each, host)
    pinned = address.copy_with(host=reached[0])
    try:
        answer = answered(
            str(pinned), patience=patience, content=content,
            headers={**headers, "host": address.netloc.decode()}, extensions={"sni_hostname": host},
        )  # fmt: skip
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        raise NotSent(_told(error)) from error
    except httpx.HTTPError as error:
        raise Unclear(_told(error)) from error
    return answer.status_code


def answered(
    url: str, *, patience: float, extensions: dict[str, Any] | None = None, **request: Any
) -> httpx.Response:
    """Whatever is answered, read no further than LARGEST_ANSWER. Raises httpx.HTTPError."""
    with httpx.Client(timeout=patience, trust_env=False, follow_redirects=False) as client:
        call = client.build_request("POST", url, extensions=extensions, **request)
        watch = Timer(patience * _ALL_IN_ALL, client.close)
        watch.daemon = True
        watch.start()
        try:
            answer = client.send(call, stream=True)
            try:
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) >= LARGEST_ANSWER:
                        break
            finally:
                answer.close()
        except (RuntimeError, OSError) as error:  # closed by the watch while it was read
            raise httpx.ReadTimeout("the answer took too long", request=call) from error
        finally:
            watch.cancel()
    return httpx.Response(answer.status_code, content=bytes(body[:LARGEST_ANSWER]))


def _told(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")
