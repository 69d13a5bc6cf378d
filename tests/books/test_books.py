"""The pages that are made from the code say what the code says, and hold all that a reader needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from books.glossary import closed_sets, glossary
from books.markdown import refilled, table
from books.places import places_in_code, places_in_stories, places_in_tests
from books.refusals import MEANINGS
from books.shelf import DOCS, PAGES
from books.terms import HEADINGS, TERMS
from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Outcome
from models.messages.reply import Status
from models.policy import Policy
from models.request.order_request import OrderRequest, RequestLine
from models.request.order_start import Contract, CustomerFile
from models.rules import table as rule_table
from models.values.errors import Code
from models.values.vocabulary import Ending, Headline, PhaseName, PromiseCause, Role
from rehearsal import story
from rehearsal.files import read_company
from rehearsal.house import house_story
from tests.rule_names import ALL, BUILT, WAITING, WITHOUT_STORY

ROOT = DOCS.parent


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_says_what_the_code_says(name: str) -> None:
    """`make books` writes it anew."""
    assert PAGES[name].standing() == PAGES[name].current()


# --- rules -----------------------------------------------------------------------------------------------------------


def entries() -> dict[str, str]:
    """Rule -> what the page has of it."""
    parts = re.split(r"(?m)^### (R\d{2,3}) ", (DOCS / "rules.md").read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_rule_has_its_entry_and_only_what_waits_is_marked() -> None:
    found = entries()
    assert list(found) == ALL
    assert [name for name, text in found.items() if "Not built yet" in text] == WAITING
    for name in BUILT:
        assert all(mark in found[name] for mark in ("代码 code:", "测试 tests:")), name
        assert ("故事 stories:" in found[name]) == (name not in WITHOUT_STORY), name


def test_every_file_that_a_page_names_is_there() -> None:
    for page in DOCS.glob("*.md"):
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (DOCS / link).resolve().exists(), (page.name, link)


def test_the_places_are_those_of_a_plain_search() -> None:
    """A rule is carried out, tested and lived where a reader finds it by looking."""
    named = {
        file.relative_to(ROOT) for file in (ROOT / "activities").rglob("*.py") if "R73" in file.read_text()
    }
    assert named
    assert named <= set(places_in_code()["R73"])
    of_the_table = Path(rule_table.__file__).parent
    assert not any(of_the_table in (ROOT / place).parents for place in places_in_code()["R34"])
    assert "test_slip.py" in {place.name for place in places_in_tests()["R34"]}
    assert "slip-over-weekend" in places_in_stories()["R34"]


def test_a_figure_of_the_page_is_that_of_the_file() -> None:
    found = entries()
    assert "`small_order.limit` = 500.00" in found["R38"]
    assert "`dead_order.days` = 15" in found["R76"]
    assert "`slip.deposit_slips` = true" in found["R34"]
    assert "`reminders.levels` = 3, 7, 14" in found["R51"]


# --- glossary --------------------------------------------------------------------------------------------------------


def test_every_closed_set_of_the_models_is_in_the_glossary() -> None:
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "models").rglob("*.py")]
    written = {name for text in texts for name in re.findall(r"^class (\w+)\(Term\)", text, re.MULTILINE)}
    assert len(written) > 25
    assert written | {"NoticeChannel"} == set(closed_sets()) == set(HEADINGS)


def test_every_term_stands_once_with_both_languages() -> None:
    page = glossary()
    for terms in TERMS.values():
        for zh, en, meaning in terms:
            assert page.count(f"| {zh} | {en} | ") == 1
            assert meaning
    for role in Role:
        assert f"| `{role.value}` | {role.zh} | {role.en} |" in page


# --- stories ---------------------------------------------------------------------------------------------------------


def page_of_stories() -> str:
    return (DOCS / "stories.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "model",
    [
        story.Story, story.Start, story.Event, story.Answer, story.EntryExpected, story.DocumentExpected, story.NoticeExpected,
        story.ReportExpected, story.Expectation, story.Company, story.CourseStep, story.PastTrade, RequestLine, CustomerFile,
        Contract, house_story.HouseStory, house_story.HouseEvent, house_story.HouseExpectation, house_story.DatedGoods,
        house_story.FinishedOrders, house_story.PutIn, house_story.CheckOut, house_story.NewPrice, house_story.Placed,
        house_story.Away, house_story.Wanted, house_story.Proposed,
    ],
)  # fmt: skip
def test_every_field_of_a_story_is_told(model: type[BaseModel]) -> None:
    page = page_of_stories()
    for name, field in model.model_fields.items():
        written = field.alias or name
        assert re.search(rf"`{written}[`:]|\b{written}:", page), written


def test_every_name_that_a_story_may_use_is_told() -> None:
    page = page_of_stories()
    sets = (StepKind, EntryKind, Paper, Status, Headline, PhaseName, Ending, PromiseCause, story.Job, Code)
    names = {each.value for members in sets for each in members}
    names |= set(story.FACT_NAMES) - {"decision"}
    names |= {subject.value for subject in SUBJECTS}
    names |= {outcome.value for outcome in Outcome}
    names |= {
        name
        for name in OrderRequest.model_fields
        if name not in {"request_id", "entered_by", "entered_role", "on_behalf_of"}
    }
    names |= {
        name
        for rule in SUBJECTS.values()
        for each in rule.outcomes
        for name in rule.detail_for(each).model_fields
    }
    company = read_company(ROOT / "stories")
    names |= {
        *company.courses,
        *(each.customer for each in company.customers),
        *(each.person for each in company.staff),
    }
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_every_section_of_the_policy_is_told() -> None:
    page = page_of_stories()
    assert {
        name for name in Policy.model_fields if f"`{name}`" not in page and f"`{name}." not in page
    } == set()


def test_every_refusal_has_a_meaning() -> None:
    assert list(MEANINGS) == list(Code)
    assert all(MEANINGS.values())


# --- how pages are made ----------------------------------------------------------------------------------------------


def test_what_is_written_by_hand_stays() -> None:
    page = "before\n<!-- a -->\nold\n<!-- end of a -->\nbetween\n<!-- b -->\n<!-- end of b -->\nafter\n"
    made = refilled(page, {"a": "new", "b": "|x|"})
    assert made == (
        "before\n<!-- a -->\n\nnew\n\n<!-- end of a -->\nbetween\n<!-- b -->\n\n|x|\n\n<!-- end of b -->\nafter\n"
    )
    assert refilled(made, {"a": "new", "b": "|x|"}) == made


def test_a_page_without_its_marks_is_said() -> None:
    with pytest.raises(ValueError, match="end of a"):
        refilled("<!-- a -->", {"a": "new"})


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(("a",), [("x | y\nz",)]).splitlines()[-1] == "| x \\| y z |"
