"""Intents of the shop beside the checkouts that they are for, and what came for them beside what orders were told of (R47, R123).

Money that was worked out is rewritten by nobody: what differs is left for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, select

from activities.audit.one_state import reading_one_state
from activities.audit.readable_rows import ReadRow, readable_rows
from activities.store.faults import named_faults
from models.reports.store_audit import Difference, Finding
from models.shop.booked import agrees, asked_at_checkout, back_of, told_of
from models.shop.checkout_money import IntentState
from models.shop.intents import Meaning
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO

AT_ONCE = 500
"""So many intents are in memory together."""
_SHOWN = 80


def wrong_intents(engine: Engine) -> list[Finding]:
    """Intents that are not what their checkout asks, and payments that are not what was told or went back, in one state.

    `order` of a finding is the number of the intent.
    """
    intents = table("intents")
    with reading_one_state(engine) as connection:
        numbers = list(connection.scalars(select(intents.c.number).order_by(intents.c.number)))
        found = list(_without_intent(connection))
        for start in range(0, len(numbers), AT_ONCE):
            found += _Some(connection, numbers[start : start + AT_ONCE]).wrong()
        return found


def _without_intent(connection: Connection) -> Iterator[Finding]:
    """Checkouts of which money was asked, and that name an intent that is not there."""
    checkouts, intents = table("checkouts"), table("intents")
    query = (
        select(checkouts.c.checkout, checkouts.c.intent)
        .outerjoin(intents, intents.c.number == checkouts.c.intent)
        .where(checkouts.c.intent != "", intents.c.number.is_(None))
        .order_by(checkouts.c.checkout)
    )
    for row in connection.execute(query):
        where = f"intents|{row.intent}"
        yield Finding(
            order=row.intent, difference=Difference.ROW_MISSING, where=where, workflow=row.checkout[:_SHOWN]
        )


class _Some:
    """Some intents with everything that is theirs."""

    def __init__(self, connection: Connection, numbers: Sequence[str]) -> None:
        self._connection = connection
        self._intents = self._rows("intents", table("intents").c.number.in_(numbers))
        self._allocations = self._by("intent_allocations", "intent", numbers)
        self._payments = self._by("intent_payments", "intent", numbers)
        self._refunds = self._by("intent_refunds", "intent", numbers)
        self._checkouts = self._by("checkouts", "intent", numbers)
        payments = table("intent_payments")
        paid = select(payments.c.payment).where(payments.c.intent.in_(numbers))
        self._shares = self._by_payment(table("intent_shares").c.payment.in_(paid))
        self._erased = self._of_erased()

    def _rows(self, name: str, where: ColumnElement[bool]) -> list[ReadRow]:
        return readable_rows(self._connection, table(name), where)

    def _by(self, name: str, column: str, numbers: Sequence[str]) -> dict[str, list[ReadRow]]:
        found: dict[str, list[ReadRow]] = {}
        for row in self._rows(name, table(name).c[column].in_(numbers)):
            found.setdefault(row[column], []).append(row)
        return found

    def _by_payment(self, where: ColumnElement[bool]) -> dict[tuple[str, str], list[ReadRow]]:
        found: dict[tuple[str, str], list[ReadRow]] = {}
        for row in self._rows("intent_shares", where):
            found.setdefault((row["provider"], row["payment"]), []).append(row)
        return found

    def _of_erased(self) -> set[str]:
        """Intents of customers whose data are erased: what they rest on is gone."""
        gone = table("erased_journal")
        orders = {row["order_number"] for rows in self._allocations.values() for row in rows}
        erased = set(
            self._connection.scalars(
                select(gone.c.order_number).where(gone.c.order_number.in_(orders)).distinct()
            )
        )
        return {
            number
            for number, rows in self._allocations.items()
            if any(row["order_number"] in erased for row in rows)
        }

    def wrong(self) -> Iterator[Finding]:
        """One after the other: what is wrong with one, or cannot be read, hides no other."""
        for row in self._intents:
            number = row["number"]
            if number in self._erased:
                continue
            try:
                with named_faults(f"intents {number}"):
                    found = list(self._of_one(number, row))
            except Refusal as refusal:
                if refusal.code is not Code.FAULT:
                    raise
                found = [_unreadable(number, f"intents|{number}", refusal)]
            yield from found

    def _of_one(self, number: str, row: ReadRow) -> Iterator[Finding]:
        allocations = {each["order_number"]: each["amount"] for each in self._allocations.get(number, ())}
        total = sum(allocations.values(), ZERO)
        if row["total"] != total:
            yield _sum_differs(number, f"intents|{number}: total", row["total"], total)
        for checkout in self._checkouts.get(number, ()):
            yield from _of_checkout(number, row, allocations, checkout)
        meanings = list[Meaning]()
        for payment in self._payments.get(number, ()):
            yield from self._of_payment(number, payment, meanings)
        yield from _of_state(number, row, meanings)

    def _of_payment(self, number: str, row: ReadRow, meanings: list[Meaning]) -> Iterator[Finding]:
        where = f"intent_payments|{row['provider']}|{row['payment']}"
        meaning = next((each for each in Meaning if each.value == row["meaning"]), None)
        if meaning is None:
            yield _changed(number, f"{where}: meaning", row["meaning"], "?")
            return
        meanings.append(meaning)
        shares = self._shares.get((row["provider"], row["payment"]), ())
        told = sum((each["amount"] for each in shares), ZERO)
        back = sum((each["amount"] for each in self._back_of(row)), ZERO)
        if told != (expected := told_of(meaning, row["amount"], back)):
            yield _money_differs(number, f"{where}: intent_shares", told, expected)
        elif (expected := back_of(meaning, row["amount"], told)) and back != expected:
            yield _money_differs(number, f"{where}: intent_refunds", back, expected)

    def _back_of(self, payment: ReadRow) -> Iterator[ReadRow]:
        """What of it goes back by itself: we asked, and no order did."""
        for each in self._refunds.get(payment["intent"], ()):
            own = (each["provider"], each["payment"]) == (payment["provider"], payment["payment"])
            if own and each["asked_here"] and not each["order_number"] and not each["asked_by"]:
                yield each


def _of_checkout(
    number: str, row: ReadRow, allocations: dict[str, Decimal], checkout: ReadRow
) -> Iterator[Finding]:
    """R122: the first intent of a checkout asks what its confirmation says, order by order."""
    where = f"checkouts|{checkout['checkout']}"
    if row["checkout"] != checkout["checkout"]:
        yield _changed(number, f"intents|{number}: checkout", row["checkout"], checkout["checkout"])
    try:
        with named_faults(where):
            asked = asked_at_checkout(checkout["content"])
    except Refusal as refusal:
        if refusal.code is not Code.FAULT:
            raise
        yield _unreadable(number, f"{where}: content", refusal)
        return
    if checkout["total"] != (total := sum(asked.values(), ZERO)):
        yield _sum_differs(number, f"{where}: total", checkout["total"], total)
    for order in sorted({*asked, *allocations}):
        has, says, at = allocations.get(order), asked.get(order), f"intent_allocations|{number}|{order}"
        if has is None:
            yield Finding(order=number, difference=Difference.ROW_MISSING, where=at, workflow=f"{says}")
        elif says is None:
            yield Finding(order=number, difference=Difference.ROW_TOO_MANY, where=at, database=f"{has}")
        elif has != says:
            yield _changed(number, f"{at}: amount", has, says)


def _of_state(number: str, row: ReadRow, meanings: Sequence[Meaning]) -> Iterator[Finding]:
    state = next((each for each in IntentState if each.value == row["state"]), None)
    if state is None or not agrees(state, meanings):
        came = ", ".join(each.value for each in meanings)
        yield _changed(number, f"intents|{number}: state", row["state"], came)


def _differs(kind: Difference, number: str, where: str, has: Any, says: Any) -> Finding:
    return Finding(
        order=number, difference=kind, where=where, database=f"{has}"[:_SHOWN], workflow=f"{says}"[:_SHOWN]
    )


_changed = partial(_differs, Difference.ROW_CHANGED)
_sum_differs = partial(_differs, Difference.SHOP_ASKED)
_money_differs = partial(_differs, Difference.SHOP_MONEY)


def _unreadable(number: str, where: str, refusal: Refusal) -> Finding:
    return _changed(number, where, refusal.words.en, "?")
