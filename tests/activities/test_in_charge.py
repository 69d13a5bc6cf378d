"""Who is in charge of an order now: seen by pages, heard by notices, counted with the next order (R133)."""

from __future__ import annotations

from sqlalchemy import Engine, select

from activities.facts.late_facts import was_known_at_the_end
from activities.notices.addresses import address_book
from activities.notices.outbox import enter_row
from activities.notices.routing import Router
from activities.orders.assigning import assign_as_placed
from activities.orders.in_charge import orders_of, roles_in_charge, start_now
from activities.orders.recording.recorder import Recorder
from activities.orders.requests import open_request, start_of
from activities.store.database import reading, writing
from activities.store.imports import StaffRow, import_staff
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.policy import Policy
from models.reports.notice_routes import Channel, NoticeTable
from models.tables.registry import table
from models.values.vocabulary import Role, Words
from tests.activities.conftest import NOW, order_request
from tests.models.life import SIGNER, Life


def reassigned(engine: Engine, number: str, role: str, person: str) -> None:
    """As the order's own row says it once it was recorded."""
    from activities.store.upsert import upsert

    with writing(engine) as connection:
        values = {"person": person, "assigned_at": NOW}
        upsert(connection, table("order_assignments"), {"order_number": number, "role": role}, values)


def test_pages_and_notices_know_who_it_is_now(company: Engine) -> None:
    import_staff(
        company, [StaffRow(person="s-8", name="孙", email="s-8@house.example", roles=(Role.SALESPERSON,))]
    )
    start, _ = open_request(company, order_request(), NOW, Policy())
    assert start_now(company, start.number).staff.person(Role.SALESPERSON) == "s-7"
    assert orders_of(company, "s-7", Role.SALESPERSON) == [start.number]
    reassigned(company, start.number, "salesperson", "s-8")
    assert start_now(company, start.number).staff.person(Role.SALESPERSON) == "s-8"
    assert start_of(company, start.number) == start, "what it began with stays"
    assert (orders_of(company, "s-7", Role.SALESPERSON), roles_in_charge(company, "s-8")) == (
        [],
        {Role.SALESPERSON: 1},
    )
    with reading(company) as connection:
        assert address_book(connection, start.number).of("salesperson").email == "s-8@house.example"


def test_a_history_that_was_given_up_leaves_the_order_with_who_had_it(company: Engine) -> None:
    start, _ = open_request(company, order_request(), NOW, Policy())
    reassigned(company, start.number, "salesperson", "s-1")
    with writing(company) as connection:
        assign_as_placed(connection, start.number)
    assert start_now(company, start.number).staff == start.staff


def test_a_sheet_that_nobody_has_checked_goes_out_to_nobody(engine: Engine) -> None:
    """R170: it waits for the check, and goes with the next round; told as sent by another way it goes too."""
    import_staff(
        engine,
        [StaffRow(person="salesperson-1", name="李", email="li@house.example", roles=(Role.SALESPERSON,))],
    )
    life = Life().verified()
    Recorder(engine).record(
        Burst(order=life.order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=life.order.unsaved,
              rows=rows_of(life.order), intentions=[])
    )  # fmt: skip
    with writing(engine) as connection:
        for paper, identity in ((Paper.SHEET, "confirmation_sheet:1"), (Paper.PAYMENT, "payment_notice:1")):
            enter_row(
                connection, order=life.order.number, identity=identity, paper=paper, to=(Role.SALESPERSON,),
                words=Words("事", "it"), rule="R30", created_at=NOW, content=None,
            )  # fmt: skip
    router = Router(engine, NoticeTable, {Channel.EMAIL})
    assert (router.route_due(NOW), router.route_due(NOW)) == (1, 0)
    assert _told(engine) == ["payment_notice:1"]
    sequence = life.order.sequence
    life.checked()
    entries = [entry for entry in life.order.unsaved if entry.sequence > sequence]
    from models.order.projection import row_tracker

    known: dict[str, str] = {}
    tracker = row_tracker(Life().verified().order)
    tracker.sent(tracker.changed({}, life.now), known)
    rows = [each.row for each in row_tracker(life.order).changed(known, life.order.clock)]
    Recorder(engine).record(
        Burst(order=life.order.number, epoch=0, after_sequence=sequence, after_hash=entries[0].previous, entries=entries,
              rows=rows, intentions=[])
    )  # fmt: skip
    assert router.route_due(NOW) == 1
    assert _told(engine) == ["confirmation_sheet:1", "payment_notice:1"]


def _told(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return sorted(connection.scalars(select(table("deliveries").c.identity)))


def test_a_receipt_that_is_confirmed_after_the_end_is_known_where_the_order_was_completed(
    engine: Engine,
) -> None:
    """R81: of an order of an earlier edition nobody knows; it is late."""
    for number, edition in (("20270301-0001", 4), ("20270301-0002", 3)):
        life = Life(edition=edition).arrived().does("delivery_receipt", signed_by=SIGNER)
        life.order.number = number
        Recorder(engine).record(
            Burst(order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=life.order.unsaved,
                  rows=rows_of(life.order), intentions=[])
        )  # fmt: skip
    assert was_known_at_the_end(engine, "20270301-0001", "receipt_confirmed")
    assert not was_known_at_the_end(engine, "20270301-0001", "payment_received")
    assert was_known_at_the_end(engine, "20270301-0002", "after_sales_opened"), "no clerk is asked about it"
    assert not was_known_at_the_end(engine, "20270301-0002", "receipt_confirmed")
