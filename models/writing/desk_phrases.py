"""What people type when they look for orders, as filters of the list: “等财务 > 2天”, “overdue promised this week”.

Pure: the day and the people are given. What is understood is taken out of the text; what is left is searched for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from models.values.money import as_text
from models.values.vocabulary import Headline, PhaseName, Role, Term, Words

LONGEST = 200
_MOST_DAYS = 3650
_MOST_AMOUNT = Decimal(10) ** 12
_ROLES_SAID: dict[Role, tuple[str, ...]] = {
    Role.SERVICE_CLERK: ("客服", "clerk"),
    Role.TECHNICAL: ("技术",),
    Role.QUALITY: ("质检", "质量"),
    Role.FINANCE: ("财务",),
    Role.PRODUCTION: ("生产",),
    Role.MERCHANDISER: ("跟单",),
    Role.SALES_SUPERVISOR: ("主管", "supervisor"),
    Role.MARKETING_DIRECTOR: ("总监", "director"),
    Role.MATERIAL_CONTROLLER: ("物控",),
    Role.SHIPPER: ("发货",),
    Role.SALESPERSON: ("业务", "sales"),
}
"""What roles are called in short, beside their names."""
_WAITS = r"(?:waiting for|waits for|wait for|等待|在等|等|待)\s*"
_MORE = r"(?:>=|>|≥|more than|longer than|over|超过|大于|高于)"
_LESS = r"(?:<=|<|≤|less than|under|below|低于|少于|小于)"
_DAYS = re.compile(
    rf"{_MORE}?\s*(?P<count>\d+|[一二两三四五六七八九十])\s*(?P<unit>days?|d|weeks?|w|天|日|周|星期)(?:以上)?(?![a-z])"
)
_AMOUNT = re.compile(
    rf"(?:金额|amount|total)?\s*(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\s*[¥]?\s*"
    r"(?P<figures>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)\s*(?P<times>万|千|k)?\s*(?:元|yuan|cny)?(?![a-z\d])"
)
_FIGURES = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_TIMES = {"万": Decimal(10_000), "千": Decimal(1000), "k": Decimal(1000), None: Decimal(1)}
_PLACED = r"(?:下单|接单|placed|ordered)"
_PROMISED = r"(?:交货?|交期|到期|promised|due)"
_FLAGS: tuple[tuple[str, str, str, Words], ...] = (
    (r"超期|逾期|过期|overdue", "overdue", "yes", Words("已超期", "overdue")),
    (
        r"交期(?:有)?(?:危险|风险)|有(?:危险|风险)|promise in danger|in danger|at risk",
        "danger",
        "yes",
        Words("交期有危险", "promise in danger"),
    ),
    (r"未付清?|没付清?|欠款|unpaid|not paid", "unpaid", "yes", Words("未付清", "unpaid")),
    (r"未完结|未结束?|进行中|\bopen\b", "open", "yes", Words("未完结", "open")),
    (r"已完结|已结束|\bclosed\b|\bended\b", "open", "no", Words("已完结", "ended")),
)
_NOISE = re.compile(r"\b(?:orders?|the|and|which|that|with)\b|订单|的")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was understood: filters of the list of orders by name, the same in words, and what is left to be searched for."""

    filters: dict[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=lambda: Words("", ""))
    rest: str = ""


Span = tuple[str, Callable[[date], tuple[date, date]], Words]


def _week(today: date, later: int = 0) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=later)
    return monday, monday + timedelta(days=6)


