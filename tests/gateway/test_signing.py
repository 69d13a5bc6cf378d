"""R31: signing by link, with a clock that is moved: codes, proofs, quotas, and links that end or are revoked."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image, ImageDraw
from sqlalchemy import insert, select, update

from activities.access import customer_links as links
from activities.access.signing_codes import SIGNING_CODES
from activities.documents.document_store import DocumentStore
from activities.documents.drawings import MOST_BYTES, PNG
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, writing
from activities.store.imports import CustomerRow, import_customers
from gateway.security.customer_links import link_for
from models.customer_links import LinkPurpose
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.signing_codes import VALID_FOR
from models.tables.registry import table
from runtime.link_secret import link_secret
from runtime.settings import Settings
from runtime.worker.paperwork import build_press
from runtime.worker.post import build_post_office, build_router
from tests.gateway.conftest import caller
from tests.models.life import SIGNER, Life, start

WRONG_NAME = "陌生人"
CONTACTS = (f"{SIGNER}=wangfang@example.com", "李四=+86 138-1234-5678")


@dataclass
class Clock:
    """The door's clock."""

    moment: datetime = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def later(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Visitor:
    """A customer at the page of an order whose sheet went out; what they say is kept, for no server is there."""

    client: httpx.AsyncClient
    settings: Settings
    order: str
    clock: Clock
    path: str = ""

    def comes_by(self, link: str) -> None:
        self.path = "/c/" + link.rpartition("/")[2]

    @property
    def link_hash(self) -> str:
        """Of the newest link of the order."""
        return links.links_of(self.engine, self.order)[0].link.link_hash

    @property
    def engine(self) -> Any:
        return engine_at(self.settings.database_url)

    async def page(self) -> httpx.Response:
        return await self.client.get(self.path)

    async def opens(self) -> bytes:
        """Opens the sheet."""
        document = re.findall(r"/papers/([0-9a-f]{64})", (await self.page()).text)[0]
        answer = await self.client.get(f"{self.path}/papers/{document}")
        assert answer.status_code == 200
        return answer.content

    async def asks(self, name: str) -> httpx.Response:
        return await self.client.post(f"{self.path}/code", data={"version": "1", "signed_by": name})

    async def signs(self, name: str, **more: str) -> httpx.Response:
        form = {"version": "1", "signed_by": name, "agreed": "yes", **more}
        return await self.client.post(f"{self.path}/sign", data=form)

    async def uploads(self, content: bytes = b"\x89PNG") -> httpx.Response:
        return await self.client.post(f"{self.path}/scan", files={"file": ("a.png", content, "image/png")})

    def code(self) -> str:
        """The newest code, as whoever sends it computes it."""
        codes = table("signing_codes")
        with reading(self.engine) as connection:
            newest = connection.scalars(select(codes.c.code_id).order_by(codes.c.made_at.desc())).first()
        return SIGNING_CODES.code(link_secret(self.settings), str(newest))

    def told(self) -> list[dict[str, Any]]:
        """The signatures that were said to the order."""
        inbox = table("inbox")
        with reading(self.engine) as connection:
            envelopes = connection.scalars(select(inbox.c.envelope).order_by(inbox.c.number)).all()
        return [each["content"] for each in envelopes if each["kind"] == "confirmation_returned"]

    def changes(self, **values: Any) -> None:
        """The order as it is recorded from now on."""
        orders = table("orders")
        with writing(self.engine) as connection:
            connection.execute(update(orders).where(orders.c.number == self.order).values(values))


def recorded(settings: Settings, life: Life | None = None) -> str:
    """An order whose sheet went out (or this one), on record; its number."""
    life = life or Life().verified().sheet_out()
    order = life.order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=rows_of(order), intentions=order.unsent,
    )  # fmt: skip
    engine = engine_at(settings.database_url)
    Recorder(engine).record(burst)
    begun = start(life.placed, fulfilment=order.request.fulfilment.value).model_dump(mode="json")
    customer = order.customer.customer
    row = {
        "request_id": "r", "content_hash": "h", "number": order.number, "customer": customer, "placed_at": life.now,
        "start": begun,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table("requests")).values(row))
    import_customers(
        engine, [CustomerRow(customer=customer, name=order.customer.name, signer_contacts=CONTACTS)]
    )
    build_press(settings).print_due()
    return order.number


