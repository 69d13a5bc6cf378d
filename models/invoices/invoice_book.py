"""The invoices of one order: what was asked for, what was issued, what was taken back. Pure figures (R162, R163).

An issued invoice never changes. What is billed is told by whoever keeps the bill: the order while it lives, the order
database once it has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from models.invoices.billed import Billed, filled, total
from models.invoices.contents import InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.invoice_dates import invoice_date, red_letter_date
from models.invoices.tax import TaxedLine, taken_back, taxed
from models.invoices.terms import InvoiceKind
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.money import ZERO, Amount
from models.values.receipts import folded
from models.values.vocabulary import Words

MOST_REQUESTS = 50
_NO_TAX_NUMBER = Words("专用发票须写明购方税号", "a special invoice names the buyer's tax number")
_ABOVE = Words(
    "最多还可开票 ¥{left}（已出账 ¥{billed}，已开票或已申请 ¥{taken}）",
    "at most CNY {left} may still be invoiced: CNY {billed} billed, CNY {taken} invoiced or asked for",
)
_NO_REQUEST = Words("没有待开的发票申请", "no request for an invoice waits")
_OTHER_AMOUNT = Words("应开 ¥{due}，不是 ¥{given}", "the invoice is of CNY {due}, not CNY {given}")
_USED = Words(
    "发票号码 {number} 已用过，每张发票的号码唯一",
    "invoice number {number} is used already; each invoice has its own",
)
_UNKNOWN = Words("本单没有发票 {number}", "this order has no invoice {number}")
_REMAINING = Words(
    "发票 {number} 只剩 ¥{left} 可冲红", "only CNY {left} of invoice {number} are left to be taken back"
)
_NOT_A_RED_LETTER = Words(
    "{number} 是红字发票，不能再冲红", "{number} is a red letter, which is not taken back"
)
_TOO_MANY = Words("一张订单最多 {most} 次开票申请", "an order has at most {most} requests for an invoice")


class InvoiceRequest(BaseModel):
    """What somebody asked for. It waits until an invoice answers it, or nothing is left to be invoiced."""

    number: int
    title: str
    tax_number: str = ""
    kind: InvoiceKind
    amount: Amount | None = None
    """None: all that is billed and on no invoice yet."""
    by: str
    at: datetime
    fact_id: str = ""
    invoice: str = ""
    """The invoice that answered it."""
    withdrawn_at: datetime | None = None
    """When nothing was left to be invoiced of it: the bill fell."""

    @property
    def waits(self) -> bool:
        """Whether an invoice is still to be issued for it."""
        return not self.invoice and self.withdrawn_at is None


class Invoice(BaseModel):
    """An issued invoice, or with `reverses` the red letter of one. It never changes (R163)."""

    model_config = ConfigDict(frozen=True)

    number: str
    request: int = 0
    title: str
    tax_number: str = ""
    kind: InvoiceKind
    lines: tuple[TaxedLine, ...]
    issued_on: date
    by: str
    at: datetime
    fact_id: str = ""
    document: str = ""
    reverses: str = ""
    reason: str = ""

    @property
    def amount(self) -> Decimal:
        """With tax; below zero of a red letter."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """Without tax."""
        return sum((line.net for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        """The tax in it."""
        return sum((line.tax for line in self.lines), ZERO)


class InvoiceBook(BaseModel):
    """All that was asked for and issued of one order, in the order in which it came."""

    requests: list[InvoiceRequest] = []
    invoices: list[Invoice] = []

    # --- figures -------------------------------------------------------------------------------------------------

    def find(self, number: str) -> Invoice | None:
        """The invoice or red letter of this number, however it is written."""
        return next((each for each in self.invoices if folded(each.number) == folded(number)), None)

    @property
    def waiting(self) -> list[InvoiceRequest]:
        """Requests that no invoice answered yet, the first one first."""
        return [each for each in self.requests if each.waits]

    @property
    def invoiced(self) -> dict[int, Decimal]:
        """What stands on invoices less red letters, by line."""
        return _added(line for each in self.invoices for line in each.lines)

    def remaining(self, number: str) -> dict[int, Decimal]:
        """What of an invoice no red letter took back, by line; what is wholly taken back is left out."""
        of_it = [
            each for each in self.invoices if folded(number) in (folded(each.number), folded(each.reverses))
        ]
        left = _added(line for each in of_it for line in each.lines)
        return {line: amount for line, amount in left.items() if amount}

    def available(self, billed: Billed) -> dict[int, Decimal]:
        """What is billed and stands on no invoice, by line."""
        invoiced = self.invoiced
        left = {line: amount - invoiced.get(line, ZERO) for line, amount in sorted(billed.items())}
        return {line: amount for line, amount in left.items() if amount > ZERO}

    def asked(self, billed: Billed) -> dict[int, dict[int, Decimal]]:
        """What each waiting request is for now, by its number and by line: the first one takes first."""
        left, found = self.available(billed), dict[int, dict[int, Decimal]]()
        for request in self.waiting:
            taken = filled(left, request.amount)
            found[request.number] = taken
            left = {line: amount - taken.get(line, ZERO) for line, amount in left.items()}
        return found

    def beyond_the_bill(self, billed: Billed) -> dict[str, dict[int, Decimal]]:
        """R163: what stands on invoices and is not billed any more, by invoice and line; the last invoice gives first."""
        invoiced, found = self.invoiced, dict[str, dict[int, Decimal]]()
        over = {line: amount - billed.get(line, ZERO) for line, amount in invoiced.items()}
        over = {line: amount for line, amount in over.items() if amount > ZERO}
        for invoice in reversed([each for each in self.invoices if not each.reverses]):
            left = self.remaining(invoice.number)
            back = {line: min(over[line], left[line]) for line in sorted(over) if left.get(line, ZERO) > ZERO}
            back = {line: amount for line, amount in back.items() if amount > ZERO}
            if back:
                found[invoice.number] = back
                over = {line: amount - back.get(line, ZERO) for line, amount in over.items()}
        return found

    # --- what is done --------------------------------------------------------------------------------------------

    def request(
        self, content: InvoiceRequested, billed: Billed, *, by: str, at: datetime, fact_id: str = ""
    ) -> InvoiceRequest:
        """R162: somebody wants an invoice. Raises Refusal (missing_field, above_billed, too_large)."""
        if content.invoice_kind is InvoiceKind.SPECIAL and not content.tax_number:
            raise Refusal(Code.MISSING_FIELD, _NO_TAX_NUMBER, where="content.tax_number", rule="R162")
        if len(self.requests) >= MOST_REQUESTS:
            raise Refusal(Code.TOO_LARGE, _TOO_MANY.filled(most=MOST_REQUESTS), rule="R162")
        all_billed = total(billed)
        left = total(self.available(billed)) - sum(map(total, self.asked(billed).values()), ZERO)
        if left <= ZERO or (content.amount or ZERO) > left:
            words = _ABOVE.filled(left=max(left, ZERO), billed=all_billed, taken=all_billed - max(left, ZERO))
            raise Refusal(Code.ABOVE_BILLED, words, where="content.amount", rule="R162")
        request = InvoiceRequest(
            number=len(self.requests) + 1,
            title=content.title,
            tax_number=content.tax_number,
            kind=content.invoice_kind,
            amount=content.amount,
            by=by,
            at=at,
            fact_id=fact_id,
        )
        self.requests.append(request)
        return request

    def issue(
        self,
        content: InvoiceIssued,
        billed: Billed,
        percent: Decimal,
        *,
        by: str,
        at: datetime,
        today: date,
        fact_id: str = "",
    ) -> Invoice:
        """R162: an invoice answers a request. Raises Refusal (not_asked, invoice_number_used, above_billed,
        contradiction, in_future)."""
        request = self.to_issue(content)
        self._require_new(content.invoice, "content.invoice")
        lines = self.asked(billed)[request.number]
        due = total(lines)
        if due <= ZERO:
            words = _ABOVE.filled(left=ZERO, billed=total(billed), taken=total(billed))
            raise Refusal(Code.ABOVE_BILLED, words, where="content.amount", rule="R162")
        if content.amount is not None and content.amount != due:
            above = content.amount > due
            raise Refusal(
                Code.ABOVE_BILLED if above else Code.CONTRADICTION,
                _OTHER_AMOUNT.filled(due=due, given=content.amount),
                where="content.amount",
                rule="R162",
            )
        asked_on = business_date(request.at)
        invoice = Invoice(
            number=content.invoice,
            request=request.number,
            title=request.title,
            tax_number=request.tax_number,
            kind=request.kind,
            lines=tuple(taxed(line, amount, percent) for line, amount in lines.items()),
            issued_on=invoice_date(content.issued_on, asked_on=asked_on, today=today),
            by=by,
            at=at,
            fact_id=fact_id,
            document=content.document,
        )
        request.invoice = invoice.number
        self.invoices.append(invoice)
        return invoice

    def to_issue(self, content: InvoiceIssued) -> InvoiceRequest:
        """The request that an invoice answers. Raises Refusal(not_asked) where none waits."""
        waiting = self.waiting
        if content.request is not None:
            waiting = [each for each in waiting if each.number == content.request]
        if not waiting:
            raise Refusal(Code.NOT_ASKED, _NO_REQUEST, where="content.request", rule="R162")
        return waiting[0]

    def reverse(
        self,
        content: InvoiceReversed,
        billed: Billed,
        *,
        by: str,
        at: datetime,
        today: date,
        fact_id: str = "",
    ) -> Invoice:
        """R163: a red letter. Raises Refusal (not_asked, invoice_number_used, above_invoiced, contradiction,
        in_future)."""
        invoice = self.find(content.invoice)
        if invoice is None or invoice.reverses:
            words = (_UNKNOWN if invoice is None else _NOT_A_RED_LETTER).filled(number=content.invoice)
            raise Refusal(Code.NOT_ASKED, words, where="content.invoice", rule="R163")
        self._require_new(content.red_letter, "content.red_letter")
        remaining = self.remaining(invoice.number)
        over = self.beyond_the_bill(billed).get(invoice.number, {})
        amount = content.amount or (total(over) if over else total(remaining))
        if amount <= ZERO or amount > total(remaining):
            words = _REMAINING.filled(number=invoice.number, left=total(remaining))
            raise Refusal(Code.ABOVE_INVOICED, words, where="content.amount", rule="R163")
        # First what is not billed any more, then the rest, line by line.
        back = filled(over, min(amount, total(over)))
        rest = {line: left - back.get(line, ZERO) for line, left in remaining.items()}
        for line, more in filled(rest, amount - total(back)).items():
            back[line] = back.get(line, ZERO) + more
        percents = {line.line: line.percent for line in invoice.lines}
        red = Invoice(
            number=content.red_letter,
            request=invoice.request,
            title=invoice.title,
            tax_number=invoice.tax_number,
            kind=invoice.kind,
            lines=tuple(
                taken_back(line, remaining[line], back[line], percents[line])
                for line in sorted(back)
                if back[line]
            ),
            issued_on=red_letter_date(content.issued_on, invoiced_on=invoice.issued_on, today=today),
            by=by,
            at=at,
            fact_id=fact_id,
            document=content.document,
            reverses=invoice.number,
            reason=content.reason,
        )
        self.invoices.append(red)
        return red

    def drop_what_is_not_billed(self, billed: Billed, at: datetime) -> list[InvoiceRequest]:
        """Requests of which nothing is billed any more wait no longer; which they were."""
        dropped = [each for each in self.waiting if not total(self.asked(billed)[each.number])]
        for request in dropped:
            request.withdrawn_at = at
        return dropped

    def _require_new(self, number: str, where: str) -> None:
        if self.find(number) is not None:
            raise number_used(number, where)


def number_used(number: str, where: str) -> Refusal:
    """The refusal of a number that another invoice of the house has."""
    return Refusal(Code.INVOICE_NUMBER_USED, _USED.filled(number=number), where=where, rule="R162")


def number_key(number: str) -> str:
    """Under which the number of an invoice counts once in the house."""
    return f"invoice:{folded(number)}"


def _added(lines: Iterable[TaxedLine]) -> dict[int, Decimal]:
    totals: dict[int, Decimal] = {}
    for line in lines:
        totals[line.line] = totals.get(line.line, ZERO) + line.amount
    return totals
