"""The board page as it is shown: every figure has its way to the orders behind it, in both languages, whatever is asked (R86)."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count, product
from pathlib import Path

import pytest

from activities.access.logins import log_in_as
from gateway.pages.figures.kept_figures import KeptFigures
from models.figures.figure_names import LEADS, KeyFigure
from models.figures.periods import Span
from models.values.vocabulary import Role
from tests.activities.test_board_figures import NOW, Rows
from tests.gateway.front_door import Browser, House, quick_hashes

__all__ = ["quick_hashes"]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> House:
    """The door on SQLite: what the figures are on either database is tested beside their statements."""
    return House(f"sqlite:///{tmp_path}/orders.db", tmp_path)


@pytest.fixture
def boss(house: House) -> Browser:
    """The director at a browser, over a quarter of generated orders."""
    Rows(60).put(house.engine)
    house.moment = NOW
    house.app.state.kept_figures.patience_seconds = 60
    token = log_in_as(house.engine, "zhao", NOW, "here")
    return Browser(house, Cookie=f"session={token}")


async def test_every_link_of_the_board_opens_and_shows_as_many_as_it_said(boss: Browser) -> None:
    page = await boss.get("/figures")
    assert page.status_code == 200
    for words in (
        "新订单",
        "确认投产",
        "发货",
        "到账",
        "交期告急",
        "超期事项",
        "账龄",
        "死单",
        "13 周准时发货率",
        "客户前 10",
    ):
        assert words in page.text, words
    assert "style=" not in page.text
    assert "<script>" not in page.text
    links = {
        link.replace("&amp;", "&"): int(shown.replace(",", ""))
        for link, shown in re.findall(r'href="(/figures/[^"]+)">(?:<b>)?([\d,]+)<', page.text)
    }
    assert len(links) > 20
    for link, shown in links.items():
        behind = await boss.get(link)
        assert behind.status_code == 200, link
        assert re.search(rf"共 {shown:,}\b", behind.text), (link, shown)
    lists = set(re.findall(r'href="(/orders\?[^"]+)"', page.text))
    assert any("placed_from=2027-03-18&amp;placed_to=2027-03-18" in each for each in lists), lists
    assert any("status=being_recalled" in each for each in lists)
    assert "Figures" in (await boss.get("/figures?language=en")).text


async def test_what_stands_behind_a_figure_is_shown_for_every_span(boss: Browser) -> None:
    for figure, span in product(KeyFigure, Span):
        answer = await boss.get(
            f"/figures/{figure.value}?span={span.value}&age=to_30&promise=first&cause=x&step=ship"
        )
        assert answer.status_code == 200, (figure, span)


async def test_nonsense_is_answered_in_words(boss: Browser) -> None:
    asked = {
        "new?span=never": 404, "nothing": 404, "danger?day=%27%25": 400, "late?week=2027-13-01": 400,
        "waits?step=%00%27": 400, "overdue?role=%25&person=%27%F0%9F%98%80": 200,
        "overdue?role=" + "x" * 3000: 200, "balances?customer=%25&age=%25": 200,
    }  # fmt: skip
    for query, status in asked.items():
        answer = await boss.get(f"/figures/{query}")
        assert answer.status_code == status, query
        assert "Traceback" not in answer.text


async def test_who_leads_and_who_sells_see_figures_and_nobody_else(house: House) -> None:
    people = {f"p-{role.value}": (role,) for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)}
    house.employ(people)
    for person, (role,) in people.items():
        token = log_in_as(house.engine, person, house.moment + timedelta(seconds=1), "here")
        browser = Browser(house, Cookie=f"session={token}")
        expected = 200 if role in LEADS | {Role.SALESPERSON} else 403
        assert (await browser.get("/figures")).status_code == expected, role
        home = (await browser.get("/")).text
        assert ('href="/figures"' in home) == (role in LEADS), role
        assert ('href="/money"' in home) == (role is Role.FINANCE), role


async def test_figures_that_were_dear_are_kept_for_a_while_and_cheap_ones_counted_anew(house: House) -> None:
    """With the moment that they are of; a day later, or when they are old, they are counted before they are shown."""
    seconds = [0.0]
    kept, door = KeptFigures(clock=lambda: seconds[0], patience_seconds=60), house.app.state.door
    first = await kept.of(door, "")
    assert await kept.of(door, "") is not first  # it cost nothing
    dear = kept.by_whom[""]
    dear.took = 2.0
    house.later(minutes=1)
    assert await kept.of(door, "") is dear.figures
    assert await kept.of(door, "li") is not dear.figures
    seconds[0] = 61.0
    assert await kept.of(door, "") is dear.figures  # once more, while it is counted anew
    await kept.counting[""]
    assert kept.by_whom[""].figures.at == house.moment
    for wait in ({"minutes": 11}, {"days": 1}, {"days": -2}):
        kept.by_whom[""].took = 2.0
        house.later(**wait)
        again = await kept.of(door, "")
        assert again is not None
        assert again.at == house.moment


async def test_figures_that_were_dear_are_there_for_the_next_gateway_and_counted_beside_the_requests(
    house: House,
) -> None:
    door, ticks = house.app.state.door, count(step=2.0)
    first = KeptFigures(clock=lambda: next(ticks), patience_seconds=60)
    counted = await first.of(door, "")
    await first.keep_fresh(door)
    assert first.by_whom[""].figures is counted  # they are fresh
    house.later(seconds=30)
    second = KeptFigures()
    assert await second.of(door, "") == counted
    assert not second.counting
    house.later(minutes=5)
    await second.keep_fresh(door)
    assert second.by_whom[""].figures.at == house.moment


async def test_a_page_says_that_its_figures_are_being_counted_and_asks_again(
    boss: Browser, house: House
) -> None:
    kept = house.app.state.kept_figures
    kept.patience_seconds = 0
    page = await boss.get("/figures")
    assert page.status_code == 200
    assert "正在统计" in page.text
    assert 'hx-get="/figures"' in page.text
    await kept.counting[""]
    kept.by_whom[""].took = 2.0
    assert "新订单" in (await boss.get("/figures")).text
