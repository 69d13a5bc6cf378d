"""Where money is to go is looked at before its order is told, whatever else is said of it (R161)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from activities.store.database import engine_at, upgrade, writing
from models.messages.envelope import Envelope, read_envelope
from models.tables.registry import table
from models.values.errors import Refusal
from runtime.delivery.looked_up import with_looked_up
from runtime.settings import Settings
from tests.activities.test_receipts import Recorded

GIVER, OTHER, ENDED, OF_ANOTHER = (f"20270301-000{number}" for number in (1, 2, 3, 4))


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """Two living orders of one customer, one that ended, and one of another customer."""
    settings = Settings(var=tmp_path)
    upgrade(settings.database_url)
    engine = engine_at(settings.database_url)
    for number in (GIVER, OTHER, ENDED, OF_ANOTHER):
        Recorded(engine, number)
    orders = table("orders")
    with writing(engine) as connection:
        ended = {"ending": "settled", "ended_at": datetime.now(UTC)}
        connection.execute(update(orders).where(orders.c.number == ENDED).values(**ended))
        connection.execute(update(orders).where(orders.c.number == OF_ANOTHER).values(customer="K-2"))
    return settings


def moves(fact_id: str = "qian/1", **content: str | bool) -> Envelope:
    """Finance moves money of the giver."""
    head = {"kind": "money_transferred_out", "by": "qian", "role": "finance", "fact_id": fact_id}
    said = {"reference": "TX-7", "reason": "客户要求", **content}
    return read_envelope({**head, "happened_at": datetime.now(UTC).isoformat(), "content": said})


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ({"to": OF_ANOTHER}, "other_customer", "content.to"),
        ({"to": ENDED}, "order_ended", "content.to"),
        ({"to": "20270301-0099"}, "unknown_order", "content.to"),
        ({"to": OF_ANOTHER, "transfer": "T1"}, "contradiction", "content.transfer"),
        ({"to": OTHER, "transfer": "T1"}, "contradiction", "content.transfer"),
        ({"transfer": "T1"}, "not_asked", "content.transfer"),
    ],
)
def test_an_id_of_a_transfer_is_no_way_around_it(
    house: Settings, content: dict[str, str], code: str, where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        with_looked_up(house, GIVER, moves(**content))
    assert (refused.value.code.value, refused.value.where) == (code, where)


def test_what_may_go_is_told_as_it_was_said(house: Settings) -> None:
    """Also to another customer what was told to the wrong order, and the house's own half of what another order asked for."""
    for envelope in (
        moves(to=OTHER),
        moves(to=OF_ANOTHER, wrong_order=True),
        moves("transfer/T1/out", transfer="T1", wrong_order=True),
    ):
        assert with_looked_up(house, GIVER, envelope) == envelope
