"""An order that lives hears of the cases about it, in the transaction that records the case; one that has ended does not (R81)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from activities.cases.case_recorder import CaseRecorder
from activities.store.database import reading, writing
from models.cases.case import Case
from models.cases.projection import row_tracker
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Saved
from models.tables.registry import table
from tests.activities.test_opened_cases import NOW, ORDER, asked, delivered, opened
from workflows import aftersales


def alive(engine: Engine) -> None:
    delivered(engine)
    with writing(engine) as connection:
        connection.execute(update(table("orders")).values(ending=None, ended_at=None))


def told(engine: Engine) -> list[tuple[str, str, Any]]:
    inbox = table("inbox")
    with reading(engine) as connection:
        rows = connection.execute(select(inbox.c.order_number, inbox.c.envelope).order_by(inbox.c.number))
        return [(row.order_number, row.envelope["kind"], row.envelope["content"]) for row in rows]


def recorded(engine: Engine, case: Case) -> Saved:
    rows = row_tracker(case).changed({}, case.clock)
    burst = Burst(
        order=case.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=list(case.unsaved),
        rows=[each.row for each in rows], intentions=[],
    )  # fmt: skip
    return CaseRecorder(engine).record_case(burst)


@pytest.mark.postgresql
def test_an_order_that_lives_hears_when_a_case_opens_and_when_it_ends(company: Engine) -> None:
    alive(company)
    start = opened(company, asked())
    said = {"case": start.number}
    assert told(company) == [(ORDER, "after_sales_opened", said)]
    case = aftersales.begin(start, NOW)
    content: dict[str, Any] = {"reason": "自行处理"}
    withdrawn = {
        "fact_id": "c/1", "kind": "case_withdrawn", "by": "c-1", "role": "customer",
        "happened_at": NOW.isoformat(), "content": content,
    }  # fmt: skip
    aftersales.receive(case, withdrawn, NOW)
    assert not case.lives
    assert [recorded(company, case).diverged for _ in range(2)] == [False, False]
    assert told(company) == [(ORDER, "after_sales_opened", said), (ORDER, "after_sales_closed", said)]


def test_an_order_that_has_ended_hears_nothing(company: Engine) -> None:
    delivered(company)
    case = aftersales.begin(opened(company, asked()), NOW)
    recorded(company, case)
    assert told(company) == []
