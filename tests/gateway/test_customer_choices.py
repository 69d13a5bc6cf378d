"""What a customer answers on the own page where goods come from stock: confirmed, and chosen when short (R101, R112)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from gateway.pages.customers.customer_choices import CHOICES, choice_in
from gateway.security.customer_links import link_for
from models.customer_links import LinkPurpose
from models.messages.decision_subjects import DecisionContent, Outcome, Subject
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_customer_asking import rows
from tests.gateway.test_pages import staff
from tests.gateway.test_signing import Clock, Visitor, recorded
from tests.models.life import heard
from tests.models.stock_life import StockLife, stock_of

__all__ = ["staff"]


@pytest.mark.parametrize("chosen", list(CHOICES))
def test_each_choice_is_a_decision_that_the_order_takes(chosen: str) -> None:
    """R112"""
    said = choice_in({"choice": chosen, "expected": "2027-03-10", "words": " 急 "})
    content = DecisionContent.model_validate(said)
    assert content.subject is Subject.SHORTAGE
    assert content.detail["words"] == "急"
    assert ("expected" in content.detail) == (chosen in ("wait", "split"))
    life = StockLife(stock_of(TP_80="600"))
    heard(life.tell("decision", role=Role.CUSTOMER, **said))
    assert life.order.outcome(Subject.SHORTAGE) in (None, content.outcome)
    assert life.order.stock.choice in (None, Outcome.WAIT, Outcome.SPLIT, Outcome.CANCEL)


@pytest.mark.parametrize("form", [{}, {"choice": ""}, {"choice": "burn"}])
def test_nothing_is_chosen_for_the_customer(form: dict[str, Any]) -> None:
    """R112"""
    with pytest.raises(Refusal) as refused:
        choice_in(form)
    assert (refused.value.code, refused.value.where) == (Code.MISSING_FIELD, "choice")


@pytest.fixture
async def visitor(door: FastAPI, staff: Settings) -> AsyncIterator[Visitor]:
    """A customer with the link of a notice, at an order that is short. The server is away: what is told is kept."""
    life, clock = StockLife(stock_of(TP_80="600")), Clock()
    order = recorded(staff, life)
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    async with caller(door, Accept="text/html") as client:
        found = Visitor(client, staff, order, clock)
        found.comes_by(link_for(staff, order, by="chen", purpose=LinkPurpose.ORDER, now=clock()))
        yield found


async def test_a_customer_reads_what_is_short_and_chooses_once(visitor: Visitor) -> None:
    """R112: in plain words, without rule numbers; sent twice it is one answer."""
    page = (await visitor.client.get(visitor.path)).text
    assert "货不够或来晚了，请您选择" in page
    assert "有 600" in page
    for _ in range(2):
        answer = await visitor.client.post(
            f"{visitor.path}/choice", data={"choice": "split", "expected": "2027-03-10"}
        )
        assert answer.headers["location"] == f"{visitor.path}?said=answered"
    (kept,) = [row["envelope"] for row in rows(visitor.settings, "inbox")]
    assert (kept["kind"], kept["role"], kept["content"]["outcome"]) == ("decision", "customer", "split")
    assert kept["content"]["detail"] == {"expected": "2027-03-10"}


async def test_what_is_not_asked_or_not_chosen_is_refused_on_the_page(visitor: Visitor) -> None:
    """R101, R112"""
    empty = await visitor.client.post(f"{visitor.path}/choice", data={"choice": ""})
    assert empty.status_code == 409
    assert "请选择一项" in empty.text
    early = await visitor.client.post(f"{visitor.path}/agree", data={"signed_by": "王芳"})
    assert early.status_code == 409
    assert rows(visitor.settings, "inbox") == []
