"""The table of all subjects that are decided; each row stands beside what follows from it."""

from __future__ import annotations

from models.decisions import acceptance, cases, closing, contracts, goods, quotes, stock
from models.decisions.kinds import samples, service, shop
from models.decisions.subject_rule import SubjectRule
from models.messages.decision_subjects import Subject

SUBJECTS: dict[Subject, SubjectRule] = {
    row.subject: row
    for row in (
        *acceptance.ROWS,
        *goods.ROWS,
        *closing.ROWS,
        *quotes.ROWS,
        *stock.ROWS,
        *cases.ROWS,
        *contracts.ROWS,
        *service.ROWS,
        *samples.ROWS,
        *shop.ROWS,
    )
}
