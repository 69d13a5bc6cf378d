"""Orders in files: the rows of a table become orders with their lines, each whole or not at all (R10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from models.request.order_request import RequestLine
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from models.writing.column_names import TableKind
from runtime.files.contradictions import differences_told
from runtime.files.records import Reading, Record, read_file

LINE_FIELDS = tuple(RequestLine.model_fields)
LISTS = ("checkpoints", "unclear")
TABLES = (".csv", ".xlsx")
WORLD = OF_THE_WORLD
"""Troubles that concern every order, not the row at hand."""
_CONTRADICTION = Words(
    "第 {first} 行和第 {second} 行是同一张订单（{request}），内容却不同：{fields}；请改成一致，或用不同的来单编号",
    "rows {first} and {second} are one order ({request}) and contradict each other: {fields}; "
    "make them agree, or give them different request ids",
)
_WITHOUT_ID = Words(
    "第 {row} 行没有来单编号（request_id），又与上面的订单不同；请在每行写上来单编号",
    "row {row} has no request id and differs from the order above it; write the request id in every row",
)
_BELOW = Words(
    "第 {row} 行没有来单编号，算作第 {first} 行起的订单（{request}）的一行",
    "row {row} has no request id and was read as a line of the order ({request}) that begins in row {first}",
)
_WHOSE_ROW = Words(
    "下面第 {row} 行没有来单编号，内容与本单不同（{fields}），不能确定是否属于本单；请在每行写上来单编号",
    "row {row} below has no request id and differs from this order ({fields}): whether it belongs to it cannot be told; "
    "write the request id in every row",
)
_WHOSE_CUSTOMER = Words(
    "第 {row} 行没有客户编号，而 {request} 是几个客户共有的来单编号；请在每行写上客户编号",
    "row {row} names no customer, and {request} is the request id of several; write the customer in every row",
)
_ONE_QUANTITY = Words(
    "第 {row} 行的数量是合并单元格，不能确定各行各多少；请每行分别填写",
    "the quantity of row {row} stands in a merged cell: how much each row has cannot be told; write it in every row",
)
_ALIKE = Words(
    "第 {first} 行和第 {second} 行的产品内容完全相同，按两行计",
    "the goods of rows {first} and {second} are the same; they count as two lines",
)
_NOTHING = Words("文件 {path} 里没有订单", "there are no orders in the file {path}")


@dataclass(slots=True)
class _Order:
    """An order while its rows are gathered."""

    first: Record
    values: dict[str, Any] = field(default_factory=dict)
    given_by: dict[str, int] = field(default_factory=dict)
    """The row that gave each value."""
    lines: list[dict[str, Any]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    trouble: Refusal | None = None
    notes: list[Words] = field(default_factory=list)

    def differences(self, values: dict[str, Any]) -> list[str]:
        """The fields in which a row says another thing than the rows before."""
        return [name for name, value in values.items() if not _same(self.values.get(name, value), value)]

    def refused(self, refusal: Refusal) -> None:
        """The first trouble is the one that is told."""
        self.trouble = self.trouble or refusal

    def take(self, record: Record, values: dict[str, Any], line: dict[str, Any]) -> None:
        """Add a row: what it says of the order, and its line."""
        differences = self.differences(values)
        if differences:
            self.refused(self._contradiction(record, values, differences))
        for name, value in values.items():
            if name not in self.values:
                self.values[name], self.given_by[name] = value, record.row
        self._look_at_the_row(record, line)
        self.rows.append(record.row)
        self.lines.append({"line": len(self.lines) + 1, **line})
        self.notes.extend(record.notes)

    def _look_at_the_row(self, record: Record, line: dict[str, Any]) -> None:
        place = len(self.lines)
        if record.trouble is not None:
            where = record.trouble.where
            inside = f"lines.{place}.{where}" if where in LINE_FIELDS else where
            self.refused(Refusal(record.trouble.code, record.trouble.words, where=inside))
        if "quantity" in record.merged:
            words = _ONE_QUANTITY.filled(row=record.row)
            self.refused(Refusal(Code.BAD_QUANTITY, words, where=f"lines.{place}.quantity"))
        for row, earlier in zip(self.rows, self.lines, strict=True):
            if line and line == {name: value for name, value in earlier.items() if name in line}:
                self.notes.append(_ALIKE.filled(first=row, second=record.row))
                break

    def _contradiction(self, record: Record, values: dict[str, Any], names: list[str]) -> Refusal:
        words = _CONTRADICTION.filled(
            first=self.given_by[names[0]], second=record.row, request=self.values.get("request_id", "-"),
            fields=differences_told(names, self.values, values),
        )  # fmt: skip
        return Refusal(Code.CONTRADICTION, words, where=names[0], rule="R10")

    def without_id(self, record: Record, values: dict[str, Any]) -> Refusal:
        """Why a row below that has no id keeps the order from being placed."""
        fields = differences_told(self.differences(values), self.values, values)
        words = _WHOSE_ROW.filled(row=record.row, fields=fields)
        return Refusal(Code.CONTRADICTION, words, where="request_id", rule="R10")

    def record(self) -> Record:
        """The order as one record."""
        values = {**self.values, "lines": self.lines}
        return Record(
            self.first.file, self.rows[0], values, self.rows, trouble=self.trouble, notes=tuple(self.notes)
        )


class _Gathering:
    """The rows of tables, put to the orders to which they belong."""

    def __init__(self) -> None:
        self.orders: list[_Order] = []
        self._by_request: dict[str, list[_Order]] = {}
        self._above: _Order | None = None

    def take(self, record: Record) -> None:
        values = {
            name: _list(name, value) for name, value in record.values.items() if name not in LINE_FIELDS
        }
        line = {
            name: value
            for name, value in record.values.items()
            if name in LINE_FIELDS and not (name == "line" and name in record.merged)
        }
        order = self._of_request(record, values) if "request_id" in values else self._below(record, values)
        order.take(record, values, line)
        self._above = order

    def _begun(self, record: Record, request: str | None) -> _Order:
        order = _Order(record)
        self.orders.append(order)
        if request is not None:
            self._by_request.setdefault(request, []).append(order)
        return order

    def _below(self, record: Record, values: dict[str, Any]) -> _Order:
        """A row without id is one of the order above it, unless it says another thing: then neither can be placed."""
        above = self._above
        if above is not None and not above.differences(values):
            request = above.values.get("request_id", "-")
            above.notes.append(_BELOW.filled(row=record.row, first=above.rows[0], request=request))
            return above
        if above is not None:
            above.refused(above.without_id(record, values))
        order = self._begun(record, None)
        order.refused(Refusal(Code.MISSING_FIELD, _WITHOUT_ID.filled(row=record.row), where="request_id"))
        return order

    def _of_request(self, record: Record, values: dict[str, Any]) -> _Order:
        """Two customers' same id are two orders; a row that names no customer goes on with the order of that id."""
        request, customer = str(values["request_id"]), values.get("customer")
        known = list(self._by_request.get(request, ()))
        if customer is None:
            return self._nobodys(record, request, known)
        for order in known:
            if order.values.get("customer") == customer:
                return order
        nameless = next((order for order in known if "customer" not in order.values), None)
        if nameless is not None:
            return nameless
        order = self._begun(record, request)
        for other in known:
            # rows above that named no customer were taken for the other one's
            if other.given_by["customer"] != other.rows[0]:
                for each in (other, order):
                    each.refused(_whose(other.rows[0], request))
        return order

    def _nobodys(self, record: Record, request: str, known: list[_Order]) -> _Order:
        if self._above is not None and any(order is self._above for order in known):
            return self._above
        if len(known) > 1:
            for order in known:
                order.refused(_whose(record.row, request))
        return known[-1] if known else self._begun(record, request)


