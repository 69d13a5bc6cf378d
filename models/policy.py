"""The company's numbers and switches (`policy.toml`). An order keeps the policy that it started with.

Every default is the figure of the company's procedures; what they leave open is marked "our choice".
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from models.approvals.matrix import MOST_ROWS, ApprovalOf, ApprovalRow
from models.values.content import IN_DAYS, Alike, Content, Name, NonNegativeMoney, Reference, Within, in_order
from models.values.money import as_text, exact
from models.values.percent import Percent, StatedPercent
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import CustomerClass, PaymentTerms, Role, Term
from models.values.words import InvalidValue


class DayCount(Term):
    """Calendar or working days, per rule."""

    CALENDAR = "calendar", "自然日", "calendar days"
    WORKING = "working", "工作日", "working days"


class SheetRoute(Term):
    """Who stamps and sends the sheet (R30)."""

    CLERK_FAXES = "clerk_faxes", "客服员传真", "faxed by the clerk"
    MERCHANDISER_POSTS = "merchandiser_posts", "跟单员盖章发群", "stamped and posted by the merchandiser"


def ascending(days: tuple[int, ...]) -> tuple[int, ...]:
    """Days that each lie after the one before."""
    if any(day < 0 for day in days) or list(days) != sorted(set(days)):
        raise InvalidValue("提醒天数须递增", "reminder days ascend")
    return days


Hours = Annotated[
    Decimal, BeforeValidator(exact), Field(gt=0, le=9999), PlainSerializer(as_text, return_type=str)
]
"""Hours of the clock, also parts of one (`0.5`); less than a second counts as none."""

Factor = Annotated[
    Decimal, BeforeValidator(exact), Field(ge=1, le=9999), PlainSerializer(as_text, return_type=str)
]
"""So many times something; also parts (`1.5`)."""


Classes = Annotated[frozenset[CustomerClass], PlainSerializer(in_order, return_type=list[CustomerClass])]


_ALL = Decimal(100)
SEED_APPROVALS = (
    ApprovalRow(what=ApprovalOf.ORDER, levels=((Role.SALES_SUPERVISOR,),)),
    ApprovalRow(what=ApprovalOf.CONTRACT, levels=((Role.LEGAL, Role.FINANCE),)),
)
"""R106: the procedures name no amounts."""


class SlipPolicy(Content):
    """R34 next-day slip (D20.9(3))."""

    days: DayCount = DayCount.CALENDAR
    deposit_slips: bool = True
    end_of_day_minutes: int = Field(default=24 * 60, ge=1, le=24 * 60)


class ShipWindowPolicy(Content):
    """R25 (D13): the agreed ship date is at most this many days after the order."""

    days: Annotated[int, IN_DAYS] = Field(default=10, ge=1)
    count: DayCount = DayCount.CALENDAR


class SmallOrderPolicy(Content):
    """R38 (D13 3.1–3.4). The limit itself still counts as small (Civil Code art. 1259)."""

    limit: NonNegativeMoney = Decimal("500.00")
    prepaid_ships_within_days: Annotated[int, IN_DAYS] = Field(default=3, ge=0)


class BalancePolicy(Content):
    """R60 to R62 (D13 3.3): a balance above the limit needs the director; the limit itself does not."""

    director_above: NonNegativeMoney = Decimal("500.00")
    designated_freight_agents: tuple[Name, ...] = ("德邦物流", "顺丰快运")


class DeadOrderPolicy(Content):
    """R76 (D13 3.2): goods that arrived and are not collected are dead and recalled."""

    days: Annotated[int, IN_DAYS] = Field(default=15, ge=1)
    guaranteed_only: bool = False
    reminder_days: Annotated[tuple[Annotated[int, IN_DAYS], ...], AfterValidator(ascending)] = (7, 12, 14)


class HangingPolicy(Content):
    """R19 (D13); the number of days is our choice."""

    days: Annotated[int, IN_DAYS] = Field(default=15, ge=1)


class ApprovalPolicy(Content):
    """R28: which orders a supervisor approves, and whether deviating contract terms go to legal and finance."""

    classes: Classes = frozenset(CustomerClass)
    contract_deviation: bool = True
    tell_departments: bool = True
    """Whether the departments are sent word of an approval (R28)."""


class ThreePartyPolicy(Content):
    """R37 (D13): whose orders salesperson, material controller and finance confirm."""

    classes: Classes = frozenset({CustomerClass.B, CustomerClass.C})


class PaymentPolicy(Content):
    """Deposit share when neither the order nor the contract names one; due days (our choice)."""

    deposit_percent: Percent = Decimal(30)
    balance_due_days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)
    account_days: Annotated[int, IN_DAYS] = Field(default=30, ge=0)
    tolerance_percent: Percent = Decimal(0)
    question_above_factor: Factor = Decimal(2)
    """A payment above so many times what is open is asked back where people type it (R53)."""


class StockPolicy(Content):
    """R111, R112: how long stock is held before it is firm, and how long the customer has to choose when it is short."""

    hold_hours: Hours = Decimal(24)
    choice_hours: Hours = Decimal(48)
    ship_days: Annotated[int, IN_DAYS] = Field(default=2, ge=0)
    """Working days from when the goods are there to the ship date (our choice)."""
    late_days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)
    """R114: a pre-sale that is later than agreed by more days than these may be cancelled freely (our choice)."""


class PickingPolicy(Content):
    """R63: whether a second person checks what was picked."""

    second_person: bool = False


class CreditPolicy(Content):
    """R108, R109: how long an assessment holds, and when a bill is so late that it holds new orders (our choice)."""

    assessment_days: Annotated[int, IN_DAYS] = Field(default=365, ge=1)
    overdue_days: Annotated[int, IN_DAYS] = Field(default=30, ge=1)


class LimitPolicy(Content):
    """R13: hours that a step may take, in hours of the clock; a passed limit is overdue, then the superior is told."""

    details_hours: Hours = Decimal(24)
    price_hours: Hours = Decimal(24)
    technical_hours: Hours = Decimal(24)
    production_date_hours: Hours = Decimal(24)
    approval_hours: Hours = Decimal(24)
    sheet_hours: Hours = Decimal(8)
    signature_hours: Hours = Decimal(24)
    deposit_hours: Hours = Decimal(72)
    decision_hours: Hours = Decimal(24)
    hand_over_hours: Hours = Decimal(24)
    inspection_hours: Hours = Decimal(24)
    owed_paper_hours: Hours = Decimal(72)
    emergency_hours: Hours = Decimal(4)
    escalate_after_hours: Hours = Decimal(24)
    question_hours: Hours = Decimal(24)
    entry_hours: Hours = Decimal(24)
    """From a customer's word to its entry as an order (D4.3.3)."""


