"""The shop's pages: for everybody the catalogue and the cart, for who is logged in the checkout, orders and account."""
