"""Comparing the order database with itself and with what the workflows say, and writing back what it lost."""
