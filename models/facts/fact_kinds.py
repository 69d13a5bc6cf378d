"""The table of all facts that an order takes, by their names on the wire; each row stands beside its handler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.decisions.answers import decision, detail_of
from models.decisions.subjects import SUBJECTS
from models.handlers import (
    administration,
    amendments,
    cancellation,
    contracts,
    corrections,
    customer_file,
    incidents,
    joint_checks,
    production,
    quotes,
    reassignment,
    service,
)
from models.handlers.goods import after_sales, delivery, inspection, shipping
from models.handlers.money import credit, invoices, payments, transfers
from models.handlers.promise import sheet, sheet_check
from models.handlers.shop import intents
from models.handlers.stock import materials, picking, reservations
from models.messages.decision_subjects import DecisionContent
from models.messages.envelope import DECISION, Envelope, read_content
from models.messages.fact_kind import FactKind
from models.values.vocabulary import Words
from models.writing.entry import printed_texts

FACT_KINDS: dict[str, FactKind] = {
    **amendments.FACTS,
    **sheet.FACTS,
    **payments.FACTS,
    **production.FACTS,
    **inspection.FACTS,
    **shipping.FACTS,
    **delivery.FACTS,
    **after_sales.FACTS,
    **cancellation.FACTS,
    **incidents.FACTS,
    **administration.FACTS,
    **corrections.FACTS,
    **transfers.FACTS,
    **joint_checks.FACTS,
    **customer_file.FACTS,
    **sheet_check.FACTS,
    **reassignment.FACTS,
    **reservations.FACTS,
    **materials.FACTS,
    **picking.FACTS,
    **credit.FACTS,
    **contracts.FACTS,
    **quotes.FACTS,
    **service.FACTS,
    **invoices.FACTS,
    **intents.FACTS,
    DECISION: FactKind(
        DecisionContent,
        tuple(sorted({role for rule in SUBJECTS.values() for role in rule.roles})),
        Words("决定", "decision"),
        decision,
        detail_of,
    ),
}


def printed_in(envelope: Envelope, kinds: Mapping[str, FactKind] = FACT_KINDS) -> Iterator[tuple[str, str]]:
    """The texts of what an envelope carries that stand on papers, each with its place; nothing of a kind nobody knows."""
    kind = kinds.get(envelope.kind)
    if kind is None:
        return
    yield from printed_texts(read_content(kind.content, envelope.content, inside="content"), "content")
    for name, model in kind.inner(envelope.content).items() if kind.inner is not None else ():
        place = f"content.{name}"
        yield from printed_texts(read_content(model, envelope.content.get(name, {}), inside=place), place)