class SheetPolicy(Content):
    """R170: whether the sheet is checked by another person than who entered the order.

    R101: whether the sheet of an order from stock is signed; else it is confirmed by mail, page, or its own word.
    """

    second_person: bool = False
    from_stock: bool = False


class CompletionPolicy(Content):
    """R81: after so many days of silence an order is completed; whether the customer's signature does it at once."""

    days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)
    signed_receipt: bool = True


class ServicePolicy(Content):
    """R87: a service is reported at least each so many days; so many days of silence after it was given accept it."""

    report_days: Annotated[int, IN_DAYS] = Field(default=7, ge=1)
    acceptance_days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)


class SamplePolicy(Content):
    """R130: so many pieces are free; so many days of trial after the receipt, reminded so many days before they are over;
    so many rounds before the supervisor is asked."""

    free_pieces: int = Field(default=3, ge=0)
    trial_days: Annotated[int, IN_DAYS] = Field(default=15, ge=1)
    reminder_days: Annotated[int, IN_DAYS] = Field(default=3, ge=1)
    rounds: int = Field(default=3, ge=1)
    credit_days: Annotated[int, IN_DAYS] = Field(default=90, ge=0)
    """So many days after the approval the fee is credited to an order, once."""


class ShipmentCheckPolicy(Content):
    """R172: so many days after they left goods are followed, where no arrival is expected."""

    days: Annotated[int, IN_DAYS] = Field(default=3, ge=0)


class DailyReportPolicy(Content):
    """R171: until when production reports on a working day, in minutes after midnight of business time."""

    due_minutes: int = Field(default=18 * 60, ge=1, le=24 * 60)


class DatingPolicy(Content):
    """How far back a fact may be dated without an override, and how far ahead clocks may differ."""

    back_days: Annotated[int, IN_DAYS] = Field(default=31, ge=0)
    ahead_minutes: Annotated[int, IN_DAYS] = Field(default=10, ge=0)


class QuotePolicy(Content):
    """R102 to R105: quotes."""

    margin: StatedPercent = Decimal(20)
    floor: StatedPercent = Decimal(10)
    tax: StatedPercent = Decimal(13)
    decimals: int = Field(default=4, ge=2, le=6)
    valid_days: Annotated[int, IN_DAYS] = Field(default=15, ge=0)
    reminder_days: Annotated[int, IN_DAYS] = Field(default=3, ge=0)
    answer_hours: Hours = Decimal(24)
    late_days: Annotated[int, IN_DAYS] = Field(default=30, ge=0)

    @model_validator(mode="after")
    def _floor_is_below_the_target(self) -> QuotePolicy:
        if not self.floor <= self.margin < _ALL:
            raise InvalidValue(
                "毛利底线不得高于目标毛利，目标毛利须低于 100",
                "the floor is not above the target margin, and the target is below 100",
            )
        return self


