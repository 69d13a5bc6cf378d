"""Promises in danger: what production expects is held against what was promised (R38a, R41 to R43)."""

from __future__ import annotations

from datetime import date

from models.dossier.exceptions import Alarm, clear_alarm, raise_alarm, resolve_alarm
from models.dossier.incidents import Trouble
from models.handlers.promise.promises import PREPAID_LIMIT
from models.order.incidents import Danger
from models.order.order import Order
from models.values.calendar import ONE_DAY, business_date
from models.values.vocabulary import ExceptionCause, Role, SmallOrderWay, Words

_MISSES_THE_PROMISE = Words(
    "第{line}行预计 {finish} 完工,晚于预交日 {limit}",
    "line {line} is expected to be finished on {finish}, after the promised {limit}",
)
_MISSES_ITS_DATE = Words(
    "第{line}行预计 {finish} 完工，晚于生产完成日 {limit}，预交日 {promised} 仍可保证",
    "line {line} is expected to be finished on {finish}, after production's date {limit}; the promised {promised} holds",
)
_MISSES_THREE_DAYS = Words(
    "小额预付订单须于 {limit} 前发货,现预计 {finish}",
    "a small prepaid order ships by {limit}; as things stand it is {finish}",
)
_FINISHED = Words("已完工", "it is finished")
_HOLDS_AGAIN = Words("预计完工已提前,交期可以保证", "it is expected earlier again; the date holds")


def watch_promise(order: Order) -> None:
    """R41 to R43: an expected finish after the promise puts it in danger, an earlier one takes the danger away."""
    _watch_prepaid(order)
    due, promised = order.promise.production_due, order.promise.promised
    if due is None or promised is None:
        return
    for line in sorted({*order.expected_finish, *order.dangers} - {PREPAID_LIMIT}):
        finish = order.expected_finish.get(line)
        if finish is None or finish <= due or is_finished(order, line):
            _is_over(order, line)
            continue
        beyond = finish > promised
        known = order.dangers.get(line)
        if known is not None and (known.finish, known.beyond) == (finish, beyond):
            continue
        words = _MISSES_THE_PROMISE if beyond else _MISSES_ITS_DATE
        _tell(
            order,
            line,
            Danger(trouble=f"late-{line}", finish=finish, beyond=beyond),
            words.filled(line=line, finish=finish, limit=promised if beyond else due, promised=promised),
            "R42" if beyond else "R41",
        )


def expect_after(order: Order, trouble: Trouble, line: int | None, finish: date) -> None:
    """R42: when production expects to finish after an exception that it reported; the same is not told a second time."""
    due, promised = order.promise.production_due, order.promise.promised
    for number in [line] if line is not None else [each.line for each in order.request.lines]:
        order.expected_finish[number] = finish
        if due is not None and promised is not None and finish > due:
            _is_over(order, number)
            order.dangers[number] = Danger(
                trouble=trouble.key, finish=finish, beyond=finish > promised, reported=True
            )


def expect_rework(order: Order, line: int) -> None:
    """R43: what went back is not finished before today, whatever was expected; so a promise that has passed is missed."""
    order.expected_finish[line] = max(order.expected_finish.get(line, order.today()), order.today())


def is_finished(order: Order, line: int) -> bool:
    """Production said so, and nothing of the line went back for rework since (R43)."""
    return line in order.finished_lines and not any(lot.rework > 0 for lot in order.lots_of(line))


def prepaid_limit(order: Order) -> date | None:
    """R38a: the last day on which a small order that was prepaid may ship; None for all others (nothing of a service
    ships), and before it is paid."""
    if order.small_way is not SmallOrderWay.PREPAID or order.kind.gives_service:
        return None
    paid = order.ledger.covered_at(order.deposit_due)
    return (
        business_date(paid) + order.policy.small_order.prepaid_ships_within_days * ONE_DAY
        if paid is not None
        else None
    )


def prepaid_watched_until(order: Order) -> date | None:
    """The limit of a small prepaid order, as long as its goods are here and nobody was told that it does not hold."""
    return None if PREPAID_LIMIT in order.dangers or _all_left(order) else prepaid_limit(order)


def _watch_prepaid(order: Order) -> None:
    """R38a: as soon as production date or ship date cannot hold the limit, or it has passed, it is told and overdue."""
    limit = prepaid_limit(order)
    if limit is None or _all_left(order):
        return
    finish = _ships_on(order)
    if finish > limit:
        if PREPAID_LIMIT not in order.dangers:
            danger = Danger(trouble="prepaid-late", finish=finish, beyond=True)
            _tell(order, PREPAID_LIMIT, danger, _MISSES_THREE_DAYS.filled(limit=limit, finish=finish), "R38")
    else:
        _is_over(order, PREPAID_LIMIT)


def _ships_on(order: Order) -> date:
    """The first day on which everything could leave, as things stand."""
    expected = [
        order.expected_finish.get(line.line, order.promise.production_due or order.today())
        for line in order.request.lines
        if not is_finished(order, line.line)
    ]
    agreed = [order.promise.ship_date] if expected and order.promise.ship_date is not None else []
    return max([order.today(), *expected, *agreed])


def _all_left(order: Order) -> bool:
    return order.goods_out and all(
        order.shipped(line.line) >= order.entered(line.line) and is_finished(order, line.line)
        for line in order.request.lines
    )


def _tell(order: Order, line: int, danger: Danger, words: Words, rule: str) -> None:
    known = order.dangers.get(line)
    if known is not None and not known.reported:
        resolve_alarm(order, order.troubles[known.trouble], words)
    alarm = Alarm(
        danger.trouble,
        words,
        order.staff.person(Role.SERVICE_SUPERVISOR),
        rule,
        needs_plan=danger.beyond,
        cause=ExceptionCause.PRODUCTION.value,
        line=line or None,
    )
    trouble = raise_alarm(order, alarm, order.clock)
    order.dangers[line] = danger.model_copy(update={"trouble": trouble.key})


def _is_over(order: Order, line: int) -> None:
    danger = order.dangers.pop(line, None)
    if danger is not None and not danger.reported:
        words = _FINISHED if line != PREPAID_LIMIT and is_finished(order, line) else _HOLDS_AGAIN
        clear_alarm(order, order.troubles[danger.trouble], words)
