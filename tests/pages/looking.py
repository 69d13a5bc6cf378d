"""A browser that looks at pages of the house, as somebody and in a language."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright
from playwright.async_api import Page as Shown

from gateway.security.customer_sessions import COOKIE
from gateway.security.staff_sessions import COOKIE as STAFF_COOKIE
from tests.pages.page_table import CUSTOMER, Page
from tests.pages.stage import House
from tests.runtime.watching import PATIENCE_MILLISECONDS

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
    """Looks at pages; each person logs in once and has one tab, in which what pages share is fetched once."""

    def __init__(self, browser: Browser, house: House, size: tuple[int, int], language: str) -> None:
        self.browser, self.house, self.size, self.language = browser, house, size, language
        self._tabs: dict[str, Shown] = {}

    async def look(self, page: Page) -> Shown:
        """The page as it stands, with nothing that still moves; until the same person looks at another one."""
        shown = self._tabs.get(page.person) or await self._come(page.person)
        width, height = self.size
        await shown.set_viewport_size({"width": width, "height": height})
        await shown.emulate_media(
            media="null"
        )  # whoever looked before may have made it smaller, or printed it
        path = self.house.filled(page.path)
        sign = "&" if "?" in path else "?"
        answer = await shown.goto(f"{path}{sign}language={self.language}")
        assert answer is not None, page.name
        assert answer.status == page.answered, page.name
        if page.opens:
            await shown.locator(page.opens).first.click()
        await shown.evaluate("document.fonts.ready")
        return shown

    async def _come(self, person: str) -> Shown:
        context = await self.browser.new_context(
            locale="zh-CN" if self.language == "zh" else "en-GB", timezone_id="Asia/Shanghai", reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        if person == CUSTOMER:
            await context.add_cookies(
                [{"name": COOKIE, "value": self.house.customer, "url": self.house.address}]
            )
        elif person:
            token = self.house.comes(person)
            await context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": self.house.address}])
        self._tabs[person] = await context.new_page()
        return self._tabs[person]

    async def leave(self) -> None:
        """Close all that was opened."""
        for shown in self._tabs.values():
            await shown.context.close()
