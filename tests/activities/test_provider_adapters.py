"""WeChat Pay and Alipay against stand-ins that check and sign as their specifications say; not tried with the providers (R123)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat

from activities.shop.providers.alipay import Alipay, AlipayAccount
from activities.shop.providers.provider import (
    Callback,
    Closing,
    IntentThere,
    IntentWanted,
    PaymentProvider,
    RefundAsked,
)
from activities.shop.providers.wechat_pay import WeChatAccount, WeChatPay
from models.shop.checkout_money import ProviderSays, RefundState
from models.values.errors import Code, Refusal
from tests.activities.provider_stand_ins import AlipayStandIn, Key, WeChatStandIn, served

INTENT = "P0123456789abcdef01234567-1"
WANTED = IntentWanted(INTENT, Decimal("176.00"), "订单 20270105-0001", "http://shop/told", "http://shop/back")
DAY = date(2027, 1, 5)


@pytest.fixture(scope="module")
def wechat() -> Iterator[tuple[WeChatStandIn, WeChatPay]]:
    there = WeChatStandIn()
    with served(there.app) as url:
        account = WeChatAccount(
            url, "1900000001", "wx0001", there.serial, there.merchant.private_pem(PrivateFormat.PKCS8), there.key,
            there.platform.public_pem(), there.public_key_id,
        )  # fmt: skip
        yield there, WeChatPay(account)


@pytest.fixture(scope="module")
def alipay() -> Iterator[tuple[AlipayStandIn, Alipay]]:
    there = AlipayStandIn()
    with served(there.app) as url:
        account = AlipayAccount(
            f"{url}/gateway.do", there.app_id, there.merchant.private_pem(PrivateFormat.TraditionalOpenSSL),
            there.platform.public_pem(),
        )  # fmt: skip
        yield there, Alipay(account)


def refund(payment: str, number: str = "R20270105-0001-1", amount: str = "100.00") -> RefundAsked:
    return RefundAsked(
        number, INTENT, payment, Decimal(amount), Decimal("176.00"), "商家拒单", "http://shop/told"
    )


def paid_in(there: IntentThere) -> tuple[str, str, str]:
    (event,) = there.events
    assert event.says is ProviderSays.PAID
    return event.intent, str(event.amount), event.at.isoformat()


def test_a_life_at_wechat_pay(wechat: tuple[WeChatStandIn, WeChatPay]) -> None:
    there, provider = wechat
    assert provider.query("P-nobody") == IntentThere(known=False)
    assert provider.close("P-nobody") is Closing.CLOSED
    assert provider.create(WANTED).startswith("weixin://wxpay/bizpayurl")
    assert provider.create(WANTED).startswith("weixin://wxpay/bizpayurl")
    assert there.orders[INTENT]["amount"] == {"total": 17600, "currency": "CNY"}
    assert provider.query(INTENT) == IntentThere(known=True)
    other = IntentWanted("P-other-1", Decimal("0.01"), "x", "http://shop/told", "http://shop/back")
    provider.create(other)
    assert provider.close("P-other-1") is Closing.CLOSED
    assert provider.query("P-other-1").events[0].says is ProviderSays.CLOSED
    order = there.pays(INTENT)
    assert provider.close(INTENT) is Closing.PAID
    assert paid_in(provider.query(INTENT)) == (INTENT, "176.00", "2027-01-05T09:30:00+08:00")
    headers, raw = there.tells("TRANSACTION.SUCCESS", order)
    event = provider.read_callback(Callback(headers, raw))
    assert (event.payment, str(event.amount), event.currency) == (order["transaction_id"], "176.00", "CNY")
    assert event == provider.read_callback(
        Callback({name.lower(): value for name, value in headers.items()}, raw)
    )
    asked = refund(order["transaction_id"])
    assert provider.refund(asked).state is RefundState.DONE
    assert provider.refund(asked).state is RefundState.DONE
    assert there.refunds[asked.refund]["amount"] == {"refund": 10000, "total": 17600, "currency": "CNY"}
    rows = provider.statement(DAY)
    assert [(row.payment, row.refund, str(row.amount)) for row in rows] == [
        (order["transaction_id"], "", "176.00"),
        (order["transaction_id"], asked.refund, "100.00"),
    ]


@pytest.mark.parametrize(
    ("status", "state"), [("PROCESSING", RefundState.ASKED), ("ABNORMAL", RefundState.FAILED)]
)
def test_refunds_of_wechat_pay_take_their_time(
    wechat: tuple[WeChatStandIn, WeChatPay], status: str, state: RefundState
) -> None:
    there, provider = wechat
    there.refund_status = status
    assert provider.refund(refund("4200", f"R-{status}")).state is state
    there.refund_status = "SUCCESS"
    said = {
        "out_trade_no": INTENT, "transaction_id": "4200", "out_refund_no": f"R-{status}", "refund_status": "SUCCESS",
        "success_time": "2027-01-05T10:00:00+08:00", "amount": {"total": 17600, "refund": 10000},
    }  # fmt: skip
    headers, raw = there.tells("REFUND.SUCCESS", said)
    event = provider.read_callback(Callback(headers, raw))
    assert (event.says, event.refund, str(event.amount)) == (ProviderSays.REFUNDED, f"R-{status}", "100.00")
    headers, raw = there.tells("REFUND.ABNORMAL", said | {"refund_status": "ABNORMAL"})
    assert provider.read_callback(Callback(headers, raw)).says is ProviderSays.REFUND_FAILED


def code_of(provider: PaymentProvider, headers: dict[str, str], raw: bytes) -> Code:
    with pytest.raises(Refusal) as refused:
        provider.read_callback(Callback(headers, raw))
    return refused.value.code


def test_what_wechat_pay_did_not_sign_is_not_believed(wechat: tuple[WeChatStandIn, WeChatPay]) -> None:
    there, provider = wechat
    order = {
        "out_trade_no": INTENT,
        "transaction_id": "1",
        "success_time": "2027-01-05T09:30:00+08:00",
        "amount": {"total": 1},
    }
    headers, raw = there.tells("TRANSACTION.SUCCESS", order)
    assert code_of(provider, {}, raw) is Code.NOT_SIGNED_IN
    assert code_of(provider, headers, raw + b" ") is Code.NOT_SIGNED_IN
    for name, value in (
        ("Wechatpay-Serial", "PUB_KEY_ID_0002"), ("Wechatpay-Timestamp", "1"), ("Wechatpay-Timestamp", "x"),
        ("Wechatpay-Signature", "AAAA"), ("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
    ):  # fmt: skip
        assert code_of(provider, headers | {name: value}, raw) is Code.NOT_SIGNED_IN, name
    for wrong in (
        order | {"amount": {"total": 1.5}},
        order | {"success_time": "then"},
        {"out_trade_no": INTENT},
    ):
        assert code_of(provider, *there.tells("TRANSACTION.SUCCESS", wrong)) is Code.MALFORMED
    assert code_of(provider, *there.tells("SOMETHING.ELSE", order)) is Code.MALFORMED
    there.unsigned = True
    with pytest.raises(Refusal) as refused:
        provider.query(INTENT)
    there.unsigned = False
    assert refused.value.code is Code.NOT_SIGNED_IN
    assert provider.answer(None).status == 200
    assert provider.answer(refused.value).status == 401


def test_a_life_at_alipay(alipay: tuple[AlipayStandIn, Alipay]) -> None:
    there, provider = alipay
    assert provider.query("P-nobody") == IntentThere(known=False)
    assert provider.close("P-nobody") is Closing.CLOSED
    address = provider.create(WANTED)
    assert httpx.get(address).text == "a page"
    assert there.trades[INTENT]["total_amount"] == "176.00"
    assert provider.query(INTENT) == IntentThere(known=True)
    trade = there.pays(INTENT)
    assert provider.close(INTENT) is Closing.PAID
    assert paid_in(provider.query(INTENT)) == (INTENT, "176.00", "2027-01-05T09:30:00+08:00")
    raw = there.tells(
        out_trade_no=INTENT, trade_no=trade["trade_no"], trade_status="TRADE_SUCCESS", total_amount="176.00",
        gmt_payment="2027-01-05 09:30:00", subject="订单 & 纸",
    )  # fmt: skip
    event = provider.read_callback(Callback({}, raw))
    assert (event.payment, str(event.amount), event.event) == (
        trade["trade_no"],
        "176.00",
        "ac05099524730693a8b330c5ecf72da9786",
    )
    asked = refund(trade["trade_no"])
    assert [provider.refund(asked).state for _ in range(2)] == [RefundState.DONE] * 2
    raw = there.tells(
        out_trade_no=INTENT, trade_no=trade["trade_no"], trade_status="TRADE_SUCCESS", total_amount="176.00",
        out_biz_no=asked.refund, refund_fee="100.00", gmt_refund="2027-01-05 10:00:00.123",
    )  # fmt: skip
    event = provider.read_callback(Callback({}, raw))
    assert (event.says, event.refund, str(event.amount)) == (ProviderSays.REFUNDED, asked.refund, "100.00")
    closed = there.tells(out_trade_no=INTENT, trade_status="TRADE_CLOSED", gmt_close="2027-01-06 09:30:00")
    assert provider.read_callback(Callback({}, closed)).says is ProviderSays.CLOSED
    rows = provider.statement(DAY)
    assert [(row.payment, row.refund, str(row.amount)) for row in rows] == [
        (trade["trade_no"], "", "176.00"),
        (trade["trade_no"], asked.refund, "100.00"),
    ]


def test_what_alipay_did_not_sign_is_not_believed(alipay: tuple[AlipayStandIn, Alipay]) -> None:
    there, provider = alipay
    said = {"out_trade_no": INTENT, "trade_no": "1", "trade_status": "TRADE_SUCCESS", "total_amount": "176.00",
            "gmt_payment": "2027-01-05 09:30:00"}  # fmt: skip
    raw = there.tells(**said)
    assert code_of(provider, {}, b"") is Code.NOT_SIGNED_IN
    assert code_of(provider, {}, raw.replace(b"176.00", b"1.00")) is Code.NOT_SIGNED_IN
    assert code_of(provider, {}, raw.replace(b"RSA2", b"RSA1")) is Code.NOT_SIGNED_IN
    assert code_of(provider, {}, raw.partition(b"&sign=")[0]) is Code.NOT_SIGNED_IN
    assert code_of(provider, {}, there.tells(**said | {"app_id": "another"})) is Code.MALFORMED
    assert code_of(provider, {}, there.tells(**said | {"gmt_payment": "then"})) is Code.MALFORMED
    assert code_of(provider, {}, there.tells(**said | {"trade_status": "NEW"})) is Code.MALFORMED
    assert provider.answer(None).body == "success"
    right, there.platform = there.platform, Key()
    with pytest.raises(Refusal) as refused:
        provider.query(INTENT)
    there.platform = right
    assert refused.value.code is Code.PROVIDER_UNAVAILABLE


def test_alipay_says_no_or_comes_again(alipay: tuple[AlipayStandIn, Alipay]) -> None:
    there, provider = alipay
    codes = {}
    for there.fails in ("40004", "20000"):
        with pytest.raises(Refusal) as refused:
            provider.refund(refund("1", "R-9"))
        codes[there.fails] = refused.value.code
    there.fails = ""
    assert codes == {"40004": Code.PROVIDER_REFUSES, "20000": Code.PROVIDER_UNAVAILABLE}


def test_a_provider_that_does_not_answer_is_away() -> None:
    keys = Key()
    own, theirs = keys.private_pem(PrivateFormat.PKCS8), keys.public_pem()
    wechat = WeChatPay(WeChatAccount("http://127.0.0.1:9", "1", "wx", "A", own, "k" * 32, theirs, "PUB"))
    own = keys.private_pem(PrivateFormat.TraditionalOpenSSL)
    alipay = Alipay(AlipayAccount("http://127.0.0.1:9/gateway.do", "1", own, theirs))
    for provider in (wechat, alipay):
        with pytest.raises(Refusal) as refused:
            provider.query(INTENT)
        assert refused.value.code is Code.PROVIDER_UNAVAILABLE
