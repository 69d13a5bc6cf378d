"""What is seen of the installation from outside: orders that are stuck, who works, figures, whether all is well."""
