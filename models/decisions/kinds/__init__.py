"""Decisions that only some kinds of order know: services, samples, orders of the shop."""
