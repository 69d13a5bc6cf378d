"""Contracts of orders on pages: for the staff, and for the customer who signs them (R107)."""
