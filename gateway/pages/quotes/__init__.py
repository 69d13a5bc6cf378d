"""Quotes on pages: for the staff, and for the customer who gets them (R102 to R104)."""
