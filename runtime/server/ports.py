"""Which ports of this machine's loopback address (127.0.0.1) are free."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from itertools import cycle

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_BUSY = Words(
    "端口 {port} 已被别的程序占用。请停掉该程序，或用 {variable}=127.0.0.1:PORT 换一个",
    "port {port} is used by another program; stop that one, or choose another by {variable}=127.0.0.1:PORT",
)
_TWICE = Words(
    "端口 {port} 被用了两次：{first} 和 {second}。请给其中一个换一个端口",
    "port {port} is asked for twice, by {first} and by {second}; give one of them another",
)
LOOPBACK = "127.0.0.1"

# Below the ports that the system gives to outgoing connections: any client may hold one of those in the next moment.
FIRST, LAST, SHARE = 10_240, 32_000, 80


def free_port() -> int:
    """A port that no one listens on at this moment.

    Nothing holds it until it is listened on, so each process looks in a share of its own and offers no port twice in a
    row: neither a connection that goes out nor another process that looks for a port is given the same one.
    """
    return next(port for port in _candidates() if not is_port_busy(port))


def _candidates() -> Iterator[int]:
    """The ports of this process, then those of the others, each when the ones before were tried."""
    process = os.getpid()
    if process not in _WALKS:  # a fork begins a walk of its own
        start = FIRST + process * 97 % ((LAST - FIRST) // SHARE) * SHARE  # neighbours in number are far apart
        _WALKS[process] = cycle([*range(start, LAST), *range(FIRST, start)])
    return _WALKS[process]


_WALKS: dict[int, Iterator[int]] = {}


def port_of(address: str) -> int:
    """The port of an address such as `127.0.0.1:8080`."""
    return int(address.rpartition(":")[2])


def require_free(address: str, variable: str) -> None:
    """Raises Refusal(malformed) where a program listens on this address already."""
    port = port_of(address)
    if is_port_busy(port):
        words = _BUSY.filled(port=port, variable=variable)
        raise Refusal(Code.MALFORMED, words, where=variable)


def require_apart(ports: Mapping[str, int]) -> None:
    """Raises Refusal(malformed) where two of the named settings ask for the same port of this machine."""
    taken: dict[int, str] = {}
    for name, port in ports.items():
        if port in taken:
            words = _TWICE.filled(port=port, first=taken[port], second=name)
            raise Refusal(Code.MALFORMED, words, where=name)
        taken[port] = name


def is_port_busy(port: int) -> bool:
    """Whether a program listens on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
