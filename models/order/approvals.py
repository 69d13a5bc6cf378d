"""Whose approval an order needs, by the company's matrix: level after level, several roles side by side (R28).

The sales supervisor answers the approval that every order has; all others that the matrix names answer beside it, each when
it is their turn. Orders of earlier editions need the sales supervisor's alone.
"""

from __future__ import annotations

from fractions import Fraction

from models.approvals.matrix import ApprovalOf, Levels, ToApprove, levels_for
from models.dossier.decision_record import Asked
from models.messages.decision_subjects import Outcome, Subject
from models.order.order import Order
from models.request.order_request import OrderRequest, RequestLine
from models.values.editions import Edition
from models.values.quantity import converted
from models.values.vocabulary import Role

_AS_EVER: Levels = ((Role.SALES_SUPERVISOR,),)
_HUNDRED = 100


def levels_of(order: Order) -> Levels:
    """Who approves this order, one level after another; nobody where its customer's class needs no approval."""
    if order.customer_class not in order.policy.approval.classes:
        return ()
    if not order.follows(Edition.EVERY_WAY):
        return _AS_EVER
    thing = ToApprove(
        ApprovalOf.ORDER,
        amount=order.total,
        discount=_largest_discount(order),
        customer_class=order.customer_class,
        customer=order.customer.customer,
        terms=order.terms,
    )  # fmt: skip
    return _levels_for(order, thing)


def _levels_for(order: Order, thing: ToApprove) -> Levels:
    # Kept beside the fields: it is asked several times in a round, and another thing is rare.
    rows = order.policy.approvals
    known: tuple[ToApprove, object, Levels] | None = order.__dict__.get("approval_levels")
    if known is None or known[0] != thing or known[1] is not rows:
        known = order.__dict__["approval_levels"] = (thing, rows, levels_for(rows, thing))
    return known[2]


def _largest_discount(order: Order) -> Fraction | None:
    # Kept beside the fields, made anew when the request is another: two hundred lines are compared in every round.
    known: tuple[OrderRequest, Fraction | None] | None = order.__dict__.get("largest_discount")
    if known is None or known[0] is not order.request:
        offs = (off for line in order.request.lines if (off := _discount(order, line)) is not None)
        known = order.__dict__["largest_discount"] = (order.request, max(offs, default=None))
    return known[1]


def _discount(order: Order, line: RequestLine) -> Fraction | None:
    """By how many per cent of the list price a line is cheaper; None where there is no list price in its unit."""
    reference = order.reference_of(line.line)
    if reference is None or not reference.list_price or line.unit_price is None:
        return None
    in_a_unit = converted(line.quantity, line.unit, reference.unit)
    if in_a_unit is None or not line.quantity:
        return None
    listed = Fraction(reference.list_price) * Fraction(in_a_unit) / Fraction(line.quantity)
    return (listed - Fraction(line.unit_price)) / listed * _HUNDRED


def left_to_approve(order: Order) -> Levels:
    """The levels that are not complete, each with the roles that have still to say yes; the first is whose turn it is."""
    asked = order.decision(Subject.ORDER_APPROVAL)
    given = [answer.role for answer in asked.answers] if asked is not None else []
    if order.outcome(Subject.APPROVAL) is Outcome.APPROVE:
        given.append(Role.SALES_SUPERVISOR)
    left = (tuple(role for role in level if role not in given) for level in levels_of(order))
    return tuple(level for level in left if level)


def is_the_supervisors_turn(order: Order) -> bool:
    """Whether the sales supervisor is asked now."""
    levels = left_to_approve(order)
    return bool(levels) and Role.SALES_SUPERVISOR in levels[0]


def others_left(order: Order, asked: Asked) -> Levels:
    """Of the same levels the other roles; the first is whose turn it is, and may be empty while the supervisor's is."""
    return tuple(
        tuple(role for role in level if role is not Role.SALES_SUPERVISOR) for level in left_to_approve(order)
    )


def is_approved(order: Order) -> bool:
    """Whether all that the matrix names said yes, and anybody was asked."""
    return bool(levels_of(order)) and not left_to_approve(order)
