"""What each fact and each decision does to an order."""