@pytest.fixture
async def visitor(door: FastAPI, prepared: Settings) -> AsyncIterator[Visitor]:
    """A customer with a link to sign. The server is away: what is told is kept."""
    order, clock = recorded(prepared), Clock()
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    async with caller(door, Accept="text/html") as client:
        found = Visitor(client, prepared, order, clock)
        found.comes_by(link_for(prepared, order, by="chen", now=clock()))
        yield found


# --- what is signed ------------------------------------------------------------------------------------------------


async def test_a_sheet_that_was_not_opened_is_not_signed(visitor: Visitor) -> None:
    refused = await visitor.signs(SIGNER)
    assert refused.status_code == 409
    assert "请先打开" in refused.text
    assert f'value="{SIGNER}"' in refused.text, "what was typed stands there again"
    await visitor.opens()
    assert (await visitor.signs(SIGNER)).status_code == 303


async def test_opening_it_by_another_link_does_not_count(visitor: Visitor) -> None:
    await visitor.opens()
    visitor.comes_by(link_for(visitor.settings, visitor.order, now=visitor.clock()))
    assert "请先打开" in (await visitor.signs(SIGNER)).text


async def test_what_is_kept_proves_the_signature(visitor: Visitor) -> None:
    """The whole hash of exactly the bytes that were opened, when and from where, the name, the link, the way of the code."""
    opened = visitor.clock()
    content = await visitor.opens()
    visitor.clock.later(hours=1)
    await visitor.opens()
    await visitor.asks(SIGNER)
    visitor.clock.later(minutes=5)
    drawing = drawn()
    signed = await visitor.signs(SIGNER, code=visitor.code(), drawing=as_url(drawing))
    assert signed.headers["location"].endswith("said=signed")
    (told,) = visitor.told()
    kept = told["link_signature"]
    assert kept["document_sha256"] == hashlib.sha256(content).hexdigest()
    assert (kept["opened_at"], kept["opened_from"]) == (
        opened.isoformat().replace("+00:00", "Z"),
        "127.0.0.1",
    )
    assert kept["signed_at"] == visitor.clock().isoformat().replace("+00:00", "Z")
    assert (kept["code_channel"], kept["code_sent_to"]) == ("email", "wa…@example.com")
    assert (kept["signer"], told["signed_by"]) == (SIGNER, SIGNER)
    assert kept["link"] == visitor.link_hash[:16]
    stored = DocumentStore(visitor.settings.documents).read(kept["drawing_sha256"] + PNG)
    assert Image.open(io.BytesIO(stored)).size == (600, 200)
    uses = {each.use.value: each for each in links.links_of(visitor.engine, visitor.order)[0].uses}
    assert {"looked", "opened", "code", "signed"} == set(uses)
    assert (uses["opened"].times, uses["opened"].first_at) == (2, opened)


async def test_other_bytes_than_those_that_were_printed_are_not_shown(visitor: Visitor) -> None:
    document = re.findall(r"/papers/([0-9a-f]{64})", (await visitor.page()).text)[0]
    place = DocumentStore(visitor.settings.documents).shown(document + ".pdf")
    damage(Path(place))
    assert (await visitor.client.get(f"{visitor.path}/papers/{document}")).status_code == 500
    assert "请先打开" in (await visitor.signs(SIGNER)).text


def damage(file: Path) -> None:
    """Other bytes under the same name."""
    file.write_bytes(file.read_bytes() + b"x")


# --- no oracle -----------------------------------------------------------------------------------------------------


