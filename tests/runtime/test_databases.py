"""The test plumbing itself: both kinds of database are real, fresh and writable."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_gets_a_fresh_database(database_url: str, time: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("create table words (word text)"))
        connection.execute(text("insert into words values ('订单')"))
        assert connection.execute(text("select word from words")).scalar_one() == "订单"
    engine.dispose()
