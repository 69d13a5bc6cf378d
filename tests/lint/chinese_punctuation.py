"""Chinese texts have Chinese punctuation: which texts of the program do not, and `--mend`, which puts them right.

A sign counts where it stands beside a Chinese one, or between what is filled in in a text that is Chinese. What people
type may be written either way and is not looked at; neither are comments and docstrings.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.writing.punctuation import full_width

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "activities", "books", "commands", "gateway", "models", "rehearsal", "runtime", "webhooks", "workflows",
    "starter.py", "worker.py",
)  # fmt: skip
"""Where the texts of the program stand."""
TEXT_FILES = (
    "templates/notices/*.zh.txt",
    "gateway/templates/**/*.html",
    "gateway/static/**/*.js",
    "templates/documents/*.typ",
)
EXCEPTIONS = {
    "models/chat": "messages of a chat are read as people write them, with either punctuation",
    "models/writing": "what people write is read as they write it, with either punctuation",
    "runtime/files": "names of columns in files stand as companies write them",
}
"""Rooms whose plain texts are not for reading but for being recognised; what they say to people is looked at all the same."""

FROZEN = frozenset(
    {
        "订单库与流程的记录不一致,已按流程重写,请核对",
        "第{line}行预计 {finish} 完工,晚于预交日 {limit}",
        "小额预付订单须于 {limit} 前发货,现预计 {finish}",
        "预计完工已提前,交期可以保证",
        "发货单 {shipment.shipment} {condition.zh},{business_date(at)}:{goods.zh}",
        "发货单 {shipment.shipment} 召回短少:{goods.zh}",
        "预计 {expected} 到货,晚于要货日期 {wanted}",
        "第{line}行报完工,产出 {made},少于容差下限 {least},请生产部核实",
        "未下达生产指令(确认书、定金或三方确认未齐)即报第 {line} 行有货,待放行后计入",
        "(第{line}行)",
        "{joint.clerk} 对{joint.what.zh}有异议:{content.words}",
    }
)
"""Words that open orders keep as a part of what they are: the same life keeps the same words. Pages and notices show them
in full width (`models.writing.punctuation`)."""
_SPOKEN = {"Words", "InvalidValue", "contradiction", "say", "aside", "title", "words"}
"""What is called with the Chinese text first."""
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_STRING = re.compile(r"^([A-Za-z]*)(\"\"\"|'''|\"|')(.*)\2$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text that is not as it should be, and how it should be."""

    file: Path
    line: int
    text: str
    right: str


def _chinese_first(tree: ast.AST) -> set[tuple[int, int]]:
    """Where the texts begin that are known to be Chinese, though all their words may be filled in."""
    return {
        (node.args[0].lineno, node.args[0].col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and len(node.args) >= 2 and _name(node.func) == "Words"
    }


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _spoken(tree: ast.AST) -> set[tuple[int, int]]:
    """Where texts begin that are said to people by what they are called with."""
    return {
        (each.lineno, each.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in _SPOKEN
        for argument in node.args
        for each in ast.walk(argument)
        if isinstance(each, ast.Constant | ast.JoinedStr)
    }


def _docstrings(tree: ast.AST) -> set[int]:
    """The lines on which bare texts begin: docstrings, and the words beneath a field."""
    return {
        node.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _commands(file: Path, tree: ast.AST) -> set[int]:
    """Docstrings that the command line shows as its help."""
    if "commands" not in file.parts and file.name not in ("starter.py", "worker.py"):
        return set()
    return {
        node.body[0].lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }


def mended(file: Path, source: str) -> tuple[str, list[Wrong]]:
    """The source with its texts put right, and what was wrong."""
    if file.suffix != ".py":
        lines = source.split("\n")
        quoted = file.suffix != ".txt"
        mended_lines = [
            _QUOTED.sub(lambda each: full_width(each[0]), line) if quoted else full_width(line)
            for line in lines
        ]
        wrong = [
            Wrong(file, n, a, b)
            for n, (a, b) in enumerate(zip(lines, mended_lines, strict=True), 1)
            if a != b
        ]
        return "\n".join(mended_lines), wrong
    tree = ast.parse(source)
    first, docs = _chinese_first(tree), _docstrings(tree) - _commands(file, tree)
    spoken = (
        _spoken(tree) if any(str(file.relative_to(ROOT)).startswith(room) for room in EXCEPTIONS) else None
    )
    lines = source.splitlines(keepends=True)
    found: list[Wrong] = []
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(source).readline))):
        if token.type != tokenize.STRING or token.start[0] in docs:
            continue
        place = (token.start[0], len(lines[token.start[0] - 1][: token.start[1]].encode()))
        if spoken is not None and place not in spoken and place not in first:
            continue
        taken = _STRING.match(token.string)
        if taken is None or "r" in taken[1].lower() or "b" in taken[1].lower() or taken[3] in FROZEN:
            continue
        right = full_width(taken[3], is_chinese=place in first)
        if right == taken[3]:
            continue
        found.append(Wrong(file, token.start[0], taken[3], right))
        _replace(lines, token, f"{taken[1]}{taken[2]}{right}{taken[2]}")
    return "".join(lines), found[::-1]


def _replace(lines: list[str], token: tokenize.TokenInfo, text: str) -> None:
    (first, start), (last, end) = token.start, token.end
    before, after = lines[first - 1][:start], lines[last - 1][end:]
    lines[first - 1 : last] = [before + text + after]


def files() -> Iterator[Path]:
    """Every file in which texts stand."""
    for room in ROOMS:
        path = ROOT / room
        yield from [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))
    for pattern in TEXT_FILES:
        yield from sorted(each for each in ROOT.glob(pattern) if ".min." not in each.name)


def wrong_texts(*, mend: bool = False) -> list[Wrong]:
    """All texts that are not as they should be; they are put right if asked."""
    found: list[Wrong] = []
    for file in files():
        source = file.read_text(encoding="utf-8")
        right, wrong = mended(file, source)
        found += wrong
        if mend and wrong:
            file.write_text(right, encoding="utf-8")
    return found


if __name__ == "__main__":
    for each in wrong_texts(mend="--mend" in sys.argv):
        sys.stdout.write(
            f"{each.file.relative_to(ROOT)}:{each.line}: {each.text[:90]!r} → {each.right[:90]!r}\n"
        )
