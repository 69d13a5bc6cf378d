"""What stands between an order and the engine: messages, operator page, search attributes, limits."""
