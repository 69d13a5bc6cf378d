"""The provider to try with (`rehearsal.payment_provider`): signed as Standard Webhooks say, spoken to in plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from activities.shop.providers.provider import (
    PATIENCE_SECONDS,
    Callback,
    CallbackAnswer,
    Closing,
    IntentThere,
    IntentWanted,
    RefundAsked,
    RefundThere,
    StatementRow,
    is_away,
    not_signed,
    not_understood,
    says_no,
)
from models.messages.json_text import NotJson, read_json
from models.shop.checkout_money import ProviderEvent, ProviderSays, RefundState
from models.values.errors import Code, Refusal
from models.values.money import CURRENCY, as_text

NAME = "test"
_MISSING, _CONFLICT = 404, 409


class _Payment(BaseModel):
    payment: str
    amount: Decimal
    currency: str = CURRENCY
    paid_at: datetime


class _Refund(BaseModel):
    refund: str
    payment: str
    intent: str
    amount: Decimal
    state: RefundState
    at: datetime
    reference: str = ""
    problem: str = ""


class _Row(BaseModel):
    payment: str
    intent: str
    amount: Decimal
    at: datetime
    refund: str = ""
    currency: str = CURRENCY


class _There(BaseModel):
    intent: str
    state: str
    at: datetime
    payments: list[_Payment] = []
    refunds: list[_Refund] = []


class TestProvider:
    """Speaks to the test provider's server."""

    __test__ = False  # the name is meant; pytest need not look at it
    name = NAME

    def __init__(self, url: str, key: str, patience: float = PATIENCE_SECONDS) -> None:
        """`url`: where its server is; `key`: the secret both sides have."""
        self._url = url.rstrip("/")
        self._key = key
        self._patience = patience

    def create(self, wanted: IntentWanted) -> str:
        """Make the intent there; the same number again is the same intent."""
        said = {
            "intent": wanted.intent,
            "amount": as_text(wanted.amount),
            "currency": CURRENCY,
            "subject": wanted.subject,
            "notify_url": wanted.told_at,
            "return_url": wanted.back_at,
        }
        found = self._ask("POST", "/v1/intents", wanted.intent, said)
        return str(found["pay_at"])

    def query(self, intent: str) -> IntentThere:
        """How it stands there."""
        found = self._ask("GET", f"/v1/intents/{intent}", intent)
        if not found:
            return IntentThere(known=False)
        try:
            there = _There.model_validate(found)
        except ValidationError as wrong:
            raise is_away(NAME, str(wrong)) from wrong
        events = [
            ProviderEvent(
                provider=NAME, event=f"query/{paid.payment}", says=ProviderSays.PAID, intent=intent,
                payment=paid.payment, amount=paid.amount, currency=paid.currency, at=paid.paid_at,
            )
            for paid in there.payments
        ]  # fmt: skip
        events += [
            ProviderEvent(
                provider=NAME, event=f"query/{back.refund}/{back.state.value}", says=_REFUND_SAYS[back.state],
                intent=intent, payment=back.payment, refund=back.refund, amount=back.amount, at=back.at,
            )
            for back in there.refunds
            if back.state in _REFUND_SAYS
        ]  # fmt: skip
        if there.state == ProviderSays.CLOSED.value:
            events.append(
                ProviderEvent(
                    provider=NAME, event=f"query/{intent}/closed", says=ProviderSays.CLOSED, intent=intent, at=there.at
                )
            )  # fmt: skip
        return IntentThere(known=True, events=tuple(events))

    def close(self, intent: str) -> Closing:
        """Close it there."""
        found = self._ask("POST", f"/v1/intents/{intent}/close", f"close-{intent}", {}, allowed=(_CONFLICT,))
        return Closing.PAID if found.get("state") == Closing.PAID.value else Closing.CLOSED

    def refund(self, asked: RefundAsked) -> RefundThere:
        """Pay back; the same refund number again is the same refund."""
        said = {
            "refund": asked.refund,
            "intent": asked.intent,
            "payment": asked.payment,
            "amount": as_text(asked.amount),
            "reason": asked.reason,
        }
        found = self._ask("POST", "/v1/refunds", asked.refund, said)
        try:
            return RefundThere(
                RefundState(found["state"]), str(found.get("reference", "")), str(found.get("problem", ""))
            )
        except (KeyError, ValueError) as wrong:
            raise is_away(NAME, str(wrong)) from wrong

    def statement(self, day: date) -> list[StatementRow]:
        """Its payments and refunds of the day."""
        found = self._ask("GET", f"/v1/statement/{day.isoformat()}", "")
        try:
            rows = [_Row.model_validate(each) for each in found["rows"]]
        except (KeyError, ValidationError) as wrong:
            raise is_away(NAME, str(wrong)) from wrong
        return [StatementRow(**row.model_dump()) for row in rows]

    def read_callback(self, callback: Callback) -> ProviderEvent:
        """What it told, signed as Standard Webhooks say, within five minutes."""
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        headers = {name: callback.headers.get(name, "") for name in names}
        try:
            text = callback.raw.decode()
            Webhook(self._key).verify(text, headers)
        except (WebhookVerificationError, ValueError):
            raise not_signed() from None
        try:
            said: Any = read_json(callback.raw)
        except NotJson as wrong:
            raise not_understood(wrong.words.en) from None
        if not isinstance(said, dict):
            raise not_understood("no object")
        try:
            return ProviderEvent.model_validate(said | {"provider": NAME})
        except ValidationError as wrong:
            first = wrong.errors()[0]
            raise not_understood(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None

    def answer(self, refusal: Refusal | None) -> CallbackAnswer:
        """Success is heard as "taken", anything else as "tell me again"."""
        if refusal is None:
            return CallbackAnswer(200, '{"taken":true}', "application/json")
        status = 401 if refusal.code is Code.NOT_SIGNED_IN else 400
        return CallbackAnswer(status, f'{{"taken":false,"code":"{refusal.code.value}"}}', "application/json")

    def _ask(
        self,
        method: str,
        path: str,
        key: str,
        said: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": key}
        try:
            answer = httpx.request(
                method, self._url + path, json=said, headers=headers, timeout=self._patience, trust_env=False
            )
        except httpx.HTTPError as error:
            raise is_away(NAME, f"{type(error).__name__}: {error}") from error
        if answer.status_code == _MISSING:
            return {}
        if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
            raise is_away(NAME, f"HTTP {answer.status_code}")
        if answer.status_code >= 400 and answer.status_code not in allowed:
            raise says_no(NAME, f"HTTP {answer.status_code} {answer.text}")
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as wrong:
            raise is_away(NAME, "no JSON") from wrong
        return found


_REFUND_SAYS = {RefundState.DONE: ProviderSays.REFUNDED, RefundState.FAILED: ProviderSays.REFUND_FAILED}
