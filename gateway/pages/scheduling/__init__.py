"""Machine lines as the company keeps them, the plan of what they make, and when one stands."""
