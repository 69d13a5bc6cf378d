"""Entering an order in half a minute: proposals, everything as last time, a chat message read."""
