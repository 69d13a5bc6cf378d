"""Every demanding sentence of the procedures has its rules, code, story, and something that a person sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from pydantic import ValidationError

from books import sentence_checks
from books.procedure_page import procedure_page
from books.seen import KINDS, catalogue, named
from books.sentence_checks import faults_of
from books.sentences import (
    Sentence,
    documents,
    is_built,
    parts_of,
    rules_of,
    sentences,
    stands,
    waiting,
    waits,
)
from models.rules.documents import DOCUMENTS
from models.rules.table import RULES

COUNTS = {
    "D1": 16, "D2": 9, "D3": 11, "D4": 11, "D5": 22, "D6": 17, "D7": 7, "D8": 9, "D9": 18, "D10": 10,
    "D11": 5, "D12": 8, "D13": 28, "D14": 17, "D15": 6, "D16": 8, "D17": 14, "D18": 15, "D19": 10, "D20": 69,
}  # fmt: skip
"""So many demanding sentences each document has, counted by hand. A new one is counted here as well."""


@pytest.mark.parametrize("place", list(sentences()))
def test_a_sentence_lacks_nothing(place: str) -> None:
    assert faults_of(sentences()[place]) == []


def test_every_document_is_read_to_its_end() -> None:
    assert {name: len(found) for name, found in documents().items()} == COUNTS
    assert list(COUNTS) == [document.name for document in DOCUMENTS]
    assert sum(COUNTS.values()) == len(sentences()) == 310
    for name, found in documents().items():
        assert all(place.startswith(f"{name}.") for place in found)


def test_no_sentence_is_written_twice() -> None:
    """What a second place says word for word is the same as the first."""
    said = [sentence.says for sentence in sentences().values() if not sentence.same_as]
    assert [each for each in said if said.count(each) > 1] == []


# --- what waits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", list(waiting()))
def test_only_what_is_not_built_waits(rule: str) -> None:
    """Red when the rule arrives: take its row out of `books/procedures/waiting.toml`, and all its sentences are checked."""
    assert not is_built(rule), f"{rule} is built; take it out of waiting.toml"
    assert any(rule in rules_of(sentence) for sentence in sentences().values()), "no sentence rests on it"


def test_what_shows_that_the_rest_of_a_rule_has_come_is_looked_for_where_it_can_be() -> None:
    for rule, each in waiting().items():
        if each.until:
            file, _, word = each.until.partition(":")
            assert stands(file), rule
            assert word, rule
            assert rule in RULES, rule


def test_every_rule_of_the_table_that_quotes_a_document_stands_in_its_sentences() -> None:
    """A rule that is built and says where it comes from is named by a sentence of that document."""
    named_in = {
        name: {rule for sentence in found.values() for rule in rules_of(sentence)}
        for name, found in documents().items()
    }
    missing = [
        (rule.name, source.document)
        for rule in RULES.values()
        for source in rule.sources
        if is_built(rule.name) and rule.name not in named_in[source.document]
    ]
    assert missing == []


def test_a_rule_that_comes_from_the_procedures_has_a_sentence() -> None:
    resting = {rule for sentence in sentences().values() for rule in rules_of(sentence)}
    assert [
        rule.name
        for rule in RULES.values()
        if rule.sources and is_built(rule.name) and rule.name not in resting
    ] == []


# --- that the checks see ------------------------------------------------------------------------------------------------


def good(**other: object) -> Sentence:
    """A sentence that lacks nothing, and what is to be otherwise."""
    given: dict[str, object] = {
        "says": "预订交货日期自动向后延期",
        "rules": ["R34"],
        "code": ["models/handlers/promise/slip.py"],
        "stories": ["slip-over-weekend"],
        "seen": ["notice new_promise"],
    }
    return Sentence.model_validate(given | other)


def test_what_lacks_nothing_has_no_faults() -> None:
    assert faults_of(good()) == []
    assert (
        faults_of(good(code=["models/order/promise.py:PromiseChange", "models/handlers/promise/slip.py"]))
        == []
    )
    assert faults_of(good(stories=[], tests=["tests/models/test_slip.py"], why_no_story="none")) == []
    assert faults_of(Sentence(says="再说一遍", same_as="D20.9.3")) == []


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"rules": ["R99"]}, "R99 is no rule of the table"),
        ({"code": []}, "no code"),
        ({"code": ["models/handlers/gone.py"]}, "code models/handlers/gone.py is not there"),
        ({"code": ["models/values/money.py"]}, "code models/values/money.py names none of R34"),
        ({"code": ["models/handlers/promise/slip.py:nothing_of_it"]}, "code models/handlers/promise/slip.py:nothing_of_it is not there"),
        ({"stories": []}, "neither story nor test"),
        ({"stories": ["gone"]}, "story gone is not there"),
        ({"stories": ["receipt-confirmed"]}, "story receipt-confirmed lives none of R34"),
        ({"tests": ["tests/models/test_slip.py"], "why_no_story": "none"}, "a story, and tests in place of one"),
        ({"stories": [], "tests": ["tests/models/test_slip.py"]}, "tests in place of a story without a reason"),
        ({"why_no_story": "none"}, "a reason for no story, and no test"),
        (
            {"stories": [], "tests": ["tests/models/gone.py"], "why_no_story": "none"},
            "test tests/models/gone.py is not there",
        ),
        (
            {"stories": [], "tests": ["tests/gateway/test_entrances.py"], "why_no_story": "none"},
            "test tests/gateway/test_entrances.py names none of R34",
        ),
        ({"seen": []}, "nothing that a person sees"),
        ({"seen": ["page GET /gone"]}, "there is no page GET /gone"),
        ({"seen": ["command gone"]}, "there is no command gone"),
        ({"seen": ["notice gone"]}, "there is no notice gone"),
        ({"seen": ["document gone"]}, "there is no document gone"),
        ({"seen": ["step gone"]}, "there is no step gone"),
        ({"seen": ["gone new_promise"]}, "there is no gone new_promise"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(other: dict[str, object], fault: str) -> None:
    assert fault in faults_of(good(**other))


def test_a_part_is_looked_at_as_the_whole_is() -> None:
    assert faults_of(good(also=[{"rules": ["R41"]}])) == [
        "no code",
        "neither story nor test",
        "nothing that a person sees",
    ]


def test_the_same_as_another_names_one_that_says_it() -> None:
    assert faults_of(Sentence(says="再说一遍", same_as="D20.99")) == ["same as D20.99, which there is not"]
    twice = "same as D5.1, which itself is the same as D20.1"
    assert faults_of(Sentence(says="再说一遍", same_as="D5.1")) == [twice]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules": []},
        {"rules": ["34"]},
        {"says": ""},
        {"same_as": "D20.1"},
        {"also": [{"code": ["models/handlers/promise/slip.py"]}]},
        {"files": ["models/handlers/promise/slip.py"]},
    ],
)
def test_what_is_written_otherwise_is_not_read(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        good(**wrong)


@dataclass
class _Listed:
    """A list of what waits that is not that of the file."""

    rules: set[str] = field(default_factory=set)

    def __call__(self) -> dict[str, object]:
        return dict.fromkeys(self.rules, object())


def test_what_waits_may_be_empty_and_rests_on_nothing_that_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = _Listed({"R34"})
    monkeypatch.setattr("books.sentences.waiting", listed)
    monkeypatch.setattr(sentence_checks, "waiting", listed)
    bare = Sentence(says="日后", rules=("R34",))
    assert faults_of(bare) == []
    assert faults_of(Sentence(says="日后", rules=("R34", "R41"))) == [
        "R41 is built: say so in a part of its own"
    ]
    listed.rules.clear()
    assert faults_of(bare) == ["no code", "neither story nor test", "nothing that a person sees"]


def test_a_rule_that_no_module_names_is_to_stand_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("books.sentences.waiting", _Listed())
    monkeypatch.setattr(sentence_checks, "waiting", _Listed())
    waits_for = next(rule for rule in RULES if not is_built(rule))
    told = f"{waits_for} is not built and stands not in the list of those that wait"
    assert told in faults_of(good(rules=[waits_for, "R34"]))


# --- the page --------------------------------------------------------------------------------------------------------


def rows() -> dict[str, str]:
    """Place -> its row of the page."""
    found = re.findall(r'(?m)^\| <a id="[^"]+"></a>(\S+) \|(.*)$', procedure_page())
    return dict(found)


def test_the_page_has_a_row_for_each_sentence_with_what_carries_it() -> None:
    page = rows()
    assert list(page) == list(sentences())
    for place, sentence in sentences().items():
        row = page[place]
        assert sentence.says in row
        for part in parts_of(sentence):
            assert all(f"{rule}" in row for rule in part.rules), place
            standing = not waits(part)
            assert all((f"../stories/{name}.yaml" in row) == standing for name in part.stories), place
            assert all(f"`{named(seen)[1]}`" in row for seen in part.seen if standing), place
            assert standing or "待 waits" in row, place


def test_the_page_counts_what_waits() -> None:
    page = procedure_page()
    states = [{waits(part) for part in parts_of(sentence)} for sentence in sentences().values()]
    carried, partly, whole = states.count({False}), states.count({True, False}), states.count({True})
    lacking = [
        sentence for sentence in sentences().values() if any(part.lacks for part in parts_of(sentence))
    ]
    figures = f"{len(states)} | {carried} | {partly} | {whole} | {len(lacking)}"
    assert f"| 合计 total |  | {figures} |" in page
    assert all(part.lacks in page for sentence in lacking for part in parts_of(sentence))
    assert all(each.what in page for each in waiting().values())


def test_every_anchor_of_the_page_stands_once() -> None:
    page = procedure_page()
    anchors = re.findall(r'<a id="([^"]+)">', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors)


def test_everything_that_can_be_seen_has_its_kind() -> None:
    assert list(catalogue()) == list(KINDS)
    assert all(catalogue().values())
    documents_seen = catalogue()["document"]
    assert documents_seen["receipt"].zh == "客户信息备忘录"
    assert "letterhead" not in documents_seen
    assert all(words.zh for words in documents_seen.values())
    assert {"place", "stock list", "quote make"} <= set(catalogue()["command"])
    assert "stock" not in catalogue()["command"]
