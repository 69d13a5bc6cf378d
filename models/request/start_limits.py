"""The most an order may come to when it is placed: what lies beyond could be numbered, but never lived, shown or paid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.request.amounts import require_line_amount, require_total
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.fingerprint import canonical
from models.values.vocabulary import Fulfilment, PaymentTerms, Words

MOST_BYTES = 512 * 1024
"""How large the start of an order may be, as JSON in UTF-8.

The server takes 2 MB in one piece, and an order that lives carries more than it began with: measured at the signature, 0.9
times its start for long remarks, 2.4 times for 200 lines of long texts and 2.9 times for many unclear fields. A quarter of
what the server takes leaves room for shipments and lots. 200 ordinary lines are 70 KB.
"""
_TOO_LARGE = Words(
    "订单过大：{size} KB，最多 {most} KB；最大的是{field}（{part} KB）。请缩短文字或分成几张订单",
    "the order is too large: {size} KB, at most {most} KB; the largest part is {field} ({part} KB). "
    "Shorten its texts, or make several orders of it",
)
_KNOWN = {
    "references": Words("价目与历史成交", "price list and past trades"),
    "staff": Words("人员", "staff"),
    "customer": Words("客户档案", "the customer's file"),
}
"""Parts of a start that nobody filled into the order, and that have no name among its fields."""
_KILOBYTE = 1024


def require_startable(start: OrderStart) -> None:
    """Raises Refusal for what could be numbered and never lived; each names the field.

    bad_money: a line or total that is no amount of money any more. not_offered: terms that an order of its size cannot have.
    missing_field: an order of the shop without its checkout. too_large: more bytes than a start may have.
    """
    for place, line in enumerate(start.request.lines):
        require_line_amount(line, f"lines.{place}.quantity")
    require_total(start.request.total)
    require_small_guarantee(start.request, start.policy.small_order.limit)
    require_shop_terms(start.request)
    size = size_of(start)
    if size > MOST_BYTES:
        where, words, part = _largest(start)
        filled = {"size": _kilobytes(size), "most": _kilobytes(MOST_BYTES), "part": _kilobytes(part)}
        raise Refusal(Code.TOO_LARGE, _TOO_LARGE.filled(**filled, field=words), where=where, rule="R10")


_NO_CHECKOUT = Words(
    "网店订单须来自网店的结算，写明 shop（结算、账户、条款版本、配送费、所见总额）",
    "an order of the shop comes from a checkout: say `shop` (checkout, account, version of the terms, fee, total seen)",
)


def require_shop_terms(request: OrderRequest) -> None:
    """R122: raises Refusal(missing_field) for an order of the shop that does not say from which checkout it comes."""
    if request.fulfilment is Fulfilment.SHOP and request.shop is None:
        raise Refusal(Code.MISSING_FIELD, _NO_CHECKOUT, where="shop", rule="R122")


_GUARANTEE = Words(
    "业务员担保只适用于 ¥{limit} 及以下的小额订单，本单 ¥{total}；可选 {allowed}",
    "guaranteed is a way of small orders of CNY {limit} or less, and this one comes to CNY {total}; it may be {allowed}",
)


def require_small_guarantee(request: OrderRequest, limit: Decimal, where: str = "payment_terms") -> None:
    """R38: raises Refusal(not_offered) for guaranteed terms of an order above the limit of a small one."""
    if request.payment_terms is PaymentTerms.GUARANTEED and request.total > limit:
        allowed = ", ".join(each.value for each in PaymentTerms if each is not PaymentTerms.GUARANTEED)
        words = _GUARANTEE.filled(limit=limit, total=request.total, allowed=allowed)
        raise Refusal(Code.NOT_OFFERED, words, where=where, rule="R38")


def size_of(start: OrderStart) -> int:
    """How large the start is on the wire, in bytes."""
    return len(start.model_dump_json().encode())


def _largest(start: OrderStart) -> tuple[str, Words, int]:
    """The largest part of a start: where it stands, what people call it, and its bytes.

    What was looked up is named only where it is most of it: what was filled in can be shortened by whoever filled it in.
    """
    whole = start.model_dump(mode="json")
    request = whole.pop("request")
    filled_in = _bytes(request) >= _bytes(whole) / 2
    return max(_filled_in(request) if filled_in else _looked_up(whole), key=lambda part: part[2])


def _filled_in(request: dict[str, Any]) -> Iterator[tuple[str, Words, int]]:
    lines = request.pop("lines")
    for name, value in request.items():
        yield name, field_words(name), _bytes(value)
    for name in lines[0]:
        sizes = [_bytes(line[name]) for line in lines]
        # all lines together weigh; the heaviest of them is the one to look at
        yield f"lines.{sizes.index(max(sizes))}.{name}", _of_all(name), sum(sizes)


def _looked_up(whole: dict[str, Any]) -> Iterator[tuple[str, Words, int]]:
    for name, value in whole.items():
        yield name, _KNOWN.get(name, field_words(name)), _bytes(value)


def _of_all(name: str) -> Words:
    words = field_words(name)
    return Words(f"各行的{words.zh}", f"the {words.en} of all lines")


def _bytes(value: object) -> int:
    return len(canonical(value).encode())


def _kilobytes(size: int) -> int:
    return -(-size // _KILOBYTE)
