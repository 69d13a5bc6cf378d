"""Workflows that run on a schedule."""
