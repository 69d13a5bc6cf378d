"""Deputies and hand-over in inboxes and notices: what is an absent person's comes to who acts for them (R13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from activities.access.acts import acts_of
from activities.desk.handovers import Handover, colleagues, given_to, hand_over, step_whose, take_back
from activities.desk.waiting import Count, Reader, Tab, team_of, waiting_now, waiting_page
from activities.notices.outbox import enter_row
from activities.notices.routing import Router
from activities.store.absences import end_absence, keep_absence, represented_by
from activities.store.database import engine_at, reading, upgrade, writing
from activities.store.imports import StaffRow, import_staff
from models.absences import Absence
from models.dossier.papers_due import Paper
from models.reports.notice_routes import Channel, NoticeTable
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from tests.activities.conftest import NOW

ORDER, STEP, HERE = "20270105-0001", "decision:finance_release", "10.0.0.1"
TODAY = date(2027, 1, 5)
PEOPLE: dict[str, dict[str, Any]] = {
    "fang": {"roles": (Role.FINANCE,), "superior": "boss", "deputy": "chen"},
    "fu": {"roles": (Role.FINANCE,), "superior": "boss"},
    "chen": {"roles": (Role.SERVICE_CLERK,), "superior": "wu"},
    "wu": {"roles": (Role.SERVICE_SUPERVISOR,), "superior": "boss"},
    "boss": {"roles": (Role.MARKETING_DIRECTOR,)},
    "li": {"roles": (Role.SALESPERSON,), "superior": "boss"},
    "lu": {"roles": (Role.SALESPERSON,), "superior": "boss"},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Engine]:
    """The desk on the database that is quick to make."""
    url = f"sqlite:///{tmp_path}/desk.db"
    upgrade(url)
    engine = engine_at(url)
    yield filled(engine)
    engine.dispose()


@pytest.fixture
def each_desk(engine: Engine) -> Engine:
    """The desk on each database."""
    return filled(engine)


def filled(engine: Engine) -> Engine:
    """One order whose step names fang of finance, due in an hour."""
    import_staff(
        engine,
        [
            StaffRow(person=who, name=f"名{who}", email=f"{who}@house.example", **row)
            for who, row in PEOPLE.items()
        ],
    )
    step(engine, STEP, ["finance"], ["fang"])
    return engine


def step(
    engine: Engine, key: str, roles: list[str], people: list[str], order: str = ORDER, due: float = 1,
    barred: list[str] | None = None,
) -> None:  # fmt: skip
    row = {
        "order_number": order, "key": key, "kind": "decision", "roles": roles, "people": people, "rule": "R52", "since": NOW,
        "due": NOW + timedelta(hours=due), "blocking": True, "zh": "待决定:放行", "en": "to be decided: release", "command": "",
        "barred": barred,
    }  # fmt: skip
    with writing(engine) as connection:
        known = connection.scalar(select(table("orders").c.number).where(table("orders").c.number == order))
        if known is None:
            connection.execute(
                table("orders").insert().values(number=order, customer="c-1", salesperson="li")
            )
        connection.execute(table("open_steps").insert().values(row))


def reader(engine: Engine, person: str) -> Reader:
    roles = PEOPLE[person]["roles"]
    with reading(engine) as connection:
        lent = represented_by(connection, person, NOW)
    team = team_of(engine, [person])
    return Reader(
        person, roles, lent.people, lent.covers, team, only_own=roles == (Role.SALESPERSON,), next_for=lent.next_for
    )  # fmt: skip


def mine(engine: Engine, person: str, tab: Tab = Tab.MINE) -> list[str]:
    """What stands in a tab; and its count says as many."""
    who = reader(engine, person)
    found = [each.step.key for each in waiting_page(engine, who, tab).steps]
    assert waiting_now(engine, NOW).of(who, tab).total == len(found), (person, tab)
    return found


def away(engine: Engine, person: str) -> int:
    return keep_absence(engine, Absence(person=person, first_day=TODAY), person, NOW)


def test_a_step_is_whose_it_names_then_their_deputys_then_their_own_again(each_desk: Engine) -> None:
    desk = each_desk
    assert (mine(desk, "fang"), mine(desk, "fu"), mine(desk, "chen")) == ([STEP], [], [])
    assert mine(desk, "fu", Tab.ROLE) == [STEP]
    number = away(desk, "fang")
    assert mine(desk, "chen") == [STEP]
    assert mine(desk, "fu", Tab.ROLE) == [STEP], "and it stays the role's"
    assert mine(desk, "boss", Tab.TEAM) == [STEP], "and in the superior's sight"
    end_absence(desk, number, "fang", NOW)
    assert mine(desk, "chen") == []


def test_without_deputy_it_is_the_superiors_and_with_nobody_the_roles(desk: Engine) -> None:
    step(desk, "two", ["finance"], ["fu"])
    away(desk, "fu")
    assert mine(desk, "boss") == ["two"]
    away(desk, "boss")
    assert [mine(desk, who) for who in ("chen", "wu", "fang")] == [[], [], [STEP]]
    assert sorted(mine(desk, "fang", Tab.ROLE)) == [STEP, "two"]


def test_what_names_nobody_is_covered_where_nobody_of_the_role_is_there(desk: Engine) -> None:
    step(desk, "nobodys", ["finance"], [])
    away(desk, "fang")
    assert mine(desk, "chen") == [STEP], "fu is there"
    assert mine(desk, "fu") == ["nobodys"]
    away(desk, "fu")
    assert sorted(mine(desk, "chen")) == [STEP, "nobodys"]


def test_counts_are_true_and_say_what_is_overdue_and_due_today(each_desk: Engine) -> None:
    desk = each_desk
    for place, due in enumerate((-30, -1, 0, 14, 14.5, 15, 100)):  # NOW is 9:30: today has 14.5 hours left
        step(desk, f"s{place}", ["finance"], ["fu"], f"20270106-{place:04d}", due)
    found = waiting_now(desk, NOW)
    fu, boss = reader(desk, "fu"), reader(desk, "boss")
    assert found.counts(fu) == {Tab.MINE: Count(7, 2, 3), Tab.ROLE: Count(8, 2, 4)}
    assert found.of(boss, Tab.TEAM) == Count(8, 2, 4)
    assert found.of_team(boss) == [("fu", Count(7, 2, 3)), ("fang", Count(1, 0, 1))]
    assert [each.step.key for each in waiting_page(desk, boss, Tab.TEAM, of="fang").steps] == [STEP]
    assert team_of(desk, ["wu"]) == ("chen",)


def test_a_step_is_handed_over_told_seen_by_both_and_taken_back(each_desk: Engine) -> None:
    desk = each_desk
    asked = Handover(order_number=ORDER, step=STEP, to_person="fu", reason=" 今天出差 ")
    number = hand_over(desk, asked, "fang", {"finance"}, NOW, HERE)
    assert (mine(desk, "fang"), mine(desk, "fu")) == ([], [STEP])
    seen = waiting_page(desk, reader(desk, "fang"), Tab.ROLE).steps[0]
    assert (seen.handover, seen.given_by, seen.given_to, seen.reason) == (number, "fang", "fu", "今天出差")
    with reading(desk) as connection:
        told = connection.execute(select(table("outbox"))).mappings().one()
    assert (told["roles"], told["zh"]) == (["fu"], "名fang 把「待决定：放行」转交给您：今天出差")
    with pytest.raises(Refusal) as refused:
        take_back(desk, number, "chen", NOW, HERE)
    assert refused.value.code is Code.WRONG_ROLE
    assert take_back(desk, number, "fang", NOW, HERE) == ORDER
    assert (mine(desk, "fang"), mine(desk, "fu")) == ([STEP], [])
    with pytest.raises(Refusal) as refused:
        take_back(desk, number, "fang", NOW, HERE)
    assert refused.value.code is Code.UNKNOWN_ORDER
    assert [each.act.split()[0] for each in acts_of(desk, ORDER)] == ["hand", "take"]


def test_it_is_handed_on_and_a_superior_may_give_it_to_another(desk: Engine) -> None:
    import_staff(desk, [StaffRow(person="fei", name="飞", roles=(Role.FINANCE,))])
    hand_over(
        desk,
        Handover(order_number=ORDER, step=STEP, to_person="fu", reason="x"),
        "fang",
        {"finance"},
        NOW,
        HERE,
    )
    hand_over(
        desk,
        Handover(order_number=ORDER, step=STEP, to_person="fei", reason="y"),
        "fu",
        {"finance"},
        NOW,
        HERE,
    )
    whose = step_whose(desk, ORDER, STEP)
    assert (whose.holders, mine(desk, "fang"), mine(desk, "fu")) == (["fei"], [], [])
    assert [each.person for each in colleagues(desk, whose, NOW)] == ["fang", "fu"]
    with pytest.raises(Refusal):
        hand_over(
            desk,
            Handover(order_number=ORDER, step=STEP, to_person="fang", reason="z"),
            "fang",
            {"finance"},
            NOW,
            HERE,
        )
    step(desk, "own", ["salesperson"], ["li"])
    assert not given_to(desk, ORDER, ["lu"])
    hand_over(
        desk,
        Handover(order_number=ORDER, step="own", to_person="lu", reason="休假"),
        "boss",
        set(),
        NOW,
        HERE,
    )
    assert mine(desk, "lu") == ["own"]
    assert given_to(desk, ORDER, ["lu"])


def test_a_step_that_opens_anew_is_nobodys_that_it_was_given_to_before(desk: Engine) -> None:
    asked = Handover(order_number=ORDER, step=STEP, to_person="fu", reason="x")
    hand_over(desk, asked, "fang", {"finance"}, NOW, HERE)
    steps = table("open_steps")
    with writing(desk) as connection:
        connection.execute(steps.update().values(since=NOW + timedelta(hours=2)))
    assert (mine(desk, "fang"), mine(desk, "fu")) == ([STEP], [])
    hand_over(desk, asked, "fang", {"finance"}, NOW, HERE)
    assert mine(desk, "fu") == [STEP]
    with writing(desk) as connection:
        connection.execute(steps.update().values(closed_at=NOW))
    assert mine(desk, "fu") == []


def test_a_hand_over_that_makes_no_sense_is_refused(desk: Engine) -> None:
    for by, to, reason, code, where in (
        ("chen", "fu", "x", Code.WRONG_ROLE, "step"),
        ("fang", "chen", "x", Code.WRONG_ROLE, "to_person"),
        ("fang", "nobody", "x", Code.WRONG_ROLE, "to_person"),
        ("fang", "", "x", Code.WRONG_ROLE, "to_person"),
        ("fang", "fang", "x", Code.CONTRADICTION, "to_person"),
        ("fang", "fu", "  ", Code.MISSING_FIELD, "reason"),
    ):
        asked = Handover(order_number=ORDER, step=STEP, to_person=to, reason=reason)
        with pytest.raises(Refusal) as refused:
            hand_over(desk, asked, by, {role.value for role in PEOPLE[by]["roles"]}, NOW, HERE)
        assert (refused.value.code, refused.value.where) == (code, where)
        assert step_whose(desk, ORDER, STEP).holders == ["fang"]


def test_nothing_is_handed_to_who_is_away_and_the_deputy_may_hand_it_on(desk: Engine) -> None:
    asked = Handover(order_number=ORDER, step=STEP, to_person="fu", reason="x")
    number = away(desk, "fu")
    with pytest.raises(Refusal, match="away"):
        hand_over(desk, asked, "fang", {"finance"}, NOW, HERE)
    end_absence(desk, number, "fu", NOW)
    away(desk, "fang")
    hand_over(desk, asked, "chen", {"service_clerk"}, NOW, HERE)
    seen = waiting_page(desk, reader(desk, "fu"), Tab.MINE).steps[0]
    assert (seen.given_by, seen.given_to) == ("fang", "fu")
    assert mine(desk, "chen") == []


# --- notices -----------------------------------------------------------------------------------------------------


def told(engine: Engine, paper: Paper, *roles: Role, identity: str = "x", person: str = "") -> set[str]:
    with writing(engine) as connection:
        enter_row(
            connection, order=ORDER, identity=identity, paper=paper, to=roles, words=Words("事", "it"), rule="R13",
            created_at=NOW, content=None, person=person,
        )  # fmt: skip
    Router(engine, NoticeTable, {Channel.EMAIL}).route_due(NOW)
    with reading(engine) as connection:
        rows = connection.execute(select(table("deliveries"))).mappings().all()
    return {address for row in rows for address in row["address"].split(", ")}


def test_what_is_told_to_who_is_away_is_told_to_their_deputy_too(each_desk: Engine) -> None:
    desk = each_desk
    away(desk, "fang")
    assert told(desk, Paper.OVERDUE, Role.FINANCE) == {
        "fang@house.example", "fu@house.example", "chen@house.example",
    }  # fmt: skip


def test_a_notice_to_one_person_goes_to_who_acts_for_them_and_to_the_superior_without_deputy(
    desk: Engine,
) -> None:
    away(desk, "fu")
    assert told(desk, Paper.STEP_GIVEN, Role.FINANCE, person="fu") == {
        "fu@house.example",
        "boss@house.example",
    }


def test_a_deputy_who_is_told_anyhow_is_told_once_and_a_customer_has_none(desk: Engine) -> None:
    away(desk, "fang")
    addresses = told(desk, Paper.PAYMENT, Role.FINANCE, Role.SERVICE_CLERK)
    assert addresses == {"fang@house.example", "fu@house.example", "chen@house.example"}
    with reading(desk) as connection:
        addressees = list(connection.scalars(select(table("deliveries").c.addressee)))
    assert sorted(addressees) == ["finance", "service_clerk"]


def test_who_was_handed_a_step_is_told_that_it_is_overdue(desk: Engine) -> None:
    step(desk, "own", ["salesperson"], ["li"])
    hand_over(
        desk,
        Handover(order_number=ORDER, step="own", to_person="lu", reason="x"),
        "li",
        {"salesperson"},
        NOW,
        HERE,
    )
    with writing(desk) as connection:
        connection.execute(table("outbox").delete())
    assert "lu@house.example" in told(desk, Paper.OVERDUE, Role.FINANCE, identity="overdue_notice:own:12")


def test_whom_duties_bar_does_not_see_the_step_and_the_next_in_line_does(each_desk: Engine) -> None:
    """R133: the deputy, then the deputy's deputy, then the superior; a step that bars nobody stays the deputy's."""
    desk = each_desk
    step(desk, "barred", ["finance"], ["fang"], barred=["chen", "li"])
    step(desk, "barred too", ["finance"], ["fang"], barred=["chen", "boss"])
    away(desk, "fang")
    assert mine(desk, "chen") == [STEP]
    assert mine(desk, "boss") == ["barred"]
    away(desk, "boss")
    assert mine(desk, "boss") == [], "who is away acts for nobody"
    assert sorted(mine(desk, "fang")) == ["barred", "barred too", STEP]


def test_what_was_handed_to_who_is_away_now_is_not_the_barred_deputys(desk: Engine) -> None:
    step(desk, "barred", ["finance"], ["fu"], barred=["chen"])
    hand_over(
        desk,
        Handover(order_number=ORDER, step="barred", to_person="fang", reason="忙"),
        "fu",
        {"finance"},
        NOW,
        HERE,
    )
    assert mine(desk, "fang") == ["barred", STEP] or mine(desk, "fang") == [STEP, "barred"]
    away(desk, "fang")
    assert mine(desk, "chen") == [STEP]
    assert mine(desk, "boss") == ["barred"]


def test_a_step_is_not_handed_to_whom_duties_bar(desk: Engine) -> None:
    step(desk, "barred", ["finance"], ["fang"], barred=["fu"])
    assert [each.person for each in colleagues(desk, step_whose(desk, ORDER, "barred"), NOW)] == []
    with pytest.raises(Refusal) as refused:
        hand_over(
            desk,
            Handover(order_number=ORDER, step="barred", to_person="fu", reason="忙"),
            "fang",
            {"finance"},
            NOW,
            HERE,
        )
    assert (refused.value.code, refused.value.where) == (Code.SAME_PERSON, "to_person")


def test_absences_in_a_circle_are_refused_and_nothing_is_changed(each_desk: Engine) -> None:
    """R133: chen acts for fang (staff list), wu for chen; then wu cannot name fang."""
    away(each_desk, "fang")
    keep_absence(each_desk, Absence(person="chen", first_day=TODAY, deputy="wu"), "chen", NOW)
    before = mine(each_desk, "wu")
    with pytest.raises(Refusal) as refused:
        keep_absence(each_desk, Absence(person="wu", first_day=TODAY, deputy="fang"), "wu", NOW)
    assert (refused.value.code, refused.value.where, refused.value.rule) == (
        Code.CONTRADICTION,
        "deputy",
        "R133",
    )
    assert "wu → fang → chen → wu" in refused.value.words.en
    assert mine(each_desk, "wu") == before == [STEP]
    keep_absence(each_desk, Absence(person="wu", first_day=TODAY, deputy="boss"), "wu", NOW)


def test_an_overdue_notice_passes_over_whom_duties_bar(desk: Engine) -> None:
    step(desk, "barred", ["finance"], ["fang"], barred=["chen"])
    away(desk, "fang")
    addresses = told(desk, Paper.OVERDUE, Role.FINANCE, identity="overdue_notice:barred:7")
    assert addresses == {"fang@house.example", "fu@house.example", "boss@house.example"}
