"""What a customer's link looks like: a secret that the installation has signed; kept is only the secret's hash."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, URLSafeSerializer


def _serializer(installation: str) -> URLSafeSerializer:
    return URLSafeSerializer(installation, salt="customer link")


def token_of(installation: str, secret: str) -> str:
    """The token of a link with this secret, signed with the installation's own."""
    return str(_serializer(installation).dumps(secret))


def secret_in(installation: str, token: str) -> str | None:
    """The secret in a token that this installation signed; None in any other."""
    try:
        return str(_serializer(installation).loads(token))
    except BadSignature:
        return None


def link_hash_of(secret: str) -> str:
    """Under which hash a link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
