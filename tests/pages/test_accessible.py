"""Every page of the table keeps WCAG 2.2 AA, as axe sees it, on the desk and on the phone; none is wider than the screen.

Needs Debian's `chromium`; without it these are skipped, in CI they are not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from playwright.async_api import Page as Shown

from tests.pages.looking import DESKTOP, IS_MISSING, PHONE, Looker, browsing
from tests.pages.page_table import PAGES, Page
from tests.pages.stage import opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(IS_MISSING, reason="there is no chromium here")]
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {runOnly: {type: "tag", values:
["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
  resultTypes: ["violations"], preload: false})).violations.flatMap(
  each => each.nodes.map(node => `${each.id}: ${node.target} ${node.failureSummary.split("\\n").slice(1).join(" ")}`))"""
FOCUS = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter(each => each.checkVisibility()).slice(0, 25).filter(each => {
    each.focus({focusVisible: true});
    const shown = getComputedStyle(each);
    return document.activeElement === each && (shown.outlineStyle === "none" || parseFloat(shown.outlineWidth) < 2);
  }).map(each => each.outerHTML.slice(0, 120))"""
SMALL = """() => [...document.querySelectorAll("button, a.button")].filter(each => each.checkVisibility())
  .filter(each => each.getBoundingClientRect().height < 43.5).map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
async def lookers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Looker]]:
    async with opened(tmp_path_factory.mktemp("house")) as house, browsing() as browser:
        found = {
            "desktop": Looker(browser, house, DESKTOP, "zh"), "phone": Looker(browser, house, PHONE, "en"),
        }  # fmt: skip
        yield found
        for looker in found.values():
            await looker.leave()


async def by_axe(shown: Shown) -> list[str]:
    """What axe finds wrong: rule, element and why."""
    found: list[str] = await shown.evaluate(f"async () => {{ {AXE}; return await ({RUN})() }}")
    return found


async def test_axe_sees_what_is_wrong(lookers: dict[str, Looker]) -> None:
    shown = await lookers["desktop"].look(PAGES[0])
    await shown.evaluate("document.querySelector('label').style.color = '#ccc'")
    assert [each.partition(":")[0] for each in await by_axe(shown)] == ["color-contrast"]


async def looked_at(
    looker: Looker, pages: Sequence[Page], wrong_in: Callable[[Shown], Awaitable[list[str]]]
) -> dict[str, list[str]]:
    """What is wrong, by page: those where nothing is are left out."""
    found: dict[str, list[str]] = {}
    for page in pages:
        shown = await looker.look(page)
        wrong = await wrong_in(shown)
        if wrong:
            found[page.name] = wrong
    return found


async def on_a_phone(shown: Shown) -> list[str]:
    """What is wider than a phone's screen, or too small for a thumb."""
    wide = await shown.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    small = [f"small: {each}" for each in await shown.evaluate(SMALL)]
    return small + ([f"{wide} px wider than the screen"] if wide > 0 else [])


@pytest.mark.parametrize(
    "pages",
    [PAGES[::4], *(pytest.param(PAGES[first::4], marks=pytest.mark.endurance) for first in (1, 2, 3))],
    ids=["first", "second", "third", "fourth"],
)
async def test_every_page_can_be_read_and_used_by_everybody(
    lookers: dict[str, Looker], pages: Sequence[Page]
) -> None:
    """By axe, at the desk; the focus is seen; narrowed to a phone nothing is wider, and buttons are 44 px high."""

    async def wrong_in(shown: Shown) -> list[str]:
        wrong = await by_axe(shown) + [f"no focus: {each}" for each in await shown.evaluate(FOCUS)]
        width, height = PHONE
        await shown.set_viewport_size({"width": width, "height": height})
        return wrong + await on_a_phone(shown)

    assert await looked_at(lookers["desktop"], pages, wrong_in) == {}


async def test_the_longer_words_fit_a_phone_too(lookers: dict[str, Looker]) -> None:
    """Pages that are used with a phone, in English."""
    used = [page for page in PAGES if any(how.startswith("phone") for how in page.pictured)]
    assert await looked_at(lookers["phone"], used, on_a_phone) == {}


async def test_an_order_on_paper_has_nothing_that_one_would_press(lookers: dict[str, Looker]) -> None:
    order = next(page for page in PAGES if page.name == "order")
    shown = await lookers["desktop"].look(order)
    await shown.emulate_media(media="print")
    pressed = "() => [...document.querySelectorAll('button, form, summary, header')].filter(e => e.checkVisibility()).length"
    assert await shown.evaluate(pressed) == 0
    assert await shown.get_by_role("heading", name="经过").is_visible()
    assert await shown.locator(".sums").is_visible()
