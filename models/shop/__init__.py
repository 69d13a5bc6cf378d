"""What customers order by themselves: the catalogue, the cart, the fee of delivery, the checkout (R65, R120 to R122)."""
