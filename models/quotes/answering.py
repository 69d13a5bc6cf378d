"""Which version the customer means, and whether it could still be taken at the time at which it was (R103, R104)."""

from __future__ import annotations

from models.messages.envelope import Envelope
from models.quotes.contents import OfferAccepted
from models.quotes.offer import Offer
from models.quotes.quote import Acceptance, Chosen, Quote
from models.values.errors import AlreadyKnown, Code, Refusal, TooEarly
from models.values.vocabulary import Role, Words

_UNKNOWN = Words("没有第{version}版报价", "there is no version {version}")
_STALE = Words(
    "第{version}版已被新版取代，现在是第{now}版", "version {version} is void; version {now} is the newest"
)
_OWN = Words(
    "第{version}版是客户自己的还价，须由我方报价",
    "version {version} is the customer's own; we have to offer it",
)
_OTHER = Words("校验码与第{version}版不符", "the hash is not that of version {version}")
_BEFORE = Words("接受早于报价发出", "it was accepted before it was sent")
_CHOOSE = Words(
    "第{line}行有几个数量可选，请注明：{known}",
    "line {line} is offered in several quantities; name one: {known}",
)
_NOT_OFFERED = Words("第{line}行没有报数量 {quantity}", "{quantity} of line {line} is not offered")
_PAPER = Words(
    "客户的书面接受须注明签字人和编号", "an acceptance on paper names who signed it and its reference"
)
_ACCEPTED = Words("已接受第{version}版", "version {version} is accepted already")


def standing_named(quote: Quote, version: int, digest: str | None) -> Offer:
    """The offer that the customer has, where it is the one that is named, also when it has expired.

    Raises Refusal: stale_version, contradiction; TooEarly for one that is not sent yet.
    """
    offer = _sent(quote, version)
    if digest is not None:
        _require_digest(offer, digest, "content.digest")
    if offer.superseded_at is not None:
        raise _stale(quote, version)
    return offer


def was_accepted(quote: Quote, said: OfferAccepted) -> bool:
    """Whether the quote has become its order by what is said here once more (R104)."""
    offer = quote.offer_numbered(quote.accepted.version) if quote.accepted is not None else None
    return offer is not None and is_accepted_already(said, offer.version, offer.digest)


def is_accepted_already(said: OfferAccepted, version: int | None, digest: str | None) -> bool:
    """Whether this takes once more what was taken: `version` and `digest` of the accepted offer (R104).

    For a quote that has become its order and takes no facts any more.
    """
    return version is not None and said.version == version and (digest or "").startswith(said.digest)


def find_acceptance(quote: Quote, envelope: Envelope, content: OfferAccepted) -> Acceptance:
    """What the customer takes. `late`: it happened after the validity of the version that stands.

    Raises Refusal: stale_version (a newer one had come, or another hash), contradiction, already_decided, not_in_writing,
    missing_field, unknown_line; TooEarly for a version that is not sent yet; AlreadyKnown for what was accepted before.
    """
    for known in (quote.accepted, quote.late):
        if known is not None and known.version == content.version:
            offer = quote.offer_numbered(known.version)
            if offer is not None:
                _require_digest(offer, content.digest, "content.digest")
            raise AlreadyKnown
    if quote.accepted is not None:
        words = _ACCEPTED.filled(version=quote.accepted.version)
        raise Refusal(Code.ALREADY_DECIDED, words, where="content.version", rule="R104")
    offer = _sent(quote, content.version)
    _require_digest(offer, content.digest, "content.digest")
    moment = envelope.happened_at
    if offer.sent_at is not None and moment < offer.sent_at:
        raise Refusal(Code.CONTRADICTION, _BEFORE, where="happened_at", rule="R104")
    if offer.superseded_at is not None and moment >= offer.superseded_at:
        raise _stale(quote, content.version)
    valid = offer.was_valid_at(moment)
    if not valid and offer.superseded_at is not None:
        raise _stale(quote, content.version)
    if envelope.role is not Role.CUSTOMER and not (content.signed_by and content.document):
        where = "content.document" if content.signed_by else "content.signed_by"
        raise Refusal(Code.NOT_IN_WRITING, _PAPER, where=where, rule="R104")
    return Acceptance(
        version=offer.version,
        chosen=_chosen(offer, content),
        by=envelope.by,
        role=envelope.role,
        at=moment,
        signed_by=content.signed_by,
        document=content.document,
        late=not valid,
    )


def _sent(quote: Quote, version: int) -> Offer:
    """One of our offers that was sent."""
    offer = quote.offer_numbered(version)
    if offer is None:
        raise Refusal(
            Code.CONTRADICTION, _UNKNOWN.filled(version=version), where="content.version", rule="R104"
        )
    if offer.by_customer:
        raise Refusal(Code.CONTRADICTION, _OWN.filled(version=version), where="content.version", rule="R104")
    if offer.sent_at is None:
        if offer is quote.draft:
            raise TooEarly
        raise _stale(quote, version)
    return offer


def _require_digest(offer: Offer, digest: str, where: str) -> None:
    if not offer.digest.startswith(digest):
        words = _OTHER.filled(version=offer.version)
        raise Refusal(Code.STALE_VERSION, words, where=where, rule="R104")


def _stale(quote: Quote, version: int) -> Refusal:
    words = _STALE.filled(version=version, now=quote.last_version)
    return Refusal(Code.STALE_VERSION, words, where="content.version", rule="R104")


def _chosen(offer: Offer, content: OfferAccepted) -> tuple[Chosen, ...]:
    """Of each line the quantity that is taken."""
    named = {each.line: each.quantity for each in content.quantities}
    for place, each in enumerate(content.quantities):
        if offer.price_of(each.line, each.quantity) is None or named[each.line] != each.quantity:
            words = _NOT_OFFERED.filled(line=each.line, quantity=f"{each.quantity:f}")
            raise Refusal(Code.UNKNOWN_LINE, words, where=f"content.quantities.{place}", rule="R104")
    chosen: list[Chosen] = []
    for line in dict.fromkeys(price.line for price in offer.prices):
        price = offer.price_of(line, named.get(line))
        if price is None:
            known = " / ".join(f"{each.quantity:f}" for each in offer.prices if each.line == line)
            words = _CHOOSE.filled(line=line, known=known)
            raise Refusal(Code.MISSING_FIELD, words, where="content.quantities", rule="R104")
        chosen.append(Chosen(line=line, quantity=price.quantity))
    return tuple(chosen)
