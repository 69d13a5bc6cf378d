"""The shop in the order database: what is offered, accounts, carts, checkouts, what was paid."""
