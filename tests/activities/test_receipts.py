"""A receipt counts once in the company, whoever tells it when; and money that is moved is told to both orders (R53)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, delete, select

from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.orders.recording.receipts import holders_of, restore_receipts
from activities.orders.recording.recorder import Recorder
from activities.orders.recording.shelf import PROJECTED
from activities.store import database
from activities.store.database import engine_at, reading, upgrade, writing
from activities.store.upsert import insert_into
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Claim, Saved
from models.order.projection import changed_rows
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.vocabulary import Role
from tests.activities.conftest import NOW
from tests.models.life import Life


class Recorded:
    """An order of the models whose every change goes into the order database, as its workflow does it."""

    def __init__(self, engine: Engine, number: str) -> None:
        self.engine, self.recorder = engine, Recorder(engine)
        self.life = Life()
        self.life.order.number = number
        self.rows: dict[str, str] = {}
        self.after, self.head = 0, FIRST_LINK
        self.epoch = 0
        self.save()

    def save(self, *claims: Claim) -> Saved:
        order = self.life.order
        rows, self.rows = changed_rows(order, self.rows)
        saved = self.recorder.record(
            Burst(
                order=order.number, epoch=self.epoch, after_sequence=self.after, after_hash=self.head,
                entries=list(order.unsaved), rows=rows, intentions=list(order.unsent), claims=list(claims),
            )
        )  # fmt: skip
        self.after, self.head = saved.sequence, saved.hash
        order.unsaved, order.unsent = [], []
        return saved

    def paid(self, amount: str, reference: str) -> bool:
        """Told as the workflow is told it: asked for first. Whether it counts."""
        key = f"bank:{reference.lower()}"
        elsewhere = self.save(Claim(key=key, fact_id=f"f/{self.life.said}")).elsewhere
        self.life.order.ledger.claimed_elsewhere |= set(elsewhere)
        if not elsewhere:
            self.life.order.ledger.claimed_elsewhere.discard(key)
        self.life.paid(amount, reference)
        self.save()
        return self.life.order.ledger.payments[-1].counts

    def does(self, kind: str, **content: Any) -> None:
        self.life.does(kind, **content)
        self.save()

    def hears(self) -> list[str]:
        """What waits for this order is told to it; the kinds of facts, and what each was answered."""
        told = []
        for kept in pending_facts.waiting(self.engine):
            if kept.order_number == self.life.order.number:
                said = kept.envelope
                reply = self.life.tell(
                    said.kind, by=said.by, role=said.role, happened=said.happened_at, fact_id=said.fact_id,
                    **said.content,
                )  # fmt: skip
                pending_facts.mark_told(
                    self.engine, kept.number, reply.model_dump(mode="json"), self.life.now
                )
                told.append(f"{said.kind} {reply.status.value}")
        self.save()
        return told

    @property
    def paid_in(self) -> str:
        return str(self.life.order.ledger.paid)


def holders(engine: Engine) -> dict[str, str]:
    receipts = table("bank_receipts")
    with reading(engine) as connection:
        return {row.claim: row.order_number for row in connection.execute(select(receipts))}


def test_who_comes_first_has_it_and_asking_again_changes_nothing(engine: Engine) -> None:
    """R53"""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    claim = Claim(key="bank:tx-7", fact_id="bank/1")
    assert first.save(claim).elsewhere == []
    assert second.save(claim).elsewhere == ["bank:tx-7"]
    assert first.save(claim).elsewhere == []
    assert first.save(Claim(key="bank:tx-7", fact_id="other/1")).elsewhere == []
    assert holders(engine) == {"bank:tx-7": "N-1"}


def test_of_workers_at_the_same_instant_one_has_it(engine: Engine) -> None:
    """R53: on SQLite and on PostgreSQL."""
    orders = [Recorded(engine, f"N-{n}") for n in range(6)]
    for round_ in range(5):
        gate = threading.Barrier(len(orders))

        def at_once(order: Recorded, key: str = f"bank:tx-{round_}", gate: threading.Barrier = gate) -> bool:
            gate.wait()
            return not order.save(Claim(key=key, fact_id="f")).elsewhere

        with ThreadPoolExecutor(len(orders)) as pool:
            assert sum(pool.map(at_once, orders)) == 1


def test_the_second_order_does_not_count_it_and_only_finance_learns_where_it_does(engine: Engine) -> None:
    """R53"""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    assert first.paid("1500.00", "TX-7")
    assert not second.paid("1500.00", "tx-7")
    assert (first.paid_in, second.paid_in) == ("1500.00", "0.00")
    assert holders_of(engine, "N-2") == {"tx-7": "N-1"}
    order = second.life.order
    assert "N-1" not in order.model_dump_json()
    assert "N-1" not in str(list(changed_rows(order, {})[0]))


def test_what_bounced_or_was_corrected_may_count_for_another_order(engine: Engine) -> None:
    """R53: told to the wrong order, corrected there and told to the right one."""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    assert first.paid("1500.00", "TX-7")
    first.does("payment_corrected", reference="TX-7", reason="记错订单")
    assert holders(engine) == {}
    assert second.paid("1500.00", "TX-7")
    assert not first.paid("1500.00", "TX-7")
    second.life.later(hours=1)
    second.does("payment_bounced", reference="TX-7")
    assert holders(engine) == {}
    second.life.later(hours=1)
    assert second.paid("1500.00", "TX-7")
    assert holders(engine) == {"bank:tx-7": "N-2"}


@pytest.mark.parametrize(
    ("outcome", "amount", "left"), [("move", None, "0.00"), ("split", "600.00", "900.00")]
)
def test_what_finance_moves_here_is_given_there_and_then_counts(
    engine: Engine, outcome: str, amount: str | None, left: str
) -> None:
    """R53: both halves under one id; the sum is never more than the receipt."""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    first.paid("1500.00", "TX-7")
    paid_at = first.life.order.ledger.payments[0].paid_at
    for each in (first, second):
        each.life.later(days=1)
    second.paid("1500.00", "TX-7")
    given = {"amount": amount} if amount else {}
    second.does("second_telling_settled", reference="TX-7", outcome=outcome, **given)
    second.save()
    assert first.hears() == ["money_transferred_out accepted"]
    assert (first.paid_in, second.paid_in) == (left, "0.00")
    assert second.hears() == ["money_transferred_in accepted"]
    assert second.paid_in == (amount or "1500.00")
    assert second.life.order.ledger.payments[-1].paid_at == paid_at
    assert (first.hears(), second.hears()) == ([], [])
    assert holders(engine) == {"bank:tx-7": "N-1"}
    third = Recorded(engine, "N-3")
    assert not third.paid("1500.00", "TX-7")
    assert open_desk_steps(engine) == []
    halves = table("transfers")
    with reading(engine) as connection:
        rows = connection.execute(select(halves.c.order_number, halves.c.way, halves.c.transfer)).all()
    assert {(row.order_number, row.way) for row in rows} == {("N-1", "out"), ("N-2", "in")}
    assert len({row.transfer for row in rows}) == 1


def test_finance_gives_money_of_its_own_accord(engine: Engine) -> None:
    """R53"""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    first.paid("1500.00", "TX-7")
    first.does(
        "money_transferred_out",
        reference="TX-7",
        to="N-2",
        amount="500.00",
        wrong_order=True,
        reason="记错订单",
    )
    assert second.hears() == ["money_transferred_in accepted"]
    assert (first.paid_in, second.paid_in) == ("1000.00", "500.00")


def _restored(engine: Engine, without: Sequence[str]) -> None:
    with writing(engine) as connection:
        for name in without:
            connection.execute(delete(table(name)))


def test_claims_that_a_backup_lost_come_back(engine: Engine) -> None:
    """R53: from the rows, when somebody asks, when the order is recorded anew, or all at once."""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    first.paid("1500.00", "TX-7")
    _restored(engine, ["bank_receipts"])
    assert not second.paid("1500.00", "TX-7")
    assert holders(engine) == {"bank:tx-7": "N-1"}
    _restored(engine, ["bank_receipts"])
    assert (restore_receipts(engine), restore_receipts(engine)) == (1, 0)
    assert holders(engine) == {"bank:tx-7": "N-1"}
    _restored(engine, ["bank_receipts", "payment_receipts"])
    first.rows, first.epoch = {}, 1
    first.life.does("contact_logged", channel="phone", words="来电")
    first.save()
    assert holders(engine) == {"bank:tx-7": "N-1"}


def test_two_orders_that_count_one_receipt_are_shown_to_finance(engine: Engine) -> None:
    """R53: a run of before the rule, or a backup that forgot who had it."""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    first.paid("1500.00", "TX-7")
    second.life.paid("1500.00", "TX-7")
    second.save()
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles, step.order_number) == (DeskStepKind.COUNTED_TWICE, (Role.FINANCE,), "")
    assert {step.about["given"], step.about["other"]} == {"N-1", "N-2"}


def test_an_order_that_ended_without_counting_it_holds_nothing(engine: Engine) -> None:
    """R53: it asked, and ended before it could take the money."""
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    assert first.save(Claim(key="bank:tx-7", fact_id="f")).elsewhere == []
    first.does("cancellation_requested", reason="不要了")
    assert not first.life.order.lives
    assert second.paid("1500.00", "TX-7")
    assert holders(engine) == {"bank:tx-7": "N-2"}


def test_a_new_epoch_drops_halves_of_the_old_one() -> None:
    assert {"transfers", "payment_receipts"} <= set(PROJECTED)


def test_payments_of_before_have_their_receipts(empty_database_url: str) -> None:
    """R53: brought up to date, of two orders with the same one who was paid first has it."""
    engine = engine_at(empty_database_url)
    with writing(engine) as connection:
        configuration = database._configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0009")
        paid = {"amount": Decimal("1.00"), "purpose": "balance", "confirmed": True, "cleared": True}
        for number, reference, method, by, hours, bounced in (
            ("N-1", " TX-7 ", "bank", "q-1", 2, False),
            ("N-2", "tx-7", "wechat", "q-1", 1, False),
            ("N-1", "TX-8", "bank", "q-1", 1, True),
            ("N-1", "001", "cash", "s-1", 1, False),
            ("N-2", "001", "cash", "s-2", 1, False),
        ):
            connection.execute(
                insert_into(connection, table("orders"))
                .values(number=number, head="")
                .on_conflict_do_nothing()
            )
            row = {"order_number": number, "reference": reference, "method": method, "taken_by": by}
            at = NOW + timedelta(hours=hours)
            connection.execute(table("payments").insert().values(**paid, **row, paid_at=at, bounced=bounced))
    upgrade(empty_database_url)
    assert holders(engine) == {"bank:tx-7": "N-2", "cash:s-1:001": "N-1", "cash:s-2:001": "N-2"}
    assert restore_receipts(engine) == 0
    engine.dispose()
