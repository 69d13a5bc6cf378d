"""The days of an order as a calendar shows them, and how each may honestly become another (R23 to R25, R34, R42, R83)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role, Term, Words


class DayKind(Term):
    """Which of an order's days it is."""

    PROMISED = "promised", "预交", "promised"
    DUE = "due", "应完工", "due from production"
    PLANNED = "planned", "计划发货", "planned to ship"


class MoveWay(Term):
    """By which act a day becomes another."""

    NONE = "none", "不需要改", "nothing to change"
    LATER_PROMISE = "later_promise", "放宽预交日", "a later promise is agreed"
    DATED_ANEW = "dated_anew", "请生产重新定交期", "production is asked for its date anew"
    EXCEPTION = (
        "exception",
        "生产报告异常，商定应急方案",
        "production reports an exception and a plan is agreed",
    )
    REFUSED = "refused", "不能这样改", "it cannot be moved so"


@dataclass(frozen=True, slots=True)
class Days:
    """The days of an order as they stand; None where production has not dated it yet."""

    promised: date | None
    due: date | None
    ship: date | None

    def of(self, kind: DayKind) -> date | None:
        """The day of this kind."""
        return {DayKind.PROMISED: self.promised, DayKind.DUE: self.due, DayKind.PLANNED: self.ship}[kind]


@dataclass(frozen=True, slots=True)
class Moving:
    """How a day may become another: by which act, what that would say, whom it concerns, and why so."""

    way: MoveWay
    why: Words
    promised: date | None = None
    ship: date | None = None
    acts: tuple[Role, ...] = ()
    """Who may do it; of a later promise both must agree (R24)."""
    told: tuple[Role, ...] = ()
    """Who hears of it, or is asked because of it."""

    @property
    def subject(self) -> Subject | None:
        """The decision that it is, where it is one."""
        return Subject.LATER_PROMISE if self.way is MoveWay.LATER_PROMISE else None


_PAST = Words("{day} 已过，今天是 {today}。", "{day} has passed; today is {today}.")
_SAME = Words("就是这一天。", "it is this very day.")
_NO_DATE = Words(
    "生产还没有定交期（R23），日期由生产部书面给出。",
    "production has not named its date yet (R23): it gives it in writing.",
)
_LATER = Words(
    "预交日改为 {promised}，发货日 {ship}：客服员与业务员都确认才算数，改后告知客户和业务员（R24）。",
    "promised {promised}, to ship {ship}: it counts when both clerk and salesperson agree; customer and salesperson are told (R24).",
)
_BEFORE_DUE = Words(
    "早于生产定的完工日 {due}：不能只改对客户的说法。可变更要求日期，由生产部重新定交期（R23、R83）。",
    "before the day that production named, {due}: the customer is not told what production does not hold. Change the wanted date; "
    "production is asked anew (R23, R83).",
)
_EARLIER_FINISH = Words(
    "完工日由生产部书面给出：可变更要求日期，由生产部重新定交期（R23、R83）。",
    "production names the day in writing: change the wanted date, and production is asked anew (R23, R83).",
)
_LATER_FINISH = Words(
    "完工日推迟是异常：由生产部报告原因，再与客户商定新交期（R42）。",
    "a later finish is an exception: production reports its cause, and a new date is agreed with the customer (R42).",
)
_BEFORE_FINISH = Words(
    "发货日不早于预交日 {promised}（R25）。",
    "goods ship no earlier than they are promised, {promised} (R25).",
)
_ASKS = (Role.SERVICE_CLERK, Role.MERCHANDISER)
_CONCERNED = (Role.CUSTOMER, Role.SALESPERSON)


def moving(kind: DayKind, to: date, days: Days, today: date) -> Moving:
    """How this day of an order may become another one. Nothing is said by asking."""
    if days.promised is None or days.due is None or days.ship is None:
        return Moving(MoveWay.REFUSED, _NO_DATE)
    if to == days.of(kind):
        return Moving(MoveWay.NONE, _SAME)
    if to < today:
        return Moving(MoveWay.REFUSED, _PAST.filled(day=to, today=today))
    if kind is DayKind.DUE:
        if to > days.due:
            return Moving(
                MoveWay.EXCEPTION, _LATER_FINISH, acts=(Role.PRODUCTION,),
                told=(Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR, *_CONCERNED),
            )  # fmt: skip
        return Moving(MoveWay.DATED_ANEW, _EARLIER_FINISH, acts=_ASKS, told=(Role.PRODUCTION, *_CONCERNED))
    if kind is DayKind.PLANNED:
        if to < days.promised:
            return Moving(MoveWay.REFUSED, _BEFORE_FINISH.filled(promised=days.promised))
        return _agreed(days.promised, to)
    if to < days.due:
        return Moving(
            MoveWay.DATED_ANEW,
            _BEFORE_DUE.filled(due=days.due),
            acts=_ASKS,
            told=(Role.PRODUCTION, *_CONCERNED),
        )
    return _agreed(to, max(to, days.ship))


def _agreed(promised: date, ship: date) -> Moving:
    words = _LATER.filled(promised=promised, ship=ship)
    both = (Role.SERVICE_CLERK, Role.SALESPERSON)
    return Moving(MoveWay.LATER_PROMISE, words, promised, ship, both, _CONCERNED)
