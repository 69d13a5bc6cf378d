"""Whatever a test lives honestly, the audit finds nothing in the books that orders share (R47)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from activities.audit.quoted_orders import wrong_quoted_orders
from activities.audit.shop_intents import wrong_intents
from activities.audit.shop_ledgers import wrong_ledgers


@pytest.fixture
def broken_by_hand() -> None:
    """For a test that makes by hand, or half, what no life makes."""


@pytest.fixture(autouse=True)
def books_agree(request: pytest.FixtureRequest, engine: Engine) -> Iterator[None]:
    """After each test of the module that has this; but for one that breaks the books itself, and says so."""
    yield
    if broken_by_hand.__name__ not in request.fixturenames:
        assert [*wrong_quoted_orders(engine), *wrong_intents(engine), *wrong_ledgers(engine)] == []
