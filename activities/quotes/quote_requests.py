"""Taking an enquiry in: its number, its request and all that was looked up about it, in one transaction (R104)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from activities.cases.case_requests import keep_case, known_start, next_case_number
from activities.documents.font_signs import require_printable
from activities.orders.assigning import staff_for
from activities.orders.references import customer_file, list_reference, require_to_come
from activities.quotes.waiting_orders import note_opened, require_waiting
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from models.policy import Policy
from models.quotes.projection import KIND
from models.quotes.quote_request import QuoteLine, QuoteRequest, QuoteStart
from models.request.amounts import require_percent
from models.request.order_start import PriceReference
from models.values.calendar import business_date
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical, digest_of_model
from models.values.vocabulary import Role, Words

LETTER = "Q"
LARGEST_START = 256_000
_TOO_LARGE = Words(
    "询价过大：{size} 个字符，最多 {most}", "the enquiry is too large: {size} characters, at most {most}"
)


def open_quote(
    engine: Engine, request: QuoteRequest, now: datetime, policy: Policy, *, space: str = ""
) -> tuple[QuoteStart, bool]:
    """The start of the quote for this enquiry, and whether it is new; the same enquiry again gives the same start.

    Raises Refusal: request_conflict, unknown_customer, date_in_past, malformed, too_large, and those of
    `activities.store.database.writing`; no number is given then.
    """
    content = digest_of_model(request)
    try:
        with writing(engine) as connection:
            known = _known(connection, request, space, content)
            if known is not None:
                return known, False
            return _open(connection, request, now.astimezone(UTC), policy, space, content), True
    except IntegrityError:
        # Another process took the same enquiry in a moment earlier.
        with reading(engine) as connection:
            known = _known(connection, request, space, content)
        if known is None:
            raise
        return known, False


def _known(connection: Connection, request: QuoteRequest, space: str, content: str) -> QuoteStart | None:
    kept = known_start(connection, KIND, request.request_id, request.customer, space, content)
    return QuoteStart.model_validate(kept) if kept is not None else None


def _open(
    connection: Connection, request: QuoteRequest, now: datetime, policy: Policy, space: str, content: str
) -> QuoteStart:
    today = business_date(now)
    require_printable(request)
    require_to_come(request.wanted_date, today)
    require_percent(request.deposit_percent, "deposit_percent")
    for place, line in enumerate(request.lines):
        require_percent(line.tolerance_percent, f"lines.{place}.tolerance_percent")
    file, area = customer_file(connection, request.customer)
    if request.for_order is not None:
        require_waiting(connection, request.for_order, request.customer)
    own = area.own.get(Role.SALESPERSON) or _own_salesperson(request)
    area = replace(area, own={**area.own, Role.SALESPERSON: own})
    start = QuoteStart(
        edition=NEWEST,
        number=f"{LETTER}{today:%Y%m%d}-0000",
        placed_at=now,
        request=request,
        customer=file,
        references=tuple(_references(connection, request.lines, now)),
        staff=staff_for(connection, area, {line.product for line in request.lines}, now),
        policy=policy,
        calendar=calendar_around(connection, today),
    )
    size = len(canonical(start.model_dump(mode="json")))
    if size > LARGEST_START:
        raise Refusal(Code.TOO_LARGE, _TOO_LARGE.filled(size=size, most=LARGEST_START), rule="R104")
    start = start.model_copy(update={"number": next_case_number(connection, KIND, LETTER, today)})
    keep_case(
        connection,
        kind=KIND,
        number=start.number,
        request_id=request.request_id,
        customer=request.customer,
        space=space,
        content=content,
        placed_at=now,
        start=start.model_dump(mode="json"),
        head={
            "customer": file.customer,
            "customer_name": file.name,
            "customer_class": file.customer_class.value,
            "salesperson": start.staff.person(Role.SALESPERSON),
            "title": "; ".join(line.product for line in request.lines[:3]),
            "stage": "enquiry",
            "policy_version": policy.version,
            "edition": start.edition,
        },
    )
    if request.for_order is not None:
        note_opened(connection, request.for_order, start.number, now)
    return start


def _own_salesperson(request: QuoteRequest) -> str:
    return request.entered_by if request.entered_role is Role.SALESPERSON else ""


def _references(connection: Connection, lines: tuple[QuoteLine, ...], now: datetime) -> list[PriceReference]:
    """The list prices of what is on the list in the unit that is asked for; goods that are not may be quoted all the same."""
    found = (
        list_reference(connection, line.line, line.product, line.unit, business_date(now)) for line in lines
    )
    return [each for each in found if each is not None]
