"""The catalogue for everybody: a list by category and search, a product, up to four beside each other (R120)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from activities.cases.product_ratings import ProductRating, product_ratings
from activities.documents.document_store import DocumentStore
from activities.shop.offers import shop_offers
from activities.shop.products import PICTURE, is_picture
from gateway.api.problems import status_of
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import text_of
from gateway.pages.shop.shoppers import Visit, shop_page, visiting
from models.shop.catalogue import MOST_COMPARED, Found, Offer, compared
from models.shop.terms import TERMS, VERSION
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
PRODUCTS_ON_A_PAGE = 24
_LONGEST = 200
_MOST_PAGES = 10_000
_NOT_SOLD = Words("没有商品 {product}，或已下架", "there is no product {product}, or it is no longer sold")
NO_PICTURE = Words("没有这张图片", "there is no such picture")
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
Document = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


async def offers_for(visit: Visit, products: Collection[str]) -> dict[str, Offer]:
    """These products as this visitor is offered them now; what is not sold is left out."""
    today = business_date(visit.now)
    return await in_database(shop_offers, visit.door.engine, today, visit.customer, products)


async def _rated(visit: Visit, products: Collection[str]) -> dict[str, ProductRating]:
    """How customers rated these products (R141)."""
    return await in_database(product_ratings, visit.door.engine, products)


@router.get("/shop")
async def shop(request: Request, q: str = "", category: str = "", page: str = "") -> HTMLResponse:
    """The products, by category and by what was typed, a page at a time."""
    visit = await visiting(request)
    text, wanted, door = text_of(q), text_of(category, _LONGEST), visit.door
    found: Found = await in_database(
        door.shelf.find, door.engine, business_date(visit.now), visit.now, text, wanted
    )
    number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    first = (max(number, 1) - 1) * PRODUCTS_ON_A_PAGE
    on_page = found.products[first : first + PRODUCTS_ON_A_PAGE]
    offers = await offers_for(visit, on_page)
    return await shop_page(
        request, visit, "shop/catalogue.html", here="shop", offers=[offers[each] for each in on_page if each in offers],
        total=len(found.products), tree=found.tree, category=wanted, q=text, number=max(number, 1),
        pages=-(-len(found.products) // PRODUCTS_ON_A_PAGE), most=MOST_COMPARED, ratings=await _rated(visit, on_page),
    )  # fmt: skip


@router.get("/shop/p/{product:path}")
async def product(request: Request, product: str) -> HTMLResponse:
    """One product: pictures, specification, prices by quantity, stock or days. Raises Refusal(unknown_product)."""
    visit = await visiting(request)
    offer = offered(await offers_for(visit, {product.strip()}), product)
    return await product_page(request, visit, offer)


def offered(offers: dict[str, Offer], product: str) -> Offer:
    """The product. Raises Refusal(unknown_product)."""
    found = offers.get(product.strip())
    if found is None:
        words = _NOT_SOLD.filled(product=text_of(product, _LONGEST))
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where="product", rule="R120")
    return found


async def product_page(
    request: Request, visit: Visit, offer: Offer, refusal: Refusal | None = None, quantity: str = ""
) -> HTMLResponse:
    """A product's page; after a refusal with what was typed."""
    status = 200 if refusal is None else status_of(refusal.code)
    return await shop_page(
        request, visit, "shop/product.html", status, home=f"/shop/p/{offer.product}", here="shop", offer=offer,
        refusal=refusal, typed=quantity, ratings=await _rated(visit, {offer.product}),
    )  # fmt: skip


@router.get("/shop/compare")
async def compare(request: Request, product: Annotated[Sequence[str], Query()] = ()) -> HTMLResponse:
    """Up to four products beside each other. Raises Refusal(too_large) for more; who is not sold is left out."""
    visit = await visiting(request)
    wanted = compared(product[:50])
    offers = await offers_for(visit, wanted)
    shown = [offers[each] for each in wanted if each in offers]
    return await shop_page(
        request, visit, "shop/compare.html", here="shop", offers=shown, most=MOST_COMPARED, ratings=await _rated(visit, wanted),
    )  # fmt: skip


@router.get("/shop/terms")
async def terms(request: Request) -> HTMLResponse:
    """The terms, with their version."""
    visit = await visiting(request)
    return await shop_page(request, visit, "shop/terms.html", terms=TERMS, version=VERSION)


@router.get("/shop/pictures/{document}")
async def picture(request: Request, document: Document) -> Response:
    """A picture of a product that is shown. Raises Refusal(unknown_place) for anything else of the store."""
    door = door_of(request)
    if not await in_database(is_picture, door.engine, document):
        raise Refusal(Code.UNKNOWN_PLACE, NO_PICTURE, where="document")
    content = await in_database(DocumentStore(door.settings.documents).read, document + PICTURE)
    return Response(content, media_type="image/jpeg", headers=_FOREVER)
