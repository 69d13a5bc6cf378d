"""The door put together: routes, limits, headers, refusals as problems, and the forwarder of what was kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.staticfiles import StaticFiles
from temporalio.service import RPCError

from activities.access.acts import forget_answers
from activities.desk.held_acts import pass_on
from activities.listing.order_words import gather_words
from activities.listing.text_hits import know_names
from activities.store.database import engine_at
from gateway.api import cases, endpoints, orders, receipts, reference, shop, shop_callbacks, webhooks
from gateway.api.bodies import TooLarge, WrongType
from gateway.api.encryption import codec
from gateway.api.encryption.ui_origin import UiOrigin
from gateway.api.problems import problem, status_of
from gateway.api.schemas import openapi_of
from gateway.context import Door, in_database
from gateway.pages.figures.kept_figures import KeptFigures
from gateway.pages.orders.order_uploads import Uploads
from gateway.pages.rendering import FOLDER, page
from gateway.pages.rooms import PAGES
from gateway.pages.shop.shoppers import shop_log_in
from gateway.security import oidc
from gateway.security.client_address import ClientAddress
from gateway.security.onward import to_log_in
from gateway.security.protection import Protection
from gateway.security.room import Room
from gateway.security.staff_sessions import MustFirst
from models.values.errors import Code, Refusal
from models.values.field_errors import words_of
from models.values.vocabulary import Words
from runtime.delivery.forwarding import forward
from runtime.refusals import refusal_of_world
from runtime.settings import Settings
from runtime.watch.readiness import Process
from runtime.watch.tracing import tracer_of

VERSION = "1"
ROUTERS = tuple(
    room.router
    for room in (
        orders,
        cases,
        receipts,
        reference,
        shop,
        endpoints,
        webhooks,
        shop_callbacks,
        codec,
        oidc,
        *PAGES,
    )
)
_ROUTES = [route for router in ROUTERS for route in router.routes]
"""As they are: a router that is included has each of its routes built once more for every application."""
_OF_STATUS = {
    404: Words("没有这个页面", "there is no such page"),
    405: Words("这里不能这样做", "this is not done here"),
}
_FAULT = Words("程序出错，已记录", "a fault of the program; it was noted")
_AWAY = Words("系统暂时不能用，请稍后再试", "the system cannot be used now; try again later")
_PAUSE_SECONDS = 1.0
_FORGET_EVERY_SECONDS = 600.0
_GATHERED_AT_ONCE = 2000
_COUNT_EVERY_SECONDS = 15.0
_log = logging.getLogger("dingdan.gateway")


def create_app(settings: Settings, door: Door | None = None) -> FastAPI:
    """The application of one installation; a rehearsal brings a door of its own."""
    door = door or Door(settings, engine_at(settings.database_url))
    uploads = Uploads()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        figures = app.state.kept_figures
        tasks = [
            asyncio.create_task(_keep_forwarding(door)),
            asyncio.create_task(_keep_counting(door, figures)),
        ]
        yield
        await uploads.end()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await figures.end()
        await _try_again_later(door.note_the_unnoted)  # the last time that they can be kept

    app = FastAPI(
        title="Dingdan 订单",
        version=VERSION,
        description="Customer orders: place them, tell them facts, decide, read where they stand.",
        lifespan=lifespan,
        redirect_slashes=False,  # it would send to whatever host was asked for
        redoc_url=None,
        docs_url=None,
        routes=_ROUTES,
    )
    app.state.door, app.state.uploads, app.state.kept_figures = door, uploads, KeptFigures()
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    app.add_middleware(UiOrigin, settings=settings)
    app.add_middleware(Room, settings=settings)
    app.add_middleware(Protection, settings=settings)
    app.add_middleware(ClientAddress, settings=settings)  # outermost: all others go by it
    tracer = tracer_of(settings, Process.GATEWAY)
    if tracer is not None:
        from runtime.watch.traces import TracedRequests

        app.add_middleware(TracedRequests, tracer=tracer)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _failed)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]
    return app


async def _keep_forwarding(door: Door) -> None:
    """Tell what was kept, as soon as it can be told; forget what need not be known any longer; gather what orders are found by."""
    begun: set[str] = set()
    await _try_again_later(lambda: in_database(know_names, door.engine))
    forget_at = time.monotonic()
    while True:
        if time.monotonic() >= forget_at:
            forget_at = time.monotonic() + _FORGET_EVERY_SECONDS
            await _try_again_later(lambda: in_database(forget_answers, door.engine, datetime.now(UTC)))
        await _try_again_later(door.note_the_unnoted)
        await _try_again_later(lambda: in_database(gather_words, door.engine, _GATHERED_AT_ONCE))
        await _try_again_later(lambda: in_database(pass_on, door.engine, datetime.now(UTC)))
        await _try_again_later(
            lambda: door.on_server(lambda client: forward(client, door.settings, door.engine, begun))
        )
        await door.wait_for_kept(_PAUSE_SECONDS)


async def _keep_counting(door: Door, figures: KeptFigures) -> None:
    """Have the board's figures counted before somebody looks, at the start and whenever they are no longer fresh."""
    while True:
        await _try_again_later(lambda: figures.keep_fresh(door))
        await asyncio.sleep(_COUNT_EVERY_SECONDS)


