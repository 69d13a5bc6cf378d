"""Terms as people say them in a chat: how it is paid, sent and packed."""

from __future__ import annotations

import re

from models.chat.said_numbers import said_number
from models.chat.scrap import Scrap
from models.values.vocabulary import DeliveryMethod, FreightTerms, PaymentTerms

_SHARE = r"(\d{1,2}(?:\.\d+)?)\s*%|([一二三四五六七八九])成"
_DEPOSIT_SHARE = re.compile(
    rf"(?:先?[付打]?\s*(?:定金|订金|预付)\s*[:是]?\s*(?:{_SHARE}))|(?:先?[付打]?\s*(?:{_SHARE})\s*的?\s*(?:定金|订金|预付款?))|(?:先[付打]\s*(?:{_SHARE}))"
)
_PAYMENT = (
    (re.compile(r"月结(?:\d+天)?|(?:走|按)?账期|挂账"), PaymentTerms.ON_ACCOUNT),
    (re.compile(r"款到发货|全款(?:预付|发货)?|先款后货|付清(?:再|后)发货?"), PaymentTerms.PREPAID),
)
_DELIVERY = (
    (re.compile(r"(?:走|发)?(?:物流|货运)?到付"), DeliveryMethod.FREIGHT_COLLECT),
    (re.compile(r"自提|自己(?:来|过来)?[拉提]|上门提货"), DeliveryMethod.PICK_UP),
    (re.compile(r"(?:走|发|用)?(?:顺丰|快递|中通|圆通|韵达)"), DeliveryMethod.COURIER),
    (re.compile(r"(?:走|发|用)?(?:德邦|物流|货运|专线)"), DeliveryMethod.FREIGHT),
)
_FREIGHT = (
    (
        re.compile(r"包邮|包运费|免运费|运费(?:你们|您们|你方|卖方|贵司)(?:出|付|承担)?"),
        FreightTerms.SELLER_PAYS,
    ),
    (re.compile(r"运费(?:我们|我方|我司|自理|自付|我)(?:出|付|承担)?|不包邮"), FreightTerms.BUYER_PAYS),
)
_HOLDER = r"(?:箱|件|包|袋|托|托盘)"
_GOODS = r"(?:卷|张|个|令|本|盒)"
_PACKING = re.compile(
    rf"(?:每|一|1)\s*{_HOLDER}\s*(?:装)?\s*\d+\s*{_GOODS}|\d+\s*{_GOODS}\s*(?:/|每|一|1|装一)\s*{_HOLDER}|"
    r"(?:中性|白盒|彩盒|牛皮纸?|防潮|缠绕膜|打托|木托|托盘)(?:包装|打包|装)?"
)
_OWN_NUMBER = re.compile(
    r"(?:采购单号?|采购订单号?|合同号|我们?(?:的)?单号|PO|P\.O\.|po)\s*(?:是|号|[:#])?\s*([A-Za-z0-9][A-Za-z0-9./_-]{2,40})"
)
_AS_LAST = re.compile(
    r"老样子|照旧|照上次(?:的)?|(?:跟|和|同|按)上次?(?:的)?(?:一样|一致|的来|老?价格?)?|同上次?|再来一单|再来一?批|老规矩|其他(?:都)?不变"
)


def take_terms(scrap: Scrap) -> list[tuple[str, str, str]]:
    """Field, value and words of each term that is named."""
    found: list[tuple[str, str, str]] = []
    share = scrap.take_first(_DEPOSIT_SHARE)
    if share is not None:
        said = next(each for each in share.groups() if each)
        value = said_number(said)
        percent = said if said[0].isdigit() else format((value or 0) * 10, "f")
        found += [
            ("payment_terms", PaymentTerms.DEPOSIT.value, share[0]),
            ("deposit_percent", percent, share[0]),
        ]
    for name, table in (
        ("payment_terms", _PAYMENT), ("freight_terms", _FREIGHT), ("delivery_method", _DELIVERY)
    ):  # fmt: skip
        for pattern, term in table:
            said_it = scrap.take_first(pattern)
            if said_it is not None:
                found.append((name, term.value, said_it[0]))
    packing = [each[0].strip() for each in scrap.take(_PACKING)]
    if packing:
        found.append(("packing", "，".join(packing), "，".join(packing)))
    number = scrap.take_first(_OWN_NUMBER)
    if number is not None:
        found.append(("customer_order_number", number[1], number[0]))
    return found


def take_as_last(scrap: Scrap) -> str:
    """The words by which somebody asks for the same as last time; empty where nobody does."""
    found = list(scrap.take(_AS_LAST))
    return found[0][0] if found else ""
