"""Any text goes through a step unharmed: into its row, its form and what comes back, and through the command that is shown."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from commands.orders.envelopes import content_of as typed_in
from models.dossier.command_words import one_word
from models.dossier.open_steps import COMMANDS, OpenStep
from models.dossier.step_kinds import StepKind
from models.dossier.step_moves import BLANK, Move, move_in, move_of, move_shown, says_more
from models.facts.fact_kinds import FACT_KINDS
from models.forms.step_form import content_of, form_of
from models.messages.envelope import read_content
from models.order.projection import row_tracker
from models.reports.desk_steps import DeskStepKind, desk_step
from models.values.errors import Refusal
from models.values.vocabulary import Role
from tests.models.life import Life

ORDER = "20270301-0001"
NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ODD = [
    "FT 20270105", "O'Brien", '"', "a\"b'c", "$HOME", "`id`", "a;b&c|d", "#7", "~", "*", "…", "A…B", "true", "false", "null",
    "{}", "[1]", '{"a": 1}', "--set", "--set amount=9.00", "a=b", "a\nb", "\\", "TX-7 · 2", "　全角　x",
    "{order}", "{0}", "%s", "<b>", "&amp;", "-", "--", "x\u2028y", "x\u200by", "￥", "a" * 200,
]  # fmt: skip
texts = st.text(
    st.characters(codec="utf-8", exclude_characters=[chr(n) for n in range(32) if n != 10]),
    min_size=1,
    max_size=80,
).filter(lambda text: bool(text.strip()))  # fmt: skip


def odd(test: Any) -> Any:
    for each in ODD:
        test = example(each)(test)
    return test


def step_about(kind: StepKind, **values: str) -> OpenStep:
    return OpenStep(key="k", kind=kind, roles=(Role.FINANCE,), rule="R53", since=NOW, due=NOW, values=values)


def stored(step: OpenStep) -> tuple[Any, str]:
    """What the row of a step says and its command, as they come back from the order database."""
    command = step.command(ORDER)
    row = json.loads(json.dumps({"command": command, **says_more(step.move, command)}))
    return row.get("says"), row["command"]


def sent_back(text: str) -> str:
    """A form's value as a browser sends it."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def through_a_page(step: OpenStep, **filled: str) -> dict[str, Any]:
    """The content that comes of a step's form: what it carries, what it shows already, and what was filled in."""
    move = move_shown(*stored(step), ORDER)
    assert move is not None
    back = Move.model_validate_json(sent_back(move.as_text()))
    form = form_of(back)
    assert form is not None
    shown = {each.path: sent_back(each.value) for each in form.fields if each.value}
    return content_of(form, shown | filled)


def through_the_command_line(step: OpenStep, **filled: str) -> dict[str, Any]:
    """The content that comes of the command that is shown, pasted into a shell, blanks filled in."""
    words = shlex.split(step.command(ORDER))
    assert words[:2] == ["tell", ORDER]
    options = list(zip(words[3::2], words[4::2], strict=True))
    text = next((value for name, value in options if name == "--json"), None)
    asked = {f"{name}={BLANK}": f"{name}={value}" for name, value in filled.items()}
    sets = [value for name, value in options if name == "--set"]
    return typed_in(text, [asked.get(value, value) for value in sets])


def taken(kind: str, content: dict[str, Any]) -> BaseModel:
    """What is said, where it may be said at all: what no order takes never comes to a step."""
    try:
        return read_content(FACT_KINDS[kind].content, content)
    except Refusal:
        assume(False)
        raise


@odd
@given(texts)
def test_a_reference_is_the_same_reference_by_page_and_by_command(text: str) -> None:
    """R53: one transfer is booked once, whatever its reference is."""
    content = FACT_KINDS["payment_received"].content
    step = step_about(StepKind.CONFIRM_PAYMENT, reference=text)
    wanted = taken("payment_received", {"reference": text, "amount": "160.50"})
    by_page = read_content(content, through_a_page(step, amount="160.50"))
    by_command = read_content(content, through_the_command_line(step, amount="160.50"))
    assert by_page == wanted
    assert by_command == wanted


