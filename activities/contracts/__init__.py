"""Contracts of orders in the order database: taken in, listed, shown (R107)."""
