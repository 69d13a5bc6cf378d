"""The parts of an XLSX file: an archive of XML, each looked at in pieces and no further than its limit."""

from __future__ import annotations

import posixpath
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from models.values.vocabulary import Words
from runtime.files.file_refusals import broken_file
from runtime.files.xlsx.number_formats import BUILT_IN, NumberFormat, number_format

MOST_UNPACKED = 100_000_000
"""Bytes of all parts together, as they unpack; those that the archive says and those that come."""
MOST_PARTS = 2_000
_PIECE = 65_536
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TOO_BIG = Words(
    "展开后过大，最多 {most} MB、{parts} 个部分",
    "unpacked it is too large: at most {most} MB in {parts} parts",
).filled(most=MOST_UNPACKED // 1_000_000, parts=MOST_PARTS)
_NOT_XLSX = Words(
    "不是 XLSX（旧的 XLS、加密或损坏的文件请先另存为 XLSX）",
    "it is not XLSX; save an old XLS, a protected or a damaged file as XLSX first",
)
_WITH_DOCTYPE = Words("XML 里不得有 DOCTYPE", "its XML holds a DOCTYPE")
_BROKEN_XML = Words("{part} 不是完好的 XML:{reason}", "{part} is not sound XML: {reason}")

Attributes = dict[str, str]


class UnsoundWorkbook(Exception):
    """Something in the archive is not as it must be; `words` say what."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet of a workbook, in its order."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The parts of a workbook that matter; those that it does not have are None."""

    sheets: list[SheetPart]
    styles: str | None
    texts: str | None
    from_1904: bool
    """Its days are counted from 1904, as on an old Macintosh."""


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """The archive, whose parts are of bearable size. Raises Refusal(malformed_file) for whatever turns out to be wrong."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if len({part.filename for part in parts}) < len(parts):
                raise UnsoundWorkbook(_NOT_XLSX)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UnsoundWorkbook(_TOO_BIG)
            yield archive
    except UnsoundWorkbook as unsound:
        raise broken_file(path, unsound.words) from None
    except (
        BadZipFile,
        KeyError,
        ValueError,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ):
        raise broken_file(path, _NOT_XLSX) from None


def book_in(archive: ZipFile) -> Book:
    """Which parts the workbook has. Raises UnsoundWorkbook."""
    (main,) = _related(archive, "").get("officeDocument", {"": "xl/workbook.xml"}).values()
    related = _related(archive, main)
    sheets: list[SheetPart] = []
    from_1904 = False

    def begun(name: str, given: Attributes) -> None:
        nonlocal from_1904
        if name == "workbookPr":
            from_1904 = given.get("date1904") in ("1", "true")
        part = related.get("worksheet", {}).get(given.get("id", "")) if name == "sheet" else None
        if part is not None:
            sheets.append(SheetPart(given.get("name", ""), part, given.get("state", "visible") != "visible"))

    parse(archive, main, begun)
    known = archive.namelist()
    styles, texts = (
        next((part for part in related.get(kind, {}).values() if part in known), None)
        for kind in ("styles", "sharedStrings")
    )
    return Book(sheets, styles, texts, from_1904)


def _related(archive: ZipFile, part: str) -> dict[str, dict[str, str]]:
    """The parts that a part names, by kind and by the id under which it names them."""
    folder, _, name = part.rpartition("/")
    found: dict[str, dict[str, str]] = {}

    def begun(element: str, given: Attributes) -> None:
        if element == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
            found.setdefault(given.get("Type", "").rpartition("/")[2], {})[given.get("Id", "")] = target

    parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"), begun)
    return found


def alone(archive: ZipFile, book: Book, sheet: SheetPart) -> IO[bytes]:
    """A workbook of this one sheet, so that a reader finds exactly what was looked through, and nothing else.

    Styles and texts have their usual names: some readers look for these and for no relation.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is handed on, and closed by who reads it
    parts = {
        "sheet.xml": ("worksheet", sheet.part),
        "styles.xml": ("styles", book.styles),
        "sharedStrings.xml": ("sharedStrings", book.texts),
    }
    with ZipFile(file, "w") as written:
        relations = ""
        for name, (kind, part) in parts.items():
            if part is not None:
                relations += f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
                with archive.open(part) as source, written.open(f"xl/{name}", "w") as target:
                    for piece in _pieces(source):
                        target.write(piece)
        root = f'<Relationship Id="book" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        written.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}">{root}</Relationships>')
        written.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'
        )
        written.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(book.from_1904)}"/>'
            '<sheets><sheet name="1" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        )
    file.seek(0)
    return file


def formats_of(archive: ZipFile, book: Book) -> list[NumberFormat]:
    """How numbers are shown, by the number of a cell's style. Raises UnsoundWorkbook."""
    codes: dict[str, str] = {}
    styles: list[str] = []
    inside = False

    def begun(name: str, given: Attributes) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            styles.append(given.get("numFmtId", "0"))

    def ended(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    if book.styles is not None:
        parse(archive, book.styles, begun, ended)
    return [number_format(codes.get(style) or BUILT_IN.get(style, "General")) for style in styles]


def parse(
    archive: ZipFile,
    part: str,
    begun: Callable[[str, Attributes], None],
    ended: Callable[[str], None] = lambda name: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Go through one part in pieces. Names come without their prefix. Raises UnsoundWorkbook, and KeyError without it."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local = _Local()

    def start(name: str, given: Attributes) -> None:
        prefixed = {local[key]: value for key, value in given.items() if ":" in key}
        begun(local[name], {**prefixed, **given} if prefixed else given)

    def end(name: str) -> None:
        ended(local[name])

    def no_doctype(*_: object) -> None:
        raise UnsoundWorkbook(_WITH_DOCTYPE)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = no_doctype
    if text is not None:
        parser.CharacterDataHandler = text
    size = 0
    try:
        with archive.open(part) as stream:
            for piece in _pieces(stream):
                size += len(piece)
                if size > MOST_UNPACKED:
                    raise UnsoundWorkbook(_TOO_BIG)
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as broken:
        raise UnsoundWorkbook(_BROKEN_XML.filled(part=part, reason=broken)) from None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


class _Local(dict[str, str]):
    """Names without their prefix, each worked out once."""

    def __missing__(self, name: str) -> str:
        plain = self[name] = re.sub(r"^.*:", "", name)
        return plain
