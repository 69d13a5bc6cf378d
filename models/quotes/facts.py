"""The facts about a quote, one row each (R102 to R104)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from models.decisions.quotes import ROWS
from models.dossier.papers_due import Paper
from models.handlers.administration import FACTS as ADMINISTRATION
from models.messages.decision_subjects import DecisionContent
from models.messages.envelope import DECISION, Envelope
from models.messages.fact_contents import CancellationRequested, ContactLogged
from models.messages.fact_kind import STAFF, FactKind, FactTable
from models.quotes import contents
from models.quotes.answering import find_acceptance, standing_named, was_accepted
from models.quotes.approval import quote_decision
from models.quotes.costing import CostSheet, proposed_price
from models.quotes.offer import Offer, OfferedPrice, digest_of_offer, last_valid_second, valid_until
from models.quotes.quote import OrderTrouble, Quote, QuoteEnding, cost_key
from models.values.calendar import business_date
from models.values.errors import AlreadyKnown, Code, Refusal
from models.values.money import LARGEST, as_text
from models.values.vocabulary import Role, Words

FACTS = FactTable()
SELLERS = (Role.SALESPERSON, Role.SERVICE_CLERK)
COSTING = (Role.SALESPERSON, Role.TECHNICAL, Role.PRODUCTION, Role.PURCHASING, Role.FINANCE)
MOST_VERSIONS, MOST_NOTED = 20, 50
_TAKEN = Words("报价已被接受，不能再改", "the quote is accepted already and changes no more")
_TOO_MANY = Words("报价最多 {most} 版", "a quote has at most {most} versions")
_NO_COST = Words("第 {line} 行数量 {quantity} 还没有成本表", "line {line} has no cost sheet for {quantity}")
_NOT_ASKED_FOR = Words(
    "第 {line} 行没有询价数量 {quantity}；有：{known}",
    "nobody asked the price of {quantity} of line {line}; asked for: {known}",
)
_NOT_TO_COME = Words(
    "交货日期 {day} 早于 {said}，请写之后的日期",
    "the delivery date {day} lies before {said}, on which it was said: name a later one",
)
_TWICE = Words("第 {line} 行数量 {quantity} 写了两次", "{quantity} of line {line} is named twice")
_TOO_MUCH = Words("金额 {amount} 超出上限 {most}", "{amount} is more than an amount may be: {most}")


# --- enquiry and costs -------------------------------------------------------------------------------------------------


@FACTS.row(contents.EnquiryChanged, (*SELLERS, Role.CUSTOMER), Words("更改询价", "enquiry changed"))
def enquiry_changed(quote: Quote, envelope: Envelope, content: contents.EnquiryChanged) -> None:
    """R104: the goods of an offer that is made stay with it; one that was not sent falls."""
    _require_open(quote)
    given = {
        name: value
        for name in contents.EnquiryChanged.model_fields
        if (value := getattr(content, name)) is not None
    }
    quote.request = quote.request.model_copy(update=given)
    if content.lines is not None:
        _drop_draft(quote)
        quote.costs = {
            key: each for key, each in quote.costs.items() if quote.request.asks_for(each.line, each.quantity)
        }
        quote.owe_an_answer()


@FACTS.row(contents.CostSheetMade, COSTING, Words("成本核算", "cost sheet made"))
def cost_sheet_made(quote: Quote, envelope: Envelope, content: contents.CostSheetMade) -> None:
    """R102: an offer that was not sent rests on the new costs, and its approval with it; a sent one stays as it is."""
    _require_open(quote)
    _require_asked_for(quote, ((each.line, each.quantity) for each in content.sheets), "content.sheets")
    for place, sheet in enumerate(content.sheets):
        _require_amount(sheet.cost, f"content.sheets.{place}.rows")
    quote.cost_sheets += 1
    for sheet in content.sheets:
        key = cost_key(sheet.line, sheet.quantity)
        quote.costs[key], quote.costed_by[key] = sheet, envelope.by
        quote.cost_numbers[key] = quote.cost_sheets
    draft = quote.draft
    if draft is not None:
        draft.prices = tuple(_with_its_cost(quote, price) for price in draft.prices)


@FACTS.row(
    contents.CompetitionNoted, (Role.SALESPERSON,), Words("记下竞争对手价格", "competitor's price noted")
)
def competition_noted(quote: Quote, envelope: Envelope, content: contents.CompetitionNoted) -> None:
    """R105, D6.2.1: kept beside the costs for who makes and approves an offer. Raises Refusal: unknown_line, too_large."""
    _require_open(quote)
    if quote.request.line_numbered(content.line) is None:
        words = Words("没有第 {line} 行", "there is no line {line}").filled(line=content.line)
        raise Refusal(Code.UNKNOWN_LINE, words, where="content.line", rule="R105")
    if len(quote.competition) >= MOST_NOTED:
        words = Words("最多记 {most} 条竞争对手价格", "at most {most} competitors' prices are kept")
        raise Refusal(Code.TOO_LARGE, words.filled(most=MOST_NOTED), where="content", rule="R105")
    quote.competition.append(content)


def _with_its_cost(quote: Quote, price: OfferedPrice) -> OfferedPrice:
    sheet = quote.sheet_for(price.line, price.quantity)
    return price if sheet is None else price.model_copy(update={"cost": sheet.cost})


# --- our offers --------------------------------------------------------------------------------------------------------


@FACTS.row(contents.OfferMade, (Role.SALESPERSON,), Words("做出报价", "offer made"))
def offer_made(quote: Quote, envelope: Envelope, content: contents.OfferMade) -> None:
    """R103, R105: the next version; one that was not sent falls with it, one that was sent stands until this one is."""
    _require_open(quote)
    _require_room(quote)
    asked = content.prices or tuple(
        contents.AskedPrice(line=line.line, quantity=quantity)
        for line in quote.request.lines
        for quantity in line.quantities
    )
    _require_asked_for(quote, ((each.line, each.quantity) for each in asked), "content.prices")
    _require_to_come(content.delivery_date, envelope)
    prices = tuple(_priced(quote, each, place) for place, each in enumerate(asked))
    offer = Offer(
        version=quote.last_version + 1,
        made_by=envelope.by,
        made_at=envelope.happened_at,
        lines=quote.request.lines,
        prices=prices,
        payment_terms=content.payment_terms or quote.request.payment_terms,
        deposit_percent=content.deposit_percent
        if content.deposit_percent is not None
        else quote.request.deposit_percent,
        words=content.words,
        delivery_date=content.delivery_date,
    )
    _require_amount(offer.most, "content.prices")
    _drop_draft(quote)
    quote.late = None
    quote.offers.append(offer)


def _require_to_come(day: date | None, envelope: Envelope) -> None:
    said = business_date(envelope.happened_at)
    if day is not None and day < said:
        words = _NOT_TO_COME.filled(day=day.isoformat(), said=said.isoformat())
        raise Refusal(Code.DATE_IN_PAST, words, where="content.delivery_date", rule="R103")


def _priced(quote: Quote, asked: contents.AskedPrice, place: int) -> OfferedPrice:
    sheet, where = _sheet(quote, asked, place), f"content.prices.{place}"
    policy = quote.policy.quote
    unit_price = asked.unit_price or proposed_price(
        sheet.cost, asked.quantity, policy.margin, policy.tax, policy.decimals
    )
    _require_amount(unit_price, f"{where}.unit_price")
    price = OfferedPrice(line=asked.line, quantity=asked.quantity, unit_price=unit_price, cost=sheet.cost)
    _require_amount(price.amount, f"{where}.unit_price")
    return price


def _sheet(quote: Quote, asked: contents.AskedPrice, place: int) -> CostSheet:
    sheet = quote.sheet_for(asked.line, asked.quantity)
    if sheet is None:
        words = _NO_COST.filled(line=asked.line, quantity=f"{asked.quantity:f}")
        raise Refusal(Code.MISSING_FIELD, words, where=f"content.prices.{place}", rule="R102")
    return sheet


@FACTS.row(contents.OfferSent, (*SELLERS, Role.SYSTEM), Words("报价已发出", "offer sent"))
def offer_sent(quote: Quote, envelope: Envelope, content: contents.OfferSent) -> None:
    """R103: from now on the version never changes, and the older one is void; the quotation goes out."""
    _require_open(quote)
    offer = quote.offer_numbered(content.version)
    if offer is not None and offer.sent_at is not None and not offer.by_customer:
        raise AlreadyKnown
    draft = quote.draft
    if draft is None or offer is not draft:
        words = Words(
            "第{version}版不是待发出的报价", "version {version} is not an offer that waits to be sent"
        )
        raise Refusal(
            Code.STALE_VERSION, words.filled(version=content.version), where="content.version", rule="R103"
        )
    if quote.waits_for_approval:
        words = Words(
            "第{version}版还没有批准，不能发出", "version {version} is not approved and cannot be sent"
        )
        raise Refusal(
            Code.NOT_ASKED, words.filled(version=content.version), where="content.version", rule="R105"
        )
    if envelope.happened_at < draft.made_at:
        words = Words("发出早于报价做成", "it was sent before it was made")
        raise Refusal(Code.CONTRADICTION, words, where="happened_at", rule="R103")
    _supersede(quote, envelope)
    draft.sent_at = envelope.happened_at
    draft.valid_until = valid_until(envelope.happened_at, quote.policy.quote.valid_days)
    draft.digest = digest_of_offer(quote.number, draft)
    quote.answer_due = None
    quote.intend(
        Paper.QUOTATION,
        str(draft.version),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R103",
        version=draft.version,
        until=last_valid_second(draft.valid_until),
    )


def _supersede(quote: Quote, envelope: Envelope) -> None:
    """What the customer had before counts no more from the moment at which the newer version came."""
    for offer in quote.offers:
        if offer.superseded_at is None and offer.sent_at is not None:
            offer.superseded_at = max(envelope.happened_at, offer.sent_at)


def _drop_draft(quote: Quote) -> None:
    draft = quote.draft
    if draft is not None:
        draft.superseded_at = quote.clock


# --- what the customer says --------------------------------------------------------------------------------------------


@FACTS.row(contents.CounterOffered, (Role.CUSTOMER, *SELLERS), Words("客户还价", "counter-offered"))
def counter_offered(quote: Quote, envelope: Envelope, content: contents.CounterOffered) -> None:
    """R103: a version of the customer's own; ours is void from then on, and an answer is owed (R104)."""
    _require_open(quote)
    _require_room(quote)
    offer = standing_named(quote, content.version, content.digest)
    bidden: dict[tuple[int, Decimal], Decimal] = {}
    for place, each in enumerate(content.prices):
        if (each.line, each.quantity) in bidden:
            words = _TWICE.filled(line=each.line, quantity=f"{each.quantity:f}")
            raise Refusal(Code.MALFORMED, words, where=f"content.prices.{place}", rule="R103")
        bidden[each.line, each.quantity] = each.unit_price
        if offer.price_of(each.line, each.quantity) is None:
            known = ", ".join(f"{price.line}: {price.quantity:f}" for price in offer.prices)
            words = _NOT_ASKED_FOR.filled(line=each.line, quantity=f"{each.quantity:f}", known=known)
            raise Refusal(Code.UNKNOWN_LINE, words, where=f"content.prices.{place}", rule="R103")
    _require_to_come(content.delivery_date, envelope)
    prices = tuple(
        OfferedPrice(
            line=price.line,
            quantity=price.quantity,
            unit_price=bidden.get((price.line, price.quantity), price.unit_price),
        )
        for price in offer.prices
    )
    counter = Offer(
        version=quote.last_version + 1,
        by_customer=True,
        made_by=envelope.by,
        made_at=envelope.happened_at,
        sent_at=envelope.happened_at,
        lines=offer.lines,
        prices=prices,
        payment_terms=offer.payment_terms,
        deposit_percent=offer.deposit_percent,
        words=content.words,
        delivery_date=content.delivery_date or offer.delivery_date,
        answers=offer.version,
    )
    _require_amount(counter.most, "content.prices")
    _drop_draft(quote)
    _supersede(quote, envelope)
    quote.late = None
    counter.digest = digest_of_offer(quote.number, counter)
    quote.offers.append(counter)
    quote.owe_an_answer()
    quote.intend(
        Paper.COUNTER_OFFER,
        str(counter.version),
        (Role.SALESPERSON,),
        "R103",
        version=counter.version,
        answers=offer.version,
        prices=_bidden_in_words(bidden, content.delivery_date),
    )


