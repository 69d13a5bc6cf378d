"""Payment providers of this installation, and what is done with them beside the orders."""
