"""The tables of accounts: whose they are, who may do what in them, where goods go."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class Accounts(Base, table=True):
    """An account of the shop: one for each customer (R120). Its invoices say `invoice_title` and `tax_number`."""

    __tablename__ = "accounts"
    account: str = Field(primary_key=True)
    customer: str = Field(unique=True, foreign_key="customers.customer")
    invoice_title: str = ""
    tax_number: str = ""
    invoice_kind: str = ""
    made_at: datetime = Field(sa_type=Instant)


class AccountMembers(Base, table=True):
    """Somebody who logs in to an account: by which mail address or phone number, and with which right."""

    __tablename__ = "account_members"
    address: str = Field(primary_key=True)
    account: str = Field(index=True, foreign_key="accounts.account")
    name: str = ""
    right: str
    since: datetime = Field(sa_type=Instant)


class Addresses(Base, table=True):
    """Where goods of an account go; one of them is proposed first."""

    __tablename__ = "addresses"
    number: str = Field(primary_key=True)
    account: str = Field(index=True, foreign_key="accounts.account")
    consignee: str
    phone: str
    address: str
    is_default: bool
