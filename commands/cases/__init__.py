"""After-sales cases on the command line."""
