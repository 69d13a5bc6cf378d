"""A customer's file that an order takes over is the one the company keeps: read here, whatever was sent (R17)."""

from __future__ import annotations

from models.messages.envelope import Envelope
from models.values.fingerprint import lasting
from runtime.settings import Settings

CUSTOMER_FILE_REFRESHED = "customer_file_refreshed"


def with_customer_file(settings: Settings, number: str, envelope: Envelope) -> Envelope:
    """The envelope with the file of the order's customer as it is now; any other envelope as it is.

    Raises Refusal: unknown_order, unknown_customer, database_unavailable.
    """
    if envelope.kind != CUSTOMER_FILE_REFRESHED:
        return envelope
    from activities.orders.references import customer_file
    from activities.orders.requests import start_of
    from activities.store.database import reading
    from runtime.databases import engine_of

    engine = engine_of(settings)
    start = start_of(engine, number)
    with reading(engine) as connection:
        file, _ = customer_file(connection, start.customer.customer)
    return envelope.model_copy(update={"content": {**envelope.content, "file": lasting(file)}})
