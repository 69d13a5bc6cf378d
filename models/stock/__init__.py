"""Stock 库存: items, movements, reservations, and how they change (R27, R110 to R113). Pure; the database only holds and locks."""
