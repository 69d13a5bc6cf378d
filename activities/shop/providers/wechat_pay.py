"""WeChat Pay v3 (Native: the customer scans a code), by `wechatpayv3`: keys, signatures and what is encrypted are the library's (R123).

What it is sent goes out from here, because the library knows one address alone. Written by the published specification and
tested against a stand-in that signs and calls back as it says; not tried with WeChat Pay itself. Amounts are whole fen there.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import httpx
from wechatpayv3.core import Core
from wechatpayv3.utils import build_authorization

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
from models.shop.checkout_money import ProviderEvent, ProviderSays, RefundState
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.money import CURRENCY

NAME = "wechat"
_ALGORITHM = "WECHATPAY2-SHA256-RSA2048"
_TOLERANCE = timedelta(minutes=5)
_AGAIN = ("SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BANK_ERROR", "BANKERROR")
_REFUNDS = {
    "SUCCESS": RefundState.DONE,
    "PROCESSING": RefundState.ASKED,
    "ABNORMAL": RefundState.FAILED,
    "CLOSED": RefundState.FAILED,
}
_LONGEST_SUBJECT = 40
_LONGEST_REASON = 26
"""Of 80 bytes; a Chinese sign has three."""


@dataclass(frozen=True, slots=True)
class WeChatAccount:
    """What a merchant has from WeChat Pay. Keys as PEM texts."""

    url: str
    merchant: str
    app: str
    serial: str
    private_key: str
    key: str
    public_key: str
    public_key_id: str


class WeChatPay:
    """One merchant at WeChat Pay."""

    name = NAME

    def __init__(self, account: WeChatAccount, patience: float = PATIENCE_SECONDS) -> None:
        self._account = account
        self._patience = patience
        self._core = Core(
            mchid=account.merchant, cert_serial_no=account.serial, private_key=account.private_key,
            apiv3_key=account.key, public_key=account.public_key, public_key_id=account.public_key_id,
        )  # fmt: skip
        parts = urlsplit(account.url)
        self._base = f"{parts.scheme}://{parts.netloc}"

    def create(self, wanted: IntentWanted) -> str:
        """A code to be scanned; the same number again is the same order there."""
        said = {
            "appid": self._account.app,
            "mchid": self._account.merchant,
            "description": wanted.subject[:_LONGEST_SUBJECT],
            "out_trade_no": wanted.intent,
            "notify_url": wanted.told_at,
            "amount": {"total": _fen(wanted.amount), "currency": CURRENCY},
        }
        return str(self._ask("POST", "/v3/pay/transactions/native", said).get("code_url", ""))

    def query(self, intent: str) -> IntentThere:
        """How it stands there."""
        path = f"/v3/pay/transactions/out-trade-no/{intent}?mchid={self._account.merchant}"
        found = self._ask("GET", path, missing=True)
        if not found:
            return IntentThere(known=False)
        state = found.get("trade_state")
        if state in ("SUCCESS", "REFUND"):
            return IntentThere(
                known=True, events=(self._payment(found, f"query/{found.get('transaction_id')}"),)
            )
        if state in ("CLOSED", "REVOKED"):
            closed = ProviderEvent(
                provider=NAME, event=f"query/{intent}/closed", says=ProviderSays.CLOSED, intent=intent,
                at=datetime.now(UTC).replace(microsecond=0),
            )  # fmt: skip
            return IntentThere(known=True, events=(closed,))
        return IntentThere(known=True)

    def close(self, intent: str) -> Closing:
        """It cannot be paid any more, unless it is paid."""
        path = f"/v3/pay/transactions/out-trade-no/{intent}/close"
        found = self._ask(
            "POST", path, {"mchid": self._account.merchant}, missing=True, allowed=("ORDERPAID", "ORDER_PAID")
        )
        return Closing.PAID if found.get("code") else Closing.CLOSED

    def refund(self, asked: RefundAsked) -> RefundThere:
        """Pay back; the same refund number again is the same refund."""
        said = {
            "transaction_id": asked.payment,
            "out_refund_no": asked.refund,
            "reason": asked.reason[:_LONGEST_REASON],
            "notify_url": asked.told_at,
            "amount": {"refund": _fen(asked.amount), "total": _fen(asked.paid), "currency": CURRENCY},
        }
        found = self._ask("POST", "/v3/refund/domestic/refunds", said)
        status = str(found.get("status", ""))
        if status not in _REFUNDS:
            raise is_away(NAME, f"refund status {status!r}")
        problem = status if _REFUNDS[status] is RefundState.FAILED else ""
        return RefundThere(_REFUNDS[status], str(found.get("refund_id", "")), problem)

    def statement(self, day: date) -> list[StatementRow]:
        """Trades and refunds of a business day: WeChat Pay has them from ten o'clock of the next one."""
        path = f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL"
        found = self._ask("GET", path, missing=True, allowed=("NO_STATEMENT_EXIST",))
        address = urlsplit(str(found.get("download_url", "")))
        if not address.path:
            return []
        text = self._send("GET", f"{address.path}?{address.query}", None).content.decode("utf-8-sig")
        return _rows_of(text)

    def read_callback(self, callback: Callback) -> ProviderEvent:
        """What it told: signed with its own key within five minutes, encrypted with ours."""
        headers = {name.lower(): value for name, value in callback.headers.items()}
        self._require_signed(headers, callback.raw)
        try:
            said = json.loads(callback.raw)
            found = self._core.callback(headers, callback.raw.decode())
            resource = found["resource"]
            kind, event = str(said["event_type"]), str(said["id"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise not_understood(f"{type(wrong).__name__}: {wrong}") from None
        if kind == "TRANSACTION.SUCCESS":
            return self._payment(resource, event)
        if kind.startswith("REFUND."):
            return self._refund(resource, event)
        raise not_understood(kind)

    def answer(self, refusal: Refusal | None) -> CallbackAnswer:
        """Success is 200; anything else it tells again for a day."""
        if refusal is None:
            return CallbackAnswer(200, '{"code":"SUCCESS"}', "application/json")
        status = 401 if refusal.code is Code.NOT_SIGNED_IN else 500
        return CallbackAnswer(
            status, f'{{"code":"FAIL","message":"{refusal.code.value}"}}', "application/json"
        )

    # --- what it says ----------------------------------------------------------------------------------------------

    def _payment(self, found: Mapping[str, Any], event: str) -> ProviderEvent:
        try:
            return ProviderEvent(
                provider=NAME, event=event, says=ProviderSays.PAID, intent=found["out_trade_no"],
                payment=found["transaction_id"], amount=_yuan(found["amount"]["total"]),
                currency=found["amount"].get("currency", CURRENCY), at=datetime.fromisoformat(found["success_time"]),
            )  # fmt: skip
        except (KeyError, ValueError, TypeError, ArithmeticError) as wrong:
            raise not_understood(f"{type(wrong).__name__}: {wrong}") from None

    def _refund(self, found: Mapping[str, Any], event: str) -> ProviderEvent:
        try:
            done = _REFUNDS[found["refund_status"]] is RefundState.DONE
            at = (
                datetime.fromisoformat(found["success_time"])
                if done
                else datetime.now(UTC).replace(microsecond=0)
            )
            return ProviderEvent(
                provider=NAME, event=event, says=ProviderSays.REFUNDED if done else ProviderSays.REFUND_FAILED,
                intent=found["out_trade_no"], payment=found["transaction_id"], refund=found["out_refund_no"],
                amount=_yuan(found["amount"]["refund"]), at=at,
            )  # fmt: skip
        except (KeyError, ValueError, TypeError, ArithmeticError) as wrong:
            raise not_understood(f"{type(wrong).__name__}: {wrong}") from None

    # --- how it is asked -------------------------------------------------------------------------------------------

    def _ask(
        self,
        method: str,
        path: str,
        said: Mapping[str, Any] | None = None,
        *,
        missing: bool = False,
        allowed: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """The answer, whose signature is right. Nothing for what is not there, where that may be."""
        answer = self._send(method, path, said)
        if answer.status_code == 404 and missing:
            return {}
        found = _json(answer.content) if answer.content else {}
        if answer.is_success:
            self._require_signed(
                {name.lower(): value for name, value in answer.headers.items()}, answer.content
            )
            return found
        code = str(found.get("code", ""))
        if code in allowed:
            return found
        if answer.status_code >= 500 or answer.status_code == 429 or code in _AGAIN:
            raise is_away(NAME, f"HTTP {answer.status_code} {code}")
        raise says_no(NAME, f"{code} {found.get('message', '')}")

    def _send(self, method: str, path: str, said: Mapping[str, Any] | None) -> httpx.Response:
        own, body = self._account, "" if said is None else json.dumps(said, ensure_ascii=False)
        private_key = self._core._private_key  # noqa: SLF001 - as the library itself signs
        signed = build_authorization(path, method, own.merchant, own.serial, private_key, data=body)
        headers = {
            "Authorization": signed,
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Wechatpay-Serial": own.public_key_id,
        }
        try:
            return httpx.request(
                method,
                self._base + path,
                content=body.encode(),
                headers=headers,
                timeout=self._patience,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            raise is_away(NAME, f"{type(error).__name__}: {error}") from error

    def _require_signed(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Raises Refusal(not_signed_in) for what was not signed with WeChat Pay's key, or at another time."""
        known = headers.get("wechatpay-signature-type") == _ALGORITHM
        if not known or headers.get("wechatpay-serial") != self._account.public_key_id:
            raise not_signed()
        try:
            signed_at = datetime.fromtimestamp(int(headers.get("wechatpay-timestamp", "")), UTC)
            text = raw.decode()
        except (ValueError, OverflowError, OSError):
            raise not_signed() from None
        if abs(datetime.now(UTC) - signed_at) > _TOLERANCE:
            raise not_signed()
        if not self._core._verify_signature(headers, text):  # noqa: SLF001 - the library checks answers and callbacks by it
            raise not_signed()


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _fen(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _yuan(fen: object) -> Decimal:
    if not isinstance(fen, int) or isinstance(fen, bool):
        raise TypeError(f"{fen!r} is no amount in fen")
    return Decimal(fen).scaleb(-2)


def _rows_of(text: str) -> list[StatementRow]:
    """The bill's lines: every value after a back quote; totals at the end are left out, and a line that cannot be read too."""
    found: list[StatementRow] = []
    for line in csv.DictReader(io.StringIO(text)):
        values = {str(name): str(value or "").lstrip("`").strip() for name, value in line.items() if name}
        try:
            at = datetime.strptime(values["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BUSINESS_ZONE)
            back = values.get("商户退款单号", "")
            refunded = back not in ("", "0")
            amount = Decimal(values["申请退款金额"] if refunded else values["订单金额"])
            row = StatementRow(
                values["微信订单号"], values["商户订单号"], amount.quantize(Decimal("0.01")), at, back if refunded else "",
                values["货币种类"],
            )  # fmt: skip
        except (KeyError, ValueError, ArithmeticError):
            continue
        found.append(row)
    return found
