"""Pages of the shop: for everybody, for customers, and for those who keep it."""
