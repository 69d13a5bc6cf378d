"""Invoices 发票: the desk of finance, and the invoices of one order (R162 to R164)."""
