"""A message of a customer as a proposal for an order: field, value and the words that say it (R11).

Rules, no guessing: what may be two things, what is asked, denied or taken back in the message is left to people and shown as
not understood. Nothing here places anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.chat.labels import LABELS
from models.chat.said_days import take_day
from models.chat.said_goods import Goods, KnownProduct, SaidLine, has_size, read_goods
from models.chat.said_numbers import said_number
from models.chat.said_people import KnownCustomer, take_address, take_customer, take_phone
from models.chat.said_terms import take_as_last, take_terms
from models.chat.scrap import TAKEN, Scrap, folded
from models.values.vocabulary import Channel, Words

LONGEST = 4000
"""Signs of a message that are read."""
_SENTENCE = re.compile(r"([^\n。;；!！?？]+)([。;；!！?？]?)")
_CLAUSE = re.compile(r"[,，](?!\d{3}(?!\d))")
_QUESTION = re.compile(r"[吗嘛]\s*$|多少|几[天块元时号]|能不能|可不可以|行不行|有没有|什么|怎么|是否|哪")
_DENIED = re.compile(r"不要|不用|别发|取消|先不|不订|不定|不需要|除了|不包括")
_CORRECTED = re.compile(r"改成|改为|改到|换成|换为|不对|错了|更正|而不是")
_LABEL = re.compile(rf"(?:(?<=^)|(?<=[\s,，、;；]))({'|'.join(sorted(LABELS, key=len, reverse=True))})\s*:")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)、](?!\d)|[①-⑳·•-])\s*")
_FILLERS = re.compile(
    r"你好|您好|在吗|在不在|亲|老板|麻烦|帮忙|帮我们?|请|下一?个?单|订单|订购|订货|预订|要货|给我们?|我们?(?:公司)?|这边|这次|这回|安排|一下|谢谢|多谢|辛苦了?|"
    r"收货地址|收货人|收货|收件人|联系人|地址|电话|手机|交货期?|到货|发货|送货|货期|单价|价格|数量|规格|每卷|每箱|每张|再来|再|还要|还有|以及|和|跟|各|共|"
    r"要|来|订|做|发|送|到|寄|货|好的|OK|ok|哈|哦|啊|呢|吧|了|的|是|收|价|先生|女士|经理|小姐|付款|之前|以前|前|给|就|:"
)
_SEVERAL = Words("“{words}”可以是 {choices}", "“{words}” may be {choices}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field as it may be filled in: its place in the order's form, the value, and the words that say it."""

    path: str
    value: str
    said: str


@dataclass(frozen=True, slots=True)
class ChatOrder:
    """What was read out of a message."""

    proposals: tuple[Proposal, ...] = ()
    not_understood: tuple[str, ...] = ()
    """The words that nothing was made of, in their order."""
    doubts: tuple[Words, ...] = ()
    """What may be several things: a person chooses."""
    as_last: str = ""
    """The words by which the same as last time is asked for."""
    new_customer: str = ""
    """A customer's name that nobody here knows."""

    @property
    def lines(self) -> int:
        """How many lines of goods it has."""
        places = {each.path.split(".")[1] for each in self.proposals if each.path.startswith("lines.")}
        return len(places)


@dataclass(slots=True)
class _Reading:
    today: date
    products: Sequence[KnownProduct]
    customers: Sequence[KnownCustomer]
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    goods: Goods = field(default_factory=Goods)
    left: list[str] = field(default_factory=list)
    doubts: list[Words] = field(default_factory=list)
    as_last: str = ""
    new_customer: str = ""

    def say(self, name: str, value: str, words: str) -> None:
        """The first saying counts; another one that differs is shown and not taken."""
        known = self.fields.setdefault(name, (value, words))
        if known[0] != value:
            self.left.append(words)

    def leave(self, words: str) -> None:
        """Show these words as not understood; mere politeness is not shown."""
        if _FILLERS.sub("", words).strip(" ?？吗"):
            self.left.append(words)


