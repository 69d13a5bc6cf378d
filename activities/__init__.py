"""Everything that touches the world: the order database and the outbox."""
