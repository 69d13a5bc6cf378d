"""Confirmation and deposit 确认与定金 (D20 steps 8–10, D13): R30 to R38. What ends here may be produced."""

from __future__ import annotations

from models.decisions.acceptance import objection_of
from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper, StaffId
from models.dossier.step_kinds import StepKind
from models.handlers.money.payments import waits_for_deposit
from models.messages.decision_subjects import Outcome, Subject
from models.order.money.credit import CreditOccasion
from models.order.order import Order
from models.order.sheet import Sheet
from models.policy import SheetRoute
from models.values.editions import Edition
from models.values.fingerprint import digest_of, lasting
from models.values.vocabulary import PaymentTerms, Role
from workflows.phases.alongside import deposit_needed
from workflows.phases.contract import contract_needs, is_to_be_signed, settle_contract
from workflows.phases.goods.stock import settle_stock, stock_answer_needed, stock_needs
from workflows.phases.money.credit import Occasion, credit_needs, is_to_be_assessed, settle_credit
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed


def settle(order: Order) -> None:
    """Ask for a small order's way, make the sheet for what the order is now, ask the three parties."""
    if _chooses_a_way(order):
        _ask_small_order_way(order)
        if order.outcome(Subject.SMALL_ORDER) is None:
            return
    if not settle_credit(order, _this_version(order)) and order.sheet is None:
        return
    sheet = sheet_in_force(order)
    settle_contract(order)
    if _three_parties(order, sheet):
        ask(order, Subject.THREE_PARTY, {"sheet": sheet.version, "content": sheet.content_hash})


def needs(order: Order) -> Needs:
    """What is still needed before anything goes to the factory (R33, R36)."""
    if _chooses_a_way(order) and order.outcome(Subject.SMALL_ORDER) is None:
        yield from decision_needed(order, Subject.SMALL_ORDER)
        return
    yield from credit_needs(order, _this_version(order))
    sheet = order.sheet
    if sheet is None:
        return
    yield from contract_needs(order)
    yield from _sheet_goes_out(order, sheet)
    if not order.is_class_a:
        yield from _sheet_comes_back(order, sheet)
        yield from _deposit_arrives(order)
    if _three_parties(order, sheet):
        yield from _three_parties_confirm(order)


def settle_from_stock(order: Order) -> None:
    """R101, R111: confirmed by mail, page or its own word, or by a signed sheet; then its stock is made firm."""
    chosen = not _chooses_a_way(order)
    if not chosen:
        _ask_small_order_way(order)
        chosen = order.outcome(Subject.SMALL_ORDER) is not None
    if chosen and order.promise.promised is not None:
        sheet = sheet_in_force(order)
        settle_contract(order)
        if not order.signs_sheet:
            _goes_by_itself(order, sheet)
    order.stock.confirmed = chosen and not any(need.blocking for need in _confirmed_by(order))
    settle_stock(order)


def needs_from_stock(order: Order) -> Needs:
    """What is still needed before goods from stock are the customer's."""
    yield from _confirmed_by(order)
    yield from stock_needs(order)
    if not order.stock.is_firm and order.stock.confirmed and not order.questions:
        yield stock_answer_needed(order)


def _confirmed_by(order: Order) -> Needs:
    if _chooses_a_way(order) and order.outcome(Subject.SMALL_ORDER) is None:
        yield from decision_needed(order, Subject.SMALL_ORDER)
        return
    sheet = order.sheet
    if sheet is None:
        return
    yield from contract_needs(order)
    if order.signs_sheet:
        yield from _sheet_goes_out(order, sheet)
        if not order.is_class_a:
            yield from _sheet_comes_back(order, sheet)
    elif not sheet.is_clean:
        yield Need(
            f"confirm_order:{sheet.version}",
            StepKind.CONFIRM_ORDER,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R101",
            hours=order.policy.limits.signature_hours,
            blocking=not order.is_class_a,
            values={"version": str(sheet.version)},
        )
    if not order.is_class_a:
        yield from _deposit_arrives(order)


def _goes_by_itself(order: Order, sheet: Sheet) -> None:
    """R101: the confirmation goes by mail; what the customer entered themselves is confirmed as long as it stands."""
    if sheet.sent_at is None:
        sheet.sent_at = sheet.last_sent_at = order.clock
    own_word = order.request.entered_role is Role.CUSTOMER and order.version == 1
    if own_word and not sheet.is_clean:
        sheet.clean_at = sheet.clean_recorded_at = order.clock


def _this_version(order: Order) -> Occasion:
    """R109: the customer's credit is looked at for each version of the order, before its sheet is made (R26)."""
    return Occasion(CreditOccasion.CONFIRMATION, str(order.request_version))


def _chooses_a_way(order: Order) -> bool:
    """R38: an order of 500 yuan or less takes one of three ways, chosen by the salesperson."""
    chooses = order.is_small and not order.kind.by_batch  # of a pre-sale the batch says what is paid (R114)
    return chooses and order.request.payment_terms is not PaymentTerms.ON_ACCOUNT