def read_orders(path: Path) -> Reading:
    """The orders of a file. Raises Refusal(malformed_file), also where it holds none."""
    found = read_file(path, TableKind.ORDERS)
    found.records = orders_in(found.records)
    if not found.records:
        raise Refusal(Code.MALFORMED_FILE, _NOTHING.filled(path=path), where=str(path))
    return found


def orders_in(records: Iterable[Record]) -> list[Record]:
    """Records as orders: rows of a table with one customer's request id become one order with several lines.

    Two customers' same id are two orders (R10); a row that leaves customer or id out goes on with the order above it.
    An order of which a row is wrong, contradicts another or may be missing has its `trouble` and is not placed in part.
    """
    gathering = _Gathering()
    plain: list[Record] = []
    for record in records:
        if record.file.suffix.lower() in TABLES:
            gathering.take(record)
        else:
            plain.append(record)
    return [*plain, *(order.record() for order in gathering.orders)]


def _whose(row: int, request: str) -> Refusal:
    words = _WHOSE_CUSTOMER.filled(row=row, request=request)
    return Refusal(Code.CONTRADICTION, words, where="customer", rule="R10")


def _same(first: Any, second: Any) -> bool:
    if first == second:
        return True
    try:
        return Decimal(first) == Decimal(second)
    except (InvalidOperation, TypeError, ValueError):
        return False


def _list(name: str, value: str) -> Any:
    return [part.strip() for part in value.split(";") if part.strip()] if name in LISTS else value
