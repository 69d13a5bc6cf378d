"""The cart 购物车: what somebody means to order, and what changed since they put it in (R121). Pure.

Nothing is reserved by a cart. Each look at it works out prices and stock anew and names what is another: a lower price
counts at once; a dearer one, and less than was wanted, must be acknowledged before anything is ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from models.shop.catalogue import COUNTED, Offer, SoldAs
from models.values.content import Content, Reference
from models.values.errors import Code, Refusal
from models.values.money import ZERO, Price, as_text
from models.values.quantity import NOTHING, Measured
from models.values.vocabulary import Fulfilment, Term, Words

CART_LASTS = timedelta(days=90)
"""So long a cart is kept after it was last changed."""
MOST_LINES = 100
_RULE = "R121"
_TOO_MANY_LINES = Words("购物车最多 {most} 行", "a cart has at most {most} lines")
_POSITIVE = Words("数量须大于零", "a quantity is greater than zero")
_WHOLE = Words("{product} 按{unit}出售，数量须为整数", "{product} is sold by the {unit}; order whole ones")
_TOO_MANY = Words("{product} 每行最多 {most} {unit}", "{product}: at most {most} {unit} a line")
_NOT_THERE = Words("{product} 现在只有 {there} {unit}", "of {product} there are only {there} {unit} now")
_NOT_SOLD = Words("商品 {product} 已下架或不存在", "the product {product} is not sold or not known")
_NO_SAMPLE = Words("商品 {product} 不提供样品", "no samples are given of {product}")


class CartLine(Content):
    """What was put in, and what it cost then."""

    product: Reference
    sample: bool = False
    """It is wanted as a sample (R130)."""
    quantity: Measured
    seen_price: Price
    """What one cost when it was put in, or when a dearer price was acknowledged last."""

    @property
    def key(self) -> tuple[str, bool]:
        """A product stands in a cart once as goods and once as a sample."""
        return self.product, self.sample


class CartChange(Term):
    """What is another than when it was put in."""

    CHEAPER = "cheaper", "已降价", "cheaper now"
    DEARER = "dearer", "已涨价", "dearer now"
    LESS = "less", "库存不足", "less is there than you want"
    GONE = "gone", "已下架", "no longer sold"

    @property
    def must_be_acknowledged(self) -> bool:
        """Whether nothing is ordered before the customer has said yes to it."""
        return self is not CartChange.CHEAPER


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it stands now."""

    line: CartLine
    offer: Offer | None
    unit_price: Decimal
    amount: Decimal
    changes: tuple[CartChange, ...]

    @property
    def fulfilment(self) -> Fulfilment:
        """Of which kind the order is that it becomes."""
        if self.line.sample:
            return Fulfilment.SAMPLE
        return _BECOMES[self.offer.sold_as] if self.offer is not None else Fulfilment.MAKE_TO_ORDER

    @property
    def possible(self) -> Decimal:
        """How many of it could be had now."""
        if self.offer is None:
            return NOTHING
        return _possible(self.offer, self.line)


