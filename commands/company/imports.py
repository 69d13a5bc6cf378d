"""`import`: customers, price list, staff, calendar days, machine lines and products of the shop from YAML, JSON, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from activities.documents.font_signs import require_printable
from commands.remarks import Remark, remarks_of, say_remarks
from commands.session import ByOption, FilesArgument, JsonOption, session
from models.messages.envelope import read_entered
from models.scheduling.kept_lines import NOT_LISTED
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.column_names import TableKind
from models.writing.phone_numbers import phone_doubts
from models.writing.written_numbers import Manner
from runtime.databases import engine_of
from runtime.files.contradictions import differences_told
from runtime.files.records import Record, read_file, read_records

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from activities.store.company_changes import Teller
    from activities.store.imports import Refused


class Kind(StrEnum):
    """What the rows of an imported file are."""

    CUSTOMERS = "customers"
    PRICES = "prices"
    STAFF = "staff"
    CALENDAR = "calendar"
    LINES = "lines"
    PRODUCTS = "products"
    OWN_PRICES = "own_prices"


LISTS = (
    "designated_signers", "signer_contacts", "roles", "products", "categories", "breaks", "product_types", "regions", "trades",
)  # fmt: skip


_CONTRADICTION = Words(
    "第 {first} 行和第 {second} 行都是 {key}，内容却不同：{fields}；请只留一行，或改成一致",
    "rows {first} and {second} are both {key} and contradict each other: {fields}; keep one of them, or make them agree",
)


class Entering(NamedTuple):
    """How the rows of one kind are read, told apart and entered."""

    model: type[Content]
    key: tuple[str, ...]
    enter: Callable[[Engine, Sequence[Any], Refused | None, Teller], int]


@dataclass(slots=True)
class _Outcome:
    """What became of the files."""

    good: list[tuple[Record, Content]] = field(default_factory=list)
    bad: list[tuple[Path, int, Refusal]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    doubts: list[tuple[Path, int, str, Words]] = field(default_factory=list)
    """Telephones that seem to have lost a figure, each with its field."""

    def read(self, file: Path, kind: Kind, entering: Entering) -> None:
        """The rows of one file: a bad one is told and hides no other."""
        try:
            found = read_file(file, TableKind(kind.value))
        except Refusal as refusal:
            self.bad.append((file, 0, refusal))
            return
        self.remarks += remarks_of(file, found)
        rows: list[tuple[Record, Content]] = []
        for record in found.records:
            try:
                rows.append((record, _values(record, entering.model)))
            except Refusal as refusal:
                self.bad.append((file, record.row, refusal))
        contradictory = _contradictions(rows, entering.key)
        for record, row in rows:
            if record.row in contradictory:
                self.bad.append((file, record.row, contradictory[record.row]))
            else:
                self.good.append((record, row))
                self.doubts += [
                    (file, record.row, where, doubt) for where, doubt in phone_doubts(row).items()
                ]

    def doubt_products(self, engine: Engine) -> None:
        """A line may be set up before its products are priced: one that is not on the price list is told, and taken."""
        from activities.scheduling.line_list import unknown_products

        for record, row in self.good:
            missing = unknown_products(engine, getattr(row, "products", ()))
            if missing:
                words = NOT_LISTED.filled(products=Words.listed([Words(each, each) for each in missing]))
                self.doubts.append((record.file, record.row, "products", words))

    def enter(self, engine: Engine, entering: Entering, teller: Teller) -> int:
        """Enter the good rows; how many were taken."""
        refused: Refused = []
        count = entering.enter(engine, [row for _, row in self.good], refused, teller)
        self.bad += [
            (self.good[place][0].file, self.good[place][0].row, refusal) for place, refusal in refused
        ]
        return count


def import_files(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="customers 客户、prices 价目表、staff 人员、calendar 日历、lines 机台、products 网店商品、own_prices 客户专价"
        ),
    ],
    files: FilesArgument,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入客户、价目表、人员、日历、机台、网店商品或客户专价 · import customers, prices, staff, days, lines, products or own prices.

    starter.py import customers customers.csv | starter.py import prices prices.xlsx

    坏的行按 文件、行、字段、原因 报告，好的照收；改动记入变更历史（--by 是谁）。
    同一文件里同一编号的行内容不同，都不收。表格里多个值用分号隔开。
    """
    from activities.store.company_changes import Teller

    current = session(as_json=as_json)
    entering = _entering(kind)
    outcome = _Outcome()
    for file in files:
        outcome.read(file, kind, entering)
    engine = engine_of(current.settings)
    count = outcome.enter(engine, entering, Teller(by or ""))
    if kind is Kind.LINES:
        outcome.doubt_products(engine)
    if as_json:
        wrong = [{"file": str(file), "row": row, **refusal.as_json()} for file, row, refusal in outcome.bad]
        notes = [each.as_json() for each in outcome.remarks]
        odd = [
            {"file": str(file), "row": row, "where": where, "zh": doubt.zh, "en": doubt.en}
            for file, row, where, doubt in outcome.doubts
        ]
        current.speech.data(
            {"imported": count, "bad": wrong, "notes": notes, **({"look_at": odd} if odd else {})}
        )
    else:
        say_remarks(current.speech, outcome.remarks)
        current.speech.say(f"已导入 {count} 条", f"{count} records imported")
        for file, row, refusal in outcome.bad:
            words = refusal.words
            zh, en = (
                f"{file} 第 {row} 行 [{refusal.where}] {refusal.code}：{words.zh}",
                f"{file} row {row} [{refusal.where}] {refusal.code}: {words.en}",
            )
            current.speech.errors.print(current.speech.words(zh, en), style="red", markup=False)
        for file, row, where, doubt in outcome.doubts:
            current.speech.aside(
                f"{file} 第 {row} 行 [{where}] 请核对：{doubt.zh}",
                f"{file} row {row} [{where}] look at this: {doubt.en}",
            )
    if outcome.bad:
        raise typer.Exit(outcome.bad[0][2].exit_code)


