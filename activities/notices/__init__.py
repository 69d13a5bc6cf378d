"""Notices on their way: routed, worded, sent, marked."""