async def _try_again_later(work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except Refusal as refusal:
        _log.info("%s", refusal.words.en)
    except (RPCError, SQLAlchemyError, LookupError, TypeError, RuntimeError, ValueError, OSError) as error:
        # whatever it is, what was kept must still be told when it is over
        _log.error("what was kept could not be told and is tried again", exc_info=error)


def _answer(request: Request, refusal: Refusal, status: int) -> Response:
    """As a page for who looks with a browser, else as a problem document."""
    asks_for_a_page = "text/html" in request.headers.get("accept", "")
    if asks_for_a_page and not request.url.path.startswith(("/v1/", "/hooks/", "/shop/callbacks/")):
        return page(request, "problem.html", status, refusal=refusal, status=status)
    return problem(request, refusal, status)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - by registration
    if isinstance(refusal, MustFirst) and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(refusal.page, 303)
    status = 413 if isinstance(refusal, TooLarge) else 415 if isinstance(refusal, WrongType) else None
    if (
        refusal.code is Code.NOT_SIGNED_IN
        and request.url.path.startswith("/shop/")
        and _wants_a_page(request)
    ):
        return RedirectResponse(shop_log_in(request), 303)
    if refusal.code is Code.NOT_SIGNED_IN and _is_of_customers(request):
        if request.method == "GET":
            return RedirectResponse("/c/login", 303)
        return page(request, "customers/login.html", 401, address="", refusal=refusal, home="/c/login")
    outside = request.url.path.startswith(("/v1/", "/hooks/", "/c/", "/login", "/shop/"))
    if (
        refusal.code is Code.NOT_SIGNED_IN
        and not outside
        and "text/html" in request.headers.get("accept", "")
    ):
        return await to_log_in(request)
    return _answer(request, refusal, status or status_of(refusal.code))


def _wants_a_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _is_of_customers(request: Request) -> bool:
    """Whether somebody who looks with a browser is at what a customer sees after a log-in."""
    return request.url.path.startswith(
        ("/c/orders", "/c/quotes", "/c/contracts", "/c/cases", "/c/rating")
    ) and "text/html" in request.headers.get("accept", "")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - by registration
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    words = Words("请求有误（{where}）：{mistake}", "{where}: {mistake}").filled(
        where=where, mistake=words_of(first)
    )
    return _answer(request, Refusal(Code.MALFORMED, words, where=where), 422)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - by registration
    words = _OF_STATUS.get(error.status_code, Words(f"请求有误（{error.status_code}）", str(error.detail)))
    code = Code.UNKNOWN_PLACE if error.status_code == 404 else Code.MALFORMED
    answer = _answer(request, Refusal(code, words, where=request.url.path), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def _gone(request: Request, error: Exception) -> Response:
    """Whoever asked has left in the middle; nobody reads the answer."""
    return Response(status_code=400)


async def _failed(request: Request, error: Exception) -> Response:
    # the route and not the path: a customer's link is a key
    route = getattr(request.scope.get("route"), "path", "-")
    _log.error("%s %s", request.method, route, exc_info=error)
    known = refusal_of_world(error)
    if known is not None:
        return _answer(request, Refusal(known.code, _AWAY), status_of(known.code))
    return _answer(request, Refusal(Code.FAULT, _FAULT), 500)
