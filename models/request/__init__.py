"""What a customer asks for, and what an order begins with."""
