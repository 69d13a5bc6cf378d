"""The Temporal server: started, set up, scheduled."""
