"""An endpoint: where another system hears of its orders, which events it wants, and how long it is tried. Pure.

It belongs to a service by the name of its keys, and hears of no order that those keys may not read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from models.access import ALL
from models.policy import WebhookPolicy
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term, Words
from models.webhooks.order_events import ALL_EVENTS, OrderEvent

LONGEST_ADDRESS = 500
MOST_ENDPOINTS = 20
"""Of one service: each event of its orders is sent to each of them."""
LONGEST_OVERLAP = timedelta(days=30)
"""How long an old secret may sign beside the one that takes its place."""
_NOT_HTTPS = Words("推送地址须以 https:// 开头", "the address of an endpoint begins with https://")
_NO_ADDRESS = Words("推送地址有误：{address}", "this is no address of an endpoint: {address}")
_WITH_PASSWORD = Words(
    "推送地址中不得有用户名、密码或 #", "an address of an endpoint holds no user, no password and no #"
)
_INSIDE = Words(
    "推送地址 {host} 在内部网络中，不发送", "the address {host} is of an inner network; nothing is sent there"
)
_NO_EVENT = Words("没有事件 {event}。有：{events}", "there is no event {event}; there are: {events}")
_NONE_WANTED = Words("请至少写明一种事件", "name at least one event")
_EMBEDDING = (ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("2001::/32"))
"""Networks of IPv6 in which an address of IPv4 may be meant."""


class EndpointState(Term):
    """Whether an endpoint is sent to."""

    ACTIVE = "active", "启用", "active"
    PAUSED = "paused", "暂停", "paused"
    REMOVED = "removed", "已删除", "removed"


class PauseCause(Term):
    """Why an endpoint is paused."""

    BY_HAND = "by_hand", "人工暂停", "paused by hand"
    FAILS = "fails", "长时间发不出去：{problem}", "nothing could be sent for long: {problem}"
    GONE = "gone", "对方已停用（410）", "the other side is gone (410)"
    KEY_ENDED = "key_ended", "{name} 没有有效的密钥", "{name} has no key that is good"
    OTHER_SECRET = (
        "other_secret",
        "DINGDAN_LINK_SECRET 已更换，请轮换签名密钥",
        "DINGDAN_LINK_SECRET was changed; rotate the signing secret",
    )


class SendingState(Term):
    """What became of an event at an endpoint."""

    WAITING = "waiting", "待发送", "waiting"
    SENDING = "sending", "发送中", "being sent"
    SENT = "sent", "已送达", "sent"
    WITHHELD = "withheld", "无权查看，不发送", "withheld: not theirs to read"
    GIVEN_UP = "given_up", "已放弃", "given up"


STANDS_IN_THE_WAY = (SendingState.WAITING, SendingState.SENDING)
"""While an event of an order is in one of these states, no later event of that order is sent to the endpoint."""


def require_events(wanted: Sequence[str]) -> list[str]:
    """The events an endpoint wants, in the order of the table; `*` is all of them, those of later versions too.

    Raises Refusal(malformed, missing_field).
    """
    if not wanted:
        raise Refusal(Code.MISSING_FIELD, _NONE_WANTED, where="events")
    if ALL_EVENTS in wanted:
        return [ALL_EVENTS]
    known = [event.value for event in OrderEvent]
    for each in wanted:
        if each not in known:
            words = _NO_EVENT.filled(event=each[:60], events=", ".join(known))
            raise Refusal(Code.MALFORMED, words, where="events")
    return [each for each in known if each in wanted]


def require_address(address: str, *, inner: bool) -> str:
    """The address as it is kept. `inner`: the installation lets addresses of inner networks and plain http be.

    Raises Refusal(malformed). A name is looked up each time that something is sent (`require_outer`).
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refusal(Code.MALFORMED, _NO_ADDRESS.filled(address=address[:100]), where="url") from None
    if parts.scheme != "https" and not (inner and parts.scheme == "http"):
        raise Refusal(Code.MALFORMED, _NOT_HTTPS, where="url")
    plain = address.isascii() and address.isprintable() and " " not in address
    if not parts.hostname or not plain or len(address) > LONGEST_ADDRESS or port == 0:
        raise Refusal(Code.MALFORMED, _NO_ADDRESS.filled(address=address[:100]), where="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refusal(Code.MALFORMED, _WITH_PASSWORD, where="url")
    if not inner:
        _require_outer_name(parts.hostname)
    return address


def _require_outer_name(host: str) -> None:
    if (
        host == "localhost"
        or host.endswith((".localhost", ".local", ".internal"))
        or "." not in host.strip(".")
    ) and ":" not in host:
        raise Refusal(Code.MALFORMED, _INSIDE.filled(host=host), where="url")
    try:
        ip_address(host)
    except ValueError:
        if host.replace(".", "").isdigit() or host.startswith(
            "0x"
        ):  # 2130706433 and 127.1 are 127.0.0.1 to some
            raise Refusal(Code.MALFORMED, _INSIDE.filled(host=host), where="url") from None
        return
    require_outer(host, host)


def require_outer(address: str, host: str) -> None:
    """Raises Refusal(malformed) for an IP address that is not of the public internet: loopback, private, link-local and such."""
    found = ip_address(address.partition("%")[0])
    embedded = isinstance(found, IPv6Address) and (
        found.ipv4_mapped is not None or any(found in network for network in _EMBEDDING)
    )
    if embedded or not found.is_global or found.is_multicast:
        raise Refusal(Code.MALFORMED, _INSIDE.filled(host=host), where="url")


def wants(events: Collection[str], customers: Collection[str], event: str, customer: str) -> bool:
    """Whether an endpoint hears of this event: it wants it, and the order is of its customers."""
    return (ALL_EVENTS in events or event in events) and is_theirs(customers, customer)


def is_theirs(customers: Collection[str], customer: str) -> bool:
    """Whether a customer's orders are in this scope."""
    return ALL in customers or customer in customers


def next_try(now: datetime, attempts: int, policy: WebhookPolicy) -> datetime:
    """When an event is tried again after so many attempts: by the policy's pauses, the last one from then on."""
    pauses = policy.pauses_seconds
    return now + timedelta(seconds=pauses[min(attempts, len(pauses)) - 1])


def is_hopeless(now: datetime, failing_since: datetime | None, policy: WebhookPolicy) -> bool:
    """Whether an endpoint has failed for so long that it is paused."""
    return failing_since is not None and now - failing_since >= timedelta(hours=policy.pause_after_hours)


def is_to_give_up(now: datetime, first_tried: datetime | None, policy: WebhookPolicy) -> bool:
    """Whether one event was refused for so long, while others were taken, that the events after it go on without it."""
    return first_tried is not None and now - first_tried >= timedelta(hours=policy.give_up_after_hours)
