"""The processes that work: orders, paperwork, post."""
