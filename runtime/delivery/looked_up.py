"""What is filled into a fact from the company's own files before it is told: the order itself looks nothing up.

A policy (R13), the customer's file (R17), the price list in force and past trades for lines that are added (R20). What
was sent in their place does not count. Where money is to go is looked at, too (R161), and whether hours of a machine
line are free (R151).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import DECISION, Envelope, read_content
from models.messages.fact_contents import AmendmentRequested
from models.messages.money_contents import MoneyTransferredOut
from models.request.order_start import PriceReference
from models.values.calendar import business_date
from models.values.errors import Refusal
from models.values.fingerprint import lasting
from runtime.delivery.adoption import ADOPTED, with_installed_policy
from runtime.delivery.named_staff import with_known_people
from runtime.settings import Settings

CUSTOMER_FILE_REFRESHED = "customer_file_refreshed"
AMENDMENT_REQUESTED = "amendment_requested"
MONEY_TRANSFERRED_OUT = "money_transferred_out"


def with_looked_up(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """The envelope with what belongs into it; most kinds as they are.

    Raises Refusal: unknown_order, unknown_policy, unknown_customer, unknown_product, wrong_unit, other_customer, order_ended,
    contradiction, not_asked, database_unavailable.
    """
    look_up = _LOOK_UP.get(envelope.kind)
    if look_up is not None:
        envelope = look_up(settings, number, envelope)
    return with_known_people(settings, number, envelope)


def _policy(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    return with_installed_policy(settings, envelope)


def _customer_file(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """R17: the file of the order's customer as the company keeps it now."""
    from activities.orders.references import customer_file
    from activities.orders.requests import start_of
    from activities.store.database import reading
    from runtime.databases import engine_of

    engine = engine_of(settings)
    start = start_of(engine, number)
    with reading(engine) as connection:
        file, _ = customer_file(connection, start.customer.customer)
    return envelope.model_copy(update={"content": {**envelope.content, "file": lasting(file)}})


def _prices(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """R20: what each line that is added is compared with, in the order of the lines."""
    from activities.orders.references import price_of, reference_of
    from activities.orders.requests import start_of
    from activities.store.database import reading
    from runtime.databases import engine_of

    content = read_content(FACT_KINDS[AMENDMENT_REQUESTED].content, envelope.content, inside="content")
    if not isinstance(content, AmendmentRequested) or not content.changes.added_lines:
        return envelope
    engine, today = engine_of(settings), business_date(datetime.now(UTC))
    customer = start_of(engine, number).customer.customer
    references: list[PriceReference] = []
    with reading(engine) as connection:
        for place, new in enumerate(content.changes.added_lines):
            line = new.numbered(place + 1)
            try:
                price = price_of(connection, place, line, today)
            except Refusal as refusal:
                where = f"content.changes.added_{refusal.where}"
                raise Refusal(refusal.code, refusal.words, where=where, rule=refusal.rule) from None
            references.append(reference_of(connection, customer, line, price))
    filled = {**envelope.content, "references": [lasting(each) for each in references]}
    return envelope.model_copy(update={"content": filled})


def _transfer(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """R161: where the money is to go, and by whose word; nothing is filled in."""
    from activities.money.transfers_asked import require_own_id, require_transferable
    from runtime.databases import engine_of

    content = read_content(FACT_KINDS[MONEY_TRANSFERRED_OUT].content, envelope.content, inside="content")
    if not isinstance(content, MoneyTransferredOut):
        return envelope
    require_own_id(envelope.fact_id, content)
    if content.to:
        require_transferable(engine_of(settings), number, content.to, wrong_order=content.wrong_order)
    return envelope


def _hours(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """R151: whether the hours that production names are still free; nothing is filled in."""
    from runtime.delivery.line_hours import require_hours_free

    require_hours_free(settings, number, envelope)
    return envelope


_LOOK_UP: dict[str, Callable[[Settings, str, Envelope], Envelope]] = {
    ADOPTED: _policy,
    CUSTOMER_FILE_REFRESHED: _customer_file,
    AMENDMENT_REQUESTED: _prices,
    MONEY_TRANSFERRED_OUT: _transfer,
    DECISION: _hours,
}
