"""What the facts about a contract carry (R107)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from models.contracts.terms import ContractTerms
from models.messages.link_signature import LinkSignature
from models.values.content import Content, Instant, Line, Reference, Text

SHORT = 12
"""So many signs of a version's hash stand on its paper, and are enough to name it."""
Version = Annotated[int, Field(ge=1)]
Digest = Annotated[Reference, StringConstraints(pattern=rf"^[0-9a-f]{{{SHORT},64}}$")]
"""The hash of a version: as it stands on the paper, or more of it."""


class Drafted(Content):
    """The next version: what is not given stays as it was. Of a contract in force it is a supplement 补充协议."""

    terms: ContractTerms | None = None
    quality: Text | None = None
    words: Text | None = None
    valid_until: date | None = None
    reason: Text = ""
    """Why it is changed; both sides read it on a supplement."""


class SigningArranged(Content):
    """Where and when both sides sign."""

    version: Version
    place: Line
    at: Instant


class ContractSigned(Content):
    """One side signed this version; whose signature it is follows from who tells it.

    Who hands in the customer's signed paper names who signed it, and its reference.
    """

    version: Version
    digest: Digest
    signed_by: Line = ""
    document: Line = ""
    """The signed copy, by its reference; a file that was handed in carries its hash in it."""
    link_signature: LinkSignature | None = None
    """What proves a signature that was given on the customer's own page with a one-time code (R31)."""


class ContractDeclined(Content):
    """The customer does not sign this version."""

    version: Version
    reason: Text = ""


class Terminated(Content):
    """The contract ends early. Once it is in force that is in writing: the reference of the paper."""

    reason: Text
    document: Line = ""


class OrderTold(Content):
    """The order was told how its contract stands, or had ended already."""

    news: Line
    order_ended: bool = False


class ContractInForce(Content):
    """To the order: this contract is signed by both sides, on these terms (their hash)."""

    contract: Reference
    version: Version
    digest: Reference
    terms: Reference
    since: Instant
    valid_until: date


class ContractOver(Content):
    """To the order: its contract counts no more."""

    contract: Reference
    ending: Line
    reason: Text = ""
    """Kept only: why, for who reads the journal (R107)."""
