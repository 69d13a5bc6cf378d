"""Who is named in a fact is on the list of staff of today; the order hears of who came after it began (R40, R43, R47)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.orders.requests import open_request
from activities.store.database import engine_at, upgrade
from activities.store.imports import (
    CustomerRow,
    PriceRow,
    StaffRow,
    import_customers,
    import_prices,
    import_staff,
)
from models.messages.envelope import Envelope, read_envelope
from models.policy import Policy
from models.request.order_request import OrderRequest
from models.values.errors import Refusal
from models.values.vocabulary import Role
from runtime.delivery.named_staff import with_known_people
from runtime.settings import Settings
from tests.models.life import request

NUMBER = "20270301-0001"
INSPECTED: dict[str, Any] = {"passed": "1", "checked_with": "chen"}


def said(kind: str, content: dict[str, Any], by: str = "yu") -> Envelope:
    """A fact, as it comes to the door."""
    now = datetime.now(UTC).isoformat()
    head = {"kind": kind, "by": by, "role": "quality", "happened_at": now, "fact_id": "t/1"}
    return read_envelope({**head, "content": content})


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """A house with a clerk, somebody of quality, and an order of theirs; then another clerk comes."""
    settings = Settings(var=tmp_path)
    engine = engine_at(settings.database_url)
    upgrade(settings.database_url)
    import_staff(engine, [
        StaffRow(person="chen", name="陈", roles=(Role.SERVICE_CLERK,)),
        StaffRow(person="yu", name="于", roles=(Role.QUALITY,)),
    ])  # fmt: skip
    import_customers(engine, [CustomerRow(customer="K-1", name="红枫")])
    price = {"product": "TP-80", "specification": "80mm×80m", "unit": "roll", "unit_price": "5.00"}
    import_prices(engine, [PriceRow.model_validate({**price, "valid_from": "2026-01-01"})])
    at = datetime(2027, 3, 1, 1, tzinfo=UTC)
    start, _ = open_request(engine, OrderRequest.model_validate(request()), at, Policy())
    assert (start.number, start.staff.members[Role.SERVICE_CLERK]) == (NUMBER, ("chen",))
    import_staff(engine, [StaffRow(person="new", name="新", roles=(Role.SERVICE_CLERK,))])
    return settings


@pytest.mark.parametrize(
    ("kind", "content", "code", "where"),
    [
        ("inspection_reported", {**INSPECTED, "checked_with": "nobody"}, "unknown_person", "content.checked_with"),
        ("inspection_reported", {**INSPECTED, "checked_with": "yu2"}, "unknown_person", "content.checked_with"),
        ("production_signed", {"version": 1, "clerk": "yu"}, "wrong_role", "content.clerk"),
        ("exception_reported", {"exception": "E", "words": "-", "owner": "x"}, "unknown_person", "content.owner"),
        ("overridden", {"rule": "R20", "person": "x", "reason": "-"}, "unknown_person", "content.person"),
    ],
)  # fmt: skip
def test_who_is_not_on_the_list_is_refused_and_told_who_is(
    house: Settings, kind: str, content: dict[str, Any], code: str, where: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        with_known_people(house, NUMBER, said(kind, content, by="lin"))
    assert (refusal.value.code.value, refusal.value.where) == (code, where)
    assert "chen, new" in refusal.value.words.en


def test_who_came_after_the_order_is_vouched_for_and_nobody_else(house: Settings) -> None:
    """Whoever tells the fact cannot say so themselves."""
    newer = with_known_people(
        house, NUMBER, said("inspection_reported", {**INSPECTED, "checked_with": "new"})
    )
    assert newer.content["on_staff"] is True
    known = with_known_people(house, NUMBER, said("inspection_reported", {**INSPECTED, "on_staff": True}))
    assert "on_staff" not in known.content
    owner = {"exception": "E", "words": "-", "owner": "new"}
    assert with_known_people(house, NUMBER, said("exception_reported", owner)).content["on_staff"] is True


def test_other_facts_and_houses_without_a_list_are_left_alone(house: Settings, tmp_path: Path) -> None:
    other = said("warehouse_entered", {"quantity": "1"})
    assert with_known_people(house, NUMBER, other) is other
    empty = Settings(var=tmp_path / "empty")
    upgrade(empty.database_url)
    anybody = said("inspection_reported", {**INSPECTED, "checked_with": "anybody"})
    assert with_known_people(empty, NUMBER, anybody).content == anybody.content
