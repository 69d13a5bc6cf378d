"""What proves a signature that was given by a customer's link: which paper, that it was opened, when, from where, by whom.

A name alone is no signature (R31). It counts at once when a one-time code proved that the designated signer had the
phone or the mailbox that the company knows; without one it stands like a picture that came back, and a clerk looks at it.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from models.values.content import Content, Instant, Name, Reference, Text
from models.values.vocabulary import Term
from models.values.words import InvalidValue

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_NO_FILE = Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]


class CodeChannel(Term):
    """How the signer got the one-time code with which a signature was proved."""

    NONE = "none", "未用验证码", "no code"
    EMAIL = "email", "邮件验证码", "a code by e-mail"
    PHONE = "phone", "短信验证码", "a code by text message"


class LinkSignature(Content):
    """One signature by a link. Moments carry their offset; addresses are those of the network (IP)."""

    document_sha256: Sha256
    """SHA-256 of exactly the PDF that was shown."""
    opened_at: Instant
    """When the customer first opened that PDF by this link."""
    opened_from: Text = ""
    signed_at: Instant
    signed_from: Text = ""
    signer: Name
    """The name that was typed."""
    link: Reference
    """Which of the order's links it was; not the link itself, which is a key."""
    code_channel: CodeChannel = CodeChannel.NONE
    code_sent_to: Text = ""
    """Where the code went, with its middle left out."""
    drawing_sha256: _NO_FILE = ""
    """The drawn signature (PNG) in the store of documents; empty where nothing was drawn."""

    @property
    def is_proved(self) -> bool:
        """Whether a code proved who signed."""
        return self.code_channel is not CodeChannel.NONE

    @model_validator(mode="after")
    def _opened_before_it_was_signed(self) -> Self:
        if self.signed_at < self.opened_at:
            raise InvalidValue(
                "签字早于打开文件，不能算签署",
                "it was signed before the paper was opened, so it is no signature",
            )
        if self.is_proved != bool(self.code_sent_to):
            raise InvalidValue(
                "验证码须写明发往何处", "a code goes with the place where it was sent, and only with that"
            )
        return self
