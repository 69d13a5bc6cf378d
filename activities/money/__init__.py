"""What the bank told and what is open, read for the money desk."""
