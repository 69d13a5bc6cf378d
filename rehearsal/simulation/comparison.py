"""Two policies side by side 政策对比: the same figures of each, in rows that people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.values.vocabulary import Ending, PromiseCause, Role, Words
from rehearsal.simulation.outcome import Kept, Load, Outcome


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of each policy, as text that is the same in every language."""

    words: Words
    values: tuple[str, ...]


def compared(outcomes: Sequence[Outcome]) -> list[Compared]:
    """The rows, the same for each policy; causes, endings and roles that nobody has are left out."""
    return [*_promises(outcomes), *_slips(outcomes), *_ends(outcomes), *_money(outcomes), *_load(outcomes)]


def _row(words: Words, values: Iterator[str]) -> Compared:
    return Compared(words, tuple(values))


def _share(kept: Kept) -> str:
    return f"{kept.percent} % ({kept.kept}/{kept.of})" if kept.of else "–"


def _promises(outcomes: Sequence[Outcome]) -> Iterator[Compared]:
    yield _row(Words("订单数", "orders"), (str(each.orders) for each in outcomes))
    yield _row(Words("按首次预交日准时", "on time, first promise"), (_share(each.first) for each in outcomes))
    yield _row(
        Words("按现预交日准时", "on time, current promise"), (_share(each.current) for each in outcomes)
    )


def _slips(outcomes: Sequence[Outcome]) -> Iterator[Compared]:
    for cause in PromiseCause:
        if any(each.slips[cause] for each in outcomes):
            words = Words(f"顺延天数（订单数）：{cause.zh}", f"days slipped (orders): {cause.en}")
            yield _row(words, (f"{each.slips[cause]} ({each.slipped[cause]})" for each in outcomes))


def _ends(outcomes: Sequence[Outcome]) -> Iterator[Compared]:
    for ending in Ending:
        if any(each.endings[ending] for each in outcomes):
            words = Words(f"终结：{ending.zh}", f"ended: {ending.en}")
            yield _row(words, (str(each.endings[ending]) for each in outcomes))
    yield _row(Words("尚未终结", "not ended"), (str(each.alive) for each in outcomes))


def _money(outcomes: Sequence[Outcome]) -> Iterator[Compared]:
    yield _row(Words("已收款 ¥", "paid, CNY"), (f"{each.paid:,.2f}" for each in outcomes))
    yield _row(
        Words("已发货未收款，日均 ¥", "owed for goods that left, average day, CNY"),
        (f"{each.usually_owed:,.2f}" for each in outcomes),
    )
    yield _row(
        Words("已发货未收款，最高 ¥", "owed for goods that left, worst day, CNY"),
        (f"{each.most_owed:,.2f}" for each in outcomes),
    )
    yield _row(
        Words("已发货未收款，期末 ¥", "owed for goods that left, at the end, CNY"),
        (f"{each.open_at_end:,.2f}" for each in outcomes),
    )


def _load(outcomes: Sequence[Outcome]) -> Iterator[Compared]:
    nothing = Load()
    for role in Role:
        loads = [each.load.get(role, nothing) for each in outcomes]
        if any(load.steps for load in loads):
            words = Words(f"事项（超时）：{role.zh}", f"steps (late): {role.en}")
            yield _row(words, (f"{load.steps} ({load.missed})" for load in loads))
