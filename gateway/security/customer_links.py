"""Links that open one order to its customer: signed, and good for some days."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from activities.store.private_folder import make_private_folder
from models.access import Caller, CallerKind
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.settings import Settings

_SECONDS_A_DAY = 86_400
DAYS = 30
_NOT_VALID = Words(
    "链接无效或已过期,请联系业务员", "this link is not valid or has expired; please ask your salesperson"
)


def signing_secret(settings: Settings) -> str:
    """The installation's own secret: from the setting, or made once and readable by nobody else."""
    if settings.link_secret is not None:
        return settings.link_secret.get_secret_value()
    file = settings.var / "link-secret"
    if not file.exists():
        make_private_folder(settings.var)
        part = file.with_name(f".link-secret.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(32))
        try:
            Path.hardlink_to(file, part)  # two processes: the first one's stays
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text()


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_secret(settings), salt="customer")


def own_address(settings: Settings) -> str:
    """Where people reach the door."""
    return settings.gateway_url.rstrip("/") or f"http://{settings.gateway_address}"


def link_for(settings: Settings, order: str) -> str:
    """The address under which the customer sees this order."""
    return f"{own_address(settings)}/c/{_serializer(settings).dumps(order)}"


def customer_of(settings: Settings, token: str) -> Caller:
    """Whom a link lets in, and to which order. Raises Refusal(not_signed_in)."""
    try:
        order = _serializer(settings).loads(token, max_age=DAYS * _SECONDS_A_DAY)
    except BadSignature:
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_VALID) from None
    return Caller(name="customer", kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=str(order))
