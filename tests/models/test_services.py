"""Services (R87): dated, confirmed, reported in per cent, accepted by word or by silence, then paid. No goods at all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.kinds.kind import KINDS, OF_GOODS
from models.order.money.exposure import due_since, exposure_of
from models.order.sheet import CHECKED_FIELDS
from models.values.calendar import end_of
from models.values.vocabulary import Ending, Fulfilment, Headline, PhaseName, Role
from tests.models.life import Life, line, refused
from workflows.upcoming import upcoming

NOT_WANTED: dict[str, Any] = {"packing": "", "consignee": "", "delivery_method": None, "freight_terms": None}


class Service(Life):
    """A service of 3,000.00, deposit 900.00, for a customer of class B."""

    def __init__(self, **changes: Any) -> None:
        asked = {
            "fulfilment": "service",
            "lines": [line(1, quantity="1", unit="job", unit_price="3000.00", tolerance_percent=None)],
            **NOT_WANTED,
        }
        super().__init__(**{**asked, **changes})

    def dated(self, finish: int = 5, begin: int = 1) -> Service:
        """Those who give it name its dates."""
        self.decide(
            Subject.SERVICE_DATE,
            "dated",
            start_date=self.day(begin).isoformat(),
            end_date=self.day(finish).isoformat(),
        )
        return self

    def begun(self) -> Service:
        """Dated, approved, signed, deposit there."""
        self.dated().decide(Subject.APPROVAL, "approve").sheet_out().signed().paid("900.00")
        return self

    def reported(self, percent: int, **more: Any) -> Service:
        """So much of it was given."""
        self.does("service_reported", percent=percent, **more)
        return self


def test_a_service_lives_from_intake_to_settlement() -> None:
    life = Service()
    assert life.waiting == {"decision:service_date", "decision:approval"}
    life.begun()
    assert (life.order.phase, life.order.headline) == (PhaseName.SERVICE, Headline.IN_SERVICE)
    assert life.waiting == {"give_service:0"}
    life.later(days=2).reported(40, words="已进场").later(days=1).reported(100)
    assert (life.order.phase, life.order.headline) == (PhaseName.ACCEPTANCE, Headline.IN_SERVICE)
    assert life.waiting == {"decision:acceptance"}
    life.decide(Subject.ACCEPTANCE, "accept")
    assert (life.order.phase, life.order.headline) == (PhaseName.SETTLEMENT, Headline.COMPLETED)
    assert (life.order.bill, life.order.open_balance) == (Decimal("3000.00"), Decimal("2100.00"))
    assert life.waiting == {"account_balance"}
    life.paid("2100.00")
    assert life.order.ending is Ending.SETTLED
    phases = [entry.subject for entry in life.entries(EntryKind.PHASE)]
    assert phases == ["verification", "confirmation", "service", "acceptance", "settlement"]


def test_an_accepted_service_is_not_amended_and_no_goods_are_spoken_of() -> None:
    """R83, R87: nothing of a service leaves; once it is accepted it is too late."""
    life = Service().begun().reported(100).decide(Subject.ACCEPTANCE, "accept")
    reply = refused(life.tell("amendment_requested", changes={"address": "别处"}, reason="x"), "too_late")
    assert reply.zh == "服务已验收，不能再变更"


def test_nobody_is_asked_about_goods_release_or_by_three_parties() -> None:
    """R87: no QC, no shipping, no R37, no R61."""
    life = Service().begun().reported(100)
    life.decide(Subject.ACCEPTANCE, "accept").paid("2100.00")
    asked = {entry.subject for entry in life.entries(EntryKind.ASKED)}
    assert asked == {"service_date", "approval", "acceptance"}
    papers = {each.paper.value for each in life.order.unsent}
    assert not papers & {"production_instruction", "finished_notice", "shipping_notice", "delivery_note"}


def test_silence_accepts_at_the_end_of_the_seventh_day() -> None:
    """R87, R81: 3,000.00, deposit 900.00."""
    life = Service().begun()
    given = life.later(days=3).now
    life.reported(100)
    over = end_of((given + timedelta(days=7)).date())
    assert life.order.steps["decision:acceptance"].due == over
    life.until(over - timedelta(seconds=1))
    assert life.order.service.accepted_at is None
    life.until(over)
    assert (life.order.service.by_silence, life.order.completed_at) == (True, over)
    assert life.order.headline is Headline.COMPLETED
    (told,) = life.entries(EntryKind.COMPLETED)
    assert (told.rule, told.data["how"]) == ("R87", "silence")
    assert not life.entries(EntryKind.OVERDUE, "decision:acceptance")
    refused(life.answer(Subject.ACCEPTANCE, "reject", words="不好"), "too_late")
    assert life.answer(Subject.ACCEPTANCE, "accept").status is Status.KNOWN
    assert life.paid("2100.00").order.ending is Ending.SETTLED


@pytest.mark.parametrize("days", [2, 9])
def test_nobody_is_silent_before_they_were_asked_however_late_it_was_told_that_all_was_given(
    days: int,
) -> None:
    life = Service().begun().later(days=10)
    life.does("service_reported", percent=100, happened=life.now - timedelta(days=days))
    assert life.order.service.accepted_at is None
    assert len(life.papers("service_given")) == 1
    assert life.order.steps["decision:acceptance"].due == end_of(life.day(10 + 7))
    life.until(end_of(life.day(10 + 7)))
    assert life.order.service.by_silence


def test_a_hold_and_an_exception_stop_the_clock_of_silence() -> None:
    life = Service().begun().reported(100)
    life.later(days=2).does(
        "exception_reported", exception="YC-1", words="客户有疑问", owner="service_clerk-1"
    )
    life.later(days=20)
    assert life.order.service.accepted_at is None
    life.does("exception_resolved", exception="YC-1", resolution="已说明")
    assert life.order.steps["decision:acceptance"].due == end_of(life.day(7 + 20))
    life.later(days=6)
    assert life.order.service.by_silence


def test_the_customer_rejects_and_it_is_done_again() -> None:
    life = Service().begun().later(days=1).reported(100)
    refused(life.answer(Subject.ACCEPTANCE, "reject"), "missing_field")
    life.decide(Subject.ACCEPTANCE, "reject", words="压痕线不准")
    assert life.order.phase is PhaseName.SERVICE
    assert life.waiting == {"exception:rejected-1", "give_service:1"}
    assert "压痕线不准" in life.order.troubles["rejected-1"].words
    life.later(days=1).reported(100)
    assert life.waiting == {"exception:rejected-1", "decision:acceptance"}
    assert life.order.decision(Subject.ACCEPTANCE).version == 2  # type: ignore[union-attr]
    life.later(days=8)  # the rejection stops nothing any more: it was done again
    assert life.order.service.by_silence
    assert life.waiting == {"account_balance"}


def test_less_than_before_needs_a_reason_and_takes_back_what_was_to_be_accepted() -> None:
    life = Service().begun().reported(60)
    reply = refused(life.tell("service_reported", percent=50), "missing_field")
    assert reply.where == "content.reason"
    assert life.order.service.percent == 60
    life.reported(50, reason="一台要重装").reported(100)
    assert "decision:acceptance" in life.waiting
    life.reported(90, reason="又停机")
    assert life.waiting == {"give_service:4"}
    refused(life.answer(Subject.ACCEPTANCE, "accept"), "not_asked")


@pytest.mark.parametrize("percent", [-1, 101, "一半", None])
def test_a_share_is_a_whole_number_from_nought_to_a_hundred(percent: object) -> None:
    life = Service().begun()
    assert life.tell("service_reported", percent=percent).status is Status.REFUSED
    assert not life.order.service.reports


def test_each_report_is_told_to_the_customer_and_the_next_is_owed_in_a_week() -> None:
    life = Service().begun()
    due = life.order.steps["give_service:0"].due
    assert due == life.now + timedelta(days=7)
    life.later(days=8)
    assert life.entries(EntryKind.OVERDUE, "give_service")
    life.reported(20, words="开工")
    assert life.order.steps["give_service:1"].due == life.now + timedelta(days=7)
    assert life.papers("service_progress") == ["the service is at 20 % (0 % before) 开工"]


def test_a_report_that_comes_late_is_kept_and_changes_nothing_that_is_known_since() -> None:
    life = Service().begun().later(days=3).reported(60)
    life.does("service_reported", percent=20, happened=life.now - timedelta(days=2))
    assert [each.percent for each in life.order.service.reports] == [20, 60]
    assert life.order.service.percent == 60


def test_what_is_reported_before_sheet_and_deposit_is_an_exception_and_counts_later() -> None:
    """R33, R36"""
    life = Service().dated().decide(Subject.APPROVAL, "approve").sheet_out().signed()
    assert life.tell("service_reported", percent=30).status is Status.KEPT_EARLY
    assert "exception:service-before-the-gate" in life.waiting
    assert life.order.service.percent == 0
    life.paid("900.00")
    assert life.order.service.percent == 30


@pytest.mark.parametrize("kind", sorted(OF_GOODS))
def test_no_fact_about_goods_belongs_to_a_service(kind: str) -> None:
    assert kind in FACT_KINDS
    content: dict[str, dict[str, Any]] = {
        "shipped": {"carrier": "德邦物流"},
        "production_reported": {"line": 1, "made": "1"},
        "production_signed": {"version": 1, "clerk": "service_clerk-1"},
        "arrived": {"shipment": "1"},
    }
    life = Service().begun()
    if kind in content:
        reply = refused(life.tell(kind, **content[kind]), "contradiction")
        assert reply.where == "kind"
        assert (life.order.shipments, life.order.lots, life.order.early) == ([], {}, [])
    else:
        assert life.order.kind.never_told >= {kind}


def test_no_progress_is_reported_of_goods() -> None:
    refused(Life().tell("service_reported", percent=10), "contradiction")


def test_the_dates_are_in_order_and_not_over() -> None:
    life = Service()
    refused(
        life.answer(Subject.SERVICE_DATE, "dated", start_date="2027-03-05", end_date="2027-03-04"),
        "contradiction",
    )
    refused(
        life.answer(Subject.SERVICE_DATE, "dated", start_date="2027-02-01", end_date="2027-02-04"),
        "date_in_past",
    )
    refused(
        life.answer(
            Subject.SERVICE_DATE,
            "dated",
            role=Role.PRODUCTION,
            start_date="2027-03-05",
            end_date="2027-03-06",
        ),
        "wrong_role",
    )
    assert life.dated(finish=20).promised == life.day(20)  # beyond R25's window: nothing ships
    assert "decision:ship_date" not in life.waiting


def test_a_sheet_that_is_not_back_moves_the_day_of_the_service() -> None:
    """R34"""
    life = Service().dated().decide(Subject.APPROVAL, "approve").sheet_out().later(days=2)
    assert life.promised == life.day(5 + 2)


def test_fields_that_a_service_has_no_use_for_are_not_asked_for() -> None:
    assert "details" not in Service().waiting
    assert "details" in Service(phone="").waiting
    assert "details" in Life(packing="").waiting


def test_what_its_sheet_does_not_say_is_neither_printed_nor_checked() -> None:
    """R170"""
    life = Service().dated().decide(Subject.APPROVAL, "approve")
    sheet = next(each.content for each in life.order.unsent if each.paper is Paper.SHEET)
    assert sheet is not None
    assert not life.order.kind.not_on_the_sheet & set(sheet)
    assert (sheet["begins"], sheet["promised"]) == ("2027-03-02", "2027-03-06")
    ticked = [name for name in CHECKED_FIELDS if name not in life.order.kind.not_on_the_sheet]
    refused(life.tell("sheet_checked", version=1, fields=ticked[1:], lines=[1]), "missing_field")
    life.does("sheet_checked", version=1, fields=ticked, lines=[1])
    assert "check_sheet:1" not in life.waiting


def test_cancelled_in_the_middle_its_cost_is_kept() -> None:
    """R84: deposit 900.00, cost 600.00."""
    life = Service().begun()
    life.reported(30).does("cancellation_requested", role=Role.CUSTOMER, reason="不做了")
    assert "decision:cancellation" in life.waiting
    life.decide(Subject.CANCELLATION, "approve", cost="600.00")
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="300.00", kept="600.00")
    assert (life.order.ending, life.order.bill) == (Ending.CANCELLED, Decimal("0.00"))


def test_before_anything_was_reported_cancelling_is_free_and_after_acceptance_too_late() -> None:
    early = Service().begun().does("cancellation_requested", role=Role.CUSTOMER, reason="不做了")
    assert early.order.pending_ending is Ending.CANCELLED
    late = Service().begun().reported(100).decide(Subject.ACCEPTANCE, "accept")
    refused(late.tell("cancellation_requested", role=Role.CUSTOMER, reason="不做了"), "too_late")
    refused(late.tell("amendment_requested", changes={"phone": "1"}, reason="换号"), "too_late")
    refused(late.tell("service_reported", percent=90, reason="坏了"), "too_late")


def test_another_scope_is_dated_confirmed_and_given_anew() -> None:
    """R83: those who give it say so by naming its dates; what was given in whole is not any more."""
    life = Service().begun().reported(100)
    life.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "2"}]}, reason="再加一台")
    assert life.order.phase is PhaseName.VERIFICATION
    assert {"decision:service_date", "decision:approval"} <= life.waiting
    life.dated(finish=9).decide(Subject.APPROVAL, "approve").sheet_out(2).signed(2).paid("900.00")
    assert (life.order.phase, life.promised) == (PhaseName.SERVICE, life.day(9))
    assert life.waiting == {"give_service:1"}
    life.reported(100).decide(Subject.ACCEPTANCE, "accept")
    assert life.order.open_balance == Decimal("4200.00")


def test_on_account_it_is_due_so_many_days_after_its_acceptance() -> None:
    """R54, R109: class A; nothing waits for the sheet or a deposit."""
    life = Service(customer={"customer_class": "A"}, payment_terms="on_account", deposit_percent=None)
    life.dated().decide(Subject.APPROVAL, "approve").sheet_out()
    assert exposure_of(life.order) == Decimal("3000.00")
    life.reported(100).decide(Subject.ACCEPTANCE, "accept")
    assert due_since(life.order) == life.day(life.order.policy.payment.account_days)
    assert life.order.steps["account_balance"].due == end_of(life.day(life.order.policy.payment.account_days))
    assert not life.papers("balance_notice")


def test_cash_that_was_taken_on_site_is_cleared_before_a_service_is_settled() -> None:
    """R35"""
    life = Service().dated().decide(Subject.APPROVAL, "approve").sheet_out().signed()
    life.does("payment_received", role=Role.SALESPERSON, amount="3000.00", method="cash", reference="SJ-1")
    assert life.order.phase is PhaseName.SERVICE
    life.does("service_reported", percent=100).decide(Subject.ACCEPTANCE, "accept")
    assert life.order.lives
    cash = next(key for key in life.waiting if key.startswith("clear_cash"))
    life.does("cash_cleared", reference=cash.partition(":")[2])
    assert life.order.ending is Ending.SETTLED


def test_a_small_prepaid_service_has_no_day_on_which_it_ships() -> None:
    """R38a is about goods."""
    life = Service(lines=[line(1, quantity="1", unit="job", unit_price="300.00")], payment_terms="prepaid")
    life.dated(finish=10).decide(Subject.APPROVAL, "approve").decide(
        Subject.SMALL_ORDER, "prepaid", assessment="新客户"
    )
    life.sheet_out().signed().paid("300.00").later(days=6)
    assert not life.order.unresolved
    assert life.order.phase is PhaseName.SERVICE


def test_what_comes_is_foreseen() -> None:
    told = [(coming.phase.value, coming.what) for coming in upcoming(Service().order)]
    assert ("service", "give_service") in told
    assert ("acceptance", "acceptance") in told
    assert not {"completion", "three_party", "technical"} & {what for _, what in told}


def test_every_phase_of_the_kind_has_its_place() -> None:
    kind = KINDS[Fulfilment.SERVICE]
    assert set(kind.headlines) == set(kind.phases)
    assert kind.making == frozenset()
