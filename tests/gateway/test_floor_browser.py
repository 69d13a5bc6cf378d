"""The phone's page in a real browser: three minutes without network, a camera that is refused, a photo of a paper."""

from __future__ import annotations

import httpx
from playwright.async_api import FilePayload, Page, expect

from activities.orders.views.order_views import journal_of
from activities.store.database import engine_at
from models.dossier.journal import EntryKind
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_browser import address, decided, log_in, page, picture, pytestmark, staff
from tests.gateway.test_floor import picture_of

__all__ = ["address", "page", "pytestmark", "staff"]
REFUSED_CAMERA = """
window.BarcodeDetector = class { async detect() { return []; } };
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
"""


def told(settings: Settings, number: str) -> list[str]:
    """Who said that the sheet was sent."""
    entries = journal_of(engine_at(settings.database_url), number)
    return [each.by for each in entries if each.kind is EntryKind.FACT and each.subject == "sheet_sent"]


async def test_what_is_told_without_network_is_kept_and_told_once_when_there_is_one(
    page: Page, address: str, shop: httpx.AsyncClient, boss: httpx.AsyncClient, prepared: Settings
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await decided(boss, number, "technical", "production_date", "approval")
    await page.add_init_script(REFUSED_CAMERA)
    await page.set_viewport_size({"width": 390, "height": 780})
    await log_in(page, address, "chen")
    await page.goto(f"{address}/floor")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="扫码").click()
    await expect(page.locator("#floor-said")).to_contain_text("拍照识别")
    tile = page.locator(f'.tile[data-order="{number}"]', has_text="发出确认书")
    await tile.locator("summary").click()
    await picture(page, "floor")
    await page.context.set_offline(True)
    await tile.locator(".do-it").click()
    kept = page.locator("#floor-kept li")
    await expect(kept).to_contain_text("无网络")
    await tile.locator("summary").click()
    await tile.locator(".do-it").click()  # pressed once more: it is kept already
    await expect(kept).to_have_count(1)
    await picture(page, "floor-without-network")
    assert told(prepared, number) == []
    await page.context.set_offline(False)
    await expect(kept).to_have_count(0)
    await expect(page.locator("#floor-said")).to_contain_text("已报")
    await page.reload()
    assert told(prepared, number) == ["chen"]
    photo = FilePayload(
        name="paper.png", mimeType="image/png", buffer=picture_of(f"{number}/production_instruction/1")
    )
    await page.locator("#photo").set_input_files([photo])
    await page.wait_for_url(f"{address}/floor?code=*")
    await expect(page.locator("h1")).to_contain_text(number)
