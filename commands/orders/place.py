"""`place`: orders from JSON, YAML, CSV or XLSX; what is bad is reported by file, row and field, the rest is placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from commands.session import FilesArgument, JsonOption, Session, session, with_client
from models.values.errors import Refusal
from runtime.delivery.placing import Opened, place_request
from runtime.files.order_files import WORLD, orders_in
from runtime.files.records import Record, read_records

if TYPE_CHECKING:
    from temporalio.client import Client


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that could not be placed."""

    record: Record
    refusal: Refusal

    @property
    def row(self) -> int:
        """The row where it stands."""
        return self.record.row_of(self.refusal.where)

    def as_json(self) -> dict[str, Any]:
        """File, row, field and reason."""
        return {"file": str(self.record.file), "row": self.row, **self.refusal.as_json()}


def place(files: FilesArgument, as_json: JsonOption = False) -> None:
    """下单:一个或多个文件(JSON、YAML、CSV、XLSX) · place orders from files.

    starter.py place order.json | starter.py place orders.csv orders.xlsx

    同一 request_id 再下一次还是同一张订单。表格里一行一个产品行,同一 request_id 的行合成一张订单。
    坏的行按 文件、行、字段、原因 报告,好的照下。订单格式:starter.py schema order
    """
    current = session(as_json=as_json)
    records: list[Record] = []
    bad: list[Bad] = []
    for file in files:
        try:
            records += orders_in(read_records(file))
        except Refusal as refusal:
            bad.append(Bad(Record(file, 0, None), refusal))
    placed: list[Opened] = []

    async def work(client: Client) -> None:
        for record in records:
            try:
                placed.append(await place_request(client, current.settings, record.values))
            except Refusal as refusal:
                if refusal.code in WORLD:
                    raise
                bad.append(Bad(record, refusal))

    if records:
        with_client(current, work)
    _report(current, placed, bad, as_json=as_json)
    if bad:
        raise typer.Exit(bad[0].refusal.exit_code)


def _report(current: Session, placed: list[Opened], bad: list[Bad], *, as_json: bool) -> None:
    if as_json:
        orders = [
            {"order": each.start.number, "request_id": each.start.request.request_id, "known": each.known}
            for each in placed
        ]
        current.speech.data({"placed": orders, "bad": [each.as_json() for each in bad]})
    else:
        for each in placed:
            number, request = each.start.number, each.start.request
            if each.known:
                current.speech.say(
                    f"{number} 已有({request.request_id})",
                    f"{number} was placed before ({request.request_id})",
                )
            else:
                current.speech.say(
                    f"{number} 已受理({request.request_id})", f"{number} placed ({request.request_id})"
                )
        for wrong in bad:
            _say_bad(current.speech.errors.print, current.speech.words, wrong)


def _say_bad(write: Any, words: Any, bad: Bad) -> None:
    refusal, record = bad.refusal, bad.record
    row_zh, row_en = (f" 第 {bad.row} 行", f" row {bad.row}") if bad.row else ("", "")
    zh = f"{record.file}{row_zh} [{refusal.where}] {refusal.code.value}:{refusal.words.zh}"
    en = f"{record.file}{row_en} [{refusal.where}] {refusal.code.value}: {refusal.words.en}"
    write(words(zh, en), style="red", markup=False)
