"""What is shown of orders, and one order with its whole story, from the order database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PlainSerializer
from sqlalchemy import Connection, Engine, RowMapping, desc, select

from activities.orders.views.shown_versions import shown_in
from activities.store.database import reading
from activities.store.faults import named_faults
from models.access import no_order
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.step_moves import Move, move_shown
from models.forms.shown import OrderShown
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.money import as_text
from models.values.vocabulary import Fulfilment, Role, Words
from models.writing.amounts_in_texts import ShownText
from models.writing.punctuation import full_width

Recorded = Annotated[Decimal, Field(allow_inf_nan=True), PlainSerializer(as_text, return_type=str)]
"""An amount or quantity as it stands in the database, whatever its size: one order must not hide a list of them."""

Names = Annotated[list[str], BeforeValidator(lambda value: value if isinstance(value, list) else [])]
"""Roles or people of a row; none where the row does not say it as a list."""


class StepView(BaseModel):
    """An open or closed step. Times UTC."""

    order_number: str
    key: str
    kind: str
    roles: Names
    people: Names
    rule: str
    since: datetime
    due: datetime
    blocking: bool
    overdue_at: datetime | None
    escalated_at: datetime | None
    zh: Annotated[ShownText, AfterValidator(full_width)]
    en: ShownText
    command: str
    closed_at: datetime | None
    says: Any = None
    """What moves it on, where the command alone would be read back as something else."""
    barred: Names | None = None
    """Who may not do it because of the other half of a duty (R133)."""

    @property
    def move(self) -> Move | None:
        """What moves it on; None for a step that is moved on in another way."""
        return move_shown(self.says, self.command, self.order_number)


class OrderSummary(BaseModel):
    """One order as lists show it; empty texts before its workflow has recorded anything."""

    number: str
    placed_at: datetime | None
    customer: str
    customer_name: str
    customer_class: str
    salesperson: str
    phase: str
    headline: str
    ending: str | None
    ended_at: datetime | None
    terms: str | None
    total: Recorded | None
    bill: Recorded | None
    paid: Recorded | None
    open_balance: Recorded | None
    deposit_due: Recorded | None
    first_promised: date | None
    promised: date | None
    production_due: date | None
    ship_date: date | None
    sequence: int
    request_version: int = 1
    """Which version of the request it is: one that was shown before is stale (R83)."""
    customer_order_number: str | None = None
    """The customer's own number of it."""
    steps: list[StepView] = []
    """The open steps, the earliest due first."""

    @property
    def credit(self) -> Decimal:
        """What was paid too much (R53); nothing where something is open."""
        return max(-(self.open_balance or Decimal(0)), Decimal(0))

    @property
    def due(self) -> datetime | None:
        """When the first of its open steps is due."""
        return self.steps[0].due if self.steps else None

    @property
    def waiting_roles(self) -> list[str]:
        """Whom it waits for, what holds it up first."""
        ranked = sorted(self.steps, key=lambda step: not step.blocking)
        return list(dict.fromkeys(role for step in ranked for role in step.roles))


class LineView(BaseModel):
    """One line."""

    line: int
    product: str
    specification: str
    quantity: Recorded
    unit: str
    unit_price: Recorded | None
    amount: Recorded
    tolerance_percent: Recorded | None
    passed: Recorded
    entered: Recorded
    shipped: Recorded
    dropped: bool | None = None
    """Whether an amendment took it out; its number stays its own (R83)."""


class PromiseView(BaseModel):
    """One move of the promise."""

    change: int
    cause: str
    promised_from: date | None
    promised_to: date
    production_due_to: date
    ship_date_to: date
    happened_at: datetime
    recorded_at: datetime
    by: str
    reason: str


class PaymentView(BaseModel):
    """One payment."""

    reference: str
    amount: Recorded
    method: str
    purpose: str
    paid_at: datetime
    taken_by: str
    confirmed: bool
    cleared: bool
    bounced: bool
    corrected: bool = False
    """Told wrong, and reversed under its voucher (R53)."""
    elsewhere: bool = False
    """Its reference counts for another order; finance looks into it (R53)."""
    reason: str = ""
    moved: Recorded = Decimal(0)
    """How much of it went to other orders (R53)."""


class OrderView(BaseModel):
    """One order with everything that is shown of it."""

    order: OrderSummary
    lines: list[LineView]
    dropped_lines: list[LineView] = []
    """Lines that an amendment took out."""
    promises: list[PromiseView]
    payments: list[PaymentView]
    steps: list[StepView]
    journal: list[JournalEntry]
    set_aside: list[JournalEntry]
    """Entries of a history that was replaced after the stores had diverged."""
    shown: OrderShown
    """What acts on its page rest on."""

    @property
    def delivery_fee(self) -> Decimal:
        """R65: what delivery costs in the shop, as it was ordered; nothing elsewhere."""
        terms = self._placed.get("shop") or {}
        return Decimal(str(terms.get("delivery_fee", "0"))) if self.by_shop else Decimal(0)

    @property
    def by_shop(self) -> bool:
        """Whether the customer ordered it in the shop, and pays it there."""
        return bool(self._placed.get("fulfilment") == Fulfilment.SHOP.value)

    @property
    def _placed(self) -> dict[str, Any]:
        """The request as it was placed; nothing before that is recorded."""
        placed = next((each for each in self.journal if each.kind is EntryKind.PLACED), None)
        return placed.data.get("request", {}) if placed is not None else {}


