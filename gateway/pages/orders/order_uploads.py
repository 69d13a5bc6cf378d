"""Files of orders that were uploaded: placed beside the page that shows how far it is, kept for a while to be looked at (R10)."""

from __future__ import annotations

import asyncio
import csv
import io
import uuid
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.api.placing import PlacedStatus, begin
from gateway.context import Door
from models.access import PLACES, Caller
from models.request.order_request import OrderRequest
from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Role, Words
from models.writing.signs import FORMULA_SIGNS
from models.writing.written_numbers import Manner
from runtime.delivery.placing import Opened, read_request
from runtime.files.order_files import WORLD
from runtime.files.records import Record

_AT_ONCE = 8
_PAUSES_SECONDS = (0.5, 2)
"""How long a database that was busy is left alone before the same order is tried again."""
_MOST_KEPT = 50
"""So many uploads are kept to be looked at; then the oldest that is finished goes. Orders are never lost with it."""
_MOST_AT_WORK = 8
"""So many files are placed at once, whoever sent them: a whole list takes a minute of the house's work."""
_AT_WORK = Words(
    "正在受理 {count} 个文件，请稍后再传", "{count} files are being placed; upload it again a little later"
)
_UNFINISHED = Words(
    "程序停止时尚未受理；把整个文件再传一次即可，已受理的不会重复",
    "the program was stopped before this one; upload the whole file again, nothing is placed twice",
)
_UNKNOWN = Words(
    "这次上传的结果已不保留（程序重新启动过，或时间已久）。订单不会丢；把整个文件再传一次，已受理的不会重复",
    "what became of this upload is kept no more (the program was started anew, or it is long ago). No order is lost; "
    "upload the whole file again, nothing is placed twice",
)
_COLUMNS = ("row", "order", "request_id", "customer", "result", "field", "reason")


