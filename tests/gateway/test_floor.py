"""The phone's page: what waits for me, codes on papers, photos of signed ones, and each thing told once."""

from __future__ import annotations

import io
import re

import httpx
import pytest
import segno

from activities.orders.views.order_views import journal_of
from activities.store.database import engine_at
from models.dossier.journal import EntryKind
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_browser import decided
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]
pytestmark = pytest.mark.usefixtures("working")


def picture_of(text: str) -> bytes:
    """A photo of a code."""
    made = io.BytesIO()
    segno.make(text, micro=False).save(made, kind="png", scale=8, border=4)
    return made.getvalue()


def kept_files(settings: Settings) -> list[str]:
    """What is kept beside the scans that were read."""
    return sorted(each.name for each in (settings.scans / "read").iterdir())


async def _order(shop: httpx.AsyncClient, boss: httpx.AsyncClient, name: str = "shop/1") -> str:
    number = str((await shop.post("/v1/orders", json={**ORDER, "request_id": name})).json()["order"])
    await decided(boss, number, "technical", "production_date", "approval")
    return number


def _tile(text: str, number: str, kind: str = "send_sheet") -> dict[str, str]:
    """The hidden fields of one tile."""
    form = next(
        part
        for part in re.findall(rf'action="/floor/{number}/act".*?</form>', text, re.DOTALL)
        if f'value="{kind}' in part
    )
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def _plain(fields: dict[str, str]) -> dict[str, str]:
    return {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in fields.items()}


async def test_what_waits_is_told_from_a_tile_once(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, prepared: Settings
) -> None:
    number = await _order(shop, boss)
    await person.comes("chen")
    page = await person.client.get("/floor")
    assert page.headers["permissions-policy"].startswith("camera=(self)")
    assert "camera=()" in (await person.client.get("/")).headers["permissions-policy"]
    fields = _plain(_tile(page.text, number)) | {"channel": "fax"}
    first = await person.client.post(f"/floor/{number}/act", data=fields)
    again = await person.client.post(f"/floor/{number}/act", data=fields)
    assert (first.status_code, again.status_code) == (200, 200), (first.text, again.text)
    assert again.json()["status"] == "known"
    told = [
        entry
        for entry in journal_of(engine_at(prepared.database_url), number)
        if entry.kind is EntryKind.FACT and entry.subject == "sheet_sent"
    ]
    assert len(told) == 1
    late = await person.client.post(f"/floor/{number}/act", data={**fields, "once": "another"})
    assert late.status_code in (200, 409)
    assert {"code", "zh", "en"} <= set(late.json()) or late.json()["status"] in ("accepted", "known")


async def test_a_code_opens_the_right_order_and_a_photo_says_which_code_it_shows(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    number, other = await _order(shop, boss), await _order(shop, boss, "shop/2")
    await person.comes("chen")
    mine = (await person.client.get("/floor", params={"code": f"{number}/production_instruction/1"})).text
    assert number in mine
    assert other not in mine
    token = {"dingdan-own-form": await person.token("/floor"), "content-type": "application/octet-stream"}
    code = f"{number}/delivery_note/1"
    seen = await person.client.post("/floor/read", headers=token, content=picture_of(code))
    assert seen.json() == {"code": code}
    for content in (
        b"",
        b"no picture",
        picture_of("https://example.com/"),
        b"%PDF-1.7 torn",
        b"\xff\xd8\xff" + b"0" * 99,
    ):
        answer = await person.client.post("/floor/read", headers=token, content=content)
        assert answer.status_code == 422, content[:20]
        assert answer.json()["zh"]
    forged = await person.client.post(
        "/floor/read", headers={"content-type": "image/png"}, content=picture_of(code)
    )
    assert forged.status_code == 403


async def test_a_photo_of_a_signed_paper_is_kept_and_another_orders_paper_is_not_taken_for_it(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, prepared: Settings
) -> None:
    number, other = await _order(shop, boss), await _order(shop, boss, "shop/2")
    await person.comes("chen")
    token = {"dingdan-own-form": await person.token("/floor"), "content-type": "application/octet-stream"}
    photo = picture_of(f"{number}/shipment_notice/1")
    kept = await person.client.post(f"/floor/{number}/photo", headers=token, content=photo)
    assert kept.json()["read"] is True
    document = kept.json()["document"]
    assert (await person.client.post(f"/floor/{number}/photo", headers=token, content=photo)).json()[
        "document"
    ] == document
    assert (await person.client.get(f"/scans/{document.partition('/')[0]}")).content == photo
    files = kept_files(prepared)
    wrong = await person.client.post(
        f"/floor/{number}/photo", headers=token, content=picture_of(f"{other}/shipment_notice/1")
    )
    assert wrong.status_code == 422
    assert other in wrong.json()["zh"]
    assert kept_files(prepared) == files
    unread = picture_of("a lorry")
    assert (await person.client.post(f"/floor/{number}/photo", headers=token, content=unread)).json()[
        "read"
    ] is False
    gone = await person.client.post("/floor/20200101-0001/photo", headers=token, content=photo)
    assert gone.status_code == 404


async def test_an_order_that_is_not_ones_own_and_what_is_no_code_are_told_in_words(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    number = await _order(shop, boss)
    await person.comes("zhou")
    assert (await person.client.get("/floor", params={"order": number})).status_code in (403, 404)
    for wrong in ({"code": "hello"}, {"order": "1"}, {"code": "9" * 5000}, {"order": "20200101-0001"}):
        answer = await person.client.get("/floor", params=wrong)
        assert answer.status_code == 404, wrong
        assert 'role="alert"' in answer.text
