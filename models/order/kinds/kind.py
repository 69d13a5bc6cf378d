"""The kind of an order as data: which phases it goes through, and what hangs on them.

One table row for each way of fulfilling an order. Handlers and the durable workflow ask the row and never a list of
their own, so another way of ordering is another row with its phases, and no copy of anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.invoices.terms import TaxedAs
from models.values.vocabulary import Fulfilment, Headline, PhaseName, Role, Words


@dataclass(frozen=True, slots=True)
class OrderKind:
    """The way of one kind of order from intake to settlement."""

    sequence: tuple[PhaseName, ...]
    """Phases one after the other. Nothing goes to the factory before the last of them is over (R33, R36)."""
    side_by_side: tuple[PhaseName, ...]
    """Phases that goods go through lot by lot: one may be shipped while another is made. The order is in the first
    of them that has work."""
    last: PhaseName
    """What is still open between company and customer when all goods have gone their way."""
    goes_back_to: PhaseName
    """Where an amendment starts anew (R83); until it is over details may still be completed (R12)."""
    slips_in: PhaseName | None
    """Where a sheet or a deposit that is not there moves the promise each day (R34); None: nowhere."""
    headlines: Mapping[PhaseName, Headline]
    """What people read when no open step says more."""
    before_the_warehouse: tuple[PhaseName, ...]
    """Phases in which a day is promised and the goods are not in the warehouse: a near promise is in danger (R34)."""
    of_what_left: tuple[PhaseName, ...] = ()
    """Those of the phases side by side that are looked at when nothing more is made or sent (R84)."""
    goods_travel_in: PhaseName | None = None
    """What is looked at beside the sequence, too, where part of the goods is gone: an amended order goes back to its
    beginning, and what has left goes on (R83). None: nothing."""
    signed_receipt_completes: bool = True
    """Whether the customer's signature on the receipt completes it, where the policy has it so (R81)."""
    from_stock: bool = False
    """The goods are reserved and picked, and nothing is made for it (R63, R110)."""
    by_batch: bool = False
    """Its goods are sold before they are there, from pre-sale batches (R114)."""
    of_the_house: frozenset[PhaseName] = frozenset()
    """Phases that are the company's own affair: a customer's page leaves them out."""

    gives_service: bool = False
    """Work is done for the customer: nothing is made, inspected, released or sent (R87)."""
    tries_samples: bool = False
    """Samples are made and tried, in rounds; nothing is paid before they leave (R130)."""
    three_parties: bool = True
    """Whether salesperson, material controller and finance confirm it, where the policy has it so (R37)."""
    not_on_the_sheet: frozenset[str] = frozenset()
    """Fields of the confirmation sheet that such an order has no use for: nobody is asked for them (R11), and they are
    not printed and not checked (R170)."""
    never_told: frozenset[str] = frozenset()
    """Facts that are about nothing such an order has: they are refused."""
    done_by: Role = Role.PRODUCTION
    """Who does its work, and hears when it is to stop."""
    made_in: PhaseName | None = None
    """Where its goods are made, on machine lines (R150); None: nothing is made for it."""
    taxed_as: TaxedAs = TaxedAs.GOODS
    """By which rate its invoices are taxed (R162)."""
    paid_in: PhaseName | None = None
    """Where it waits for its whole payment within a limit, and where late money opens it anew (R39); None: nowhere."""
    sold_online: bool = False
    """Customers order it by themselves: it is paid through a provider, the merchant accepts it, and nobody edits it (R39,
    R122 to R125)."""

    @property
    def making(self) -> frozenset[PhaseName]:
        """Phases in which goods of it are still to be made, or will be; none where nothing is made."""
        return frozenset((*self.sequence, self.made_in)) if self.made_in is not None else frozenset()

    def is_before(self, phase: PhaseName) -> bool:
        """Whether this phase lies before anything is made or picked."""
        return phase in self.sequence

    def may_be_completed(self, phase: PhaseName) -> bool:
        """Whether missing details may still be given in this phase (R12)."""
        return phase in self.sequence[: self.sequence.index(self.goes_back_to) + 1]

    def after(self, phase: PhaseName) -> PhaseName:
        """The phase that follows one of the sequence."""
        place = self.sequence.index(phase) + 1
        return self.sequence[place] if place < len(self.sequence) else self.side_by_side[0]

    @property
    def phases(self) -> tuple[PhaseName, ...]:
        """All its phases in the order in which they are told."""
        return (*self.sequence, *self.side_by_side, self.last)

    @property
    def course(self) -> tuple[PhaseName, ...]:
        """Its phases and the end, as they stand on an order's page."""
        return (*self.phases, PhaseName.ENDED)


