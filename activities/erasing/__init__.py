"""Customers' data that nobody must keep any longer: what would go, that it goes at once, and the chains that stay."""
