"""What a customer reads on the own order's page: each figure beside its label, and nothing of the house (R85)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, writing
from gateway.security.customer_links import link_for
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.models.life import start
from tests.papers.unlike import REQUEST, unlike


class _Facts(HTMLParser):
    """The labels and values of a page, and everything that it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pairs: dict[str, str] = {}
        self.said, self._inside, self._label = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("dt", "dd", "script", "style"):
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            return
        self.said += data
        if self._inside == "dt":
            self._label = data.strip()
        elif self._inside == "dd" and data.strip():
            self.pairs[self._label] = data.strip()


@pytest.fixture
def number(prepared: Settings) -> str:
    """The order in which no two values are alike, on record."""
    order = unlike().order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=rows_of(order), intentions=order.unsent,
    )  # fmt: skip
    engine = engine_at(prepared.database_url)
    Recorder(engine).record(burst)
    begun = start(unlike().placed, **REQUEST).model_dump(mode="json")
    row = {
        "request_id": "r", "content_hash": "h", "number": order.number, "customer": "K-1",
        "placed_at": unlike().placed, "start": begun,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table("requests")).values(row))
    return order.number


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            {
                "预交日（货物做好）": "03-08 周一", "约定发货日": "03-10 周三", "最初约定": "03-06 周六",
                "订单金额": "¥8,214.57", "按合格数量结算": "¥8,049.79", "已付": "¥2,600.00", "未付": "¥5,449.79",
            },
        ),
        (
            "en",
            {
                "promised (goods ready)": "Mon 03-08", "agreed ship date": "Wed 03-10", "first promised": "Sat 03-06",
                "ordered": "¥8,214.57", "billed, by what passed": "¥8,049.79", "paid": "¥2,600.00", "open": "¥5,449.79",
            },
        ),
    ],
)  # fmt: skip
async def test_each_figure_stands_beside_its_label(
    door: FastAPI, prepared: Settings, number: str, language: str, expected: dict[str, str]
) -> None:
    async with caller(door) as customer:
        path = "/c/" + link_for(prepared, number).rpartition("/")[2]
        page: httpx.Response = await customer.get(path, params={"language": language})
    assert page.status_code == 200
    facts = _Facts(page.text)
    assert facts.pairs == expected
    assert {"zh": "货物未提，正在退回", "en": "not collected, on its way back"}[language] in facts.said
    assert number in facts.said
    for inside in ("salesperson-1", "service_clerk-1", "2027-03-06", "L-7", "A-3"):
        assert inside not in facts.said
    assert not re.search(r"R\d\d", facts.said)
