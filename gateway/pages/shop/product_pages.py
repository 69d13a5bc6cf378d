"""The catalogue as staff keep it: products of the price list, their pictures, what is shown in the shop (R120)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.company.records import Record, record_of
from activities.documents.document_store import DocumentStore
from activities.documents.font_signs import require_printable
from activities.shop.products import (
    LARGEST_PICTURE,
    MOST_PICTURES,
    PICTURE,
    add_picture,
    drop_picture,
    find_products,
    first_picture,
    is_picture,
    keep_new_product,
    keep_product,
    pictures_of,
    unlisted_products,
)
from activities.store.company_changes import changes_of
from gateway.api.bodies import read_body
from gateway.api.problems import status_of
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of, today_of
from gateway.pages.company.price_pages import price_text
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
from gateway.pages.shop.catalogue_pages import NO_PICTURE, Document
from gateway.security.staff_sessions import require_own, staff_form
from models.company.keepers import PRODUCT_KEEPERS, has_one_of, require_one_of, role_of
from models.company.record_changes import RecordKind
from models.company.record_words import PRODUCT
from models.messages.envelope import read_entered
from models.shop.catalogue import ProductRow, SoldAs
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from models.writing.entry import require_text
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_K = FieldKind
_FORM_AROUND, _MOST_FIELDS = 100_000, 10
_NOTE = Words(
    "品名、规格、单位和单价取自价目表；这里写网店还要知道的。阶梯价每行一条，如 100=75.00。",
    "Name, specification, unit and price are those of the price list; here stands what else the shop says. One price a "
    "line, for example 100=75.00.",
)
_FIELDS = (
    RecordField("name_en", PRODUCT["name_en"]),
    RecordField(
        "categories",
        PRODUCT["categories"],
        _K.LIST,
        hint=Words("每行一个，如 纸袋/手提袋", "one a line: bags/carrier bags"),
    ),
    RecordField("description_zh", PRODUCT["description_zh"], _K.LONG),
    RecordField("description_en", PRODUCT["description_en"], _K.LONG),
    RecordField("sold_as", PRODUCT["sold_as"], _K.CHOICE, choices_of(SoldAs), required=True),
    RecordField("days", PRODUCT["days"], _K.NUMBER),
    RecordField("weight", PRODUCT["weight"], _K.NUMBER),
    RecordField(
        "breaks", PRODUCT["breaks"], _K.LIST, hint=Words("每行一条，如 100=75.00", "one a line: 100=75.00")
    ),
    RecordField("most", PRODUCT["most"], _K.NUMBER),
    RecordField("samples", PRODUCT["samples"], _K.YES_NO),
    RecordField("shown", PRODUCT["shown"], _K.YES_NO),
)
_NEW = (RecordField("product", PRODUCT["product"], required=True), *_FIELDS)
_UNSAID = frozenset({"days", "weight", "most"})
"""What is not written down is none of it."""


@router.get("/company/products")
async def products(request: Request, session: Who, q: str = "", after: str = "") -> HTMLResponse:
    """What is sold in the shop, and what of the price list is not yet."""
    engine, today, text = door_of(request).engine, today_of(request), text_of(q)
    rows, total, following = await in_database(find_products, engine, today, text, text_of(after, 200))
    return company_page(
        request, session, "shop/kept_products.html", "products", rows=rows, total=total, following=following, q=text,
        after=after, may_keep=has_one_of(session.caller, PRODUCT_KEEPERS), price_text=price_text,
        unlisted=await in_database(unlisted_products, engine, today), ways_sold={each.value: each for each in SoldAs},
    )  # fmt: skip


@router.get("/company/product/new")
async def new_page(request: Request, session: Who, product: str = "") -> HTMLResponse:
    """Where a product of the price list is put into the catalogue."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    values = {
        "product": text_of(product, 200),
        "sold_as": SoldAs.STOCK.value,
        "shown": "true",
        "samples": "false",
    }
    return form_page(request, session, _new_form(values))


