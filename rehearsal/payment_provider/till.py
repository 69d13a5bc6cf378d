"""What the test provider knows: intents, payments, refunds, and the faults that it was asked for. No input or output but its file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

OPEN, PAID, CLOSED = "open", "paid", "closed"


@dataclass
class Paid:
    """Money that somebody paid. Amounts are texts such as `176.00`, moments ISO 8601."""

    payment: str
    amount: str
    currency: str
    paid_at: str


@dataclass
class Back:
    """Money that was paid back; `state` as `models.shop.checkout_money.RefundState`."""

    refund: str
    payment: str
    intent: str
    amount: str
    state: str
    at: str
    reference: str = ""
    problem: str = ""


@dataclass
class There:
    """An intent as this provider has it."""

    intent: str
    amount: str
    currency: str
    subject: str
    notify_url: str
    return_url: str
    at: str
    state: str = OPEN
    payments: list[Paid] = field(default_factory=list)
    refunds: list[Back] = field(default_factory=list)


class NoSuch(LookupError):
    """Nobody made this here."""


class SaysNo(ValueError):
    """It is not done, and the reason."""


class Till:
    """Everything that there is; with a file it survives the process."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._faults: dict[str, list[tuple[str, int]]] = {}
        self.intents: dict[str, There] = {}
        if file is not None and file.exists():
            for each in json.loads(file.read_text())["intents"]:
                back = [Back(**one) for one in each.pop("refunds")]
                paid = [Paid(**one) for one in each.pop("payments")]
                self.intents[each["intent"]] = There(**each, payments=paid, refunds=back)

    def keep(self) -> None:
        """Write it down."""
        if self._file is None:
            return
        part = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(json.dumps({"intents": [asdict(each) for each in self.intents.values()]}))
        part.replace(self._file)

    def of(self, intent: str) -> There:
        """An intent. Raises NoSuch."""
        if intent not in self.intents:
            raise NoSuch(intent)
        return self.intents[intent]

    def make(self, said: dict[str, Any]) -> There:
        """Make an intent; the same again is the same. Raises SaysNo for another amount under its number."""
        known = self.intents.get(said["intent"])
        if known is None:
            known = There(**said, at=_now())
            self.intents[known.intent] = known
            self.keep()
        elif (known.amount, known.currency) != (said["amount"], said["currency"]):
            raise SaysNo(f"{known.intent} was made with {known.amount}")
        return known

    def pay(self, intent: str, amount: str = "", currency: str = "") -> Paid:
        """Somebody pays: also on a closed intent, and twice, where that is asked for."""
        there = self.of(intent)
        count = sum(len(each.payments) for each in self.intents.values()) + 1
        paid = Paid(f"pay-{intent}-{count}", amount or there.amount, currency or there.currency, _now())
        there.payments.append(paid)
        there.state = PAID
        self.keep()
        return paid

    def close(self, intent: str) -> There:
        """Close what is open; what is paid stays paid."""
        there = self.of(intent)
        if there.state == OPEN:
            there.state = CLOSED
            self.keep()
        return there

    def pay_back(self, said: dict[str, str], state: str = "done", problem: str = "") -> Back:
        """Pay back, once by its number. Raises NoSuch, SaysNo for more than was paid."""
        there = self.of(said["intent"])
        known = next((each for each in there.refunds if each.refund == said["refund"]), None)
        if known is not None and known.state != "failed":
            return known
        paid = next((each for each in there.payments if each.payment == said["payment"]), None)
        if paid is None:
            raise NoSuch(said["payment"])
        gone = sum(
            Decimal(each.amount)
            for each in there.refunds
            if each.payment == paid.payment and each.state != "failed"
        )
        if gone + Decimal(said["amount"]) > Decimal(paid.amount):
            raise SaysNo(f"{paid.payment} has {paid.amount}, of which {gone} went back")
        reference = "" if state == "failed" else f"back-{said['refund']}"
        back = Back(
            said["refund"], paid.payment, there.intent, said["amount"], state, _now(), reference, problem
        )
        if known is not None:
            there.refunds.remove(known)
        there.refunds.append(back)
        self.keep()
        return back

    def rows(self, day: str) -> list[dict[str, str]]:
        """Payments and refunds of a business day, as the statement has them."""
        found: list[dict[str, str]] = []
        for there in self.intents.values():
            for paid in there.payments:
                row = {
                    "payment": paid.payment,
                    "intent": there.intent,
                    "amount": paid.amount,
                    "at": paid.paid_at,
                }
                found.append(row | {"currency": paid.currency})
            for back in there.refunds:
                if back.state == "done":
                    row = {
                        "payment": back.payment,
                        "intent": there.intent,
                        "amount": back.amount,
                        "at": back.at,
                    }
                    found.append(row | {"refund": back.refund})
        return [row for row in found if _day_of(row["at"]) == day]

    def ask_for(self, call: str, fault: str, times: int) -> None:
        """The next so many calls of this kind meet this fault."""
        self._faults.setdefault(call, []).append((fault, times))

    def fault(self, call: str) -> str:
        """The fault that this call meets; empty where none."""
        waiting = self._faults.get(call, [])
        if not waiting:
            return ""
        fault, times = waiting[0]
        waiting[:1] = [(fault, times - 1)] if times > 1 else []
        return fault


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _day_of(moment: str) -> str:
    from models.values.calendar import business_date

    return business_date(datetime.fromisoformat(moment)).isoformat()