def read_message(
    text: str, today: date, products: Sequence[KnownProduct], customers: Sequence[KnownCustomer]
) -> ChatOrder:
    """What the message says of an order, `today` being the business day on which it is read. Pure."""
    message = folded(text[:LONGEST])
    reading = _Reading(today, products, customers)
    for line in message.split("\n"):
        _line(reading, _NUMBERED.sub("", line))
    proposals = [Proposal(name, *said) for name, said in reading.fields.items()]
    for place, said_line in enumerate(_worth(reading)):
        proposals += [Proposal(f"lines.{place}.{name}", *said) for name, said in said_line.fields()]
    if not proposals and not reading.as_last:
        return ChatOrder((), tuple(reading.left), tuple(_doubts(reading)), "", reading.new_customer)
    proposals.insert(0, Proposal("channel", Channel.WECHAT.value, ""))
    proposals.append(Proposal("words", text[:LONGEST].strip(), ""))
    return ChatOrder(
        tuple(proposals), tuple(reading.left), tuple(_doubts(reading)), reading.as_last, reading.new_customer
    )


def _worth(reading: _Reading) -> list[SaidLine]:
    """Lines of which more is known than a price; a size that is the product's own is written as the price list has it."""
    lines = [line for line in reading.goods.lines if line.product or line.quantity or line.specification]
    own = {each.product: each for each in reading.products}
    for line in lines:
        product = own.get(line.product[0]) if line.product else None
        if product is not None and line.specification and has_size(product, line.specification[0]):
            line.specification = (product.specification, line.specification[1])
    return lines


def _doubts(reading: _Reading) -> Iterator[Words]:
    yield from reading.doubts
    for words, choices in reading.goods.unclear:
        yield _SEVERAL.filled(words=words, choices="、".join(choices))


def _line(reading: _Reading, line: str) -> None:
    """One line: what stands behind a label is read as that, the rest sentence by sentence."""
    marks = list(_LABEL.finditer(line))
    _sentences(reading, line[: marks[0].start()] if marks else line)
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(line)
        value = line[mark.end() : end].strip(" ,，;；。、")
        if value:
            _labelled(reading, LABELS[mark[1]], value, f"{mark[1]}:{value}")


def _sentences(reading: _Reading, line: str) -> None:
    for sentence, end in _SENTENCE.findall(line):
        certain: list[str] = []
        clauses = _CLAUSE.split(sentence)
        for place, clause in enumerate(clauses):
            asked = end in ("?", "？") and place == len(clauses) - 1
            if asked or any(doubtful.search(clause) for doubtful in (_QUESTION, _DENIED, _CORRECTED)):
                reading.leave(clause.strip() + (end if asked else ""))
            else:
                certain.append(clause)
        _free(reading, Scrap("，".join(certain)))


def _free(reading: _Reading, scrap: Scrap) -> None:
    """A piece without labels."""
    _address_and_phone(reading, scrap)
    _customer(reading, scrap)
    _goods_and_terms(reading, scrap)
    _keep_rest(reading, scrap)


def _address_and_phone(reading: _Reading, scrap: Scrap) -> None:
    phone = take_phone(scrap)
    while phone is not None:
        reading.say("phone", phone.number, phone.words)
        if phone.name:
            for name in ("contact", "consignee"):
                reading.fields.setdefault(name, (phone.name, phone.words))
        phone = take_phone(scrap)
    address = take_address(scrap)
    if address is not None:
        reading.say("address", *address)


def _customer(reading: _Reading, scrap: Scrap) -> bool:
    meant, words = take_customer(scrap, reading.customers)
    if len(meant) == 1:
        reading.say("customer", meant[0].customer, words)
    elif meant:
        choices = "、".join(f"{each.name} {each.customer}" for each in meant[:5])
        reading.doubts.append(_SEVERAL.filled(words=words, choices=choices))
    return bool(meant)


def _goods_and_terms(reading: _Reading, scrap: Scrap) -> None:
    last = take_as_last(scrap)
    reading.as_last = reading.as_last or last
    for name, value, words in take_terms(scrap):
        reading.say(name, value, words)
    day = take_day(scrap, reading.today)
    if day is not None:
        reading.say("wanted_date", day[0].isoformat(), day[1])
    read_goods(scrap, reading.products, reading.goods)


