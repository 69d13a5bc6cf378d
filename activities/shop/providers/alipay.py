"""Alipay (page payment), by `alipay-sdk-python`: requests are built and signed by the library, signatures checked by it (R123).

What it is sent goes out from here, because the library forgets the port of an address. Written by the published
specification and tested against a stand-in that signs and calls back as it says; not tried with Alipay itself.
"""

from __future__ import annotations

import binascii
import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import rsa
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest import (
    AlipayDataDataserviceBillDownloadurlQueryRequest,
)
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest
from alipay.aop.api.util.SignatureUtils import get_sign_content, verify_with_rsa

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
from models.values.errors import Refusal
from models.values.money import as_text

NAME = "alipay"
_DONE, _TEMPORARY = "10000", "20000"
_MISSING = "ACQ.TRADE_NOT_EXIST"
_NO_BILL = "isp.bill_not_exist"
_PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
_AGAIN = ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error")
_ANSWER = re.compile(
    r'"[a-z_]+_response"\s*:\s*(\{.*\})\s*,\s*"(?:alipay_cert_sn"\s*:\s*"[^"]*"\s*,\s*")?sign"\s*:\s*"([^"]*)"',
    re.DOTALL,
)
_FIRST_COLUMN = "支付宝交易号"
_REFUND_ROW = "退款"


@dataclass(frozen=True, slots=True)
class AlipayAccount:
    """What a merchant has from Alipay. The private key as PKCS#1 PEM, Alipay's public key as PEM."""

    url: str
    app: str
    private_key: str
    public_key: str


