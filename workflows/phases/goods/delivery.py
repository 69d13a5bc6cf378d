"""Delivery and recall 到货、签收与召回 (D20 steps 16–18, D13 3.2, D13.5): R72, R74 to R78."""

from __future__ import annotations

from datetime import datetime

from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper, StaffId
from models.dossier.step_kinds import StepKind
from models.handlers.goods.delivery import guarantor_of
from models.handlers.goods.goods_exceptions import stands_still
from models.order.goods import Shipment
from models.order.order import Order
from models.values.calendar import ONE_DAY, business_date, end_of
from models.values.vocabulary import Role, SmallOrderWay, Words
from workflows.phases.phase import Ahead, Needs, Phase

ARRIVAL_WITHOUT_A_DATE = 7
"""Days after which an arrival is missed when the carrier named no date (our choice)."""


def settle(order: Order) -> None:
    """Nothing happens by itself: what time alone brings is watched at its moment (`watch_uncollected`)."""


def needs(order: Order) -> Needs:
    """What is still needed before every shipment is signed for, or back and inspected."""
    hours = order.policy.limits.owed_paper_hours
    for shipment in order.shipments:
        values = {"shipment": shipment.shipment}
        if not shipment.notice_received and shipment.arrived_at is None:
            yield Need(
                f"notice_legible:{shipment.shipment}",
                StepKind.NOTICE_LEGIBLE,
                (Role.CUSTOMER, Role.SERVICE_CLERK),
                "R72",
                hours=hours,
                blocking=False,
                values=values,
            )
        if shipment.returned_at is not None and not shipment.return_inspected:
            yield Need(
                f"inspect_return:{shipment.shipment}",
                StepKind.INSPECT_RETURN,
                (Role.QUALITY, Role.SERVICE_CLERK),
                "R76",
                hours=order.policy.limits.inspection_hours,
                values=values,
            )
        if not shipment.out or stands_still(order, shipment):
            continue  # all of it is accounted for, or the open exception is what is waited for (R74)
        if shipment.recalled:
            if shipment.returned_at is None:
                yield Need(
                    f"recall:{shipment.shipment}",
                    StepKind.RECALL,
                    (Role.LOGISTICS, Role.WAREHOUSE),
                    "R76",
                    hours=hours,
                    values=values,
                )
        elif shipment.delivered_at is not None:
            continue  # what is missing of it is the exception's (R74)
        elif shipment.arrived_at is not None:
            yield Need(
                f"collect:{shipment.shipment}",
                StepKind.COLLECT_GOODS,
                (Role.CUSTOMER, Role.SALESPERSON),
                "R76",
                due=dead_when(order, shipment),
                values=values,
            )
        else:
            yield from _under_way(order, shipment, values)


def _under_way(order: Order, shipment: Shipment, values: dict[str, str]) -> Needs:
    expected = (
        shipment.expected_arrival or business_date(shipment.shipped_at) + ARRIVAL_WITHOUT_A_DATE * ONE_DAY
    )
    key = f"{shipment.shipment}:{expected}"
    yield Need(
        f"arrival:{key}",
        StepKind.ARRIVAL,
        (Role.LOGISTICS, Role.SERVICE_CLERK),
        "R74",
        due=end_of(expected),
        values=values,
    )
    if shipment.check_on is not None and not shipment.followed:
        yield Need(
            f"follow:{shipment.shipment}",
            StepKind.FOLLOW_SHIPMENT,
            (Role.SERVICE_CLERK,),
            "R74",
            due=end_of(shipment.check_on),
            blocking=False,
            values=values,
        )


def dead_when(order: Order, shipment: Shipment) -> datetime:
    """R76: when the 15 days are over, and not before one working day after the arrival was recorded."""
    arrived = shipment.arrived_at or shipment.shipped_at
    recorded = shipment.arrival_recorded_at or arrived
    uncollected = end_of(business_date(arrived) + order.policy.dead_order.days * ONE_DAY)
    known_for_a_day = end_of(order.calendar.working_days_after(business_date(recorded), 1))
    return max(uncollected, known_for_a_day)


def can_die(order: Order, shipment: Shipment) -> bool:
    """Whether the 15-day clock of this shipment runs (R76; switch: only guaranteed orders)."""
    waits = shipment.arrived_at is not None and shipment.under_way and not shipment.recalled
    stopped = stands_still(order, shipment)  # refused: somebody decides what becomes of it (R74)
    only_guaranteed = order.policy.dead_order.guaranteed_only
    stopped = stopped or (order.hold is not None and order.hold.customer_clocks_stop)
    return waits and not stopped and (not only_guaranteed or order.small_way is SmallOrderWay.GUARANTEED)


def reminder_times(order: Order, shipment: Shipment) -> list[tuple[int, datetime]]:
    """The reminders that are still to come before the goods are dead: day after arrival, and when."""
    arrived = business_date(shipment.arrived_at or shipment.shipped_at)
    days = order.policy.dead_order.reminder_days
    return [(day, end_of(arrived + (day - 1) * ONE_DAY)) for day in days if day not in shipment.reminded]


def watch_uncollected(order: Order) -> None:
    """Remind, then declare dead and recall, by the clock of each shipment (R76)."""
    for shipment in order.shipments:
        if not can_die(order, shipment):
            continue
        limit = order.policy.dead_order.days
        for day, moment in reminder_times(order, shipment):
            if moment <= order.clock:
                shipment.reminded.append(day)
                identity = f"{shipment.shipment}:{day}"
                order.intend(
                    Paper.COLLECT, identity, (Role.CUSTOMER, Role.SALESPERSON), "R76", days=day, limit=limit
                )
        if dead_when(order, shipment) <= order.clock:
            shipment.dead_at = order.clock
            payer = guarantor_of(order)
            order.note(
                EntryKind.DEAD, f"shipment:{shipment.shipment}", rule="R76", freight=payer or "company"
            )
            order.intend(
                Paper.RECALL,
                shipment.shipment,
                (Role.LOGISTICS, Role.SALESPERSON, Role.CUSTOMER),
                "R76",
                payer=StaffId(payer) if payer else Words("公司", "the company"),
            )


def _is_to_arrive(order: Order) -> bool:
    return not order.shipments or any(
        shipment.under_way and shipment.arrived_at is None for shipment in order.shipments
    )


def _is_to_be_collected(order: Order) -> bool:
    return not order.shipments or any(
        shipment.under_way and not shipment.recalled for shipment in order.shipments
    )


DELIVERY = Phase(
    settle,
    needs,
    ahead=(Ahead(StepKind.ARRIVAL, _is_to_arrive), Ahead(StepKind.COLLECT_GOODS, _is_to_be_collected)),
)
