"""The weekly statistics of shipped orders (R73), and who was responsible for what in a month (R86)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, select

from activities.reports.daily_reports import OwedReport, missed_in
from activities.reports.shipped_goods import Shipment, billed_for, left_within
from activities.store.faults import named_faults
from activities.store.staff_names import name_and_id, staff_names
from models.dossier.journal import EntryKind, JournalEntry
from models.facts.fact_kinds import FACT_KINDS
from models.reports.report import Cell, Column, Section, Window
from models.reports.responsibility import (
    Exceptional,
    Record,
    TimedStep,
    best_first,
    exceptional,
    name_of,
    records,
    timed_steps,
)
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Refusal
from models.values.money import ZERO
from models.values.vocabulary import PromiseCause, Role, Words

_NO_STAFF = frozenset({Role.CUSTOMER.value, Role.SYSTEM.value})
"""Whose limits nobody is praised for."""

_SHIPPED = [
    Column(zh="订单", en="order"), Column(zh="客户", en="customer"), Column(zh="业务员", en="salesperson"),
    Column(zh="发货日", en="shipped"), Column(zh="承运", en="carrier"), Column(zh="运输单号", en="tracking number"),
    Column(zh="首次预交日", en="first promise"), Column(zh="现预交日", en="current promise"),
    Column(zh="比首次承诺迟（天）", en="days after first promise"),
    Column(zh="比现承诺迟（天）", en="days after current promise"),
    Column(zh="发货金额", en="amount shipped"), Column(zh="未付", en="open balance"), Column(zh="到货", en="arrived"),
]  # fmt: skip
_PEOPLE = [
    Column(zh="业务员", en="salesperson"), Column(zh="订单", en="orders"), Column(zh="发货", en="shipments"),
    Column(zh="发货金额", en="amount shipped"), Column(zh="按首次承诺准时", en="on time, first promise"),
    Column(zh="按现承诺准时", en="on time, current promise"),
]  # fmt: skip


def shipped_in(connection: Connection, window: Window) -> Iterator[Section]:
    """Every shipment of the period with what was billed for it, and what each salesperson shipped and how punctually.

    An order that ships in two periods is in both, each time with what left in it; its open balance stands there once.
    """
    orders, shipments = table("orders"), table("shipments")
    all_of_them = select(orders, shipments).join(shipments, shipments.c.order_number == orders.c.number)
    query = left_within(all_of_them, window).order_by(
        shipments.c.shipped_at, orders.c.number, shipments.c.shipment
    )
    rows: list[list[Cell]] = []
    of_person: dict[str, list[RowMapping]] = defaultdict(list)
    names, found = staff_names(connection), connection.execute(query).mappings().all()
    billed = billed_for(connection, {row["number"] for row in found})
    told: set[str] = set()
    for row in found:
        shipped = business_date(row["shipped_at"])
        rows.append(
            [
                row["number"], row["customer_name"], name_and_id(names, row["salesperson"]), shipped, row["carrier"],
                row["tracking_number"], row["first_promised"], row["promised"], _late(row, "first_promised"),
                _late(row, "promised"), billed.get((row["number"], row["shipment"])),
                row["open_balance"] if row["number"] not in told else None,
                business_date(row["arrived_at"]) if row["arrived_at"] else None,
            ]
        )  # fmt: skip
        told.add(row["number"])
        of_person[row["salesperson"]].append(row)
    yield Section(
        zh="按业务员", en="by salesperson", rule="R73", columns=_PEOPLE,
        rows=[_summary(name_and_id(names, person), of_person[person], billed) for person in sorted(of_person)],
    )  # fmt: skip
    yield Section(zh="已发订单", en="shipped orders", rule="R73", columns=_SHIPPED, rows=rows)


def _late(row: RowMapping, promise: str) -> int | None:
    """Days after the promise (goods finished) that they left; None where nothing was promised."""
    promised: date | None = row[promise]
    return None if promised is None else max(0, (business_date(row["shipped_at"]) - promised).days)


def _summary(person: str, rows: list[RowMapping], billed: Mapping[Shipment, Decimal]) -> list[Cell]:
    amount = sum((billed.get((row["number"], row["shipment"]), ZERO) for row in rows), ZERO)
    first = sum(_late(row, "first_promised") == 0 for row in rows)
    current = sum(_late(row, "promised") == 0 for row in rows)
    return [
        person, len({row["number"] for row in rows}), len(rows), amount,
        f"{first}/{len(rows)}", f"{current}/{len(rows)}",
    ]  # fmt: skip


def responsible_in(connection: Connection, window: Window) -> Iterator[Section]:
    """Per person what was kept and missed, each missed limit, each move of a promise, each exception."""
    journals, unread = _journals(connection, window)
    steps: list[TimedStep] = []
    for order, journal in list(journals.items()):
        try:
            with named_faults(f"the steps of {order}"):
                timed = timed_steps(order, journal, window.until)
        except Refusal as refusal:
            unread[order] = refusal.words
            del journals[order]
        else:
            steps += [step for step in timed if _falls_in(step, window)]
    people = _People(connection, journals)
    words = _words(connection, sorted(journals))
    owed = missed_in(connection, window)
    steps += [_of_the_desk(each, window.until) for each in owed]
    people.answers_for({each.day.isoformat(): each.people for each in owed})

    def named(step: TimedStep) -> str:
        if not step.order:
            return _both(Words(f"{step.subject} 的生产日报", f"production report of {step.subject}"))
        return words.get((step.order, step.subject)) or _both(name_of(step.subject))

    found = records(steps, people.of)
    yield _kept_and_missed(Words("按人", "by person"), Words("人员", "person"), found)
    departments = records(steps, lambda step: _role_called(step.role))
    yield _kept_and_missed(Words("按部门", "by department"), Words("岗位", "role"), departments)
    of_staff = records((step for step in steps if step.role not in _NO_STAFF), people.of)
    yield Section(
        zh="守时最好", en="who kept the limits best", rule="R86",
        columns=[
            Column(zh="名次", en="place"), Column(zh="人员", en="person"), Column(zh="按时", en="kept"),
            Column(zh="共", en="of"), Column(zh="按时率 %", en="kept, per cent"),
        ],
        rows=[
            [place, each.person, each.kept, each.kept + each.missed, _share(each)]
            for place, each in enumerate(best_first(of_staff), 1)
        ],
    )  # fmt: skip
    yield Section(
        zh="超时事项", en="limits that were missed", rule="R13",
        columns=[
            Column(zh="订单", en="order"), Column(zh="事项", en="step"), Column(zh="人员", en="person"),
            Column(zh="规则", en="rule"), Column(zh="应于", en="due"), Column(zh="完成", en="done"),
            Column(zh="超时小时", en="hours late"),
        ],
        rows=[
            [
                step.order or "-", named(step), people.of(step), step.rule, business_date(step.due),
                business_date(step.closed) if step.closed else None, _hours(step.late.total_seconds()),
            ]
            for step in sorted(steps, key=lambda each: -each.late)
            if not step.kept
        ],
    )  # fmt: skip
    yield _moves(connection, window, people.names)
    yield _exceptions(journals, window, people, words, unread)
    if unread:
        yield Section(
            zh="未能计入的订单", en="orders that could not be counted", rule="R86",
            columns=[Column(zh="订单", en="order"), Column(zh="原因", en="reason")],
            rows=[[order, _both(words)] for order, words in sorted(unread.items())],
        )  # fmt: skip


def _kept_and_missed(words: Words, whose: Words, found: list[Record]) -> Section:
    """What each of them kept and missed, who was late most first."""
    return Section(
        zh=words.zh, en=words.en, rule="R86",
        columns=[
            Column(zh=whose.zh, en=whose.en), Column(zh="按时", en="kept"), Column(zh="超时", en="missed"),
            Column(zh="超时小时", en="hours late"), Column(zh="规则", en="rules"),
        ],
        rows=[
            [
                each.person, each.kept, each.missed, _hours(each.late.total_seconds()),
                ", ".join(f"{rule}×{count}" for rule, count in sorted(each.rules.items())),
            ]
            for each in found
        ],
    )  # fmt: skip


def _share(record: Record) -> Decimal:
    """Kept of all, in per cent, rounded down: 100 only where nothing was missed."""
    share = Decimal(record.kept * 100) / (record.kept + record.missed)
    return share.quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def _role_called(role: str) -> str:
    called = next((each for each in Role if each.value == role), Role.SYSTEM)
    return _both(Words(called.zh, called.en))


def _of_the_desk(owed: OwedReport, until: datetime) -> TimedStep:
    """R171: a day whose production report came late or not at all, as a step of production's."""
    closed = owed.reported_at if owed.reported_at is not None and owed.reported_at < until else None
    return TimedStep(
        order="",
        subject=owed.day.isoformat(),
        rule="R171",
        role=Role.PRODUCTION.value,
        since=owed.due,
        due=owed.due,
        closed=closed,
        late=(closed or until) - owed.due,
    )


