"""What this installation says to its orders, signed where its orders ask for that (`models.messages.signatures`)."""

from __future__ import annotations

from typing import Any

from activities.store.company_files import read_policy
from models.messages.envelope import Envelope
from models.messages.signatures import HOUSE, house_key, signed
from models.policy import Policy
from models.values.fingerprint import lasting
from runtime.link_secret import link_secret
from runtime.settings import Settings


def fact_key(settings: Settings) -> bytes:
    """What the programs of the house sign with. Raises Refusal(not_set_up) as `link_secret`."""
    return house_key(link_secret(settings))


def message_to(settings: Settings, order: str, envelope: Envelope) -> dict[str, Any]:
    """The envelope as it is sent to this order: with the signature of the house where facts are signed here."""
    message = lasting(envelope, leaving_out=("signature",))
    return signed(message, order, HOUSE, fact_key(settings)) if settings.signed_facts else message


def policy_of_new_orders(settings: Settings) -> Policy:
    """The company's policy; where facts are signed here its orders take no others. Raises Refusal as `read_policy`."""
    return as_signed_here(settings, read_policy(settings.policy))


def as_signed_here(settings: Settings, policy: Policy) -> Policy:
    """The policy as this installation has it: where facts are signed, none of its orders takes any others."""
    return policy.model_copy(update={"signed_facts": True}) if settings.signed_facts else policy
