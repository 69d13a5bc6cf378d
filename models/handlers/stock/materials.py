"""Raw material that is short for goods made to order: purchasing orders it and names the day (R113, D1.2.3)."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject, TechnicalDetail
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.order import Order
from models.request.order_request import LAST_NUMBER
from models.values.content import Content, Name, Text
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_TOLD = (Role.PRODUCTION, Role.TECHNICAL, Role.SERVICE_CLERK, Role.SALESPERSON)
_NOT_SHORT = Words("第 {line} 行没有待采购的原材料", "no raw material of line {line} waits to be ordered")


class MaterialOrdered(Content):
    """Purchasing ordered the raw material that the technical note of a line names as short, and expects it on a day (R113)."""

    line: int = Field(ge=1, le=LAST_NUMBER)
    expected: date
    reference: Name = ""
    """Kept only: the number of the purchase (R113)."""
    words: Text = ""


def material_short(order: Order, line: int) -> str:
    """R21, R113: the raw material that is short for this line by the technical note in force; empty where none is."""
    asked = order.decision(Subject.TECHNICAL, line)
    if asked is None or asked.outcome is not Outcome.PRODUCIBLE:
        return ""
    return TechnicalDetail.model_validate(asked.detail).material_short


def note_of(order: Order, line: int) -> int:
    """Which technical note of the line counts: a new one that names material as short asks purchasing anew."""
    asked = order.decision(Subject.TECHNICAL, line)
    return asked.version if asked is not None else 0


def is_ordered(order: Order, line: int) -> bool:
    """Whether purchasing has answered the note in force."""
    return order.materials.get(line) == note_of(order, line)


@FACTS.row(MaterialOrdered, (Role.PURCHASING,), Words("采购已订原材料", "raw material ordered"))
def material_ordered(order: Order, envelope: Envelope, content: MaterialOrdered) -> None:
    """R113: production hears the day, and names its dates by it (R23). Another day may be told later."""
    if not material_short(order, content.line):
        raise Refusal(Code.NOT_ASKED, _NOT_SHORT.filled(line=content.line), where="content.line", rule="R113")
    if content.expected < order.today():
        words = Words("到货日在过去", "the goods are expected on a day to come")
        raise Refusal(Code.DATE_IN_PAST, words, where="content.expected", rule="R113")
    order.materials[content.line] = note_of(order, content.line)
    order.intend(
        Paper.MATERIAL_EXPECTED,
        f"{content.line}:{order.materials[content.line]}:{content.expected}",
        _TOLD,
        "R113",
        line=content.line,
        material=material_short(order, content.line),
        expected=content.expected,
        words=content.words or "-",
    )
