"""Quotes in the order database: taken in, listed, shown, and what of them became orders (R102 to R104)."""
