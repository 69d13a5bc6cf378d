"""The order database itself, and the company data that lie in it."""