def _falls_in(step: TimedStep, window: Window) -> bool:
    """Whether it was open at some time of the window and was not closed after it."""
    ended = step.closed or window.until
    return ended >= window.since and not (step.closed and step.closed >= window.until)


def _words(connection: Connection, orders: list[str]) -> dict[tuple[str, str], str]:
    """What each step of these orders is called."""
    steps = table("open_steps")
    query = select(steps.c.order_number, steps.c.key, steps.c.zh, steps.c.en)
    rows = connection.execute(query.where(steps.c.order_number.in_(orders)))
    return {(order, key): f"{zh} · {en}" for order, key, zh, en in rows}


def _hours(seconds: float) -> Decimal:
    return (Decimal(int(seconds)) / 3600).quantize(Decimal("0.1"))


def _journals(
    connection: Connection, window: Window
) -> tuple[dict[str, list[JournalEntry]], dict[str, Words]]:
    """The journals of orders that lived in the period, of their newest epoch; and those that cannot be read, with why."""
    orders, journal = table("orders"), table("journal")
    lived = select(orders.c.number).where(
        orders.c.placed_at < window.until,
        orders.c.ended_at.is_(None) | (orders.c.ended_at >= window.since),
    )
    wanted = (EntryKind.WAITING, EntryKind.DONE, EntryKind.ENDED, EntryKind.EXCEPTION, EntryKind.INTENTION,
              EntryKind.LIABILITY, EntryKind.FACT, EntryKind.VOIDED, EntryKind.REASSIGNED)  # fmt: skip
    query = (
        select(journal)
        .join(orders, (orders.c.number == journal.c.order_number) & (orders.c.epoch == journal.c.epoch))
        .where(journal.c.order_number.in_(lived), journal.c.kind.in_([kind.value for kind in wanted]))
        .order_by(journal.c.order_number, journal.c.sequence)
    )
    found: dict[str, list[JournalEntry]] = defaultdict(list)
    unread: dict[str, Words] = {}
    for row in connection.execute(query).mappings():
        order = row["order_number"]
        try:
            with named_faults(f"the journal of {order}"):
                found[order].append(JournalEntry.model_validate(dict(row)))
        except Refusal as refusal:
            unread[order] = refusal.words
    for order in unread:
        del found[order]
    return found, unread


