"""The number of a case that is no order, kept with what begins it in one transaction: the same request is one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.cases.case_request import CaseStart
from models.contracts.contract_request import ContractStart
from models.dossier.journal import FIRST_LINK
from models.quotes.quote_request import QuoteStart
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of_model
from models.values.vocabulary import Words

AnyCaseStart = QuoteStart | CaseStart | ContractStart
_TAKEN = Words(
    "此客户的请求编号 {request} 已用过，但内容不同。请用新的编号。",
    "the request id {request} of this customer was used before, with other content. Use a new id.",
)


def next_case_number(connection: Connection, kind: str, letter: str, today: date) -> str:
    """The next number of this kind on this business date (`Q20270105-0001`), in the caller's transaction."""
    numbers = table("case_day_numbers")
    statement = insert_into(connection, numbers).values(kind=kind, day=today, last=1)
    last = connection.scalar(
        statement.on_conflict_do_update(
            index_elements=["kind", "day"], set_={"last": numbers.c.last + 1}
        ).returning(numbers.c.last)
    )
    return f"{letter}{today:%Y%m%d}-{last:04d}"


def known_start(
    connection: Connection, kind: str, request_id: str, customer: str, space: str, content: str
) -> dict[str, Any] | None:
    """The start that was kept for this request; None where it is new. Raises Refusal(request_conflict) for other content."""
    requests = table("case_requests")
    row = connection.execute(
        select(requests.c.content_hash, requests.c.start).where(
            requests.c.kind == kind,
            requests.c.request_id == request_id,
            requests.c.customer == customer,
            requests.c.space == space,
        )
    ).first()
    if row is None:
        return None
    if row.content_hash != content:
        raise Refusal(
            Code.REQUEST_CONFLICT, _TAKEN.filled(request=request_id), where="request_id", rule="R10"
        )
    start: dict[str, Any] = row.start
    return start


def keep_case(
    connection: Connection,
    *,
    kind: str,
    number: str,
    request_id: str,
    customer: str,
    space: str,
    content: str,
    placed_at: datetime,
    start: dict[str, Any],
    head: dict[str, Any],
) -> None:
    """Keep a numbered request and the row of its case, which has recorded nothing yet."""
    values = {"request_id": request_id, "customer": customer, "space": space, "content_hash": content}
    kept = {"kind": kind, "number": number, "placed_at": placed_at, "start": start}
    connection.execute(table("case_requests").insert().values(values | kept))
    skeleton = {"number": number, "kind": kind, "sequence": 0, "head": FIRST_LINK, "epoch": 0}
    connection.execute(table("cases").insert().values(skeleton | {"placed_at": placed_at} | head))


def start_kept(engine: Engine, number: str) -> dict[str, Any] | None:
    """What the case with this number began with; None where there is none."""
    requests = table("case_requests")
    with reading(engine) as connection:
        start: dict[str, Any] | None = connection.scalar(
            select(requests.c.start).where(requests.c.number == number)
        )
    return start


def renumber_case(
    engine: Engine,
    number: str,
    another_number: Callable[[Connection, Mapping[str, Any], datetime], str],
    beside: Sequence[str] = (),
) -> dict[str, Any] | None:
    """Give a case that has recorded nothing another number: the server has another case under its own.

    `beside`: tables that have a row of it. Its start with the new number; None where it has another number already.
    """
    requests, cases = table("case_requests"), table("cases")
    with writing(engine) as connection:
        row = connection.execute(
            select(requests.c.start, requests.c.placed_at).where(requests.c.number == number)
        ).first()
        head = (
            connection.execute(select(cases).where(cases.c.number == number, cases.c.sequence == 0))
            .mappings()
            .first()
        )
        if row is None or head is None:
            return None
        again = another_number(connection, row.start, row.placed_at)
        start: dict[str, Any] = {**row.start, "number": again}
        connection.execute(cases.insert().values({**head, "number": again}))
        connection.execute(
            update(requests).where(requests.c.number == number).values(number=again, start=start)
        )
        for name in beside:
            its = table(name)
            connection.execute(update(its).where(its.c.case_number == number).values(case_number=again))
        connection.execute(delete(cases).where(cases.c.number == number))
        return start


def case_has_begun(engine: Engine, number: str) -> bool:
    """Whether its workflow has recorded anything yet."""
    cases = table("cases")
    query = select(cases.c.number).where(cases.c.number == number, cases.c.sequence > 0)
    with reading(engine) as connection:
        return connection.scalar(query) is not None


def cases_not_begun(engine: Engine, kind: str, before: datetime) -> list[str]:
    """The numbers of cases given before then that have recorded nothing: their server was away."""
    cases = table("cases")
    query = (
        select(cases.c.number)
        .where(cases.c.kind == kind, cases.c.sequence == 0, cases.c.placed_at < before)
        .order_by(cases.c.placed_at, cases.c.number)
        .limit(100)
    )
    with reading(engine) as connection:
        return list(connection.scalars(query))


def take_case_back(engine: Engine, kind: str, start: AnyCaseStart) -> None:
    """Keep again what a case began with that this database forgot, and a row that has recorded nothing; its number stays taken.

    What is there stays as it is: nothing is written over a request that has another number here. What was erased stays erased.
    """
    requests, cases = table("case_requests"), table("cases")
    request, customer = start.request, start.customer.customer
    kept = {
        "kind": kind, "request_id": request.request_id, "customer": customer, "space": "", "number": start.number,
        "content_hash": digest_of_model(request), "placed_at": start.placed_at, "start": start.model_dump(mode="json"),
    }  # fmt: skip
    skeleton = {"number": start.number, "kind": kind, "sequence": 0, "head": FIRST_LINK, "epoch": 0}
    named = {"placed_at": start.placed_at, "customer": customer, "customer_name": start.customer.name}
    erasures = table("erasures")
    since = (erasures.c.customer == customer) & (erasures.c.at >= start.placed_at)
    with writing(engine) as connection:
        if connection.scalar(select(erasures.c.number).where(since)) is not None:
            return  # the server may still have what was erased here
        connection.execute(insert_into(connection, requests).values(kept).on_conflict_do_nothing())
        connection.execute(insert_into(connection, cases).values(skeleton | named).on_conflict_do_nothing())
        _keep_taken(connection, kind, start)


def _keep_taken(connection: Connection, kind: str, start: AnyCaseStart) -> None:
    """The number is given to no other one: of a quote by its day, of what belongs to an order by the order."""
    before, _, last = start.number.rpartition("-")
    is_of_a_day = isinstance(start, QuoteStart)
    key: dict[str, Any] = (
        {"kind": kind, "day": date.fromisoformat(before[1:])}
        if is_of_a_day
        else {"order_number": before if isinstance(start, ContractStart) else before[1:]}
    )
    numbers = table("case_day_numbers" if is_of_a_day else "order_case_numbers")
    statement = insert_into(connection, numbers).values(**key, last=int(last))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_={"last": int(last)}, where=numbers.c.last < int(last)
        )
    )
