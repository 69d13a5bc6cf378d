"""The same demand under two policies: chance is the same, the rules make the difference, and the figures add up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import starter
from models.dossier.journal import EntryKind
from models.policy import Policy
from models.values.calendar import business_date
from models.values.money import ZERO
from models.values.vocabulary import Language, PromiseCause, Role
from rehearsal.files import read_company
from rehearsal.simulation.chances import Chances
from rehearsal.simulation.comparison import compared
from rehearsal.simulation.demand import Wanted, demand_of
from rehearsal.simulation.lives import Life, live
from rehearsal.simulation.outcome import Kept, Outcome, finished_on, outcome_of
from rehearsal.simulation.paces import in_office
from rehearsal.simulation.pictures import pictures_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
BEGINS = date(2030, 1, 7)
ORDERS = 40


@cache
def demand(seed: int = 1) -> list[Wanted]:
    return list(demand_of(read_company(STORIES), ORDERS, 30, seed, BEGINS))


def lives(policy: Policy, seed: int = 1) -> list[Life]:
    return [
        live(wanted.under(policy), f"20300107-{number:05}")
        for number, wanted in enumerate(demand(seed), start=1)
    ]


@cache
def usual() -> list[Life]:
    return lives(Policy())


def without_deposit_slips() -> Policy:
    return Policy.model_validate({"version": "other", "slip": {"deposit_slips": False}})


def test_the_same_seed_is_the_same_demand_and_the_same_lives() -> None:
    again = [
        live(wanted.under(Policy()), life.order.number)
        for wanted, life in zip(demand(), usual(), strict=True)
    ]
    assert [life.order.head for life in again] == [life.order.head for life in usual()]
    other = [wanted.script.start for wanted in demand(2)]
    assert other != [wanted.script.start for wanted in demand()]


def test_a_draw_is_the_same_whatever_was_drawn_before() -> None:
    chances = Chances("7").of("order-1")
    first = chances.share("pays")
    chances.whole("day", 1, 100)
    assert Chances("7").of("order-1").share("pays") == first
    assert Chances("7").of("order-2").share("pays") != first


def test_orders_are_placed_in_order_on_working_days_within_the_days() -> None:
    moments = [wanted.script.start for wanted in demand()]
    assert moments == sorted(moments)
    days = [business_date(moment) for moment in moments]
    assert all(day.isoweekday() <= 5 for day in days)
    assert BEGINS <= days[0] <= days[-1] < BEGINS + timedelta(days=30)
    assert len({wanted.name for wanted in demand()}) == ORDERS


def test_people_do_what_is_asked_and_nothing_is_refused() -> None:
    assert [(life.wanted.name, reply.en) for life in usual() for reply in life.refused] == []
    ended = [life for life in usual() if not life.order.lives]
    assert len(ended) >= ORDERS - 2
    assert all(life.journal[-1].kind is EntryKind.ENDED for life in ended)


def test_nobody_works_at_night_or_on_a_weekend() -> None:
    friday = datetime(2030, 1, 11, 9, 30, tzinfo=UTC)  # 17:30 in business time
    assert in_office(friday) == friday
    assert in_office(friday, timedelta(hours=1)) == datetime(2030, 1, 14, 0, 30, tzinfo=UTC)
    saturday = datetime(2030, 1, 12, 3, tzinfo=UTC)
    assert in_office(saturday) == datetime(2030, 1, 14, 0, 0, tzinfo=UTC)
    assert in_office(friday, timedelta(hours=11)) == datetime(2030, 1, 15, 0, 30, tzinfo=UTC)


def test_a_rule_that_is_switched_off_makes_the_difference_and_no_other() -> None:
    """R34: without slips for the deposit no promise moves by it; the same customers sign and pay as before."""
    before, after = outcome_of("a", usual()), outcome_of("b", lives(without_deposit_slips()))
    assert before.slips[PromiseCause.DEPOSIT] > 0
    assert after.slips[PromiseCause.DEPOSIT] == 0
    assert after.slips[PromiseCause.CUSTOMER] >= before.slips[PromiseCause.CUSTOMER]
    assert before.paid == after.paid


def test_the_figures_are_those_of_the_orders() -> None:
    found = outcome_of("a", usual())
    assert found.orders == ORDERS == found.alive + found.endings.total()
    assert found.paid == sum((life.order.ledger.paid for life in usual()), ZERO)
    promised = [life for life in usual() if life.order.promise.history]
    finished = [life for life in promised if finished_on(life) is not None]
    on_time = [life for life in finished if finished_on(life) <= life.order.promise.history[0].promised_to]  # type: ignore[operator]
    assert found.first.kept == len(on_time)
    assert len(finished) <= found.first.of <= len(promised)
    days = sum(max(change.days, 0) for life in usual() for change in life.order.promise.history)
    assert found.slips.total() == days
    steps = sum(entry.kind is EntryKind.WAITING for life in usual() for entry in life.journal)
    assert sum(load.steps for load in found.load.values()) == steps
    assert found.open_at_end == found.owed[-1][1]
    assert found.most_owed >= found.usually_owed > ZERO


def test_a_share_has_one_decimal_and_may_be_of_nothing() -> None:
    kept = Kept()
    assert kept.percent is None
    for is_kept in (True, True, False):
        kept.count(is_kept=is_kept)
    assert kept.percent == Decimal("66.7")


def test_policies_stand_side_by_side_in_words_and_pictures() -> None:
    one = outcome_of("one.toml", usual())
    other = Outcome("two <b>.toml")
    rows = compared([one, other])
    assert all(len(row.values) == 2 for row in rows)
    shown = {row.words.zh: row.values for row in rows}
    assert shown["订单数"] == (str(ORDERS), "0")
    assert shown["按首次预交日准时"][1] == "–"
    clerk = one.load[Role.SERVICE_CLERK]
    assert shown["事项（超时）：客服员"] == (f"{clerk.steps} ({clerk.missed})", "0 (0)")
    drawn = pictures_of([one, other], Language.ZH)
    assert set(drawn) == {"on-time.svg", "slips.svg", "load.svg", "owed.svg"}
    assert all("two &lt;b&gt;.toml" in each and "<b>" not in each for each in drawn.values())


@pytest.fixture
def other_policy(tmp_path: Path) -> Path:
    file = tmp_path / "other.toml"
    file.write_text('version = "other"\n[slip]\ndeposit_slips = false\n')
    return file


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_some_of_the_lives_are_the_same_on_the_engine(
    tmp_path: Path, other_policy: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    asked = ["--orders", "6", "--days", "5", "--on-engine", "1", "--policy", str(other_policy)]
    assert starter.run(["simulate", *asked, "--into", str(tmp_path / "drawn"), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["equal_on_the_engine"] == 2
    assert [each["orders"] for each in told["policies"]] == [6, 6]
    assert all(Path(file).read_text().startswith("<svg") for file in told["pictures"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--policy", "nothing.toml"], 3),
        (["--orders", "0"], 2),
        (["--days", "9999"], 2),
        (["--begins", "yesterday"], 3),
    ],
)
def test_bad_input_is_told_in_words(
    arguments: list[str], code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert starter.run(["simulate", *arguments]) == code
    assert "Traceback" not in capfd.readouterr().err


def test_a_policy_that_cannot_be_read_and_a_folder_that_is_a_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken, plain = tmp_path / "broken.toml", tmp_path / "plain"
    broken.write_text("[slip\n")
    plain.write_text("")
    assert starter.run(["simulate", "--policy", str(broken)]) == 3
    assert "broken.toml" in capfd.readouterr().err
    assert starter.run(["simulate", "--into", str(plain)]) == 3
    assert "--into" in capfd.readouterr().err
