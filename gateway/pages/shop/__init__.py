"""Pages of the shop: for customers, and for those who keep it."""
