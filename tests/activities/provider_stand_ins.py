"""WeChat Pay and Alipay as servers on this machine: they check what is signed, sign and encrypt as their specifications say."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import secrets
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from fastapi import FastAPI, Request, Response

from runtime.server.ports import free_port
from tests.runtime.watching import looks


class Key:
    """A pair of keys, as texts and at work."""

    def __init__(self) -> None:
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def private_pem(self, form: PrivateFormat) -> str:
        return self._private.private_bytes(Encoding.PEM, form, NoEncryption()).decode()

    def public_pem(self) -> str:
        return (
            self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        )

    def sign(self, text: str) -> str:
        return base64.b64encode(self._private.sign(text.encode(), padding.PKCS1v15(), SHA256())).decode()

    def has_signed(self, text: str, signature: str) -> bool:
        try:
            self._private.public_key().verify(
                base64.b64decode(signature), text.encode(), padding.PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return False
        return True


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an application as long as the block runs."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in looks("it listens"):
        if server.started:
            break
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class WeChatStandIn:
    """WeChat Pay v3, Native: orders, refunds, the bill of a day."""

    def __init__(self) -> None:
        self.merchant, self.platform = Key(), Key()
        self.key, self.public_key_id, self.serial = secrets.token_hex(16), "PUB_KEY_ID_0001", "ABCDEF01"
        self.orders: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.refund_status = "SUCCESS"
        self.unsigned = False
        self.app = FastAPI()
        self.app.add_api_route("/{path:path}", self.answer, methods=["GET", "POST"], response_model=None)

    async def answer(self, request: Request) -> Response:
        body = (await request.body()).decode()
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        said = dict(re.findall(r'(\w+)="([^"]*)"', request.headers["authorization"]))
        text = f"{request.method}\n{target}\n{said['timestamp']}\n{said['nonce_str']}\n{body}\n"
        if said["mchid"] != "1900000001" or not self.merchant.has_signed(text, said["signature"]):
            return self.signed(401, {"code": "SIGN_ERROR", "message": "签名错误"})
        return self.done(request.method, request.url.path, json.loads(body) if body else {}, request)

    def done(self, method: str, path: str, said: dict[str, Any], request: Request) -> Response:
        if path == "/v3/pay/transactions/native":
            self.orders.setdefault(said["out_trade_no"], said | {"trade_state": "NOTPAY"})
            return self.signed(200, {"code_url": f"weixin://wxpay/bizpayurl?pr={said['out_trade_no']}"})
        if path == "/v3/refund/domestic/refunds":
            found = {"refund_id": f"5030{said['out_refund_no']}", "status": self.refund_status}
            return self.signed(200, self.refunds.setdefault(said["out_refund_no"], said | found))
        if path == "/v3/bill/tradebill":
            return self.signed(200, {"download_url": f"{request.base_url}v3/billdownload/file?token=t"})
        if path == "/v3/billdownload/file":
            return Response(self.bill().encode("utf-8-sig"), media_type="text/plain")
        order = self.orders.get(path.split("/")[5])
        if order is None:
            return self.signed(404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})
        if not path.endswith("/close"):
            return self.signed(200, order)
        if order["trade_state"] == "SUCCESS":
            return self.signed(400, {"code": "ORDERPAID", "message": "该订单已支付"})
        order["trade_state"] = "CLOSED"
        return self.signed(204, None)

    def headers(self, body: str) -> dict[str, str]:
        moment, nonce = str(int(time.time())), secrets.token_hex(16)
        signature = self.platform.sign(f"{moment}\n{nonce}\n{body}\n")
        return {
            "Wechatpay-Timestamp": moment,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": signature[:-8] + "AAAAAAA=" if self.unsigned else signature,
            "Wechatpay-Serial": self.public_key_id,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }

    def signed(self, status: int, said: Mapping[str, Any] | None) -> Response:
        body = "" if said is None else json.dumps(said, ensure_ascii=False)
        return Response(body, status, self.headers(body), "application/json")

    def pays(self, intent: str, fen: int | None = None) -> dict[str, Any]:
        """Somebody scans the code and pays."""
        order = self.orders[intent]
        total = order["amount"]["total"] if fen is None else fen
        order |= {
            "trade_state": "SUCCESS",
            "transaction_id": f"4200{intent[1:9]}",
            "success_time": "2027-01-05T09:30:00+08:00",
            "amount": {"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"},
        }
        return order

    def tells(self, kind: str, resource: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """Headers and body of a notification."""
        nonce = secrets.token_hex(6)
        sealed = AESGCM(self.key.encode()).encrypt(
            nonce.encode(), json.dumps(resource).encode(), b"transaction"
        )
        body = json.dumps(
            {
                "id": f"EV-{kind}-{resource['out_trade_no']}",
                "create_time": "2027-01-05T09:30:01+08:00",
                "resource_type": "encrypt-resource",
                "event_type": kind,
                "resource": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "nonce": nonce,
                    "associated_data": "transaction",
                },
            }
        )
        return self.headers(body), body.encode()

    def bill(self) -> str:
        names = [
            "交易时间",
            "微信订单号",
            "商户订单号",
            "交易状态",
            "货币种类",
            "商户退款单号",
            "订单金额",
            "申请退款金额",
        ]
        rows = [
            ["2027-01-05 09:30:00", each["transaction_id"], number, "SUCCESS", "CNY", "0", f"{each['amount']['total'] / 100:.2f}", "0.00"]
            for number, each in self.orders.items()
            if each["trade_state"] == "SUCCESS"
        ]  # fmt: skip
        rows += [
            [
                "2027-01-05 10:00:00", each["transaction_id"], "P-x", "REFUND", "CNY", each["out_refund_no"], "0.00",
                f"{each['amount']['refund'] / 100:.2f}",
            ]
            for each in self.refunds.values()
        ]  # fmt: skip
        lines = [",".join(names), *(",".join(f"`{value}" for value in row) for row in rows)]
        return "\r\n".join([*lines, "总交易单数,应结订单总金额", "`2,`352.00", ""])


class AlipayStandIn:
    """Alipay's gateway: page payment, query, close, refund, the bill of a day."""

    def __init__(self) -> None:
        self.merchant, self.platform = Key(), Key()
        self.app_id = "2021000000000001"
        self.trades: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.fails = ""
        self.app = FastAPI()
        self.app.add_api_route("/gateway.do", self.answer, methods=["GET", "POST"], response_model=None)
        self.app.add_api_route("/bill.zip", self.bill, methods=["GET"], response_model=None)

    async def answer(self, request: Request) -> Response:
        raw = (await request.body()).decode() or request.url.query
        said = dict(parse_qsl(raw, keep_blank_values=True))
        sign = said.pop("sign")
        text = "&".join(f"{name}={value}" for name, value in sorted(said.items()))
        if said["app_id"] != self.app_id or not self.merchant.has_signed(text, sign):
            return self.signed(
                said["method"], {"code": "40002", "sub_code": "isv.invalid-signature", "sub_msg": "验签出错"}
            )
        content = json.loads(said["biz_content"])
        if request.method == "GET":
            self.trades.setdefault(
                content["out_trade_no"],
                content | {"trade_status": "WAIT_BUYER_PAY", "notify_url": said["notify_url"]},
            )
            return Response("a page")
        if self.fails:
            return self.signed(
                said["method"],
                {"code": self.fails, "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH", "sub_msg": "余额不足"},
            )
        return self.signed(said["method"], self.done(said["method"], content, request))

    def done(self, method: str, said: Mapping[str, Any], request: Request) -> dict[str, Any]:
        if method == "alipay.data.dataservice.bill.downloadurl.query":
            return {"code": "10000", "msg": "Success", "bill_download_url": f"{request.base_url}bill.zip"}
        if method == "alipay.trade.refund":
            back = self.refunds.setdefault(said["out_request_no"], dict(said))
            return {"code": "10000", "msg": "Success", "trade_no": back["trade_no"], "fund_change": "Y"}
        trade = self.trades.get(said["out_trade_no"])
        if trade is None:
            return {
                "code": "40004",
                "msg": "Business Failed",
                "sub_code": "ACQ.TRADE_NOT_EXIST",
                "sub_msg": "交易不存在",
            }
        if method == "alipay.trade.close":
            if trade["trade_status"] == "TRADE_SUCCESS":
                return {"code": "40004", "sub_code": "ACQ.TRADE_STATUS_ERROR", "sub_msg": "交易状态不合法"}
            trade["trade_status"] = "TRADE_CLOSED"
        return {"code": "10000", "msg": "Success"} | trade

    def signed(self, method: str, said: Mapping[str, Any]) -> Response:
        content = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        sign = self.platform.sign(content)
        return Response(
            f'{{"{method.replace(".", "_")}_response":{content},"sign":"{sign}"}}', media_type="text/html"
        )

    def pays(self, intent: str) -> dict[str, Any]:
        """Somebody pays on Alipay's page."""
        self.trades[intent] |= {
            "trade_status": "TRADE_SUCCESS",
            "trade_no": f"2027010522{intent[1:9]}",
            "send_pay_date": "2027-01-05 09:30:00",
        }
        return self.trades[intent]

    def tells(self, **said: str) -> bytes:
        """The body of a notification: a form whose fields are signed in their order of names."""
        values = {
            "notify_id": "ac05099524730693a8b330c5ecf72da9786", "notify_type": "trade_status_sync",
            "notify_time": "2027-01-05 09:30:01", "app_id": self.app_id, "charset": "utf-8", "version": "1.0", "empty": "",
        } | said  # fmt: skip
        text = "&".join(f"{name}={value}" for name, value in sorted(values.items()) if value)
        return urlencode(values | {"sign_type": "RSA2", "sign": self.platform.sign(text)}).encode()

    async def bill(self) -> Response:
        names = ["支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）", "退款批次号/请求号"]
        text = io.StringIO()
        text.write("#支付宝业务明细查询\n#账号：[20880000]\n")
        table = csv.writer(text)
        table.writerow(names)
        for number, each in self.trades.items():
            if each["trade_status"] == "TRADE_SUCCESS":
                table.writerow(
                    [
                        each["trade_no"] + "\t",
                        number + "\t",
                        "交易",
                        "2027-01-05 09:30:00",
                        each["total_amount"],
                        "",
                    ]
                )
        for each in self.refunds.values():
            row = [each["trade_no"], "P-x", "退款", "2027-01-05 10:00:00", f"-{each['refund_amount']}"]
            table.writerow([*row, each["out_request_no"]])
        text.write("#-----------------------------------------业务明细列表结束\n")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as bill:
            bill.writestr("2088_20270105_业务明细.csv", text.getvalue().encode("gbk"))
            bill.writestr("2088_20270105_业务明细(汇总).csv", "#汇总\n".encode("gbk"))
        return Response(packed.getvalue(), media_type="application/zip")


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)