class AfterwardsPolicy(Content):
    """R141 to R144: after-sales cases and ratings."""

    acknowledge_hours: Hours = Decimal(24)
    decide_days: Annotated[int, IN_DAYS] = Field(default=3, ge=0)
    send_days: Annotated[int, IN_DAYS] = Field(default=15, ge=1)
    reminder_days: Annotated[int, IN_DAYS] = Field(default=3, ge=0)
    receive_days: Annotated[int, IN_DAYS] = Field(default=7, ge=1)
    inspect_days: Annotated[int, IN_DAYS] = Field(default=2, ge=0)
    remedy_days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)
    agree_days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)
    no_reason_days: Annotated[int, IN_DAYS] = Field(default=7, ge=0)
    defect_days: Annotated[int, IN_DAYS] = Field(default=30, ge=0)
    supervisor_limit: NonNegativeMoney = Decimal("500.00")
    rating_days: Annotated[int, IN_DAYS] = Field(default=30, ge=0)
    low_rating: int = Field(default=2, ge=0, le=4)


class ContractRequired(Term):
    """R107: which orders need a contract of their own, where no frame contract of the customer covers their terms."""

    NEVER = "never", "都不需要", "none"
    QUOTED = "quoted", "由报价而来或按月结算的", "those from a quote, or on account"
    ALWAYS = "always", "都需要", "all"


class ContractPolicy(Content):
    """R107: contracts of orders. Beside `required` an order needs one above an amount, on some terms, of some customers."""

    required: ContractRequired = ContractRequired.QUOTED
    amount_above: NonNegativeMoney | None = None
    terms: Annotated[tuple[PaymentTerms, ...], Field(max_length=len(PaymentTerms))] = ()
    customers: Annotated[tuple[Reference, ...], Field(max_length=MOST_ROWS)] = ()
    valid_days: Annotated[int, IN_DAYS] = Field(default=180, ge=0)
    reminder_days: Annotated[int, IN_DAYS] = Field(default=30, ge=0)
    open_days: Annotated[int, IN_DAYS] = Field(default=60, ge=1)
    draft_hours: Hours = Decimal(48)
    signing_hours: Hours = Decimal(72)


class ShopReview(Term):
    """R39: who reviews an order of the shop before it may be paid."""

    AUTOMATIC = "automatic", "自动，有疑问的转客服员", "by itself; what is off goes to a clerk"
    CLERK = "clerk", "客服员", "a clerk"


class ShopDeliveryPolicy(Content):
    """R65: what delivery costs in the shop, in CNY and kilograms (our choice)."""

    courier_fee: NonNegativeMoney = Decimal("12.00")
    """Up to the weight."""
    courier_weight: PositiveQuantity = Decimal("5.000")
    courier_step_fee: NonNegativeMoney = Decimal("2.00")
    """For each further step of weight, a begun one counts as whole."""
    courier_step: PositiveQuantity = Decimal("1.000")
    free_from: NonNegativeMoney | None = Decimal("299.00")
    """So much of goods is sent free of charge, this amount included; none: it never is."""


class ShopPolicy(Content):
    """R39, R123 to R125: orders of the shop (our choice). Hours of the clock."""

    review: ShopReview = ShopReview.AUTOMATIC
    pay_hours: Hours = Decimal(24)
    """From the end of the review it may be paid so long, to the second."""
    late_hours: Hours = Decimal(24)
    """So long after that late money can open it anew."""
    review_hours: Hours = Decimal(2)
    accept_hours: Hours = Decimal(24)
    """From the payment until the merchant accepts or refuses."""
    ship_hours: Hours = Decimal(48)
    """From the acceptance until the goods leave."""
    choice_hours: Hours = Decimal(24)
    """R112: so long the customer of the shop has to choose when goods are short."""
    delay_told_percent: StatedPercent = Decimal(75)
    """R125: when so much of a limit is over the customer is told of the delay."""
    provider_confirms: bool = True
    """Whether what the payment provider reports counts as confirmed, without finance."""
    delivery: ShopDeliveryPolicy = ShopDeliveryPolicy()

    @model_validator(mode="after")
    def _is_told_before_the_limit(self) -> ShopPolicy:
        if self.delay_told_percent >= _ALL:
            raise InvalidValue(
                "延误须在时限之前告知：须低于 100", "a delay is told before the limit: less than 100"
            )
        return self