def _keep_rest(reading: _Reading, scrap: Scrap) -> None:
    for rest in scrap.rest():
        reading.leave(rest)


# --- behind a label --------------------------------------------------------------------------------------------------


def _labelled(reading: _Reading, name: str, value: str, words: str) -> None:
    _READERS.get(name, _as_it_stands)(reading, name, value, words)


def _as_it_stands(reading: _Reading, name: str, value: str, words: str) -> None:
    reading.say(name, value, words)


def _person(reading: _Reading, name: str, value: str, words: str) -> None:
    """A name, with the telephone number and the address that may stand behind it."""
    scrap = Scrap(value)
    phone = take_phone(scrap)
    if phone is not None:
        reading.say("phone", phone.number, phone.words)
    address = take_address(scrap)
    if address is not None:
        reading.say("address", *address)
    named = (phone.name if phone is not None else "") or next(iter(scrap.rest()), "")
    if named:
        reading.say(name, named, words)


def _phone(reading: _Reading, name: str, value: str, words: str) -> None:
    scrap = Scrap(value)
    phone = take_phone(scrap)
    if phone is None:
        reading.left.append(words)
        return
    reading.say(name, phone.number, words)
    if phone.name:
        reading.fields.setdefault("contact", (phone.name, words))
    _keep_rest(reading, scrap)


def _address(reading: _Reading, name: str, value: str, words: str) -> None:
    """The address as it stands, without the person and number behind it."""
    scrap = Scrap(value)
    phone = take_phone(scrap)
    if phone is not None:
        reading.say("phone", phone.number, phone.words)
        if phone.name:
            reading.fields.setdefault("consignee", (phone.name, phone.words))
    reading.say(name, "".join(scrap.left.split(TAKEN)).strip(" ,，;；。、"), words)


def _of_customer(reading: _Reading, name: str, value: str, words: str) -> None:
    if not _customer(reading, Scrap(value)):
        reading.new_customer = reading.new_customer or value
        reading.left.append(words)


def _of_goods(reading: _Reading, name: str, value: str, words: str) -> None:
    """A field of the line that is being told; a second product begins another one."""
    scrap = Scrap(value)
    if name == "product":
        lines = len(reading.goods.lines)
        read_goods(scrap, reading.products, reading.goods)
        if len(reading.goods.lines) == lines and not any(line.product for line in reading.goods.lines[-1:]):
            reading.left.append(words)
            return
        _keep_rest(reading, scrap)
        return
    number = said_number(value) if name == "quantity" else None
    if number is not None and number > 0:
        reading.goods.lacking("quantity").quantity = (format(number, "f"), words)
    elif name == "specification":
        reading.goods.lacking("specification").specification = (value, words)
    else:
        scrap = Scrap(f"单价{value}" if name == "unit_price" else value)
        read_goods(scrap, reading.products, reading.goods)
        _keep_rest(reading, scrap)


def _day(reading: _Reading, name: str, value: str, words: str) -> None:
    day = take_day(Scrap(value), reading.today)
    if day is None:
        reading.left.append(words)
    else:
        reading.say(name, day[0].isoformat(), words)


def _terms(reading: _Reading, name: str, value: str, words: str) -> None:
    scrap = Scrap(f"运费{value}" if name == "freight" else value)
    found = take_terms(scrap)
    for place, said, part in found:
        reading.say(place, said, part)
    if not found:
        reading.left.append(words)
    else:
        _keep_rest(reading, scrap)


_READERS: dict[str, Callable[[_Reading, str, str, str], None]] = {
    "contact": _person,
    "consignee": _person,
    "phone": _phone,
    "fax": _phone,
    "address": _address,
    "customer": _of_customer,
    "product": _of_goods,
    "specification": _of_goods,
    "quantity": _of_goods,
    "unit_price": _of_goods,
    "wanted_date": _day,
    "terms": _terms,
    "freight": _terms,
}
