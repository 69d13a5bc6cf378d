"""What stands on papers and pictures."""
