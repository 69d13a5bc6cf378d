"""Phases and gates of money: credit, clearance, settlement, refund, invoice."""
