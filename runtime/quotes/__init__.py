"""Quotes on the server: begun, told, and made into orders (R104)."""
