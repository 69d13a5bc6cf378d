"""R85: the way to the customer's own page stands on papers and notices to the customer, where the door has an address."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from fastapi import FastAPI
from sqlalchemy import select, update

from activities.access.customer_links import links_of, revoke_link
from activities.access.standing_links import StandingLinks
from activities.documents.document_store import DocumentStore
from activities.scans.scan_reader import read_page
from activities.store.database import engine_at, reading, writing
from models.customer_links import LinkPurpose
from models.tables.registry import table
from runtime.settings import Settings
from runtime.standing_links import standing_links
from runtime.worker.paperwork import build_press
from runtime.worker.post import post_everything
from tests.gateway.conftest import caller
from tests.gateway.test_signing import Clock, recorded
from tests.models.life import SIGNER

AT = "https://orders.example.com"


@pytest.fixture
def reached(prepared: Settings) -> Settings:
    """The installation with a public address."""
    return prepared.model_copy(update={"gateway_url": AT})


def printed_anew(settings: Settings, order: str, paper: str = "confirmation_sheet") -> bytes:
    """The paper as the press makes it now."""
    outbox = table("outbox")
    of_paper = (outbox.c.order_number == order) & (outbox.c.paper == paper)
    engine = engine_at(settings.database_url)
    with writing(engine) as connection:
        connection.execute(update(outbox).where(of_paper).values(document=None))
    build_press(settings).print_due()
    with reading(engine) as connection:
        document = connection.scalar(select(outbox.c.document).where(of_paper))
    return DocumentStore(settings.documents).read(f"{document}.pdf")


def codes_on(pdf: bytes) -> list[str]:
    """What every code on the first page says."""
    picture = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].render(scale=204 / 72, grayscale=True).to_pil()
    return [each.text for each in zxingcpp.read_barcodes(picture)]


async def test_the_sheet_carries_a_code_that_opens_the_order_and_signs_it(
    door: FastAPI, prepared: Settings, reached: Settings
) -> None:
    order = recorded(prepared)
    door.state.door.now = Clock()
    door.state.door._away_until = float("inf")
    assert not [each for each in codes_on(printed_anew(prepared, order)) if "/c/" in each], (
        "no address is set"
    )
    once = printed_anew(reached, order)
    assert printed_anew(reached, order) == once, "printed again it is the same paper"
    (link,) = [each for each in codes_on(once) if "/c/" in each]
    assert link.startswith(f"{AT}/c/")
    picture = pypdfium2.PdfDocument(io.BytesIO(once))[0].render(scale=204 / 72).to_pil()
    (page,) = read_page(picture)
    assert (page.order, page.version) == (order, 1), "and whoever reads sheets reads the sheet's own"
    path = link.removeprefix(AT)
    async with caller(door, Accept="text/html") as customer:
        text = (await customer.get(path)).text
        assert order in text
        (kept,) = [each.link for each in links_of(engine_at(prepared.database_url), order)]
        assert (kept.purpose, kept.sheet_version) == (LinkPurpose.STANDING, None)
        document = text.split("/papers/")[1][:64]
        assert (await customer.get(f"{path}/papers/{document}")).status_code == 200
        form = {"version": "1", "signed_by": SIGNER, "agreed": "yes"}
        assert (await customer.post(f"{path}/sign", data=form)).status_code == 303
        revoke_link(engine_at(prepared.database_url), order, kept.name, Clock()(), "chen")
        assert (await customer.get(path)).status_code == 401
        (after,) = [each for each in codes_on(printed_anew(reached, order)) if "/c/" in each]
        assert after != link, "a revoked one is followed by another"
        assert (await customer.get(after.removeprefix(AT))).status_code == 200
        orders = table("orders")
        with writing(engine_at(prepared.database_url)) as connection:
            connection.execute(update(orders).values(ended_at=Clock()(), ending="settled"))
        assert (await customer.get(after.removeprefix(AT))).status_code == 200, "some days more"
        door.state.door.now = lambda: Clock().moment.replace(month=4)
        assert (await customer.get(after.removeprefix(AT))).status_code == 401


async def test_a_notice_to_the_customer_carries_the_same_link_and_one_to_the_staff_does_not(
    door: FastAPI, prepared: Settings, reached: Settings
) -> None:
    order = recorded(prepared)
    build_press(reached).print_due()
    post_everything(reached)
    letters = {each.name: each.read_text() for each in (reached.var / "outbox").rglob("*.txt")}
    assert letters
    theirs = [text for text in letters.values() if f"{AT}/c/" in text]
    assert len(theirs) >= 3, "receipt, waiting time, sheet"
    links = {line.rpartition(AT)[2] for text in theirs for line in text.splitlines() if f"{AT}/c/" in line}
    assert links == {standing_links(reached).of(order).removeprefix(AT)}


def test_a_letter_about_several_orders_leads_to_the_log_in(prepared: Settings, reached: Settings) -> None:
    order, links = recorded(prepared), standing_links(reached)
    assert links.of_notice([order, "20270301-0002"]) == f"{AT}/c/login"
    assert links.of_notice([order, order]) == links.of(order)
    assert standing_links(prepared).of_notice([order, "x"]) == ""
    assert StandingLinks(engine_at(prepared.database_url), "s" * 32, "").of(order) == ""
