"""The staff's daily pages: what waits, and what there is."""
