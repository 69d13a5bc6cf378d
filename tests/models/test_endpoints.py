"""Addresses that other shops may name, events that they want, and how long they are tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.policy import WebhookPolicy
from models.values.errors import Code, Refusal
from models.webhooks.endpoints import (
    is_hopeless,
    is_to_give_up,
    next_try,
    require_address,
    require_events,
    require_outer,
    wants,
)

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
POLICY = WebhookPolicy()


@pytest.mark.parametrize(
    "address", ["https://shop.example/hooks", "https://shop.example:8443/a?b=c", "https://8.8.8.8/x", "https://[2606:4700::1]/x"]
)  # fmt: skip
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert require_address(address, inner=False) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://shop.example/hooks", "ftp://shop.example", "shop.example/hooks", "https://", "https://localhost/x",
        "https://127.0.0.1/x", "https://127.1/x", "https://2130706433/x", "https://0x7f000001/x", "https://10.0.0.7/x",
        "https://192.168.1.1/x", "https://169.254.169.254/latest", "https://[::1]/x", "https://[fd00::1]/x",
        "https://[::ffff:127.0.0.1]/x", "https://[64:ff9b::7f00:1]/x", "https://desk/x", "https://a.internal/x",
        "https://user:word@shop.example/x", "https://shop.example/x#y", "https://shop.example:0/x",
        "https://shop.example:99999/x", "https://商城.example/x", "https://shop.example/a b", "https://shop.example/" + "x" * 600,
    ],
)  # fmt: skip
def test_any_other_is_refused(address: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_address(address, inner=False)
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "url")


def test_a_setting_lets_inner_addresses_be() -> None:
    for address in ("http://127.0.0.1:9000/hooks", "http://localhost/x", "https://10.0.0.7/x"):
        assert require_address(address, inner=True) == address
    with pytest.raises(Refusal):
        require_address("file:///etc/passwd", inner=True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "100.64.0.1", "0.0.0.0", "224.0.0.1", "fe80::1%eth0", "::"],  # noqa: S104
)
def test_a_name_that_means_an_inner_machine_is_refused_when_it_is_called(address: str) -> None:
    with pytest.raises(Refusal):
        require_outer(address, "shop.example")


def test_events_are_those_of_the_table_in_its_order() -> None:
    assert require_events(["order.shipped", "order.placed", "order.shipped"]) == [
        "order.placed",
        "order.shipped",
    ]
    assert require_events(["order.shipped", "*"]) == ["*"]
    for wrong in ([], ["order.eaten"]):
        with pytest.raises(Refusal):
            require_events(wrong)


def test_an_endpoint_wants_its_events_of_its_customers() -> None:
    assert wants(["*"], ["*"], "order.placed", "c-1")
    assert wants(["order.placed"], ["c-1"], "order.placed", "c-1")
    assert not wants(["order.placed"], ["c-2"], "order.placed", "c-1")
    assert not wants(["order.shipped"], ["*"], "order.placed", "c-1")


def test_it_is_tried_again_later_and_later_and_for_days() -> None:
    pauses = [(next_try(NOW, attempts, POLICY) - NOW).total_seconds() for attempts in range(1, 12)]
    assert pauses == [5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 21600, 21600]
    assert not is_hopeless(NOW, None, POLICY)
    assert not is_hopeless(NOW, NOW - timedelta(hours=71), POLICY)
    assert is_hopeless(NOW, NOW - timedelta(hours=72), POLICY)
    assert not is_to_give_up(NOW, NOW - timedelta(hours=119), POLICY)
    assert is_to_give_up(NOW, NOW - timedelta(hours=120), POLICY)
