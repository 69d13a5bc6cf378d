"""What an operator reads on an order's page: what it waits for, from whom, since when, why, what then, and how to move it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from models.dossier.dossier import Dossier
from models.dossier.open_steps import OpenStep
from models.order.order import Order
from models.values.vocabulary import Language, Words
from workflows.engine.plain_markdown import as_code, as_text
from workflows.engine.step_list import business_moment, holding_up

_STEP = Words("**{place}. {what}**{marks}", "**{place}. {what}**{marks}")
_WHO = Words("- 谁办：{who}", "- from: {who}")
_WHEN = Words("- 自 {since}，期限 {due}，依据 {rule}", "- since {since}, due {due}, by {rule}")
_THEN = Words("- 之后：{then}", "- then: {then}")
_COMMAND = Words("- 推进：`{command}`", "- to move it on: `{command}`")
_HEADING = Words("### 订单 {number} · {headline}", "### Order {number} · {headline}")
_PROMISE = Words("预交日 {promised}", "promised {promised}")
_OVERDUE = Words("⚠ 已超期", "⚠ overdue")
_ALONGSIDE = Words("（不阻塞）", "(holds nothing up)")
_HELD = Words("暂停自 {since}：{reason}", "on hold since {since}: {reason}")
_NOBODY = Words("不等待任何人；下一时限 {deadline}", "waits for nobody; next deadline {deadline}")
_MORE = Words("…… 另有 {count} 项", "… and {count} more")
_ENDED = Words("订单已终结：{ending}", "the order has ended: {ending}")
_SIGNED = Words(
    "确认书第{version}版经链接签字：{signer}，{at}，自 {address}，{how}；文件 SHA-256 {sha256}，{opened} 打开",
    "sheet version {version} signed by link: {signer}, {at}, from {address}, {how}; SHA-256 of the paper {sha256}, "
    "opened {opened}",
)
MOST_SIGNATURES = 6
MOST_STEPS = 12
"""Steps that are shown in full; an order of 200 lines may have 400, which nobody reads and each look would pay for."""


def details(order: Order, deadline: datetime | None) -> str:
    """The page in Chinese and then in English, as Markdown. Times are business time (+08:00)."""
    steps = holding_up(order) if order.lives else []
    shown = with_commands(order, steps)
    return "\n\n---\n\n".join(
        _in_language(order, deadline, shown, len(steps) - len(shown), language) for language in Language
    )


def with_commands(dossier: Dossier, steps: Sequence[OpenStep]) -> list[tuple[OpenStep, str]]:
    """The steps that are shown in full, each with the command that moves it on."""
    return [
        (step, as_code(f"python starter.py {dossier.commands}{step.command(dossier.number)}"))
        for step in steps[:MOST_STEPS]
    ]


def _in_language(
    order: Order,
    deadline: datetime | None,
    steps: list[tuple[OpenStep, str]],
    hidden: int,
    language: Language,
) -> str:
    def say(words: Words, **values: object) -> str:
        return words.in_language(language).format(**values)

    lines = [say(_HEADING, number=order.number, headline=order.headline.label(language))]
    if order.promise.promised is not None:
        lines.append(say(_PROMISE, promised=order.promise.promised.isoformat()))
    signed = [as_text(each.in_language(language)) for each in _signatures(order)]
    lines += signed[-MOST_SIGNATURES:]
    if order.ending is not None:
        return "\n\n".join([*lines, say(_ENDED, ending=order.ending.label(language))])
    if order.hold is not None:
        lines.append(
            say(_HELD, since=business_moment(order.hold.placed_at), reason=as_text(order.hold.reason))
        )
    return "\n\n".join([*lines, *waiting_for(deadline, steps, hidden, language)])


def waiting_for(
    deadline: datetime | None, steps: Sequence[tuple[OpenStep, str]], hidden: int, language: Language
) -> list[str]:
    """What any case waits for, as paragraphs; `hidden` steps are only counted."""
    if not steps:
        words = _NOBODY.in_language(language)
        return [words.format(deadline=business_moment(deadline) if deadline else "–")]
    shown = [_step(place, step, command, language) for place, (step, command) in enumerate(steps, 1)]
    more = [_MORE.in_language(language).format(count=hidden)] if hidden else []
    return [*shown, *more]


def _signatures(order: Order) -> Iterator[Words]:
    """Who signed the sheet by a link, and what proves it (R31)."""
    for sheet in order.sheets:
        for each in sheet.link_signatures.values():
            yield _SIGNED.filled(
                version=sheet.version,
                signer=each.signer,
                at=business_moment(each.signed_at),
                address=each.signed_from or "–",
                how=each.code_channel,
                sha256=each.document_sha256,
                opened=business_moment(each.opened_at),
            )


def _step(place: int, step: OpenStep, command: str, language: Language) -> str:
    """One step as a short list: the page is narrow, a table of seven columns could not be read."""

    def say(words: Words, **values: object) -> str:
        return words.in_language(language).format(**values)

    marks = [_ALONGSIDE] * (not step.blocking) + [_OVERDUE] * (step.overdue_at is not None)
    return "\n".join(
        [
            say(
                _STEP,
                place=place,
                what=as_text(step.words.in_language(language)),
                marks="".join(f" {mark.in_language(language)}" for mark in marks),
            ),
            "",
            say(_WHO, who=as_text(", ".join([*(role.label(language) for role in step.roles), *step.people]))),
            say(_WHEN, since=business_moment(step.since), due=business_moment(step.due), rule=step.rule),
            say(_THEN, then=step.afterwards.in_language(language)),
            say(_COMMAND, command=command),
        ]
    )
