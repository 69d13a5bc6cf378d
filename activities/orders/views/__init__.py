"""What people read of orders: lists, one order, searches, the story a customer sees."""