async def test_the_page_answers_alike_for_a_signer_and_anybody_else(visitor: Visitor) -> None:
    await visitor.opens()

    def plain(answer: httpx.Response, name: str) -> tuple[int, str]:
        return answer.status_code, answer.text.replace(name, "NAME")

    asked = []
    for name in (SIGNER, WRONG_NAME):
        asked.append(plain(await visitor.asks(name), name))
        visitor.clock.later(minutes=2)
    assert asked[0] == asked[1]
    wrong = [plain(await visitor.signs(name, code="000000"), name) for name in (SIGNER, WRONG_NAME)]
    assert wrong[0] == wrong[1]
    without = [await visitor.signs(name) for name in (SIGNER, WRONG_NAME)]
    assert [each.status_code for each in without] == [303, 303]
    assert without[0].headers["location"] == without[1].headers["location"]
    assert SIGNER not in (await visitor.page()).text
    told = visitor.told()
    assert [each["signed_by"] for each in told] == [SIGNER, WRONG_NAME]
    assert all("code_channel" not in each["link_signature"] for each in told), "a clerk looks at both"


async def test_nobody_but_a_known_signer_is_sent_a_code(visitor: Visitor) -> None:
    outbox = table("outbox")
    for name in (WRONG_NAME, "李四", SIGNER):  # 李四 has a phone and is no designated signer
        await visitor.asks(name)
        visitor.clock.later(minutes=2)
    with reading(visitor.engine) as connection:
        sent = connection.execute(select(outbox).where(outbox.c.paper == "signing_code")).mappings().all()
    assert [each["roles"] for each in sent] == [[f"signer:{SIGNER}"]]


# --- codes ---------------------------------------------------------------------------------------------------------


async def test_a_code_goes_by_notice_and_stands_in_no_table(visitor: Visitor) -> None:
    await visitor.asks(SIGNER)
    build_router(visitor.settings).route_due()
    build_post_office(visitor.settings).send_due()
    code = visitor.code()
    letters = [each.read_text() for each in (visitor.settings.var / "outbox").rglob("*signing_code*")]
    assert any(code in each for each in letters)
    with reading(visitor.engine) as connection:
        for name in ("signing_codes", "outbox", "deliveries", "acts"):
            rows = connection.execute(select(table(name))).all()
            assert not any(re.search(rf"\b{code}\b", str(value)) for row in rows for value in row), name


async def test_a_code_that_is_over_is_not_sent_any_more(visitor: Visitor) -> None:
    visitor.clock.moment = datetime.now(UTC) - timedelta(hours=1)
    await visitor.asks(SIGNER)
    build_router(visitor.settings).route_due()
    build_post_office(visitor.settings).send_due()
    deliveries = table("deliveries")
    with reading(visitor.engine) as connection:
        states = connection.scalars(
            select(deliveries.c.state).where(deliveries.c.identity.startswith("signing_code"))
        ).all()
    assert states == ["withdrawn"]


