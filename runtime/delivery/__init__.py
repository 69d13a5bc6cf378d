"""Orders and facts on their way to the server."""
