"""The catalogue over HTTP: what is sold, with prices by quantity and stock; kept by a person's own key (R120)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from activities.documents.font_signs import require_printable
from activities.shop.offers import shop_offers
from activities.shop.products import import_products
from activities.store.company_changes import Teller
from gateway.api.bodies import json_object
from gateway.api.orders import Who
from gateway.api.schemas import answers, takes
from gateway.context import door_of, in_database
from models.company.keepers import PRODUCT_KEEPERS, require_one_of
from models.company.record_changes import ChangeWay
from models.messages.envelope import read_entered
from models.shop.catalogue import Found, Offer, ProductRow
from models.values.calendar import business_date
from models.values.money import as_text
from models.writing.written_numbers import Manner

router = APIRouter(prefix="/v1", tags=["shop"])


@router.get("/products", responses=answers(200))
async def products(
    request: Request, caller: Who, q: Annotated[str, Query(max_length=100)] = ""
) -> list[dict[str, Any]]:
    """What the shop sells now, or what of it fits `q`: number, Chinese or English name, pinyin, words of the description."""
    door = door_of(request)
    today = business_date(door.now())
    found: Found = await in_database(door.shelf.find, door.engine, today, door.now(), q)
    offers = await in_database(shop_offers, door.engine, today, "", found.products)
    return [_shown(offers[each]) for each in found.products if each in offers]


def _shown(offer: Offer) -> dict[str, Any]:
    return {
        "product": offer.product,
        "name": offer.name,
        "name_en": offer.name_en,
        "specification": offer.specification,
        "unit": offer.unit.value,
        "categories": list(offer.categories),
        "description_zh": offer.description.zh,
        "description_en": offer.description.en,
        "weight": as_text(offer.weight),
        "sold_as": offer.sold_as.value,
        "days": offer.days,
        "prices": [
            {"from": as_text(each.quantity), "unit_price": as_text(each.unit_price)}
            for each in offer.price_steps()
        ],
        "available": None if offer.is_made else as_text(offer.available),
        "expected": offer.expected.isoformat() if offer.expected is not None else None,
        "most": as_text(offer.largest),
        "samples": offer.samples,
        "pictures": [f"/shop/pictures/{each}" for each in offer.pictures],
    }


@router.post("/products", openapi_extra=takes(ProductRow), responses=answers(200, 404, 422))
async def keep(request: Request, caller: Who) -> JSONResponse:
    """Enter a product of the price list, or replace what the catalogue says of it; for who keeps prices, by their own key."""
    require_one_of(caller, PRODUCT_KEEPERS)
    door = door_of(request)
    row = read_entered(ProductRow, await json_object(request), Manner.SENT)
    require_printable(row)
    teller = Teller(caller.author, ChangeWay.API, door.now())
    await in_database(import_products, door.engine, [row], None, teller)
    return JSONResponse({"product": row.product})
