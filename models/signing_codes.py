"""One-time codes for a signature by a link (R31): six digits, ten minutes, five tries, a new one each minute at most. Pure.

A code belongs to one link, one name and one very document; a newer one takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import BaseModel

from models.values.words import InvalidValue

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)
"""Between two codes for the same link."""
_SHOWN_SIGNS = 2


def code_from(number: int) -> str:
    """Six digits made of a large random number."""
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def is_open(expires_at: datetime, tries: int, used_at: datetime | None, now: datetime) -> bool:
    """Whether a code may still be tried."""
    return used_at is None and tries < MOST_TRIES and now < expires_at


def masked(address: str) -> str:
    """An address that its owner knows again and nobody else learns: `wa…@example.com`, `13…78`."""
    name, at, place = address.partition("@")
    if at:
        return f"{name[:_SHOWN_SIGNS]}…@{place}"
    return f"{name[:_SHOWN_SIGNS]}…{name[-_SHOWN_SIGNS:]}" if len(name) > 2 * _SHOWN_SIGNS else "…"


# --- where a signer is reached ------------------------------------------------------------------------------------

_MAIL = re.compile(r"[^@\s=;]+@[^@\s=;]+\.[^@\s=;]+")
_PHONE = re.compile(r"\+?\d{5,20}")
_IGNORED = re.compile(r"[\s()\-/.]")


class SignerAddress(BaseModel):
    """Where one designated signer is reached; empty where it is not known."""

    email: str = ""
    phone: str = ""


def signer_contact(text: str) -> str:
    """One entry of the customer's file, `name=mail address or phone number`. Raises InvalidValue for anything else."""
    name, _, address = text.partition("=")
    name, address = name.strip(), address.strip()
    number = _IGNORED.sub("", address)
    if not name or not (_MAIL.fullmatch(address) or _PHONE.fullmatch(number)):
        raise InvalidValue(
            f"签字人联系方式写作 姓名=邮箱或手机号，不能是 {text}",
            f"a signer's contact is written NAME=mail or phone, and not {text}",
        )
    return f"{name}={address if _MAIL.fullmatch(address) else number}"


def address_of_signer(name: str, contacts: Iterable[str]) -> SignerAddress:
    """The signer's mail address and phone number, the first of each that is listed."""
    listed = [address for who, _, address in (each.partition("=") for each in contacts) if who == name]
    return SignerAddress(
        email=next((each for each in listed if "@" in each), ""),
        phone=next((each for each in listed if "@" not in each), ""),
    )


SIGNER = "signer:"
"""How a designated signer is named as the addressee of a code: they are neither a role nor one of the staff."""
