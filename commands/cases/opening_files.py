"""Opening quotes and cases from files on the command line: the good ones are opened, each bad one is told with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from commands.company.rights import entered_by_staff
from commands.session import Session, with_client
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Words
from runtime.cases.opening import Opened, Opening

if TYPE_CHECKING:
    from temporalio.client import Client


@dataclass(frozen=True, slots=True)
class OpeningWords:
    """What is said of what was opened. `name` and `together` are the names in an answer for programs."""

    name: str
    together: str
    opened: Words
    known: Words
    """Of one that had been opened before; both know `{number}` and `{request}`."""


@dataclass(frozen=True, slots=True)
class _Bad:
    file: str
    row: int
    refusal: Refusal


def open_from_files(
    current: Session,
    files: Sequence[Path],
    opening: Opening[Any, Any],
    words: OpeningWords,
    *,
    as_json: bool,
) -> None:
    """Open what the files hold. Raises typer.Exit where one was bad, and Refusal where the world cannot."""
    from runtime.files.records import read_file

    opened: list[Opened[Any]] = []
    bad: list[_Bad] = []
    for file in files:
        try:
            records = read_file(file).records
        except Refusal as refusal:
            bad.append(_Bad(str(file), 0, refusal))
            continue
        for record in records:
            try:
                values = entered_by_staff(current.settings, record.sound())
                opened.append(_opened(current, opening, values))
            except Refusal as refusal:
                if refusal.code in OF_THE_WORLD:
                    raise
                bad.append(_Bad(str(file), record.row_of(refusal.where), refusal))
    _report(current, opened, bad, words, as_json=as_json)
    if bad:
        raise typer.Exit(bad[0].refusal.exit_code)


def _opened(current: Session, opening: Opening[Any, Any], values: Any) -> Opened[Any]:
    async def ask(client: Client) -> Opened[Any]:
        return await opening.open(client, current.settings, values)

    return with_client(current, ask)


def _report(
    current: Session, opened: list[Opened[Any]], bad: list[_Bad], words: OpeningWords, *, as_json: bool
) -> None:
    if as_json:
        done = [
            {words.name: each.start.number, "request_id": each.start.request.request_id, "known": each.known}
            for each in opened
        ]
        wrong = [{"file": each.file, "row": each.row, **each.refusal.as_json()} for each in bad]
        current.speech.data({words.together: done, "bad": wrong})
        return
    for each in opened:
        said = words.known if each.known else words.opened
        told = said.filled(number=each.start.number, request=each.start.request.request_id)
        current.speech.say(told.zh, told.en)
    for each_bad in bad:
        refusal = each_bad.refusal
        zh = f"{each_bad.file} {each_bad.row} [{refusal.where}] {refusal.code.value}:{refusal.words.zh}"
        en = f"{each_bad.file} {each_bad.row} [{refusal.where}] {refusal.code.value}: {refusal.words.en}"
        current.speech.errors.print(current.speech.words(zh, en), style="red", markup=False)