def _bidden_in_words(bidden: Mapping[tuple[int, Decimal], Decimal], day: date | None) -> str:
    prices = [f"{line}: {quantity:f} × {price:f}" for (line, quantity), price in bidden.items()]
    return ", ".join([*prices, *([day.isoformat()] if day is not None else [])])


@FACTS.row(
    contents.OfferAccepted,
    (Role.CUSTOMER, *SELLERS),
    Words("客户接受报价", "offer accepted"),
    already=was_accepted,
)
def offer_accepted(quote: Quote, envelope: Envelope, content: contents.OfferAccepted) -> None:
    """R104: it becomes one order, however often it is said; after the validity the sales supervisor is asked."""
    acceptance = find_acceptance(quote, envelope, content)
    if acceptance.late:
        quote.late = acceptance.model_copy(update={"late": False})
        quote.intend(
            Paper.ACCEPTED_LATE, str(acceptance.version), (Role.CUSTOMER,), "R104", number=quote.number
        )
        return
    _drop_draft(quote)
    quote.late, quote.accepted = None, acceptance


@FACTS.row(contents.OfferRefused, (Role.CUSTOMER, *SELLERS), Words("客户谢绝报价", "offer refused"))
def offer_refused(quote: Quote, envelope: Envelope, content: contents.OfferRefused) -> None:
    """R103: the quote ends."""
    _require_open(quote)
    standing_named(quote, content.version, None)
    quote.pending_ending = QuoteEnding.REFUSED


