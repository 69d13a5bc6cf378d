"""What an operator reads on an order's page: what it waits for, from whom, since when, why, what then, and how to move it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.calendar import BUSINESS_ZONE
from models.order import Order
from models.steps import OpenStep
from models.vocabulary import Language, Words
from workflows.search_attributes import holding_up

_COLUMNS = Words(
    "| 等待 | 谁办 | 自 | 期限 | 依据 | 之后 | 命令 |",
    "| waits for | from | since | due | rule | then | command |",
)
_RULER = "|---|---|---|---|---|---|---|"
_HEADING = Words("### 订单 {number} · {headline}", "### Order {number} · {headline}")
_PROMISE = Words("预交日 {promised}", "promised {promised}")
_OVERDUE = Words("**已超期**", "**overdue**")
_ALONGSIDE = Words("(不阻塞)", "(holds nothing up)")
_HELD = Words("暂停自 {since}:{reason}", "on hold since {since}: {reason}")
_NOBODY = Words("不等待任何人;下一时限 {deadline}", "waits for nobody; next deadline {deadline}")
_ENDED = Words("订单已终结:{ending}", "the order has ended: {ending}")
_LONGEST_SUMMARY = 360
"""Bytes; the server takes 400 with what stands around the text."""


def details(order: Order, deadline: datetime | None) -> str:
    """The page in Chinese and then in English, as Markdown. Times are business time (+08:00)."""
    return "\n\n---\n\n".join(_in_language(order, deadline, language) for language in Language)


def _in_language(order: Order, deadline: datetime | None, language: Language) -> str:
    def say(words: Words, **values: object) -> str:
        return words.in_language(language).format(**values)

    lines = [say(_HEADING, number=order.number, headline=order.headline.label(language))]
    if order.promise.promised is not None:
        lines.append(say(_PROMISE, promised=order.promise.promised.isoformat()))
    if order.ending is not None:
        return "\n\n".join([*lines, say(_ENDED, ending=order.ending.label(language))])
    if order.hold is not None:
        lines.append(say(_HELD, since=_shown(order.hold.placed_at), reason=_cell(order.hold.reason)))
    steps = holding_up(order)
    if not steps:
        return "\n\n".join([*lines, say(_NOBODY, deadline=_shown(deadline) if deadline else "–")])
    rows = [_row(step, order.number, language) for step in steps]
    return "\n\n".join([*lines, "\n".join([say(_COLUMNS), _RULER, *rows])])


def _row(step: OpenStep, number: str, language: Language) -> str:
    what = step.words.in_language(language)
    if not step.blocking:
        what = f"{what} {_ALONGSIDE.in_language(language)}"
    due = _shown(step.due)
    if step.overdue_at is not None:
        due = f"{due} {_OVERDUE.in_language(language)}"
    who = ", ".join([*(role.label(language) for role in step.roles), *step.people])
    then = step.afterwards.in_language(language)
    cells = [what, who, _shown(step.since), due, step.rule, then]
    command = f"`python starter.py {_cell(step.command(number)).replace('`', ' ')}`"
    return f"| {' | '.join([*(_cell(cell) for cell in cells), command])} |"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def _shown(moment: datetime) -> str:
    return moment.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")


def timer_summary(order: Order, deadline: datetime) -> str:
    """What the one timer runs for, in both languages."""
    words = next(
        (step.words for step in holding_up(order) if step.due == deadline),
        Words("下一时限", "the next deadline"),
    )
    return shortened(f"{words.zh} · {words.en} · {_shown(deadline)}")


def shortened(text: str) -> str:
    """A summary cut to what the server takes."""
    plain = text.replace("\n", " ").encode()
    return plain[:_LONGEST_SUMMARY].decode(errors="ignore")


def steps_of(order: Order) -> list[dict[str, Any]]:
    """The open steps as plain data, those that hold the order up first: the answer to the query `steps`."""
    return [
        {
            **step.model_dump(mode="json"),
            "zh": step.words.zh,
            "en": step.words.en,
            "then_zh": step.afterwards.zh,
            "then_en": step.afterwards.en,
            "command": step.command(order.number),
        }
        for step in holding_up(order)
    ]
