"""What customers see by their links, and what the desk does with links."""
