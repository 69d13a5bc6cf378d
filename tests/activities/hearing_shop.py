"""Another shop's server on loopback: it answers as it is told to, and keeps what it heard."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DROPS = 0
"""In place of a status: the connection is closed without an answer."""


class HearingShop:
    """`answers` are used up one by one, then it takes everything; `by_event` answers some events always alike."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.by_event: dict[str, int] = {}
        self.by_order: dict[str, int] = {}
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.redirect_to = ""
        self.answer_body = b""
        self.before_answering: Callable[[], object] = lambda: None
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = shop._status_for(json.loads(body))
                shop.before_answering()
                if status == DROPS:
                    self.close_connection = True
                    return
                self.send_response(status)
                if shop.redirect_to:
                    self.send_header("Location", shop.redirect_to)
                self.send_header("Content-Length", str(len(shop.answer_body)))
                self.end_headers()
                self.wfile.write(shop.answer_body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _status_for(self, event: dict[str, Any]) -> int:
        order = self.by_order.get(event["data"]["order"])
        if order is not None:
            return order
        if event["type"] in self.by_event:
            return self.by_event[event["type"]]
        return self.answers.pop(0) if self.answers else 204

    def events(self, order: str = "") -> list[dict[str, Any]]:
        """What it heard, taken or not."""
        found = [json.loads(body) for _, body in self.heard]
        return [each for each in found if not order or each["data"]["order"] == order]

    def types(self, order: str = "") -> list[str]:
        """The types of what it heard."""
        return [each["type"] for each in self.events(order)]

    def close(self) -> None:
        """No longer there."""
        self.server.shutdown()
        self.server.server_close()
