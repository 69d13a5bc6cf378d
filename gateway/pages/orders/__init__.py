"""Pages of one order, and those on which orders are placed."""
