"""The shop in the order database and at payment providers: offers, accounts, carts, checkouts, intents."""
