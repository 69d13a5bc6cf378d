"""Who and where, as people write it in a chat: customer, names, telephone numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.chat.scrap import Scrap

_FEWEST_SIGNS = 2
_PHONE = re.compile(
    r"(?<!\d)(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)|(?<![\d-])(0\d{2,3}[ -]?\d{7,8}(?:-\d{1,5})?)(?!\d)"
)
_TITLE = r"(?:先生|女士|小姐|经理|老板|师傅|总|工|收)"
_NAME = r"[\u3400-\u9fff]{2,4}?"
_NAME_BEFORE = re.compile(
    rf"(?:^|[\s,，。;；:、\ue000])(?:(?:收货人|收件人|联系人)(?:是|:)?\s*)?({_NAME}){_TITLE}?[\s,，:]*$"
)
_NAME_AFTER = re.compile(rf"^[\s,，:]*({_NAME}){_TITLE}?(?:[\s,，。;；\ue000]|$)")
_NO_NAMES = (
    "电话",
    "手机",
    "联系",
    "地址",
    "收货",
    "传真",
    "号码",
    "谢谢",
    "你好",
    "您好",
    "微信",
    "老板",
    "经理",
    "急用",
    "明天",
    "今天",
)
_PIECE = re.compile(r"[\u3400-\u9fffA-Za-z0-9#()（）-]{6,}")
_LONGEST_ADDRESS = 120
_TOLD_TO = re.compile(r"^.{0,6}?(?:送货?到|寄到|发到|发往|送至|地址还?是|地址|送|寄)(?=[\u3400-\u9fff]{2})")
_TOWN = re.compile(r"[\u3400-\u9fff]{2}(?:省|自治区|市|区|县|镇|乡|州|旗)")
_STREET = re.compile(r"(?:路|街|道|巷|村|园|大厦|号|栋|幢|楼|室|厂|库|城|广场|中心)[A-Za-z0-9#()（）-]*")
_LEGAL = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|厂|商行|经营部|店)+$")
_PLACE = re.compile(
    r"^(?:(?:上海|北京|天津|重庆|广东|广西|浙江|江苏|福建|山东|山西|河北|河南|湖北|湖南|安徽|江西|四川|陕西|辽宁|吉林|黑龙江|云南|贵州|海南|"
    r"广州|深圳|东莞|佛山|中山|惠州|珠海|汕头|苏州|无锡|常州|南京|杭州|宁波|温州|义乌|嘉兴|绍兴|福州|厦门|泉州|青岛|济南|武汉|长沙|成都|郑州|"
    r"西安|合肥|南昌|南宁|昆明|沈阳|大连|长春|哈尔滨|石家庄)(?:省|市)?|[\u3400-\u9fff]{2,3}(?:省|市))+"
)
_IN_BRACKETS = re.compile(r"[(（][^)）]*[)）]")


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer of the house, as far as a message may name them."""

    customer: str
    name: str


@dataclass(frozen=True, slots=True)
class SaidPhone:
    """A telephone number, and the name that stands beside it."""

    number: str
    name: str
    words: str


def take_phone(scrap: Scrap) -> SaidPhone | None:
    """The first telephone number, with the name before or behind it."""
    found = scrap.take_first(_PHONE)
    if found is None:
        return None
    number = re.sub(r"[ ]", "", found[1] or found[2])
    if found[1]:
        number = number.replace("-", "")
    before, after = scrap.left[: found.start()], scrap.left[found.end() :]
    name = _NAME_BEFORE.search(before)
    if name is not None and _is_name(name[1]):
        scrap.drop(name.start(), found.start())
        return SaidPhone(number, name[1], f"{name[0].strip(' ,，。;；:')} {found[0]}".strip())
    name = _NAME_AFTER.search(after)
    if name is not None and _is_name(name[1]):
        scrap.drop(found.end(), found.end() + name.end(1))
        return SaidPhone(number, name[1], f"{found[0]} {name[1]}")
    return SaidPhone(number, "", found[0])


def _is_name(text: str) -> bool:
    return not any(word in text for word in _NO_NAMES)


def take_address(scrap: Scrap) -> tuple[str, str] | None:
    """The first address: a place in a town, with its street."""
    for piece in _PIECE.finditer(scrap.left):
        text = piece[0][:_LONGEST_ADDRESS]
        told = _TOLD_TO.match(text)
        start = told.end() if told is not None else 0
        town = _TOWN.search(text, start)
        streets = list(_STREET.finditer(text, town.end())) if town is not None else []
        if streets:
            end = streets[-1].end()
            scrap.drop(piece.start(), piece.start() + end)
            return text[start:end], text[:end]
    return None


def take_customer(scrap: Scrap, customers: Sequence[KnownCustomer]) -> tuple[list[KnownCustomer], str]:
    """Who of the customers is named, and by which words: by number, by name, or by the beginning of a name.

    Several where the words may be any of them; none where nobody is named.
    """
    text = scrap.left
    for each in sorted(customers, key=lambda known: -len(known.customer)):
        code = re.compile(rf"(?<![0-9A-Za-z-]){re.escape(each.customer)}(?![0-9A-Za-z-])", re.IGNORECASE)
        if code.search(text) and len(each.customer) >= _FEWEST_SIGNS and not each.customer.isdigit():
            scrap.take_first(code)
            return [each], each.customer
    for words, meant in _named(text, customers):
        at = text.index(words)
        scrap.drop(at, at + len(words))
        return meant, words
    return [], ""


def _named(text: str, customers: Sequence[KnownCustomer]) -> list[tuple[str, list[KnownCustomer]]]:
    """The longest name, or beginning of a name, that stands in the text."""
    best: dict[str, list[KnownCustomer]] = {}
    for each in customers:
        words = next((part for part in _ways_to_say(each.name) if part in text), "")
        if words:
            best.setdefault(words, []).append(each)
    longest = max((len(words) for words in best), default=0)
    return [(words, meant) for words, meant in best.items() if len(words) == longest][:1]


def _ways_to_say(name: str) -> list[str]:
    """A name whole, without what all companies have in theirs, and then by ever fewer of its first signs."""
    core = _LEGAL.sub("", _PLACE.sub("", _IN_BRACKETS.sub("", name))) or name
    shorter = [core[:length] for length in range(len(core), _FEWEST_SIGNS - 1, -1)]
    return [name, *shorter]