@dataclass(frozen=True, slots=True)
class Bad:
    """An order of the file that was not placed: where it stands, and why."""

    row: int
    place: Words
    refusal: Refusal
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An order of the file that was placed, now or before; `seen`: whether the caller sees it."""

    row: int
    opened: Opened
    status: PlacedStatus
    seen: bool


@dataclass(slots=True)
class Upload:
    """One file, how far it is, and what became of its orders."""

    person: str
    """Who uploaded it; nobody else sees what became of it."""
    file_name: str
    total: int
    remarks: tuple[tuple[int, Words], ...] = ()
    """What is to be said of how the file was read, each with its row; 0 for all of it."""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    placed: list[Placed] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    is_finished: bool = False

    @property
    def done(self) -> int:
        """Orders of which it is known what became of them."""
        return len(self.placed) + len(self.bad)

    async def place(self, door: Door, caller: Caller, records: Sequence[Record], address: str) -> None:
        """Number one after the other, so that numbers follow the file; then begin them, a few at a time."""
        numbered: list[tuple[Record, Opened]] = []
        left = list(records)
        try:
            gone: Refusal | None = None
            while left:
                try:
                    if gone is not None:
                        raise gone
                    request = read_request(_entered_by(caller, left[0].sound()), Manner.TYPED)
                    numbered.append((left[0], await _number(door, caller, request)))
                except Refusal as refusal:
                    # what concerns every order will not be better for the next one
                    gone = refusal if refusal.code in WORLD else None
                    self.bad.append(_bad(left[0], refusal))
                del left[0]
            few = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(
                *(self._begin(few, door, caller, record, opened, address) for record, opened in numbered)
            )
        finally:
            told = {each.row for each in self.placed} | {each.row for each in self.bad}
            unfinished = [*left, *(record for record, _ in numbered if record.row not in told)]
            self.bad += [_bad(record, Refusal(Code.FAULT, _UNFINISHED)) for record in unfinished]
            self.placed.sort(key=lambda each: each.opened.start.number)
            self.bad.sort(key=lambda each: each.row)
            self.is_finished = True

    async def _begin(
        self, few: asyncio.Semaphore, door: Door, caller: Caller, record: Record, opened: Opened, address: str
    ) -> None:
        try:
            async with few:
                opened, status = await begin(door, caller, opened, address)
        except Refusal as refusal:
            self.bad.append(_bad(record, refusal))
        else:
            start = opened.start
            seen = caller.sees(start.number, start.customer.customer, start.staff.person(Role.SALESPERSON))
            self.placed.append(Placed(record.row, opened, status, seen))

    def as_csv(self, say: Any) -> str:
        """The result as a table for a spreadsheet program, a row an order, by the rows of the file."""
        rows = [
            (
                each.row, each.opened.start.number, each.opened.start.request.request_id,
                each.opened.start.customer.name, say(each.status.zh, each.status.en), "", "",
            )
            for each in self.placed
        ]  # fmt: skip
        rows += [
            (
                each.row, "", each.request_id, "", say("未受理", "not placed"), say(each.place.zh, each.place.en),
                say(each.refusal.words.zh, each.refusal.words.en),
            )
            for each in self.bad
        ]  # fmt: skip
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(_COLUMNS)
        table.writerows([_plain(cell) for cell in row] for row in sorted(rows, key=lambda row: row[0]))
        return written.getvalue()


class Uploads:
    """The uploads of one running door, the newest last."""

    def __init__(self) -> None:
        self._kept: dict[str, Upload] = {}
        self._at_work: set[asyncio.Task[None]] = set()

    def begin(self, upload: Upload, work: Coroutine[Any, Any, None]) -> None:
        """Place the orders of a file beside everything else. Raises Refusal(too_many_requests) where too many files are at work."""
        if len(self._at_work) >= _MOST_AT_WORK:
            work.close()
            raise Refusal(Code.TOO_MANY_REQUESTS, _AT_WORK.filled(count=len(self._at_work)), where="file")
        finished = [key for key, each in self._kept.items() if each.is_finished]
        for key in finished[: max(0, len(self._kept) + 1 - _MOST_KEPT)]:
            del self._kept[key]
        self._kept[upload.key] = upload
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    def find(self, key: str, person: str) -> Upload:
        """An upload of this person. Raises Refusal(unknown_place) where there is none."""
        found = self._kept.get(key)
        if found is None or found.person != person:
            raise Refusal(Code.UNKNOWN_PLACE, _UNKNOWN, where="upload")
        return found

    async def end(self) -> None:
        """Stop what is at work: what was numbered begins by itself, the rest is uploaded again."""
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)


async def _number(door: Door, caller: Caller, request: OrderRequest) -> Opened:
    """Give it its number; a database that is busy for a moment refuses no list. Raises Refusal as `Door.number`."""
    for pause in _PAUSES_SECONDS:
        try:
            return await door.number(request, caller)
        except Refusal as refusal:
            if refusal.code is not Code.DATABASE_UNAVAILABLE:
                raise
        await asyncio.sleep(pause)
    return await door.number(request, caller)


def _entered_by(caller: Caller, values: Any) -> Any:
    """Who uploads an order enters it, whatever the file says; one that was placed before stays with who placed it."""
    if not isinstance(values, dict):
        return values
    role = next((role for role in caller.roles if role in PLACES), caller.roles[0])
    return {**values, "entered_by": caller.author, "entered_role": role.value}


def _bad(record: Record, refusal: Refusal) -> Bad:
    name, *rest = refusal.where.split(".")
    inside = name == "lines" and rest[:1] and rest[0].isdecimal()
    place = ".".join([name, str(int(rest[0]) + 1), *rest[1:]]) if inside else refusal.where
    said = record.values.get("request_id", "") if isinstance(record.values, dict) else ""
    words = field_words(place) if place else Words("", "")
    return Bad(record.row_of(refusal.where), words, refusal, str(said)[:100])


def _plain(cell: object) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "\t", "\r")) else text