@odd
@given(texts)
def test_where_the_goods_go_is_shown_as_it_is(text: str) -> None:
    """R70"""
    content = FACT_KINDS["document_supplied"].content
    where = {"address": text, "consignee": text[::-1], "contact": f"{text} {text}"}
    step = step_about(StepKind.SHIPPING_NOTICE, **where)
    wanted = taken("document_supplied", {"document": "shipping_notice", "reference": "FH-1", **where})
    assert read_content(content, through_a_page(step, reference="FH-1")) == wanted
    assert read_content(content, through_the_command_line(step, reference="FH-1")) == wanted


@odd
@given(texts)
def test_a_row_says_more_only_where_its_command_would_be_read_otherwise(text: str) -> None:
    step = step_about(StepKind.CLEAR_CASH, reference=text)
    says, command = stored(step)
    assert move_shown(says, command, ORDER) == step.move
    assert (says is None) == (move_in(command) == step.move)


@odd
@given(texts)
def test_a_step_of_the_desk_is_one_word_for_each_value(text: str) -> None:
    step = desk_step(
        DeskStepKind.COUNTED_TWICE, f"{text}/{ORDER}", NOW, rule="R53", reference=text, other="1", given=ORDER
    )
    told, _, resolve = step.command.partition("; starter.py resolve ")
    words = shlex.split(told)
    assert words[:4] == ["starter.py", "tell", ORDER, "payment_corrected"]
    text_given = words[5] if words[4] == "--json" else None
    assert typed_in(text_given, [] if text_given else [words[5]]) == {"reference": text}
    assert shlex.split(resolve)[0] == step.key
    assert "\n" not in step.key
    assert ".." not in step.key.split("/")


def test_plain_values_stand_in_the_command_as_before() -> None:
    step = step_about(StepKind.CONFIRM_PAYMENT, reference="TX-7")
    assert step.command("7") == "tell 7 payment_received --role finance --set reference=TX-7 --set amount=…"
    assert stored(step)[0] is None
    assert one_word("深圳市南山区(科技园)12号") == "'深圳市南山区(科技园)12号'"
    assert one_word("王芳、李明") == "王芳、李明"


def test_no_row_of_a_usual_life_says_more() -> None:
    """So what was recorded of orders before stays what would be recorded now."""
    for life in (Life(), Life().in_warehouse(), Life().in_warehouse().paid("3500.00")):
        rows = row_tracker(life.order).changed({}, life.order.clock)
        assert [each.row.values for each in rows if "says" in each.row.values] == []


def test_what_a_row_says_counts_only_for_its_command() -> None:
    """A row keeps a value that a later one does not name."""
    old = step_about(StepKind.CLEAR_CASH, reference="A…B")
    new = step_about(StepKind.CLEAR_CASH, reference="TX-8")
    assert move_shown(stored(old)[0], stored(new)[1], ORDER) == new.move
    assert move_shown({"of": "another program"}, stored(new)[1], ORDER) == new.move
    assert move_shown("x", "show 1", ORDER) is None


@pytest.mark.parametrize("kind", list(COMMANDS))
def test_the_command_of_every_step_is_read_back_as_its_move(kind: StepKind) -> None:
    values = {"subject": "production_date --line 2", "outcomes": "dated", "reference": "TX", "amount": "1.00"}
    move = move_of(COMMANDS[kind], values)
    assert move_in(move.command(ORDER)) == move
    assert form_of(move) is not None


def test_the_word_true_typed_as_a_text_is_that_text() -> None:
    form = form_of(Move(fact="payment_received"))
    assert form is not None
    assert content_of(form, {"reference": "true", "amount": "1.00"}) == {
        "reference": "true",
        "amount": "1.00",
    }
