"""Records of the company: what changed, which price counts when, who may keep what (R17, R20, R28, R31, R85)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access import Caller, CallerKind
from models.company.keepers import CUSTOMER_KEEPERS, customer_fields, require_one_of, sees_customer
from models.company.price_list import Validity, ended_by, require_apart, require_kept, require_new
from models.company.record_changes import (
    ChangeWay,
    FieldChange,
    RecordChange,
    RecordKind,
    differences,
    require_seen,
    value_words,
)
from models.company.record_words import change_words
from models.values.errors import Code, Refusal
from models.values.vocabulary import CustomerClass, Role, Words

TODAY = date(2027, 3, 1)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


# --- what changed ------------------------------------------------------------------------------------------------


def test_only_what_differs_is_a_change_and_nothing_said_is_nothing() -> None:
    before = {"name": "甲", "fax": "", "roles": ["a"], "contract": None}
    after = {"name": "乙", "fax": None, "roles": ["a"], "contract": {"reference": "C-1"}}
    assert [each.model_dump() for each in differences(before, after)] == [
        {"field": "name", "before": "甲", "after": "乙"},
        {"field": "contract", "before": None, "after": {"reference": "C-1"}},
    ]
    assert differences(before, before) == ()
    assert [each.field for each in differences(None, before)] == ["name", "roles"]


def change(number: int, person: str, **fields: tuple[Any, Any]) -> RecordChange:
    changed = tuple(FieldChange(field=name, before=one, after=two) for name, (one, two) in fields.items())
    return RecordChange(
        number=number, at=datetime(2027, 3, 1, tzinfo=UTC), person=person, way=ChangeWay.PAGE, kind=RecordKind.CUSTOMER,
        subject="K-1", fields=changed,
    )  # fmt: skip


def test_the_second_of_two_is_told_who_was_first_and_what_is_another_now() -> None:
    known = [
        change(4, "li", phone=("1", "2")), change(7, "wu", phone=("2", "3"), fax=("", "9")), change(8, "li", email=("", "e")),
    ]  # fmt: skip
    require_seen(8, known, {}, {})
    with pytest.raises(Refusal) as refused:
        require_seen(4, known, {"wu": "吴", "li": "李"}, {"phone": Words("电话", "phone")})
    assert refused.value.code is Code.STALE_VERSION
    assert "吴、李" in refused.value.words.zh
    told = {
        each["field"]["en"]: (each["before"]["zh"], each["after"]["zh"]) for each in refused.value.changes
    }
    assert told == {"phone": ("2", "3"), "fax": ("无", "9"), "email": ("无", "e")}
    with pytest.raises(Refusal) as all_of_it:
        require_seen(0, known, {}, {})
    assert all_of_it.value.changes[0]["before"]["zh"] == "1"
    with pytest.raises(Refusal) as by_nobody:
        require_seen(0, [change(9, "", phone=("1", "2"))], {}, {})
    assert by_nobody.value.words.en.startswith("while you were writing, - changed this record;")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "无", "none"), ([], "无", "none"), (True, "是", "yes"), (False, "否", "no"), (["a", "b"], "a、b", "a, b"),
        ("B", "B 类", "class B"), ({"reference": "C-1", "valid_until": None}, "合同号 C-1", "contract C-1"),
    ],
)  # fmt: skip
def test_a_value_reads_as_people_say_it(value: Any, zh: str, en: str) -> None:
    names = {"reference": Words("合同号", "contract")}
    said = value_words(value, CustomerClass, names)
    if value == "B":
        zh, en = CustomerClass.B.zh, CustomerClass.B.en
    assert (said.zh, said.en) == (zh, en)


# --- prices ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", CUSTOMER_KEEPERS)
def test_every_field_that_somebody_keeps_is_called_as_people_say_it(field: str) -> None:
    """The customer's file and its history name no field of a program."""
    change = FieldChange(field=field, before="", after="x")
    name = change_words(RecordKind.CUSTOMER, change, lambda person: Words(person, person))[0]
    assert not re.search(r"[A-Za-z]", name.zh)
    assert "_" not in name.en


def test_a_new_price_ends_the_former_the_day_before() -> None:
    assert ended_by("P", [Validity(day(-90))], Validity(day(10))) == Validity(day(-90), day(9))
    assert ended_by("P", [Validity(day(-90), day(-60)), Validity(day(-59))], Validity(day(10))) == (
        Validity(day(-59), day(9))
    )
    assert ended_by("P", [Validity(day(-90), day(9))], Validity(day(10))) is None
    assert ended_by("P", [], Validity(day(10))) is None


