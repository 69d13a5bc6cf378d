"""Everything that may be said to an order, as one table; and how it is put into an envelope on the way."""