def _ask_small_order_way(order: Order) -> None:
    asked = ask(order, Subject.SMALL_ORDER, {"total": order.total})
    if asked.outcome is Outcome.GUARANTEED:
        order.intend(
            Paper.GUARANTEE,
            str(asked.version),
            (Role.MARKETING_DIRECTOR,),
            "R38",
            guarantor=StaffId(asked.answers[-1].by),
        )


_NOT_ON_THE_SHEET = (
    "words",
    "unclear",
    "request_id",
    "entered_by",
    "entered_role",
    "on_behalf_of",
    "read_back",
    "in_writing",
)
"""What the house keeps for itself about a request; the customer signs everything else."""


def sheet_in_force(order: Order) -> Sheet:
    """R30: the version for what the order is now; its content is fixed and hashed, its promise is today's."""
    if order.sheet is not None:
        return order.sheet
    promised = order.promise.promised
    if promised is None:
        raise ValueError("a sheet is made after the promise")
    content = {
        "order": order.number,
        "customer": order.customer.name,
        "terms": order.terms,
        "deposit": str(order.deposit_due),
        "promised": promised.isoformat(),
        **({"sample_credit": str(order.sample_credit)} if order.sample_credit else {}),
        "request": lasting(order.request, leaving_out=_NOT_ON_THE_SHEET),
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
    unsent = sheet.sent_at is None and sheet.last_sent_at is None
    if order.follows(Edition.DAILY_DUTIES) and unsent and sheet.checked_at is None:
        yield Need(
            f"check_sheet:{sheet.version}",
            StepKind.CHECK_SHEET,
            (Role.SERVICE_CLERK, Role.MERCHANDISER),
            "R170",
            hours=order.policy.limits.sheet_hours,
            blocking=False,
            values=values,
        )
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
        yield deposit_needed(order)


def _is_to_be_paid_first(order: Order, *, whole: bool) -> bool:
    prepaid = order.terms is PaymentTerms.PREPAID
    return not order.is_class_a and prepaid is whole and waits_for_deposit(order)


def _asks_three_parties(order: Order) -> bool:
    """R37: salesperson, material controller and finance confirm before production is arranged."""
    return order.kind.three_parties and order.customer_class in order.policy.three_party.classes


def _three_parties(order: Order, sheet: Sheet) -> bool:
    return _asks_three_parties(order) and sheet.sent_at is not None


def _three_parties_confirm(order: Order) -> Needs:
    yield from decision_needed(order, Subject.THREE_PARTY)
    objection = objection_of(order)
    if objection is not None:
        yield Need(
            f"exception:{objection.key}",
            StepKind.EXCEPTION,
            (Role.SALESPERSON,),
            "R37",
            hours=order.policy.limits.decision_hours,
            values={"exception": objection.key, "text": objection.words},
        )


CONFIRMATION_FROM_STOCK = Phase(
    settle_from_stock,
    needs_from_stock,
    ahead=(
        Ahead(
            Subject.SMALL_ORDER,
            lambda order: _chooses_a_way(order) and order.outcome(Subject.SMALL_ORDER) is None,
        ),
        Ahead(
            StepKind.CONFIRM_ORDER,
            lambda order: not order.signs_sheet and (order.sheet is None or not order.sheet.is_clean),
        ),
        Ahead(
            StepKind.SHEET_BACK,
            lambda order: order.signs_sheet and (order.sheet is None or not order.sheet.is_clean),
        ),
        Ahead(StepKind.CONTRACT, is_to_be_signed),
        Ahead(StepKind.DEPOSIT, lambda order: _is_to_be_paid_first(order, whole=False)),
        Ahead(StepKind.PREPAYMENT, lambda order: _is_to_be_paid_first(order, whole=True)),
    ),
)
CONFIRMATION = Phase(
    settle,
    needs,
    ahead=(
        Ahead(
            Subject.SMALL_ORDER,
            lambda order: _chooses_a_way(order) and order.outcome(Subject.SMALL_ORDER) is None,
        ),
        Ahead(
            StepKind.CHECK_SHEET,
            lambda order: (
                order.follows(Edition.DAILY_DUTIES)
                and (order.sheet is None or (order.sheet.sent_at is None and order.sheet.checked_at is None))
            ),
        ),
        Ahead(StepKind.ASSESS_CUSTOMER, is_to_be_assessed),
        Ahead(StepKind.SEND_SHEET, lambda order: order.sheet is None or order.sheet.sent_at is None),
        Ahead(
            StepKind.SHEET_BACK,
            lambda order: not order.is_class_a and (order.sheet is None or not order.sheet.is_clean),
        ),
        Ahead(StepKind.CONTRACT, is_to_be_signed),
        Ahead(StepKind.DEPOSIT, lambda order: _is_to_be_paid_first(order, whole=False)),
        Ahead(StepKind.PREPAYMENT, lambda order: _is_to_be_paid_first(order, whole=True)),
        Ahead(
            Subject.THREE_PARTY,
            lambda order: (
                _asks_three_parties(order) and order.outcome(Subject.THREE_PARTY) is not Outcome.CONFIRM
            ),
        ),
    ),
)
