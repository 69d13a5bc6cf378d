"""Signed sheets that come back as pictures, by command and by the watched folder; steps of the desk (R31, R47)."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
from PIL import Image, ImageDraw
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at
from commands.company.setup import prepare
from models.reports.desk_steps import DeskStepKind
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.files.scans import arrived, take_arrived
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import ORDER, Desk, files
from tests.runtime.watching import looks


async def sheet_out(desk: Desk, settings: Settings, client: Client, folder: Path) -> tuple[str, str]:
    """An order whose sheet went out; its number and where the printed sheet is. Needs a worker."""
    import json

    await files(desk, folder)
    today = business_date(datetime.now(UTC))
    (folder / "order.json").write_text(json.dumps(ORDER))
    number = str((await desk.read("place", str(folder / "order.json")))["placed"][0]["order"])
    dates = {"production_date": today, "quantity": 10, "finished_date": today + timedelta(days=4)}
    said: dict[str, dict[str, Any]] = {
        "technical producible --by lin": {"material_note": "ok"},
        "production_date dated --by ma": dates,
        "approval approve --by wu": {},
    }
    for words, detail in said.items():
        sets = [part for name, value in detail.items() for part in ("--set", f"{name}={value}")]
        assert (await desk.run("decide", number, *words.split(), "--note", "N-1", *sets))[0] == 0
    assert (await desk.run("tell", number, "sheet_sent", "--by", "chen", "--set", "version=1"))[0] == 0
    sheets: list[str] = []
    async for _ in looks("the sheet is printed"):
        sheets = await sheets_of(desk, number)
        if sheets:
            break
    return number, sheets[0]


async def sheets_of(desk: Desk, number: str) -> list[str]:
    printed = await desk.read("documents", number)
    return [each["path"] for each in printed if each["paper"] == "confirmation_sheet" and each["path"]]


def beside_another(sheet: Path, picture: Path) -> Path:
    """The sheet, and on the same page one of an order that nobody has."""
    page: Image.Image = pypdfium2.PdfDocument(sheet)[0].render(scale=204 / 72).to_pil().convert("L")
    both = Image.new("L", (page.width * 2, page.height), 255)
    both.paste(page)
    segno.make("20200101-0001|1|0123456789abcdef").save(str(picture), scale=8)
    both.paste(Image.open(picture).convert("L"), (page.width + 200, 200))
    both.save(picture)
    return picture


async def clerks(desk: Desk) -> dict[str, Any]:
    return {step["key"]: step for step in (await desk.read("waiting", "service_clerk"))["steps"]}


def young(file: Path, text: str) -> None:
    """As if it were being written all the time that this test takes, however long."""
    file.write_text(text)
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 3600))


def old(file: Path) -> Path:
    """As if it had been written a while ago: complete."""
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 60))
    return file


async def test_a_signed_sheet_is_scanned_and_waits_for_the_clerk(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R31: recognised by its code; the same file twice is known; what cannot be read is kept."""
    await prepare(settings, temporal_client)
    async with build_worker(temporal_client, settings):
        number, path = await sheet_out(desk, settings, temporal_client, tmp_path)
        first = (await desk.read("scan", path))[0]
        assert (first["order"], first["version"], first["problem"]) == (number, 1, None)
        copy = tmp_path / "the same again.pdf"
        await asyncio.to_thread(shutil.copyfile, path, copy)
        assert (await desk.read("scan", str(copy)))[0]["problem"] is None
        (tmp_path / "letter.pdf").write_text("no picture")
        code, _, _ = await desk.run("scan", str(tmp_path / "letter.pdf"))
        assert code == 3
        steps = await clerks(desk)
        assert sum(key.startswith("verify_signature") for key in steps) == 1
        document = next(key for key in steps if key.startswith("verify_signature")).split(":")[1]
        told = ("--set", "version=1", "--set", "signed_by=王芳", "--set", f"document={document}")
        clerk = ("--by", "chen", "--role", "service_clerk")
        assert (await desk.run("tell", number, "confirmation_returned", *clerk, *told))[0] == 0
        beside = await asyncio.to_thread(beside_another, Path(path), tmp_path / "two on a page.png")
        ours, theirs = await desk.read("scan", str(beside))
        assert (ours["page"], ours["order"], ours["problem"]) == (1, number, None)
        assert (theirs["page"], theirs["order"], theirs["problem"]["code"]) == (
            1,
            "20200101-0001",
            "unknown_order",
        )
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_the_watched_folder_tells_what_it_can_and_asks_about_the_rest(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R31: read by its bars where the other code is torn off; a page nobody can read is a clerk's step."""
    await prepare(settings, temporal_client)
    async with build_worker(temporal_client, settings):
        number, path = await sheet_out(desk, settings, temporal_client, tmp_path)
        folder = settings.scans / "in"
        folder.mkdir(parents=True)
        page: Image.Image = pypdfium2.PdfDocument(path)[0].render(scale=204 / 72).to_pil().convert("L")
        torn = page.copy()
        ImageDraw.Draw(torn).rectangle((page.width - 400, 0, page.width, 420), fill=255)
        torn.save(folder / "torn.png")
        blank = Image.new("L", page.size, 255)
        blank.save(folder / "blank.tif")
        (folder / "letter.pdf").write_text("no picture")
        young(folder / "half.pdf", "still being written")
        for name in ("torn.png", "blank.tif", "letter.pdf"):
            old(folder / name)
        assert await take_arrived(settings) == 3
        (folder / "letter.pdf").write_text("another one of the same name")
        old(folder / "letter.pdf")
        assert await take_arrived(settings) == 1
        assert [file.name for file in folder.iterdir()] == ["half.pdf"]
        assert any(key.startswith("verify_signature") for key in await clerks(desk))
        asked = open_desk_steps(engine_at(settings.database_url), Role.SERVICE_CLERK)
        assert sorted(step.kind for step in asked) == sorted(
            [DeskStepKind.UNREAD_SCAN, DeskStepKind.UNREAD_FILE, DeskStepKind.UNREAD_FILE]
        )
        assert sorted(step.about["file"] for step in asked) == ["blank.tif", "letter.pdf", "letter.pdf"]
        kept = {file.name: file for file in (settings.scans / "unread").iterdir()}
        letters = [kept[step.about["kept"]].read_text() for step in asked if "kept" in step.about]
        assert (len(kept), sorted(letters)) == (3, ["another one of the same name", "no picture"])
        assert not any("第0页" in step.zh for step in asked)
        desk_steps = (await desk.read("waiting", "service_clerk"))["desk"]
        key = next(step["key"] for step in desk_steps if "blank.tif" in step["zh"])
        code, _, err = await desk.run("resolve", key, "--by", "chen")
        assert code == 3
        assert "--order" in err
        assert (await desk.run("resolve", key, "--order", number, "--version", "7", "--by", "chen"))[0] == 7
        assert (await desk.run("resolve", key, "--order", "19990101-0001", "--version", "1", "--by", "chen"))[
            0
        ] == 4
        assert (await desk.run("resolve", key, "--order", number, "--version", "1", "--by", "chen"))[0] == 0
        assert sum(each.startswith("verify_signature") for each in await clerks(desk)) >= 1
        others = [step["key"] for step in desk_steps if "letter.pdf" in step["zh"]]
        for other in others:
            assert (await desk.run("resolve", other, "--give-up", "广告", "--by", "chen"))[0] == 0
        assert (await desk.run("resolve", others[0], "--give-up", "again", "--by", "chen"))[0] == 4
        assert (await desk.read("waiting", "service_clerk"))["desk"] == []
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_the_pages_of_a_sheet_in_one_file_are_one_return(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R31: first and last page of a long sheet, and its copy, are no second signature to look at."""
    await prepare(settings, temporal_client)
    async with build_worker(temporal_client, settings):
        number, path = await sheet_out(desk, settings, temporal_client, tmp_path)
        page: Image.Image = pypdfium2.PdfDocument(path)[0].render(scale=204 / 72).to_pil().convert("1")
        fax, blank = tmp_path / "fax.tif", Image.new("1", page.size, 1)
        page.save(fax, save_all=True, append_images=[page, blank, page], compression="group4")
        told = await desk.read("scan", str(fax))
        assert [(each["page"], each["order"]) for each in told] == [
            (1, number), (2, number), (3, None), (4, number),
        ]  # fmt: skip
        assert sum(key.startswith("verify_signature") for key in await clerks(desk)) == 1
        assert [step.about["page"] for step in open_desk_steps(engine_at(settings.database_url))] == ["3"]
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_a_scan_that_comes_while_the_database_is_away_stays_where_it_is(
    settings: Settings, temporal_client: Client
) -> None:
    folder = settings.scans / "in"
    folder.mkdir(parents=True)
    Image.new("L", (200, 200), 255).save(folder / "blank.png")
    old(folder / "blank.png")
    with pytest.raises(Refusal) as refused:
        await take_arrived(settings)
    assert refused.value.code is Code.NOT_SET_UP
    assert [file.name for file in arrived(settings)] == ["blank.png"]
    await prepare(settings, temporal_client)
    assert await take_arrived(settings) == 1
    assert arrived(settings) == []


async def test_a_missing_address_is_supplied_and_what_waited_goes_out(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    from runtime.server.ports import free_port

    mail = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    mail.start()
    monkeypatch.setenv("DINGDAN_MAIL_URL", f"smtp://127.0.0.1:{mail.port}")
    await prepare(settings, temporal_client)
    async with build_worker(temporal_client, settings):
        number, _ = await sheet_out(desk, settings, temporal_client, tmp_path)
        await desk.read("notices", "--send")
        missing = (await desk.read("waiting", "service_clerk"))["desk"]
        (customer,) = [step for step in missing if step["key"] == "no_address:K1/email"]
        assert customer["zh"] == "红枫 没有邮件地址"
        assert (await desk.run("resolve", customer["key"], "--by", "chen"))[0] == 3
        address = ("--address", "wang@example.com", "--by", "chen")
        assert (await desk.run("resolve", customer["key"], *address))[0] == 0
        sent = await desk.read("notices", number, "--send")
        assert {each["state"] for each in sent if each["addressee"] == "customer"} == {"sent"}
        assert (await desk.run("notices", "--state", "nonsense"))[0] == 3
        assert (await desk.run("notices", number))[0] == 0
        assert (await desk.run("show", number))[0] == 0
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()
    mail.stop()
