"""The parts of an XLSX file: an archive of XML, each looked at in pieces and no further than its limit."""

from __future__ import annotations

import re
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
from runtime.files.number_formats import BUILT_IN, NumberFormat, number_format

MOST_UNPACKED = 100_000_000
"""Bytes of all parts together, as they unpack; those that the archive says and those that come."""
MOST_PARTS = 2_000
_PIECE = 65_536
_TOO_BIG = Words(
    "展开后过大,最多 {most} MB、{parts} 个部分",
    "unpacked it is too large: at most {most} MB in {parts} parts",
).filled(most=MOST_UNPACKED // 1_000_000, parts=MOST_PARTS)
_NOT_XLSX = Words(
    "不是 XLSX(旧的 XLS、加密或损坏的文件请先另存为 XLSX)",
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


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """The archive, whose parts are of bearable size. Raises Refusal(malformed_file) for whatever turns out to be wrong."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UnsoundWorkbook(_TOO_BIG)
            yield archive
    except UnsoundWorkbook as unsound:
        raise broken_file(path, unsound.words) from None
    except (BadZipFile, KeyError, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise broken_file(path, _NOT_XLSX) from None


def sheets_of(archive: ZipFile) -> list[SheetPart]:
    """The work sheets in their order; no charts. Raises UnsoundWorkbook."""
    targets: dict[str, str] = {}

    def relation(name: str, given: Attributes) -> None:
        if name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            targets[given.get("Id", "")] = given.get("Target", "")

    found: list[SheetPart] = []

    def sheet(name: str, given: Attributes) -> None:
        if name != "sheet":
            return
        target = targets.get(given.get("id", ""))
        if target is not None:
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found.append(SheetPart(given.get("name", ""), part, given.get("state", "visible") != "visible"))

    parse(archive, "xl/_rels/workbook.xml.rels", relation)
    parse(archive, "xl/workbook.xml", sheet)
    return found


def formats_of(archive: ZipFile) -> list[NumberFormat]:
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

    if "xl/styles.xml" in archive.namelist():
        parse(archive, "xl/styles.xml", begun, ended)
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
        begun(local[name], {local[key]: value for key, value in given.items()})

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
