"""What happens to orders of the shop: the payment provider, late money, refunds, the merchant (R39, R123 to R125)."""
