"""Who hears of a paper by which way: a delivery is entered for each, once the paper is ready."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from activities.desk.handovers import has_now
from activities.facts.desk_steps import open_step
from activities.notices.addresses import AddressBook, address_book
from activities.store.absences import stand_ins_at
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.upsert import insert_into
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step
from models.reports.notice_routes import Channel, DeliveryState, NoticeTable, Route, routes
from models.tables.registry import table
from models.values.errors import OF_THE_WORLD, Refusal

AT_ONCE = 100
_RULE = "R30"
_SOON_OVER = frozenset({Paper.SIGNING_CODE, Paper.LOG_IN_CODE})
"""What is over before anybody has looked for the address."""


class Router:
    """Routes the papers of one outbox to the ways that are set up."""

    def __init__(
        self, engine: Engine, notices: Callable[[], NoticeTable], set_up: Collection[Channel]
    ) -> None:
        self._engine = engine
        self._notices = notices
        self._set_up = dict.fromkeys(set_up, True)

    def route_due(self, now: datetime | None = None) -> int:
        """Enter a delivery for each who is to hear of a paper that is ready; how many papers were ready.

        Raises Refusal where the database or the table of notices cannot be used.
        """
        notices, moment = self._notices(), now or datetime.now(UTC)
        outbox = table("outbox")
        ready = or_(outbox.c.content.is_(None), outbox.c.document.is_not(None))
        query = (
            select(outbox)
            .where(outbox.c.routed.is_(False), ready, ~_is_unchecked(outbox))
            .order_by(outbox.c.created_at)
        )
        count = 0
        while True:
            with reading(self._engine) as connection:
                rows = connection.execute(query.limit(AT_ONCE)).mappings().all()
            if not rows:
                return count
            with writing(self._engine) as connection:
                for row in rows:
                    self._route_or_set_aside(connection, notices, row, moment)
            count += len(rows)

    def _route_or_set_aside(
        self, connection: Connection, notices: NoticeTable, row: RowMapping, now: datetime
    ) -> None:
        """One that cannot be routed counts as routed, and a clerk is asked: the others go out."""
        try:
            with named_faults(f"{row['order_number']} {row['identity']}"), connection.begin_nested():
                self._route(connection, notices, row, now)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            _mark(connection, row["order_number"], row["identity"], routed=True)
            open_step(connection, _problem(row, refusal, now))

    def _route(self, connection: Connection, notices: NoticeTable, row: RowMapping, now: datetime) -> None:
        book = address_book(connection, row["order_number"])
        paper = next(paper for paper in Paper if paper.value == row["paper"])
        level = (row["content"] or {}).get("urgency", "")
        to = [*row["roles"], *_having(connection, row)]
        heard = notices.heard_by(paper, to, level)
        to += _acting(connection, book, heard, now, _barred(connection, row))
        for route in routes(notices, paper, to, self._set_up, book.of, level):
            state = DeliveryState.NO_ADDRESS if route.lacks_address else DeliveryState.WAITING
            values = {
                "order_number": row["order_number"],
                "identity": row["identity"],
                "addressee": route.addressee,
                "channel": route.channel.value,
                "address": route.address,
                "state": state.value,
                "attempts": 0,
                "entered_at": now,
                "next_at": now,
            }
            statement = insert_into(connection, table("deliveries")).values(values)
            connection.execute(statement.on_conflict_do_nothing())
            if route.lacks_address and paper not in _SOON_OVER:
                open_step(connection, _step(book, route, now))
        _mark(connection, row["order_number"], row["identity"], routed=True)


def _is_unchecked(outbox: Table) -> ColumnElement[bool]:
    """R170: a confirmation sheet that somebody has still to check item by item goes out to nobody."""
    steps = table("open_steps")
    key = func.replace(outbox.c.identity, f"{Paper.SHEET.value}:", f"{StepKind.CHECK_SHEET.value}:")
    owed = exists().where(
        steps.c.order_number == outbox.c.order_number, steps.c.key == key, steps.c.closed_at.is_(None)
    )
    return and_(outbox.c.paper == Paper.SHEET.value, owed)


def _having(connection: Connection, row: RowMapping) -> list[str]:
    """To whom a step was handed of which this says that it is overdue: its owner is told, and that is they (R13)."""
    if row["paper"] != Paper.OVERDUE.value:
        return []
    return has_now(connection, row["order_number"], _overdue_step(row))


def _overdue_step(row: RowMapping) -> str:
    return str(row["identity"].removeprefix(f"{Paper.OVERDUE.value}:").rpartition(":")[0])


def _barred(connection: Connection, row: RowMapping) -> list[str]:
    """Who may not do the step of which this says that it is overdue: they stand in for nobody there (R133)."""
    if row["paper"] != Paper.OVERDUE.value:
        return []
    steps = table("open_steps")
    this = (steps.c.order_number == row["order_number"]) & (steps.c.key == _overdue_step(row))
    return connection.scalar(select(steps.c.barred).where(this)) or []


def _acting(
    connection: Connection, book: AddressBook, heard: Iterable[str], now: datetime, barred: Collection[str]
) -> Iterator[str]:
    """Who acts for those who hear of it and are away: they hear of it too, once, unless they do anyhow (R13)."""
    ins = stand_ins_at(connection, now)
    if not ins.absent:
        return
    told = {person: None for addressee in heard for person in book.people(addressee)}
    acting = dict.fromkeys(ins.acting_for(person, barred) for person in told if ins.is_absent(person))
    yield from (person for person in acting if person and person not in told)


def route_again(engine: Engine, order: str, identity: str) -> None:
    """A paper that was set aside is routed with the next ones."""
    with writing(engine) as connection:
        _mark(connection, order, identity, routed=False)


def _mark(connection: Connection, order: str, identity: str, *, routed: bool) -> None:
    outbox = table("outbox")
    same = (outbox.c.order_number == order) & (outbox.c.identity == identity)
    connection.execute(update(outbox).where(same).values(routed=routed))


def _problem(row: RowMapping, refusal: Refusal, now: datetime) -> DeskStep:
    return desk_step(
        DeskStepKind.UNROUTED_PAPER,
        f"{row['order_number']}/{row['identity']}",
        now,
        rule=_RULE,
        order=row["order_number"],
        identity=row["identity"],
        subject_zh=row["zh"],
        subject_en=row["en"],
        reason_zh=refusal.words.zh,
        reason_en=refusal.words.en,
    )


def _step(book: AddressBook, route: Route, now: datetime) -> DeskStep:
    """One step for each whose address is missing, however many notices wait for it."""
    who = book.key(route.addressee)
    return desk_step(
        DeskStepKind.NO_ADDRESS,
        f"{who}/{route.channel.value}",
        now,
        rule=_RULE,
        order=book.order,
        name=book.of(route.addressee).name or who,
        who=who,
        addressee=route.addressee,
        channel=route.channel.value,
        channel_zh=route.channel.zh,
        channel_en=route.channel.en,
    )
