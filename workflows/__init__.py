"""What happens when: one module per phase of the order's life, and the durable workflow that runs them."""
