"""Commands about contracts of orders (R107)."""
