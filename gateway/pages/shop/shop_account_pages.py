"""The account: saved addresses, what invoices say, and who else of the company comes in (R120)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.shop.accounts import (
    AccountView,
    account_view,
    add_member,
    change_member,
    drop_address,
    drop_member,
    keep_address,
    keep_invoice_data,
)
from gateway.api.problems import status_of
from gateway.context import in_database
from gateway.pages.shop.shoppers import Visit, logged_in_visit, shop_page
from gateway.security.staff_sessions import read_form
from models.customer_addresses import LONGEST_ADDRESS
from models.invoices.terms import InvoiceKind
from models.messages.envelope import read_entered
from models.shop.accounts import (
    BUYS,
    KEEPS_PEOPLE,
    AccountRight,
    Destination,
    InvoiceData,
    Shopper,
    require_right,
)
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
ACCOUNT = "/shop/account"
_LONGEST_NAME = 60
_NO_RIGHT = Words("请选择权限", "choose a right")


@router.get("/shop/account")
async def account(request: Request, edit: str = "") -> HTMLResponse:
    """The own account; `edit`: with this address in the form."""
    visit, shopper = await logged_in_visit(request)
    return await _page(request, visit, shopper, {}, None, edit[:40])


async def _page(
    request: Request,
    visit: Visit,
    shopper: Shopper,
    filled: Mapping[str, str],
    refusal: Refusal | None,
    edit: str = "",
) -> HTMLResponse:
    view: AccountView = await in_database(account_view, visit.door.engine, shopper)
    place = next((each for each in view.places if each.number == edit), None)
    status = 200 if refusal is None else status_of(refusal.code)
    return await shop_page(
        request, visit, "shop/account.html", status, home=ACCOUNT, here="account", account=view, rights=list(AccountRight),
        kinds=list(InvoiceKind), refusal=refusal, filled=filled, place=place,
        kept=request.query_params.get("said") == "kept",
    )  # fmt: skip


async def _kept(
    request: Request,
    keep: Callable[[Visit, Shopper, dict[str, str]], Awaitable[object]],
    may: Collection[AccountRight] = BUYS,
) -> Response:
    """Read the form, keep what it says, and show the account; what is wrong stands on it.

    Raises Refusal(wrong_role) for who has none of these rights.
    """
    visit, shopper = await logged_in_visit(request)
    require_right(shopper, may)
    form = await read_form(request)
    try:
        await keep(visit, shopper, form)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _page(request, visit, shopper, form, refusal, form.get("number", "")[:40])
    after = "/shop/checkout" if form.get("after") == "checkout" else f"{ACCOUNT}?said=kept"
    return RedirectResponse(after, 303)


@router.post("/shop/account/address")
async def save_address(request: Request) -> Response:
    """Save a new address, or change one of the own."""

    async def keep(visit: Visit, shopper: Shopper, form: dict[str, str]) -> None:
        said = {name: form.get(name, "").strip() for name in Destination.model_fields}
        to = read_entered(Destination, said, Manner.TYPED)
        await in_database(
            keep_address, visit.door.engine, shopper, to, form.get("number", "")[:40],
            is_default=form.get("is_default") == "yes",
        )  # fmt: skip

    return await _kept(request, keep)


@router.post("/shop/account/address/drop")
async def remove_address(request: Request) -> Response:
    """Take an address out."""

    async def keep(visit: Visit, shopper: Shopper, form: dict[str, str]) -> None:
        await in_database(drop_address, visit.door.engine, shopper, form.get("number", "")[:40])

    return await _kept(request, keep)


@router.post("/shop/account/invoice")
async def save_invoice(request: Request) -> Response:
    """What invoices are to say."""

    async def keep(visit: Visit, shopper: Shopper, form: dict[str, str]) -> None:
        said = {name: value for name in InvoiceData.model_fields if (value := form.get(name, "").strip())}
        invoice = read_entered(InvoiceData, said, Manner.TYPED)
        await in_database(keep_invoice_data, visit.door.engine, shopper, invoice)

    return await _kept(request, keep)


@router.post("/shop/account/member")
async def let_in_another(request: Request) -> Response:
    """Let somebody else of the company in."""

    async def keep(visit: Visit, shopper: Shopper, form: dict[str, str]) -> None:
        await in_database(
            add_member, visit.door.engine, shopper, form.get("address", "")[: LONGEST_ADDRESS + 1],
            form.get("name", "").strip()[:_LONGEST_NAME], _right(form), visit.now,
        )  # fmt: skip

    return await _kept(request, keep, KEEPS_PEOPLE)


@router.post("/shop/account/member/change")
async def change_another(request: Request) -> Response:
    """Give somebody another right, or let them in no more."""

    async def keep(visit: Visit, shopper: Shopper, form: dict[str, str]) -> None:
        address = form.get("address", "")[: LONGEST_ADDRESS + 1]
        if form.get("remove"):
            await in_database(drop_member, visit.door.engine, shopper, address, visit.now)
        else:
            await in_database(change_member, visit.door.engine, shopper, address, _right(form), visit.now)

    return await _kept(request, keep, KEEPS_PEOPLE)


def _right(form: Mapping[str, str]) -> AccountRight:
    found = next((each for each in AccountRight if each.value == form.get("right")), None)
    if found is None:
        raise Refusal(Code.MALFORMED, _NO_RIGHT, where="right")
    return found
