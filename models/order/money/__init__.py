"""The money of an order: bill, ledger, exposure, limits."""
