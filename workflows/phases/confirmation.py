"""Confirmation and deposit 确认与定金 (D20 steps 8–10, D13): R30 to R38. What ends here may be produced."""

from __future__ import annotations

from models.dossier.open_steps import Need, StepKind
from models.dossier.papers_due import Paper, StaffId
from models.handlers.sheet_and_payments import waits_for_deposit
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import digest_of
from models.order.order import Order
from models.order.sheet import Sheet
from models.policy import SheetRoute
from models.values.vocabulary import PaymentTerms, Role
from workflows.phases.needs import Needs, decided


def confirmation(order: Order) -> Needs:
    """What is still needed before anything goes to the factory (R33, R36)."""
    undecided = list(_small_order_way(order))
    yield from undecided
    if undecided:
        return
    sheet = sheet_in_force(order)
    yield from _sheet_goes_out(order, sheet)
    if not order.is_class_a:
        yield from _sheet_comes_back(order, sheet)
        yield from _deposit_arrives(order)
    yield from _three_parties_confirm(order, sheet)


def _small_order_way(order: Order) -> Needs:
    """R38: an order of 500 yuan or less takes one of three ways, chosen by the salesperson."""
    if not order.is_small or order.request.payment_terms is PaymentTerms.ON_ACCOUNT:
        return
    yield from decided(order, Subject.SMALL_ORDER, {"total": order.total})
    asked = order.decision(Subject.SMALL_ORDER)
    if asked is not None and asked.outcome is Outcome.GUARANTEED:
        order.intend(
            Paper.GUARANTEE,
            str(asked.version),
            (Role.MARKETING_DIRECTOR,),
            "R38",
            guarantor=StaffId(asked.answers[-1].by),
        )


def sheet_in_force(order: Order) -> Sheet:
    """R30: the version for what the order is now; its content is fixed and hashed, its promise is today's."""
    if order.sheet is not None:
        return order.sheet
    request, promised = order.request, order.promise.promised
    if promised is None:
        raise ValueError("a sheet is made after the promise")
    content = {
        "order": order.number,
        "customer": order.customer.name,
        "terms": order.terms,
        "deposit": str(order.deposit_due),
        "promised": promised.isoformat(),
        "request": request.model_dump(
            mode="json",
            exclude={
                "words",
                "unclear",
                "request_id",
                "entered_by",
                "entered_role",
                "read_back",
                "in_writing",
            },
        ),
    }
    sheet = Sheet(
        version=len(order.sheets) + 1,
        content_hash=digest_of(content),
        content=content,
        total=order.total,
        promised=promised,
        made_at=order.clock,
    )
    order.sheets.append(sheet)
    order.intend(
        Paper.SHEET,
        str(sheet.version),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R30",
        version=sheet.version,
        total=sheet.total,
        promised=promised,
    )
    return sheet


def _sheet_goes_out(order: Order, sheet: Sheet) -> Needs:
    by_clerk = order.policy.sheet_route is SheetRoute.CLERK_FAXES
    values = {"version": str(sheet.version)}
    if sheet.sent_at is None:
        sender = Role.SERVICE_CLERK if by_clerk else Role.MERCHANDISER
        hours = order.policy.limits.sheet_hours
        yield Need(
            f"send_sheet:{sheet.version}", StepKind.SEND_SHEET, (sender,), "R30", hours=hours, values=values
        )
    elif sheet.received_at is None and not sheet.returns:
        yield Need(
            f"sheet_legible:{sheet.version}",
            StepKind.SHEET_LEGIBLE,
            (Role.CUSTOMER, Role.SERVICE_CLERK),
            "R30",
            hours=order.policy.limits.signature_hours,
            blocking=False,
            values=values,
        )


def _sheet_comes_back(order: Order, sheet: Sheet) -> Needs:
    """R31, R33: class B and C wait for the clean sheet."""
    if sheet.sent_at is not None and not sheet.is_clean:
        yield Need(
            f"sheet_back:{sheet.version}",
            StepKind.SHEET_BACK,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R33",
            hours=order.policy.limits.signature_hours,
            values={"version": str(sheet.version)},
        )


def _deposit_arrives(order: Order) -> Needs:
    """R33, R36: and for the deposit, or the whole when prepaid, confirmed by finance."""
    if waits_for_deposit(order):
        whole = order.terms is PaymentTerms.PREPAID
        yield Need(
            "deposit",
            StepKind.PREPAYMENT if whole else StepKind.DEPOSIT,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R38" if whole and order.small_way else "R33",
            hours=order.policy.limits.deposit_hours,
            values={"amount": str(order.deposit_due - order.ledger.paid)},
        )


def _three_parties_confirm(order: Order, sheet: Sheet) -> Needs:
    """R37: salesperson, material controller and finance confirm before production is arranged."""
    if order.customer_class in order.policy.three_party.classes and sheet.sent_at is not None:
        yield from decided(
            order, Subject.THREE_PARTY, {"sheet": sheet.version, "content": sheet.content_hash}
        )
        if order.outcome(Subject.THREE_PARTY) is Outcome.OBJECT:
            version = order.asked[Subject.THREE_PARTY.value].version
            yield Need(
                f"exception:objection-{version}",
                StepKind.EXCEPTION,
                (Role.SALESPERSON,),
                "R37",
                hours=order.policy.limits.decision_hours,
                values={
                    "exception": f"objection-{version}",
                    "text": order.troubles[f"objection-{version}"].words,
                },
            )
