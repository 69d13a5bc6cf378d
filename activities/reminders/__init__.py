"""Reminders of unpaid balances."""
