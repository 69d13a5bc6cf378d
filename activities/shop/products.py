"""The catalogue as it is kept: imported, listed for staff, pictures added and taken away (R120)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from PIL import Image, ImageOps
from sqlalchemy import Connection, Engine, RowMapping, delete, func, or_, select

from activities.company.records import keep_changed, keep_new
from activities.documents.document_store import DocumentStore
from activities.scans.scan_reader import UNREADABLE
from activities.store.company_changes import Changed, Teller
from activities.store.database import reading, writing
from activities.store.imports import Refused, import_rows
from activities.store.upsert import insert_into, upsert
from models.company.record_changes import RecordKind
from models.company.record_words import PRODUCT
from models.shop.catalogue import OwnPriceRow, ProductRow
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

PRODUCT_KEY, OWN_PRICE_KEY = ("product",), ("customer", "product")
PRODUCTS_ON_A_PAGE = 100
MOST_PICTURES = 8
PICTURE = ".jpg"
LARGEST_PICTURE = 10_000_000
"""Bytes of a picture as it is handed in."""
_LONGEST_SIDE = 1200
"""Pixels of a picture as it is kept: a phone loads it soon."""
_FORMATS = ("PNG", "JPEG", "WEBP", "HEIF", "AVIF")
_NOT_LISTED = Words(
    "产品 {product} 不在价目表中；请先录入价格", "{product} is not on the price list; enter its price first"
)
_NO_PICTURE = Words(
    "这个文件不是能读的图片（PNG、JPEG、WebP、HEIC、AVIF，最多 10 MB）",
    "this file is no picture that can be read (PNG, JPEG, WebP, HEIC, AVIF, at most 10 MB)",
)
_TOO_MANY = Words("每个商品最多 {most} 张图片", "a product has at most {most} pictures")
_UNKNOWN = Words("目录中没有商品 {product}", "there is no product {product} in the catalogue")


def import_products(
    engine: Engine, rows: Sequence[ProductRow], refused: Refused | None = None, teller: Teller | None = None
) -> int:
    """Enter or replace products by number; how many. One that is on no price list is refused. Otherwise as other imports."""
    return import_rows(
        engine, RecordKind.PRODUCT, PRODUCT_KEY, rows, refused, teller or Teller(), _require_listed
    )


def import_own_prices(
    engine: Engine, rows: Sequence[OwnPriceRow], refused: Refused | None = None, teller: Teller | None = None
) -> int:
    """Enter or replace prices that customers have for themselves; how many. Otherwise as other imports."""
    return import_rows(
        engine, RecordKind.OWN_PRICE, OWN_PRICE_KEY, rows, refused, teller or Teller(), _of_known
    )


def _require_listed(connection: Connection, row: Any, before: RowMapping | None, teller: Teller) -> None:
    require_listed(connection, row.product)


def _of_known(connection: Connection, row: Any, before: RowMapping | None, teller: Teller) -> None:
    require_customer(connection, row.customer)
    require_listed(connection, row.product)


def require_customer(connection: Connection, customer: str) -> None:
    """Raises Refusal(unknown_customer) for one who has no file."""
    customers = table("customers")
    if connection.scalar(select(customers.c.customer).where(customers.c.customer == customer)) is None:
        words = Words(f"客户 {customer} 不在客户档案中", f"there is no customer {customer}")
        raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="customer")


def require_listed(connection: Connection, product: str) -> None:
    """Raises Refusal(unknown_product) for what the price list does not have."""
    prices = table("prices")
    if connection.scalar(select(prices.c.product).where(prices.c.product == product).limit(1)) is None:
        words = _NOT_LISTED.filled(product=product[:100])
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where="product", rule="R120")


def keep_new_product(engine: Engine, row: ProductRow, teller: Teller) -> None:
    """Put a product of the price list into the catalogue. Raises Refusal(request_conflict, unknown_product)."""

    def listed(connection: Connection, _: RowMapping | None) -> tuple[Changed, ...]:
        require_listed(connection, row.product)
        return ()

    values = row.model_dump(mode="json")
    keep_new(engine, RecordKind.PRODUCT, {"product": values.pop("product")}, values, teller, listed)


def keep_product(engine: Engine, row: ProductRow, seen: int, teller: Teller) -> None:
    """Change what the catalogue says. Raises Refusal(stale_version, unknown_product)."""
    values = row.model_dump(mode="json")
    key = {"product": values.pop("product")}
    keep_changed(engine, RecordKind.PRODUCT, key, values, seen, teller, PRODUCT)


def find_products(
    engine: Engine, today: date, text: str = "", after: str = ""
) -> tuple[Sequence[RowMapping], int, str]:
    """What staff see: products by number with their price now, how many there are, after which it goes on.

    `text` is part of number, name or specification; what is hidden is there, too.
    """
    catalogue, prices, pictures = table("products"), table("prices"), table("product_pictures")
    newest = (
        select(prices.c.product, func.max(prices.c.valid_from).label("since"))
        .where(
            prices.c.valid_from <= today, or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today)
        )
        .group_by(prices.c.product)
        .subquery()
    )
    query = (
        select(
            catalogue, prices.c.name, prices.c.specification, prices.c.unit, prices.c.unit_price,
            select(func.count()).select_from(pictures).where(pictures.c.product == catalogue.c.product)
            .scalar_subquery().label("pictures"),
        )
        .outerjoin(newest, newest.c.product == catalogue.c.product)
        .outerjoin(
            prices, (prices.c.product == newest.c.product) & (prices.c.valid_from == newest.c.since)
        )
        .where(catalogue.c.product > after)
    )  # fmt: skip
    if text:
        names = (catalogue.c.product, catalogue.c.name_en, prices.c.name, prices.c.specification)
        query = query.where(or_(*(each.icontains(text, autoescape=True) for each in names)))
    with reading(engine) as connection:
        total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        paged = query.order_by(catalogue.c.product).limit(PRODUCTS_ON_A_PAGE + 1)
        rows = connection.execute(paged).mappings().all()
    shown = rows[:PRODUCTS_ON_A_PAGE]
    return shown, total, shown[-1]["product"] if len(rows) > PRODUCTS_ON_A_PAGE else ""


def unlisted_products(engine: Engine, today: date, most: int = 200) -> Sequence[RowMapping]:
    """Products of the price list in force that the catalogue does not have yet."""
    catalogue, prices = table("products"), table("prices")
    query = (
        select(prices.c.product, prices.c.name, prices.c.specification)
        .where(
            prices.c.valid_from <= today, or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today)
        )
        .where(prices.c.product.not_in(select(catalogue.c.product)))
        .order_by(prices.c.product)
        .limit(most)
    )
    with reading(engine) as connection:
        return connection.execute(query).mappings().all()


# --- pictures ------------------------------------------------------------------------------------------------------


def as_kept(content: bytes) -> bytes:
    """A picture as it is kept: upright, small enough for a phone, without what the camera wrote into it.

    It is drawn anew, so nothing but a picture is ever sent to a browser. Raises Refusal(malformed_file).
    """
    if not content or len(content) > LARGEST_PICTURE:
        raise Refusal(Code.MALFORMED_FILE, _NO_PICTURE, where="picture")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            flat = Image.new("RGB", picture.size, "white")
            flat.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
            out = io.BytesIO()
            flat.save(out, "JPEG", quality=85, optimize=True)
    except UNREADABLE as error:
        raise Refusal(Code.MALFORMED_FILE, _NO_PICTURE, where="picture") from error
    return out.getvalue()


def add_picture(
    engine: Engine, store: DocumentStore, product: str, content: bytes, by: str, now: datetime
) -> str:
    """Keep a picture as the last one of a product; its document. The same one again stays where it is.

    Raises Refusal: malformed_file, too_large for one too many, unknown_product, and those of the store.
    """
    drawn = as_kept(content)
    pictures, catalogue = table("product_pictures"), table("products")
    document = store.keep(drawn, PICTURE)
    with writing(engine) as connection:
        known = connection.scalar(
            select(catalogue.c.product).where(catalogue.c.product == product).with_for_update()
        )
        if known is None:
            words = _UNKNOWN.filled(product=product[:100])
            raise Refusal(Code.UNKNOWN_PRODUCT, words, where="product", rule="R120")
        of_product = select(pictures.c.document, pictures.c.place).where(pictures.c.product == product)
        places = {row.document: row.place for row in connection.execute(of_product)}
        if document not in places and len(places) >= MOST_PICTURES:
            raise Refusal(Code.TOO_LARGE, _TOO_MANY.filled(most=MOST_PICTURES), where="picture", rule="R120")
        row = {
            "product": product, "document": document, "place": max(places.values(), default=0) + 1, "added_at": now,
            "added_by": by,
        }  # fmt: skip
        connection.execute(insert_into(connection, pictures).values(row).on_conflict_do_nothing())
    return document


def drop_picture(engine: Engine, product: str, document: str) -> None:
    """Show a picture no more; one that is not there is gone already."""
    pictures = table("product_pictures")
    with writing(engine) as connection:
        connection.execute(
            delete(pictures).where(pictures.c.product == product, pictures.c.document == document)
        )


def first_picture(engine: Engine, product: str, document: str) -> None:
    """Let this picture stand before the others."""
    pictures = table("product_pictures")
    with writing(engine) as connection:
        of_product = select(pictures.c.document).where(pictures.c.product == product)
        listed = list(connection.scalars(of_product.order_by(pictures.c.place, pictures.c.document)))
        if document in listed:
            ordered = [document, *(each for each in listed if each != document)]
            for place, each in enumerate(ordered, start=1):
                upsert(connection, pictures, {"product": product, "document": each}, {"place": place})


def is_picture(engine: Engine, document: str, *, of_what_is_shown: bool = True) -> bool:
    """Whether a product has this picture, in the shop one that is shown: nothing else of the store is ever served."""
    pictures, catalogue = table("product_pictures"), table("products")
    query = (
        select(pictures.c.document)
        .join(catalogue, catalogue.c.product == pictures.c.product)
        .where(pictures.c.document == document)
    )
    if of_what_is_shown:
        query = query.where(catalogue.c.shown.is_(True))
    with reading(engine) as connection:
        return connection.scalar(query.limit(1)) is not None


def pictures_of(engine: Engine, product: str) -> list[str]:
    """The pictures of a product, shown or not, the first one first."""
    pictures = table("product_pictures")
    query = select(pictures.c.document).where(pictures.c.product == product)
    with reading(engine) as connection:
        return list(connection.scalars(query.order_by(pictures.c.place, pictures.c.document)))
