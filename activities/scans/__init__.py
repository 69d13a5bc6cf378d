"""Sheets that come back as pictures."""