class _People:
    """Who has which role for which order."""

    def __init__(self, connection: Connection, journals: Mapping[str, list[JournalEntry]]) -> None:
        requests = table("requests")
        query = select(requests.c.number, requests.c.start).where(requests.c.number.in_(sorted(journals)))
        self._given = {
            order: [entry for entry in journal if entry.kind is EntryKind.REASSIGNED]
            for order, journal in journals.items()
        }
        self._staff: dict[str, dict[str, Any]] = {
            number: start.get("staff", {}).get("people", {}) for number, start in connection.execute(query)
        }
        self._of_days: dict[str, list[str]] = {}
        self.names = staff_names(connection)

    def answers_for(self, days: Mapping[str, list[str]]) -> None:
        """Who had the production report of a day to write (R171)."""
        self._of_days.update(days)

    def of(self, step: TimedStep) -> str:
        """The person who is answerable for a step, or its role where nobody in particular has it."""
        if not step.order and self._of_days.get(step.subject):
            return ", ".join(name_and_id(self.names, person) for person in self._of_days[step.subject])
        return name_and_id(
            self.names, self.who(step.order, step.role, step.closed if step.kept else step.due)
        )

    def who(self, order: str, role: str, at: datetime | None = None) -> str:
        """The id of the person who has a role for an order, at a moment or now; what the role is called where nobody has it.

        What was late before an order was reassigned stays theirs who had it then (R133).
        """
        called = next((each.zh for each in Role if each.value == role), Role.SYSTEM.zh)
        person = self._staff.get(order, {}).get(role)
        for given in self._given.get(order, ()):
            if given.subject == role and (at is None or given.recorded_at <= at):
                person = given.data.get("after")
        return str(person or called)


