"""Invoices in the order database: their numbers, those of orders that have ended, lists, the provider (R162, R163)."""