def show_order(engine: Engine, number: str) -> OrderView:
    """One order. Raises Refusal(unknown_order)."""
    with reading(engine) as connection:
        row = (
            connection.execute(select(table("orders")).where(table("orders").c.number == number))
            .mappings()
            .first()
        )
        if row is None:
            raise no_order(number)
        steps = [StepView.model_validate(dict(step)) for step in _of(connection, "open_steps", number, "due")]
        in_force, aside = _journal(connection, number, row["head"])
        all_lines = [LineView.model_validate(dict(r)) for r in _of(connection, "order_lines", number, "line")]
        return OrderView(
            order=OrderSummary.model_validate(
                {**row, "steps": [step for step in steps if step.closed_at is None]}
            ),
            lines=[line for line in all_lines if not line.dropped],
            dropped_lines=[line for line in all_lines if line.dropped],
            promises=[
                PromiseView.model_validate(dict(r)) for r in _of(connection, "promises", number, "change")
            ],
            payments=_payments(connection, number),
            steps=steps,
            journal=in_force,
            set_aside=aside,
            shown=shown_in(connection, [number])[number],
        )


def journal_of(engine: Engine, number: str) -> list[JournalEntry]:
    """The journal in force, in order; empty for an order that nobody knows."""
    orders = table("orders")
    with reading(engine) as connection:
        head = connection.scalar(select(orders.c.head).where(orders.c.number == number))
        return _journal(connection, number, head)[0] if head is not None else []


def recorded_to(engine: Engine, number: str) -> int:
    """Up to which journal entry the order database has this order, quote, case or contract; 0 before anything is recorded."""
    return int(_recorded(engine, number, "sequence") or 0)


def has_ended(engine: Engine, number: str) -> bool:
    """Whether this order, quote, case or contract is recorded as ended."""
    return _recorded(engine, number, "ending") is not None


def _recorded(engine: Engine, number: str, column: str) -> Any:
    """What stands in this column of the row of an order, or of what else has a number; None without one."""
    with reading(engine) as connection:
        for kept in (table("orders"), table("cases")):
            row = connection.execute(select(kept.c[column]).where(kept.c.number == number)).first()
            if row is not None:
                return row[0]
    return None


def _of(connection: Connection, name: str, number: str, order_by: str) -> Sequence[Any]:
    rows = table(name)
    query = select(rows).where(rows.c.order_number == number).order_by(rows.c[order_by])
    return connection.execute(query).mappings().all()


def _payments(connection: Connection, number: str) -> list[PaymentView]:
    """With what its receipt stands for; payments that were recorded by an older program have none."""
    names = ("corrected", "elsewhere", "reason", "moved")
    receipts = {row["reference"]: row for row in _of(connection, "payment_receipts", number, "paid_at")}
    found = []
    for row in _of(connection, "payments", number, "paid_at"):
        receipt = receipts.get(row["reference"])
        more = {} if receipt is None else {name: receipt[name] for name in names}
        found.append(PaymentView.model_validate({**row, **more}))
    return found


def _journal(connection: Connection, number: str, head: str) -> tuple[list[JournalEntry], list[JournalEntry]]:
    """The chain that ends in `head`, and what does not belong to it."""
    journal = table("journal")
    query = (
        select(journal)
        .where(journal.c.order_number == number)
        .order_by(desc(journal.c.sequence), desc(journal.c.epoch))
    )
    chain: list[JournalEntry] = []
    aside: list[JournalEntry] = []
    wanted, below = head, None
    rows = connection.execute(query).mappings().all()
    known = {row["hash"] for row in rows}
    for row in rows:
        entry = _entry(row)
        # A restored backup may lack entries: below the gap the newest history goes on.
        over_a_gap = wanted not in known and (below is None or entry.sequence < below)
        if entry.hash == wanted or over_a_gap:
            chain.append(entry)
            wanted, below = entry.previous, entry.sequence
        else:
            aside.append(entry)
    return chain[::-1], aside[::-1]


_UNREADABLE = Words(
    "这条记录读不出来：{kind} {subject}（{reason}）", "this entry cannot be read: {kind} {subject} ({reason})"
)


def _entry(row: RowMapping) -> JournalEntry:
    """The entry; where it cannot be read, such as one of a newer program, one in its place that says so."""
    try:
        with named_faults(f"journal entry {row['order_number']}/{row['sequence']}"):
            return JournalEntry.model_validate(dict(row))
    except Refusal as refusal:
        words = _UNREADABLE.filled(kind=row["kind"], subject=row["subject"], reason=refusal.words)
        stands_in = {"kind": EntryKind.REFUSED, "role": Role.SYSTEM}
        data = {"code": refusal.code.value, "zh": words.zh, "en": words.en}
        return JournalEntry.model_validate({**row, **stands_in, "data": data})
