"""Reports made from the order database."""
