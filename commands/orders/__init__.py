"""Commands about orders: place, tell, decide, look."""
