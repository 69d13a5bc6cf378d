"""Cases that are no orders, in the order database: recorded, numbered, listed."""