@FACTS.row(
    contents.Withdrawn,
    (Role.SALESPERSON, Role.SALES_SUPERVISOR, Role.CUSTOMER),
    Words("撤回报价", "withdrawn"),
)
def withdrawn(quote: Quote, envelope: Envelope, content: contents.Withdrawn) -> None:
    """R103: by us or, as long as nothing was accepted, by who asked."""
    _require_open(quote)
    _withdraw(quote, content.reason)


def _withdraw(quote: Quote, reason: str) -> None:
    quote.pending_ending = QuoteEnding.WITHDRAWN
    if any(offer.sent_at for offer in quote.offers):
        quote.intend(
            Paper.QUOTE_WITHDRAWN,
            "1",
            (Role.CUSTOMER, Role.SALESPERSON),
            "R103",
            number=quote.number,
            reason=reason,
        )


# --- the order, and what is said about the quote rather than to it -----------------------------------------------------


@FACTS.row(contents.OrderMade, (Role.SYSTEM,), Words("已转订单", "order made"))
def order_made(quote: Quote, envelope: Envelope, content: contents.OrderMade) -> None:
    """R104: the one order that the accepted version became."""
    if quote.order:
        raise AlreadyKnown
    quote.order, quote.order_trouble = content.order, None
    quote.pending_ending = QuoteEnding.ORDERED


