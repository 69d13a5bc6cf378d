"""An order as rows: everything it is, and only what changed."""

from __future__ import annotations

from models.cases.projection import row_tracker as case_tracker
from models.contracts.projection import row_tracker as contract_tracker
from models.dossier.records.changed_rows import RowTracker, Watched
from models.dossier.records.recording import Row
from models.order.incidents import Inspection
from models.order.projection import changed_rows, row_tracker, rows_of
from models.order.promise import PromiseChange
from models.quotes.projection import row_tracker as quote_tracker
from models.tables.registry import table
from tests.models.case_life import CaseLife
from tests.models.contract_life import ContractLife
from tests.models.life import MONDAY, Life, line
from tests.models.quote_life import QuoteLife


def tables(rows: list[Row]) -> set[str]:
    """Which tables they belong to."""
    return {row.table for row in rows}


def test_a_whole_life_is_in_rows() -> None:
    life = Life(lines=[line(1)]).arrived().later(days=16)
    rows = rows_of(life.order)
    assert tables(rows) == {
        "orders", "order_lines", "open_steps", "decisions", "promises", "payments", "lots", "inspections",
        "releases", "shipments", "billed_lines",
    }  # fmt: skip
    assert all(row.key.get("order_number", row.key.get("number")) == life.order.number for row in rows)
    order = next(row.values for row in rows if row.table == "orders")
    assert (order["headline"], order["paid"], order["open_balance"]) == ("being_recalled", "5000.00", "0.00")
    lot = next(row.values for row in rows if row.table == "lots")
    assert (lot["passed"], lot["produced_on"]) == ("1000.000", "2027-03-01")


def test_only_what_changed_is_sent() -> None:
    life = Life().confirmed()
    rows, known = changed_rows(life.order, {})
    assert rows == rows_of(life.order)
    assert changed_rows(life.order, known) == ([], known)
    life.does("contact_logged", channel="phone", words="来电")
    assert changed_rows(life.order, known) == ([], known)
    life.paid("100.00", "TX-9")
    changed, known = changed_rows(life.order, known)
    assert tables(changed) == {"orders", "payments"}


def test_of_the_order_itself_only_what_moved_is_sent() -> None:
    life, known = Life().confirmed(), dict[str, str]()
    tracker = row_tracker(life.order)
    tracker.sent(tracker.changed(known, life.now), known)
    life.paid("100.00", "TX-9")
    moved = tracker.changed(known, life.now)
    (head,) = [each.row.values for each in moved if each.row.table == "orders"]
    assert head == {"paid": "1600.00", "open_balance": "3400.00"}
    tracker.sent(moved, known)
    tracker.forget()
    (head,) = [each.row.values for each in tracker.changed({}, life.now) if each.row.table == "orders"]
    assert head == rows_of(life.order)[0].values
    anew = row_tracker(life.order)
    life.paid("50.00", "TX-10")
    (head,) = [each.row.values for each in anew.changed(known, life.now) if each.row.table == "orders"]
    assert head == rows_of(life.order)[0].values


def test_a_row_beside_the_row_of_the_case_is_never_compared_with_it() -> None:
    state = {"stage": "open"}

    def watched() -> list[Watched]:
        made_of = (state["stage"],)
        return [Watched(name, (), made_of, lambda: dict(state)) for name in ("cases", "quotes")]

    tracker, known = RowTracker("Q-1", watched, beside=("quotes",)), dict[str, str]()
    tracker.sent(tracker.changed(known, MONDAY), known)
    state["stage"] = "closed"
    rows = [each.row for each in tracker.changed(known, MONDAY)]
    assert [(row.table, row.values) for row in rows] == [
        ("cases", {"stage": "closed"}), ("quotes", {"stage": "closed"}),
    ]  # fmt: skip


def test_what_lives_beside_orders_is_a_case_and_a_row_of_its_own_kind() -> None:
    """R92, R103, R107: lists read the first, of whatever kind it is; each row is of the case with this number."""
    trackers = {
        "quotes": quote_tracker(QuoteLife().quote),
        "order_cases": case_tracker(CaseLife().case),
        "contracts": contract_tracker(ContractLife().contract),
    }
    for own, tracker in trackers.items():
        rows = [each.row for each in tracker.changed({}, MONDAY)]
        assert [row.table for row in rows[:2]] == ["cases", own]
        assert {row.table for row in rows[2:]} >= {"case_steps"}
        (number,) = rows[0].key.values()
        assert rows[0].key == {"number": number}
        assert {row.key["case_number"] for row in rows[1:]} == {number}
        assert all(set(row.values) <= set(table(row.table).columns.keys()) for row in rows)


def test_a_step_that_is_done_is_closed_by_its_row() -> None:
    life = Life().verified()
    _, known = changed_rows(life.order, {})
    life.later(hours=1).does("sheet_sent", version=1)
    changed, _ = changed_rows(life.order, known)
    closed = [row for row in changed if set(row.values) == {"closed_at"}]
    assert [row.key["key"] for row in closed] == ["check_sheet:1", "send_sheet:1"]
    assert closed[0].values["closed_at"] == life.now.isoformat()


class LaterChange(PromiseChange):
    """A move of the promise as a later release may have it."""

    told_by: str = "phone"


class LaterInspection(Inspection):
    """An inspection as a later release may have it."""

    minutes: int = 20


def test_what_a_model_gets_later_asks_for_no_column() -> None:
    life = Life(lines=[line(1)]).arrived().later(days=16)
    order = life.order
    before = rows_of(order)
    order.promise.history[:] = [LaterChange(**each.model_dump()) for each in order.promise.history]
    order.inspections[:] = [LaterInspection(**each.model_dump()) for each in order.inspections]
    assert order.inspections
    assert rows_of(order) == before
    for row in before:
        assert {*row.key, *row.values} <= set(table(row.table).columns.keys()), row.table
