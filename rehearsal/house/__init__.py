"""Stories of the house beside its orders: carts and checkouts, who gets an order and at whose desk it stands, days that are proposed."""