MADE_TO_ORDER = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.VERIFICATION, PhaseName.CONFIRMATION),
    side_by_side=(
        PhaseName.PRODUCTION,
        PhaseName.INSPECTION,
        PhaseName.CLEARANCE,
        PhaseName.SHIPPING,
        PhaseName.DELIVERY,
    ),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.VERIFICATION,
    slips_in=PhaseName.CONFIRMATION,
    headlines={
        PhaseName.INTAKE: Headline.IN_REVIEW,
        PhaseName.VERIFICATION: Headline.IN_REVIEW,
        PhaseName.CONFIRMATION: Headline.CONFIRMED,
        PhaseName.PRODUCTION: Headline.IN_PRODUCTION,
        PhaseName.INSPECTION: Headline.IN_INSPECTION,
        PhaseName.CLEARANCE: Headline.IN_WAREHOUSE,
        PhaseName.SHIPPING: Headline.AWAITING_SHIPMENT,
        PhaseName.DELIVERY: Headline.SHIPPED,
        PhaseName.SETTLEMENT: Headline.DELIVERED,
    },
    goods_travel_in=PhaseName.DELIVERY,
    before_the_warehouse=(PhaseName.CONFIRMATION, PhaseName.PRODUCTION, PhaseName.INSPECTION),
    of_what_left=(PhaseName.DELIVERY,),
    of_the_house=frozenset({PhaseName.VERIFICATION}),
    made_in=PhaseName.PRODUCTION,
)
"""Made to order 订制生产: the full procedure of the paper converter."""

FROM_STOCK = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.VERIFICATION, PhaseName.CONFIRMATION),
    side_by_side=(PhaseName.CLEARANCE, PhaseName.PICKING, PhaseName.SHIPPING, PhaseName.DELIVERY),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.VERIFICATION,
    slips_in=None,
    headlines={
        PhaseName.INTAKE: Headline.IN_REVIEW,
        PhaseName.VERIFICATION: Headline.IN_REVIEW,
        PhaseName.CONFIRMATION: Headline.CONFIRMED,
        PhaseName.CLEARANCE: Headline.IN_WAREHOUSE,
        PhaseName.PICKING: Headline.PICKING,
        PhaseName.SHIPPING: Headline.AWAITING_SHIPMENT,
        PhaseName.DELIVERY: Headline.SHIPPED,
        PhaseName.SETTLEMENT: Headline.DELIVERED,
    },
    goods_travel_in=PhaseName.DELIVERY,
    before_the_warehouse=(),
    of_what_left=(PhaseName.DELIVERY,),
    from_stock=True,
    of_the_house=frozenset({PhaseName.VERIFICATION}),
)
"""From stock 现货 (D9, D19): reserved, confirmed, picked, shipped."""

