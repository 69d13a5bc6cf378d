"""Stories may name the same references and request ids: each has its own (R10, R53)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rehearsal.files import read_company
from rehearsal.pure import play
from rehearsal.script import Telling, script_of
from rehearsal.story import Story

COMPANY = read_company(Path(__file__).resolve().parents[2] / "stories")
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def story(name: str, events: list[dict[str, Any]], expect: list[dict[str, Any]], **more: Any) -> Story:
    return Story.model_validate(
        {
            "name": name,
            "title": {"zh": "共用凭证", "en": "shared references"},
            "events": events,
            "expect": expect,
            **more,
        }
    )


def told(of: Story) -> list[dict[str, Any]]:
    script = script_of(of, COMPANY, NOW)
    return [move.envelope for move in script.moves if isinstance(move, Telling)]


PAID: list[dict[str, Any]] = [
    {"after": "1h", "fact": "payment_received", "content": {"amount": "10.00", "reference": " TX-7 "}},
    {"after": "2h", "fact": "payment_bounced", "content": {"reference": "tx-7"}},
]
NOTHING: list[dict[str, Any]] = [{"after": "3h", "paid": "0.00"}]


def test_two_stories_that_share_a_reference_name_two() -> None:
    names = [
        {envelope["content"]["reference"] for envelope in told(story(name, PAID, NOTHING))}
        for name in ("one", "two")
    ]
    assert names == [{"one/TX-7", "one/tx-7"}, {"two/TX-7", "two/tx-7"}]


def test_two_stories_that_share_a_request_id_make_two_orders() -> None:
    def request_id(name: str, **order: Any) -> str:
        return script_of(story(name, PAID, NOTHING, order=order), COMPANY, NOW).request.request_id

    assert request_id("one", request_id="PO-1001") == "one/PO-1001"
    assert request_id("two", request_id="PO-1001") == "two/PO-1001"
    assert request_id("two") == "story/two"


def test_what_a_story_expects_of_a_reference_is_found() -> None:
    bank = {"role": "system", "by": "bank", "content": {"amount": "10.00", "reference": "B-1"}}
    events: list[dict[str, Any]] = [
        {"after": "1h", "fact": "payment_received", **bank},
        {
            "after": "2h",
            "fact": "extension_given",
            "content": {"step": "confirm_payment:B-1", "due": "{day+9}T12:00:00+08:00", "reason": "年末"},
        },
        {"after": "3h", "fact": "payment_received", "content": {"amount": "10.00", "reference": "B-1"}},
        {"after": "4h", "fact": "payment_corrected", "content": {"reference": "B-1", "reason": "错"}},
    ]
    expect: list[dict[str, Any]] = [
        {"after": "90m", "waiting": ["confirm_payment"], "journal": [{"kind": "waiting", "subject": "confirm_payment:B-1"}]},
        {
            "after": "5h",
            "paid": "0.00",
            "journal": [{"kind": "intention", "subject": "payment_notice:B-1"}, {"contains": "B-1"}],
            "notices": [{"paper": "payment_fell", "to": "finance", "contains": "B-1"}],
        },
    ]  # fmt: skip
    played = play(script_of(story("expects", events, expect), COMPANY, NOW))
    assert [str(each) for each in played.differences] == []


def test_other_papers_keep_their_references() -> None:
    paper = {"document": "written_order", "reference": "XS-1"}
    (envelope,) = told(
        story("one", [{"after": "1h", "fact": "document_supplied", "content": paper}], NOTHING)
    )
    assert envelope["content"]["reference"] == "XS-1"
