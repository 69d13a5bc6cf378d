"""What comes early waits and is used in the order in which it came, each when it can be (facts may come in any order)."""

from __future__ import annotations

from typing import Any

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.values.vocabulary import PhaseName
from tests.models.life import SIGNER, Life


def facts(life: Life, kind: EntryKind = EntryKind.FACT) -> list[str]:
    """Which facts took effect, by their ids, in the journal's order."""
    return [entry.data["fact_id"] for entry in life.entries(kind)]


def early(life: Life, fact_id: str, kind: str, **content: Any) -> None:
    """A fact that must be kept for later."""
    assert life.tell(kind, fact_id=fact_id, **content).status is Status.KEPT_EARLY


def waiting(life: Life) -> list[str]:
    """What is kept for later, by id, in its order."""
    return [envelope.fact_id for envelope in life.order.early]


def test_lots_told_before_the_instruction_are_counted_in_the_order_in_which_they_came() -> None:
    life = Life().confirmed()
    for name in "CAB":
        early(life, f"lot/{name}", "production_reported", made="100", lot=name)
    assert waiting(life) == ["lot/C", "lot/A", "lot/B"]
    life.does("production_signed", version=1, clerk="service_clerk-1")
    assert list(life.order.lots) == ["1/C", "1/A", "1/B"]
    assert [each for each in facts(life) if each.startswith("lot/")] == ["lot/C", "lot/A", "lot/B"]
    assert waiting(life) == []
    assert [str(lot.made) for lot in life.order.lots.values()] == ["100.000"] * 3


def test_what_still_cannot_be_used_keeps_its_place() -> None:
    """Entered before it passed before it was made before it was signed for: told backwards, done forwards."""
    life = Life().confirmed()
    early(life, "entered", "warehouse_entered", quantity="1000")
    early(life, "arrived", "receipt_confirmed")
    early(life, "passed", "inspection_reported", passed="1000", checked_with="service_clerk-1")
    early(life, "made", "production_reported", made="1000", finished=True)
    life.does("contact_logged", channel="phone", words="x")
    assert waiting(life) == ["entered", "arrived", "passed", "made"]
    life.does("production_signed", version=1, clerk="service_clerk-1")
    used = [each for each in facts(life) if "/" not in each]
    assert used == ["made", "passed", "entered"]
    assert waiting(life) == ["arrived"]
    assert str(life.order.entered(1)) == "1000.000"


def test_of_two_that_can_be_used_the_first_goes_first_although_another_waits_before_them() -> None:
    life = Life().confirmed()
    early(life, "sent", "receipt_confirmed")
    early(life, "bounced/1", "payment_bounced", reference="TX-8")
    early(life, "bounced/2", "payment_bounced", reference="TX-9")
    life.paid("10.00", "TX-9")
    assert waiting(life) == ["sent", "bounced/1"]
    life.paid("10.00", "TX-8")
    assert waiting(life) == ["sent"]
    assert [each for each in facts(life) if each.startswith("bounced")] == ["bounced/2", "bounced/1"]
    assert str(life.order.ledger.paid) == "1500.00"


def test_an_early_fact_is_journaled_as_early_once_and_as_a_fact_when_it_takes_effect() -> None:
    life = Life()
    early(life, "back", "confirmation_returned", version=1, signed_by=SIGNER)
    told = life.now
    life.later(days=1).does("contact_logged", channel="phone", words="x")
    assert facts(life, EntryKind.EARLY) == ["back"]
    assert "back" not in facts(life)
    life.verified()
    assert facts(life, EntryKind.EARLY) == ["back"]
    (entry,) = [entry for entry in life.entries(EntryKind.FACT) if entry.data["fact_id"] == "back"]
    assert (entry.happened_at, entry.recorded_at) == (told, life.now)
    assert (entry.by, entry.role.value) == (SIGNER, "customer")
    assert life.order.sheets[0].clean_at == told
    assert life.order.phase is PhaseName.CONFIRMATION


def test_an_early_fact_that_is_told_again_is_known() -> None:
    life = Life()
    early(life, "back", "confirmation_returned", version=1, signed_by=SIGNER)
    again = life.tell("confirmation_returned", fact_id="back", version=1, signed_by=SIGNER)
    assert again.status is Status.KNOWN
    assert waiting(life) == ["back"]


def test_one_that_turns_out_wrong_is_refused_and_those_after_it_are_used() -> None:
    """The inspection of too much is refused when the line is finished; the next one counts."""
    life = Life().in_production()
    early(life, "much", "inspection_reported", passed="1001", checked_with="service_clerk-1")
    early(life, "right", "inspection_reported", passed="1000", checked_with="service_clerk-1")
    life.made("1000")
    assert facts(life, EntryKind.FACT)[-1] == "right"
    (entry,) = life.entries(EntryKind.REFUSED, "inspection_reported")
    assert (entry.data["code"], entry.data["where"], entry.rule) == ("contradiction", "content.passed", "R43")
    assert str(life.order.passed(1)) == "1000.000"
    assert waiting(life) == []


def test_nothing_early_is_used_while_the_order_is_on_hold() -> None:
    life = Life().verified()
    life.does("sheet_sent", version=1).does("hold_placed", reason="展会")
    early(life, "signed", "production_signed", version=1, clerk="service_clerk-1")
    life.signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    assert waiting(life) == ["signed"]
    life.does("hold_released")
    assert waiting(life) == []
    assert life.order.instruction is not None
    assert life.order.instruction.signed_at is not None
