"""The command that stands beside a step moves the order on, and what follows is said (by hand)."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from models.decisions.subjects import SUBJECTS
from models.dossier.open_steps import OpenStep
from models.dossier.step_kinds import AnyStepKind
from models.reports.desk_steps import DeskStepKind, desk_step
from models.values.vocabulary import Role
from tests.models.life import MONDAY, PEOPLE, SIGNER, Life, heard
from tests.models.test_waiting import CASES

BLANKS: dict[str, Any] = {
    "words": "说明",
    "reference": "REF-1",
    "resolution": "已处理",
    "outcome": "accept",
    "signed_by": SIGNER,
    "carrier": "德邦物流",
    "method": "freight",
    "tracking_number": "DB-9",
    "clerk": "service_clerk-1",
    "checked_with": "service_clerk-1",
    "made": "1000",
    "passed": "1000",
    "amount": "1.00",
    "expected_finish": "2027-03-09",
    "freight_out": "1.00",
    "freight_back": "1.00",
    "changes.packing": "散装",
}
"""What a person fills in where the command leaves a blank."""
NOT_BY_A_FACT = ("decision:", "rework_order", "resume")


def carried_out(life: Life, step: OpenStep) -> None:
    """Say what the command says, blanks filled in, as the first of the step's own roles that may."""
    words = shlex.split(step.command("20270301-0001"))
    assert words[:2] == ["tell", "20270301-0001"]
    content: dict[str, Any] = {}
    said = [word.split("=", 1) for word in words[3:] if "=" in word]
    for name, value in said:
        filled = BLANKS[name] if value == "…" else value
        if name.startswith("changes."):
            content.setdefault("changes", {})[name.removeprefix("changes.")] = filled
        else:
            content[name] = {"true": True}.get(filled, filled) if isinstance(filled, str) else filled
    role = next((Role(words[at + 1]) for at, word in enumerate(words) if word == "--role"), None)
    role = role or (Role.FINANCE if words[2] in ("payment_received", "cash_cleared") else None)
    if role is None and words[2] == "document_supplied":
        role = Role.SERVICE_CLERK
    heard(life.tell(words[2], role=role, by=PEOPLE.get(role.value) if role else None, **content))


BY_A_FACT = [case for case in CASES if not case[0].startswith(NOT_BY_A_FACT)]


@pytest.mark.parametrize(
    ("key", "life"), [case[:2] for case in BY_A_FACT], ids=[case[0] for case in BY_A_FACT]
)
def test_who_does_as_the_step_says_closes_it(key: str, life: Any) -> None:
    lived: Life = life()
    carried_out(lived, lived.order.steps[key])
    assert key not in lived.waiting


@pytest.mark.parametrize("key", [case[0] for case in CASES if case[0].startswith("decision:")])
def test_a_decision_is_asked_for_with_its_outcomes(key: str) -> None:
    life = next(case[1] for case in CASES if case[0] == key)()
    step = life.order.steps[key]
    _, subject, *line = key.split(":")
    outcomes = next("/".join(rule.outcomes) for each, rule in SUBJECTS.items() if each.value == subject)
    named = f"{subject} --line {line[0]}" if line else subject
    assert step.command("7") == f"decide 7 {named} {outcomes} --note …"


def test_the_few_others() -> None:
    assert Life().does("hold_placed", reason="x").order.steps["resume"].command("7") == "resume 7"
    life = next(case[1] for case in CASES if case[0] == "rework_order")()
    assert life.order.steps["rework_order"].command("7") == "tell 7 details_completed --set changes.…"
    price = Life(lines=[{**Life().order.request.lines[0].model_dump(mode="json"), "unit_price": None}])
    assert price.order.steps["details"].command("7") == (
        "tell 7 details_completed --set changes.lines.0.line=… --set changes.lines.0.unit_price=…"
    )


AFTERWARDS = {
    "details": "verification begins",
    "read_back": "verification begins",
    "send_sheet": "the customer signs and returns it",
    "sheet_back": "production is instructed; each day moves the promise a day",
    "deposit": "production is instructed",
    "prepayment": "production is instructed",
    "hand_over": "production begins",
    "produce": "joint inspection",
    "inspect": "passed goods enter the warehouse",
    "enter_warehouse": "payment is checked",
    "balance": "finance releases the shipment",
    "shipping_notice": "the goods may be shipped",
    "ship": "the shipment notice goes to the customer",
    "arrival": "the customer is told to collect, and to pay what is open",
    "collect_goods": "delivered; uncollected goods become a dead order",
    "missing_goods": "found, collected, or written off",
    "recall": "inspected, then the order ends as dead",
    "check_sheet": "then it is sent; where something differs a new version is made",
    "completion": "then it is completed, and ends when it is settled",
}


def test_what_happens_when_it_is_done() -> None:
    seen: set[AnyStepKind] = set()
    for _, life, *_ in CASES:
        for step in life().order.steps.values():
            seen.add(step.kind)
            assert step.afterwards.en == AFTERWARDS.get(step.kind.value, "the order goes on")
            assert step.afterwards.zh
    assert set(AFTERWARDS) - {kind.value for kind in seen} == {"prepayment", "completion"}


ABOUT = (
    "address after amount channel_en channel_zh closed contact count currency customer day ended endpoint event fact_id file"
    " given intent invoice kept meaning_en meaning_zh message most name number orders other page payment product provider"
    " quantity reason reason_en reason_zh receipt reference refund request rest said said_en said_zh says_en says_zh sender"
    " shipments signed_at state_en state_zh subject_en subject_zh title total unit_en unit_zh was what_en what_zh words"
)
"""What a step of the desk may be about."""


@pytest.mark.parametrize("kind", DeskStepKind)
def test_every_step_of_the_desk_has_its_command(kind: DeskStepKind) -> None:
    """R47: who sees the step sees what to type; where the stores differ they are compared and made alike first."""
    about = dict.fromkeys(ABOUT.split(), "X-7")
    step = desk_step(kind, "X-7", MONDAY, rule="R47", order="20270301-0001", roles=(Role.FINANCE,), **about)
    first, *words = step.command.split()
    assert (first, "{" in step.command) == ("starter.py", False)
    own = {
        DeskStepKind.STORES_DIFFER: ["audit", "X-7", "--repair;"],
        DeskStepKind.UNKNOWN_RECEIPT: ["resolve"],
    }
    assert words[: len(own.get(kind, []))] == own.get(kind, [])