PRE_SALE = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.VERIFICATION, PhaseName.CONFIRMATION),
    side_by_side=(
        PhaseName.READINESS,
        PhaseName.CLEARANCE,
        PhaseName.PICKING,
        PhaseName.SHIPPING,
        PhaseName.DELIVERY,
    ),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.VERIFICATION,
    slips_in=None,
    headlines={
        PhaseName.INTAKE: Headline.IN_REVIEW,
        PhaseName.VERIFICATION: Headline.IN_REVIEW,
        PhaseName.CONFIRMATION: Headline.CONFIRMED,
        PhaseName.READINESS: Headline.CONFIRMED,
        PhaseName.CLEARANCE: Headline.IN_WAREHOUSE,
        PhaseName.PICKING: Headline.PICKING,
        PhaseName.SHIPPING: Headline.AWAITING_SHIPMENT,
        PhaseName.DELIVERY: Headline.SHIPPED,
        PhaseName.SETTLEMENT: Headline.DELIVERED,
    },
    goods_travel_in=PhaseName.DELIVERY,
    before_the_warehouse=(PhaseName.CONFIRMATION, PhaseName.READINESS),
    of_what_left=(PhaseName.DELIVERY,),
    from_stock=True,
    by_batch=True,
    of_the_house=frozenset({PhaseName.VERIFICATION}),
    done_by=Role.PURCHASING,
)
"""Pre-sale 预售 (D19): sold from a batch that comes on an agreed day; ready, paid, then picked and shipped (R48, R114)."""

OF_GOODS = frozenset(
    {
        "production_signed",
        "production_reported",
        "production_exception",
        "inspection_reported",
        "warehouse_entered",
        "picked",
        "purchase_ordered",
        "transport_arranged",
        "shipping_read_back",
        "shipped",
        "shipment_notice_received",
        "transit_reported",
        "arrived",
        "delivery_receipt",
        "recall_reported",
        "goods_returned",
        "collection_remitted",
        "inspection_confirmed",
        "hand_over_confirmed",
        "receipt_confirmed",
    }
)
"""Facts about goods: made, inspected, picked, on their way, received."""

SERVICE = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.VERIFICATION, PhaseName.CONFIRMATION),
    side_by_side=(PhaseName.SERVICE, PhaseName.ACCEPTANCE),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.VERIFICATION,
    slips_in=PhaseName.CONFIRMATION,
    headlines={
        PhaseName.INTAKE: Headline.IN_REVIEW,
        PhaseName.VERIFICATION: Headline.IN_REVIEW,
        PhaseName.CONFIRMATION: Headline.CONFIRMED,
        PhaseName.SERVICE: Headline.IN_SERVICE,
        PhaseName.ACCEPTANCE: Headline.IN_SERVICE,
        PhaseName.SETTLEMENT: Headline.DELIVERED,
    },
    before_the_warehouse=(PhaseName.CONFIRMATION, PhaseName.SERVICE),
    taxed_as=TaxedAs.SERVICES,
    gives_service=True,
    done_by=Role.SERVICE_CLERK,
    three_parties=False,
    not_on_the_sheet=frozenset(
        {"consignee", "ship_date", "delivery_method", "freight_terms", "packing", "label"}
    ),
    never_told=OF_GOODS,
    of_the_house=frozenset({PhaseName.VERIFICATION}),
)
"""Service 服务 (D17): dated, confirmed, given and reported in per cent, accepted by the customer (R87)."""

SAMPLE = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.TECHNICAL),
    side_by_side=(
        PhaseName.PRODUCTION,
        PhaseName.INSPECTION,
        PhaseName.SHIPPING,
        PhaseName.DELIVERY,
        PhaseName.TRIAL,
    ),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.TECHNICAL,
    slips_in=None,
    headlines={
        PhaseName.INTAKE: Headline.IN_REVIEW,
        PhaseName.TECHNICAL: Headline.IN_REVIEW,
        PhaseName.PRODUCTION: Headline.IN_PRODUCTION,
        PhaseName.INSPECTION: Headline.IN_INSPECTION,
        PhaseName.SHIPPING: Headline.AWAITING_SHIPMENT,
        PhaseName.DELIVERY: Headline.SHIPPED,
        PhaseName.TRIAL: Headline.ON_TRIAL,
        PhaseName.SETTLEMENT: Headline.DELIVERED,
    },
    goods_travel_in=PhaseName.DELIVERY,
    before_the_warehouse=(PhaseName.PRODUCTION, PhaseName.INSPECTION),
    of_what_left=(PhaseName.DELIVERY,),
    tries_samples=True,
    three_parties=False,
    not_on_the_sheet=frozenset({"payment_terms", "packing"}),
    of_the_house=frozenset({PhaseName.TECHNICAL}),
    made_in=PhaseName.PRODUCTION,
)
"""Sample 样品 (D12, D20 step 6): made, sent, tried; approved, made otherwise in another round, or given up (R130)."""

