"""Which ports of this machine's loopback address (127.0.0.1) are free."""

from __future__ import annotations

import socket

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_BUSY = Words(
    "端口 {port} 已被别的程序占用。请停掉该程序,或用 {variable}=127.0.0.1:端口 换一个",
    "port {port} is used by another program; stop that one, or choose another by {variable}=127.0.0.1:PORT",
)
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that no one listens on at this moment (another program may take it in the next)."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(address: str, variable: str) -> None:
    """Raises Refusal(malformed) where a program listens on this address already."""
    port = int(address.rpartition(":")[2])
    if is_port_busy(port):
        words = _BUSY.filled(port=port, variable=variable)
        raise Refusal(Code.MALFORMED, words, where=variable)


def is_port_busy(port: int) -> bool:
    """Whether a program listens on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
