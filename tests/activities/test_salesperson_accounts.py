"""R164: the freight of a dead order that a salesperson guaranteed stands on their account until it is settled, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from activities.invoices.salesperson_accounts import accounts, settle
from activities.orders.recording.recorder import Recorder
from activities.store.database import writing
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import changed_rows
from models.tables.registry import table
from models.values.errors import Code, Refusal
from rehearsal.files import read_company, read_story
from rehearsal.pure import play
from rehearsal.script import script_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
GUARANTEED, NOT = "20270101-0001", "20270101-0002"


@pytest.fixture
def desk(engine: Engine) -> Engine:
    """One order that its salesperson guaranteed and nobody collected, and one that arrived."""
    company = read_company(STORIES)
    for number, story in ((GUARANTEED, "small-guaranteed-dies"), (NOT, "receipt-confirmed")):
        played = play(script_of(read_story(STORIES / f"{story}.yaml"), company, NOW), number)
        assert played.order is not None
        rows, _ = changed_rows(played.order, {})
        Recorder(engine).record(
            Burst(
                order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=played.journal, rows=rows,
                intentions=played.order.unsent,
            )
        )  # fmt: skip
    return engine


def test_what_a_guarantor_owes_is_settled_once_with_a_voucher(desk: Engine) -> None:
    (account,) = accounts(desk)
    (entry,) = account.entries
    assert entry.order == GUARANTEED
    assert entry.amount == entry.freight_out + entry.freight_back == account.total > 0
    assert accounts(desk, "nobody") == []
    assert settle(desk, GUARANTEED, entry.shipment, "工资-12", "fang", NOW) == entry.amount
    assert settle(desk, GUARANTEED, entry.shipment, "工资-12", "fang", NOW) == entry.amount
    with pytest.raises(Refusal) as refused:
        settle(desk, GUARANTEED, entry.shipment, "工资-13", "fang", NOW)
    assert (refused.value.code, refused.value.where) == (Code.CONTRADICTION, "reference")
    (account,) = accounts(desk)
    assert (account.total, account.entries[0].reference) == (Decimal("0.00"), "工资-12")


def test_nobody_settles_the_own_account(desk: Engine) -> None:
    """R106: finance does, who is another person."""
    (account,) = accounts(desk)
    (entry,) = account.entries
    with pytest.raises(Refusal) as refused:
        settle(desk, GUARANTEED, entry.shipment, "工资-12", account.salesperson, NOW)
    assert (refused.value.code, refused.value.where) == (Code.SAME_PERSON, "by")
    assert settle(desk, GUARANTEED, entry.shipment, "工资-12", "fang", NOW) == entry.amount


@pytest.mark.parametrize(
    ("order", "shipment", "reference", "code", "where"),
    [
        (NOT, "1", "V-1", Code.NOT_ASKED, "shipment"),
        (GUARANTEED, "9", "V-1", Code.NOT_ASKED, "shipment"),
        ("20270101-9999", "1", "V-1", Code.NOT_ASKED, "shipment"),
        (GUARANTEED, "1", "", Code.MISSING_FIELD, "reference"),
    ],
)
def test_what_is_not_owed_is_not_settled(
    desk: Engine, order: str, shipment: str, reference: str, code: Code, where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        settle(desk, order, shipment, reference, "fang", NOW)
    assert (refused.value.code, refused.value.where) == (code, where)
    assert accounts(desk)[0].total > 0


def test_all_that_is_owed_is_listed_and_the_newest_of_what_is_settled(desk: Engine) -> None:
    """R164: what was settled long ago makes the account no longer."""
    (entry,) = accounts(desk)[0].entries
    more = ["a", "b", "c", "owed"]
    _died_too(desk, entry.shipment, more)
    for place, shipment in enumerate(more[:-1]):
        settle(desk, GUARANTEED, shipment, f"V-{shipment}", "fang", NOW + timedelta(days=place))
    (account,) = accounts(desk, most_settled=2)
    assert {each.shipment for each in account.entries} == {entry.shipment, "owed", "b", "c"}
    assert account.total == 2 * entry.amount
    assert {each.shipment for each in accounts(desk)[0].entries} == {entry.shipment, *more}


def test_what_grew_since_it_was_settled_is_owed(desk: Engine) -> None:
    (entry,) = accounts(desk)[0].entries
    settle(desk, GUARANTEED, entry.shipment, "V-1", "fang", NOW)
    shipments = table("shipments")
    with writing(desk) as connection:
        connection.execute(update(shipments).values(freight_back=entry.freight_back + Decimal("5.00")))
    (account,) = accounts(desk, most_settled=0)
    assert account.total == Decimal("5.00")
    assert settle(desk, GUARANTEED, entry.shipment, "V-1", "fang", NOW) == entry.amount, "told again"
    assert settle(desk, GUARANTEED, entry.shipment, "V-2", "fang", NOW) == Decimal("5.00")
    assert settle(desk, GUARANTEED, entry.shipment, "V-2", "fang", NOW) == Decimal("5.00")
    (account,) = accounts(desk)
    assert (account.total, account.entries[0].reference) == (Decimal("0.00"), "V-1, V-2")
    with pytest.raises(Refusal) as refused:
        settle(desk, GUARANTEED, entry.shipment, "V-3", "fang", NOW)
    assert refused.value.code is Code.CONTRADICTION


def _died_too(engine: Engine, like: str, names: list[str]) -> None:
    """Other shipments of the same order, each as this one."""
    shipments = table("shipments")
    of_it = (shipments.c.order_number == GUARANTEED) & (shipments.c.shipment == like)
    with writing(engine) as connection:
        row = connection.execute(select(shipments).where(of_it)).mappings().one()
        for name in names:
            connection.execute(insert(shipments).values({**row, "shipment": name}))
