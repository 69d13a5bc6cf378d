"""Money of an order: what is due, came, fell away; the customer's credit; invoices."""

from __future__ import annotations

BALANCE = "balance_notice", "余款催收通知：应付 ¥{amount}", "balance notice: CNY {amount} is due"
REMINDER = "balance_reminder", "余款催收：¥{amount}", "reminder of a balance: CNY {amount}"
OVERPAID = "overpaid_notice", "多付 ¥{amount}", "CNY {amount} too much was paid"
PAYMENT = "payment_notice", "已确认收款 ¥{amount}", "payment of CNY {amount} is confirmed"
PAYMENT_FELL = (
    "payment_fell",
    "款项 {reference} ¥{amount} 不再计入：{reason}",
    "payment {reference} of CNY {amount} counts no more: {reason}",
)
DEPOSIT_BACK = (
    "deposit_back",
    "定金已重新到账，生产指令单第{version}版继续有效",
    "the deposit is there again; production instruction version {version} holds",
)
CREDIT_HELD = (
    "credit_held_notice",
    "信用扣单（¥{amount}）：{reason}",
    "held for the customer's credit (CNY {amount}): {reason}",
)
CREDIT_FREED = (
    "credit_freed_notice",
    "财务解除信用扣单，限 ¥{amount}：{reason}",
    "finance freed the order for CNY {amount}: {reason}",
)
CREDIT_KEPT = (
    "credit_kept_notice",
    "财务继续扣单（¥{amount}）：{reason}",
    "finance keeps the order held (CNY {amount}): {reason}",
)
CREDIT_NOTE = (
    "credit_note",
    "贷项通知单 {number}：账单减少 ¥{amount}（{reason}）",
    "credit note {number}: CNY {amount} less are billed ({reason})",
)
INVOICE_ASKED = (
    "invoice_asked",
    "客户申请开票：{title}（{kind}）",
    "an invoice is asked for: {title} ({kind})",
)
INVOICE_ISSUED = (
    "invoice_issued",
    "发票 {number} 已开具，¥{amount}（其中税额 ¥{tax}）",
    "invoice {number} is issued: CNY {amount} (of it tax CNY {tax})",
)
RED_LETTER = (
    "red_letter",
    "红字发票 {number} 冲红发票 {invoice}：¥{amount}（{reason}）",
    "red-letter invoice {number} takes back invoice {invoice}: CNY {amount} ({reason})",
)
