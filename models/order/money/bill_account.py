"""What was billed, and the credit notes 贷项通知单 by which it became less (R164).

A bill is made when the balance notice goes out or goods leave; from then on each fall of a line's amount is a credit
note of its own. Bills less credit notes are what the order is billed now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from models.documents.credit_note import note_number
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.invoices.billed import less_credited
from models.invoices.terms import CreditNoteGround, TaxedAs
from models.order.money.delivery_fee import FEE_LINE, billed_fee
from models.values.editions import Edition
from models.values.money import ZERO, Amount, Price, line_amount
from models.values.quantity import NOTHING, Measured
from models.values.vocabulary import Role, Words

if TYPE_CHECKING:
    from models.order.order import Order

_TOLD = (Role.CUSTOMER, Role.SALESPERSON, Role.FINANCE)


class BilledLine(BaseModel):
    """What is billed of a line."""

    quantity: Measured = NOTHING
    unit_price: Price = ZERO
    amount: Amount = ZERO


class CreditedLine(BaseModel):
    """What a credit note takes off one line."""

    line: int
    before: BilledLine
    after: BilledLine

    @property
    def amount(self) -> Decimal:
        """So much less is billed, in CNY."""
        return self.before.amount - self.after.amount


class CreditNote(BaseModel):
    """Less is billed than was billed before: by which lines, why, and what the bill was before and after, in CNY."""

    number: str
    ground: CreditNoteGround
    lines: list[CreditedLine] = []
    amount: Amount
    bill_before: Amount
    bill_after: Amount
    at: datetime
    case: str = ""
    """The after-sales case that it comes from; that one has the paper (R142)."""
    paid_back: Amount = ZERO
    """What finance pays back of it (R142)."""


class BillAccount(BaseModel):
    """Bills and credit notes of an order."""

    lines: dict[int, BilledLine] = {}
    """What was billed last, by line, after-sales cases aside."""
    billed: Amount = ZERO
    """All bills together, each rise of a line's amount once."""
    credit_notes: list[CreditNote] = []
    after_sales: dict[int, Amount] = {}
    """What after-sales cases took off the bill, by line; 0 is what belongs to no line (R142)."""
    paid_back: Amount = ZERO
    """What finance pays back for those cases: money that does not stay (R142)."""

    @property
    def credited(self) -> Decimal:
        """All credit notes together."""
        return sum((note.amount for note in self.credit_notes), ZERO)

    @property
    def taken_off(self) -> Decimal:
        """What after-sales cases took off the bill, in CNY."""
        return sum(self.after_sales.values(), ZERO)

    @property
    def is_made(self) -> bool:
        """Whether anything was billed."""
        return bool(self.lines)


def tax_percent(order: Order) -> Decimal:
    """R162: the rate of the tax by what is sold, in per cent."""
    policy = order.policy.invoice
    return policy.services_percent if order.kind.taxed_as is TaxedAs.SERVICES else policy.tax_percent


def bill_is_made(order: Order) -> bool:
    """Whether the customer was told a bill: by the balance notice, or by what left."""
    notice = f"{Paper.BALANCE.value}:"
    told = order.account.is_made or order.goods_out
    return told or any(identity.startswith(notice) for identity in order.intended)


def billed_by_line(order: Order) -> dict[int, Decimal]:
    """What is billed now, by line, in CNY, less what after-sales cases took off; nothing before a bill is made."""
    if not bill_is_made(order):
        return {}
    return less_credited({line: now.amount for line, now in _now(order)}, order.account.after_sales)


def billed_lines(order: Order) -> dict[int, BilledLine]:
    """What an invoice after the order's end goes by: what was billed last, after-sales cases aside.

    An order of before credit notes says it once an invoice was asked for.
    """
    account = order.account
    return account.lines if account.is_made or not order.invoices.requests else dict(_now(order))


