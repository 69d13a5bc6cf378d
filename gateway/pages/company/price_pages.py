"""The price list 价目表: what counts today and will, a product's prices with their history, and how they are kept (R20)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.company.prices import find_prices, keep_new_price, keep_price, prices_of
from activities.company.records import Record, record_of
from activities.documents.font_signs import require_printable
from activities.store.company_changes import changes_of_product
from activities.store.imports import PriceRow
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of, today_of
from gateway.pages.company.record_form import (
    FieldKind,
    RecordField,
    RecordForm,
    choices_of,
    form_page,
    seen_in,
    typed_in,
    values_of,
)
from gateway.security.staff_sessions import staff_form
from models.company.keepers import PRICE_KEEPERS, has_one_of, require_one_of, role_of
from models.company.record_changes import RecordKind
from models.company.record_words import PRICE
from models.messages.envelope import read_entered
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.money import as_unit_price
from models.values.vocabulary import Unit, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_K = FieldKind
_KEPT = Words(
    "订单保留下单时的价目。从某日起的新价会使原来没有截止日的价格到前一天为止。",
    "An order keeps the prices of its day. A new price from a day on ends the open one before it the day before.",
)
_FIELDS = (
    RecordField("name", PRICE["name"]),
    RecordField("specification", PRICE["specification"]),
    RecordField("unit", PRICE["unit"], _K.CHOICE, choices_of(Unit), required=True),
    RecordField("unit_price", PRICE["unit_price"], _K.PRICE, required=True),
    RecordField("tolerance_percent", PRICE["tolerance_percent"], _K.NUMBER),
    RecordField("product_type", PRICE["product_type"]),
    RecordField("valid_until", PRICE["valid_until"], _K.DATE, hint=Words("可不填", "may be left open")),
)
_NEW = (
    RecordField("product", PRICE["product"], required=True),
    *_FIELDS[:-1],
    RecordField("valid_from", PRICE["valid_from"], _K.DATE, required=True),
    _FIELDS[-1],
)


@router.get("/company/prices")
async def prices(
    request: Request, session: Who, q: str = "", everything: str = "", after: str = ""
) -> HTMLResponse:
    """The price list: what counts today and what will; `everything`: what counted before as well."""
    text, today = text_of(q), today_of(request)
    rows, total, following = await in_database(
        find_prices, door_of(request).engine, today, text=text, after=text_of(after, 200), everything=everything == "yes"
    )  # fmt: skip
    return company_page(
        request, session, "company/prices.html", "prices", rows=rows, total=total, following=following, today=today, q=text,
        everything=everything, after=after, may_keep=has_one_of(session.caller, PRICE_KEEPERS), price_text=price_text,
    )  # fmt: skip


@router.get("/company/price")
async def price(request: Request, session: Who, product: str = "") -> HTMLResponse:
    """All prices of a product, with the history of changes."""
    engine, key = door_of(request).engine, text_of(product, 200)
    rows = await in_database(prices_of, engine, key)
    if not rows:
        words = Words(f"价目表中没有产品 {key}", f"no product {key} is on the price list")
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where="product")
    return company_page(
        request, session, "company/price.html", "prices", rows=rows, code=key, today=today_of(request),
        changes=await in_database(changes_of_product, engine, key), price_text=price_text,
        may_keep=has_one_of(session.caller, PRICE_KEEPERS),
    )  # fmt: skip


def price_text(value: Any) -> str:
    """A unit price with its decimals: `¥5.00`, `¥0.0385`."""
    return f"¥{as_unit_price(value):,f}"


@router.get("/company/price/new")
async def new_page(request: Request, session: Who, product: str = "") -> HTMLResponse:
    """Where a new price is entered; of a known product with everything but the price filled in."""
    require_one_of(session.caller, PRICE_KEEPERS)
    values: dict[str, str] = {}
    if product:
        known = await in_database(prices_of, door_of(request).engine, text_of(product, 200))
        values = values_of(dict(known[0]), _NEW) if known else {"product": text_of(product, 200)}
        values |= {"valid_from": "", "valid_until": "", "unit_price": ""}
    return form_page(request, session, _new_form(values))


@router.post("/company/price/new")
async def enter(request: Request, session: Who) -> Response:
    """A new price from a day on. Raises Refusal(wrong_role); what is wrong otherwise stands on the form."""
    require_one_of(session.caller, PRICE_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    try:
        row = _read({name: value for name, value in typed_in(form, _NEW).items() if value not in ("", None)})
        ended = await in_database(
            keep_new_price, door_of(request).engine, row, today_of(request), teller_of(request, session)
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _new_form(form), refusal=refusal)
    act = f"price {row.product} {row.valid_from} entered"
    await note(request, session, act, role_of(session.caller, PRICE_KEEPERS))
    said = "former" if ended else "entered"
    return RedirectResponse(f"/company/price?product={quote(row.product)}&said={said}", 303)


@router.get("/company/price/edit")
async def edit_page(request: Request, session: Who, product: str = "", valid_from: str = "") -> HTMLResponse:
    """Where a price is changed."""
    require_one_of(session.caller, PRICE_KEEPERS)
    record = await _record(request, product, valid_from)
    return form_page(request, session, _form(record, values_of(record.values, _FIELDS)), seen=record.seen)


@router.post("/company/price/edit")
async def change(request: Request, session: Who) -> Response:
    """Change a price: of one in force its end and its texts alone."""
    require_one_of(session.caller, PRICE_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    record = await _record(request, form.get("product", ""), form.get("valid_from", ""))
    key = {name: record.values[name] for name in ("product", "valid_from")}
    try:
        typed = {name: value for name, value in typed_in(form, _FIELDS).items() if value is not None}
        row = _read({**typed, "product": key["product"], "valid_from": key["valid_from"].isoformat()})
        await in_database(
            keep_price, door_of(request).engine, row, seen_in(form), today_of(request), teller_of(request, session), PRICE
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _form(record, form), refusal=refusal, seen=record.seen)
    act = f"price {row.product} {row.valid_from} changed"
    await note(request, session, act, role_of(session.caller, PRICE_KEEPERS))
    return RedirectResponse(f"/company/price?product={quote(row.product)}&said=saved", 303)


async def _record(request: Request, product: str, valid_from: str) -> Record:
    """The price of a product from a day. Raises Refusal(unknown_product)."""
    engine, key = door_of(request).engine, text_of(product, 200)
    rows = await in_database(prices_of, engine, key)
    found = next((row for row in rows if row["valid_from"].isoformat() == valid_from.strip()), None)
    if found is None:
        words = Words(
            f"价目表中没有产品 {key} 从 {text_of(valid_from, 20)} 起的价格",
            f"there is no price of {key} from {text_of(valid_from, 20)}",
        )
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where="product")
    wanted = {"product": key, "valid_from": found["valid_from"].isoformat()}
    return await in_database(record_of, engine, RecordKind.PRICE, wanted)


def _read(raw: dict[str, Any]) -> PriceRow:
    row = read_entered(PriceRow, raw, Manner.TYPED)
    require_printable(row)
    return row


def _new_form(values: dict[str, str]) -> RecordForm:
    return RecordForm(
        Words("新价格", "New price"), "/company/price/new", "/company/prices", _NEW, values, note=_KEPT
    )


def _form(record: Record, values: dict[str, str]) -> RecordForm:
    product, first = record.values["product"], record.values["valid_from"].isoformat()
    return RecordForm(
        Words(f"修改价格 {product}（{first} 起）", f"Change the price of {product} from {first}"), "/company/price/edit",
        f"/company/price?product={quote(product)}", _FIELDS, values, {"product": product, "valid_from": first}, _KEPT,
    )  # fmt: skip
