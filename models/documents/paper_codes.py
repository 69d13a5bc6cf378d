"""The codes on papers of the house: a phone that sees one opens the right act of the right order (R36, R43, R70, R78).

`20270105-0001/shipping_notice/1`: order, paper, and what it is about there. The code of a confirmation sheet is another
one and older (`20270105-0001|1|<hash>`); it is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind

_ABOUT: dict[Paper, str] = {
    Paper.INSTRUCTION: "version",
    Paper.SHIPPING: "release",
    Paper.DELIVERY_NOTE: "release",
    Paper.SHIPMENT: "shipment",
    Paper.PICKING_LIST: "release",
}
"""Papers with a code, and what of their content says which of that kind it is. A label names line and lot."""
LONGEST = 120
_ORDER = r"(?P<order>\d{8}-\d{4,6})"
_CODE = re.compile(rf"{_ORDER}/(?P<paper>[a-z_]{{1,40}})/(?P<about>[^\s/\x00-\x1f\x7f]{{1,40}})")
_SHEET = re.compile(rf"{_ORDER}\|(?P<about>\d{{1,4}})\|[0-9a-f]{{16}}")

OPENS: dict[Paper, tuple[StepKind, ...]] = {
    Paper.SHEET: (StepKind.SHEET_BACK, StepKind.SHEET_OWED, StepKind.VERIFY_SIGNATURE),
    Paper.INSTRUCTION: (StepKind.HAND_OVER, StepKind.PRODUCE, StepKind.INSPECT, StepKind.ENTER_WAREHOUSE),
    Paper.FINISHED: (StepKind.INSPECT, StepKind.ENTER_WAREHOUSE, StepKind.PRODUCE),
    Paper.SHIPPING: (StepKind.TRANSPORT, StepKind.READ_INSTRUCTIONS_BACK, StepKind.SHIP),
    Paper.DELIVERY_NOTE: (StepKind.SHIP, StepKind.ARRIVAL, StepKind.COLLECT_GOODS),
    Paper.SHIPMENT: (StepKind.COLLECT_GOODS, StepKind.ARRIVAL, StepKind.NOTICE_LEGIBLE),
    Paper.PICKING_LIST: (StepKind.PICK, StepKind.SHIP),
}
"""Which steps a paper is about, the likeliest first."""


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What stands in a code: a paper of an order. `about` is its version, release, shipment, or line and lot."""

    order: str
    paper: Paper
    about: str

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.order}/{self.paper.value}/{self.about}"

    @property
    def opens(self) -> tuple[StepKind, ...]:
        """The steps that it is about, the likeliest first."""
        return OPENS[self.paper]


def code_of_paper(paper: Paper, content: Mapping[str, Any]) -> str:
    """The code to be printed on a paper; empty for one that has none, or that says nothing which one it is."""
    about = str(content.get(_ABOUT.get(paper, ""), "")).partition("/")[0].strip()
    code = PaperCode(str(content.get("number", "")), paper, about) if paper in _ABOUT else None
    return code.text if code is not None and read_code(code.text) == code else ""


def code_of_label(number: str, line: object, lot: object) -> str:
    """The code on one package label; empty where the lot's name does not go into one."""
    code = PaperCode(number, Paper.FINISHED, f"{line}:{lot}")
    return code.text if read_code(code.text) == code else ""


def read_code(text: str) -> PaperCode | None:
    """What a phone saw; None for what is no code of ours."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    sheet = _SHEET.fullmatch(text)
    if sheet is not None:
        return PaperCode(sheet["order"], Paper.SHEET, sheet["about"])
    found = _CODE.fullmatch(text)
    paper = next((each for each in OPENS if found is not None and each.value == found["paper"]), None)
    return (
        PaperCode(found["order"], paper, found["about"]) if found is not None and paper is not None else None
    )
