"""From the bytes of a file to its text: by its mark, as UTF-8, or as what Chinese spreadsheet programs still write.

GB18030 and Big5 read almost any bytes: what comes out must read as Chinese, line by line, or the file is refused. So
neither a file in another encoding nor one that mixes two becomes nonsense.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from models.values.vocabulary import Words
from runtime.files.chinese_encodings import BIG5, GB18030, NAMES, reading
from runtime.files.file_refusals import broken_file

MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
"""How a file that begins with a mark is read; the longer marks first."""
_ADVICE = Words(
    "请在表格软件中另存为“CSV UTF-8（逗号分隔）”",
    "save it as “CSV UTF-8 (comma delimited)” in the spreadsheet program",
)
_NOT_BY_ITS_MARK = Words("文件开头标明 {name}，内容却不是", "its mark says {name}, and what follows is not")
_NOT_UNICODE = Words("不是 UTF-8 文本（第 {line} 行）", "it is not UTF-8 text (line {line})")
_NO_MARK = Words(
    "像是没有标记（BOM）的 UTF-16，或不是文本；{advice}",
    "it looks like UTF-16 without its mark, or is no text; {advice}",
).filled(advice=_ADVICE)
_NOTHING_FITS = Words(
    "不是 UTF-8；按 GB18030 或 Big5 也读不成中文，可能是另一种编码；{advice}",
    "it is not UTF-8, and reads as Chinese neither in GB18030 nor in Big5: it may be in another encoding; {advice}",
).filled(advice=_ADVICE)
_MIXED = Words(
    "编码混用：第 {line} 行不像 {name}，别的行是；{advice}",
    "it mixes encodings: line {line} is not {name}, as others are; {advice}",
)
_EITHER = Words(
    "可能是 GB18030，也可能是 Big5，无法断定；{advice}",
    "it may be GB18030 or Big5, which cannot be told; {advice}",
).filled(advice=_ADVICE)
_LOST = Words(
    "第 {line} 行有替换符 \ufffd：文字在以前的转换中已经丢失，请从原文件重新导出",
    "line {line} holds the sign \ufffd: characters were lost in an earlier conversion; export it again from its source",
)
_TAKEN = Words("按 {name} 编码读取", "read as {name}")
_BETWEEN_CELLS = re.compile(rb'[,;\t"\r]')
_HAN = re.compile("[\u4e00-\u9fff]")
_USUAL = 4.0
"""GB18030 is so much likelier beforehand: it is what a spreadsheet program on this side writes."""
_CLEAR, _CLEAR_IN_A_LINE = 3.0, 12.0
"""By how much (natural logarithms) one reading must be likelier than the other."""
_FEWEST = ((20, -9.3), (4, -11.0), (1, -14.0))
"""From so many characters on the mean of one is at least that in a text that is Chinese."""
_FEWEST_IN_A_LINE = ((3, -12.5),)


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file, and which encoding was taken where that had to be found out."""

    text: str
    note: Words | None = None


def unicode_text(path: Path, content: bytes) -> str:
    """The text of a file that must be Unicode: by its mark, else UTF-8. Raises Refusal(malformed_file) with the line."""
    marked = _by_mark(path, content)
    if marked is not None:
        return marked.text
    try:
        return _complete(path, content.decode())
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        reason = _NO_MARK if b"\x00" in content else _NOT_UNICODE.filled(line=line)
        raise broken_file(path, reason) from None


def table_text(path: Path, content: bytes) -> FileText:
    """The text of a table: Unicode, or GB18030 or Big5 where it reads as Chinese. Raises Refusal(malformed_file)."""
    marked = _by_mark(path, content)
    if marked is not None:
        return marked
    if b"\x00" in content:
        raise broken_file(path, _NO_MARK)
    try:
        return FileText(_complete(path, content.decode()))
    except UnicodeDecodeError:
        encoding = _chinese_encoding(path, content)
        return FileText(content.decode(encoding), _TAKEN.filled(name=NAMES[encoding]))


def _by_mark(path: Path, content: bytes) -> FileText | None:
    for mark, encoding, name in MARKS:
        if content.startswith(mark):
            try:
                text = content[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                raise broken_file(path, _NOT_BY_ITS_MARK.filled(name=name)) from None
            if "\x00" in text:
                raise broken_file(path, _NO_MARK)
            return FileText(_complete(path, text), _TAKEN.filled(name=name) if encoding != "utf-8" else None)
    return None


def _complete(path: Path, text: str) -> str:
    place = text.find("\ufffd")
    if place >= 0:
        raise broken_file(path, _LOST.filled(line=text.count("\n", 0, place) + 1))
    return text


def _chinese_encoding(path: Path, content: bytes) -> str:
    """GB18030 or Big5. Raises Refusal where it is neither, either, or more than one."""
    taken = _likeliest(path, content)
    other = BIG5 if taken == GB18030 else GB18030
    for line, text in enumerate(content.split(b"\n"), start=1):
        if not text.isascii() and _is_of_another(text, taken, other):
            raise broken_file(path, _MIXED.filled(line=line, name=NAMES[taken], advice=_ADVICE))
    return taken


def _likeliest(path: Path, content: bytes) -> str:
    simplified, traditional = reading(content, GB18030), reading(content, BIG5)
    if simplified is None and traditional is None:
        # the whole is neither: where one line is to blame, it is named
        raise broken_file(path, _blamed(content) or _NOTHING_FITS)
    if simplified is not None and traditional is not None:
        more = simplified.likelihood + _USUAL - traditional.likelihood
        if abs(more) < _CLEAR:
            raise broken_file(path, _EITHER)
        taken = GB18030 if more > 0 else BIG5
    else:
        taken = GB18030 if simplified is not None else BIG5
    found = simplified if taken == GB18030 else traditional
    if found is None or not _is_chinese(found.of_each, found.length, _FEWEST):
        raise broken_file(path, _blamed(content) or _NOTHING_FITS)
    return taken


def _blamed(content: bytes) -> Words | None:
    lines = [(line, text) for line, text in enumerate(content.split(b"\n"), start=1) if not text.isascii()]
    for encoding in (GB18030, BIG5):
        wrong = [line for line, text in lines if not _reads_as(text, encoding)]
        if wrong and len(wrong) * 2 < len(lines):
            return _MIXED.filled(line=wrong[0], name=NAMES[encoding], advice=_ADVICE)
    return None


def _reads_as(text: bytes, encoding: str) -> bool:
    found = reading(text, encoding)
    return found is not None and _is_chinese(found.of_each, found.length, _FEWEST)


def _is_of_another(line: bytes, taken: str, other: str) -> bool:
    """Whether a line is not in the encoding in which the others are."""
    if any(_is_chinese_utf8(cell) for cell in _BETWEEN_CELLS.split(line)):
        return True
    mine, others = reading(line, taken), reading(line, other)
    if mine is None or not _is_chinese(mine.of_each, mine.length, _FEWEST_IN_A_LINE):
        return True
    return others is not None and others.likelihood - mine.likelihood > _CLEAR_IN_A_LINE


def _is_chinese_utf8(cell: bytes) -> bool:
    try:
        return not cell.isascii() and _HAN.search(cell.decode()) is not None
    except UnicodeDecodeError:
        return False


def _is_chinese(of_each: float, length: int, fewest: tuple[tuple[int, float], ...]) -> bool:
    least = next((mean for count, mean in fewest if length >= count), None)
    return least is None or of_each >= least
