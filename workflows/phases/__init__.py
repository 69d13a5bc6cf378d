"""The phases of an order, each with what it does and what it still needs."""
