"""What is decided about an order: who decides, what they answer, and what follows."""
