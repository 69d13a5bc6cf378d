"""Tables of money: payments, invoices, receipts, credit."""
