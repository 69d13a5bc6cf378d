"""Prices that customers have for themselves 客户专价: who has which, given, changed and ended by who keeps prices (R120)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.company.own_prices import (
    OwnPrices,
    end_own_price,
    find_own_prices,
    keep_new_own_price,
    keep_own_price,
    own_price_shown,
)
from activities.company.records import Record, record_of
from activities.documents.font_signs import require_printable
from activities.store.company_changes import changes_of, subject_of
from gateway.api.problems import status_of
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of, today_of
from gateway.pages.company.price_pages import price_text
from gateway.pages.company.record_form import (
    FieldKind,
    RecordField,
    RecordForm,
    form_page,
    seen_in,
    typed_in,
    values_of,
)
from gateway.security.staff_sessions import staff_form
from models.company.keepers import PRODUCT_KEEPERS, has_one_of, require_one_of, role_of
from models.company.record_changes import RecordKind
from models.company.record_words import OWN_PRICE
from models.messages.envelope import read_entered
from models.shop.catalogue import OwnPriceRow
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_LIST, _ONE = "/company/own-prices", "/company/own-price"
_NOTE = Words(
    "含税，按价目表的单位。客户登录后网店按专价与阶梯价中较低者计价；已下的订单保留下单时的价格。",
    "Tax included, in the unit of the price list. Who logs in pays the lower of the own price and the price by quantity; "
    "an order keeps the prices of its day.",
)
_FIELDS = (RecordField("unit_price", OWN_PRICE["unit_price"], FieldKind.PRICE, required=True),)
_NEW = (
    RecordField("customer", OWN_PRICE["customer"], required=True),
    RecordField("product", OWN_PRICE["product"], required=True),
    *_FIELDS,
)


@router.get("/company/own-prices")
async def own_prices(
    request: Request, session: Who, q: str = "", after: str = "", then: str = ""
) -> HTMLResponse:
    """Who has which price, beside what the price list says today."""
    text, engine = text_of(q), door_of(request).engine
    begin = (text_of(after, 200), text_of(then, 200))
    found: OwnPrices = await in_database(find_own_prices, engine, today_of(request), text, begin)
    return company_page(
        request, session, "shop/own_prices.html", "products", rows=found.rows, total=found.total, q=text, after=after,
        following=found.following, price_text=price_text, may_keep=has_one_of(session.caller, PRODUCT_KEEPERS),
    )  # fmt: skip


@router.get("/company/own-price")
async def own_price(request: Request, session: Who, customer: str = "", product: str = "") -> HTMLResponse:
    """One own price with its history, and where it is ended. Raises Refusal(unknown_product)."""
    return await _shown(request, session, _key(customer, product))


async def _shown(
    request: Request, session: Who, key: dict[str, str], refusal: Refusal | None = None
) -> HTMLResponse:
    engine = door_of(request).engine
    record = await in_database(record_of, engine, RecordKind.OWN_PRICE, key)
    return company_page(
        request, session, "shop/own_price.html", "products", 200 if refusal is None else status_of(refusal.code),
        record=record.values, seen=record.seen, shown=await in_database(own_price_shown, engine, today_of(request), **key),
        price_text=price_text, refusal=refusal, query_of=urlencode(key),
        changes=await in_database(changes_of, engine, RecordKind.OWN_PRICE, subject_of(key)),
        may_keep=has_one_of(session.caller, PRODUCT_KEEPERS), home=_path(key),
    )  # fmt: skip


@router.get("/company/own-price/new")
async def new_page(request: Request, session: Who, customer: str = "", product: str = "") -> HTMLResponse:
    """Where a customer is given a price."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    return form_page(request, session, _new_form(_key(customer, product)))


@router.post("/company/own-price/new")
async def enter(request: Request, session: Who) -> Response:
    """Give a customer a price. Raises Refusal(wrong_role); what is wrong otherwise stands on the form."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    try:
        row = _read(typed_in(form, _NEW))
        await in_database(keep_new_own_price, door_of(request).engine, row, teller_of(request, session))
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _new_form(form), refusal=refusal)
    return await _done(request, session, _key(row.customer, row.product), "entered")


@router.get("/company/own-price/edit")
async def edit_page(request: Request, session: Who, customer: str = "", product: str = "") -> HTMLResponse:
    """Where an own price is changed."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    record = await _record(request, _key(customer, product))
    return form_page(request, session, _form(record, values_of(record.values, _FIELDS)), seen=record.seen)


@router.post("/company/own-price/edit")
async def change(request: Request, session: Who) -> Response:
    """Change an own price; who has not seen the last change is told of it."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    key = _key(form.get("customer", ""), form.get("product", ""))
    record = await _record(request, key)
    try:
        row = _read({**typed_in(form, _FIELDS), **key})
        await in_database(
            keep_own_price, door_of(request).engine, row, seen_in(form), teller_of(request, session)
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _form(record, form), refusal=refusal, seen=record.seen)
    return await _done(request, session, key, "saved")


@router.post("/company/own-price/end")
async def end(request: Request, session: Who) -> Response:
    """End an own price: from now on the customer pays as everybody does."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    form = await staff_form(request, session)
    key = _key(form.get("customer", ""), form.get("product", ""))
    try:
        await in_database(
            end_own_price, door_of(request).engine, key["customer"], key["product"], seen_in(form),
            teller_of(request, session),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, key, refusal)
    await _note(request, session, key, "ended")
    return RedirectResponse(f"{_LIST}?{urlencode({'q': key['customer'], 'said': 'price_ended'})}", 303)


def _key(customer: str, product: str) -> dict[str, str]:
    return {"customer": text_of(customer, 200), "product": text_of(product, 200)}


def _path(key: dict[str, str]) -> str:
    return f"{_ONE}?{urlencode(key)}"


async def _note(request: Request, session: Who, key: dict[str, str], done: str) -> None:
    act = f"own price {subject_of(key)} {done}"
    await note(request, session, act, role_of(session.caller, PRODUCT_KEEPERS))


async def _done(request: Request, session: Who, key: dict[str, str], said: str) -> Response:
    await _note(request, session, key, said)
    return RedirectResponse(f"{_path(key)}&said={said}", 303)


async def _record(request: Request, key: dict[str, str]) -> Record:
    return await in_database(record_of, door_of(request).engine, RecordKind.OWN_PRICE, key)


def _read(typed: dict[str, Any]) -> OwnPriceRow:
    row = read_entered(OwnPriceRow, typed, Manner.TYPED)
    require_printable(row)
    return row


def _new_form(values: dict[str, str]) -> RecordForm:
    title = Words("给客户专价", "Give a customer a price of their own")
    return RecordForm(title, f"{_ONE}/new", _LIST, _NEW, values, note=_NOTE)


def _form(record: Record, values: dict[str, str]) -> RecordForm:
    key = _key(record.values["customer"], record.values["product"])
    title = Words(
        f"修改客户 {key['customer']} 的专价：{key['product']}",
        f"Change the price of {key['product']} for {key['customer']}",
    )
    return RecordForm(title, f"{_ONE}/edit", _path(key), _FIELDS, values, key, _NOTE)
