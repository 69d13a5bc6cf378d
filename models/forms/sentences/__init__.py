"""The journal in sentences that people read."""
