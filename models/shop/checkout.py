"""The checkout 结算: what was seen is what is ordered, once, or nothing is (R122). Pure.

A cart becomes an order for each way in which its goods come to be: goods from stock and samples are paid at once, by one
intent over all of them; the rest goes to the desk unpaid. No price is ever read from a form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import StringConstraints

from models.messages.authors import customer_author
from models.request.order_request import OrderRequest, RequestLine
from models.request.shop_terms import ShopTerms
from models.shop.accounts import Destination, InvoiceData, Shopper
from models.shop.cart import PAID_AT_ONCE, CartView, ShownLine
from models.shop.delivery_fee import DeliveryTerms, delivery_fee
from models.shop.terms import VERSION
from models.values.content import Content, Reference
from models.values.errors import Code, Refusal
from models.values.money import ZERO, Money, as_text
from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    FreightTerms,
    Fulfilment,
    PaymentTerms,
    Role,
    Words,
)

SPACE = "shop"
"""Whose the ids of requests are that the shop makes."""
MARK = "shop-"
_RULE = "R122"
_EMPTY = Words("购物车是空的", "the cart is empty")
_OTHER_CART = Words(
    "购物车在您核对之后有变动，请重新核对后再提交",
    "the cart was changed after you looked at it; please look again and send it once more",
)
_OTHER_TERMS = Words(
    "条款已更新，请阅读新条款并重新确认", "the terms are new; please read them and agree once more"
)
_NOT_AGREED = Words("请阅读并同意条款", "please read the terms and agree to them")
_PRICE_CHANGED = Words(
    "价格有变动：您看到的是 ¥{seen}，现在是 ¥{now}。什么也没有下单，请核对后再提交",
    "the price changed: you saw CNY {seen}, it is CNY {now} now. Nothing was ordered; please look and send it again",
)
_ACKNOWLEDGE = Words(
    "购物车里有涨价或不足的商品，请先到购物车确认",
    "something is dearer or short now; please say yes to it in the cart",
)
_NO_TITLE = Words("要开发票，请先填写发票抬头", "say first what the invoice shows: its title")
_ANOTHER = Words(
    "这次提交的编号已用于另一份订单，请刷新页面后再提交",
    "this checkout was sent before with other content; load the page anew",
)


class CheckoutForm(Content):
    """What the customer sends: which checkout, and what they saw. Amounts in CNY."""

    checkout: Annotated[Reference, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    cart_version: int
    seen_total: Money
    terms_version: Annotated[str, StringConstraints(max_length=40)] = ""
    """The version of the terms that was agreed to; empty: none was."""
    address: Annotated[str, StringConstraints(max_length=40)] = ""
    """Which of the saved addresses."""
    method: DeliveryMethod = DeliveryMethod.COURIER
    wants_invoice: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """What a cart comes to, in CNY."""

    goods: Decimal
    """Goods from stock and samples, paid at once."""
    fee: Decimal
    later: Decimal
    """What goes to the desk unpaid."""

    @property
    def total(self) -> Decimal:
        """What is paid at once, the fee included."""
        return self.goods + self.fee

    @property
    def seen(self) -> Decimal:
        """The figure that the customer sends back: all of it."""
        return self.total + self.later


def sums(view: CartView, method: DeliveryMethod, terms: DeliveryTerms) -> Sums:
    """What the cart comes to when its goods come this way (R65). The fee is of the goods from stock alone."""
    of_stock = view.amount(Fulfilment.SHOP)
    return Sums(view.paid_goods, delivery_fee(of_stock, view.weight, method, terms), view.later)


def require_as_seen(form: CheckoutForm, view: CartView, now: Sums) -> None:
    """What was seen still stands.

    Raises Refusal: missing_field where the cart is empty or the terms were not agreed to, stale_version for another cart
    or older terms, price_changed with both figures.
    """
    if form.cart_version != view.version:
        raise Refusal(Code.STALE_VERSION, _OTHER_CART, where="cart_version", rule=_RULE)
    if not view.lines:
        raise Refusal(Code.MISSING_FIELD, _EMPTY, where="cart", rule=_RULE)
    if not form.terms_version:
        raise Refusal(Code.MISSING_FIELD, _NOT_AGREED, where="terms_version", rule=_RULE)
    if form.terms_version != VERSION:
        raise Refusal(Code.STALE_VERSION, _OTHER_TERMS, where="terms_version", rule=_RULE)
    if form.seen_total != now.seen:
        words = _PRICE_CHANGED.filled(seen=as_text(form.seen_total), now=as_text(now.seen))
        raise Refusal(Code.PRICE_CHANGED, words, where="seen_total", rule=_RULE)
    if view.to_acknowledge:
        raise Refusal(Code.PRICE_CHANGED, _ACKNOWLEDGE, where="cart", rule=_RULE)


def require_invoice_data(form: CheckoutForm, invoice: InvoiceData) -> None:
    """Who wants an invoice has said what it shows. Raises Refusal(missing_field)."""
    if form.wants_invoice and not invoice.title:
        raise Refusal(Code.MISSING_FIELD, _NO_TITLE, where="wants_invoice", rule=_RULE)


def another_content() -> Refusal:
    """The refusal of a checkout id that was used for something else."""
    return Refusal(Code.REQUEST_CONFLICT, _ANOTHER, where="checkout", rule=_RULE)


def requests_of(
    form: CheckoutForm, view: CartView, now: Sums, shopper: Shopper, to: Destination, invoice: InvoiceData
) -> tuple[OrderRequest, ...]:
    """The orders that the cart becomes, each with an id of its own: the same checkout again asks for the same ones."""
    return tuple(
        _request(number, kind, form, view, now, shopper, to, invoice)
        for number, kind in enumerate(view.kinds, start=1)
    )


def _request(
    number: int,
    kind: Fulfilment,
    form: CheckoutForm,
    view: CartView,
    now: Sums,
    shopper: Shopper,
    to: Destination,
    invoice: InvoiceData,
) -> OrderRequest:
    at_once = kind in PAID_AT_ONCE
    fee = now.fee if kind is Fulfilment.SHOP else ZERO
    return OrderRequest(
        request_id=f"{MARK}{form.checkout}-{number}",
        channel=Channel.WEBSITE,
        fulfilment=kind,
        customer=shopper.customer,
        contact=to.consignee,
        phone=to.phone,
        address=to.address,
        consignee=to.consignee,
        lines=_lines(view.of(kind)),
        payment_terms=PaymentTerms.PREPAID if at_once else None,
        packing="标准包装 · standard packing",
        delivery_method=form.method,
        freight_terms=FreightTerms.SELLER_PAYS if kind is Fulfilment.SHOP else None,
        words=_memo(form, invoice),
        in_writing=True,
        entered_by=customer_author(shopper.customer),
        entered_role=Role.CUSTOMER,
        shop=ShopTerms(
            checkout=form.checkout,
            account=shopper.account,
            terms_version=form.terms_version,
            delivery_fee=fee,
            seen_total=view.amount(kind) + fee,
        ),
    )


def _lines(shown: Sequence[ShownLine]) -> tuple[RequestLine, ...]:
    return tuple(
        RequestLine(
            line=number,
            product=each.line.product,
            specification=each.offer.specification,
            quantity=each.line.quantity,
            unit=each.offer.unit,
            unit_price=each.unit_price,
        )
        for number, each in enumerate(shown, start=1)
        if each.offer is not None
    )


def _memo(form: CheckoutForm, invoice: InvoiceData) -> str:
    if not form.wants_invoice:
        return "网店下单 · ordered in the shop"
    said = "，".join(each for each in (invoice.kind.zh, invoice.title, invoice.tax_number) if each)
    return f"网店下单；要发票：{said} · ordered in the shop; an invoice is wanted"


def allocations(requests: Sequence[OrderRequest], numbers: Mapping[str, str]) -> dict[str, Decimal]:
    """By order number what its share of the one intent is, in CNY; what costs nothing has none."""
    return {
        numbers[each.request_id]: each.shop.seen_total
        for each in requests
        if each.fulfilment in PAID_AT_ONCE and each.shop is not None and each.shop.seen_total > 0
    }
