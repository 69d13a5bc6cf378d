"""Every route by every single role, with the exact answer. Each comes with a key, or a session, that has this role alone:
who has all roles at once is let in by any of them, and shows nothing.

The expectations are written by hand from the procedures; of what is said of an order, the tables of
`tests.models.test_who_may` are a person's sentences too. The Temporal server is away: what is let in is stored, 202.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI

from activities.access.logins import log_in_as, session_of
from activities.facts.desk_steps import open_step
from activities.orders.requests import open_request
from activities.store import imports
from activities.store.company_files import read_policy
from activities.store.database import engine_at, writing
from gateway.app import create_app
from models.reports.desk_steps import DeskStepKind, desk_step
from models.request.order_request import OrderRequest
from models.values.vocabulary import CustomerClass, Role
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, now, own_key
from tests.models.test_who_may import DECISIONS, FACTS

pytestmark = pytest.mark.postgresql
PEOPLE = [
    "salesperson", "service_clerk", "service_assistant", "service_supervisor", "merchandiser", "sales_supervisor",
    "marketing_director", "technical", "production", "purchasing", "material_controller", "quality", "warehouse", "finance",
    "legal", "shipper", "logistics", "operator", "administrator",
]  # fmt: skip
MACHINES = ["system", "logistics", "customer", "operator"]
SEES_NOT_ALL = ["salesperson", "logistics", "administrator"]
PLACES = ["salesperson", "service_clerk", "merchandiser", "service_supervisor", "sales_supervisor"]
HOLDS = ["service_supervisor", "sales_supervisor", "marketing_director"]
CANCELS = ["service_clerk", "merchandiser", "sales_supervisor"]
AMENDS = ["service_clerk", "merchandiser"]
LOGS = [role for role in PEOPLE if role not in ("salesperson", "logistics", "operator", "administrator")]
"""Of an order that is another salesperson's."""
PAPER = "0" * 64
ONE_ORDER = "/v1/orders/{number}"
READ = [
    ONE_ORDER,
    *(f"{ONE_ORDER}/{part}" for part in ["timeline", "promises", "steps", "documents", "notices"]),
]
OPEN_LISTS = ["/v1/orders", "/v1/customers", "/v1/prices", "/v1/me"]
OF_THE_HOUSE = {
    "calendar_refreshed",
    "money_transferred_in",
    "stock_answered",
    "stock_allotted",
    "stock_fell_short",
    "stock_ready",
    "credit_answered",
    "contract_in_force",
    "contract_over",
    "after_sales_opened",
    "after_sales_closed",
    "credit_noted",
    "quote_opened",
    "quote_accepted",
    "quote_over",
    "intent_closed",
    "refund_answered",
}
"""What the programs of the house say as the system, and no key does."""


@dataclass
class House:
    """A house with an order of a customer and a salesperson who are nobody's here, and its door."""

    settings: Settings
    app: FastAPI
    order: str
    step: str = "late_fact:x"

    def open_step(self) -> None:
        """A step of finance at the desk; again where it was settled."""
        step = desk_step(
            DeskStepKind.LATE_FACT, "x", datetime.now(UTC), rule="R47", order=self.order, roles=(Role.FINANCE,),
            ended=self.order, what_zh="款", what_en="money", said_zh="1", said_en="1",
        )  # fmt: skip
        with writing(engine_at(self.settings.database_url)) as connection:
            open_step(connection, step)

    def own(self, role: str) -> str:
        """The own key of somebody who has this role alone."""
        return own_key(self.settings, f"is-{role}", Role(role), places_orders=True)

    def machine(self, role: str) -> str:
        """A service's key as it is made for this role alone."""
        return key_for(self.settings, f"m-{role}", Role(role))

    def session(self, role: str) -> tuple[dict[str, str], str]:
        """Headers of somebody who has this role alone and is logged in, and the token of their forms."""
        person, engine, moment = f"is-{role}", engine_at(self.settings.database_url), datetime.now(UTC)
        imports.import_staff(engine, [imports.StaffRow(person=person, name=role, roles=(Role(role),))])
        token = log_in_as(engine, person, moment, "here")
        return {"Cookie": f"session={token}"}, session_of(engine, token, moment).form_token


