"""What pages of the company read and keep, on both kinds of database: found, kept by who has seen it, refused otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from activities.access.all_links import given_links
from activities.company.calendar_days import days_of, drop_day
from activities.company.customers import find_customers
from activities.company.prices import find_prices, keep_new_price, prices_of
from activities.company.records import keep_changed, record_of
from activities.company.statements import account_of
from activities.notices.delivery_lists import bring_forward, counted, newest_deliveries, open_notice_steps
from activities.reminders.reminder_pauses import pauses_now, whose
from activities.reports.made_reports import last_made, made_reports
from activities.store.company_changes import Teller, changes_of
from activities.store.imports import PriceRow
from models.company.record_changes import ChangeWay, RecordKind
from models.reports.notice_routes import DeliveryState
from models.reports.report import ReportKind
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Unit

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
TODAY = date(2027, 1, 5)
WU = Teller("wu", ChangeWay.PAGE, NOW)


def test_records_are_found_and_kept(company: Engine) -> None:
    page = find_customers(company, text="甲", customer_class="B", salesperson="s-7", unverified=True)
    assert [(each.customer, each.open_orders, each.open_balance) for each in page.customers] == [
        ("c-1", 0, ZERO)
    ]
    assert find_customers(company, text="%").total == 0
    assert find_customers(company, most=1).next == "c-1"
    key, record = {"customer": "c-1"}, record_of(company, RecordKind.CUSTOMER, {"customer": "c-1"})
    keep_changed(company, RecordKind.CUSTOMER, key, {"phone": "1"}, record.seen, WU, {})
    with pytest.raises(Refusal) as stale:
        keep_changed(company, RecordKind.CUSTOMER, key, {"phone": "2"}, record.seen, WU, {})
    assert stale.value.code is Code.STALE_VERSION
    assert changes_of(company, RecordKind.CUSTOMER, "c-1")[0].fields[0].after == "1"
    with pytest.raises(Refusal) as unknown:
        record_of(company, RecordKind.PERSON, {"person": "nobody"})
    assert unknown.value.code is Code.UNKNOWN_PERSON
    assert account_of(company, "c-1", TODAY, TODAY).statement.closing == ZERO


def test_prices_are_found_and_end_each_other(company: Engine) -> None:
    rows, total, following = find_prices(company, TODAY, text="p-")
    assert ([row["product"] for row in rows], total, following) == (["P-1", "P-2"], 2, "")
    assert len(find_prices(company, TODAY, everything=True)[0]) == 3
    new = PriceRow(product="P-1", unit=Unit.ROLL, unit_price=Decimal(13), valid_from=date(2027, 2, 1))
    assert keep_new_price(company, new, TODAY, WU) == date(2027, 1, 31)
    assert [row["valid_until"] for row in prices_of(company, "P-1")] == [
        None,
        date(2027, 1, 31),
        date(2026, 12, 31),
    ]
    with pytest.raises(Refusal) as overlap:
        keep_new_price(company, new.model_copy(update={"valid_from": date(2027, 1, 20)}), TODAY, WU)
    assert overlap.value.code is Code.CONTRADICTION


def test_lists_of_nothing_are_empty(company: Engine) -> None:
    assert list(given_links(company, salesperson="s-7", customer="c-1", before=NOW)) == []
    assert newest_deliveries(company, DeliveryState.WAITING, "x", NOW) == []
    assert (counted(company), list(open_notice_steps(company))) == ({}, [])
    assert bring_forward(company, [("a", "b", "c", "d")], NOW) == bring_forward(company, None, NOW) == 0
    assert list(pauses_now(company, TODAY, "s-7")) == []
    assert whose(company, "c-1") is not None
    assert whose(company, "nobody") is None
    assert (list(made_reports(company, list(ReportKind))), last_made(company)) == ([], {})


def test_the_companys_own_days_win(company: Engine) -> None:
    days, _ = days_of(company, 2027)
    own = {each.day: (each.working, each.name) for each in days if each.own}
    assert own == {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 3): (True, "")}
    assert drop_day(company, date(2027, 1, 3), WU)
    assert not drop_day(company, date(2027, 1, 3), WU)
    assert date(2027, 1, 3) not in {each.day for each in days_of(company, 2027)[0] if each.own}
