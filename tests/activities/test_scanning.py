"""Sheets that come back as pictures: turned, skewed, coarse, noisy, several in a file, and files that are none (R31).

`SCANS=200` looks at that many; the rate is told by `pytest -s`.
"""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from activities.documents.typesetting import Typesetter
from activities.scans import scan_reader
from activities.scans.scan_reader import digest_of_file, read_file, read_page
from models.dossier.papers_due import Paper
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language
from tests.models.life import Life

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
LIFE = Life().verified()
SHEET = next(each for each in LIFE.order.unsent if each.paper is Paper.SHEET)
NUMBER, HASH = LIFE.order.number, LIFE.order.sheets[0].content_hash[:16]
SCANS = int(os.environ.get("SCANS", "24"))
WANTED = 0.97
"""Of scans with the noise of a fax so many are read at least; seen: all of 200."""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """The sheet as it was sent."""
    return Typesetter(TEMPLATES, Language.ZH).set(SHEET.paper, SHEET.content or {})


@pytest.fixture(scope="module")
def page(pdf: bytes) -> Image.Image:
    """The sheet on paper, at 204 dots per inch."""
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=204 / 72).to_pil().convert("L")
    return picture


def faxed(page: Image.Image, seed: int) -> Image.Image:
    """What a fax or scanner makes of it: turned, skewed, coarse or fine, black and white, with specks and lines."""
    chance = random.Random(seed)
    picture = page.rotate(chance.uniform(-5, 5), fillcolor=255, expand=True)
    picture = picture.rotate(chance.choice((0, 90, 180, 270)), expand=True)
    down = chance.choice((98, 196))
    picture = picture.resize((picture.width, picture.height * down // 204))
    threshold = chance.randint(90, 180)
    picture = picture.point([0 if value < threshold else 255 for value in range(256)])
    dots = picture.load()
    assert dots is not None
    for _ in range(picture.width * picture.height // 1000):
        dots[chance.randrange(picture.width), chance.randrange(picture.height)] = chance.choice((0, 255))
    for _ in range(chance.randint(0, 2)):
        line = chance.randrange(picture.height)
        for x in range(picture.width):
            dots[x, line] = 255
    picture = picture.convert("1")
    picture.info["dpi"] = (204, down)
    return picture


@pytest.mark.endurance
def test_scans_with_the_noise_of_a_fax_are_read(page: Image.Image) -> None:
    found = [sheet for seed in range(SCANS) for sheet in read_page(faxed(page, seed))]
    right = [each for each in found if (each.order, each.version, each.content_hash) == (NUMBER, 1, HASH)]
    wrong = [each for each in found if each.is_read and each not in right]
    assert wrong == []
    assert len(right) / SCANS >= WANTED, f"{len(right)} of {SCANS}"


def test_a_pdf_is_read_as_it_was_sent(pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf)
    assert [(each.order, each.version) for each in read_file(file)] == [(NUMBER, 1)]


@pytest.mark.parametrize("kind", ["TIFF", "PNG", "JPEG"])
def test_pictures_of_any_kind_are_read(page: Image.Image, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"sheet.{kind.lower()}"
    page.save(file, kind)
    assert [each.order for each in read_file(file)] == [NUMBER]


def test_several_sheets_in_one_file_and_a_page_that_is_none(page: Image.Image, tmp_path: Path) -> None:
    blank = Image.new("L", page.size, 255)
    file = tmp_path / "fax.tif"
    coarse = page.resize((page.width, page.height * 98 // 204)).convert("1")
    coarse.save(
        file, save_all=True, append_images=[blank.convert("1"), coarse], dpi=(204, 98), compression="group4"
    )
    assert [(each.page, each.order) for each in read_file(file)] == [(1, NUMBER), (2, ""), (3, NUMBER)]


def another(pdf_of: dict[str, Any]) -> Image.Image:
    """The sheet of another order on paper."""
    made = Typesetter(TEMPLATES, Language.ZH).set(SHEET.paper, pdf_of)
    picture: Image.Image = pypdfium2.PdfDocument(made)[0].render(scale=204 / 72).to_pil().convert("L")
    return picture


def side_by_side(left: Image.Image, right: Image.Image) -> Image.Image:
    both = Image.new("L", (left.width + right.width, left.height), 255)
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    return both


@pytest.mark.parametrize("hidden", [False, True], ids=["clear", "one under specks"])
def test_two_sheets_on_one_page_are_both_read(page: Image.Image, *, hidden: bool) -> None:
    """R31: two sheets copied on one page, or two A5 faxed together; the first code that is read hides no other."""
    second = another({**(SHEET.content or {}), "version": "2"})
    if hidden:
        second = faxed(second.copy(), 3).convert("L").resize(second.size)
    found = read_page(side_by_side(page, second), 4)
    assert [(each.page, each.sheet, each.version) for each in found] == [(4, 1, 1), (4, 2, 2)]
    assert {each.order for each in found} == {NUMBER}


def test_a_picture_on_transparent_ground_is_read_as_on_paper(page: Image.Image, tmp_path: Path) -> None:
    """A sheet that was signed on a tablet: ink on nothing, and black where nothing is."""
    ink = page.point(lambda value: 255 - value)
    for mode, name in (("RGBA", "rgba.png"), ("LA", "la.png"), ("RGBA", "rgba.webp")):
        sheet = Image.new(mode, page.size)
        sheet.putalpha(ink)
        sheet.save(tmp_path / name, lossless=True) if name.endswith("webp") else sheet.save(tmp_path / name)
        assert [each.order for each in read_file(tmp_path / name)] == [NUMBER], name


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"x" * 900])
def test_a_pdf_with_bytes_before_its_head_is_read(pdf: bytes, tmp_path: Path, before: bytes) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(before + pdf)
    assert [each.order for each in read_file(file)] == [NUMBER]


def test_a_pdf_that_begins_too_late_is_told(pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(b"x" * 1100 + pdf)
    with pytest.raises(Refusal, match="HEIC"):
        list(read_file(file))


@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "WEBP"])
def test_photos_of_phones_are_read(page: Image.Image, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"photo.{kind.lower()}"
    page.convert("RGB").save(file, kind, quality=60)
    assert [each.order for each in read_file(file)] == [NUMBER]


def test_the_second_picture_in_a_photo_of_a_phone_is_no_page(page: Image.Image, tmp_path: Path) -> None:
    """A JPEG of today carries how bright a screen shows it as a picture of its own."""
    file = tmp_path / "photo.jpg"
    page.save(file, "MPO", save_all=True, append_images=[page.resize((90, 120))])
    assert [(each.page, each.order) for each in read_file(file)] == [(1, NUMBER)]


def test_a_pale_copy_is_read(page: Image.Image) -> None:
    """Paper and ink differ by 12 of 255 shades."""
    assert read_page(page.point(lambda value: 120 + value * 12 // 255))[0].order == NUMBER


def test_every_page_of_a_long_sheet_tells_which_sheet_it_is(tmp_path: Path) -> None:
    """R31: also a middle page, and also at the coarsest resolution of a fax."""
    content = SHEET.content or {}
    long = {**content, "lines": content["lines"] * 70}
    pdf = Typesetter(TEMPLATES, Language.ZH).set(SHEET.paper, long)
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf)
    pages = list(read_file(file))
    assert len(pages) == 3
    for each in pypdfium2.PdfDocument(pdf):
        page = each.render(scale=204 / 72).to_pil().convert("L")
        coarse = page.resize((page.width, page.height * 98 // 204)).convert("1")
        coarse.info["dpi"] = (204, 98)
        pages += read_page(coarse)
    assert {(each.order, each.version, each.content_hash) for each in pages} == {(NUMBER, 1, HASH)}


def test_another_code_on_the_page_is_not_ours() -> None:
    import segno

    out = io.BytesIO()
    segno.make("https://example.org/20270301").save(out, kind="png", scale=6)
    assert not read_page(Image.open(out))[0].is_read


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken", b"II*\x00"]
)
def test_a_file_that_is_no_picture_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        list(read_file(file))
    assert refused.value.code is Code.MALFORMED_FILE
    assert "file.pdf" in refused.value.words.zh


def test_a_picture_bomb_is_never_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bomb.png"
    Image.new("1", (9000, 9000)).save(file)
    with pytest.raises(Refusal) as refused:
        list(read_file(file))
    assert "million pixels" in refused.value.words.en
    monkeypatch.setattr(scan_reader, "MOST_PAGES", 1)
    pages = tmp_path / "many.tif"
    Image.new("1", (10, 10)).save(pages, save_all=True, append_images=[Image.new("1", (10, 10))])
    with pytest.raises(Refusal) as refused:
        list(read_file(pages))
    assert "more than 1 pages" in refused.value.words.en


def bomb_of_size() -> bytes:
    """A PNG whose head says 20,000 × 20,000 dots: more than the library itself opens."""
    return png(b"IHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0))


def bomb_of_text() -> bytes:
    """A PNG of one dot with a comment of 100 MB."""
    text = b"zTXtComment\x00\x00" + zlib.compress(bytes(100_000_000), 9)
    return png(b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 1, 0, 0, 0, 0), text)


def long_line() -> bytes:
    """A page of one line of dots, longer than any reader of codes takes."""
    out = io.BytesIO()
    Image.new("1", (70_000, 1)).save(out, "PNG")
    return out.getvalue()


def bomb_in_a_pdf() -> bytes:
    """A page of usual size, of one picture of 10,000 × 10,000 dots."""
    dots = zlib.compress(bytes(10_000 * 10_000 // 8), 9)
    drawn = b"q 595 0 0 842 0 0 cm /I Do Q"
    picture = (
        b"/Subtype/Image/Width 10000/Height 10000/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode"
    )
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/XObject%b/Length %d>>stream\n%b\nendstream" % (picture, len(dots), dots),
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
    ]
    objects = b"".join(
        b"%d 0 obj\n%b\nendobj\n" % (number, body) for number, body in enumerate(bodies, start=1)
    )
    return b"%PDF-1.4\n" + objects + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def png(*chunks: bytes) -> bytes:
    data = [b"\x89PNG\r\n\x1a\n"]
    for chunk in (*chunks, b"IDAT" + zlib.compress(b"\0\0"), b"IEND"):
        data += [struct.pack(">I", len(chunk) - 4), chunk, struct.pack(">I", zlib.crc32(chunk))]
    return b"".join(data)


@pytest.mark.parametrize("bomb", [bomb_of_size, bomb_of_text, long_line, bomb_in_a_pdf])
def test_a_bomb_that_the_library_itself_finds_is_refused_like_any_other(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(bomb())
    with pytest.raises(Refusal) as refused:
        list(read_file(file))
    assert refused.value.code is Code.MALFORMED_FILE


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_broken_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    """Whatever stands in it, nothing but a refusal comes out."""
    chance, file = random.Random(7), tmp_path / "broken"
    kinds: list[dict[str, Any]] = [
        {"format": "PNG"}, {"format": "JPEG"}, {"format": "TIFF", "compression": "group4", "dpi": (204, 98)}
    ]  # fmt: skip
    for _ in range(150):
        out = io.BytesIO()
        Image.new("1", (60, 60), 1).save(out, **chance.choice(kinds))
        content = bytearray(out.getvalue())
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.choice((0, 1, 127, 255))
        file.write_bytes(content)
        with suppress(Refusal):
            list(read_file(file))


@pytest.mark.parametrize("dpi", [(10_000, 0.5), (0.5, 10_000), (100_000, 100), (204, 98), (0, 0)])
def test_what_the_head_says_of_its_dots_makes_no_page_larger_than_the_limit(dpi: tuple[float, float]) -> None:
    picture = Image.new("1", (100, 100))
    picture.info["dpi"] = dpi
    for attempt, _ in scan_reader._attempts(picture):
        assert attempt.width * attempt.height <= 4 * 2.1 * picture.width * picture.height


def test_a_page_at_the_limit_is_not_made_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_reader, "MOST_PIXELS", 10_000)
    picture = Image.new("1", (100, 100))
    picture.info["dpi"] = (204, 98)
    assert {attempt.size for attempt, _ in scan_reader._attempts(picture)} == {(100, 100)}


def test_a_file_of_two_hundred_megabytes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.tif"
    with file.open("wb") as out:
        out.truncate(200_000_000)
    with pytest.raises(Refusal) as refused:
        digest_of_file(file)
    assert "200 MB" in refused.value.words.en
