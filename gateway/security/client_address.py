"""From where a request comes. What it says itself of that counts only where a proxy of this installation wrote it.

Whoever speaks to the door may write any `X-Forwarded-For`. So it is read from the right: the address of the connection
first, and only where that is a proxy of ours the one that this proxy saw before it, and so on. The first address that is
none of our proxies is the client's; what stands to the left of it anybody could have written. Where an entry is no
address, the walk ends at the proxy that passed it on. `Forwarded` (RFC 7239) is not read.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.settings import Settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_MOST_HOPS = 20
_LONGEST_ENTRY = 60
_SCHEMES = {b"http": "http", b"https": "https"}
_IPV6_OF_ONE = 64
"""Bits of an IPv6 address that a customer of a provider usually has all to themselves."""


def proxies_of(settings: Settings) -> tuple[Network, ...]:
    """The proxies of this installation."""
    listed = (each.strip() for each in settings.gateway_proxies.split(","))
    return tuple(ip_network(each, strict=False) for each in listed if each)


def read_address(text: str) -> Address | None:
    """An address as proxies write it: with a port, in brackets or quotes, IPv4 within IPv6. None for anything else."""
    plain = text.strip().strip('"').strip()
    if len(plain) > _LONGEST_ENTRY:
        return None
    if plain.startswith("["):
        inside, bracket, port = plain[1:].partition("]")
        if not bracket or (port and not (port.startswith(":") and port[1:].isdecimal())):
            return None
        plain = inside
    elif plain.count(":") == 1:
        plain, _, port = plain.partition(":")
        if not port.isdecimal():
            return None
    try:
        found = ip_address(plain)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def client_of(peer: str, forwarded: list[str], proxies: tuple[Network, ...]) -> str:
    """The client's address, from the connection's and what `X-Forwarded-For` says, the farthest first."""
    here = read_address(peer)
    if here is None:
        return peer
    for entry in reversed(forwarded[-_MOST_HOPS:]):
        before = read_address(entry)
        if before is None or not _is_in(here, proxies):
            break
        here = before
    return str(here)


def _is_in(address: Address, proxies: tuple[Network, ...]) -> bool:
    return any(address in network for network in proxies)


def neighbourhood(address: str) -> str:
    """What one caller can be taken for: an IPv4 address, or the 64 bits of an IPv6 network, of which each has very many."""
    found = read_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found), _IPV6_OF_ONE), strict=False))
    return str(found or address)


class ClientAddress:
    """Puts the client's own address, and whether it came over TLS, where everybody else looks for them."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._proxies = proxies_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as coming from its client."""
        client = scope.get("client")
        if scope["type"] == "http" and client and self._proxies:
            told: dict[bytes, list[bytes]] = {b"x-forwarded-for": [], b"x-forwarded-proto": []}
            for name, value in scope["headers"]:
                if name in told:
                    told[name] += value.split(b",")
            peer = read_address(client[0])
            if peer is not None and _is_in(peer, self._proxies):
                hops = [each.decode("latin-1") for each in told[b"x-forwarded-for"]]
                scope["client"] = (client_of(client[0], hops, self._proxies), 0)
                # the proxy that speaks to us is the last to write
                scheme = (
                    _SCHEMES.get(told[b"x-forwarded-proto"][-1].strip().lower())
                    if told[b"x-forwarded-proto"]
                    else None
                )
                scope["scheme"] = scheme or scope["scheme"]
        await self._app(scope, receive, send)