SHOP = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.PAYMENT, PhaseName.MERCHANT_ACCEPTANCE),
    side_by_side=(PhaseName.PICKING, PhaseName.SHIPPING, PhaseName.DELIVERY),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.INTAKE,
    slips_in=None,
    headlines={
        PhaseName.INTAKE: Headline.IN_REVIEW,
        PhaseName.PAYMENT: Headline.AWAITING_PAYMENT,
        PhaseName.MERCHANT_ACCEPTANCE: Headline.AWAITING_ACCEPTANCE,
        PhaseName.PICKING: Headline.PICKING,
        PhaseName.SHIPPING: Headline.AWAITING_SHIPMENT,
        PhaseName.DELIVERY: Headline.SHIPPED,
        PhaseName.SETTLEMENT: Headline.DELIVERED,
    },
    goods_travel_in=PhaseName.DELIVERY,
    before_the_warehouse=(),
    of_what_left=(PhaseName.DELIVERY,),
    signed_receipt_completes=False,
    from_stock=True,
    three_parties=False,
    not_on_the_sheet=frozenset({"payment_terms", "packing", "freight_terms"}),
    never_told=frozenset(
        {
            "production_signed",
            "production_reported",
            "production_exception",
            "checkpoint_reported",
            "sheet_sent",
            "sheet_received",
            "sheet_checked",
            "confirmation_returned",
        }
    ),
    done_by=Role.WAREHOUSE,
    paid_in=PhaseName.PAYMENT,
    sold_online=True,
)
"""Shop 网店现货 (D2, D3, D9, D19): reviewed, paid online, accepted by the merchant, picked, shipped (R39, R124)."""

COURSE: dict[PhaseName, Words] = {
    PhaseName.INTAKE: Words("已受理", "taken in"),
    PhaseName.VERIFICATION: Words("审核", "checked"),
    PhaseName.CONFIRMATION: Words("确认", "confirmed"),
    PhaseName.PRODUCTION: Words("生产", "made"),
    PhaseName.INSPECTION: Words("检验", "inspected"),
    PhaseName.CLEARANCE: Words("付款", "paid"),
    PhaseName.SHIPPING: Words("发货", "shipped"),
    PhaseName.DELIVERY: Words("到货", "received"),
    PhaseName.SETTLEMENT: Words("结清", "settled"),
    PhaseName.ENDED: Words("完成", "done"),
    PhaseName.PICKING: Words("拣货", "picked"),
    PhaseName.SERVICE: Words("服务", "service given"),
    PhaseName.ACCEPTANCE: Words("验收", "accepted"),
    PhaseName.TECHNICAL: Words("打样技术", "looked into"),
    PhaseName.TRIAL: Words("试用", "tried"),
    PhaseName.READINESS: Words("备货", "made ready"),
    PhaseName.PAYMENT: Words("支付", "paid"),
    PhaseName.MERCHANT_ACCEPTANCE: Words("商家接单", "accepted"),
}
"""What a customer reads of each phase, as a station on the way (R85)."""

KINDS: dict[Fulfilment, OrderKind] = {
    Fulfilment.MAKE_TO_ORDER: MADE_TO_ORDER,
    Fulfilment.FROM_STOCK: FROM_STOCK,
    Fulfilment.SERVICE: SERVICE,
    Fulfilment.SAMPLE: SAMPLE,
    Fulfilment.PRE_SALE: PRE_SALE,
    Fulfilment.SHOP: SHOP,
}
"""The kind of order for each way of fulfilling it."""
STILL_MADE: frozenset[PhaseName] = frozenset().union(*(kind.making for kind in KINDS.values()))
"""Phases in which goods are still to be made, of whatever kind (R150)."""
NOT_FINISHED: frozenset[PhaseName] = STILL_MADE.union(*(kind.before_the_warehouse for kind in KINDS.values()))
"""Phases in which an order's goods are not all finished, of whatever kind (R152)."""
