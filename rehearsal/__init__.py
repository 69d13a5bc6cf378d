"""Stories of orders: their format, and the players that live them with skipped time."""
