"""Phases of an order of the shop: review, payment, the merchant's acceptance, and what they ask of the provider."""
