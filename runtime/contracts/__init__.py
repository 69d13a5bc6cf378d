"""Contracts of orders on the server: drafted from the order, begun, and told to their order (R107)."""
