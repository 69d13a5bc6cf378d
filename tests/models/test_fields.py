"""Every field that is said to an order is read by something, or kept only, for a reason that stands here and there."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

import pytest
from pydantic import BaseModel

from activities.store.imports import CalendarDayRow, CustomerRow, PriceRow, StaffRow
from models.credit.assessment import CreditAssessment
from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.handlers.amendments import VOIDED_BY
from models.messages.goods_contents import Item
from models.order.money.credit import CreditAnswered
from models.request.order_request import LineChange, OrderRequest, RequestChange, RequestLine
from models.request.order_start import Contract, CustomerFile, OrderStart, PriceReference
from models.staff import StaffAssignment
from models.tables.registry import table
from models.values.calendar import Calendar
from tests.models.field_reads import ROOT, fields_read
from workflows.phases.confirmation import _NOT_ON_THE_SHEET

SAID: tuple[type[BaseModel], ...] = (
    *{kind.content for kind in FACT_KINDS.values()},
    *{detail for rule in SUBJECTS.values() for detail in (rule.detail, *rule.details.values())},
    OrderRequest,
    RequestLine,
    RequestChange,
    LineChange,
    CustomerFile,
    Contract,
    PriceReference,
    OrderStart,
    StaffAssignment,
    Calendar,
    Item,
)
KEPT_ONLY: dict[tuple[str, str], str] = {
    ("Adopted", "reason"): "why, for who reads the journal",
    ("Corrected", "reason"): "why, for who reads the journal",
    (
        "Arrived",
        "place",
    ): "R75 tells the customer that goods are there; where is between them and the carrier",
    ("ConfirmationReturned", "remarks"): "R31 has a field for each fault",
    ("CostDetail", "cost_for"): "R84: the ground stands with the decision; whatever it is, it is kept",
    ("SheetChecked", "words"): "R170: what differs has a field of its own",
    ("ContactLogged", "channel"): "R18: contacts are kept",
    ("Contract", "reference"): "a name; R15 compares terms",
    ("CostDetail", "words"): "a note",
    ("CreditDetail", "reason"): "R109: it must be there; what it says is for people",
    ("CreditReviewRequested", "reason"): "why, for who reads the journal",
    ("CustomerFile", "credit_limit"): "R109: the credit book has the limit that counts",
    ("CustomerFileRefreshed", "reason"): "why, for who reads the journal",
    ("DeliveryReceipt", "remarks"): "a note; R78 has the condition",
    ("ContractOver", "reason"): "why, for who reads the journal",
    ("ExceptionReported", "step"): "an exception holds up no phase (R47)",
    ("HoldReleased", "reason"): "why, for who reads the journal",
    ("KeepDetail", "words"): "a note",
    ("OrderRequest", "on_behalf_of"): "R10: what a sender says of its own people is nobody's identity",
    ("OrderRequest", "words"): "R11: the memo is kept as it was said",
    ("Overridden", "reason"): "why, for who reads the journal",
    ("Picked", "packages"): "for who hands them to the carrier",
    ("Picked", "place"): "for who loads them",
    ("MaterialOrdered", "reference"): "names the purchase to people",
    ("QuoteWaived", "reason"): "a note",
    ("PurchaseOrdered", "quantity"): "the order waits for its own part, whatever was ordered",
    ("PurchaseOrdered", "words"): "a note",
    ("ServiceDateDetail", "words"): "a note",
    ("ShortCancelDetail", "words"): "a note",
    ("StockAllotted", "quantity"): "the book tells what the order has in all",
    ("StockFellShort", "quantity"): "the book tells what the order has in all",
    ("StockReady", "quantity"): "the book tells what is ready in all",
    ("WaitDetail", "words"): "a note",
    ("PriceDetail", "words"): "a note",
    ("PriceReference", "product_name"): "a name; R20 compares number and specification",
    ("PriceReference", "tolerance_percent"): "the line has it since the order was placed",
    ("RecallReported", "words"): "R76 waits for the goods, not for words",
    ("ReceiptConfirmed", "words"): "R81: kept, not waited for",
    ("ReleaseDetail", "words"): "a note",
    ("SettlementDetail", "reference"): "finance's own number",
    ("SheetSent", "channel"): "R30 has a sender, not a way",
    ("SmallOrderDetail", "assessment"): "R38: it must be there; what it says is for people",
    ("TechnicalDetail", "recipe_changed"): "for who plans the line",
    ("TransitReported", "place"): "R74 tells delay and damage",
}
"""By hand: what no rule, paper or page reads, and why that is right."""
BY_NAME: dict[str, frozenset[str]] = {
    # RequestChange.given and changed() put every field that is named into the request; VOIDED_BY names what follows.
    "RequestChange": frozenset(name for name in VOIDED_BY if "." not in name),
    "LineChange": frozenset(name.partition(".")[2] for name in VOIDED_BY if "." in name),
    # The sheet is the request but for what the house keeps for itself (R30).
    "OrderRequest": frozenset(OrderRequest.model_fields) - set(_NOT_ON_THE_SHEET),
    # A shipping notice is compared with the order field by field (R70).
    "DocumentSupplied": frozenset({"address", "consignee", "contact"}),
    # Every book's answer says which question it answers, and the dossier reads that of any of them.
    "StockAnswered": frozenset({"question", "asked"}),
    # What the book answered is kept as it came, and read from there (R109).
    "CreditAnswered": frozenset(CreditAnswered.model_fields),
    # What finance says of the customer goes to the credit book as it is (R108).
    "CreditAssessed": frozenset(CreditAssessment.model_fields),
    # Words go with every answer that says no; the handlers get them by name.
    "NoDetail": frozenset({"words"}),
}
"""Fields that are got by their name in a variable, where reads cannot be followed."""
PLACES_BY_NAME = {
    "RequestChange": ("models/request/order_request.py", "getattr(self, name)"),
    "LineChange": ("models/request/order_request.py", "getattr(line_change, name)"),
    "OrderRequest": (
        "workflows/phases/confirmation.py",
        "lasting(order.request, leaving_out=_NOT_ON_THE_SHEET)",
    ),
    "DocumentSupplied": (
        "models/handlers/goods/shipping.py",
        'for field in ("address", "consignee", "contact")',
    ),
    "StockAnswered": ("models/dossier/dossier.py", "question.asked != answer.asked"),
    "CreditAnswered": ("models/order/money/credit.py", 'self.model_dump(exclude={"question", "asked"})'),
    "CreditAssessed": ("models/handlers/money/credit.py", "record.assessment, record.assessed_by = content"),
    "NoDetail": ("models/decisions/acceptance.py", 'asked.detail.get("words")'),
}


@pytest.fixture(scope="module")
def read() -> set[tuple[str, str]]:
    found = fields_read(SAID, "models", "workflows")
    return found | {(model, field) for model, fields in BY_NAME.items() for field in fields}


def test_every_field_is_read_or_kept_only(read: set[tuple[str, str]]) -> None:
    said = {(model.__name__, field) for model in SAID for field in model.model_fields}
    kept = {each for each in KEPT_ONLY if each[0] != "StaffRow"}
    # Only the calendar's years are asked for elsewhere: a report says which years nobody knows.
    elsewhere = {("Calendar", "years")}
    assert said - read - kept - elsewhere == set()
    assert kept & read == set(), "kept only, and read all the same"
    assert kept <= said, "kept only, and there is no such field"


def test_a_place_that_gets_fields_by_name_is_still_there() -> None:
    assert set(PLACES_BY_NAME) == set(BY_NAME)
    for place, words in PLACES_BY_NAME.values():
        assert words in (ROOT / place).read_text(encoding="utf-8"), place


def _docstrings(model: type[Any]) -> dict[str, str]:
    """What stands below each field of a class."""
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = text
    return found


def test_what_is_kept_only_says_so_where_it_stands() -> None:
    models: tuple[type[BaseModel], ...] = (*SAID, StaffRow)
    marked = {
        (model.__name__, field)
        for model in models
        for field, text in _docstrings(model).items()
        if text.startswith("Kept only: ")
    }
    assert marked == set(KEPT_ONLY)


TABLES = {StaffRow: "staff", CustomerRow: "customers", PriceRow: "prices", CalendarDayRow: "calendar_days"}
IMPORT = ("activities/store/imports.py", "models/tables/registry.py", "models/values/first_fields.py")


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row.__name__)
def test_every_column_of_a_companys_file_is_asked_for_or_kept_only(row: type[BaseModel]) -> None:
    """A column that only the import and the table know is asked for by nobody."""
    texts = [
        path.read_text(encoding="utf-8")
        for room in ("activities", "gateway", "commands", "runtime")
        for path in (ROOT / room).rglob("*.py")
        if path.relative_to(ROOT).as_posix() not in IMPORT
    ]
    columns = set(table(TABLES[row]).columns.keys())
    for field in row.model_fields:
        assert field in columns
        pattern = re.compile(rf"\.c\.{field}\b|\[[\"']{field}[\"']\]|\.{field}\b")
        is_read = any(pattern.search(text) for text in texts)
        assert is_read is ((row.__name__, field) not in KEPT_ONLY), field