class Alipay:
    """One merchant at Alipay."""

    name = NAME

    def __init__(self, account: AlipayAccount, patience: float = PATIENCE_SECONDS) -> None:
        self._account = account
        self._patience = patience
        config = AlipayClientConfig()
        config.server_url, config.app_id = account.url, account.app
        config.app_private_key, config.alipay_public_key = account.private_key, account.public_key
        self._client = DefaultAlipayClient(config)

    def create(self, wanted: IntentWanted) -> str:
        """The address to which the customer is sent: signed, and good however often it is made."""
        request = AlipayTradePagePayRequest()
        request.notify_url, request.return_url = wanted.told_at, wanted.back_at
        request.biz_content = {
            "out_trade_no": wanted.intent,
            "total_amount": as_text(wanted.amount),
            "subject": wanted.subject,
            "product_code": "FAST_INSTANT_TRADE_PAY",
        }
        return str(self._client.page_execute(request, "GET"))

    def query(self, intent: str) -> IntentThere:
        """How it stands there; an intent that nobody has opened yet is not known there."""
        request = AlipayTradeQueryRequest()
        request.biz_content = {"out_trade_no": intent}
        found = self._ask(request, allowed=(_MISSING,))
        if found.get("sub_code") == _MISSING:
            return IntentThere(known=False)
        state = found.get("trade_status")
        if state in _PAID:
            event = f"query/{found.get('trade_no')}"
            return IntentThere(
                known=True, events=(_payment(found, event, str(found.get("send_pay_date", ""))),)
            )
        if state == "TRADE_CLOSED":
            closed = ProviderEvent(
                provider=NAME, event=f"query/{intent}/closed", says=ProviderSays.CLOSED, intent=intent,
                at=datetime.now(UTC).replace(microsecond=0),
            )  # fmt: skip
            return IntentThere(known=True, events=(closed,))
        return IntentThere(known=True)

    def close(self, intent: str) -> Closing:
        """It cannot be paid any more, unless it is paid."""
        request = AlipayTradeCloseRequest()
        request.biz_content = {"out_trade_no": intent}
        found = self._ask(
            request, allowed=(_MISSING, "ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID")
        )
        sub_code = found.get("sub_code")
        return Closing.PAID if sub_code not in (None, _MISSING) else Closing.CLOSED

    def refund(self, asked: RefundAsked) -> RefundThere:
        """Pay back; the same refund number again is the same refund."""
        request = AlipayTradeRefundRequest()
        request.biz_content = {
            "trade_no": asked.payment,
            "refund_amount": as_text(asked.amount),
            "refund_reason": asked.reason,
            "out_request_no": asked.refund,
        }
        found = self._ask(request)
        return RefundThere(RefundState.DONE, f"{found.get('trade_no', asked.payment)}/{asked.refund}")

    def statement(self, day: date) -> list[StatementRow]:
        """Trades and refunds of a business day: Alipay has them in the morning of the next one."""
        request = AlipayDataDataserviceBillDownloadurlQueryRequest()
        request.biz_content = {"bill_type": "trade", "bill_date": day.isoformat()}
        found = self._ask(request, allowed=(_NO_BILL,))
        address = str(found.get("bill_download_url", ""))
        if not address:
            return []
        try:
            answer = httpx.get(address, timeout=self._patience, trust_env=False)
        except httpx.HTTPError as error:
            raise is_away(NAME, f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise is_away(NAME, f"HTTP {answer.status_code}")
        return _rows_of(answer.content)

    def read_callback(self, callback: Callback) -> ProviderEvent:
        """What it told as a form, signed over its sorted fields."""
        try:
            said = dict(parse_qsl(callback.raw.decode(), keep_blank_values=True, strict_parsing=True))
        except ValueError:
            raise not_signed() from None
        sign = said.pop("sign", "")
        kind = said.pop("sign_type", "")
        # fields without a value are not signed
        signed = get_sign_content({name: value for name, value in said.items() if value})
        if kind != "RSA2" or not self._is_signed(signed.encode(), sign):
            raise not_signed()
        if said.get("app_id") != self._account.app:
            raise not_understood("app_id")
        if said.get("refund_fee") and said.get("out_biz_no"):
            return _refund(said)
        event, at = (
            said.get("notify_id", ""),
            said.get("gmt_payment") or said.get("gmt_close") or said.get("notify_time", ""),
        )
        if said.get("trade_status") in _PAID:
            return _payment(said, event, at)
        states = {"TRADE_CLOSED": ProviderSays.CLOSED, "WAIT_BUYER_PAY": ProviderSays.MADE}
        if said.get("trade_status") not in states:
            raise not_understood(str(said.get("trade_status")))
        try:
            return ProviderEvent(
                provider=NAME,
                event=event,
                says=states[said["trade_status"]],
                intent=said["out_trade_no"],
                at=_moment(at),
            )
        except (KeyError, ValueError) as wrong:
            raise not_understood(str(wrong)) from None

    def answer(self, refusal: Refusal | None) -> CallbackAnswer:
        """It reads the seven letters `success`; anything else it tells again for a day."""
        if refusal is None:
            return CallbackAnswer(200, "success", "text/plain")
        return CallbackAnswer(400, "fail", "text/plain")

    # --- how it is asked -------------------------------------------------------------------------------------------

    def _ask(self, request: Any, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
        """The answer, whose signature is right."""
        address = urlsplit(str(self._client.page_execute(request, "GET")))
        try:
            answer = httpx.post(
                f"{address.scheme}://{address.netloc}{address.path}", content=address.query.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
                timeout=self._patience, trust_env=False,
            )  # fmt: skip
        except httpx.HTTPError as error:
            raise is_away(NAME, f"{type(error).__name__}: {error}") from error
        found = _ANSWER.search(answer.text) if answer.is_success else None
        if found is None or not self._is_signed(found[1].encode(), found[2]):
            raise is_away(NAME, f"HTTP {answer.status_code}, not signed")
        said: dict[str, Any] = json.loads(found[1])
        if said.get("code") == _DONE or said.get("sub_code") in allowed:
            return said
        if said.get("code") == _TEMPORARY or said.get("sub_code") in _AGAIN:
            raise is_away(NAME, f"{said.get('code')} {said.get('sub_code')}")
        raise says_no(NAME, f"{said.get('sub_code')} {said.get('sub_msg')}")

    def _is_signed(self, message: bytes, sign: str) -> bool:
        try:
            return bool(verify_with_rsa(self._account.public_key, message, sign))
        except (rsa.VerificationError, binascii.Error, ValueError):
            return False


def _payment(said: Mapping[str, Any], event: str, at: str) -> ProviderEvent:
    try:
        return ProviderEvent(
            provider=NAME, event=event, says=ProviderSays.PAID, intent=said["out_trade_no"], payment=said["trade_no"],
            amount=Decimal(str(said["total_amount"])), at=_moment(at),
        )  # fmt: skip
    except (KeyError, ValueError, ArithmeticError) as wrong:
        raise not_understood(f"{type(wrong).__name__}: {wrong}") from None


def _refund(said: Mapping[str, str]) -> ProviderEvent:
    """`refund_fee` is all that went back of the payment so far; of refunds that we asked for we know the amount ourselves."""
    try:
        return ProviderEvent(
            provider=NAME, event=said["notify_id"], says=ProviderSays.REFUNDED, intent=said["out_trade_no"],
            payment=said["trade_no"], refund=said["out_biz_no"], amount=Decimal(said["refund_fee"]),
            at=_moment(said.get("gmt_refund") or said["notify_time"]),
        )  # fmt: skip
    except (KeyError, ValueError, ArithmeticError) as wrong:
        raise not_understood(f"{type(wrong).__name__}: {wrong}") from None


def _moment(text: str) -> datetime:
    """A moment as Alipay writes it, in business time, with or without parts of a second."""
    return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BUSINESS_ZONE)


def _rows_of(content: bytes) -> list[StatementRow]:
    """The lines of the bill's table of single trades. A line that cannot be read is left out.

    Raises Refusal(provider_unavailable) for what is no bill.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bill:
            texts = [bill.read(name).decode("gbk") for name in bill.namelist()]
    except (zipfile.BadZipFile, UnicodeDecodeError) as wrong:
        raise is_away(NAME, f"the bill cannot be read: {wrong}") from wrong
    found: list[StatementRow] = []
    for text in texts:
        lines = text.splitlines()
        begin = next((number for number, line in enumerate(lines) if line.startswith(_FIRST_COLUMN)), None)
        if begin is not None:
            found += [row for line in csv.DictReader(lines[begin:]) if (row := _row_of(line)) is not None]
    return found


def _row_of(line: Mapping[str, str]) -> StatementRow | None:
    values = {name.strip(): (value or "").strip() for name, value in line.items() if name}
    try:
        back = values["业务类型"] == _REFUND_ROW
        return StatementRow(
            values["支付宝交易号"], values["商户订单号"], abs(Decimal(values["订单金额（元）"])).quantize(Decimal("0.01")),
            _moment(values["完成时间"]), values["退款批次号/请求号"] if back else "",
        )  # fmt: skip
    except (KeyError, ValueError, ArithmeticError):
        return None
