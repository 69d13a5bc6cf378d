"""Forms: an order, a step, a fact as people fill them in and read them."""
