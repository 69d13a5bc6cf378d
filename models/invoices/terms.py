"""The closed sets of invoices and credit notes (R162 to R164)."""

from __future__ import annotations

from models.values.vocabulary import Term


class InvoiceKind(Term):
    """Which invoice the customer wants."""

    PLAIN = "plain", "增值税普通发票", "plain VAT invoice"
    SPECIAL = "special", "增值税专用发票", "special VAT invoice"


class TaxedAs(Term):
    """What is sold, by which the rate of the tax goes."""

    GOODS = "goods", "货物", "goods"
    SERVICES = "services", "服务", "services"


class CreditNoteGround(Term):
    """Why less is billed than was billed before (R164)."""

    AMENDED = "amended", "订单变更", "the order was amended"
    GOODS = "goods", "货物短少、破损、退回或核销", "goods short, damaged, returned or written off"
    CANCELLED = "cancelled", "订单取消", "the order was cancelled"
    AFTER_SALES = "after_sales", "售后退货或减款", "goods returned or credited after sales"
