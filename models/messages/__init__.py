"""What is said to an order and what it answers: envelopes, facts, decisions, replies."""
