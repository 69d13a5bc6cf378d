"""The terms of the shop 网店条款, to which a customer agrees by their version (R122). Pure.

Another text is another version: an order keeps the version that was agreed to.
"""

from __future__ import annotations

from models.values.vocabulary import Words

VERSION = "2027-01"
TERMS = (
    Words(
        "下单后库存即为您保留。请在 24 小时内付款；到期未付，订单取消，库存释放。付款前您可以自行取消。",
        "Once you order, the stock is kept for you. Please pay within 24 hours; then the order is cancelled and the stock "
        "is given back. You may cancel until you pay.",
    ),
    Words(
        "订制商品由我们的业务员与您确认交期和定金，下单时不付款。",
        "For goods made to order our salesperson agrees on the date and the deposit with you; nothing is paid when you order.",
    ),
    Words(
        "付款后我们在 24 小时内接单；不能接单的，连同运费全额退回。接单后 48 小时内发货，延误会提前告知原因。",
        "We accept a paid order within 24 hours or send all of it back, the fee too. Goods leave within 48 hours after that; "
        "we tell you of a delay and its reason beforehand.",
    ),
    Words(
        "现货签收后 7 天内可无理由退货；订制商品除质量问题外不退。质量问题 30 天内受理。",
        "Goods from stock may be returned within 7 days after receipt without a reason, made goods only for a defect; "
        "defects are taken up within 30 days.",
    ),
    Words(
        "价格均含税，以人民币计；运费在结算页列明，计入账单。",
        "Prices include tax and are in CNY; what delivery costs stands at the checkout and is part of the bill.",
    ),
)
