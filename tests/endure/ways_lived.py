"""How each of the other ways goes, from its first word to its end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from activities.stock import warehouse
from models.cases.case import Case
from models.cases.facts import CASE_FACTS, amount_due
from models.contracts.contract import OrderContract
from models.contracts.facts import SIGNERS
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.order.kinds.contract import terms_of
from models.order.order import Order
from models.quotes.quote import Quote
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.values.vocabulary import Role, Unit
from rehearsal.beside.on_model import with_digest
from rehearsal.beside.quote_player import QUOTES
from rehearsal.beside.quote_story import quote_script_of, read_quote_story
from rehearsal.files import read_company
from runtime.cases.opening import AFTER_SALES, DRAFTS, ENQUIRIES
from runtime.contracts.drafting import agreed_terms, draft_of
from runtime.delivery.placing import place_request
from runtime.settings import ROOT
from tests.endure.patient_desk import PatientDesk
from tests.endure.shoppers import Shoppers
from tests.endure.ways import Wanted, Way

SOLD = "XH-1"
"""What orders from stock take."""


@dataclass
class Lived:
    """What came of one way: the numbers of its order, quote, case or contract; empty where it has none."""

    wanted: Wanted
    order: str = ""
    beside: list[str] = field(default_factory=list)


@dataclass
class OtherWays:
    """Everybody who lives them, some side by side."""

    desk: PatientDesk
    shoppers: Shoppers
    at_once: int = 4

    async def live(self, wanted: Sequence[Wanted]) -> list[Lived]:
        """All of them to their ends. Raises Stuck."""
        places = asyncio.Semaphore(self.at_once)
        ways: dict[Way, Callable[[Lived], Awaitable[None]]] = {
            Way.FROM_STOCK: self._from_stock,
            Way.SHOP: self._bought,
            Way.QUOTE: self._quoted_to_its_end,
            Way.CASE: self._complained_about,
            Way.CONTRACT: self._contracted,
        }

        async def one(each: Wanted) -> Lived:
            async with places:
                lived = Lived(each)
                await ways[each.course.way](lived)
                return lived

        return list(await asyncio.gather(*(one(each) for each in wanted)))

    async def _bought(self, lived: Lived) -> None:
        lived.order = await self.shoppers.buy(lived.wanted)

    # --- from stock, and what comes after it ---------------------------------------------------------------------------

    async def _from_stock(self, lived: Lived) -> None:
        desk, company = self.desk, read_company(ROOT / "stories")
        file = company.customer("K-B1")
        assert file is not None
        price = next(each for each in company.prices if each.product == SOLD)
        request = {
            "request_id": f"endure/{lived.wanted.name}",
            "channel": "fax",
            "customer": file.customer,
            "contact": file.contact,
            "phone": file.phone,
            "address": file.address,
            "consignee": file.contact,
            "fulfilment": "from_stock",
            "payment_terms": "deposit",
            "deposit_percent": "30",
            "delivery_method": "freight",
            "freight_terms": "seller_pays",
            "packing": "50 卷一箱",
            "entered_by": company.person(Role.SERVICE_CLERK),
            "lines": [
                {
                    "line": 1, "product": SOLD, "specification": price.specification, "unit": price.unit.value,
                    "quantity": str(lived.wanted.pieces), "unit_price": str(price.unit_price),
                }
            ],
        }  # fmt: skip
        opened = await desk.again(
            "an order is placed", lambda: place_request(desk.client, desk.settings, request)
        )
        lived.order = opened.start.number
        await desk.live_on(lived.order)

    async def _complained_about(self, lived: Lived) -> None:
        await self._from_stock(lived)
        desk, customer = self.desk, "customer:K-B1"
        asked = {
            "request_id": f"endure/{lived.wanted.name}/case",
            "order": lived.order,
            "customer": "K-B1",
            "type": "return",
            "cause": "defect",
            "line": 1,
            "quantity": "1",
            "words": "受潮",
            "entered_by": customer,
            "entered_role": Role.CUSTOMER.value,
        }
        opened = await desk.again(
            "a case is opened", lambda: AFTER_SALES.open(desk.client, desk.settings, asked)
        )
        number = opened.start.number
        lived.beside.append(number)
        staff = opened.start.staff.people
        said = _Sayings(desk, number, staff, customer)
        await said.fact("case_acknowledged", {})
        await said.fact("case_assessed", {"words": "照片属实"})
        granted = {"outcome": "approve", "note_reference": "N-1", "detail": {"remedy": "refund"}}
        await said.decision(Subject.CASE_DECISION, Role.SERVICE_SUPERVISOR, granted)
        if lived.wanted.course.refused:
            await said.fact("case_withdrawn", {"reason": "还能用"}, Role.CUSTOMER)
        else:
            await said.fact(
                "goods_sent", {"carrier": "顺丰", "tracking_number": f"SF-{number}"}, Role.CUSTOMER
            )
            await said.fact("goods_received", {"quantity": "1"}, Role.WAREHOUSE)
            await said.fact("case_inspected", {"passed": "1", "failed": "0"}, Role.QUALITY)
            due = await self._counted(number)
            await said.fact("remedy_done", {"amount": due, "reference": f"back/{number}"}, Role.FINANCE)
            await said.fact("case_answered", {"agrees": True}, Role.CUSTOMER)
        await desk.becomes(f"{number} ends", lambda: self._has_no_life(number, "case", Case))

    async def _counted(self, number: str) -> str:
        """What is to be paid back, when the order database has worked it out."""
        found: list[Decimal] = []

        async def is_counted() -> bool:
            due = amount_due(Case.model_validate(await self.desk.looked(number, "case")))
            found[:] = [due] if due is not None else []
            return bool(found)

        await self.desk.becomes(f"{number} is counted", is_counted)
        return f"{found[0]:.2f}"

    async def _has_no_life(self, number: str, query: str, kind: type[Quote | Case]) -> bool:
        return not kind.model_validate(await self.desk.looked(number, query)).lives

    # --- quotes, and contracts of their orders -------------------------------------------------------------------------

    async def _quoted(self, lived: Lived) -> None:
        """From the enquiry until the accepted quote is an order."""
        desk, now = self.desk, datetime.now(UTC)
        story = read_quote_story(ROOT / "stories" / "quotes" / f"{lived.wanted.course.story}.yaml")
        script = quote_script_of(story, read_company(ROOT / "stories"), now, "Q20300101-0001")
        asked = script.start.request.model_dump(mode="json", exclude_none=True)
        # An order that does not say who pays the freight waits in intake for it.
        asked |= {"request_id": f"endure/{lived.wanted.name}", "freight_terms": "seller_pays"}
        opened = await desk.again(
            "a quote is asked for", lambda: ENQUIRIES.open(desk.client, desk.settings, asked)
        )
        number = opened.start.number
        lived.beside.append(number)
        for move in script.moves:
            if move.envelope is None:
                continue
            quote = Quote.model_validate(await desk.looked(number, "quote"))
            said = with_digest(QUOTES, _of_today(move.envelope, now.date()), quote)
            await desk.say(
                number, said["kind"], said["content"], Role(said["role"]), said["by"],
                fact_id=f"{number}/{said['fact_id'].rpartition('/')[2]}",
            )  # fmt: skip

        async def is_ordered() -> bool:
            quote = Quote.model_validate(await desk.looked(number, "quote"))
            lived.order = quote.order
            return bool(quote.order)

        await desk.becomes(f"{number} becomes an order", is_ordered)

    async def _quoted_to_its_end(self, lived: Lived) -> None:
        """Where its total asks for a contract (R107), that is drafted when the order waits for it."""
        await self._quoted(lived)
        await self.desk.live_on(lived.order, until=_waits_for_a_contract)
        if not await self.desk.ended(lived.order):
            await self._signed(lived)

    async def _contracted(self, lived: Lived) -> None:
        """The order of a quote has a contract that both sides sign, drafted as soon as its terms are settled."""
        await self._quoted(lived)
        await self.desk.live_on(lived.order, until=terms_of)
        await self._signed(lived)

    async def _signed(self, lived: Lived) -> None:
        """The contract from its draft to both signatures, and the order to its end."""
        desk = self.desk
        agreed = await desk.again("what was agreed", lambda: agreed_terms(desk.client, lived.order))
        draft = draft_of(
            agreed,
            quality="GB/T 28210-2011 一等品",
            request_id=f"endure/{lived.wanted.name}/contract",
            entered_by=read_company(ROOT / "stories").person(Role.SALESPERSON),
        )
        opened = await desk.again(
            "a contract is drafted", lambda: DRAFTS.open(desk.client, desk.settings, draft)
        )
        number, staff = opened.start.number, opened.start.staff.people
        lived.beside.append(number)
        signer = opened.start.customer.designated_signers[0]
        said = _Sayings(desk, number, staff, signer)
        for role in (Role.FINANCE, Role.LEGAL):
            await said.decision(
                Subject.CONTRACT_APPROVAL, role, {"outcome": "approve", "note_reference": "N-1"}
            )
        contract = OrderContract.model_validate(await desk.looked(number, "contract"))
        signed = {"version": 1, "digest": contract.newest.digest}
        at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        await said.fact("signing_arranged", {"version": 1, "place": "会议室", "at": at}, Role.SALESPERSON)
        await said.fact("contract_signed", {**signed, "document": f"copy-{number}"}, SIGNERS[0])
        await said.fact("contract_signed", {**signed, "signed_by": signer}, Role.CUSTOMER)
        await desk.live_on(lived.order)

        async def is_in_force() -> bool:
            found = OrderContract.model_validate(await desk.looked(number, "contract"))
            return found.in_force is not None or not found.lives

        # It outlives its order up to its own last day.
        await desk.becomes(f"{number} is in force", is_in_force)


def _waits_for_a_contract(order: Order) -> bool:
    return any(step.kind is StepKind.CONTRACT for step in order.steps.values())


@dataclass
class _Sayings:
    """What is said to one case, one thing after the other."""

    desk: PatientDesk
    number: str
    staff: Mapping[Role, str]
    customer: str
    count: int = 0

    async def fact(self, kind: str, content: Mapping[str, Any], role: Role | None = None) -> None:
        """By this role, or by the first that may say it of a case."""
        role = role or CASE_FACTS[kind].roles[0]
        by = self.customer if role is Role.CUSTOMER else self.staff.get(role, "somebody")
        self.count += 1
        await self.desk.say(self.number, kind, content, role, by, fact_id=f"{self.number}/{self.count}")

    async def decision(self, subject: Subject, role: Role, content: Mapping[str, Any]) -> None:
        """What the role decides."""
        await self.fact(DECISION, {"subject": subject.value, **content}, role)


def _of_today(envelope: dict[str, Any], today: date) -> dict[str, Any]:
    """A cost that was paid lately was paid lately today."""
    content = json.loads(json.dumps(envelope["content"], default=str))
    for sheet in content.get("sheets", ()):
        for row in sheet["rows"]:
            if "purchased_on" in row:
                row["purchased_on"] = (today - timedelta(days=3)).isoformat()
    return {**envelope, "content": content}


def fill_shelves(engine: Engine, pieces: int) -> None:
    """What orders from stock take, counted into the warehouse."""
    warehouse.enter_item(engine, desk_acts.NewItem(product=SOLD, unit=Unit.ROLL))
    there = desk_acts.GoodsCome(product=SOLD, quantity=Decimal(pieces), source=StockMove.OPENING)
    warehouse.receive(engine, there, "store-fan", datetime.now(UTC), f"opening/{SOLD}")
