"""The archive: an order's whole story as one file, once it has ended long enough (R165)."""