async def test_a_code_is_good_for_ten_minutes_and_once(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.asks(SIGNER)
    visitor.clock.moment += VALID_FOR
    assert "验证码不对或已失效" in (await visitor.signs(SIGNER, code=visitor.code())).text
    await visitor.asks(SIGNER)
    code = visitor.code()
    assert (await visitor.signs(SIGNER, code=code)).status_code == 303
    assert "验证码不对或已失效" in (await visitor.signs(SIGNER, code=code)).text


async def test_five_wrong_tries_end_a_code(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.asks(SIGNER)
    right = visitor.code()
    wrong = "111111" if right != "111111" else "222222"
    for _ in range(5):
        assert (await visitor.signs(SIGNER, code=wrong)).status_code == 409
    assert (await visitor.signs(SIGNER, code=right)).status_code == 409
    visitor.clock.later(minutes=2)
    await visitor.asks(SIGNER)
    assert (await visitor.signs(SIGNER, code=visitor.code())).status_code == 303


async def test_a_code_is_for_one_link_one_name_and_one_document(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.asks(SIGNER)
    code, first = visitor.code(), visitor.path
    assert (await visitor.signs(WRONG_NAME, code=code)).status_code == 409
    visitor.comes_by(link_for(visitor.settings, visitor.order, now=visitor.clock()))
    await visitor.opens()
    assert (await visitor.signs(SIGNER, code=code)).status_code == 409
    visitor.path = first
    codes = table("signing_codes")
    with writing(visitor.engine) as connection:
        connection.execute(update(codes).values(document="0" * 64))
    assert (await visitor.signs(SIGNER, code=code)).status_code == 409
    assert visitor.told() == []


async def test_a_newer_code_takes_the_place_of_the_older(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.asks(SIGNER)
    older = visitor.code()
    visitor.clock.later(minutes=2)
    await visitor.asks(SIGNER)
    assert visitor.code() != older
    assert (await visitor.signs(SIGNER, code=older)).status_code == 409
    assert (await visitor.signs(SIGNER, code=visitor.code())).status_code == 303


async def test_a_code_a_minute_and_so_many_a_day(visitor: Visitor) -> None:
    assert (await visitor.asks(SIGNER)).status_code == 200
    visitor.clock.later(seconds=59)
    early = await visitor.asks(SIGNER)
    assert (early.status_code, "2027-03-01 09:01" in early.text) == (429, True)
    assert early.headers["Retry-After"]
    for _ in range(9):
        visitor.clock.later(minutes=1)
        assert (await visitor.asks(WRONG_NAME)).status_code == 200
    visitor.clock.later(minutes=1)
    spent = await visitor.asks(SIGNER)
    assert (spent.status_code, "2027-03-02 00:00" in spent.text) == (429, True)
    visitor.clock.later(hours=15)
    assert (await visitor.asks(SIGNER)).status_code == 200


# --- links ---------------------------------------------------------------------------------------------------------


async def test_a_link_ends_with_its_version_of_the_sheet(visitor: Visitor) -> None:
    await visitor.opens()
    visitor.changes(sheet_version=None)
    for answer in (await visitor.page(), await visitor.signs(SIGNER), await visitor.uploads()):
        assert (answer.status_code, "第 1 版" in answer.text) == (401, True)
    visitor.changes(sheet_version=2)
    assert (await visitor.page()).status_code == 401


async def test_a_link_to_sign_ends_with_the_order_and_one_to_see_it_some_days_after(visitor: Visitor) -> None:
    to_sign = visitor.path
    visitor.comes_by(
        link_for(visitor.settings, visitor.order, purpose=LinkPurpose.ORDER, now=visitor.clock())
    )
    visitor.changes(ended_at=visitor.clock(), ending="settled")
    assert (await visitor.client.get(to_sign)).status_code == 401
    visitor.clock.later(days=13)
    assert (await visitor.page()).status_code == 200
    visitor.clock.later(days=1)
    gone = await visitor.page()
    assert (gone.status_code, "终结" in gone.text) == (401, True)


async def test_a_link_to_see_an_order_signs_nothing(visitor: Visitor) -> None:
    visitor.comes_by(
        link_for(visitor.settings, visitor.order, purpose=LinkPurpose.ORDER, now=visitor.clock())
    )
    await visitor.opens()
    assert "签字确认" not in (await visitor.page()).text
    for answer in (await visitor.signs(SIGNER), await visitor.asks(SIGNER), await visitor.uploads()):
        assert (answer.status_code, "不能签字" in answer.text) == (409, True)
    visitor.clock.later(days=300)
    assert (await visitor.page()).status_code == 200, "it lives as long as the order"


async def test_a_link_to_sign_is_good_for_the_days_that_are_set(visitor: Visitor) -> None:
    visitor.clock.later(days=30, seconds=-1)
    assert (await visitor.page()).status_code == 200
    visitor.clock.later(seconds=1)
    gone = await visitor.page()
    assert (gone.status_code, "过期" in gone.text) == (401, True)


async def test_a_revoked_link_opens_nothing(visitor: Visitor) -> None:
    links.revoke_link(visitor.engine, visitor.order, visitor.link_hash[:16], visitor.clock(), "chen")
    gone = await visitor.page()
    assert (gone.status_code, "撤销" in gone.text) == (401, True)


async def test_a_link_is_kept_by_its_hash_and_told_to_no_other_page(visitor: Visitor) -> None:
    token = visitor.path.rpartition("/")[2]
    answer = await visitor.page()
    assert answer.headers["Referrer-Policy"] == "same-origin", (
        "browsers send their own forms without an origin otherwise"
    )
    await visitor.opens()
    with reading(visitor.engine) as connection:
        for each in ("customer_links", "link_uses", "link_days", "acts"):
            for row in connection.execute(select(table(each))).all():
                assert not any(token in str(value) or token.split(".")[0] in str(value) for value in row)


# --- how much ------------------------------------------------------------------------------------------------------


async def test_a_link_uploads_so_much_a_day(door: FastAPI, visitor: Visitor) -> None:
    folder = visitor.settings.scans / "in"
    for number in range(10):
        assert (await visitor.uploads(b"\x89PNG%d" % number)).status_code == 303
        for file in folder.iterdir():
            assert file.name.startswith(f"door-{visitor.order}-{visitor.link_hash[:16]}-")
            file.unlink()
    spent = await visitor.uploads()
    assert (spent.status_code, "2027-03-02 00:00" in spent.text) == (429, True)
    assert spent.headers["Retry-After"]
    assert list(folder.iterdir()) == []
    visitor.clock.later(hours=15)
    assert (await visitor.uploads()).status_code == 303
    for file in folder.iterdir():
        file.unlink()
    door.state.door.settings = visitor.settings.model_copy(update={"link_megabytes_a_day": 1})
    assert (await visitor.uploads(b"x" * 999_990)).status_code == 303
    assert (await visitor.uploads(b"x" * 20)).status_code == 429


async def test_so_much_of_a_link_waits_for_a_clerk_at_a_time(visitor: Visitor) -> None:
    from activities.facts.desk_steps import close_step, open_step
    from models.reports.desk_steps import DeskStepKind, desk_step

    await visitor.opens()
    name = f"door-{visitor.order}-{visitor.link_hash[:16]}-abc.png"
    made = [
        desk_step(
            DeskStepKind.UNREAD_SCAN, f"{n:016x}/1", visitor.clock(), rule="R31", file=name, page="1",
            document=f"{n:016x}/1",
        )
        for n in range(5)
    ]  # fmt: skip
    with writing(visitor.engine) as connection:
        for step in made:
            open_step(connection, step)
    for answer in (await visitor.uploads(), await visitor.signs(SIGNER)):
        assert (answer.status_code, "等客服核对" in answer.text) == (429, True)
    other = link_for(visitor.settings, visitor.order, now=visitor.clock())
    with writing(visitor.engine) as connection:
        close_step(connection, made[0].key, visitor.clock(), by="chen", resolution="x")
    assert (await visitor.uploads()).status_code == 303
    with writing(visitor.engine) as connection:
        open_step(connection, made[0])
    visitor.comes_by(other)
    await visitor.opens()
    assert (await visitor.signs(SIGNER)).status_code == 303, "another link is not held up by it"


async def test_signing_is_tried_so_often_a_day(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.asks(SIGNER)
    for _ in range(20):
        assert (await visitor.signs(SIGNER, code="000000")).status_code == 409
    assert (await visitor.signs(SIGNER, code="000000")).status_code == 429


# --- drawings ------------------------------------------------------------------------------------------------------


def drawn(size: tuple[int, int] = (600, 200), mode: str = "RGBA") -> bytes:
    """A line on nothing, as a canvas sends it."""
    picture = Image.new(mode, size)
    ImageDraw.Draw(picture).line([(10, 10), (min(size) - 10, min(size) - 10)], fill="black", width=3)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def as_url(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize(
    "sent",
    [
        as_url(b"\x89PNG"), as_url(drawn((1201, 20))), as_url(drawn((20, 601))), as_url(drawn(), "svg+xml"),
        "data:image/png;base64,****", as_url(b"x" * (MOST_BYTES + 10)), "javascript:alert(1)",
        as_url(drawn()[:-30]),
    ],
)  # fmt: skip
async def test_what_is_no_small_picture_is_refused_in_words(visitor: Visitor, sent: str) -> None:
    await visitor.opens()
    refused = await visitor.signs(SIGNER, drawing=sent)
    assert (refused.status_code, "手写签名" in refused.text) == (409, True)
    assert visitor.told() == []


async def test_an_empty_drawing_is_none(visitor: Visitor) -> None:
    await visitor.opens()
    empty = io.BytesIO()
    Image.new("RGB", (600, 200), "white").save(empty, "PNG")
    assert (await visitor.signs(SIGNER, drawing=as_url(empty.getvalue()))).status_code == 303
    assert "drawing_sha256" not in visitor.told()[0]["link_signature"]
