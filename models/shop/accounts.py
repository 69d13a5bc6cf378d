"""Accounts of the shop 网店账号: who may order for whom, where goods go, what invoices say (R120). Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator

from models.invoices.terms import InvoiceKind
from models.values.content import Content, Line, Name, Paragraph, Reference
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term, Words
from models.values.words import InvalidValue

MOST_ADDRESSES, MOST_MEMBERS = 20, 20
_NOT_ALLOWED = Words(
    "您在此账号的权限是{has}；此事由{may}办理", "your right in this account is {has}; this is for: {may}"
)
_NO_TAX_NUMBER = Words("专用发票须填写税号", "a special invoice needs the tax number")
_LAST_OWNER = Words("账号须至少有一名负责人", "an account has at least one owner")


def _signs(*, least: int = 0, most: int) -> AfterValidator:
    """How long a text is; a length after a check of our own would be told as one of a list, in entries."""

    def checked(text: str) -> str:
        if len(text) < least:
            raise InvalidValue(f"至少 {least} 个字符", f"at least {least} characters")
        if len(text) > most:
            raise InvalidValue(f"最多 {most} 个字符", f"at most {most} characters")
        return text

    return AfterValidator(checked)


class AccountRight(Term):
    """What a person may do in the account of their company."""

    OWNER = "owner", "负责人", "owner"
    """Also keeps people and invoice data."""
    BUYER = "buyer", "采购", "buyer"
    VIEWER = "viewer", "查看", "viewer"

    @property
    def may_buy(self) -> bool:
        """Whether they change the cart and the addresses, and order."""
        return self is not AccountRight.VIEWER


class Destination(Content):
    """Where goods go, and to whom."""

    consignee: Annotated[Name, _signs(most=60)]
    phone: Annotated[Line, _signs(least=5, most=30)]
    address: Annotated[Paragraph, _signs(least=5, most=300)]


class InvoiceData(Content):
    """What an invoice to this customer says; nothing: none is wanted yet."""

    title: Annotated[Line, _signs(most=100)] = ""
    tax_number: Annotated[Line, _signs(most=20)] = ""
    kind: InvoiceKind = InvoiceKind.PLAIN


def require_tax_number(invoice: InvoiceData) -> None:
    """A special invoice names the buyer's tax number (R162). Raises Refusal(missing_field)."""
    if invoice.kind is InvoiceKind.SPECIAL and not invoice.tax_number:
        raise Refusal(Code.MISSING_FIELD, _NO_TAX_NUMBER, where="tax_number", rule="R162")


class Shopper(Content):
    """Somebody who is logged in to the shop: for which account and customer, by which address, with which right."""

    account: Reference
    customer: Reference
    address: Reference
    name: Line = ""
    right: AccountRight


def require_right(shopper: Shopper, may: Collection[AccountRight]) -> None:
    """Raises Refusal(wrong_role) for who has none of these rights."""
    if shopper.right not in may:
        raise not_allowed(shopper.right, may)


def not_allowed(has: AccountRight, may: Collection[AccountRight]) -> Refusal:
    """What somebody with this right is told about what is for others."""
    words = _NOT_ALLOWED.filled(has=has, may=Words.listed([each for each in AccountRight if each in may]))
    return Refusal(Code.WRONG_ROLE, words, where="right", rule="R120")


BUYS = frozenset({AccountRight.OWNER, AccountRight.BUYER})
KEEPS_PEOPLE = frozenset({AccountRight.OWNER})


def require_an_owner(rights: Collection[AccountRight]) -> None:
    """Raises Refusal(contradiction) where nobody would be left who keeps the account."""
    if AccountRight.OWNER not in rights:
        raise Refusal(Code.CONTRADICTION, _LAST_OWNER, where="right", rule="R120")
