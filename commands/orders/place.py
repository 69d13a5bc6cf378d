"""`place`: orders from JSON, YAML, CSV or XLSX; what is bad is reported by file, row and field, the rest is placed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from commands.company.rights import entered_by_staff
from commands.remarks import Remark, remarks_of, say_remarks
from commands.session import FilesArgument, JsonOption, Session, session
from models.values.errors import Refusal
from models.writing.phone_numbers import doubts_json, phone_doubts
from models.writing.written_numbers import Manner
from runtime.delivery.placing import Opened, begin_order, number_request, read_request
from runtime.files.order_files import WORLD, read_orders
from runtime.files.records import Record
from runtime.refusals import is_silent

if TYPE_CHECKING:
    from temporalio.client import Client

_MOST_SILENT = 3
"""After so many orders that met the same silence the others are not tried any more."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that could not be placed. `number`: the order it became all the same, which could not begin yet."""

    record: Record
    refusal: Refusal
    number: str = ""

    @property
    def row(self) -> int:
        """The row where it stands."""
        return self.record.row_of(self.refusal.where)

    def as_json(self) -> dict[str, Any]:
        """File, row, field and reason; the order, where it has a number."""
        order = {"order": self.number} if self.number else {}
        return {"file": str(self.record.file), "row": self.row, **order, **self.refusal.as_json()}


@dataclass(slots=True)
class Outcome:
    """What became of the files."""

    placed: list[Opened] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    """What is to be said of how the files were read."""
    untried: int = 0
    """Orders that nobody tried: what stopped the last ones would have stopped these."""

    @property
    def exit_code(self) -> int:
        """That of the first trouble of the world, else of the first bad order, else 0."""
        world = [bad for bad in self.bad if bad.refusal.code in WORLD]
        return next((bad.refusal.exit_code for bad in (*world, *self.bad)), 0)


def place(files: FilesArgument, as_json: JsonOption = False) -> None:
    """下单：一个或多个文件（JSON、YAML、CSV、XLSX） · place orders from files.

    starter.py place order.json | starter.py place orders.csv orders.xlsx

    同一 request_id 再下一次还是同一张订单。表格里一行一个产品行，同一 request_id 的行合成一张订单。
    坏的行按 文件、行、字段、原因 报告，好的照下；一张订单只要有一行不对，整张等改正。订单格式：starter.py schema order
    """
    current = session(as_json=as_json)
    records: list[Record] = []
    outcome = Outcome()
    for file in files:
        try:
            found = read_orders(file)
            records += found.records
            outcome.remarks += remarks_of(file, found)
        except Refusal as refusal:
            outcome.bad.append(Bad(Record(file, 0, None), refusal))
    if records:
        asyncio.run(_place_all(current, records, outcome))
    _report(current, outcome, as_json=as_json)
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)


async def _place_all(current: Session, records: list[Record], outcome: Outcome) -> None:
    """One after the other, so that numbers follow the file. Nothing that befalls one order hides what became of the rest."""
    from activities.store.faults import named_faults
    from runtime.connection import connect

    client: Client | None = None
    silent = 0
    for place, record in enumerate(records):
        number = ""
        try:
            with named_faults(f"{record.file} {record.row}"):
                client = client or await connect(current.settings)
                request = read_request(entered_by_staff(current.settings, record.sound()), Manner.TYPED)
                opened = await number_request(current.settings, request)
                number = opened.start.number
                opened = await begin_order(client, current.settings, opened)
        except Refusal as refusal:
            if client is None and not outcome.bad:
                raise
            outcome.bad.append(Bad(record, refusal, number))
            silent = silent + 1 if is_silent(refusal) else 0
        else:
            outcome.placed.append(opened)
            silent = 0
        if silent >= (_MOST_SILENT if client is not None else 1):
            outcome.untried = len(records) - place - 1
            return


def _report(current: Session, outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        orders = [
            {
                "order": each.start.number,
                "request_id": each.start.request.request_id,
                "known": each.known,
                **doubts_json(each.start.request),
            }
            for each in outcome.placed
        ]
        bad = [each.as_json() for each in outcome.bad]
        notes = [each.as_json() for each in outcome.remarks]
        current.speech.data({"placed": orders, "bad": bad, "untried": outcome.untried, "notes": notes})
        return
    say_remarks(current.speech, outcome.remarks)
    for each in outcome.placed:
        number, request = each.start.number, each.start.request
        if each.known:
            current.speech.say(
                f"{number} 已有（{request.request_id}）", f"{number} was placed before ({request.request_id})"
            )
        else:
            current.speech.say(
                f"{number} 已受理（{request.request_id}）", f"{number} placed ({request.request_id})"
            )
        for doubt in phone_doubts(request).values():
            current.speech.aside(f"{number} 请核对：{doubt.zh}", f"{number} look at this: {doubt.en}")
    for wrong in outcome.bad:
        _say_bad(current.speech.errors.print, current.speech.words, wrong)
    if outcome.bad:
        _sum_up(current, outcome)


def _sum_up(current: Session, outcome: Outcome) -> None:
    """The last line of a run in which something went wrong: how many of each, and what to do."""
    placed, bad, untried = len(outcome.placed), len(outcome.bad), outcome.untried
    zh, en = f"已下单 {placed} 张，未成 {bad} 张", f"{placed} placed, {bad} not"
    if untried:
        zh, en = f"{zh}，未试 {untried} 张", f"{en}, {untried} not tried"
    if any(each.refusal.code in WORLD for each in outcome.bad):
        zh, en = f"{zh}；恢复后再下一次同一文件即可", f"{en}; place the same file again when it is back"
    current.speech.aside(zh, en)


def _say_bad(write: Any, words: Any, bad: Bad) -> None:
    refusal, record = bad.refusal, bad.record
    row_zh, row_en = (f" 第 {bad.row} 行", f" row {bad.row}") if bad.row else ("", "")
    number = f" {bad.number}" if bad.number else ""
    zh = f"{record.file}{row_zh}{number} [{refusal.where}] {refusal.code.value}:{refusal.words.zh}"
    en = f"{record.file}{row_en}{number} [{refusal.where}] {refusal.code.value}: {refusal.words.en}"
    write(words(zh, en), style="red", markup=False)
