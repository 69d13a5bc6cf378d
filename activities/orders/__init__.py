"""Orders in the order database: taken in, recorded, listed, searched, shown."""