@pytest.mark.parametrize(
    ("known", "new", "code"),
    [
        (Validity(day(-90), day(10)), Validity(day(10)), Code.CONTRADICTION),
        (Validity(day(20)), Validity(day(10)), Code.CONTRADICTION),
        (Validity(day(20)), Validity(day(10), day(20)), Code.CONTRADICTION),
        (Validity(day(10)), Validity(day(10)), Code.REQUEST_CONFLICT),
        (Validity(day(10), day(10)), Validity(day(10), day(10)), Code.REQUEST_CONFLICT),
    ],
)
def test_prices_that_would_overlap_are_refused(known: Validity, new: Validity, code: Code) -> None:
    with pytest.raises(Refusal) as refused:
        ended_by("P", [known], new)
    assert refused.value.code is code


def test_a_price_up_to_the_day_before_the_next_one_fits() -> None:
    assert ended_by("P", [Validity(day(20))], Validity(day(10), day(19))) is None


validities = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 15))).map(
        lambda pair: Validity(day(pair[0]), None if pair[1] is None else day(pair[0] + pair[1]))
    ),
    max_size=8,
)


@given(validities)
def test_at_most_one_price_counts_on_any_day(wanted: list[Validity]) -> None:
    known: list[Validity] = []
    for new in wanted:
        try:
            former = ended_by("P", known, new)
        except Refusal:
            continue
        if former is not None:
            known = [former if each.first == former.first else each for each in known]
        known.append(new)
    for number in range(60):
        counting = [each for each in known if each.meets(Validity(day(number), day(number)))]
        assert len(counting) <= 1


def test_a_price_in_force_keeps_its_amount_and_ends_yesterday_at_the_earliest() -> None:
    begun = Validity(day(-10))
    with pytest.raises(Refusal) as amount:
        require_kept(begun, None, TODAY, other_price=True)
    assert (amount.value.code, amount.value.where) == (Code.CONTRADICTION, "unit_price")
    require_kept(begun, day(-1), TODAY, other_price=False)
    with pytest.raises(Refusal) as end:
        require_kept(begun, day(-2), TODAY, other_price=False)
    assert end.value.code is Code.DATE_IN_PAST
    require_kept(Validity(day(1)), day(2), TODAY, other_price=True)
    require_kept(Validity(day(-10), day(-5)), day(-5), TODAY, other_price=False)
    require_new(TODAY, TODAY)
    with pytest.raises(Refusal):
        require_new(day(-1), TODAY)
    with pytest.raises(Refusal):
        require_apart("P", [Validity(day(5))], Validity(day(-10)))
    require_apart("P", [Validity(day(5))], Validity(day(-10), day(4)))


# --- who may -----------------------------------------------------------------------------------------------------

KEEP = {
    "name": "salesperson service_clerk merchandiser service_supervisor sales_supervisor marketing_director",
    "designated_signers": "service_clerk service_supervisor sales_supervisor",
    "customer_class": "sales_supervisor marketing_director",
    "contract": "sales_supervisor marketing_director legal finance",
    "salesperson": "service_supervisor sales_supervisor marketing_director",
}
LIKE = {
    **dict.fromkeys(("contact", "phone", "address", "email", "fax"), "name"),
    "signer_contacts": "designated_signers",
    **dict.fromkeys(("service_clerk", "merchandiser", "region"), "salesperson"),
}
"""By hand: who keeps which field of a customer's file."""


def somebody(*roles: Role) -> Caller:
    return Caller(name="li", kind=CallerKind.STAFF, roles=roles)


@pytest.mark.parametrize("role", list(Role))
def test_who_keeps_a_customers_file(role: Role) -> None:
    wanted = {field for field in CUSTOMER_KEEPERS if role.value in KEEP[LIKE.get(field, field)].split()}
    assert set(customer_fields(somebody(role))) == wanted


def test_every_field_of_a_customers_file_has_its_keepers() -> None:
    assert set(CUSTOMER_KEEPERS) == set(KEEP) | set(LIKE)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_a_customers_file(role: Role) -> None:
    hidden = ["customer", "logistics", "system", "administrator"]
    assert sees_customer(somebody(role), "another") == (role.value not in [*hidden, "salesperson"])
    assert sees_customer(somebody(role), "li") == (role.value not in hidden)


def test_who_is_refused_is_told_whose_it_is() -> None:
    with pytest.raises(Refusal) as refused:
        require_one_of(somebody(Role.WAREHOUSE), frozenset({Role.FINANCE}))
    assert refused.value.code is Code.WRONG_ROLE
    assert Role.FINANCE.zh in refused.value.words.zh
    assert Role.WAREHOUSE.zh in refused.value.words.zh
