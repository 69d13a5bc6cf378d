"""Phases in which goods are picked, inspected, shipped and received."""
