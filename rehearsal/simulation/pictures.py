"""Pictures of a comparison, as SVG: shares, days and steps as bars side by side, and what is owed from day to day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from models.figures.charts import parts_of_hundred
from models.values.vocabulary import Language, PromiseCause, Role, Words
from rehearsal.simulation.outcome import Outcome

COLOURS = ("#1f6f8b", "#d9822b")
"""One for each policy; told apart by those who do not see colours as well, because they differ in lightness."""
_WIDTH, _LABEL, _BAR, _GAP, _HEAD = 760, 230, 16, 12, 46
_CURVE = 220


@dataclass(frozen=True, slots=True)
class _Group:
    """One label, and a value of each policy with its text."""

    words: Words
    values: tuple[Decimal, ...]
    texts: tuple[str, ...]


def pictures_of(outcomes: Sequence[Outcome], language: Language) -> dict[str, str]:
    """SVG by file name."""
    drawn = {
        "on-time.svg": (Words("准时率 %", "on time, per cent"), list(_shares(outcomes))),
        "slips.svg": (Words("顺延天数，按原因", "days slipped, by cause"), list(_slips(outcomes))),
        "load.svg": (Words("各岗位事项数", "steps by role"), list(_load(outcomes))),
    }
    found = {
        name: _bars(title.in_language(language), groups, outcomes, language)
        for name, (title, groups) in drawn.items()
        if groups
    }
    return {**found, "owed.svg": _curve(outcomes, language)}


def _shares(outcomes: Sequence[Outcome]) -> Iterator[_Group]:
    for words, kept in (
        (Words("按首次预交日", "first promise"), [each.first for each in outcomes]),
        (Words("按现预交日", "current promise"), [each.current for each in outcomes]),
    ):
        values = tuple(each.percent or Decimal(0) for each in kept)
        yield _Group(words, values, tuple(f"{each.percent} %" if each.of else "–" for each in kept))


def _slips(outcomes: Sequence[Outcome]) -> Iterator[_Group]:
    for cause in PromiseCause:
        days = tuple(each.slips[cause] for each in outcomes)
        if any(days):
            yield _Group(Words(cause.zh, cause.en), tuple(map(Decimal, days)), tuple(map(str, days)))


def _load(outcomes: Sequence[Outcome]) -> Iterator[_Group]:
    for role in Role:
        steps = tuple(each.load[role].steps if role in each.load else 0 for each in outcomes)
        if any(steps):
            yield _Group(Words(role.zh, role.en), tuple(map(Decimal, steps)), tuple(map(str, steps)))


def _bars(title: str, groups: list[_Group], outcomes: Sequence[Outcome], language: Language) -> str:
    each_high = len(outcomes) * _BAR + _GAP
    lengths = iter(parts_of_hundred([value for group in groups for value in group.values]))
    space = _WIDTH - _LABEL - 90
    parts = []
    for place, group in enumerate(groups):
        top = _HEAD + place * each_high
        label = escape(group.words.in_language(language))
        middle = top + len(outcomes) * _BAR // 2 + 4
        parts.append(f'<text x="{_LABEL - 10}" y="{middle}" text-anchor="end">{label}</text>')
        for number, text in enumerate(group.texts):
            long, y = next(lengths) * space // 100, top + number * _BAR
            parts.append(
                f'<rect x="{_LABEL}" y="{y}" width="{long}" height="{_BAR - 3}" fill="{_colour(number)}"/>'
                f'<text x="{_LABEL + long + 6}" y="{y + 11}">{escape(text)}</text>'
            )
    return _svg(title, outcomes, parts, _HEAD + len(groups) * each_high)


def _curve(outcomes: Sequence[Outcome], language: Language) -> str:
    days = sorted({day for each in outcomes for day, _ in each.owed})
    most = max((each.most_owed for each in outcomes), default=Decimal(0)) or Decimal(1)
    title = Words("已发货未收款 ¥，逐日", "owed for goods that left, CNY, day by day").in_language(language)
    left, right, top, foot = 90, _WIDTH - 20, _HEAD + 4, _HEAD + 4 + _CURVE
    parts = [
        f'<text x="{left - 8}" y="{top + 6}" text-anchor="end">{most:,.0f}</text>'
        f'<text x="{left - 8}" y="{foot}" text-anchor="end">0</text>'
        f'<path d="M{left} {top}V{foot}H{right}" fill="none" stroke="#888"/>'
    ]
    if days:
        places = {
            day: left + (right - left) * number // max(len(days) - 1, 1) for number, day in enumerate(days)
        }
        parts.append(
            f'<text x="{left}" y="{foot + 18}">{days[0]}</text>'
            f'<text x="{right}" y="{foot + 18}" text-anchor="end">{days[-1]}</text>'
        )
        for number, each in enumerate(outcomes):
            points = " ".join(
                f"{places[day]},{foot - int(_CURVE * amount / most)}" for day, amount in each.owed
            )
            parts.append(
                f'<polyline points="{points}" fill="none" stroke="{_colour(number)}" stroke-width="2"/>'
            )
    return _svg(title, outcomes, parts, foot + 30)


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _svg(title: str, outcomes: Sequence[Outcome], parts: list[str], height: int) -> str:
    legend, x = [], _WIDTH - 20
    for number, each in reversed(list(enumerate(outcomes))):
        x -= 40 + 9 * len(each.name)
        legend.append(
            f'<rect x="{x}" y="12" width="12" height="12" fill="{_colour(number)}"/>'
            f'<text x="{x + 18}" y="22">{escape(each.name)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-family="Noto Sans CJK SC, sans-serif" font-size="12" role="img" aria-label="{escape(title)}">'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/><text x="16" y="24" font-size="15">{escape(title)}</text>'
        + "".join((*legend, *parts))
        + "</svg>\n"
    )
