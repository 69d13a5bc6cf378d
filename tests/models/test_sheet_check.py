"""The sheet is checked line by line before it is sent (R170)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.order.sheet import CHECKED_FIELDS
from models.reports.responsibility import exceptional
from models.values.vocabulary import Role, Words
from tests.models.life import Life, line, refused

ALL: dict[str, Any] = {"version": 1, "fields": list(CHECKED_FIELDS), "lines": [1]}


def ready() -> Life:
    return Life().verified()


def test_it_is_owed_before_sending_and_blocks_nothing() -> None:
    life = ready()
    assert life.waiting >= {"check_sheet:1", "send_sheet:1"}
    step = life.order.steps["check_sheet:1"]
    assert (step.roles, step.blocking, step.rule) == ((Role.SERVICE_CLERK, Role.MERCHANDISER), False, "R170")
    life.does("sheet_checked", role=Role.MERCHANDISER, **ALL)
    assert "check_sheet:1" not in life.waiting
    assert (life.order.sheets[0].checked_by, life.order.sheets[0].checked_at) == ("merchandiser-1", life.now)
    life.does("sheet_sent", version=1)
    assert not life.entries(EntryKind.LIABILITY)


def test_sent_unchecked_it_is_noted_for_the_responsibility_report() -> None:
    """R86: it happened; nothing is blocked."""
    life = ready().does("sheet_sent", role=Role.MERCHANDISER, version=1)
    (noted,) = life.entries(EntryKind.LIABILITY)
    assert (noted.rule, noted.data["liable"]) == ("R170", {"merchandiser": "merchandiser-1"})
    assert "check_sheet:1" not in life.waiting
    (told,) = exceptional(life.order.unsaved, lambda kind: Words(kind, kind), str)
    assert (told.rule, told.answerable) == ("R170", ("merchandiser-1",))
    assert told.what.en == "liability: the sheet was sent without being checked"
    life.later(hours=1)
    refused(life.tell("sheet_checked", **ALL), "too_late")
    life.does("sheet_sent", version=1)
    assert len(life.entries(EntryKind.LIABILITY)) == 1, "once"


def test_told_after_the_sending_and_done_before_it_is_taken() -> None:
    life = ready()
    checked = life.now
    life.later(hours=1).does("sheet_sent", version=1)
    assert life.tell("sheet_checked", happened=checked, **ALL).status.value == "accepted"
    assert not exceptional(life.order.unsaved, lambda kind: Words(kind, kind), str)


def test_told_by_the_fax_gateway_it_is_the_clerks() -> None:
    life = ready().does("sheet_sent", role=Role.SYSTEM, version=1)
    assert life.entries(EntryKind.LIABILITY)[0].data["liable"] == {"service_clerk": "service_clerk-1"}


def test_a_sheet_that_comes_back_was_sent() -> None:
    life = ready().signed()
    assert len(life.entries(EntryKind.LIABILITY)) == 1
    assert "check_sheet:1" not in life.waiting


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"fields": list(CHECKED_FIELDS[1:])}, "missing_field", "content.fields"),
        ({"lines": []}, "missing_field", "content.lines"),
        ({"lines": [1, 2]}, "unknown_line", "content.lines"),
        ({"fields": [*CHECKED_FIELDS, "colour"]}, "unknown_field", "content.fields"),
        ({"differing": ["lines.3.quantity"]}, "unknown_field", "content.differing"),
        ({"differing": ["lines.1.colour"]}, "unknown_field", "content.differing"),
        ({"differing": ["lines.x.quantity"]}, "unknown_field", "content.differing"),
    ],
)
def test_what_is_not_ticked_or_not_there_is_refused(changes: dict[str, Any], code: str, where: str) -> None:
    life = ready()
    reply = refused(life.tell("sheet_checked", **{**ALL, **changes}), code)
    assert reply.where == where
    assert "check_sheet:1" in life.waiting


def test_every_line_is_ticked() -> None:
    life = Life(lines=[line(1), line(2, product="TP-57")]).verified()
    assert refused(life.tell("sheet_checked", **ALL), "missing_field").en.endswith("line 2")
    life.does("sheet_checked", **{**ALL, "lines": [1, 2]})


def test_a_difference_is_asked_for_and_makes_a_new_version() -> None:
    life = ready().does(
        "sheet_checked", version=1, differing=["lines.1.quantity", "packing"], words="客户说八百卷"
    )
    assert life.order.sheet is None
    assert life.waiting == {"details"}
    changes = {"packing": "40 卷一箱", "lines": [{"line": 1, "quantity": "800"}]}
    life.does("details_completed", changes=changes, clarified=["lines.1.quantity", "packing"])
    life.verified()
    assert life.order.sheets[-1].version == 2
    assert life.waiting >= {"check_sheet:2", "send_sheet:2"}
    refused(life.tell("sheet_checked", **ALL), "stale_version")


def test_a_second_person_where_the_policy_asks_for_one() -> None:
    life = Life(policy={"sheet": {"second_person": True}}).verified()
    refused(life.tell("sheet_checked", **ALL), "same_person")
    life.does("sheet_checked", role=Role.MERCHANDISER, **ALL)


def test_too_early_it_waits_for_its_version() -> None:
    life = Life()
    assert life.tell("sheet_checked", **ALL).status.value == "kept_early"
    life.verified()
    assert "check_sheet:1" not in life.waiting


@pytest.mark.parametrize("edition", [1, 2, 3])
def test_orders_of_earlier_editions_owe_no_check(edition: int) -> None:
    life = Life(edition=edition).verified()
    assert "check_sheet:1" not in life.waiting
    life.does("sheet_sent", version=1)
    assert not life.entries(EntryKind.LIABILITY)
