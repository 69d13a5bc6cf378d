"""Money that came in beside what is open: what belongs to what, and how a sum is split. Pure (R53)."""
