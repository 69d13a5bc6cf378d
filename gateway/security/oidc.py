"""Staff log in by the company's own provider (OpenID Connect, authorization code with PKCE), where one is set up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from activities.access.logins import log_in_as
from gateway.context import address_of, door_of, in_database
from gateway.security.cookies import cookie_name, drop_cookie, set_cookie
from gateway.security.customer_links import own_address
from gateway.security.onward import arrived_there, way_on
from gateway.security.staff_sessions import arrival_of, token_of, with_session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.link_secret import link_secret
from runtime.settings import Settings

router = APIRouter(include_in_schema=False)

_BACK = "/login/oidc/back"
_COOKIE = "oidc"
_MINUTES = 10
_SECONDS = 10.0
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a key of the provider; none that a client's secret could make."""

_NOT_SET_UP = Words("没有设置企业账号登录", "log-in by a company account is not set up")
_AWAY = Words("企业账号服务现在没有应答,请稍后再试", "the company's log-in does not answer; try again later")
_NOT_OURS = Words(
    "登录未完成或已过期,请重新登录", "the log-in was not completed or took too long; please try again"
)
_UNTRUE = Words("企业账号的答复无效:{reason}", "the answer of the company's log-in is not valid: {reason}")


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in that was begun here: what must come back, and what only we know."""

    state: str
    nonce: str
    verifier: str

    def challenge(self) -> str:
        """What the provider sees of the verifier."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_set_up(settings: Settings) -> bool:
    """Whether a provider is named."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


@router.get("/login/oidc")
async def begin(request: Request) -> Response:
    """Send the person to the provider."""
    settings = _set_up(request)
    begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
    place = (await _described(settings))["authorization_endpoint"]
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": own_address(settings) + _BACK,
        "scope": "openid profile email",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge(),
        "code_challenge_method": "S256",
    }
    answer = RedirectResponse(f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}", 303)
    kept = _serializer(settings).dumps([begun.state, begun.nonce, begun.verifier])
    set_cookie(answer, request, settings, _COOKIE, str(kept), timedelta(minutes=_MINUTES))
    return answer


@router.get(_BACK)
async def come_back(request: Request, code: str = "", state: str = "") -> Response:
    """The provider sent the person back: who it is decides its signed token."""
    settings, door = _set_up(request), door_of(request)
    begun = _begun(settings, request.cookies.get(cookie_name(request, settings, _COOKIE), ""))
    if not code or not hmac.compare_digest(state.encode(), begun.state.encode()):
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_OURS)
    person = await _person(settings, begun, code)
    # the second factor is the provider's: it knows how the person showed who they are
    token = await in_database(
        log_in_as, door.engine, person, door.now(), address_of(request), arrival=arrival_of(request),
        instead_of=token_of(request),
    )  # fmt: skip
    answer = with_session(request, RedirectResponse(await way_on(request, person), 303), token)
    arrived_there(request, answer, person)
    drop_cookie(answer, request, settings, _COOKIE)
    return answer


def _set_up(request: Request) -> Settings:
    settings = door_of(request).settings
    if not is_set_up(settings):
        raise Refusal(Code.UNKNOWN_ORDER, _NOT_SET_UP, where="/login/oidc")
    return settings


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(link_secret(settings), salt="oidc")


def _begun(settings: Settings, cookie: str) -> Begun:
    try:
        return Begun(*_serializer(settings).loads(cookie, max_age=_MINUTES * 60))
    except BadSignature:
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_OURS) from None


async def _described(settings: Settings) -> dict[str, Any]:
    issuer = settings.oidc_issuer.rstrip("/")
    found = await _asked("GET", f"{issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise Refusal(Code.NOT_SIGNED_IN, _UNTRUE.filled(reason="issuer"))
    return found


async def _asked(method: str, place: str, **more: Any) -> dict[str, Any]:
    try:
        async with httpx.AsyncClient(timeout=_SECONDS) as client:
            answer = await client.request(method, place, **more)
            if answer.is_client_error:
                raise Refusal(Code.NOT_SIGNED_IN, _UNTRUE.filled(reason=f"HTTP {answer.status_code}"))
            answer.raise_for_status()
            found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Refusal(Code.SERVER_UNAVAILABLE, _AWAY) from error
    return found if isinstance(found, dict) else {}


async def _person(settings: Settings, begun: Begun, code: str) -> str:
    """The staff id that the provider's token names. Raises Refusal(not_signed_in)."""
    described = await _described(settings)
    secret = settings.oidc_client_secret
    sent = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": own_address(settings) + _BACK,
        "code_verifier": begun.verifier, "client_id": settings.oidc_client_id,
    }  # fmt: skip
    login = (settings.oidc_client_id, secret.get_secret_value()) if secret is not None else None
    told = await _asked("POST", described["token_endpoint"], data=sent, auth=login)
    keys = await _asked("GET", described["jwks_uri"])
    try:
        token = str(told.get("id_token", ""))
        named = jwt.get_unverified_header(token).get("kid")
        known = jwt.PyJWKSet.from_dict(keys).keys
        key = next(each for each in known if named is None or each.key_id == named)
        claims = jwt.decode(
            token, key.key, algorithms=ALGORITHMS, audience=settings.oidc_client_id, issuer=described["issuer"],
            options={"require": ["exp", "iat", "iss", "aud", "sub"]}, leeway=30,
        )  # fmt: skip
    except (jwt.PyJWTError, StopIteration) as untrue:
        raise Refusal(Code.NOT_SIGNED_IN, _UNTRUE.filled(reason=type(untrue).__name__)) from untrue
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode()):
        raise Refusal(Code.NOT_SIGNED_IN, _UNTRUE.filled(reason="nonce"))
    person = claims.get(settings.oidc_claim)
    if not isinstance(person, str) or not person:
        raise Refusal(Code.NOT_SIGNED_IN, _UNTRUE.filled(reason=settings.oidc_claim))
    return person
