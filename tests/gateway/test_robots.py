"""Robots: the catalogue of the shop may be listed, and nothing else (R120)."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from fastapi import FastAPI

from gateway.robots import ROBOTS, is_listed
from tests.gateway.conftest import caller

OPEN = ("/shop/p/WD-12", "/shop/compare", "/shop/terms", "/shop/pictures/ab.png", "/static/css/desk.css")
CLOSED = (
    "/", "/orders/20270301-0001", "/c/secret", "/card/secret", "/shop/cart", "/shop/checkout", "/shop/account", "/shop/orders",
    "/shop/pay/I-1", "/shop/done/1", "/shop/login", "/shopping", "/v1/orders", "/hooks/x",
)  # fmt: skip


@pytest.mark.parametrize("path", OPEN)
def test_the_catalogue_is_open(path: str) -> None:
    assert _parsed().can_fetch("anybot", path)
    assert is_listed(path)


@pytest.mark.parametrize("path", CLOSED)
def test_everything_else_is_closed(path: str) -> None:
    assert not _parsed().can_fetch("anybot", path)
    assert not is_listed(path)


def test_the_shop_itself_is_listed() -> None:
    assert is_listed("/shop")
    assert "Allow: /shop$" in ROBOTS


async def test_it_is_answered_and_pages_say_it_too(door: FastAPI) -> None:
    async with caller(door) as client:
        told = await client.get("/robots.txt")
        assert (told.status_code, told.text) == (200, ROBOTS)
        assert (await client.get("/c/no-such-link")).headers["x-robots-tag"] == "noindex, nofollow"
        assert "x-robots-tag" not in (await client.get("/shop/terms")).headers


def _parsed() -> RobotFileParser:
    parsed = RobotFileParser()
    parsed.parse(ROBOTS.splitlines())
    return parsed
