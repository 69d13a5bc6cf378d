"""Taking a first draft in: its number, its request and all that was looked up about it, in one transaction (R107)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from activities.cases.case_requests import keep_case, known_start
from activities.cases.received_goods import next_case_of, order_row
from activities.documents.font_signs import require_printable
from activities.orders.assigning import staff_for
from activities.orders.references import customer_file
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from models.contracts.contract_request import LETTER, ContractRequest, ContractStart
from models.contracts.facts import last_valid_day, require_draft
from models.contracts.projection import KIND, title_of
from models.contracts.terms import ContractStage
from models.policy import Policy
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical, digest_of_model
from models.values.vocabulary import Role, Words

LARGEST_START = 256_000
_TOO_LARGE = Words(
    "合同过大：{size} 个字符，最多 {most}", "the contract is too large: {size} characters, at most {most}"
)
_LIVES = Words(
    "订单 {order} 已有合同 {contract}，请为它起草新版",
    "order {order} has contract {contract}; draft a new version of it",
)
_ENDED = Words("订单 {order} 已结束，不再签合同", "order {order} has ended; no contract is made for it")


def next_contract_number(connection: Connection, order: str) -> str:
    """The next number of a contract of this order; until the transaction ends no other one of it is numbered."""
    return f"{LETTER}{order}-{next_case_of(connection, f'{LETTER}{order}')}"


def living_contract(engine: Engine, order: str) -> str | None:
    """The number of the contract of this order that has not ended; None while there is none."""
    with reading(engine) as connection:
        return _living(connection, order)


def _living(connection: Connection, order: str) -> str | None:
    cases, contracts = table("cases"), table("contracts")
    query = (
        select(cases.c.number)
        .join(contracts, contracts.c.case_number == cases.c.number)
        .where(contracts.c.order_number == order, cases.c.ended_at.is_(None))
        .order_by(cases.c.number.desc())
    )
    found: str | None = connection.scalar(query)
    return found


def open_contract(
    engine: Engine, request: ContractRequest, now: datetime, policy: Policy, *, space: str = ""
) -> tuple[ContractStart, bool]:
    """The start of the contract for this draft, and whether it is new; the same draft again gives the same start.

    Raises Refusal: unknown_order (also for another customer's), order_ended, contradiction (the order has a contract that
    has not ended), bad_money, date_in_past, request_conflict, unknown_customer, too_large, and those of
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
        # Another process took the same draft in a moment earlier.
        with reading(engine) as connection:
            known = _known(connection, request, space, content)
        if known is None:
            raise
        return known, False


def _known(
    connection: Connection, request: ContractRequest, space: str, content: str
) -> ContractStart | None:
    kept = known_start(connection, KIND, request.request_id, request.customer, space, content)
    return ContractStart.model_validate(kept) if kept is not None else None


def _open(
    connection: Connection, request: ContractRequest, now: datetime, policy: Policy, space: str, content: str
) -> ContractStart:
    today = business_date(now)
    require_printable(request)
    require_draft(request.terms, last_valid_day(request.terms, request.valid_until, policy), today, inside="")
    order = order_row(connection, request.order, request.customer)
    if order["ended_at"] is not None:
        words = _ENDED.filled(order=request.order)
        raise Refusal(Code.ORDER_ENDED, words, where="order", rule="R107")
    number = next_contract_number(connection, request.order)
    living = _living(connection, request.order)
    if living is not None:
        words = _LIVES.filled(order=request.order, contract=living)
        raise Refusal(Code.CONTRADICTION, words, where="order", rule="R107")
    file, area = customer_file(connection, request.customer)
    salesperson = order["salesperson"] or area.own.get(Role.SALESPERSON, "")
    area = replace(area, own={**area.own, Role.SALESPERSON: salesperson})
    start = ContractStart(
        edition=NEWEST,
        number=number,
        placed_at=now,
        request=request,
        customer=file,
        staff=staff_for(connection, area, {line.product for line in request.terms.lines}, now),
        policy=policy,
        calendar=calendar_around(connection, today),
    )
    _keep(connection, start, space, content)
    return start


def _keep(connection: Connection, start: ContractStart, space: str, content: str) -> None:
    request, dumped = start.request, start.model_dump(mode="json")
    size = len(canonical(dumped))
    if size > LARGEST_START:
        raise Refusal(Code.TOO_LARGE, _TOO_LARGE.filled(size=size, most=LARGEST_START), rule="R107")
    keep_case(
        connection,
        kind=KIND,
        number=start.number,
        request_id=request.request_id,
        customer=request.customer,
        space=space,
        content=content,
        placed_at=start.placed_at,
        start=dumped,
        head={
            "customer": start.customer.customer,
            "customer_name": start.customer.name,
            "customer_class": start.customer.customer_class.value,
            "salesperson": start.staff.person(Role.SALESPERSON),
            "title": title_of(request),
            "stage": ContractStage.IN_APPROVAL.value,
            "policy_version": start.policy.version,
            "edition": start.edition,
        },
    )
    connection.execute(
        table("contracts").insert().values(
            case_number=start.number, request_id=request.request_id, order_number=request.order, version=1,
            valid_until=last_valid_day(request.terms, request.valid_until, start.policy), total=request.terms.total,
            termination="",
        )
    )  # fmt: skip
