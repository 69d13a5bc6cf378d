"""The shop in the order database and at payment providers."""
