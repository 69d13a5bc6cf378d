"""What production sees when it names a day: the proposal, what it rests on, and how sure it is (R150, R152)."""

from __future__ import annotations

from collections.abc import Sequence

from models.forms.cards.card import Asked, CardFact
from models.forms.cards.figures_said import day, moment
from models.forms.cards.order_seen import OrderSeen
from models.scheduling.confidence import Trust
from models.scheduling.outlook import Outlook
from models.scheduling.people import Shortage, days_of
from models.scheduling.proposals import Bottleneck
from models.values.vocabulary import Words

_NOTHING_BEFORE = Words("前面没有别的订单", "no other order before it")
_BEFORE = Words("前面 {count} 张订单，排到 {until}", "orders before it: {count}, up to {until}")
_BASIS = Words("{bottleneck}；{load}", "{bottleneck}; {load}")
_PROPOSED = Words(
    "{line} {begins} – {ends}，{finished} 成品", "{line} {begins} – {ends}, finished {finished}"
)
_SURE = Words("{day} {percent}%", "{day} {percent}%")
_BOTH = Words("{projected}，{nearly}", "{projected}, {nearly}")
_AND = Words("{said}；{people}", "{said}; {people}")
_ENOUGH = Words("人手够", "people enough")
_ON = Words("{day} {short}", "{day} {short}")
_UNKNOWN = Words("未知：同产品完成不足 10 单", "unknown: fewer than ten finished orders of the product")


def outlook(order: OrderSeen, asked: Asked) -> Outlook | None:
    """The outlook of the line that it is about; None where there are no machine lines."""
    line = order.line_numbered(asked.about_line)
    return order.outlooks.get(line.line) if line is not None else None


def proposed(order: OrderSeen, asked: Asked) -> CardFact | None:
    """On which machine line, from when to when, finished when; marked where that is later than wanted. Production decides."""
    found, words = outlook(order, asked), Words("排产建议", "proposed")
    if found is None:
        return None
    proposal = found.proposal
    if proposal is None:
        return CardFact(words, found.why.words, marked=True) if found.why is not None else None
    value = _PROPOSED.filled(
        line=found.line_name, begins=moment(proposal.begins), ends=moment(proposal.ends), finished=day(proposal.finished_on),
    )  # fmt: skip
    late = order.wanted_date is not None and proposal.finished_on > order.wanted_date
    return CardFact(words, value, marked=late)


def rests_on(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Why not earlier, the load that the proposal rests on, and where people are short for it, if its line asks for any."""
    found = outlook(order, asked)
    if found is None or found.proposal is None:
        return None
    load = (
        _BEFORE.filled(count=found.orders_before, until=moment(found.taken_until))
        if found.taken_until is not None
        else _NOTHING_BEFORE
    )
    bottleneck = found.proposal.bottleneck
    value, people = _BASIS.filled(bottleneck=bottleneck, load=load), found.people
    if people is not None:
        value = _AND.filled(said=value, people=_people(people))
    marked = bottleneck is Bottleneck.MATERIAL or bool(people)
    return CardFact(Words("卡在", "held up by"), value, marked=marked)


def how_sure(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Of how many in a hundred orders of the product the goods were there by such a day."""
    found, words = outlook(order, asked), Words("把握", "how sure")
    if found is None or found.proposal is None:
        return None
    sure = found.sure
    if sure is None:
        return CardFact(words, _UNKNOWN)
    if sure.projected.day == sure.nearly_sure.day:
        return CardFact(words, _trusted(sure.projected))
    return CardFact(
        words, _BOTH.filled(projected=_trusted(sure.projected), nearly=_trusted(sure.nearly_sure))
    )


def _trusted(trust: Trust) -> Words:
    return _SURE.filled(day=day(trust.day), percent=trust.percent)


def _people(short: Sequence[Shortage]) -> Words:
    """The days on which people are short, each with who."""
    said = [
        _ON.filled(day=day(each), short=Words.listed([one.words for one in own]))
        for each, own in days_of(short)
    ]
    return (
        Words("；".join(each.zh for each in said), "; ".join(each.en for each in said)) if said else _ENOUGH
    )
