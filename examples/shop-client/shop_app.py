"""A small shop of its own: takes orders from shoppers, has Dingdan carry them out, and shows where they stand.

pip install fastapi uvicorn httpx standardwebhooks
DESK_URL=https://desk.example DESK_KEY=dd_… DESK_CUSTOMER=K-1 SHOP_SECRET=whsec_… uvicorn --factory shop_app:from_environment
"""

from __future__ import annotations

import html
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from order_desk import NotPlaced, OrderDesk
from shop_book import ShopBook
from standardwebhooks import Webhook, WebhookVerificationError

LARGEST_EVENT = 256_000


def create_shop(desk: OrderDesk, book: ShopBook, secret: str) -> FastAPI:
    """The shop's application; `secret` is the endpoint's, as it was shown when it was registered or rotated."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for event in await desk.events_after(book.cursor):  # whatever happened while the shop was away
            book.hear(event)
        yield

    app = FastAPI(title="Example shop", lifespan=lifespan, openapi_url=None)

    @app.post("/orders")
    async def order(request: Request) -> JSONResponse:
        """A shopper orders: `{"id": …, "lines": […], "to": {…}}`. Sent again it is the same order."""
        wanted: dict[str, Any] = await request.json()
        own_id = str(wanted["id"])
        book.begin(own_id)  # before it is sent: an order that was sent is never forgotten
        try:
            number = await desk.place(own_id, wanted["lines"], wanted["to"])
        except NotPlaced as refused:
            return JSONResponse({"id": own_id, "refused": str(refused)}, 422)
        book.placed(own_id, number)
        return JSONResponse({"id": own_id, "number": number}, 201)

    @app.post("/hooks/dingdan")
    async def hear(request: Request) -> Response:
        """An event of the order desk: only what it signed is believed, and what is known already is answered all the same."""
        body = await request.body()
        if len(body) > LARGEST_EVENT:
            return Response(status_code=413)
        try:
            event: dict[str, Any] = Webhook(secret).verify(body.decode(), dict(request.headers))
        except (WebhookVerificationError, UnicodeDecodeError):
            return Response(status_code=401)
        book.hear(event)
        return Response(status_code=204)

    @app.get("/")
    async def shown() -> HTMLResponse:
        """Where all orders stand."""
        rows = "".join(
            f"<tr><td>{html.escape(each.own_id)}</td><td>{html.escape(each.number)}</td><td>{html.escape(each.status)}</td>"
            f"<td>{html.escape(each.promised)}</td><td>{html.escape(each.tracking)}</td></tr>"
            for each in book.orders()
        )
        head = "<tr><th>order</th><th>number</th><th>status</th><th>promised</th><th>tracking</th></tr>"
        return HTMLResponse(f"<!doctype html><title>Example shop</title><table>{head}{rows}</table>")

    return app


def from_environment() -> FastAPI:
    """The shop as its environment sets it up."""
    client = httpx.AsyncClient(
        base_url=os.environ["DESK_URL"],
        headers={"Authorization": f"Bearer {os.environ['DESK_KEY']}"},
        timeout=30,
    )
    book = ShopBook(os.environ.get("SHOP_BOOK", "shop.db"))
    return create_shop(OrderDesk(client, os.environ["DESK_CUSTOMER"]), book, os.environ["SHOP_SECRET"])
