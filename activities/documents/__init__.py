"""Papers: set in type, printed, kept."""
