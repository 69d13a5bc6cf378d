"""The addresses by which a customer is known, and under which they log in (R85): mail and phone that are on file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

LOGGING_IN = "log_in:"
"""How whoever asked for a code to log in is named as its addressee: they are neither a role nor one of the staff."""
LONGEST_ADDRESS = 200
_MAIL = re.compile(r"[^@\s=;,]+@[^@\s=;,]+\.[^@\s=;,]+")
_PHONE = re.compile(r"\d{5,20}")
_BETWEEN_FIGURES = re.compile(r"[\s()\-/.]")
_OF_THE_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_BETWEEN_ADDRESSES = re.compile(r"[\s,;、，；]+")


def same_address(text: str) -> str:
    """The address as it is compared: mail in small letters, a phone number in its figures; empty for what is neither."""
    text = text.strip()
    if len(text) > LONGEST_ADDRESS:
        return ""
    if _MAIL.fullmatch(text):
        return text.lower()
    number = _OF_THE_COUNTRY.sub("", _BETWEEN_FIGURES.sub("", text)).removeprefix("+")
    return number if _PHONE.fullmatch(number) and number.isascii() else ""


def addresses_on_file(email: str, signer_contacts: Iterable[str]) -> frozenset[str]:
    """Every address of a customer's file, as it is compared: the company's mail, and where its signers are reached."""
    listed = [*_BETWEEN_ADDRESSES.split(email), *(each.partition("=")[2] for each in signer_contacts)]
    return frozenset(filter(None, map(same_address, listed)))
