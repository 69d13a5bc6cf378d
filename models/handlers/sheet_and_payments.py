"""The sheet and the money: what comes in around the confirmation (R30 to R36, R53)."""

from __future__ import annotations

from datetime import date, datetime

from models.dossier.papers_due import Paper
from models.handlers.amendments import move_promise
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.order.ledger import Payment
from models.order.order import Order
from models.order.sheet import Sheet, SheetReturn, faults_of
from models.policy import DayCount
from models.values.calendar import ONE_DAY, business_date
from models.values.errors import Code, Refusal, TooEarly
from models.values.money import CURRENCY
from models.values.vocabulary import PaymentMethod, PhaseName, PromiseCause, Role, Words


def _sheet(order: Order, version: int, rule: str) -> Sheet:
    current = order.sheet
    newest = order.sheets[-1].version if order.sheets else 0
    if version > newest:
        raise TooEarly
    if current is None or version != current.version:
        now = current.version if current else newest + 1
        raise Refusal(
            Code.STALE_VERSION,
            Words(
                f"第{version}版确认书已失效,现在是第{now}版",
                f"sheet version {version} is void; version {now} is current",
            ),
            where="content.version",
            rule=rule,
        )
    return current


def sheet_sent(order: Order, envelope: Envelope, content: fact_contents.SheetSent) -> None:
    """R30: the sheet went out; the day counts from the copy that the customer can read (R34)."""
    sheet = _sheet(order, content.version, "R30")
    sheet.last_sent_at = envelope.happened_at
    if sheet.sent_at is None:
        sheet.sent_at = envelope.happened_at


def sheet_received(order: Order, envelope: Envelope, content: fact_contents.SheetReceived) -> None:
    """R30: the customer has a legible copy; an illegible one is sent again and slips nothing."""
    sheet = _sheet(order, content.version, "R30")
    if sheet.last_sent_at is None:
        raise TooEarly
    if content.legible:
        sheet.received_at = envelope.happened_at
    else:
        sheet.sent_at = None
        sheet.received_at = None


def confirmation_returned(
    order: Order, envelope: Envelope, content: fact_contents.ConfirmationReturned
) -> None:
    """R31: a clean return is the production instruction; a faulty one goes back until it is clean."""
    sheet = _sheet(order, content.version, "R31")
    faults = faults_of(content, order.customer.designated_signers)
    if content.document in sheet.scans:
        sheet.scans.remove(content.document)
    sheet.returns.append(
        SheetReturn(
            at=envelope.happened_at,
            recorded_at=order.clock,
            signed_by=content.signed_by,
            faults=faults,
            document=content.document,
        )
    )
    if faults:
        order.intend(
            Paper.SHEET_AGAIN,
            f"{sheet.version}:{len(sheet.returns)}",
            (Role.CUSTOMER, Role.SALESPERSON),
            "R31",
            version=sheet.version,
            faults=Words.listed(faults),
        )
    elif sheet.clean_at is None or envelope.happened_at < sheet.clean_at:
        sheet.clean_at, sheet.clean_recorded_at = envelope.happened_at, order.clock
        sheet.sent_at = sheet.sent_at or envelope.happened_at


def sheet_scanned(order: Order, envelope: Envelope, content: fact_contents.SheetScanned) -> None:
    """R31: a picture of the sheet is here; whether it is rightly signed a clerk says by `confirmation_returned`."""
    if content.version > len(order.sheets):
        # unlike other facts it cannot be early: nobody scans a sheet that was never made
        words = Words(
            "没有第{given}版,现行为第{current}版", "there is no version {given}; version {current} is current"
        )
        raise Refusal(
            Code.STALE_VERSION,
            words.filled(given=content.version, current=len(order.sheets)),
            where="content.version",
            rule="R31",
        )
    sheet = _sheet(order, content.version, "R31")
    if not sheet.content_hash.startswith(content.content_hash):
        raise Refusal(
            Code.STALE_VERSION,
            Words(
                "扫描件的内容与现行确认书不符", "the scanned sheet has another content than the one in force"
            ),
            where="content.content_hash",
            rule="R31",
        )
    known = {*sheet.scans, *(each.document for each in sheet.returns)}
    if content.document not in known:
        sheet.scans.append(content.document)


