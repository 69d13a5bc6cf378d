"""Comparing the stores: order database, journal and running workflows, on a schedule and on demand."""
