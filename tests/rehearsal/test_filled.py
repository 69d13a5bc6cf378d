"""What a story writes is what is played: every value filled in, every expectation able to fail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from models.values.errors import Refusal
from rehearsal.files import read_company
from rehearsal.moments import day_after, filled
from rehearsal.pure import play
from rehearsal.script import Script, Telling, script_of
from rehearsal.story import Company, Story

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TITLE = {"zh": "试", "en": "trial"}
TOO_SOON: dict[str, Any] = {"after": "1h", "decision": "approval", "outcome": "approve", "note": ""}
"""A spoken approval: refused with `not_in_writing`."""


@pytest.fixture(scope="module")
def company() -> Company:
    return read_company(STORIES)


def script(company: Company, **parts: Any) -> Script:
    story = {
        "name": "trial",
        "title": TITLE,
        "start": {"weekday": "monday"},
        "expect": [{"after": "2h"}],
        **parts,
    }
    return script_of(Story.model_validate(story), company, NOW)


def differing(company: Company, **parts: Any) -> list[str]:
    return [difference.words.en for difference in play(script(company, **parts)).differences]


def test_any_refusal_is_right_where_no_code_is_named(company: Company) -> None:
    assert differing(company, events=[{**TOO_SOON, "reply": {"status": "refused"}}]) == []
    named = {"status": "refused", "code": "not_in_writing"}
    assert differing(company, events=[{**TOO_SOON, "reply": named}]) == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            {"status": "refused", "code": "wrong_role"},
            "expected refused wrong_role, found refused not_in_writing",
        ),
        ({"status": "accepted"}, "expected accepted, found refused not_in_writing"),
        ({"status": "known"}, "expected known, found refused not_in_writing"),
    ],
)
def test_another_answer_is_a_difference(company: Company, reply: dict[str, str], words: str) -> None:
    assert differing(company, events=[{**TOO_SOON, "reply": reply}]) == [
        f"reply to decision approval: {words}"
    ]


def test_an_accepted_fact_is_no_refusal(company: Company) -> None:
    event = {"after": "1h", "fact": "contact_logged", "content": {"channel": "phone", "words": "-"}}
    said = differing(company, events=[{**event, "reply": {"status": "refused"}}])
    assert said == ["reply to contact_logged: expected refused, found accepted"]


@pytest.mark.parametrize(
    "reply", [{"status": "refused", "code": "wrong_rule"}, {"status": "accepted", "code": "wrong_role"}]
)
def test_a_reply_that_cannot_come_is_refused_at_reading(company: Company, reply: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        script(company, events=[{**TOO_SOON, "reply": reply}])


def test_days_are_filled_in_the_customer(company: Company) -> None:
    contract = {"reference": "HT-9", "payment_terms": "on_account", "valid_until": "{day+3}"}
    made = script(company, customer={"contract": contract})
    assert made.customer.contract is not None
    assert made.customer.contract.valid_until == day_after(made.start, 3)
    contract["valid_until"] = "{day-1}"
    made = script(company, customer={"contract": contract})
    assert made.customer.contract is not None
    assert made.customer.contract.valid_until == day_after(made.start, -1)


def test_days_are_filled_in_the_policy(company: Company) -> None:
    made = script(company, policy={"version": "trial of {day+2}"})
    assert made.policy.version == f"trial of {day_after(made.start, 2)}"


def test_a_name_nobody_gave_is_said_wherever_it_stands(company: Company) -> None:
    places: list[dict[str, Any]] = [
        {"customer": {"name": "{box}"}},
        {"policy": {"version": "{box}"}},
        {"calendar": {"holidays": ["{box}"]}},
        {"past_trades": [{"product": "{box}", "unit_price": "1.00", "traded_on": "{day-1}"}]},
        {"events": [{**TOO_SOON, "id": "{box}"}]},
        {"events": [{**TOO_SOON, "by": "{box}"}]},
        {"events": [{**TOO_SOON, "line": "{box}"}]},
        {"events": [{"after": "1h", "course": "verified", "with": {"finish": "{box}"}}]},
        {"expect": [{"after": "1h", "journal": [{"contains": "{box}"}]}]},
    ]
    for parts in places:
        with pytest.raises(Refusal) as refused:
            script(company, **parts)
        assert "nobody gave {box}" in refused.value.words.en, parts


def test_a_value_that_names_itself_is_said(company: Company) -> None:
    with pytest.raises(Refusal, match=r"nobody gave \{finish\}"):
        script(company, events=[{"after": "1h", "course": "verified", "with": {"finish": "{finish}"}}])


def test_a_value_may_hold_a_value_also_within_a_text() -> None:
    values = {"reference": "DEP-{amount}", "amount": "{share}", "share": "1500.00"}
    assert filled("as {reference}", values, NOW) == "as DEP-1500.00"
    assert filled("{day-30}", {}, NOW) == "2026-11-01"


def test_a_course_passes_its_values_on(company: Company) -> None:
    """Also as id, person, line and version, and to a course within it under the same name."""
    inner = {
        "after": "0m", "decision": "technical", "outcome": "producible", "line": "{line}", "version": "{version}",
        "id": "tech/{line}", "by": "{who}", "detail": {"material_note": "{note} of {day+1}"},
    }  # fmt: skip
    courses = {
        **{name: course.model_dump(by_alias=True) for name, course in company.courses.items()},
        "looked_at": {"events": [inner]},
        "twice": {
            "defaults": {"who": "tech-lin"},
            "events": [
                {"after": "0m", "course": "looked_at", "with": {"line": "{first}", "who": "{who}"}},
                {"after": "1h", "course": "looked_at", "with": {"line": 2}},
            ],
        },
    }
    own = Company.model_validate({**company.model_dump(), "courses": courses})
    event = {"after": "1h", "course": "twice", "with": {"first": 1, "version": 1, "note": "enough"}}
    made = script(own, events=[event])
    told = [move.envelope for move in made.moves if isinstance(move, Telling)]
    assert [each["fact_id"] for each in told] == ["tech/1", "tech/2"]
    assert [each["by"] for each in told] == ["tech-lin", "tech-lin"]
    assert [each["content"]["line"] for each in told] == [1, 2]
    assert [each["content"]["version"] for each in told] == [1, 1]
    assert told[0]["content"]["detail"] == {"material_note": f"enough of {day_after(made.start, 1)}"}


def test_expectations_are_filled(company: Company) -> None:
    verified = {"after": "1h", "course": "verified"}
    right = {"after": "2h", "promised": "{day+5}", "journal": [{"kind": "promise", "contains": "{day+5}"}]}
    assert differing(company, events=[verified], expect=[right]) == []
    wrong = {"after": "2h", "promised": "{day+6}", "journal": [{"kind": "promise", "contains": "{day+6}"}]}
    assert [said.split(":")[0] for said in differing(company, events=[verified], expect=[wrong])] == [
        "promised",
        "journal",
    ]


@pytest.mark.parametrize("day", ["day5", "days+5", "tomorrow", "2027-1-5"])
def test_a_day_that_is_none_is_refused_at_reading(company: Company, day: str) -> None:
    with pytest.raises(ValidationError):
        script(company, expect=[{"after": "1h", "promised": day}])


def test_past_trades_are_what_prices_are_compared_with(company: Company) -> None:
    """R20: the list says 5.00; the customer paid 4.50 a week ago, under the same list."""
    trade = {"product": "TP-80", "unit_price": "4.50", "traded_on": "{day-7}"}
    older = {**trade, "unit_price": "9.00", "traded_on": "{day-9}"}
    asked = {"after": "10m", "waiting": ["decision:price"], "papers": ["price_difference"]}
    agreed = {"after": "10m", "not_waiting": ["decision:price"]}
    assert differing(company, past_trades=[trade, older], expect=[asked]) == []
    assert differing(company, past_trades=[older, trade], expect=[asked]) == []
    assert differing(company, expect=[agreed]) == []
    assert differing(company, past_trades=[{**older, "unit_price": "5.00"}], expect=[agreed]) == []


def test_the_calendar_of_a_story_counts(company: Company) -> None:
    """R34: counted in working days, a sheet that is out over a holiday moves nothing."""
    parts: dict[str, Any] = {
        "policy": {"slip": {"days": "working"}},
        "events": [
            {"after": "1h", "course": "verified", "with": {"finish": 2}},
            {"after": "2h", "course": "sheet_out"},
        ],
    }
    plain = [{"after": "20h", "promised": "day+3"}, {"after": "1d 20h", "promised": "day+4"}]
    holiday = [{"after": "20h", "promised": "day+2"}, {"after": "1d 20h", "promised": "day+3"}]
    tuesday = {"holidays": ["{day+1}"]}
    assert differing(company, expect=plain, **parts) == []
    assert differing(company, expect=holiday, calendar=tuesday, **parts) == []
    made_up = {"holidays": ["{day+1}"], "make_up_days": ["{day+1}"]}
    assert differing(company, expect=plain, calendar=made_up, **parts) == []