def settle_bill(order: Order) -> None:
    """R164: what is billed more is a bill, what is billed less a credit note with its number, told and kept."""
    if not order.follows(Edition.CONTRACTS_AND_CREDIT_NOTES) or not bill_is_made(order):
        return
    account = order.account
    now = dict(_now(order))
    gone = {
        line: BilledLine(unit_price=old.unit_price) for line, old in account.lines.items() if line not in now
    }
    changed = {
        line: each for line, each in (now | gone).items() if each != account.lines.get(line, BilledLine())
    }
    if not changed:
        return
    bill_before = sum((old.amount for old in account.lines.values()), ZERO) - account.taken_off
    fell: list[CreditedLine] = []
    for line, after in sorted(changed.items()):
        before = account.lines.get(line, BilledLine())
        if after.amount < before.amount:
            fell.append(CreditedLine(line=line, before=before, after=after))
        account.billed += max(after.amount - before.amount, ZERO)
        account.lines[line] = after
    if fell:
        bill_after = sum((each.amount for each in account.lines.values()), ZERO) - account.taken_off
        _credit(order, fell, _ground(order, fell), bill_before, bill_after)


def credit_after_sales(
    order: Order, *, case: str, number: str, line: int, value: Decimal, paid_back: Decimal
) -> None:
    """R142, R164: an after-sales case takes so much off the bill, and finance pays so much of it back.

    The paper is the case's; here it only counts.
    """
    account = order.account
    before = order.bill
    account.after_sales[line] = account.after_sales.get(line, ZERO) + value
    account.paid_back += paid_back
    if value <= ZERO:
        return
    note = CreditNote(
        number=number,
        ground=CreditNoteGround.AFTER_SALES,
        amount=value,
        bill_before=before,
        bill_after=before - value,
        at=order.clock,
        case=case,
        paid_back=paid_back,
    )
    account.credit_notes.append(note)
    _journal(order, note)


def _now(order: Order) -> Iterator[tuple[int, BilledLine]]:
    for line in order.request.lines:
        price, quantity = line.unit_price or ZERO, order.billed_quantity(line.line)
        if quantity or line.line in order.account.lines:
            yield (
                line.line,
                BilledLine(quantity=quantity, unit_price=price, amount=line_amount(quantity, price)),
            )
    fee = billed_fee(order, order.billed_quantity)
    if fee or FEE_LINE in order.account.lines:
        count = Decimal(1) if fee else NOTHING
        yield FEE_LINE, BilledLine(quantity=count, unit_price=fee, amount=fee)


def _ground(order: Order, fell: list[CreditedLine]) -> CreditNoteGround:
    if order.nothing_more_leaves:
        return CreditNoteGround.CANCELLED
    ordered = {line.line for line in order.request.lines}
    priced = [each for each in fell if each.line != FEE_LINE]
    if any(each.line not in ordered or each.before.unit_price != each.after.unit_price for each in priced):
        return CreditNoteGround.AMENDED
    return CreditNoteGround.GOODS


def _credit(
    order: Order,
    fell: list[CreditedLine],
    ground: CreditNoteGround,
    bill_before: Decimal,
    bill_after: Decimal,
) -> None:
    account = order.account
    own = sum(not each.case for each in account.credit_notes) + 1
    note = CreditNote(
        number=note_number(order.number, own),
        ground=ground,
        lines=fell,
        amount=sum((each.amount for each in fell), ZERO),
        bill_before=bill_before,
        bill_after=bill_after,
        at=order.clock,
    )
    account.credit_notes.append(note)
    _journal(order, note)
    order.intend(
        Paper.CREDIT_NOTE,
        note.number,
        _TOLD,
        "R164",
        number=note.number,
        amount=note.amount,
        reason=Words(ground.zh, ground.en),
    )


def _journal(order: Order, note: CreditNote) -> None:
    of_case: dict[str, Any] = {"case": note.case} if note.case else {}
    order.note(
        EntryKind.CREDIT_NOTE,
        note.number,
        rule="R164",
        ground=note.ground.value,
        amount=str(note.amount),
        bill_before=str(note.bill_before),
        bill_after=str(note.bill_after),
        lines={str(each.line): str(each.amount) for each in note.lines},
        **of_case,
    )
