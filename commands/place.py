"""`place`: orders from JSON, YAML, CSV or XLSX; what is bad is reported by file, row and field, the rest is placed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from commands.reading import Record, read_records
from commands.session import FilesArgument, JsonOption, Session, session, with_client
from models.errors import Code, Refusal
from models.request import RequestLine
from runtime.placing import Opened, place_request

if TYPE_CHECKING:
    from temporalio.client import Client

LINE_FIELDS = tuple(RequestLine.model_fields)
LISTS = ("checkpoints", "unclear")
TABLES = (".csv", ".xlsx")
WORLD = {Code.DATABASE_UNAVAILABLE, Code.NOT_SET_UP, Code.SERVER_UNAVAILABLE, Code.DISK_FULL}
"""Troubles that concern every order, not the row at hand."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that could not be placed."""

    record: Record
    refusal: Refusal

    def as_json(self) -> dict[str, Any]:
        """File, row, field and reason."""
        return {"file": str(self.record.file), "row": self.record.row, **self.refusal.as_json()}


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
    row_zh, row_en = (f" 第 {record.row} 行", f" row {record.row}") if record.row else ("", "")
    zh = f"{record.file}{row_zh} [{refusal.where}] {refusal.code.value}:{refusal.words.zh}"
    en = f"{record.file}{row_en} [{refusal.where}] {refusal.code.value}: {refusal.words.en}"
    write(words(zh, en), style="red", markup=False)


def orders_in(records: Iterable[Record]) -> list[Record]:
    """Records as orders: rows of a table with one request id become one order with several lines."""
    orders: dict[str, Record] = {}
    plain: list[Record] = []
    for record in records:
        if record.file.suffix.lower() not in TABLES:
            plain.append(record)
            continue
        values = {
            name: _list(name, value) for name, value in record.values.items() if name not in LINE_FIELDS
        }
        line = {name: value for name, value in record.values.items() if name in LINE_FIELDS}
        known = orders.get(str(values.get("request_id", record.row)))
        if known is None:
            line.setdefault("line", 1)
            orders[str(values.get("request_id", record.row))] = Record(
                record.file, record.row, {**values, "lines": [line]}
            )
        else:
            lines = known.values["lines"]
            line.setdefault("line", len(lines) + 1)
            lines.append(line)
            for name, value in values.items():
                known.values.setdefault(name, value)
    return [*plain, *orders.values()]


def _list(name: str, value: str) -> Any:
    return [part.strip() for part in value.split(";") if part.strip()] if name in LISTS else value
