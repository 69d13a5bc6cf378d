"""An order of the shop that leaves in parts: what is there first, the rest when it comes, and its fee once (R65, R112, R125)."""

from __future__ import annotations

from models.messages.decision_subjects import Subject
from models.shop.cart import plain
from models.values.quantity import NOTHING
from models.values.vocabulary import Headline
from tests.models.life import heard
from tests.models.shop_life import ShopLife
from tests.models.stock_life import stock_of


def sent(life: ShopLife) -> list[str]:
    """How much left with each shipment."""
    return [plain(sum(each.quantities.values(), NOTHING)) for each in life.order.shipments]


def test_what_is_there_leaves_first_and_the_rest_when_it_comes() -> None:
    """R112: the customer chose two deliveries; neither the goods nor the fee are billed twice."""
    life = ShopLife(stock_of(TP_80="1"))
    heard(life.answer(Subject.SHORTAGE, "split", expected="2027-03-08"))
    life.pays().accepted()
    life.picked(release=1).sent()
    assert sent(life) == ["1"]
    assert str(life.order.bill) == "96.00"
    assert life.order.shop.refunds == []
    life.comes("5").picked(release=2).sent("2")
    assert sent(life) == ["1", "1"]
    assert (str(life.order.bill), str(life.order.open_balance)) == ("176.00", "0.00")
    life.later(days=2)
    for shipment in ("1", "2"):
        life.does("arrived", shipment=shipment)
        life.does("delivery_receipt", shipment=shipment, signed_by="王芳")
    life.later(days=8)
    assert life.order.ending is not None
    assert life.order.headline is Headline.SETTLED
