"""Invoices 发票: what is asked for, issued, taken back by red letter, and the tax in it (R162, R163)."""
