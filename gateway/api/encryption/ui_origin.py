"""The Temporal UI's page may ask the codec routes, from its own origin and with its reader's cookies; no other page may."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.security.own_origin import FOR_THE_UI, origin_of
from runtime.settings import Settings


class UiOrigin:
    """Answers browsers that ask whether a page of another origin may use a codec route."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=list(filter(None, [origin_of(settings.ui_url or "")])),
            allow_methods=["POST"],
            allow_headers=["content-type", "x-namespace"],
            allow_credentials=True,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only codec routes are shared."""
        shared = scope["type"] == "http" and scope["path"].startswith(FOR_THE_UI)
        await (self._shared if shared else self._app)(scope, receive, send)
