"""YAML and JSON as they are written: no number is another one, no key stands twice, nothing unfolds without end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from models.messages.json_text import NotJson, read_json
from models.values.errors import Refusal
from runtime.files.plain_yaml import MOST_VALUES, read_yaml
from runtime.files.records import read_records


def read(folder: Path, text: str) -> Any:
    file = folder / "a.yaml"
    file.write_text(text)
    return read_yaml(file)


def refused(folder: Path, text: str, name: str = "a.yaml") -> str:
    file = folder / name
    file.write_text(text)
    with pytest.raises(Refusal) as found:
        read_records(file)
    return found.value.words.en


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0500", "0500"), ("0755", "0755"), ("1:30", "1:30"), ("190:20:30", "190:20:30"), ("0x10", "0x10"), ("0b11", "0b11"),
        ("0o17", "0o17"), ("1_200", "1_200"), ("+5", 5), ("-3", -3), ("0", 0), ("1200", 1200), ("12.50", "12.50"), ("1e3", "1e3"),
        (".5", ".5"), (".inf", ".inf"), (".nan", ".nan"), ("NO", "NO"), ("no", "no"), ("yes", "yes"), ("On", "On"), ("y", "y"),
        ("true", True), ("False", False), ("~", None), ("null", None), ("", None), ("2026-01-05", "2026-01-05"), ("=", "="),
        ("09:30", "09:30"), ("9" * 5000, "9" * 5000), ('"5"', "5"), ("!!str 5", "5"), ("!!int 0500", "0500"), ("!!bool yes", "yes"),
    ],
)  # fmt: skip
def test_a_value_is_what_is_written(tmp_path: Path, written: str, value: Any) -> None:
    found = read(tmp_path, f"a: {written}\n")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "tag", ["!!float 1.5", "!!timestamp 2026-01-05", "!!binary aGk=", "!!python/name:os.system", "!x 1"]
)
def test_other_types_are_refused(tmp_path: Path, tag: str) -> None:
    assert "line 1" in refused(tmp_path, f"a: {tag}\n")


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "line 4: the key unit_price stands twice in one group (first on line 2)" in refused(
        tmp_path, "- product: A\n  unit_price: 5\n  unit: roll\n  unit_price: 6\n"
    )
    assert "line 1: the key a" in refused(tmp_path, '{a: 1, "a": 2}')
    assert "a key is a text" in refused(tmp_path, "? [a, b]\n: 1\n")
    assert read(tmp_path, "- {a: 1}\n- {a: 2}\n") == [{"a": 1}, {"a": 2}]


def test_references_unfold_to_a_bounded_size(tmp_path: Path) -> None:
    assert read(tmp_path, "base: &b {unit: roll, packing: 箱}\none: {<<: *b, unit: kg}\n")["one"] == {
        "unit": "kg",
        "packing": "箱",
    }
    begun = time.process_time()
    laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert f"more than {MOST_VALUES} values" in refused(tmp_path, laughs)
    merging = "a: &a {k0: x}\n" + "".join(
        f"{name}: &{name} {{<<: [{','.join(['*' + before] * 20)}]}}\n"
        for before, name in zip("abcde", "bcdef", strict=True)
    )
    assert f"more than {MOST_VALUES} values" in refused(tmp_path, merging)
    assert "more than" in refused(tmp_path, "a: &a [*a]\n")
    assert "more than" in refused(tmp_path, "a: &a {b: &b [*a]}\n")
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 5_000, "- " * 50_000])
def test_what_is_nested_too_deeply_is_refused(tmp_path: Path, text: str) -> None:
    assert "cannot be read" in refused(tmp_path, text)


def test_json_keeps_numbers_as_written_and_takes_nothing_that_is_none() -> None:
    assert read_json('{"a": 12.50, "b": 1E999, "c": 5, "d": 1e-400}') == {
        "a": "12.50",
        "b": "1E999",
        "c": 5,
        "d": "1e-400",
    }
    for text in (
        "NaN",
        "Infinity",
        "[-Infinity]",
        '{"a": NaN}',
        "9" * 5000,
        "[" * 100_000,
        "{",
        "01",
        "",
        "\ufeff{}",
    ):
        with pytest.raises(NotJson):
            read_json(text)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('{"a": 1, "a": 2}', 1, "a"),
        ('{\n "a": {"b": 1},\n "b": [{"a": 1}, {"a": 2}],\n "a": 3}', 4, "a"),
        ('[{"x": "\\"a\\": {,"},\n {"y": 1,\n  "\\u0079": 2}]', 3, "y"),
        ('{"": 1, "": 2}', 1, ""),
        ('{"a": ["b", "b", "b"],\n"c": {"d": "e", "d": "e"}}', 2, "d"),
    ],
)
def test_a_key_twice_in_json_is_refused_with_its_line(tmp_path: Path, text: str, line: int, key: str) -> None:
    with pytest.raises(NotJson) as wrong:
        read_json(text)
    assert wrong.value.words.en == f"line {line}: the key {key} stands twice in one object"
    with pytest.raises(NotJson):
        read_json(text.encode())
    assert f"line {line}: the key {key}" in refused(tmp_path, text, "a.json")


def test_ids_are_looked_at_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '[{"customer": "K1", "contract": {"reference": 2.02701E+14}}, {"lines": [{"product": "A"}, {"product": "1E+15"}]},'
        ' {"customer": "K3", "contract": {"reference": "HT-1", "deposit_percent": "1E+1"}}]'
    )
    found = [record.trouble and record.trouble.where for record in read_records(tmp_path / "a.json")]
    assert found == ["contract.reference", "lines.1.product", None]


def test_marks_and_other_encodings_of_lists(tmp_path: Path) -> None:
    text = "- {a: 红枫}\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / "a.yaml").write_bytes(text.encode(encoding))
        (tmp_path / "a.json").write_bytes('[{"a": "红枫"}]'.encode(encoding))
        assert [read_records(tmp_path / name)[0].values for name in ("a.yaml", "a.json")] == [
            {"a": "红枫"}
        ] * 2
    (tmp_path / "a.yaml").write_bytes(b"- {x: 1}\n" + text.encode("gb18030"))
    with pytest.raises(Refusal) as found:
        read_yaml(tmp_path / "a.yaml")
    assert "not UTF-8 text (line 2)" in found.value.words.en
