"""Stock in the order database: what orders ask of it, and what people at the desk do with it."""
