"""Books in memory that stand in for the order database where a story is played on the model alone."""
