"""Links that open one order to its customer: what each is for, and when it opens nothing any more (R31, R85). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel

from models.values.vocabulary import Term, Words

SHOWN_DIGITS = 16
"""So much of a link's hash names it on pages, in logs and proofs; the link itself is a key and stands nowhere."""
_REVOKED = Words("此链接已撤销,请联系业务员", "this link was revoked; please ask your salesperson")
_EXPIRED = Words("此链接已过期,请联系业务员", "this link has expired; please ask your salesperson")
_ENDED = Words("订单已终结,此链接随之失效", "the order has ended, and this link with it")
_OTHER_SHEET = Words(
    "此链接用于确认书第 {version} 版,该版已不再有效;请向业务员索取新链接",
    "this link is for version {version} of the sheet, which is no longer in force; please ask for a new link",
)


class LinkPurpose(Term):
    """What a link is for."""

    SIGN = "sign", "签确认书", "to sign the confirmation sheet"
    ORDER = "order", "查看订单", "to see the order"
    STANDING = "standing", "通知与文书上的链接", "on notices and papers"
    ACCOUNT = "account", "客户登录", "by the customer's log-in"


class LinkUse(Term):
    """What was done by a link."""

    LOOKED = "looked", "看了订单", "looked at the order"
    OPENED = "opened", "打开文书", "opened a paper"
    CODE = "code", "索取验证码", "asked for a code"
    SIGNED = "signed", "签字", "signed"
    UPLOADED = "uploaded", "上传扫描件", "uploaded a scan"
    RECEIVED = "received", "确认收货", "confirmed the receipt"
    ASKED = "asked", "提问", "asked a question"
    REORDERED = "reordered", "想再下一单", "asked to order again"


class CustomerLink(BaseModel):
    """One link as it is kept: by the hash of its secret. Times UTC."""

    link_hash: str
    order_number: str
    purpose: LinkPurpose
    sheet_version: int | None = None
    """The version of the sheet that it is for; None for a link to see the order, or to sign whichever is in force."""
    made_at: datetime
    made_by: str = ""
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""

    @property
    def name(self) -> str:
        """How it is named where people and programs read of it."""
        return self.link_hash[:SHOWN_DIGITS]

    @property
    def signs(self) -> bool:
        """Whether a sheet is signed by it: the one it was made for, or whichever is in force."""
        return self.purpose is not LinkPurpose.ORDER

    def may_sign(self, version: int | None) -> bool:
        """Whether this version of the sheet is signed by it, as long as it is the one in force."""
        return self.signs and self.sheet_version in (None, version)


class LinkedOrder(BaseModel):
    """What of an order a link's life depends on."""

    is_known: bool = False
    ended_at: datetime | None = None
    sheet_version: int | None = None
    """The version in force; None where there is none, or an amendment voided it."""


def why_closed(
    link: CustomerLink, order: LinkedOrder, now: datetime, days_after_the_end: int
) -> Words | None:
    """Why a link opens nothing now; None: it is good.

    A link to sign ends with its day, with the order, and when its version of the sheet is no longer in force. A link to
    see an order that is known, and the one on notices and papers, lives as long as the order, and some days more. What
    the customer opens after a log-in stays open: the log-in is what ends.
    """
    if link.revoked_at is not None:
        return _REVOKED
    if link.purpose is LinkPurpose.ACCOUNT:
        return None
    if link.purpose is LinkPurpose.SIGN:
        if order.ended_at is not None:
            return _ENDED
        if order.sheet_version != link.sheet_version:
            return _OTHER_SHEET.filled(version=link.sheet_version)
        return _EXPIRED if now >= link.expires_at else None
    if order.ended_at is not None:
        return _ENDED if now >= order.ended_at + timedelta(days=days_after_the_end) else None
    return _EXPIRED if not order.is_known and now >= link.expires_at else None
