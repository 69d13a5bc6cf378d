"""The contract of one order: drafted, approved, signed by both sides, changed and ended (R107)."""