_BECOMES: Mapping[SoldAs, Fulfilment] = {
    SoldAs.STOCK: Fulfilment.SHOP,
    SoldAs.PRE_SALE: Fulfilment.PRE_SALE,
    SoldAs.MADE_TO_ORDER: Fulfilment.MAKE_TO_ORDER,
}
PAID_AT_ONCE = (Fulfilment.SHOP, Fulfilment.SAMPLE)
"""What is paid when it is ordered; the rest goes to the desk unpaid."""


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as it stands now."""

    version: int
    lines: tuple[ShownLine, ...]

    def of(self, fulfilment: Fulfilment) -> tuple[ShownLine, ...]:
        """The lines that become an order of this kind."""
        return tuple(each for each in self.lines if each.fulfilment is fulfilment)

    def amount(self, fulfilment: Fulfilment) -> Decimal:
        """What the lines of one kind come to."""
        return sum((each.amount for each in self.of(fulfilment)), ZERO)

    @property
    def kinds(self) -> tuple[Fulfilment, ...]:
        """Which orders it becomes, in the order in which they are made."""
        wanted = (Fulfilment.SHOP, Fulfilment.PRE_SALE, Fulfilment.MAKE_TO_ORDER, Fulfilment.SAMPLE)
        return tuple(each for each in wanted if self.of(each))

    @property
    def paid_goods(self) -> Decimal:
        """What goods and samples cost that are paid at once, without the fee."""
        return sum((self.amount(each) for each in PAID_AT_ONCE), ZERO)

    @property
    def later(self) -> Decimal:
        """What the lines come to that go to the desk unpaid."""
        return sum((each.amount for each in self.lines if each.fulfilment not in PAID_AT_ONCE), ZERO)

    @property
    def weight(self) -> Decimal:
        """What the goods from stock weigh, in kilograms."""
        of_stock = self.of(Fulfilment.SHOP)
        return sum((each.offer.weight * each.line.quantity for each in of_stock if each.offer), NOTHING)

    @property
    def to_acknowledge(self) -> bool:
        """Whether something is dearer, less or gone, and the customer has not said yes to it."""
        return any(change.must_be_acknowledged for each in self.lines for change in each.changes)


def shown_cart(
    version: int, lines: Sequence[CartLine], offers: Mapping[str, Offer], free_samples: int
) -> CartView:
    """The cart as it stands now; `free_samples`: so many pieces in all cost nothing (R130)."""
    samples = sum((each.quantity for each in lines if each.sample), NOTHING)
    free = samples <= free_samples
    return CartView(version, tuple(_shown(each, offers.get(each.product), free=free) for each in lines))


def _shown(line: CartLine, offer: Offer | None, *, free: bool) -> ShownLine:
    if offer is None or not offer.shown or (line.sample and not offer.samples):
        return ShownLine(line, None, line.seen_price, ZERO, (CartChange.GONE,))
    price = offer.unit_price(line.quantity)
    changes = []
    if price < line.seen_price:
        changes.append(CartChange.CHEAPER)
    if price > line.seen_price:
        changes.append(CartChange.DEARER)
    if _possible(offer, line) < line.quantity:
        changes.append(CartChange.LESS)
    amount = ZERO if line.sample and free else offer.amount(line.quantity)
    return ShownLine(line, offer, price, amount, tuple(changes))


def _possible(offer: Offer, line: CartLine) -> Decimal:
    """How many of it could be had: samples are made, and so is what is made to order."""
    if line.sample or offer.is_made:
        return offer.largest
    there = max(offer.available, NOTHING)
    if offer.unit in COUNTED:
        there = there.to_integral_value(rounding="ROUND_FLOOR")
    return min(offer.largest, there)


# --- changing it ---------------------------------------------------------------------------------------------------


def put_in(
    lines: Sequence[CartLine], offer: Offer | None, product: str, quantity: Decimal, *, sample: bool = False
) -> tuple[CartLine, ...]:
    """So many more of a product. Raises Refusal as `with_quantity`, and too_large for too many lines."""
    key = (product, sample)
    was = next((each.quantity for each in lines if each.key == key), NOTHING)
    if quantity <= 0:
        raise Refusal(Code.BAD_QUANTITY, _POSITIVE, where="quantity", rule=_RULE)
    return with_quantity(lines, offer, product, was + quantity, sample=sample)


def with_quantity(
    lines: Sequence[CartLine], offer: Offer | None, product: str, quantity: Decimal, *, sample: bool = False
) -> tuple[CartLine, ...]:
    """The cart with just so many of a product; none: without it.

    Raises Refusal: bad_quantity, unknown_product, not_enough_stock, too_large for too many lines.
    """
    key = (product, sample)
    known = {each.key: each for each in lines}
    if quantity == 0:
        return tuple(each for each in lines if each.key != key)
    sold = sellable(offer, product, sample=sample)
    require_quantity(sold, quantity, sample=sample)
    if key not in known and len(known) >= MOST_LINES:
        raise Refusal(Code.TOO_LARGE, _TOO_MANY_LINES.filled(most=MOST_LINES), where="product", rule=_RULE)
    price, was = sold.unit_price(quantity), known.get(key)
    if was is not None and sold.unit_price(was.quantity) > was.seen_price:
        price = min(price, was.seen_price)  # dearer for all: another quantity acknowledges nothing
    new = CartLine(product=product, sample=sample, quantity=quantity, seen_price=price)
    return tuple({**known, key: new}.values())


def sellable(offer: Offer | None, product: str, *, sample: bool = False) -> Offer:
    """The offer. Raises Refusal(unknown_product) for what is not sold, or not as a sample."""
    if offer is None or not offer.shown:
        raise Refusal(
            Code.UNKNOWN_PRODUCT, _NOT_SOLD.filled(product=product[:100]), where="product", rule=_RULE
        )
    if sample and not offer.samples:
        raise Refusal(
            Code.UNKNOWN_PRODUCT, _NO_SAMPLE.filled(product=offer.words), where="product", rule=_RULE
        )
    return offer


def require_quantity_of_unit(offer: Offer, quantity: Decimal) -> None:
    """Raises Refusal(bad_quantity) for nothing, and for a part of what is sold whole."""
    if quantity <= 0:
        raise Refusal(Code.BAD_QUANTITY, _POSITIVE, where="quantity", rule=_RULE)
    if offer.unit in COUNTED and quantity != quantity.to_integral_value():
        words = _WHOLE.filled(product=offer.words, unit=offer.unit)
        raise Refusal(Code.BAD_QUANTITY, words, where="quantity", rule=_RULE)


def require_quantity(offer: Offer, quantity: Decimal, *, sample: bool = False) -> None:
    """Raises Refusal(bad_quantity) for a quantity that nobody sells, not_enough_stock for more than there is."""
    require_quantity_of_unit(offer, quantity)
    if quantity > offer.largest:
        words = _TOO_MANY.filled(
            product=offer.words, most=plain(offer.largest), unit=offer.unit.counted(offer.largest)
        )
        raise Refusal(Code.BAD_QUANTITY, words, where="quantity", rule=_RULE)
    line = CartLine(product=offer.product, sample=sample, quantity=quantity, seen_price=ZERO)
    there = _possible(offer, line)
    if quantity > there:
        raise not_enough(offer, there)


def not_enough(offer: Offer, there: Decimal) -> Refusal:
    """The refusal of more than there is."""
    words = _NOT_THERE.filled(product=offer.words, there=plain(there), unit=offer.unit.counted(there))
    return Refusal(Code.NOT_ENOUGH_STOCK, words, where="quantity", rule="R122")


def plain(quantity: Decimal) -> str:
    """A quantity without the noughts that say nothing."""
    return as_text(quantity.normalize())


def acknowledged(lines: Sequence[CartLine], offers: Mapping[str, Offer]) -> tuple[CartLine, ...]:
    """The customer said yes to what is another: the price of now counts, no more is wanted than there is, what is no
    longer sold is out."""
    found = []
    for line in lines:
        offer = offers.get(line.product)
        if offer is None or not offer.shown or (line.sample and not offer.samples):
            continue
        quantity = min(line.quantity, _possible(offer, line))
        if quantity > 0:
            price = offer.unit_price(quantity)
            found.append(line.model_copy(update={"quantity": quantity, "seen_price": price}))
    return tuple(found)


def merged(
    own: Sequence[CartLine], visitors: Iterable[CartLine], offers: Mapping[str, Offer]
) -> tuple[CartLine, ...]:
    """The cart of an account with what was put in before logging in; the larger quantity of what stands in both.

    What was collected on two devices is meant once: it is not added up. The lower price that was seen stays.
    """
    found = {each.key: each for each in own}
    for line in visitors:
        known = found.get(line.key)
        if known is None:
            if len(found) < MOST_LINES:
                found[line.key] = line
            continue
        quantity = max(known.quantity, line.quantity)
        found[line.key] = known.model_copy(
            update={"quantity": quantity, "seen_price": min(known.seen_price, line.seen_price)}
        )
    return tuple(found.values())


def is_forgotten(changed_at: datetime, now: datetime) -> bool:
    """Whether a cart was left alone for so long that it is empty."""
    return changed_at + CART_LASTS <= now