@pytest.fixture
def house(prepared: Settings) -> House:
    own = prepared.model_copy(update={"temporal_address": "127.0.0.1:9"})
    engine, moment = engine_at(own.database_url), datetime.now(UTC)
    imports.import_customers(
        engine,
        [imports.CustomerRow(customer="K1", name="红枫", customer_class=CustomerClass.B, salesperson="li")],
    )
    request = OrderRequest.model_validate(ORDER)
    number = open_request(engine, request, moment, read_policy(own.policy))[0].number
    house = House(own, create_app(own), number)
    house.open_step()
    return house


def said(fact_id: str, **more: Any) -> dict[str, Any]:
    return {"fact_id": fact_id, "happened_at": now(), **more}


TECHNICAL = {
    "subject": "technical",
    "outcome": "producible",
    "note_reference": "N-1",
    "detail": {"material_note": "ok"},
}
BODIES: dict[str, dict[str, Any]] = {
    "facts": {"kind": "contact_logged", "content": {"channel": "phone", "words": "x"}},
    "decisions": TECHNICAL,
    "hold": {"reason": "x"},
    "resume": {"reason": "x"},
    "cancel": {"reason": "x"},
    "amend": {"reason": "x", "changes": {"packing": "袋"}},
}


async def answers_to_key(house: House, key: str, role: str, entered_by: str | None) -> dict[str, int]:
    """What a key is answered on every route for programs."""
    found = {}
    async with caller(house.app, key) as client:
        for path in (*OPEN_LISTS, *READ, f"{ONE_ORDER}/documents/{PAPER}"):
            found[f"GET {path}"] = (await client.get(path.format(number=house.order))).status_code
        for asked in ("production", role):
            found[f"GET /v1/inbox/{asked}"] = (await client.get(f"/v1/inbox/{asked}")).status_code
        for part, body in BODIES.items():
            answer = await client.post(
                f"/v1/orders/{house.order}/{part}", json=said(f"{part}/{role}", **body)
            )
            found[f"POST {part}"] = answer.status_code
        order = {**ORDER, "request_id": f"by/{role}"} | ({"entered_by": entered_by} if entered_by else {})
        found["POST /v1/orders"] = (await client.post("/v1/orders", json=order)).status_code
    return found


def expected(role: str, *, sight: int, paper: int, may: dict[str, list[str]]) -> dict[str, int]:
    return {
        **{f"GET {path}": 200 for path in OPEN_LISTS},
        **{f"GET {path}": sight for path in READ},
        f"GET {ONE_ORDER}/documents/{PAPER}": paper,
        "GET /v1/inbox/production": 403,
        f"GET /v1/inbox/{role}": 200,
        **{f"POST {part}": 202 if role in roles else 403 for part, roles in may.items()},
    }


async def test_a_persons_own_key_with_one_role(house: House) -> None:
    for role in PEOPLE:
        found = await answers_to_key(house, house.own(role), role, f"is-{role}")
        hidden = role in SEES_NOT_ALL
        may = {"facts": LOGS, "decisions": ["technical"], "hold": HOLDS, "resume": HOLDS, "cancel": CANCELS, "amend": AMENDS,
               "/v1/orders": PLACES}  # fmt: skip
        assert (role, found) == (
            role,
            expected(role, sight=403 if hidden else 200, paper=403 if hidden else 404, may=may),
        )


async def test_a_services_key_with_one_role(house: House) -> None:
    for role in MACHINES:
        found = await answers_to_key(house, house.machine(role), role, None)
        may = {"facts": [], "decisions": [], "hold": [], "resume": [], "cancel": ["system", "customer"], "amend": ["customer"],
               "/v1/orders": []}  # fmt: skip
        assert (role, found) == (role, expected(role, sight=200, paper=404, may=may))


async def test_a_key_for_other_customers_with_one_role(house: House) -> None:
    """There is no such order, whatever is asked of it."""
    for role in MACHINES:
        key = key_for(house.settings, f"o-{role}", Role(role), customers=("K2",))
        found = await answers_to_key(house, key, role, None)
        assert {status for name, status in found.items() if "{number}" in name} == {404}
        assert {found[f"POST {part}"] for part in BODIES} == {404}
        assert found["POST /v1/orders"] == 403