class InvoicePolicy(Content):
    """R162: the tax in a price, in per cent (the tax law's figures)."""

    tax_percent: Percent = Decimal(13)
    services_percent: Percent = Decimal(6)


class ArchivePolicy(Content):
    """R165: so many days after its end an order is archived (our choice). A figure of the desk: orders do not keep it."""

    days: Annotated[int, IN_DAYS] = Field(default=30, ge=0)


class PersonalDataPolicy(Content):
    """So long after the last order, case or receipt a customer's data are kept; then `starter.py erase` may take them (our
    choice: ten years, as for money papers). A figure of the desk: orders do not keep it."""

    keep_years: Annotated[int, Within(1, 100)] = Field(default=10, ge=1)


class SchedulePolicy(Content):
    """R150, R151: the plan of the machine lines. Figures of the desk: orders do not keep them."""

    finish_days: Annotated[int, IN_DAYS] = Field(default=1, ge=0)
    """Working days from the last hour on a line to finished goods: rewinding and inspection."""
    booking_days: Annotated[int, IN_DAYS] = Field(default=5, ge=0)
    """For so many days from production's answer its hours are the order's without an instruction (R151, our choice)."""
    shift_hours: int = Field(default=8, ge=1, le=24)
    """Nobody stands at machine lines for longer than so many hours of a day (our choice)."""


class WebhookPolicy(Content):
    """How long other shops are tried (our choice). Figures of the desk: orders do not keep them."""

    pauses_seconds: Annotated[tuple[Annotated[int, Field(ge=1, le=86_400)], ...], Field(min_length=1)] = (
        5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600,
    )  # fmt: skip
    """Between one attempt and the next; the last one from then on."""
    pause_after_hours: int = Field(default=72, ge=1, le=9999)
    """An endpoint that took nothing for so long is paused, and somebody told."""
    give_up_after_hours: int = Field(default=120, ge=1, le=9999)
    """One event that an endpoint refuses for so long, while it takes others, is given up, and somebody told."""
    keep_days: Annotated[int, IN_DAYS] = Field(default=90, ge=1)
    """So long an event can be sent again and asked for."""


class Policy(Alike):
    """The whole policy file. `version` is the company's own name for this state of it; an order keeps the policy that it began with."""

    version: Name = "seed"
    sheet_route: SheetRoute = SheetRoute.CLERK_FAXES
    slip: SlipPolicy = SlipPolicy()
    ship_window: ShipWindowPolicy = ShipWindowPolicy()
    small_order: SmallOrderPolicy = SmallOrderPolicy()
    balance: BalancePolicy = BalancePolicy()
    dead_order: DeadOrderPolicy = DeadOrderPolicy()
    hanging: HangingPolicy = HangingPolicy()
    approval: ApprovalPolicy = ApprovalPolicy()
    three_party: ThreePartyPolicy = ThreePartyPolicy()
    payment: PaymentPolicy = PaymentPolicy()
    limits: LimitPolicy = LimitPolicy()
    dating: DatingPolicy = DatingPolicy()
    sheet: SheetPolicy = SheetPolicy()
    completion: CompletionPolicy = CompletionPolicy()
    service: ServicePolicy = ServicePolicy()
    sample: SamplePolicy = SamplePolicy()
    shipment_check: ShipmentCheckPolicy = ShipmentCheckPolicy()
    daily_report: DailyReportPolicy = DailyReportPolicy()
    stock: StockPolicy = StockPolicy()
    picking: PickingPolicy = PickingPolicy()
    signed_facts: bool = False
    """Whether an order takes only facts that are signed by their sender's key, or by the house (our choice)."""
    quote: QuotePolicy = QuotePolicy()
    afterwards: AfterwardsPolicy = AfterwardsPolicy()
    credit: CreditPolicy = CreditPolicy()
    invoice: InvoicePolicy = InvoicePolicy()
    approvals: Annotated[tuple[ApprovalRow, ...], Field(max_length=MOST_ROWS)] = SEED_APPROVALS
    """R106: whose approval what needs; a quote's margin asks on its own (R105)."""
    contract: ContractPolicy = ContractPolicy()
    shop: ShopPolicy = ShopPolicy()
    schedule: Annotated[SchedulePolicy, Field(exclude=True)] = SchedulePolicy()
    archive: Annotated[ArchivePolicy, Field(exclude=True)] = ArchivePolicy()
    personal_data: Annotated[PersonalDataPolicy, Field(exclude=True)] = PersonalDataPolicy()
    webhooks: Annotated[WebhookPolicy, Field(exclude=True)] = WebhookPolicy()
