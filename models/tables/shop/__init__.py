"""The tables of the shop: the catalogue, accounts, carts and checkouts (R120 to R122)."""
