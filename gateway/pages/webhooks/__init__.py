"""What other shops hear of their orders, as the administrator keeps it."""
