"""Papers set in type: templates that a company can change, one font that shows every sign, the same bytes each time."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import segno
import typst
import zxingcpp

from activities.documents.font_signs import font_file, missing_signs
from models.documents.paper_codes import code_of_label, code_of_paper
from models.dossier.papers_due import Paper
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language, Words

_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""The date inside the file: fixed, so that the same paper is the same bytes. The paper itself says when it was made."""
_HASH_SIGNS = 16
_PLACE = re.compile(r"(?P<file>[^/\\\s]+\.typ):(?P<line>\d+):\d+")
_NO_TEMPLATE = Words(
    "没有模板 {file}。模板在 {folder}", "There is no template {file}; templates stand in {folder}"
)
_BAD_TEMPLATE = Words("模板 {file} 有错:{error}", "The template {file} has an error: {error}")
_NO_SIGN = Words(
    "字体中没有这些字:{signs}。请改用别的写法", "No font has these signs: {signs}; write them differently"
)
_NO_SIGN_IN_TEMPLATE = Words(
    "模板 {file} 里有字体中没有的字:{signs}。请改用别的写法",
    "The template {file} has signs that no font has: {signs}; write them differently",
)
_NOT_UTF8 = Words(
    "模板 {file} 第 {line} 行不是 UTF-8 编码。请另存为 UTF-8",
    "The template {file} is not UTF-8 (line {line}); save it as UTF-8",
)
_REMARK = re.compile(r"(?:^|(?<=\s))//[^\n]*|/\*.*?\*/", re.DOTALL)
_JOINING = "\u200d\ufe0f"
"""Between the parts of one emoji, and after it."""
_NAMED = re.compile(r'"([^"\n]+\.typ)"')
"""Another template that one names to take from it."""


class Typesetter:
    """Sets papers by the templates of a folder, in one language."""

    def __init__(self, templates: Path, language: Language) -> None:
        self._templates = templates
        self._language = language
        self._fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_file().parent)])
        self._lock = threading.Lock()

    def set(self, paper: Paper, content: dict[str, Any], link: str = "") -> bytes:
        """The paper as PDF; `link` is where its customer reads on, and stands on it with a code.

        Raises Refusal: not_set_up (no template), malformed_file (its error, with file and line), malformed (signs
        that no font has).
        """
        return self._compile(paper.value, content, "pdf", link=link)

    def set_by(self, template: str, content: dict[str, Any]) -> bytes:
        """A page that is no paper of an order, by the name of its template, as PDF. Raises as `set`."""
        return self._compile(template, content, "pdf")

    def picture(self, paper: Paper, content: dict[str, Any], resolution: float = 100) -> bytes:
        """The paper's pages as one PNG, to be looked at. Raises as `set`."""
        return self._compile(paper.value, content, "png", resolution)

    def _compile(
        self,
        name: str,
        content: dict[str, Any],
        form: Literal["pdf", "png"],
        resolution: float | None = None,
        link: str = "",
    ) -> bytes:
        template = self._templates / f"{name}.typ"
        paper = next((each for each in Paper if each.value == name), None)
        if not template.exists():
            words = _NO_TEMPLATE.filled(file=template.name, folder=self._templates)
            raise Refusal(Code.NOT_SET_UP, words, where=str(template))
        if "words" in content:
            content = {**content, "words": _with_named_signs(content["words"])}
        _check_signs(content)
        for path, text in _read_with_named(template).items():
            _check_signs_of_template(path, text)
        inputs = {
            "data": json.dumps(content, ensure_ascii=False),
            "language": self._language.value,
            "code": code_of(content),
            "bars": bars_of(content) if content.get("content_hash") else "",
            "link": link,
            "link_code": link_code_of(link),
            "paper_code": drawn_code(code_of_paper(paper, content)) if paper is not None else "",
            "label_codes": json.dumps(_codes_of_labels(content)),
        }
        try:
            # One compiler at a time: it is fast, and its cache is not made for several.
            with self._lock:
                made: Any = typst.compile(
                    str(template),
                    root=str(self._templates),
                    font_paths=self._fonts,
                    sys_inputs=inputs,
                    format=form,
                    ppi=resolution,
                    timestamp=_WRITTEN,
                )
        except typst.TypstError as error:
            words = _BAD_TEMPLATE.filled(file=template.name, error=_told(error))
            raise Refusal(Code.MALFORMED_FILE, words, where=str(template)) from error
        # of a PNG with several pages the first
        return bytes(made[0] if isinstance(made, list) else made)


def code_of(content: dict[str, Any]) -> str:
    """The QR code of a paper as SVG: order number, version, first signs of the content hash (R30)."""
    return segno.make(_coded(content), error="m", micro=False).svg_inline(border=0)


def link_code_of(link: str) -> str:
    """The QR code of a link as SVG: whoever reads sheets knows it for none of theirs. Empty for no link."""
    return segno.make(link, error="m", micro=False).svg_inline(border=0) if link else ""


def bars_of(content: dict[str, Any]) -> str:
    """The same as a bar code (Code 128) in SVG: it outlives a fold or a stamp on the other."""
    made = zxingcpp.create_barcode(_coded(content), zxingcpp.BarcodeFormat.Code128)
    return str(made.to_svg(add_hrt=False, add_quiet_zones=False))


def drawn_code(text: str) -> str:
    """A code as QR in SVG; nothing for an empty one."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0) if text else ""


def _codes_of_labels(content: dict[str, Any]) -> list[str]:
    number = str(content.get("number", ""))
    return [
        drawn_code(code_of_label(number, each.get("line", ""), each.get("lot", "")))
        for each in content.get("labels", ())
    ]


def _coded(content: dict[str, Any]) -> str:
    parts = [content["number"], content.get("version", ""), content.get("content_hash", "")[:_HASH_SIGNS]]
    return "|".join(parts)


def _with_named_signs(said: str) -> str:
    """What a customer said, with each sign that no font has called by its name: nobody can have them say it anew (R11)."""
    return "".join(_named(sign) if missing_signs(sign) else sign for sign in said)


def _named(sign: str) -> str:
    """`［GRINNING FACE U+1F600］`; what only joins or colours the sign before it is left out."""
    if sign in _JOINING:
        return ""
    name = f"{unicodedata.name(sign, '')} U+{ord(sign):04X}"
    return f"［{name.strip()}］"


def _check_signs(content: object) -> None:
    if missing := missing_signs(json.dumps(content, ensure_ascii=False)):
        raise Refusal(Code.MALFORMED, _NO_SIGN.filled(signs=missing), where="content")


def _check_signs_of_template(template: Path, text: str) -> None:
    if missing := missing_signs(_REMARK.sub("", text)):
        words = _NO_SIGN_IN_TEMPLATE.filled(file=template.name, signs=missing)
        raise Refusal(Code.MALFORMED_FILE, words, where=str(template))


def _read_with_named(template: Path) -> dict[Path, str]:
    """The text of a template and of those it takes from. One that is not there is told of by the compiler."""
    found: dict[Path, str] = {}
    waiting = [template]
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        content = path.read_bytes()
        try:
            found[path] = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            words = _NOT_UTF8.filled(file=path.name, line=line)
            raise Refusal(Code.MALFORMED_FILE, words, where=str(path)) from error
        waiting += [path.parent / name for name in _NAMED.findall(found[path])]
    return found


def _told(error: typst.TypstError) -> str:
    """What the compiler says, with file and line where it went wrong."""
    place = _PLACE.search(str(getattr(error, "diagnostic", "")))
    where = f"{place['file']} 第 {place['line']} 行 · line {place['line']}: " if place else ""
    return where + " ".join(str(error.message).split())[:400]