def moved_within(window: Window) -> ColumnElement[bool]:
    """Moves of a promise that were recorded in this time; the first promise is none (R34)."""
    promises = table("promises")
    return and_(
        promises.c.recorded_at >= window.since,
        promises.c.recorded_at < window.until,
        promises.c.promised_from.is_not(None),
        promises.c.promised_to != promises.c.promised_from,
    )


def _moves(connection: Connection, window: Window, names: dict[str, str]) -> Section:
    promises = table("promises")
    query = select(promises).where(moved_within(window)).order_by(promises.c.order_number, promises.c.change)
    causes = {cause.value: cause for cause in PromiseCause}
    return Section(
        zh="预交日变动", en="moves of the promise", rule="R34",
        columns=[
            Column(zh="订单", en="order"), Column(zh="原因", en="cause"), Column(zh="由谁", en="by"),
            Column(zh="原", en="before"), Column(zh="现", en="after"), Column(zh="天", en="days"),
        ],
        rows=[
            [
                row["order_number"], _both(causes.get(row["cause"]) or Words(row["cause"], row["cause"])), name_and_id(names, row["by"]),
                row["promised_from"], row["promised_to"], (row["promised_to"] - row["promised_from"]).days,
            ]
            for row in connection.execute(query).mappings()
        ],
    )  # fmt: skip


def _exceptions(
    journals: dict[str, list[JournalEntry]],
    window: Window,
    people: _People,
    words: dict[tuple[str, str], str],
    unread: dict[str, Words],
) -> Section:
    found: list[list[Cell]] = []
    for order, journal in journals.items():
        try:
            with named_faults(f"the exceptions of {order}"):
                told = _exceptional_of(order, journal, people, words)
        except Refusal as refusal:
            unread[order] = refusal.words
            continue
        found += [
            [
                order, business_date(each.happened_at), _both(each.what), name_and_id(people.names, each.by),
                ", ".join(name_and_id(people.names, person) for person in each.answerable), each.rule,
            ]
            for each in told
            if window.since <= each.happened_at < window.until
        ]  # fmt: skip
    return Section(
        zh="异常与责任", en="exceptions and liability", rule="R47",
        columns=[
            Column(zh="订单", en="order"), Column(zh="日期", en="day"), Column(zh="事项", en="what"),
            Column(zh="由谁", en="by"), Column(zh="责任人", en="answerable"), Column(zh="规则", en="rule"),
        ],
        rows=found,
    )  # fmt: skip


def _exceptional_of(
    order: str, journal: list[JournalEntry], people: _People, words: dict[tuple[str, str], str]
) -> list[Exceptional]:
    """What befell an order; a step that the database knows by its words is called by these."""

    def called(kind: str) -> Words:
        if kind in FACT_KINDS:
            return FACT_KINDS[kind].words
        zh, _, en = words.get((order, kind), "").partition(" · ")
        return Words(zh, en) if zh else name_of(kind)

    return exceptional(journal, called, lambda role: people.who(order, role))


def _both(words: PromiseCause | Words) -> str:
    return f"{words.zh} · {words.en}"
