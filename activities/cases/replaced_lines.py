"""An order that replaces goods of a case: the price is the old one, and it is the only one (R144).

In the transaction that numbers it.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, select

from activities.store.database import reading
from models.cases.replacement import ENTERED_BY, SPACE, request_id_of
from models.request.order_request import OrderRequest
from models.request.order_start import QuotedLine
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_NOT_THIS = Words(
    "换货订单由系统按售后单 {case} 登记，不能自行填写",
    "the replacement for case {case} is entered by the product; nobody names it on an order",
)


def replaced_lines(connection: Connection, request: OrderRequest) -> dict[int, QuotedLine]:
    """The line as the first order had it, which settles its price; nothing for a request that replaces nothing.

    Raises Refusal(contradiction) where it is not the product that enters it, or the case says something else: nobody gets
    round the price question by naming a case.
    """
    said = request.replaces
    if said is None:
        return {}
    cases = table("order_cases")
    row = connection.execute(select(cases).where(cases.c.case_number == said.case)).mappings().first()
    line = request.lines[0]
    own = (request.entered_by, request.entered_role, request.request_id)
    if (
        row is None
        or own != (ENTERED_BY, Role.SYSTEM, request_id_of(said.case))
        or (row["order_number"], row["line"], row["product"]) != (said.order, line.line, line.product)
        or len(request.lines) > 1
        or line.unit_price is None
    ):
        words = _NOT_THIS.filled(case=said.case)
        raise Refusal(Code.CONTRADICTION, words, where="replaces.case", rule="R144")
    quoted = QuotedLine(
        product=line.product,
        specification=line.specification,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
    )
    return {line.line: quoted}


def replacement_made_for(engine: Engine, case: str) -> str | None:
    """The number of the replacement that was entered for this case; None while there is none."""
    requests = table("requests")
    query = select(requests.c.number).where(
        requests.c.request_id == request_id_of(case), requests.c.space == SPACE
    )
    with reading(engine) as connection:
        found: str | None = connection.scalar(query)
    return found