async def test_a_person_of_one_role_on_the_pages(house: House) -> None:
    for role in PEOPLE:
        house.open_step()
        cookie, token = house.session(role)
        hidden = role in SEES_NOT_ALL
        one, places = (403 if hidden else 200), (200 if role in PLACES else 403)
        wanted = {
            "/": 200, "/board": 200, "/search": 303, "/orders": 200, "/orders?q=2": 200, "/orders/export.csv": 200,
            "/orders/export.xlsx": 200, f"/orders/papers.pdf?order={house.order}": 404, "/orders/new": places, "/orders/upload": places,
            "/orders/new/customers?customer=K": places, "/orders/new/products": places, f"/orders/new?again={house.order}":
            places if role != "salesperson" else 403, "/calendar": 200, "/calendar/tonight": 200,
            f"/calendar/move?order={house.order}": one,
            f"/orders/{house.order}": one, f"/orders/{house.order}/next": one, f"/orders/{house.order}/acts/contact_logged": one,
            f"/orders/{house.order}/papers/{PAPER}": 403 if hidden else 404,
            f"/desk/{house.step}": 200 if role == "finance" else 403, f"/scans/{'0' * 16}": 403 if hidden else 404,
        }  # fmt: skip
        async with caller(house.app, **cookie, Accept="text/html") as client:
            found = {path: (await client.get(path)).status_code for path in wanted}
            form = {"form_token": token, "kind": "contact_logged", "channel": "phone", "words": "x"}
            act = await client.post(f"/orders/{house.order}/act", data=form)
            forged = await client.post(f"/orders/{house.order}/act", data={**form, "form_token": "x"})
            settled = await client.post(
                f"/desk/{house.step}", data={"form_token": token, "leave": "1", "give_up": "x"}
            )
        assert (role, found) == (role, wanted)
        assert act.status_code == (403 if hidden else 303 if role in LOGS else 409)
        assert forged.status_code == 403
        assert settled.status_code == (303 if role == "finance" else 403)


@pytest.mark.slow
async def test_what_one_role_says_of_an_order(house: House) -> None:
    """Nonsense in the content: who may say or decide it is told of that, 422; everybody else that it is not theirs, 403."""
    differs: dict[tuple[str, str], tuple[int, int]] = {}
    for role in (*PEOPLE, *(f"machine {role}" for role in MACHINES)):
        found, wanted = await _says(house, role)
        differs |= {
            (role, name): (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]
        }
    assert differs == {}


async def _says(house: House, role: str) -> tuple[dict[str, int], dict[str, int]]:
    """What somebody with this role alone is answered to everything, and what a person expects."""
    name = role.removeprefix("machine ")
    machine = name != role
    key = house.machine(name) if machine else house.own(name)
    hidden = not machine and name in SEES_NOT_ALL
    by_persons = {"hold_placed", "hold_released", "overridden", "extension_given", "corrected"}
    found: dict[str, int] = {}
    wanted: dict[str, int] = {}
    async with caller(house.app, key) as client:
        for kind, roles in FACTS.items():
            body = said(f"f/{kind}", kind=kind, content={"nonsense": 1}, role=name)
            found[kind] = (await client.post(f"/v1/orders/{house.order}/facts", json=body)).status_code
            may = name in roles.split() and not hidden and not (machine and kind in by_persons | OF_THE_HOUSE)
            # an amount that is missing is told of as one that cannot be read
            wanted[kind] = (400 if kind == "credit_assessed" else 422) if may else 403
        for subject, (_, roles, outcomes, _) in DECISIONS.items():
            body = said(f"d/{subject}", subject=subject, outcome=outcomes.split()[0], note_reference="N", role=name,
                        detail={"nonsense": 1})  # fmt: skip
            answer = await client.post(f"/v1/orders/{house.order}/decisions", json=body)
            found[subject] = answer.status_code
            wanted[subject] = 422 if name in roles.split() and not hidden and not machine else 403
    return found, wanted