def read_rows(kind: Kind, file: Path) -> list[Any]:
    """The rows of one file that is known to be good. Raises Refusal for the first one that is not."""
    model = _entering(kind).model
    return [_values(record, model) for record in read_records(file, TableKind(kind.value))]


def _contradictions(rows: Sequence[tuple[Record, Content]], key: tuple[str, ...]) -> dict[int, Refusal]:
    """Rows of one file that are about one thing and say different things of it, by their number; each names the other."""
    alike: dict[tuple[Any, ...], list[tuple[Record, Content]]] = {}
    for record, row in rows:
        alike.setdefault(tuple(getattr(row, part) for part in key), []).append((record, row))
    found: dict[int, Refusal] = {}
    for (first, known), *others in alike.values():
        refusals = {
            record.row: _contradiction(first, known, record, row, key)
            for record, row in others
            if row != known
        }
        one = next(iter(refusals.values()), None)
        if one is not None:
            found |= {record.row: refusals.get(record.row, one) for record, _ in ((first, known), *others)}
    return found


def _contradiction(
    first: Record, known: Content, second: Record, row: Content, key: tuple[str, ...]
) -> Refusal:
    names = [name for name in type(row).model_fields if getattr(known, name) != getattr(row, name)]
    words = _CONTRADICTION.filled(
        first=first.row, second=second.row, key=" ".join(str(getattr(row, part)) for part in key),
        fields=differences_told(names, dict(known), dict(row)),
    )  # fmt: skip
    return Refusal(Code.CONTRADICTION, words, where=names[0])


def _entering(kind: Kind) -> Entering:
    from activities.shop import products
    from activities.store import imports
    from models.shop.catalogue import OwnPriceRow, ProductRow

    entering: dict[Kind, Entering] = {
        Kind.CUSTOMERS: Entering(imports.CustomerRow, imports.CUSTOMER_KEY, imports.import_customers),
        Kind.PRICES: Entering(imports.PriceRow, imports.PRICE_KEY, imports.import_prices),
        Kind.STAFF: Entering(imports.StaffRow, imports.STAFF_KEY, imports.import_staff),
        Kind.CALENDAR: Entering(imports.CalendarDayRow, imports.CALENDAR_KEY, imports.import_calendar_days),
        Kind.LINES: Entering(imports.MachineLineRow, imports.LINE_KEY, imports.import_machine_lines),
        Kind.PRODUCTS: Entering(ProductRow, products.PRODUCT_KEY, products.import_products),
        Kind.OWN_PRICES: Entering(OwnPriceRow, products.OWN_PRICE_KEY, products.import_own_prices),
    }
    return entering[kind]


def _values(record: Record, model: type[Content]) -> Content:
    raw = record.sound()
    if isinstance(raw, dict):
        raw = {name: _list(name, value) for name, value in raw.items()}
    row = read_entered(model, raw, Manner.TYPED)
    require_printable(row)
    return row


def _list(name: str, value: Any) -> Any:
    return [part.strip() for part in value.split(";")] if name in LISTS and isinstance(value, str) else value
