"""Company data keep who changed what, before and after, whichever way it came: by import, by page, by a notice's address."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from activities.store import imports
from activities.store.company_changes import Teller, changes_of, changes_of_product, newest_changes
from activities.store.database import reading
from models.company.record_changes import ChangeWay, RecordKind
from models.tables.registry import table
from models.values.vocabulary import CustomerClass, Role, Unit

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
WU = Teller("wu", ChangeWay.IMPORT, NOW)


def customer(**changes: object) -> imports.CustomerRow:
    return imports.CustomerRow.model_validate({"customer": "K-1", "name": "红枫", "fax": "1", **changes})


def test_an_import_says_what_it_changed_and_who_brought_it(engine: Engine) -> None:
    imports.import_customers(engine, [customer()], teller=WU)
    imports.import_customers(engine, [customer()], teller=WU)
    imports.import_customers(engine, [customer(fax="2", customer_class=CustomerClass.B)], teller=WU)
    second, first = changes_of(engine, RecordKind.CUSTOMER, "K-1")
    assert (first.is_new, first.person, first.way, first.at) == (True, "wu", ChangeWay.IMPORT, NOW)
    assert {each.field: each.after for each in first.fields} == {
        "name": "红枫",
        "customer_class": "C",
        "fax": "1",
    }
    assert not second.is_new
    assert [each.model_dump() for each in second.fields] == [
        {"field": "customer_class", "before": "C", "after": "B"}, {"field": "fax", "before": "1", "after": "2"},
    ]  # fmt: skip


def test_what_a_file_does_not_speak_of_stays(engine: Engine) -> None:
    imports.import_customers(engine, [customer(contact="王芳", phone="0755", address="深圳")], teller=WU)
    imports.import_customers(engine, [customer(phone="0756")], teller=WU)
    with reading(engine) as connection:
        row = connection.execute(table("customers").select()).mappings().one()
    assert (row["contact"], row["phone"], row["address"]) == ("王芳", "0756", "深圳")


def test_prices_people_and_days_have_their_history_too(engine: Engine) -> None:
    price = imports.PriceRow(
        product="A B", unit=Unit.ROLL, unit_price=Decimal(12), valid_from=date(2027, 1, 1)
    )
    imports.import_prices(engine, [price], teller=WU)
    imports.import_prices(engine, [price.model_copy(update={"unit_price": Decimal("12.00")})], teller=WU)
    imports.import_prices(engine, [price.model_copy(update={"unit_price": Decimal("0.0385")})], teller=WU)
    changed, new = changes_of_product(engine, "A B")
    assert new.is_new
    assert [(each.before, each.after) for each in changed.fields] == [("12.00", "0.0385")]
    assert changes_of_product(engine, "A") == []
    imports.import_staff(
        engine, [imports.StaffRow(person="li", name="李", roles=(Role.SALESPERSON,))], teller=WU
    )
    imports.import_staff(engine, [imports.StaffRow(person="li", name="李", roles=())], teller=WU)
    assert [each.fields[0].field for each in changes_of(engine, RecordKind.PERSON, "li")] == ["roles", "name"]
    day = imports.CalendarDayRow(day=date(2027, 1, 1), working=False, name="元旦")
    imports.import_calendar_days(engine, [day], teller=WU)
    assert changes_of(engine, RecordKind.CALENDAR_DAY, "2027-01-01")[0].fields[0].after is False
    newest = newest_changes(engine, list(RecordKind))
    assert [each.kind for each in newest] == [
        RecordKind.CALENDAR_DAY, RecordKind.PERSON, RecordKind.PERSON, RecordKind.PRICE, RecordKind.PRICE,
    ]  # fmt: skip
    assert newest_changes(engine, list(RecordKind), before=newest[-1].number) == []


@pytest.mark.parametrize("name", ["很" * 120, "100%", "O'Neil", "😀", "a b"])
def test_odd_names_are_found_again(engine: Engine, name: str) -> None:
    imports.import_customers(engine, [customer(customer=name, name=name)], teller=WU)
    assert changes_of(engine, RecordKind.CUSTOMER, name)[0].subject == name