def payment_received(order: Order, envelope: Envelope, content: fact_contents.PaymentReceived) -> None:
    """R53: parts add up; what the bank reports is confirmed as real by finance; cash by the salesperson (R35)."""
    if content.currency != CURRENCY:
        raise Refusal(
            Code.WRONG_CURRENCY,
            Words(
                f"只收人民币,不是 {content.currency}", f"payments are in {CURRENCY}, not {content.currency}"
            ),
            where="content.currency",
            rule="R53",
        )
    if envelope.role is Role.SALESPERSON and content.method is not PaymentMethod.CASH:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                "业务员只能收取现金,转账由财务确认",
                "a salesperson takes cash only; finance confirms transfers",
            ),
            where="content.method",
            rule="R35",
        )
    paid_at = min(content.paid_at or envelope.happened_at, order.clock)
    known = order.ledger.find(content.reference)
    if known is None:
        order.ledger.payments.append(
            Payment(
                reference=content.reference,
                amount=content.amount,
                method=content.method,
                purpose=content.purpose,
                paid_at=paid_at,
                taken_by=envelope.by,
                confirmed=envelope.role is not Role.SYSTEM,
                cleared=envelope.role is not Role.SALESPERSON,
                fact_id=envelope.fact_id,
            )
        )
    elif known.amount != content.amount:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"凭证 {content.reference} 已登记为 ¥{known.amount}",
                f"{content.reference} is already known with CNY {known.amount}",
            ),
            where="content.amount",
            rule="R53",
        )
    elif envelope.role is Role.FINANCE:
        known.confirmed = True
    if envelope.role is not Role.SYSTEM:
        order.intend(Paper.PAYMENT, content.reference, (Role.SALESPERSON,), "R53", amount=content.amount)


def payment_bounced(order: Order, envelope: Envelope, content: fact_contents.PaymentBounced) -> None:
    """R53: money that is not there does not count."""
    known = order.ledger.find(content.reference)
    if known is None:
        raise TooEarly
    known.bounced = True


def cash_cleared(order: Order, envelope: Envelope, content: fact_contents.CashCleared) -> None:
    """R35: finance has the salesperson's cash; another person than the one who took it."""
    known = order.ledger.find(content.reference)
    if known is None:
        raise TooEarly
    if known.taken_by == envelope.by:
        raise Refusal(
            Code.SAME_PERSON,
            Words("收现金的人不能为自己清帐", "who took the cash does not clear it"),
            where="by",
            rule="R35",
        )
    known.cleared = True


# --- the next-day slip (R34, D20.9(3)) ---------------------------------------------------------------------------


def slip_days(order: Order, sent_at: datetime, until: datetime) -> int:
    """How many days the promise has slipped between sending and `until`.

    The day on which the sheet was sent is free; each further day counts one, calendar or working days by the
    policy. Days on hold are not counted here: a hold moves the promise by itself.
    """
    policy = order.policy.slip
    first = business_date(sent_at, policy.end_of_day_minutes)
    last = business_date(until, policy.end_of_day_minutes)
    held = order.held_days()
    days = [first + n * ONE_DAY for n in range(1, (last - first).days + 1)]
    return sum(1 for day in days if day not in held and _slips_on(order, day))


def _slips_on(order: Order, day: date) -> bool:
    return order.policy.slip.days is DayCount.CALENDAR or order.calendar.is_working_day(day)


def waits_for_sheet(order: Order) -> bool:
    """A sheet that went out is not back clean, and nobody may produce before that (R33, R34)."""
    sheet = order.sheet
    return sheet is not None and sheet.sent_at is not None and not sheet.is_clean and not order.is_class_a


def waits_for_deposit(order: Order) -> bool:
    """The deposit (or the whole, when prepaid) has not arrived (R33)."""
    return order.deposit_due > order.ledger.paid


def slips(order: Order) -> bool:
    """Whether the end of this day moves the promise (R34)."""
    if order.phase is not PhaseName.CONFIRMATION or order.is_class_a or order.hold is not None:
        return False
    sheet = order.sheet
    if sheet is None or sheet.sent_at is None:
        return False
    return waits_for_sheet(order) or (order.policy.slip.deposit_slips and waits_for_deposit(order))


def slip(order: Order) -> None:
    """R34: bring the promise to where sheet and deposit put it; a late report of an early return corrects it."""
    sheet = order.sheet
    if sheet is None or order.is_class_a or order.phase is not PhaseName.CONFIRMATION:
        return
    if sheet.sent_at is None:
        move_promise(order, PromiseCause.CUSTOMER, 0)
        return
    back = min(sheet.clean_at or order.clock, order.clock)
    for_sheet = slip_days(order, sheet.sent_at, max(back, sheet.sent_at))
    move_promise(order, PromiseCause.CUSTOMER, for_sheet)
    if order.policy.slip.deposit_slips and sheet.is_clean and order.deposit_due > 0:
        paid = order.ledger.covered_at(order.deposit_due) or order.clock
        in_all = slip_days(order, sheet.sent_at, max(paid, back, sheet.sent_at))
        move_promise(order, PromiseCause.DEPOSIT, in_all - for_sheet)
