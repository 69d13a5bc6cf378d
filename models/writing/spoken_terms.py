"""What people write for a term of a closed set: its name, its label in either language, or what the desk calls it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    FreightTerms,
    Fulfilment,
    PaymentMethod,
    PaymentTerms,
    Role,
    Term,
    Unit,
)
from models.values.words import InvalidValue

_SPOKEN: Mapping[type[Term], Mapping[str, Term]] = {
    Unit: {
        "千克": Unit.KILOGRAM,
        "公吨": Unit.TONNE,
        "平米": Unit.SQUARE_METRE,
        "㎡": Unit.SQUARE_METRE,
        "m²": Unit.SQUARE_METRE,
        "纸箱": Unit.CARTON,
        "pcs": Unit.PIECE,
        "rolls": Unit.ROLL,
        "sheets": Unit.SHEET,
        "reams": Unit.REAM,
        "cartons": Unit.CARTON,
        "pieces": Unit.PIECE,
        "jobs": Unit.JOB,
        "hours": Unit.HOUR,
        "次": Unit.JOB,
    },
    PaymentTerms: {
        "月结": PaymentTerms.ON_ACCOUNT,
        "账期": PaymentTerms.ON_ACCOUNT,
        "合同月结": PaymentTerms.ON_ACCOUNT,
        "定金": PaymentTerms.DEPOSIT,
        "订金": PaymentTerms.DEPOSIT,
        "预付": PaymentTerms.PREPAID,
        "全款": PaymentTerms.PREPAID,
        "款到发货": PaymentTerms.PREPAID,
        "担保": PaymentTerms.GUARANTEED,
    },
    DeliveryMethod: {
        "物流": DeliveryMethod.FREIGHT,
        "货运": DeliveryMethod.FREIGHT,
        "到付": DeliveryMethod.FREIGHT_COLLECT,
        "物流到付": DeliveryMethod.FREIGHT_COLLECT,
        "上门自提": DeliveryMethod.PICK_UP,
    },
    FreightTerms: {
        "卖方承担": FreightTerms.SELLER_PAYS,
        "卖方付": FreightTerms.SELLER_PAYS,
        "买方承担": FreightTerms.BUYER_PAYS,
        "买方付": FreightTerms.BUYER_PAYS,
    },
    Channel: {
        "邮箱": Channel.EMAIL,
        "电子邮件": Channel.EMAIL,
        "email": Channel.EMAIL,
        "业务员": Channel.SALESPERSON,
        "网上": Channel.WEBSITE,
        "官网": Channel.WEBSITE,
        "上门": Channel.VISIT,
    },
    Fulfilment: {
        "订制": Fulfilment.MAKE_TO_ORDER,
        "定制": Fulfilment.MAKE_TO_ORDER,
        "库存": Fulfilment.FROM_STOCK,
    },
    PaymentMethod: {"银行": PaymentMethod.BANK, "转账": PaymentMethod.BANK, "代收": PaymentMethod.CARRIER},
    Role: {
        "销售员": Role.SALESPERSON,
        "客服": Role.SERVICE_CLERK,
        "财务": Role.FINANCE,
        "生产": Role.PRODUCTION,
        "质检": Role.QUALITY,
        "技术": Role.TECHNICAL,
        "物控": Role.MATERIAL_CONTROLLER,
        "跟单": Role.MERCHANDISER,
        "采购部": Role.PURCHASING,
        "法务部": Role.LEGAL,
    },
}
"""What the desk calls a term beside its label. A word that could be two of them is none (`仓` , `件`)."""


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _meanings(terms: type[Term]) -> dict[str, tuple[str, ...]]:
    """Folded word → the names of the terms that it may mean."""
    found: dict[str, dict[str, None]] = {}
    for term in terms:
        for word in (term.value, term.zh, term.en):
            found.setdefault(_folded(word), {})[term.value] = None
    for word, term in _SPOKEN.get(terms, {}).items():
        found.setdefault(_folded(word), {})[term.value] = None
    return {word: tuple(names) for word, names in found.items()}


def plain_term(text: str, terms: type[Term]) -> str:
    """The term's name; a word that means none of them as it stands, for the field to refuse.

    Raises InvalidValue for a word that means two of them.
    """
    said = text.strip()
    if any(term.value == said for term in terms):
        return said
    meant = _meanings(terms).get(_folded(said), ())
    if len(meant) > 1:
        raise InvalidValue(
            f"“{said}”可以是 {'、'.join(meant)}；请写其中一个",
            f"“{said}” may be {' or '.join(meant)}: write one of them",
        )
    return meant[0] if meant else text
