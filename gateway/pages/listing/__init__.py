"""The list of all orders as pages: the home of the desk."""
