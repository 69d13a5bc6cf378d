"""A browser that looks at pages of the house, as somebody and in a language."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Route, async_playwright
from playwright.async_api import Page as Shown

from gateway.security.customer_sessions import COOKIE
from gateway.security.staff_sessions import COOKIE as STAFF_COOKIE
from tests.pages.page_table import CUSTOMER, Page
from tests.pages.stage import House

CHROMIUM = shutil.which("chromium")
IS_MISSING = CHROMIUM is None and not os.environ.get("CI")
DESKTOP, PHONE = (1280, 850), (390, 844)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--font-render-hinting=none",
    "--hide-scrollbars",
]


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Debian's Chromium for as long as the block runs."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


class Looker:
    """Looks at pages; each person logs in once."""

    def __init__(self, browser: Browser, house: House, size: tuple[int, int], language: str) -> None:
        self.browser, self.house, self.size, self.language = browser, house, size, language
        self._known: dict[str, BrowserContext] = {}

    async def look(self, page: Page) -> Shown:
        """The page as it stands, with nothing that still moves. The caller closes it."""
        context = self._known.get(page.person) or await self._come(page.person)
        shown = await context.new_page()
        path = self.house.filled(page.path)
        sign = "&" if "?" in path else "?"
        answer = await shown.goto(f"{path}{sign}language={self.language}")
        assert answer is not None, page.name
        assert answer.status == page.answered, page.name
        if page.opens:
            await shown.locator(page.opens).first.click()
        await shown.evaluate("document.fonts.ready")
        return shown

    async def _come(self, person: str) -> BrowserContext:
        width, height = self.size
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN" if self.language == "zh" else "en-GB",
            timezone_id="Asia/Shanghai", reduced_motion="reduce",
        )  # fmt: skip
        await context.route("**/events", _nothing)  # a stream that never ends
        await context.route("**/next", _nothing)  # what the engine would say, and none is there
        if person == CUSTOMER:
            await context.add_cookies(
                [{"name": COOKIE, "value": self.house.customer, "url": self.house.address}]
            )
        elif person:
            token = self.house.comes(person)
            await context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": self.house.address}])
        self._known[person] = context
        return context

    async def leave(self) -> None:
        """Close all that was opened."""
        for context in self._known.values():
            await context.close()


async def _nothing(route: Route) -> None:
    await route.fulfill(status=204, body="")
