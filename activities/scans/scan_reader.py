"""Sheets that come back as pictures: pages of a file, and which order and version each of them is (R31).

A fax gateway, scanner or phone delivers PDF, TIFF, PNG, JPEG, HEIC, AVIF or WebP: turned, skewed, coarse, several sheets in
one file or on one page. The code on the sheet tells; whether it is rightly signed a person says.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, ImageSequence, UnidentifiedImageError
from pillow_heif import register_heif_opener
from pydantic import BaseModel
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from activities.scans.scan_folder import LARGEST_BYTES
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

MOST_PAGES = 200
MOST_PIXELS = 80_000_000
"""An A4 page at 600 dpi has 35 million; a picture bomb has more than this and is never unpacked."""
_LONGEST_SIDE = 65_535
"""Pixels; whoever looks for codes takes no more."""
register_heif_opener()
_FORMATS = ("TIFF", "PNG", "JPEG", "HEIF", "AVIF", "WEBP")
_PDF_HEAD = b"%PDF-"
_HEAD_WITHIN = 1024
"""A PDF may begin with so many bytes that are none of it (mail gateways, web servers): readers look no further."""
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
"""The library's own limit, which also holds for the tiles of a page, says no at twice as many; its default is higher."""
UNREADABLE = (
    pypdfium2.PdfiumError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    SyntaxError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What the libraries raise for files that are broken, or made to break them."""
_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
_RESOLUTION = 204
"""Dots per inch at which a PDF page is looked at: that of a fine fax."""
_COARSE = (1.5, 2.5)
"""A page whose dots are so many times as high as wide, or as wide as high, is a fax (204×98, 204×391): they are made
square. Any other ratio in the head of a file is not believed."""
_CODE = re.compile(r"^(?P<order>[\w-]{1,40})\|(?P<version>\d{1,4})\|(?P<hash>[0-9a-f]{16})$")

_TOO_LARGE = Words(
    "文件 {file} 有 {size} MB，最多 {most} MB", "the file {file} has {size} MB; at most {most} MB"
)
_NOT_A_PICTURE = Words(
    "文件 {file} 不是能读的 PDF、TIFF、PNG、JPEG、HEIC、AVIF 或 WebP",
    "the file {file} is no readable PDF, TIFF, PNG, JPEG, HEIC, AVIF or WebP",
)
_TOO_MANY = Words("文件 {file} 超过 {most} 页", "the file {file} has more than {most} pages")
_TOO_MANY_DOTS = Words(
    "文件 {file} 第 {page} 页太大（超过 {most} 百万像素，或一边超过 {side} 像素）",
    "page {page} of {file} is too large (more than {most} million pixels, or {side} along a side)",
)


class ScannedPage(BaseModel):
    """One page of a file: the sheet that it is, or nothing that could be read.

    `sheet` counts the sheets that lie on one page side by side, from 1.
    """

    page: int
    sheet: int = 1
    order: str = ""
    version: int = 0
    content_hash: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the code on it could be read."""
        return bool(self.order)


def digest_of_file(path: Path) -> str:
    """SHA-256 of the file: the same file again is the same scan. Raises Refusal(malformed_file) where it is too large."""
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        words = _TOO_LARGE.filled(file=path.name, size=size // 1_000_000, most=LARGEST_BYTES // 1_000_000)
        raise Refusal(Code.MALFORMED_FILE, words, where=str(path))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_file(path: Path) -> Iterator[ScannedPage]:
    """Every sheet on every page of the file. Raises Refusal(malformed_file): no picture, too many pages, too many dots."""
    for number, picture in enumerate(_pages(path), start=1):
        if number > MOST_PAGES:
            raise Refusal(
                Code.MALFORMED_FILE, _TOO_MANY.filled(file=path.name, most=MOST_PAGES), where=str(path)
            )
        yield from read_page(picture, number)


def require_readable(path: Path) -> None:
    """Raises Refusal(malformed_file) for what no reader opens: no picture, too large, too many pages, too many dots."""
    digest_of_file(path)
    for number, _ in enumerate(_pages(path), start=1):
        if number > MOST_PAGES:
            raise Refusal(
                Code.MALFORMED_FILE, _TOO_MANY.filled(file=path.name, most=MOST_PAGES), where=str(path)
            )


def read_page(picture: Image.Image, number: int = 1) -> list[ScannedPage]:
    """The confirmation sheets on a page by their codes, whichever way it was turned; one unread page where there is none.

    Two sheets may lie on one page. Where one was found, the page is looked at in the other cheap ways too: what hides the
    code of one sheet need not hide that of its neighbour.
    """
    found: dict[tuple[str, int, str], None] = {}
    for attempt, cheap in _attempts(picture):
        if found and not cheap:
            break
        for barcode in zxingcpp.read_barcodes(attempt, formats=_CODES):
            code = _CODE.match(barcode.text)
            if code is not None:
                found.setdefault((code["order"], int(code["version"]), code["hash"]))
    if not found:
        return [ScannedPage(page=number)]
    return [
        ScannedPage(page=number, sheet=place, order=order, version=version, content_hash=content_hash)
        for place, (order, version, content_hash) in enumerate(found, start=1)
    ]


def _attempts(picture: Image.Image) -> Iterator[tuple[Image.Image, bool]]:
    """The page as it is, then with what a fax does to it undone; whether to look at it so costs little."""
    grey = picture.convert("L")
    square = _with_square_dots(grey)
    yield square, True
    yield square.filter(ImageFilter.MedianFilter(3)), True
    yield square.filter(ImageFilter.GaussianBlur(1.2)), True
    for larger in _stretched(square, 2, 2):
        yield larger.filter(ImageFilter.GaussianBlur(2)), False
    # a pencil copy of a copy, where paper and ink are nearly one grey
    yield ImageOps.autocontrast(square, cutoff=1), False
    if square is grey:
        # a picture that lost its resolution may still be a coarse fax, lying or standing
        for across, down in ((1, 2), (2, 1)):
            for stretched in _stretched(grey, across, down):
                yield stretched, False


def _with_square_dots(picture: Image.Image) -> Image.Image:
    across, down = _resolution(picture)
    if across <= 0 or down <= 0:
        return picture
    least, most = _COARSE
    if least <= across / down <= most:
        return next(_stretched(picture, 1, across / down), picture)
    if least <= down / across <= most:
        return next(_stretched(picture, down / across, 1), picture)
    return picture


def _resolution(picture: Image.Image) -> tuple[float, float]:
    """Dots per inch as the head of the file tells, which may tell anything; zeros where it tells none."""
    try:
        across, down = (float(each) for each in picture.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ArithmeticError):
        return 0, 0
    return across, down


def _stretched(picture: Image.Image, across: float, down: float) -> Iterator[Image.Image]:
    """The picture so many times as wide and high; nothing where that has too many dots."""
    width, height = round(picture.width * across), round(picture.height * down)
    if _fits(width, height):
        yield picture.resize((width, height))


def _pages(path: Path) -> Iterator[Image.Image]:
    try:
        if (begin := _begin_of_pdf(path)) >= 0:
            yield from _pdf_pages(path, begin)
        else:
            yield from _picture_pages(path)
    except UNREADABLE as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        words = _NOT_A_PICTURE.filled(file=path.name)
        raise Refusal(Code.MALFORMED_FILE, words, where=str(path)) from error


def _begin_of_pdf(path: Path) -> int:
    """At which byte a PDF begins; -1 where the file is none."""
    with path.open("rb") as file:
        return file.read(_HEAD_WITHIN + len(_PDF_HEAD)).find(_PDF_HEAD)


def _pdf_pages(path: Path, begin: int) -> Iterator[Image.Image]:
    # the places that a PDF names count from its own beginning
    source = path if begin == 0 else io.BytesIO(path.read_bytes()[begin:])
    with pypdfium2.PdfDocument(source) as document:
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            scale = _RESOLUTION / 72
            _check_dots(path, number, int(width * scale), int(height * scale))
            for picture in page.get_objects(filter=(FPDF_PAGEOBJ_IMAGE,)):
                _check_dots(path, number, *picture.get_px_size())
            yield page.render(scale=scale, grayscale=True).to_pil()


def _picture_pages(path: Path) -> Iterator[Image.Image]:
    with Image.open(path, formats=_FORMATS) as opened:
        # a phone's JPEG may carry a second picture beside the photo: how bright a screen shows it, or a preview
        pages = [opened] if opened.format == "MPO" else ImageSequence.Iterator(opened)
        for number, page in enumerate(pages, start=1):
            # the size stands in the head of the file: nothing is unpacked before it is known
            _check_dots(path, number, page.width, page.height)
            yield _on_white(page).convert("L")


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture as it looks on paper: what is transparent is white, whatever colour hides beneath."""
    if not picture.has_transparency_data:
        return picture
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture.convert("RGBA"))


def _check_dots(path: Path, number: int, width: int, height: int) -> None:
    if not _fits(width, height):
        words = _TOO_MANY_DOTS.filled(
            file=path.name, page=number, most=MOST_PIXELS // 1_000_000, side=_LONGEST_SIDE
        )
        raise Refusal(Code.MALFORMED_FILE, words, where=str(path))


def _fits(width: int, height: int) -> bool:
    return width * height <= MOST_PIXELS and max(width, height) <= _LONGEST_SIDE


def texts_in(path: Path) -> list[str]:
    """What the codes in a picture or PDF say, each once, whatever they are. Raises Refusal(malformed_file) as `read_file`."""
    found: dict[str, None] = {}
    for number, picture in enumerate(_pages(path), start=1):
        if number > MOST_PAGES:
            raise Refusal(
                Code.MALFORMED_FILE, _TOO_MANY.filled(file=path.name, most=MOST_PAGES), where=str(path)
            )
        for attempt, cheap in _attempts(picture):
            if found and not cheap:
                break
            found |= {code.text: None for code in zxingcpp.read_barcodes(attempt, formats=_CODES)}
            if found:
                break
    return list(found)