@router.post("/company/product/new")
async def enter(request: Request, session: Who) -> Response:
    """Put a product into the catalogue. Raises Refusal(wrong_role); what is wrong otherwise stands on the form."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    try:
        row = _read(typed_in(form, _NEW))
        await in_database(keep_new_product, door_of(request).engine, row, teller_of(request, session))
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _new_form(form), refusal=refusal)
    await _note(request, session, f"product {row.product} entered")
    return _to_product(row.product, "entered")


@router.get("/company/product")
async def product(request: Request, session: Who, product: str = "") -> HTMLResponse:
    """One product as it is kept, with its pictures and the history. Raises Refusal(unknown_product)."""
    return await _shown(request, session, text_of(product, 200))


async def _shown(
    request: Request, session: Who, product: str, refusal: Refusal | None = None
) -> HTMLResponse:
    engine = door_of(request).engine
    record = await in_database(record_of, engine, RecordKind.PRODUCT, {"product": product})
    return company_page(
        request, session, "shop/kept_product.html", "products", 200 if refusal is None else status_of(refusal.code),
        record=record.values, words_of=PRODUCT, pictures=await in_database(pictures_of, engine, product),
        changes=await in_database(changes_of, engine, RecordKind.PRODUCT, product), refusal=refusal,
        may_keep=has_one_of(session.caller, PRODUCT_KEEPERS), most=MOST_PICTURES,
        sold=next(each for each in SoldAs if each.value == record.values["sold_as"]),
        home=f"/company/product?product={quote(product, safe='')}",
    )  # fmt: skip


@router.get("/company/product/edit")
async def edit_page(request: Request, session: Who, product: str = "") -> HTMLResponse:
    """Where a product is changed."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    record = await _record(request, product)
    return form_page(request, session, _form(record, values_of(record.values, _FIELDS)), seen=record.seen)


@router.post("/company/product/edit")
async def change(request: Request, session: Who) -> Response:
    """Change what the catalogue says of a product; who has not seen the last change is told of it."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    record = await _record(request, form.get("product", ""))
    try:
        row = _read({**typed_in(form, _FIELDS), "product": record.values["product"]})
        await in_database(
            keep_product, door_of(request).engine, row, seen_in(form), teller_of(request, session)
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _form(record, form), refusal=refusal, seen=record.seen)
    await _note(request, session, f"product {row.product} changed")
    return _to_product(row.product, "saved")


@router.post("/company/product/picture")
async def add(request: Request, session: Who) -> Response:
    """Add a picture: it is drawn anew, so nothing but a picture is kept."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    fields, content = await _upload(request)
    require_own(fields, session)
    product, door = text_of(fields.get("product", ""), 200), door_of(request)
    try:
        await in_database(
            add_picture, door.engine, DocumentStore(door.settings.documents), product, content, session.caller.name,
            door.now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, product, refusal)
    await _note(request, session, f"product {product} picture added")
    return _to_product(product, "saved")


async def _upload(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields of the form and the file that came with it. Raises TooLarge, Refusal(malformed)."""
    raw = await read_body(request, LARGEST_PICTURE + _FORM_AROUND)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    fields: dict[str, str] = {}
    content = b""
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        for name, value in form.items():
            if isinstance(value, str):
                fields[name] = require_text(value, name)
            else:
                content = await value.read()
    return fields, content


@router.post("/company/product/pictures")
async def arrange(request: Request, session: Who) -> Response:
    """Let a picture stand first, or show it no more."""
    require_one_of(session.caller, PRODUCT_KEEPERS)
    form = await staff_form(request, session)
    product, document = text_of(form.get("product", ""), 200), form.get("document", "")[:64]
    work = drop_picture if form.get("remove") else first_picture
    await in_database(work, door_of(request).engine, product, document)
    await _note(request, session, f"product {product} pictures changed")
    return _to_product(product, "saved")


@router.get("/company/product/picture/{document}")
async def picture(request: Request, session: Who, document: Document) -> Response:
    """A picture of the catalogue, also of a product that is not shown. Raises Refusal(unknown_place) for anything else."""
    door = door_of(request)
    if not await in_database(is_picture, door.engine, document, of_what_is_shown=False):
        raise Refusal(Code.UNKNOWN_PLACE, NO_PICTURE, where="document")
    store = DocumentStore(door.settings.documents)
    content = await in_database(store.read, document + PICTURE)
    return Response(content, media_type="image/jpeg")


async def _note(request: Request, session: Who, act: str) -> None:
    await note(request, session, act, role_of(session.caller, PRODUCT_KEEPERS))


def _to_product(product: str, said: str) -> Response:
    return RedirectResponse(f"/company/product?product={quote(product, safe='')}&said={said}", 303)


async def _record(request: Request, product: str) -> Record:
    key = {"product": text_of(product, 200)}
    return await in_database(record_of, door_of(request).engine, RecordKind.PRODUCT, key)


def _read(typed: dict[str, Any]) -> ProductRow:
    raw = {name: value for name, value in typed.items() if not (name in _UNSAID and value in (None, ""))}
    row = read_entered(ProductRow, raw, Manner.TYPED)
    require_printable(row)
    return row


def _new_form(values: dict[str, str]) -> RecordForm:
    title = Words("商品上架", "Put a product into the shop")
    return RecordForm(title, "/company/product/new", "/company/products", _NEW, values, note=_NOTE)


def _form(record: Record, values: dict[str, str]) -> RecordForm:
    product = record.values["product"]
    return RecordForm(
        Words(f"修改商品 {product}", f"Change the product {product}"), "/company/product/edit",
        f"/company/product?product={quote(product, safe='')}", _FIELDS, values, {"product": product}, _NOTE,
    )  # fmt: skip
