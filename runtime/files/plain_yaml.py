"""YAML as people mean it: numbers are what is written, a key stands once, and references unfold to a bounded size.

YAML 1.1 makes 320 of 0500, 90 of 1:30, 16 of 0x10 and false of NO. Here a whole number without leading noughts is a
number, true, false and null are what they are, and everything else is the text that was written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from models.values.vocabulary import Words
from runtime.files.encodings import unicode_text
from runtime.files.file_refusals import broken_file

MOST_VALUES = 500_000
"""Values that a file may hold with every reference written out; ten thousand orders have about 300,000."""
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})$")
_TRUTH = re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")
_NOTHING = re.compile(r"(?:~|null|Null|NULL|)$")
_MERGE = "tag:yaml.org,2002:merge"
_TWICE = Words(
    "第 {line} 行：键 {key} 在同一组里出现两次（前一次在第 {first} 行）",
    "line {line}: the key {key} stands twice in one group (first on line {first})",
)
_TOO_MUCH = Words(
    "引用展开后超过 {most} 个值", "with its references written out it has more than {most} values"
)
_NO_TEXT_KEY = Words("第 {line} 行：键应为文字", "line {line}: a key is a text")


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # ten times as fast, where there is one
    """YAML where only true, false, null and plain whole numbers have a type of their own."""

    def get_single_node(self) -> Node | None:
        """The whole text, after its size and its keys have been looked at."""
        root: Node | None = super().get_single_node()
        if root is not None:
            _measure(root)
        return root


class WrittenLoader(PlainLoader):
    """The same for lists that people hand in, where a number is a text as in a table: the number of a product, a telephone."""


class _Unwanted(yaml.YAMLError):
    """Well written, and not taken."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def read_yaml(path: Path, loader: type[PlainLoader] = PlainLoader) -> Any:
    """What a YAML file holds. Raises Refusal(malformed_file) with the line where it cannot be read."""
    try:
        return yaml.load(unicode_text(path, path.read_bytes()), loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        reason = Words("没有这个文件", "there is no such file")
    except IsADirectoryError:
        reason = Words("这是一个目录", "this is a folder")
    except OSError as unread:
        reason = Words(str(unread), str(unread))
    except RecursionError:
        reason = Words("嵌套过深", "nested too deeply")
    except _Unwanted as unwanted:
        reason = unwanted.words
    except yaml.YAMLError as broken:
        text = " ".join(str(broken).split())
        reason = Words(text, text)
    raise broken_file(path, reason)


def _measure(root: Node) -> None:
    """Each node once, however often it is referred to; what it comes to is reckoned with every reference."""
    sizes: dict[int, int] = {}
    unfinished: set[int] = set()
    todo: list[tuple[Node, bool]] = [(root, False)]
    while todo:
        node, seen = todo.pop()
        if id(node) in sizes:
            continue
        parts = _parts(node)
        if not seen and parts:
            unfinished.add(id(node))
            todo.append((node, True))
            if any(id(part) in unfinished for part in parts):
                raise _Unwanted(_TOO_MUCH.filled(most=MOST_VALUES))  # it holds itself: there is no end
            todo.extend((part, False) for part in parts)
            continue
        if isinstance(node, MappingNode):
            _each_key_once(node)
        unfinished.discard(id(node))
        size = sizes[id(node)] = 1 + sum(sizes[id(part)] for part in parts)
        if size > MOST_VALUES:
            raise _Unwanted(_TOO_MUCH.filled(most=MOST_VALUES))


def _parts(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _each_key_once(node: MappingNode) -> None:
    known: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise _Unwanted(_NO_TEXT_KEY.filled(line=line))
        if key.value in known:
            raise _Unwanted(_TWICE.filled(line=line, key=key.value[:60], first=known[key.value]))
        known[key.value] = line


def _truth(loader: Any, node: ScalarNode) -> bool | str:
    text: str = loader.construct_scalar(node)
    return text.lower() == "true" if _TRUTH.match(text) else text


def _number(loader: Any, node: ScalarNode) -> int | str:
    text: str = loader.construct_scalar(node)
    return int(text) if _NUMBER.match(text) else text


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, pattern, first in (
        ("tag:yaml.org,2002:int", _NUMBER, "-+0123456789"),
        ("tag:yaml.org,2002:bool", _TRUTH, "tTfF"),
        ("tag:yaml.org,2002:null", _NOTHING, ["~", "n", "N", ""]),
        (_MERGE, re.compile(r"<<$"), "<"),
    ):
        for sign in first:
            found.setdefault(sign, []).append((tag, pattern))
    return found


def _constructors() -> dict[str | None, Any]:
    kept = ("null", "str", "seq", "map")
    known: dict[str | None, Any] = {
        f"tag:yaml.org,2002:{name}": yaml.SafeLoader.yaml_constructors[f"tag:yaml.org,2002:{name}"]
        for name in kept
    }
    return {
        **known,
        "tag:yaml.org,2002:int": _number,
        "tag:yaml.org,2002:bool": _truth,
        None: yaml.SafeLoader.yaml_constructors[None],
    }


PlainLoader.yaml_implicit_resolvers = _resolvers()
PlainLoader.yaml_constructors = _constructors()
WrittenLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if pattern is not _NUMBER]
    for first, resolvers in PlainLoader.yaml_implicit_resolvers.items()
}
