"""What is to be said of how a file was read: hidden rows, another encoding, sheets that were left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.speaking import Speech
from models.values.vocabulary import Words
from runtime.files.records import Reading


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was seen while reading a file; `row` is 0 where it concerns all of it."""

    file: Path
    row: int
    words: Words

    def as_json(self) -> dict[str, Any]:
        """File, row and text in both languages."""
        return {"file": str(self.file), "row": self.row, "zh": self.words.zh, "en": self.words.en}


def remarks_of(file: Path, reading: Reading) -> list[Remark]:
    """All that is to be said of one file."""
    return [Remark(file, row, words) for row, words in reading.remarks()]


def say_remarks(speech: Speech, remarks: list[Remark]) -> None:
    """Beside the result, so that a program reading the result is not disturbed."""
    for each in remarks:
        row_zh, row_en = (f" 第 {each.row} 行", f" row {each.row}") if each.row else ("", "")
        text = speech.words(f"{each.file}{row_zh}:{each.words.zh}", f"{each.file}{row_en}: {each.words.en}")
        speech.errors.print(text, style="yellow", markup=False)
