"""Commands of the installation: set-up, imports, keys, log-ins."""
