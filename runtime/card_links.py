"""Links from a chat group to one card: signed, so that nobody makes one up, and opened only by who is logged in.

Such a link lets nobody in: it leads through the log-in to the card, and what somebody may see and do there is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.link_secret import link_secret
from runtime.settings import Settings

_OVERDUE = "overdue_notice:"
_NOT_OURS = Words(
    "链接无效，请在订单系统中打开订单", "this link is not ours; open the order in the order system"
)


@dataclass(frozen=True, slots=True)
class CardLink:
    """Where a link leads: to the step with this key where one is named, else to one of this rule, of an order."""

    order: str
    step: str = ""
    rule: str = ""


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(link_secret(settings), salt="card link")


def card_link(settings: Settings, card: CardLink) -> str:
    """The address of a card; empty where nobody said how people reach the door (`gateway_url`)."""
    if not settings.gateway_url or not card.order:
        return ""
    token = _serializer(settings).dumps([card.order, card.step, card.rule])
    return f"{settings.gateway_url.rstrip('/')}/card/{token}"


def card_in(settings: Settings, token: str) -> CardLink:
    """Where a link leads. Raises Refusal(unknown_place) for one that is not ours."""
    try:
        order, step, rule = _serializer(settings).loads(token)
    except (BadSignature, ValueError, TypeError):
        raise Refusal(Code.UNKNOWN_PLACE, _NOT_OURS, where="/card") from None
    return CardLink(str(order), str(step), str(rule))


def card_of_notice(order: str, identity: str, rule: str) -> CardLink:
    """The card that a notice is about: a notice that a step is overdue names the step."""
    named = identity.removeprefix(_OVERDUE).rpartition(":")[0] if identity.startswith(_OVERDUE) else ""
    return CardLink(order, named, rule)