@FACTS.row(contents.OrderNotMade, (Role.SYSTEM,), Words("未能转订单", "order not made"))
def order_not_made(quote: Quote, envelope: Envelope, content: contents.OrderNotMade) -> None:
    """R104: somebody has to mend what kept it back."""
    quote.order_trouble = OrderTrouble(code=content.code, zh=content.zh, en=content.en)


@FACTS.row(contents.OrderWanted, SELLERS, Words("重新转订单", "order wanted"))
def order_wanted(quote: Quote, envelope: Envelope, content: contents.OrderWanted) -> None:
    """R104: it is tried once more."""
    if quote.order_trouble is None:
        words = Words("没有待重试的订单", "no order waits to be made again")
        raise Refusal(Code.NOT_ASKED, words, where="kind", rule="R104")
    quote.order_trouble = None
    quote.order_tries += 1


@FACTS.row(CancellationRequested, (Role.SYSTEM,), Words("取消", "cancellation requested"))
def cancellation_requested(quote: Quote, envelope: Envelope, content: CancellationRequested) -> None:
    """Whoever cancels it in the engine's own pages withdraws it."""
    _require_open(quote)
    _withdraw(quote, content.reason)


@FACTS.row(ContactLogged, STAFF, Words("联系记录", "contact logged"))
def contact_logged(quote: Quote, envelope: Envelope, content: ContactLogged) -> None:
    """R18: kept in the journal."""


_SAME_AS_OF_ORDERS = ("calendar_refreshed", "extension_given", "overridden")
QUOTE_FACTS: Mapping[str, FactKind] = {
    **FACTS,
    **{name: ADMINISTRATION[name] for name in _SAME_AS_OF_ORDERS},
    DECISION: FactKind(
        DecisionContent,
        tuple(sorted({role for rule in ROWS for role in rule.roles})),
        Words("决定", "decision"),
        quote_decision,
    ),
}
"""What may be said to a quote."""


# --- what is asked of everything that comes in -------------------------------------------------------------------------


def _require_open(quote: Quote) -> None:
    if quote.accepted is not None:
        raise Refusal(Code.ALREADY_DECIDED, _TAKEN, where="kind", rule="R104")


def _require_room(quote: Quote) -> None:
    if quote.last_version >= MOST_VERSIONS:
        raise Refusal(Code.TOO_LARGE, _TOO_MANY.filled(most=MOST_VERSIONS), where="kind", rule="R103")


def _require_asked_for(quote: Quote, named: Iterable[tuple[int, Decimal]], inside: str) -> None:
    """Raises Refusal: unknown_line for what nobody asked for, malformed for what is named twice."""
    seen: set[tuple[int, Decimal]] = set()
    for place, (line, quantity) in enumerate(named):
        if not quote.request.asks_for(line, quantity):
            known = ", ".join(
                f"{each.line}: {'/'.join(f'{q:f}' for q in each.quantities)}" for each in quote.request.lines
            )
            words = _NOT_ASKED_FOR.filled(line=line, quantity=f"{quantity:f}", known=known)
            raise Refusal(Code.UNKNOWN_LINE, words, where=f"{inside}.{place}", rule="R102")
        if (line, quantity) in seen:
            words = _TWICE.filled(line=line, quantity=f"{quantity:f}")
            raise Refusal(Code.MALFORMED, words, where=f"{inside}.{place}", rule="R102")
        seen.add((line, quantity))


def _require_amount(amount: Decimal, where: str) -> None:
    if amount > LARGEST:
        words = _TOO_MUCH.filled(amount=as_text(amount), most=as_text(LARGEST))
        raise Refusal(Code.BAD_MONEY, words, where=where, rule="R20")
