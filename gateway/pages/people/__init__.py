"""Log-ins, accounts and people."""
