"""A burst of an order into the order database, with what is decided in the same transaction."""