def _month(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _day(later: int) -> Callable[[date], tuple[date, date]]:
    return lambda today: (today + timedelta(days=later), today + timedelta(days=later))


_SPANS: tuple[Span, ...] = (
    (r"今天|今日|today", _day(0), Words("今天", "today")),
    (r"明天|明日|tomorrow", _day(1), Words("明天", "tomorrow")),
    (r"昨天|昨日|yesterday", _day(-1), Words("昨天", "yesterday")),
    (r"本周|这周|this week", _week, Words("本周", "this week")),
    (r"下周|next week", lambda today: _week(today, 1), Words("下周", "next week")),
    (r"本月|这个月|this month", _month, Words("本月", "this month")),
)


class _Reading:
    """A text of which parts are taken out as they are understood."""

    def __init__(self, text: str) -> None:
        folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
        self.text = " ".join(folded.split())
        self.filters: dict[str, str] = {}
        self.words: list[Words] = []

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        """The first place that is written so; it is taken out."""
        found = re.search(pattern, self.text)
        if found is not None:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def understood(self, words: Words, **filters: str) -> None:
        self.filters |= filters
        self.words.append(words)


def read_phrase(text: str, today: date, people: Mapping[str, str]) -> Phrase | None:
    """What a text asks of the list of orders; None where nothing of it is a phrase. `people`: id and name of the staff."""
    reading = _Reading(text)
    _whom_it_waits_for(reading, people)
    _how_long(reading)
    for pattern, name, value, words in _FLAGS:
        if name not in reading.filters and reading.take(pattern):
            reading.understood(words, **{name: value})
    _when(reading, today)
    _how_much(reading)
    _state(reading)
    if not reading.filters:
        return None
    rest = " ".join(_NOISE.sub(" ", reading.text).split()).strip(" ,，、;；>")
    filters = {**reading.filters, **({"q": rest} if rest else {})}
    return Phrase(filters, _together(reading.words, rest), rest)


def _together(parts: list[Words], rest: str) -> Words:
    said = [*parts, *([Words(f"“{rest}”", f"“{rest}”")] if rest else [])]
    return Words("，".join(each.zh for each in said), ", ".join(each.en for each in said))


def _names_of_roles() -> Iterator[tuple[str, Role]]:
    for role in Role:
        for name in (role.zh, role.en, role.value.replace("_", " "), *_ROLES_SAID.get(role, ())):
            yield name.casefold(), role


def _whom_it_waits_for(reading: _Reading, people: Mapping[str, str]) -> None:
    roles = dict(_names_of_roles())
    persons = {said.casefold(): person for person, name in people.items() for said in (person, name) if said}
    known = sorted({*roles, *persons}, key=len, reverse=True)
    choice = "|".join(re.escape(each) for each in known)
    found = reading.take(rf"{_WAITS}(?P<whom>{choice})(?![a-z\d-])") if choice else None
    if found is None:
        return
    whom = found["whom"]
    if whom in persons and whom not in roles:
        name = people[persons[whom]] or persons[whom]
        reading.understood(Words(f"等 {name}", f"waits for {name}"), waits_person=persons[whom])
    else:
        role = roles[whom]
        reading.understood(Words(f"等{role.zh}", f"waits for {role.en}"), waits_role=role.value)


def _how_long(reading: _Reading) -> None:
    found = reading.take(_DAYS)
    if found is None:
        return
    count = _FIGURES.get(found["count"]) or int(found["count"])
    days = min(count * (7 if found["unit"][0] in "w周星" else 1), _MOST_DAYS)
    if days:
        reading.understood(Words(f"超过 {days} 天", f"for more than {days} days"), waits_days=str(days))


def _when(reading: _Reading, today: date) -> None:
    for pattern, span, words in _SPANS:
        for what, said in ((_PLACED, Words("下单", "placed")), (_PROMISED, Words("交货", "promised"))):
            # a day alone is the day of the promise
            one = rf"(?:{what}\s*(?:{pattern})|(?:{pattern})\s*{what})"
            found = reading.take(one if what is _PLACED else rf"{one}|(?:{pattern})")
            if found is not None:
                first, last = span(today)
                name = "placed" if what is _PLACED else "promised"
                reading.understood(
                    Words(f"{words.zh}{said.zh}", f"{said.en} {words.en}"),
                    **{f"{name}_from": first.isoformat(), f"{name}_to": last.isoformat()},
                )
                return


def _how_much(reading: _Reading) -> None:
    while (found := reading.take(_AMOUNT)) is not None:
        amount = Decimal(found["figures"].replace(",", "")) * _TIMES[found["times"]]
        name = "amount_from" if found["more"] else "amount_to"
        if amount > _MOST_AMOUNT or name in reading.filters:
            continue
        text = as_text(amount.normalize())
        words = (
            Words(f"金额 {text} 起", f"from CNY {text}")
            if found["more"]
            else Words(f"金额 {text} 以下", f"up to CNY {text}")
        )
        reading.understood(words, **{name: text})


def _state(reading: _Reading) -> None:
    """A status or a phase by its whole name; a status goes before, for it says more."""
    for name, terms in (("status", Headline), ("phase", PhaseName)):
        for term in _longest_first(terms):
            if name not in reading.filters and reading.take(_whole(term)):
                reading.understood(Words(term.zh, term.en), **{name: term.value})
                return


def _longest_first(terms: type[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: -len(term.zh))


def _whole(term: Term) -> str:
    names = (re.escape(term.zh), re.escape(term.en.casefold()))
    return rf"(?<![\w])(?:{'|'.join(names)})(?![\w])"
